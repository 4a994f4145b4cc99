"""A panel's file as columns, row by row checked: a bad row is named and left out, the others go on."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from plainscore.panels._errors import NoGoodRowsError, PanelColumnError, PanelFileError

Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

_WHOLE = r"^[+-]?[0-9]{1,12}(\.0+)?$"
_AMOUNT = r"^[+-]?[0-9]{1,12}(\.[0-9]{1,2}0*)?$"
_LARGEST = 1e12
"""Twelve digits: no amount or number in a panel is longer, and doubles hold a hundredth of it exactly."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that was left out, and why.

    Attributes
    ----------
    file : str
        Name of the file, without its folder.
    row : int
        In a CSV the line of the file, its header being line 1; in Parquet the row, the first being 1.
    column : str
        Where the row breaks the rule.
    value : str
        What stands there; not repeated where it would identify a person.
    rule : str
        The rule that is broken.
    mend : str
        What to do about it.
    """

    file: str
    row: int
    column: str
    value: str
    rule: str
    mend: str

    def __str__(self) -> str:
        """Return all of it as two sentences."""
        shown = f" is {self.value!r}" if self.value else ""
        return f"{self.file}, row {self.row}: column {self.column}{shown}, but {self.rule}. {self.mend}."


class Source:
    """The rows of one file, and which of them have been found bad.

    Parameters
    ----------
    file : str
        Name of the file.
    table : pyarrow.Table
        Its columns; text where the file is text.
    rows : array of int64
        The row number in the file of each row of `table`.
    bad_rows : list of BadRow
        Rows found bad so far (those that are no rows of `table` at all).
    personal : sequence of str
        Columns whose values are never repeated in a message.
    """

    def __init__(
        self,
        file: str,
        table: pa.Table,
        *,
        rows: Integers,
        bad_rows: list[BadRow],
        personal: Sequence[str],
    ) -> None:
        self.file = file
        self.table = table
        self.rows = rows
        self.bad_rows = bad_rows
        self.personal = frozenset(personal)
        self.bad: Mask = np.zeros(table.num_rows, dtype=np.bool_)

    @property
    def good(self) -> Mask:
        """Which rows no rule has refused so far."""
        return ~self.bad

    def refuse(self, broken: Mask, column: str, *, rule: str, mend: str) -> None:
        """Name the rows where `broken`; a row is named once, for the first rule it breaks."""
        places = np.flatnonzero(broken & ~self.bad)
        if not places.size:
            return
        cells = self.table.column(column).take(pa.array(places)).to_pylist()
        for place, cell in zip(places.tolist(), cells, strict=True):
            value = "" if column in self.personal else "empty" if cell in (None, "") else str(cell)
            self.bad_rows.append(BadRow(self.file, int(self.rows[place]), column, value, rule, mend))
        self.bad |= broken

    def whole_numbers(self, column: str, *, low: int, high: int, says: str) -> Integers:
        """Return `column` as integers, and refuse the rows where it is not one from `low` to `high`."""
        values, known = _numbers(self.table.column(column), _WHOLE)
        right = known & (values == np.rint(values)) & (values >= low) & (values <= high)
        self.refuse(
            ~right,
            column,
            rule=f"{says} is a whole number from {low} to {high}",
            mend="Correct the cell, or leave the row out",
        )
        return np.where(right, values, low).astype(np.int64)

    def minor_units(self, column: str, *, says: str, low: float = -_LARGEST) -> Integers:
        """Return an amount of money as integers of a hundredth; refuse the rows where it is not one."""
        values, known = _numbers(self.table.column(column), _AMOUNT)
        hundredths = values * 100
        right = known & (values >= low) & (np.abs(hundredths - np.rint(hundredths)) < 1e-3)
        floor = f" of at least {low:g}" if low > -_LARGEST else ""
        self.refuse(
            ~right,
            column,
            rule=f"{says} is an amount{floor} with at most two decimals",
            mend="Correct the cell, or leave the row out",
        )
        return np.where(right, np.rint(hundredths), 0).astype(np.int64)

    def text(self, column: str) -> pa.ChunkedArray:
        """Return `column` as text; null throughout where its type has no text form."""
        cells = self.table.column(column)
        try:
            return cells.cast(pa.string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return pa.chunked_array([pa.nulls(len(cells), pa.string())])

    def finish(self) -> None:
        """Raise NoGoodRowsError if no row is left."""
        if self.bad.all():
            first = min(self.bad_rows, key=lambda bad: bad.row)
            raise NoGoodRowsError(f"No row of {self.file} can be used. The first: {first}")


def read_source(path: Path, columns: Sequence[str], *, personal: Sequence[str]) -> Source:
    """Read a file that has exactly `columns`, in any order.

    Parameters
    ----------
    path : pathlib.Path
        Parquet if its name ends so, else CSV in UTF-8, gzipped if its name ends in ``.gz``.
    columns : sequence of str
        The columns it must have; another is refused by name, for nothing unread may slip past.
    personal : sequence of str
        Columns whose values are never repeated in a message.

    Raises
    ------
    PanelFileError
        If the file is absent, empty, or not what its name says.
    PanelColumnError
        If a column is missing, repeated or unknown.
    """
    if not path.is_file():
        raise PanelFileError(f"{path} is not there. Name the file of the panel.")
    read = _read_parquet if path.suffix == ".parquet" else _read_csv
    table, rows, bad_rows = read(path)
    _check_columns(path.name, table.column_names, columns)
    if not table.num_rows and not bad_rows:
        raise PanelFileError(f"{path.name} has a header and no rows. Give a file with rows.")
    source = Source(path.name, table.select(columns), rows=rows, bad_rows=bad_rows, personal=personal)
    if bad_rows and not table.num_rows:
        source.finish()
    return source


def _read_parquet(path: Path) -> tuple[pa.Table, Integers, list[BadRow]]:
    try:
        table = pyarrow.parquet.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        raise PanelFileError(
            f"{path.name} cannot be read as Parquet. Write it again, or give the panel as CSV."
        ) from error
    return table, np.arange(1, table.num_rows + 1, dtype=np.int64), []


def _read_csv(path: Path) -> tuple[pa.Table, Integers, list[BadRow]]:
    text = _text(path)
    names = text.split("\n", 1)[0].rstrip("\r").replace('"', "").split(",")
    ragged: list[BadRow] = []

    def name_and_skip(row: pyarrow.csv.InvalidRow) -> str:
        ragged.append(
            BadRow(
                path.name,
                row.number,
                f"{min(row.actual_columns, row.expected_columns)} (the last it shares with the header)",
                "",
                f"the row has {row.actual_columns} cells and the header {row.expected_columns}",
                "Give the row one cell for each column, or leave it out",
            )
        )
        return "skip"

    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(text.encode()),
            # One thread: only then does pyarrow know the number of a ragged row.
            read_options=pyarrow.csv.ReadOptions(use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(
                ignore_empty_lines=False, invalid_row_handler=name_and_skip
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowException as error:
        raise PanelFileError(
            f"{path.name} cannot be read as CSV. Write one line per row with commas between the cells."
        ) from error
    numbers = np.arange(2, 2 + table.num_rows + len(ragged), dtype=np.int64)
    rows = np.setdiff1d(numbers, np.array([bad.row for bad in ragged], dtype=np.int64), assume_unique=True)
    return table, rows, ragged


def _text(path: Path) -> str:
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise PanelFileError(
            f"{path.name} cannot be unpacked: it is no whole gzip file. Download it again."
        ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PanelFileError(
            f"{path.name} is not UTF-8 text: row {line} has a byte that no UTF-8 text has. "
            "Save it again as UTF-8."
        ) from error
    if not text.strip():
        raise PanelFileError(f"{path.name} is empty. Give a file with a header and rows.")
    return text


def _check_columns(file: str, found: Sequence[str], expected: Sequence[str]) -> None:
    repeated = [name for name, times in Counter(found).items() if times > 1]
    missing = [name for name in expected if name not in found]
    unknown = [name for name in found if name not in expected]
    if repeated:
        raise PanelColumnError(f"{file} names the column {repeated[0]!r} twice. Keep one of them.")
    if missing:
        raise PanelColumnError(
            f"{file} has no column {missing[0]!r}. The panel's columns are {', '.join(expected)}."
        )
    if unknown:
        raise PanelColumnError(
            f"{file} has a column {unknown[0]!r} that this panel does not have. Leave it out; "
            f"the panel's columns are {', '.join(expected)}."
        )


def _numbers(cells: pa.ChunkedArray, pattern: str) -> tuple[npt.NDArray[np.float64], Mask]:
    """Return cells as doubles, and which of them are numbers of a sane size."""
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        matches = pc.fill_null(pc.match_substring_regex(cells, pattern), False)
        cells = pc.if_else(matches, cells, pa.scalar(None, cells.type))
    elif not (pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type)):
        cells = pa.chunked_array([pa.nulls(len(cells), pa.float64())])
    doubles = cells.cast(pa.float64(), safe=False)
    values = np.asarray(pc.fill_null(doubles, float("nan")).to_numpy(), dtype=np.float64)
    known = np.isfinite(values)
    values = np.where(known, values, 0.0)
    return values, known & (np.abs(values) <= _LARGEST)
