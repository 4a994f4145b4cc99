"""Every way in which a file as a whole can be wrong has its own error and says how to mend it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plainscore.intake import (
    DeniedColumnError,
    EmptyFileError,
    MalformedCsvError,
    RepeatedColumnError,
    WrongEncodingError,
    read_csv,
    read_folder,
    read_parquet,
)
from plainscore.ledger import (
    LedgerError,
    MissingColumnError,
    MissingFileError,
    NotParquetError,
    UnconvertibleColumnError,
    UnknownColumnError,
    UnknownTableError,
)

NOW = datetime(2024, 7, 1, tzinfo=UTC)
HEADER = b"furnisher_id,name,late_floor_days\n"


def _csv(folder: Path, content: bytes) -> Path:
    path = folder / "furnishers.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", EmptyFileError, "is empty"),
        (b"\xef\xbb\xbf\r\n", EmptyFileError, "is empty"),
        (HEADER, EmptyFileError, "a header and no rows"),
        (HEADER + b"f1,Caf\xe9,30\n", WrongEncodingError, "offset 40 cannot be read"),
        (HEADER + b"f1,Caf\xc3", WrongEncodingError, "offset 40 cannot be read"),
        ("furnisher_id".encode("utf-16"), WrongEncodingError, "offset 0 cannot be read"),
        (HEADER + b"f1,A,30\nf2,B,30,7\n", MalformedCsvError, "line 3: 4 cells where the header has 3"),
        (HEADER + b"f1,A,30\nf2,B\n", MalformedCsvError, "line 3: 2 cells where the header has 3"),
        (HEADER + b'f1,"A,30\nf2,B,30\n', MalformedCsvError, "never closed"),
        (HEADER + b'f1,"A,30\nf2,B",30\n', MalformedCsvError, "row 1: the value of 'name' runs over a line"),
        (b"furnisher_id;name;late_floor_days\nf1;A;30\n", UnknownColumnError, "separator a comma"),
        (b"furnisher_id,name,late_floor_days,mood\nf1,A,30,x\n", UnknownColumnError, "a column 'mood'"),
        (b"furnisher_id,name,late_floor_days,\nf1,A,30,\n", UnknownColumnError, "a column number 4"),
        (b"furnisher_id,name,late_floor_days,name\nf1,A,30,A\n", RepeatedColumnError, "'name' twice"),
        (b"furnisher_id,name\nf1,A\n", MissingColumnError, "lacks the column 'late_floor_days'"),
        (b"furnisher_id,mood,gender\nf1,x,f\n", DeniedColumnError, "'gender': sex or gender, a protected"),
        (b"furnisher_id,friendCount\nf1,3\n", DeniedColumnError, "friends, contacts and social networks"),
    ],
)
def test_a_csv_that_cannot_be_used(
    tmp_path: Path, content: bytes, error: type[LedgerError], says: str
) -> None:
    """The error class and the sentence tell what is wrong with the file, and where."""
    with pytest.raises(error, match=says) as raised:
        read_csv(_csv(tmp_path, content), "furnishers", now=NOW)
    assert str(raised.value).startswith("furnishers.csv")


def test_a_wrong_byte_far_into_the_file_is_found(tmp_path: Path) -> None:
    """The offset counts from the start of the file, also beyond the first block and inside a character."""
    row = "f1,Café,30\n".encode()
    filler = HEADER + row * ((1 << 24) // len(row) + 7)
    content = filler + b"f2,\xff,0\n"
    with pytest.raises(WrongEncodingError, match=f"offset {len(filler) + 3} "):
        read_csv(_csv(tmp_path, content), "furnishers", now=NOW)


def test_a_character_broken_at_a_block_edge_is_found(tmp_path: Path) -> None:
    """Where a character begins in one block of the file and breaks in the next, its first byte is named."""
    edge = 1 << 24
    content = HEADER + b"f" * (edge - 1 - len(HEADER)) + b"\xc3" + b"x,A,0\n"
    with pytest.raises(WrongEncodingError, match=f"offset {edge - 1} "):
        read_csv(_csv(tmp_path, content), "furnishers", now=NOW)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + HEADER + b"f1,A,30\n",
        HEADER.replace(b"\n", b"\r\n") + b"f1,A,30\r\n",
        HEADER.replace(b"\n", b"\r") + b"f1,A,30\r",
        HEADER.replace(b"\n", b"\r") + b"f1,A,30",
        b'"furnisher_id","name","late_floor_days"\n"f1","A","30"\n',
        HEADER + b"\nf1,A,30",
        b"late_floor_days,name,furnisher_id\n30,A,f1\n",
    ],
)
def test_harmless_differences_in_form(tmp_path: Path, content: bytes) -> None:
    """A byte order mark, line ends, quotes, a blank line and the order of columns change nothing."""
    rows, _ = read_csv(_csv(tmp_path, content), "furnishers", now=NOW)
    assert rows.to_pylist() == [{"furnisher_id": "f1", "name": "A", "late_floor_days": 30}]


def test_a_quoted_comma_and_quote_are_a_value(tmp_path: Path) -> None:
    """Quotes protect commas, and a doubled quote is a quote."""
    rows, _ = read_csv(_csv(tmp_path, HEADER + b'f1,"A ""B"", C",0\n'), "furnishers", now=NOW)
    assert rows["name"].to_pylist() == ['A "B", C']


def test_an_optional_table_may_have_no_rows(tmp_path: Path) -> None:
    """A header alone is an answer for disputes: there are none."""
    path = tmp_path / "flags.csv"
    path.write_text("subject_id,flag,since,until\n")
    rows, report = read_csv(path, "flags", now=NOW)
    assert rows.num_rows == report.read == 0


def test_absent_files_and_unknown_tables(tmp_path: Path) -> None:
    """What is not there is named, and so are the tables that exist."""
    with pytest.raises(MissingFileError, match=r"no file furnishers\.csv"):
        read_csv(tmp_path / "furnishers.csv", "furnishers", now=NOW)
    with pytest.raises(MissingFileError, match=r"no file furnishers\.parquet"):
        read_parquet(tmp_path / "furnishers.parquet", "furnishers", now=NOW)
    with pytest.raises(MissingFileError, match="not a folder"):
        read_folder(tmp_path / "nowhere", now=NOW)
    with pytest.raises(UnknownTableError, match="no table 'friends'"):
        read_csv(tmp_path / "friends.csv", "friends", now=NOW)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"furnisher_id,name\n", b"PAR1" + b"\0" * 64 + b"PAR1"])
def test_what_is_not_parquet(tmp_path: Path, content: bytes) -> None:
    """A file that merely has the name of a Parquet file is refused as such."""
    path = tmp_path / "furnishers.parquet"
    path.write_bytes(content)
    with pytest.raises(NotParquetError, match=r"furnishers\.parquet cannot be read as Parquet"):
        read_parquet(path, "furnishers", now=NOW)


def test_a_denied_column_of_a_parquet_file(tmp_path: Path) -> None:
    """A denied category is refused in Parquet too."""
    path = tmp_path / "furnishers.parquet"
    pq.write_table(pa.table({"furnisher_id": ["f"], "postcode": ["x"]}), path)
    with pytest.raises(DeniedColumnError, match="location and network address"):
        read_parquet(path, "furnishers", now=NOW)


def _statements(**changes: pa.Array) -> pa.Table:
    columns = {
        "statement_id": pa.array(["s1", "s2"]),
        "account_id": pa.array(["a1", "a1"]),
        "month": pa.array([date(2024, 1, 31), date(2024, 2, 29)]),
        "retracted": pa.array([False, False]),
        "reported_at": pa.array([datetime(2024, 2, 5, tzinfo=UTC), datetime(2024, 3, 5, tzinfo=UTC)]),
    }
    return pa.table({**columns, **changes})


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("arrears", pa.array([[1], [2]])),
        ("arrears", pa.array([True, False])),
        ("due", pa.array([date(2024, 1, 1), None])),
        ("retracted", pa.array([0, 1])),
        ("month", pa.array([20240131, 20240229])),
        ("reported_at", pa.array([datetime(2024, 2, 5), datetime(2024, 3, 5)])),
        ("statement_id", pa.array([1.0, 2.0])),
        ("event", pa.array([{"kind": "x"}, None])),
    ],
)
def test_a_type_that_means_another_thing(tmp_path: Path, column: str, values: pa.Array) -> None:
    """A whole column of a type that cannot stand for the contract's stops the import, naming both types."""
    path = tmp_path / "statements.parquet"
    pq.write_table(_statements(**{column: values}), path)
    with pytest.raises(UnconvertibleColumnError, match=f"column '{column}' has type .* cannot become"):
        read_parquet(path, "statements", now=NOW)


@pytest.mark.parametrize(
    ("column", "values", "kept"),
    [
        ("arrears", pa.array([1.0, float("nan")]), [1, None]),
        ("arrears", pa.array(["3", ""]), [3, None]),
        ("arrears", pa.array([None, None]), [None, None]),
        ("due", pa.array([Decimal("5"), Decimal("7")]), [5, 7]),
        ("statement_id", pa.array([1, 2]), ["1", "2"]),
        ("event", pa.array(["charge_off", None]).dictionary_encode(), ["charge_off", None]),
        ("event", pa.array(["charge_off", None], pa.large_string()), ["charge_off", None]),
        (
            "month",
            pa.array([datetime(2024, 1, 31), datetime(2024, 2, 29)]),
            [date(2024, 1, 31), date(2024, 2, 29)],
        ),
    ],
)
def test_types_that_carry_the_meaning(
    tmp_path: Path, column: str, values: pa.Array, kept: list[object]
) -> None:
    """What pandas and others write for the same meaning is taken: NaN as unknown, 1.0 as 1."""
    path = tmp_path / "statements.parquet"
    pq.write_table(_statements(**{column: values}), path)
    rows, _ = read_parquet(path, "statements", now=NOW)
    assert rows[column].to_pylist() == kept


@pytest.mark.parametrize(
    ("column", "values", "shown"),
    [
        ("arrears", pa.array([1.5, 2.0]), "1.5"),
        ("arrears", pa.array([300, 2]), "300"),
        ("month", pa.array([datetime(2024, 1, 31, 3), datetime(2024, 2, 29)]), "2024-01-31 03:00:00.000000"),
    ],
)
def test_one_cell_that_does_not_convert(tmp_path: Path, column: str, values: pa.Array, shown: str) -> None:
    """A single value that would lose its meaning is refused with its row, and the other rows go on."""
    path = tmp_path / "statements.parquet"
    pq.write_table(_statements(**{column: values}), path)
    rows, report = read_parquet(path, "statements", now=NOW)
    assert rows["statement_id"].to_pylist() == ["s2"]
    assert report.rejects.select(["row", "column", "value"]).to_pylist() == [
        {"row": 1, "column": column, "value": shown}
    ]
