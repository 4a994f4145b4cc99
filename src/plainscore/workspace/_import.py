"""Taking a delivery into a workspace: read, checked, what is refused closed, and written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from plainscore.consent import illegal_transitions, incomplete_records
from plainscore.ledger import (
    CLOSED_KINDS,
    TABLES,
    Draft,
    EmptiedTableError,
    ImportReport,
    Ledger,
    MemoryLedger,
    ParquetLedger,
    read_folder,
    write_ledger,
)
from plainscore.workspace._carried import carried
from plainscore.workspace._folder import Folder

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
        Rows of each table in the workspace before, and now.
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


def bring_in(workspace: Folder, source: Path, *, now: datetime, emptied: Collection[str] = ()) -> Imported:
    """Take a folder of files into a workspace, in place of the ledger that it has.

    Beside the rules of the ledger, the life of every consent is checked: an event that may not follow the one
    before it, or that lacks what a record must say, is refused, and its consent is closed. What was closed
    before stays closed until a good row mends it: a bad row that is left out of the next delivery is not
    mended.

    Parameters
    ----------
    workspace : Folder
        Where to.
    source : Path
        The folder, as ``plainscore.ledger.read_folder`` takes it.
    now : datetime.datetime
        The moment of import, with a time zone.
    emptied : collection of str
        Tables that may lose all their rows; ``closures`` lifts what was closed before and is not mended.

    Raises
    ------
    plainscore.ledger.LedgerError
        As ``read_folder``; and EmptiedTableError where a table had rows, would have none, and is not named in
        `emptied`: a file that was forgotten is not an empty one. Nothing is written then.
    """
    old = ParquetLedger(workspace.data) if workspace.data.is_dir() else MemoryLedger({})
    before = _counts(old)
    ledger, report = read_folder(source, now=now, checks=(check_consents,))
    if "closures" not in emptied and (still := carried(old, ledger)).num_rows:
        ledger, report = _with_closures(ledger, report, still)
    after = _counts(ledger)
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
    write_ledger(ledger, workspace.data)
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


def check_consents(drafts: Mapping[str, Draft]) -> None:
    """Refuse consent events that lack a mandatory field, change what they are about, or follow wrongly."""
    draft = drafts["consents"]
    _refuse(
        draft,
        [
            (found["row"], found["column"], found["rule"], "complete the record, or start a new one")
            for found in incomplete_records(draft.kept).to_pylist()
        ],
    )
    _refuse(
        draft,
        [
            (
                found["row"],
                "state",
                f"must not be {found['after']} after {found['before'] or 'the beginning of a record'}",
                "record the events between; after a withdrawal a consent is asked for anew",
            )
            for found in illegal_transitions(draft.kept).to_pylist()
        ],
    )


def _refuse(draft: Draft, found: Sequence[tuple[int, str, str, str]]) -> None:
    """Refuse kept rows, counted from 1 among those kept, each under its column, rule and mend."""
    place = np.flatnonzero(draft.kept_mask)
    rows: dict[tuple[str, str, str], list[int]] = {}
    for row, *finding in found:
        rows.setdefault(tuple(finding), []).append(place[row - 1])  # type: ignore[arg-type]
    for (column, rule, mend), at in rows.items():
        fails = np.zeros(draft.rows.num_rows, dtype=np.bool_)
        fails[at] = True
        draft.reject(fails, column=column, rule=rule, mend=mend)


def _counts(ledger: Ledger) -> dict[str, int]:
    return {name: ledger.table(name).num_rows for name in TABLES}
