"""The ledger as a whole: the contract's checks, reproducibility, what is refused, and the sample."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.compute as pc
import pytest

from plainscore.intake import read_folder
from plainscore.ledger import TABLES, ParquetLedger
from plainscore.simulate import (
    SimulationError,
    simulate_ledger,
    simulate_tables,
    write_sample,
    write_simulation,
)

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
END = date(2025, 12, 31)


def test_passes_every_check_of_the_ledger(tmp_path) -> None:
    """Read back through the importer, no row of a simulated ledger is refused."""
    counts = write_simulation(tmp_path, people=300, months=30, seed=3, end=END)
    ledger, report = read_folder(tmp_path, now=datetime(2026, 2, 1, tzinfo=UTC))
    assert {name: ledger.table(name).num_rows for name in TABLES} == counts
    assert all(table.rejects.num_rows == 0 for table in report.tables)


def test_same_seed_same_ledger() -> None:
    """The same arguments give the same content, another seed another."""
    one = simulate_ledger(200, 24, 5, end=END).fingerprint()
    assert simulate_ledger(200, 24, 5, end=END).fingerprint() == one
    assert simulate_ledger(200, 24, 6, end=END).fingerprint() != one


def test_the_day_within_the_last_month_does_not_matter() -> None:
    """`end` names a month."""
    assert (
        simulate_ledger(50, 12, 5, end=date(2024, 2, 1)).fingerprint()
        == simulate_ledger(50, 12, 5, end=date(2024, 2, 29)).fingerprint()
    )


def test_blocks_do_not_collide(monkeypatch) -> None:
    """Ids stay unique, progress reaches the end, and one block more leaves earlier people alone."""
    monkeypatch.setattr("plainscore.simulate._simulate.BLOCK", 40)
    seen: list[tuple[int, int]] = []
    tables = simulate_tables(100, 12, 5, end=END, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(40, 100), (80, 100), (100, 100)]
    for name in ("accounts", "statements", "disputes"):
        ids = tables[name].column(TABLES[name].key[0])
        assert pc.count_distinct(ids).as_py() == len(ids)
    records = tables["consents"].group_by(["consent_id"]).aggregate([("subject_id", "count_distinct")])
    assert pc.max(records.column("subject_id_count_distinct")).as_py() == 1
    fewer = simulate_tables(80, 12, 5, end=END)
    kept = tables["statements"].slice(0, fewer["statements"].num_rows)
    assert kept.equals(fewer["statements"])


@pytest.mark.parametrize(
    ("people", "months", "seed", "named"), [(0, 12, 1, "people"), (5, 0, 1, "months"), (5, 12, -1, "seed")]
)
def test_impossible_numbers_are_refused_by_name(people, months, seed, named) -> None:
    """A number out of its range is named with its range."""
    with pytest.raises(SimulationError, match=f"{named} is"):
        simulate_tables(people, months, seed, end=END)


def test_a_beginning_before_1900_is_refused() -> None:
    """Accounts older than any ledger takes are not made up."""
    with pytest.raises(SimulationError, match="1900"):
        simulate_tables(5, 12, 1, end=date(1910, 1, 31))


@pytest.mark.parametrize("people", [1, 2, 3])
def test_tiny_ledgers_work(people) -> None:
    """One person and one month are enough, and odd numbers of people too."""
    for seed in range(5):
        assert simulate_tables(people, 1, seed, end=END)["furnishers"].num_rows == 13


def test_the_sample_is_what_the_code_makes(tmp_path) -> None:
    """Regenerating the committed sample gives equal tables."""
    write_sample(tmp_path)
    made, committed = ParquetLedger(tmp_path), ParquetLedger(SAMPLE)
    for name in TABLES:
        assert made.table(name).equals(committed.table(name)), name


def test_the_sample_is_small() -> None:
    """The committed files stay under five million bytes together."""
    assert sum(file.stat().st_size for file in SAMPLE.iterdir()) < 5_000_000
