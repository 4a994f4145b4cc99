"""Reading a CSV or Parquet file as it stands; every way in which a file as a whole can be wrong."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from plainscore.intake._errors import (
    DeniedColumnError,
    EmptyFileError,
    MalformedCsvError,
    RepeatedColumnError,
    WrongEncodingError,
)
from plainscore.ledger import (
    MAY_BE_EMPTY,
    MissingColumnError,
    MissingFileError,
    Table,
    UnknownColumnError,
    reading_parquet,
)
from plainscore.rules import denied_category

_BLOCK: Final = 1 << 24
_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class _Scan:
    header: str
    quotes: int


def read_raw_csv(path: Path, contract: Table) -> pa.Table:
    """Read a CSV file with every cell as text, empty cells as null.

    Raises MissingFileError, WrongEncodingError, EmptyFileError, MalformedCsvError, and for its columns
    DeniedColumnError, UnknownColumnError, RepeatedColumnError or MissingColumnError.
    """
    scan = _scan(path)
    names = next(csv.reader([scan.header]), [])
    check_columns(names, contract, path.name)
    if scan.quotes % 2:
        raise MalformedCsvError(
            f"{path.name} opens a double quote that is never closed, so rows would run together. "
            "Close it, or double a quote that belongs to a value."
        )
    rows = _parse(path, names)
    if scan.quotes:
        _refuse_values_over_lines(rows, path.name)
    _refuse_no_rows(rows, contract, path.name)
    return rows


def read_raw_parquet(path: Path, contract: Table) -> pa.Table:
    """Read a Parquet file with the types it has.

    Raises MissingFileError, NotParquetError, EmptyFileError, and for its columns DeniedColumnError,
    UnknownColumnError, RepeatedColumnError or MissingColumnError.
    """
    _refuse_absent(path)
    with reading_parquet(path):
        file = pq.ParquetFile(path)
        # Names first: a denied column must not even be read.
        check_columns(file.schema_arrow.names, contract, path.name)
        rows = file.read()
    _refuse_no_rows(rows, contract, path.name)
    return rows


def check_columns(names: list[str], contract: Table, file: str) -> None:
    """Refuse a file whose columns are not the contract's, the gravest finding first."""
    known = contract.schema.names
    for name in names:
        if name not in known and (category := denied_category(name)):
            raise DeniedColumnError(
                f"{file} has a column {name!r}: {category.label}, {category.why}. "
                "Such data never enters a ledger. Remove the column from the file."
            )
    for place, name in enumerate(names, 1):
        if name not in known:
            hint = " Is the separator a comma?" if len(names) == 1 else ""
            # A name with digits may be a value of a file without a header, and name a person.
            said = repr(name) if re.fullmatch(r"[^\W\d]+", name) else f"number {place}"
            raise UnknownColumnError(
                f"{file} has a column {said} that table {contract.name} does not have. Remove or rename "
                f"it; the columns are {', '.join(known)}.{hint}"
            )
    for position, name in enumerate(names):
        if name in names[:position]:
            raise RepeatedColumnError(f"{file} names the column {name!r} twice. Keep one of them.")
    for column in contract.columns:
        if column.required and column.name not in names:
            raise MissingColumnError(f"{file} lacks the column {column.name!r}: {column.says}. Add it.")


def _scan(path: Path) -> _Scan:
    """Check the encoding of the whole file and find its header, in one pass of bounded memory."""
    _refuse_absent(path)
    decoder = codecs.getincrementaldecoder("utf-8")()
    start, quotes, header = 0, 0, ""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError as error:
                raise _wrong_encoding(path, start - pending + error.start) from error
            if not start:
                # A line ends with a line feed, a carriage return, or both: Arrow parts rows so too.
                header = re.split(r"[\r\n]", text.removeprefix(_BOM).lstrip("\r\n"), maxsplit=1)[0]
            start += len(block)
            quotes += block.count(b'"')
    if decoder.getstate()[0]:
        raise _wrong_encoding(path, start - len(decoder.getstate()[0]))
    if not header.strip():
        raise EmptyFileError(f"{path.name} is empty. Give a header line and rows, or leave the file out.")
    return _Scan(header, quotes)


def _wrong_encoding(path: Path, offset: int) -> WrongEncodingError:
    return WrongEncodingError(
        f"{path.name} is not UTF-8 text: the byte at offset {offset} cannot be read. Save it again as UTF-8."
    )


def _parse(path: Path, names: list[str]) -> pa.Table:
    convert = pa_csv.ConvertOptions(
        column_types={name: pa.string() for name in names},
        null_values=[""],
        strings_can_be_null=True,
        check_utf8=False,
    )
    parse = pa_csv.ParseOptions(newlines_in_values=True)
    try:
        return pa_csv.read_csv(
            path,
            read_options=pa_csv.ReadOptions(block_size=_BLOCK),
            parse_options=parse,
            convert_options=convert,
        )
    except pa.ArrowInvalid as error:
        raise _first_ragged_row(path, len(names)) from error


def _first_ragged_row(path: Path, width: int) -> MalformedCsvError:
    # Only Python's reader still knows the line number; it is slow, and only a broken file pays for it.
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        for cells in reader:
            if cells and len(cells) != width:
                return MalformedCsvError(
                    f"{path.name}, line {reader.line_num}: {len(cells)} cells where the header has {width}. "
                    "Put a value with a comma in double quotes, and give every row as many cells."
                )
    return MalformedCsvError(f"{path.name} cannot be read as CSV. Write it with commas and one header line.")


def _refuse_values_over_lines(rows: pa.Table, file: str) -> None:
    for name in rows.column_names:
        broken = pc.match_substring_regex(rows.column(name), r"[\r\n]")
        if pc.any(broken).as_py():
            row = pc.index(broken, True).as_py() + 1
            raise MalformedCsvError(
                f"{file}, row {row}: the value of {name!r} runs over a line end, so a double quote is "
                "misplaced there. Close it, or double a quote that belongs to a value."
            )


def _refuse_absent(path: Path) -> None:
    if not path.is_file():
        raise MissingFileError(f"There is no file {path.name} in {path.parent}. Check the path.")


def _refuse_no_rows(rows: pa.Table, contract: Table, file: str) -> None:
    if not rows.num_rows and contract.name not in MAY_BE_EMPTY:
        raise EmptyFileError(f"{file} has a header and no rows. Add rows, or leave the file out.")
