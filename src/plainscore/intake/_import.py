"""From files to a ledger: read, check, name what is refused, go on with what is good."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.intake._checks import check_relations, check_rows
from plainscore.intake._closures import closures_of
from plainscore.intake._consent_checks import check_consents
from plainscore.intake._convert import convert
from plainscore.intake._draft import Draft, rejects_path, remarks_path, write_findings
from plainscore.intake._errors import AmbiguousFileError, NoGoodRowsError
from plainscore.intake._raw_files import read_raw_csv, read_raw_parquet
from plainscore.intake._remarks import remark_on
from plainscore.ledger import (
    CLOSED_KINDS,
    CONSENTS,
    MAY_BE_EMPTY,
    REQUIRED_TABLES,
    TABLES,
    LedgerError,
    MemoryLedger,
    MissingFileError,
    Table,
    known_table,
)

_READERS: Final = {".csv": read_raw_csv, ".parquet": read_raw_parquet}

CLOSED_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "consent": ("consent", "consents"),
    "lender": ("person's consents to a lender", "people's consents to a lender"),
    "person": ("person", "people"),
    "tie": ("tie of a person to an account", "ties of people to accounts"),
    "account": ("account", "accounts"),
    "month": ("month of an account", "months of accounts"),
}
"""What a closure closes, one and many."""

_OUR_LISTS: Final = re.compile(rf"({'|'.join(TABLES)})\.(csv|parquet)\.(rejects|remarks)\.csv")
_PROSE: Final = (".md", ".pdf", ".html", ".toml", ".json")
"""Endings of files that may stand beside tables and be called after them."""


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
    repeats : int
        Rows that are the same as an earlier one, which is taken once.
    rejects : pyarrow.Table
        Every finding (`REJECT_SCHEMA`); one row of the file may have several.
    remarks : pyarrow.Table
        The same of rows that were taken: what does not fit together, and which of it counts.
    rejects_file, remarks_file : pathlib.Path or None
        Where they were written; None when there are none.
    """

    table: str
    file: str
    read: int
    kept: int
    repeats: int
    rejects: pa.Table
    remarks: pa.Table
    rejects_file: Path | None
    remarks_file: Path | None

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return self.read - self.kept - self.repeats

    @property
    def sentence(self) -> str:
        """What became of the file."""
        said = f"{self.file}: {self.kept} of {self.read} rows entered {self.table}."
        if self.repeats:
            said += f" {self.repeats} repeat another row and were taken once."
        if self.rejects_file:
            said += f" {self.refused} were refused; see {self.rejects_file.name}."
        if self.remarks_file:
            rows = len(self.remarks["row"].unique())
            said += f" {rows} were taken with a remark; see {self.remarks_file.name}."
        return said

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
    closed : dict of str to int
        How many things of each kind refused rows closed until they are mended, in the contract's order; only
        kinds that occur.
    ignored : tuple of str
        Names of files in the folder that are no table's and were not opened.
    carried : int
        How many of the closures are from before this delivery, which did not mend them.
    """

    tables: tuple[TableReport, ...]
    closed: dict[str, int]
    ignored: tuple[str, ...] = ()
    carried: int = 0

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
        """One sentence a file, one on what is closed, and one for each file that was not opened."""
        lines = [table.sentence for table in self.tables]
        if self.closed:
            said = ", ".join(
                f"{count:,} {CLOSED_WORDS[kind][count != 1]}" for kind, count in self.closed.items()
            )
            lines.append(
                f"Closed until the refused rows are mended: {said}. What is closed is not used, and pages "
                "say so."
            )
        if self.carried:
            lines.append(
                f"{self.carried:,} of these were closed before, and no row of this delivery mends them."
            )
        return (*lines, *(f"{name} is not a table of a ledger and was not opened." for name in self.ignored))


def read_csv(path: str | os.PathLike[str], table: str, *, now: datetime) -> tuple[pa.Table, TableReport]:
    """Read one table from a CSV file and check every row by itself.

    UTF-8, commas, one header line, an empty cell for null. Of consents the life of each record is checked
    too. Rules between tables (an account without a holder, say) need the other tables: `import_ledger`
    checks them.

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

    A lender's workspace takes a delivery in through ``plainscore.workspace.bring_in``, which also keeps
    closed what was closed before.

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
        As `import_ledger`; and AmbiguousFileError where a table has two files, or a file has nearly the name
        of one.
    """
    place = Path(folder)
    if not place.is_dir():
        raise MissingFileError(f"{place.name} is not a folder. Name the folder that holds accounts.csv.")
    files: dict[str, Path] = {}
    ignored: list[str] = []
    for path in sorted(place.iterdir()):
        if path.suffix not in _READERS or path.stem not in TABLES or not path.is_file():
            if not _OUR_LISTS.fullmatch(path.name):
                _refuse_near_name(path)
                ignored.append(path.name)
            continue
        if path.stem in files:
            raise AmbiguousFileError(
                f"{files[path.stem].name} and {path.name} both claim to be table {path.stem}. Remove one."
            )
        files[path.stem] = path
    ledger, report = import_ledger(files, now=now)
    return ledger, replace(report, ignored=tuple(ignored))


def _refuse_near_name(path: Path) -> None:
    """Refuse a file that is meant for a table and would be passed over: what it takes away would be lost."""
    words = unicodedata.normalize("NFKC", path.name.lstrip(".").split(".")[0]).casefold()
    letters = "".join(letter for letter in words if letter.isalpha())
    table = next((name for name in TABLES if letters.startswith(name[:-1]) or letters.endswith(name)), None)
    if table is not None and path.suffix.casefold() not in _PROSE:
        raise AmbiguousFileError(
            f"{path.name} looks like table {table} and would not be read. Call it {table}.csv or "
            f"{table}.parquet, or move it out of the folder."
        )


def import_ledger(
    files: Mapping[str, str | os.PathLike[str]], *, now: datetime
) -> tuple[MemoryLedger, ImportReport]:
    """Read, check and join the tables of a ledger.

    Every row is checked by itself and against the other tables, and the life of every consent: an event that
    may not follow the one before it, or that lacks what a record must say, is refused. Findings are written
    beside each file; good rows go on. A row that is the same as another in every cell is taken once. What a
    refused row could have taken away is closed: the ledger's ``closures`` say what.

    Parameters
    ----------
    files : mapping of str to path
        A ``.csv`` or ``.parquet`` file per table. Consents, disputes and flags may be left out.
    now : datetime.datetime
        The moment of import, with a time zone; nothing reported later is taken.

    Returns
    -------
    ledger : MemoryLedger
        The good rows, and what is closed.
    report : ImportReport
        Counts and findings of every file.

    Raises
    ------
    LedgerError
        Where a file as a whole cannot be used, as `read_csv` and `read_parquet`; MissingFileError where
        a required table has no file; after the findings were written, NoGoodRowsError, and UnreadableKeyError
        where a refused row does not say whom or which account it is about.
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
    remark_on(drafts)
    reports = tuple(_report(drafts[name], paths[name]) for name in TABLES if name in paths)
    for report in reports:
        _refuse_no_good_rows(report)
    closures = closures_of(drafts)
    ledger = MemoryLedger({**{name: draft.kept for name, draft in drafts.items()}, "closures": closures})
    kinds = closures["kind"].to_pylist()
    return ledger, ImportReport(reports, {kind: kinds.count(kind) for kind in CLOSED_KINDS if kind in kinds})


def _read_one(path: Path, suffix: str, contract: Table, now: datetime) -> tuple[pa.Table, TableReport]:
    draft = _checked(_READERS[suffix](path, contract), path, contract, _in_utc(now))
    report = _report(draft, path)
    _refuse_no_good_rows(report)
    return MemoryLedger({contract.name: draft.kept}).table(contract.name), report


def _draft(path: Path, contract: Table, now: datetime) -> Draft:
    if path.suffix not in _READERS:
        raise LedgerError(f"{path.name} is neither .csv nor .parquet. Write the table in one of these forms.")
    return _checked(_READERS[path.suffix](path, contract), path, contract, now)


def _checked(raw: pa.Table, path: Path, contract: Table, now: datetime) -> Draft:
    draft = convert(raw, contract, path.name)
    check_rows(draft, now)
    if contract.name == CONSENTS.name:
        check_consents(draft)
    return draft


def _report(draft: Draft, path: Path) -> TableReport:
    return TableReport(
        table=draft.contract.name,
        file=path.name,
        read=draft.rows.num_rows,
        kept=int(draft.kept_mask.sum()),
        repeats=int(draft.repeats.sum()),
        rejects=draft.rejects,
        remarks=draft.remarks,
        rejects_file=write_findings(draft.rejects, rejects_path(path)),
        remarks_file=write_findings(draft.remarks, remarks_path(path)),
    )


def _refuse_no_good_rows(report: TableReport) -> None:
    # Of consents, disputes and flags each refused row closes something; without the others nothing is left.
    if report.table in MAY_BE_EMPTY:
        return
    if report.refused and not report.kept and report.rejects_file:
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
