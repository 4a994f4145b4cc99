"""From files to a ledger: read, check, name what is refused, go on with what is good."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.ledger._checks import check_rows
from plainscore.ledger._contract import TABLES, Table
from plainscore.ledger._convert import convert
from plainscore.ledger._draft import Draft, write_rejects
from plainscore.ledger._errors import (
    AmbiguousFileError,
    LedgerError,
    MissingFileError,
    NoGoodRowsError,
)
from plainscore.ledger._files import read_raw_csv, read_raw_parquet
from plainscore.ledger._relations import check_relations
from plainscore.ledger._sources import MemoryLedger, conform, known_table

_READERS: Final = {".csv": read_raw_csv, ".parquet": read_raw_parquet}

REQUIRED_TABLES: Final = ("furnishers", "accounts", "holders", "statements")
"""Tables without which there is nothing to score."""


@dataclass(frozen=True, slots=True)
class TableReport:
    """What became of one file.

    Attributes
    ----------
    table : str
        The table.
    file : str
        Name of the file.
    read, kept : int
        Rows in the file, and rows that entered the ledger.
    rejects : pyarrow.Table
        Every finding (`REJECT_SCHEMA`); one row of the file may have several.
    rejects_file : pathlib.Path or None
        Where the findings were written; None when there are none.
    """

    table: str
    file: str
    read: int
    kept: int
    rejects: pa.Table
    rejects_file: Path | None

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return self.read - self.kept

    @property
    def by_rule(self) -> dict[str, int]:
        """How often each rule was broken, the most frequent first, as ``column rule``."""
        return _by_rule(self.rejects)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every file of an import.

    Attributes
    ----------
    tables : tuple of TableReport
        One entry a file, in the order of the contract.
    ignored : tuple of str
        Names of files in the folder that are no table's and were not opened.
    """

    tables: tuple[TableReport, ...]
    ignored: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """Rows in all files."""
        return sum(table.read for table in self.tables)

    @property
    def refused(self) -> int:
        """Rows refused in all files."""
        return sum(table.refused for table in self.tables)

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence a file, and one for each file that was not opened."""
        lines = [
            f"{t.file}: {t.kept} of {t.read} rows entered {t.table}."
            + (f" {t.refused} were refused; see {t.rejects_file.name}." if t.rejects_file else "")
            for t in self.tables
        ]
        return (*lines, *(f"{name} is no table of a ledger and was not opened." for name in self.ignored))


def read_csv(path: str | os.PathLike[str], table: str, *, now: datetime) -> tuple[pa.Table, TableReport]:
    """Read one table from a CSV file and check every row by itself.

    UTF-8, commas, one header line, an empty cell for null. Rules between tables (an account without a
    holder, say) need the other tables: `import_ledger` checks them too.

    Parameters
    ----------
    path : path
        The file. Findings are written beside it as ``<file>.rejects.csv``.
    table : str
        Which table of the contract it is.
    now : datetime.datetime
        The moment of import, with a time zone; nothing reported later is taken.

    Returns
    -------
    rows : pyarrow.Table
        The good rows in the contract's schema.
    report : TableReport
        Counts and findings.

    Raises
    ------
    LedgerError
        Where the file as a whole cannot be used: MissingFileError, EmptyFileError, WrongEncodingError,
        MalformedCsvError, DeniedColumnError, UnknownColumnError, RepeatedColumnError,
        MissingColumnError, NoGoodRowsError.
    """
    return _read_one(Path(path), ".csv", TABLES[known_table(table)], now)


def read_parquet(path: str | os.PathLike[str], table: str, *, now: datetime) -> tuple[pa.Table, TableReport]:
    """Read one table from a Parquet file and check every row by itself.

    As `read_csv`; NotParquetError and UnconvertibleColumnError take the place of the errors of text.
    """
    return _read_one(Path(path), ".parquet", TABLES[known_table(table)], now)


def read_folder(folder: str | os.PathLike[str], *, now: datetime) -> tuple[MemoryLedger, ImportReport]:
    """Import a folder that holds ``<table>.csv`` or ``<table>.parquet`` for each table.

    Parameters
    ----------
    folder : path
        The folder. Other files in it are not opened; the report names them.
    now : datetime.datetime
        The moment of import, with a time zone.

    Returns
    -------
    ledger : MemoryLedger
        The good rows.
    report : ImportReport
        Counts and findings of every file.

    Raises
    ------
    LedgerError
        As `import_ledger`; and AmbiguousFileError where a table has two files.
    """
    place = Path(folder)
    if not place.is_dir():
        raise MissingFileError(f"{place.name} is not a folder. Name the folder that holds accounts.csv.")
    files: dict[str, Path] = {}
    ignored: list[str] = []
    for path in sorted(place.iterdir()):
        if path.suffix not in _READERS or path.stem not in TABLES or not path.is_file():
            if not path.name.endswith(".rejects.csv"):
                ignored.append(path.name)
            continue
        if path.stem in files:
            raise AmbiguousFileError(
                f"{files[path.stem].name} and {path.name} both claim to be table {path.stem}. Remove one."
            )
        files[path.stem] = path
    ledger, report = import_ledger(files, now=now)
    return ledger, ImportReport(report.tables, tuple(ignored))


def import_ledger(
    files: Mapping[str, str | os.PathLike[str]], *, now: datetime
) -> tuple[MemoryLedger, ImportReport]:
    """Read, check and join the tables of a ledger.

    Every row is checked by itself and against the other tables. Findings are written beside each file;
    good rows go on.

    Parameters
    ----------
    files : mapping of str to path
        A ``.csv`` or ``.parquet`` file per table. Consents, disputes and flags may be left out.
    now : datetime.datetime
        The moment of import, with a time zone; nothing reported later is taken.

    Returns
    -------
    ledger : MemoryLedger
        The good rows.
    report : ImportReport
        Counts and findings of every file.

    Raises
    ------
    LedgerError
        Where a file as a whole cannot be used, as `read_csv` and `read_parquet`; MissingFileError where
        a required table has no file; NoGoodRowsError after the findings were written.
    """
    moment = _in_utc(now)
    paths = {known_table(name): Path(path) for name, path in files.items()}
    if missing := [name for name in REQUIRED_TABLES if name not in paths]:
        raise MissingFileError(
            f"A ledger needs the table {missing[0]!r}: {TABLES[missing[0]].says}. "
            f"Add {missing[0]}.csv or {missing[0]}.parquet."
        )
    drafts = {
        name: _draft(paths[name], contract, moment)
        if name in paths
        else convert(contract.schema.empty_table(), contract, name)
        for name, contract in TABLES.items()
    }
    check_relations(drafts)
    reports = tuple(_report(drafts[name], paths[name]) for name in TABLES if name in paths)
    for report in reports:
        _refuse_no_good_rows(report)
    ledger = MemoryLedger({name: conform(draft.kept, name) for name, draft in drafts.items()})
    return ledger, ImportReport(reports)


def _read_one(path: Path, suffix: str, contract: Table, now: datetime) -> tuple[pa.Table, TableReport]:
    draft = _checked(_READERS[suffix](path, contract), path, contract, _in_utc(now))
    report = _report(draft, path)
    _refuse_no_good_rows(report)
    return conform(draft.kept, contract.name), report


def _draft(path: Path, contract: Table, now: datetime) -> Draft:
    if path.suffix not in _READERS:
        raise LedgerError(f"{path.name} is neither .csv nor .parquet. Write the table in one of these forms.")
    return _checked(_READERS[path.suffix](path, contract), path, contract, now)


def _checked(raw: pa.Table, path: Path, contract: Table, now: datetime) -> Draft:
    draft = convert(raw, contract, path.name)
    check_rows(draft, now)
    return draft


def _report(draft: Draft, path: Path) -> TableReport:
    return TableReport(
        table=draft.contract.name,
        file=path.name,
        read=draft.rows.num_rows,
        kept=draft.rows.num_rows - int(draft.refused.sum()),
        rejects=draft.rejects,
        rejects_file=write_rejects(draft, path),
    )


def _refuse_no_good_rows(report: TableReport) -> None:
    if report.read and not report.kept and report.rejects_file:
        rule, count = next(iter(report.by_rule.items()))
        raise NoGoodRowsError(
            f"{report.file} has no good row: all {report.read} were refused, {count} of them because "
            f"{rule}. Mend the rows named in {report.rejects_file.name} and import again."
        )


def _by_rule(rejects: pa.Table) -> dict[str, int]:
    rules = pc.binary_join_element_wise(rejects.column("column"), rejects.column("rule"), " ")
    counts = [(pair["values"], pair["counts"]) for pair in pc.value_counts(rules).to_pylist()]
    return dict(sorted(counts, key=lambda pair: (-pair[1], pair[0])))


def _in_utc(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise LedgerError("The moment of import must carry a time zone. Write it with tzinfo=datetime.UTC.")
    return now.astimezone(UTC)
