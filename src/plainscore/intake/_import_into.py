"""Taking a delivery in, in place of a folder's ledger: read, checked, what is refused closed, and written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from plainscore.intake._carried import carried
from plainscore.intake._errors import EmptiedTableError
from plainscore.intake._import import ImportReport, read_folder
from plainscore.ledger import (
    CLOSED_KINDS,
    TABLES,
    AlteredLedgerError,
    Ledger,
    LedgerError,
    MemoryLedger,
    ParquetLedger,
    write_ledger,
)

WHOLE: Final = 0
WITH_REJECTS: Final = 3
WITH_CLOSURES: Final = 4
"""Exit statuses of an import that was made: all in, some rows refused, something closed until mended."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a delivery.

    Attributes
    ----------
    report : ImportReport
        Counts and findings of every file.
    before, after : dict of str to int
        Rows of each table in the ledger before, and now.
    """

    report: ImportReport
    before: dict[str, int]
    after: dict[str, int]

    @property
    def status(self) -> int:
        """`WHOLE`, `WITH_REJECTS` or `WITH_CLOSURES`."""
        if self.report.closed:
            return WITH_CLOSURES
        return WITH_REJECTS if self.report.refused else WHOLE


def import_into(folder: Path, source: Path, *, now: datetime, emptied: Collection[str] = ()) -> Imported:
    """Take a folder of files in, in place of the ledger of another folder.

    What was closed before stays closed until a good row mends it: a bad row that is left out of the next
    delivery is not mended.

    Parameters
    ----------
    folder : Path
        Where the ledger lies, as ``plainscore.ledger.write_ledger`` leaves it; made when absent.
    source : Path
        The folder of files, as `read_folder` takes it.
    now : datetime.datetime
        The moment of import, with a time zone.
    emptied : collection of str
        Tables that may lose all their rows; ``closures`` lifts what was closed before and is not mended.

    Returns
    -------
    Imported
        What became of every file, and how many rows each table has now.

    Raises
    ------
    LedgerError
        As `read_folder`; EmptiedTableError where a table had rows, would have none, and is not named in
        `emptied`: a file that was forgotten is not an empty one; AlteredLedgerError where the ledger before
        is not the one that was written, so that what it had closed is not known. Nothing is written then.
    """
    old = ParquetLedger(folder) if folder.is_dir() else MemoryLedger({})
    before = {name: _rows_of(old, name) for name in TABLES}
    ledger, report = read_folder(source, now=now)
    if "closures" not in emptied and (still := _still_closed(old, ledger)).num_rows:
        ledger, report = _with_closures(ledger, report, still)
    after = {name: ledger.table(name).num_rows for name in TABLES}
    # Closures are not a table that anybody sends: where every one is mended there is none.
    lost = [
        name
        for name in TABLES
        if before[name] and not after[name] and name not in emptied and name != "closures"
    ]
    if lost:
        rows = ", ".join(f"{name} ({before[name]:,} rows)" for name in lost)
        again = " ".join(f"--empty {name}" for name in lost)
        msg = (
            f"The delivery would leave nothing of {rows}, and nothing was written. Add the missing file, or "
            f"say that it is meant: {again}."
        )
        raise EmptiedTableError(msg)
    write_ledger(ledger, folder)
    return Imported(report, before, after)


def _with_closures(
    ledger: MemoryLedger, report: ImportReport, still: pa.Table
) -> tuple[MemoryLedger, ImportReport]:
    """Return a ledger and its report with what goes on being closed from before."""
    closures = pa.concat_tables([ledger.table("closures"), still])
    kinds = closures["kind"].to_pylist()
    closed = {kind: kinds.count(kind) for kind in CLOSED_KINDS if kind in kinds}
    tables = {name: ledger.table(name) for name in TABLES} | {"closures": closures}
    return MemoryLedger(tables), replace(report, closed=closed, carried=still.num_rows)


def _still_closed(old: Ledger, new: Ledger) -> pa.Table:
    """Return what stays closed; raises AlteredLedgerError where the ledger before does not say it."""
    try:
        return carried(old, new)
    except AlteredLedgerError as error:
        msg = (
            f"{error} What was closed until it is mended cannot be read; where nothing was, or all of it is "
            "mended, say so with --empty closures."
        )
        raise AlteredLedgerError(msg) from error


def _rows_of(old: Ledger, name: str) -> int:
    """Return how many rows a table of the ledger before has, also where an import is to mend it."""
    try:
        rows: int = old.table(name).num_rows
    except LedgerError:
        return _listed_rows(old, name)
    return rows


def _listed_rows(old: Ledger, name: str) -> int:
    """Return how many rows a table has by the manifest; 0 where there is none that can be read."""
    try:
        listed = old.manifest if isinstance(old, ParquetLedger) else None
    except AlteredLedgerError:
        return 0
    return 0 if listed is None or f"{name}.parquet" not in listed else listed[f"{name}.parquet"].rows
