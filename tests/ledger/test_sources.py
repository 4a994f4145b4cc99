"""A ledger is what its tables say, wherever they lie."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import ledgers
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import small_world
from hypothesis import example, given
from hypothesis import strategies as st

from plainscore.ledger import (
    MANIFEST,
    TABLES,
    Ledger,
    MemoryLedger,
    MissingColumnError,
    MissingFileError,
    NotParquetError,
    NullInRequiredColumnError,
    ParquetLedger,
    UnconvertibleColumnError,
    UnknownColumnError,
    UnknownTableError,
    fingerprint,
    write_ledger,
)

NOW = datetime(2024, 7, 1, tzinfo=UTC)

FURNISHERS = {"furnisher_id": ["f1"], "name": ["A"], "late_floor_days": [0]}


DISPUTE = {
    "dispute_id": "d1",
    "account_id": "card",
    "subject_id": "p1",
    "item": "arrears",
    "month_from": date(2024, 1, 31),
    "month_to": date(2024, 2, 29),
    "source": "page",
    "opened_at": NOW,
}
FLAG = {"subject_id": "p1", "flag": "fraud_block", "since": NOW}


@pytest.fixture
def ledger() -> MemoryLedger:
    """Give a small ledger with a row in every table but that of closures."""
    return ledgers.ledger(small_world.world(disputes=[DISPUTE], flags=[FLAG]))


def test_written_and_read_back(ledger: MemoryLedger, tmp_path: Path) -> None:
    """A written ledger reads back row for row, and both sources serve the protocol."""
    again = ParquetLedger(write_ledger(ledger, tmp_path / "out"))
    for name, contract in TABLES.items():
        assert again.table(name).schema == contract.schema
        assert again.table(name).equals(ledger.table(name))
    assert again.fingerprint() == ledger.fingerprint()
    assert isinstance(again, Ledger)
    assert isinstance(ledger, Ledger)


def test_writing_twice_gives_the_same_bytes(ledger: MemoryLedger, tmp_path: Path) -> None:
    """The files are a function of the rows, and nothing half-written stays behind."""
    first, second = write_ledger(ledger, tmp_path / "1"), write_ledger(ledger, tmp_path / "2")
    files = [MANIFEST, *(f"{name}.parquet" for name in TABLES)]
    assert sorted(path.name for path in first.iterdir()) == sorted(files)
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_writing_leaves_no_older_table(ledger: MemoryLedger, tmp_path: Path) -> None:
    """Disputes of an earlier ledger do not survive in the folder of a later one without disputes."""
    write_ledger(ledger, tmp_path)
    write_ledger(MemoryLedger({"accounts": ledger.table("accounts")}), tmp_path)
    assert ParquetLedger(tmp_path).table("disputes").num_rows == 0


def test_missing_tables_are_empty(tmp_path: Path) -> None:
    """A table that nobody gave has no rows and the contract's columns."""
    for source in (MemoryLedger({}), ParquetLedger(tmp_path)):
        for name, contract in TABLES.items():
            assert source.table(name).equals(contract.schema.empty_table())
        assert source.fingerprint() == MemoryLedger({}).fingerprint()


@pytest.mark.parametrize(
    ("columns", "error", "says"),
    [
        ({**FURNISHERS, "mood": ["x"]}, UnknownColumnError, "'mood'"),
        ({"furnisher_id": ["f1"], "name": ["A"]}, MissingColumnError, "'late_floor_days'"),
        ({**FURNISHERS, "late_floor_days": ["x"]}, UnconvertibleColumnError, "furnishers.late_floor_days"),
        ({**FURNISHERS, "name": [None]}, NullInRequiredColumnError, "furnishers.name is empty in 1 rows"),
    ],
)
def test_a_table_must_fit_the_contract(
    columns: dict[str, list[object]], error: type[Exception], says: str
) -> None:
    """Memory is held to the same columns and types as a file."""
    with pytest.raises(error, match=says):
        MemoryLedger({"furnishers": pa.table(columns)})


def test_names_and_places_that_are_not_there(tmp_path: Path) -> None:
    """An unknown table, an absent folder and a false Parquet file are named."""
    with pytest.raises(UnknownTableError, match="no table 'friends'"):
        MemoryLedger({"friends": pa.table({"a": [1]})})
    with pytest.raises(UnknownTableError, match="no table 'friends'"):
        MemoryLedger({}).table("friends")
    with pytest.raises(MissingFileError, match="not a folder"):
        ParquetLedger(tmp_path / "nowhere")
    (tmp_path / "accounts.parquet").write_text("no")
    with pytest.raises(NotParquetError, match=r"accounts\.parquet"):
        ParquetLedger(tmp_path).table("accounts")


names = st.lists(st.one_of(st.none(), st.text(max_size=4)), max_size=12)


@given(values=names, cut=st.integers(0, 12), skip=st.integers(0, 3))
def test_fingerprint_is_free_of_chunks_and_slices(values: list[str | None], cut: int, skip: int) -> None:
    """However rows are cut into chunks, sliced or lie over dirt, their digest is the same."""
    plain = _disputes(pa.array(values, pa.string()))
    padded = pa.array(["junk"] * skip + values + ["junk"], pa.string())[skip : skip + len(values)]
    chunked = pa.chunked_array([padded[:cut], padded[cut:]], pa.string())
    assert _digest(_disputes(chunked)) == _digest(plain)


@given(names, names)
@example(["ab", ""], ["a", "b"])
@example([""], [None])
def test_fingerprint_tells_contents_apart(one: list[str | None], other: list[str | None]) -> None:
    """Different rows, an empty text against null included, have different digests."""
    same = one == other
    assert (
        _digest(_disputes(pa.array(one, pa.string()))) == _digest(_disputes(pa.array(other, pa.string())))
    ) == same


def test_fingerprint_depends_on_every_cell(ledger: MemoryLedger) -> None:
    """Changing any one column of any table changes the digest."""
    digests = {ledger.fingerprint()}
    changed = 1
    for name in TABLES:
        table = ledger.table(name)
        for position, field in enumerate(table.schema):
            column = table.column(position)
            if column.null_count == len(column):
                continue
            edited = pa.chunked_array(
                [column.combine_chunks().take(pa.array([*range(len(column) - 1), None], pa.int64()))]
            )
            loose = table.set_column(position, pa.field(field.name, field.type), edited)
            digests.add(fingerprint(lambda other, n=name, t=loose: t if other == n else ledger.table(other)))  # type: ignore[misc]
            changed += 1
    assert len(digests) == changed


def test_a_row_moved_is_another_content(tmp_path: Path) -> None:
    """Row order counts, as the docstring says."""
    two = {"furnisher_id": ["f1", "f2"], "name": ["A", "B"], "late_floor_days": [0, 0]}
    table = pa.table(two)
    moved = table.take(pa.array([1, 0]))
    assert (
        MemoryLedger({"furnishers": table}).fingerprint() != MemoryLedger({"furnishers": moved}).fingerprint()
    )


def test_columns_in_another_order_are_the_same_table(tmp_path: Path) -> None:
    """A Parquet file's order of columns is of no account."""
    table = pa.table(FURNISHERS)
    pq.write_table(table.select(["name", "late_floor_days", "furnisher_id"]), tmp_path / "furnishers.parquet")
    assert ParquetLedger(tmp_path).fingerprint() == MemoryLedger({"furnishers": table}).fingerprint()


def _disputes(outcomes: pa.Array | pa.ChunkedArray) -> pa.Table:
    count = len(outcomes)
    moment = pa.array([NOW] * count, pa.timestamp("us", tz="UTC"))
    text = pa.array(["x"] * count, pa.string())
    return pa.table(
        {
            "dispute_id": text,
            "account_id": text,
            "subject_id": text,
            "item": text,
            "source": text,
            "opened_at": moment,
            "outcome": outcomes,
        }
    )


def _digest(disputes: pa.Table) -> str:
    return MemoryLedger({"disputes": disputes}).fingerprint()
