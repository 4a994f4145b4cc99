"""Whatever is spoiled, nothing is lost in silence."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plainscore.intake import NoGoodRowsError, read_csv
from plainscore.ledger import TABLES

NOW = datetime(2024, 7, 1, tzinfo=UTC)

CELLS = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "6",
        "true",
        "x",
        "2024-01-31",
        "2024-02-30",
        "2024-02-05T08:00:00Z",
        "charge_off",
        "é",
        "1e3",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 14), CELLS), max_size=8))
def test_a_row_is_kept_or_named(
    rows: dict[str, list[dict[str, str]]], spoils: list[tuple[int, int, str]]
) -> None:
    """Every row of a file is in the ledger or in the rejects, never both, and kept rows keep their cells."""
    statements = [dict(row) for row in rows["statements"]]
    columns = list(statements[0])
    for row, column, cell in spoils:
        statements[row % len(statements)][columns[column]] = cell
    with TemporaryDirectory() as folder:
        path = Path(folder) / "statements.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(statements)
        try:
            kept, report = read_csv(path, "statements", now=NOW)
        except NoGoodRowsError:
            return
    named = set(report.rejects["row"].to_pylist())
    good = [row for number, row in enumerate(statements, 1) if number not in named]
    assert report.read == len(statements)
    assert kept.num_rows == report.kept == len(good)
    for stored, given_row in zip(kept.to_pylist(), good, strict=True):
        for name in ("statement_id", "account_id", "event"):
            assert (stored[name] or "") == given_row[name]
        for name in ("due", "arrears", "balance"):
            assert ("" if stored[name] is None else str(stored[name])) == given_row[name]


@pytest.mark.parametrize("table", [name for name in TABLES if name != "closures"])
def test_every_table_can_be_read_alone(
    table: str, rows: dict[str, list[dict[str, str]]], tmp_path: Path
) -> None:
    """Each table's sound rows pass its own checks."""
    path = tmp_path / f"{table}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[table][0]))
        writer.writeheader()
        writer.writerows(rows[table])
    kept, report = read_csv(path, table, now=NOW)
    assert kept.num_rows == len(rows[table])
    assert report.rejects.num_rows == 0
