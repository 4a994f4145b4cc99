"""A table on its way into a ledger: its rows, which of them are refused, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.files import csv_bytes, write_together
from plainscore.ledger import Mask, Table, mask_of

REJECT_SCHEMA: Final = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("column", pa.string(), nullable=False),
        pa.field("value", pa.string()),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("mend", pa.string(), nullable=False),
    ]
)
"""One broken rule of one row. ``row`` counts the file's data rows from 1, so the header is row 0 and
blank lines are not counted. ``value`` is null for ids, since they may stand for a person."""

_LONGEST_VALUE: Final = 80


class Draft:
    """One table being checked; rows keep the order and number that they have in their file.

    Parameters
    ----------
    file : str
        Name of the file, for rejects.
    contract : Table
        The table's contract.
    rows : pyarrow.Table
        The rows in the contract's columns and types; a cell that could not be converted is null.
    """

    def __init__(self, file: str, contract: Table, rows: pa.Table) -> None:
        self.file = file
        self.contract = contract
        self.rows = rows
        self.refused: Mask = np.zeros(rows.num_rows, dtype=np.bool_)
        self.repeats: Mask = np.zeros(rows.num_rows, dtype=np.bool_)
        self._rejects: list[pa.Table] = []
        self._remarks: list[pa.Table] = []

    def reject(
        self,
        fails: Mask,
        *,
        column: str,
        rule: str,
        mend: str,
        values: pa.ChunkedArray | None = None,
    ) -> None:
        """Refuse the rows where `fails` is true, under one rule; `values` is what to show instead."""
        fails = fails & ~self.repeats
        at = np.flatnonzero(fails)
        if not len(at):
            return
        self.refused |= fails
        self._rejects.append(self._findings(at, column, rule, mend, values))

    def _findings(
        self, at: npt.NDArray[np.intp], column: str, rule: str, mend: str, values: pa.ChunkedArray | None
    ) -> pa.Table:
        count = len(at)
        return pa.Table.from_arrays(
            [
                pa.repeat(self.file, count),
                pa.array(at + 1),
                pa.repeat(column, count),
                self._shown(column, at, values),
                pa.repeat(rule, count),
                pa.repeat(mend, count),
            ],
            schema=REJECT_SCHEMA,
        )

    def _shown(self, column: str, at: npt.NDArray[np.intp], values: pa.ChunkedArray | None) -> pa.Array:
        if column.endswith("_id"):
            return pa.nulls(len(at), pa.string())
        found = (self.rows.column(column) if values is None else values).take(pa.array(at))
        try:
            text = found.cast(pa.string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            text = pa.chunked_array([pa.array([str(value) for value in found.to_pylist()], pa.string())])
        return pc.utf8_slice_codeunits(text, 0, _LONGEST_VALUE).combine_chunks()

    def remark(self, about: Mask, *, column: str, rule: str, mend: str) -> None:
        """Name the rows where `about` is true under one rule, without refusing them."""
        if len(at := np.flatnonzero(about)):
            self._remarks.append(self._findings(at, column, rule, mend, None))

    def set_aside_repeats(self, repeats: Mask) -> None:
        """Pass over rows that are the same as an earlier one in every cell: they are taken once."""
        self.repeats |= repeats

    @property
    def kept_mask(self) -> Mask:
        """Where nothing was found against a row, and it is no repeat."""
        mask: Mask = ~(self.refused | self.repeats)
        return mask

    @property
    def kept(self) -> pa.Table:
        """The rows that nothing was found against, each once."""
        mask = self.kept_mask
        return self.rows if mask.all() else self.rows.filter(pa.array(mask))

    @property
    def remarks(self) -> pa.Table:
        """Every remark in `REJECT_SCHEMA`, by row: the rows were taken."""
        return _together(self._remarks)

    @property
    def rejects(self) -> pa.Table:
        """Every finding in `REJECT_SCHEMA`, by row."""
        return _together(self._rejects)

    def absent(self, column: str) -> Mask:
        """Return where `column` is null."""
        return mask_of(pc.is_null(self.rows.column(column)))


def _together(findings: list[pa.Table]) -> pa.Table:
    if not findings:
        return REJECT_SCHEMA.empty_table()
    return pa.concat_tables(findings).sort_by("row").combine_chunks()


def rejects_path(path: Path) -> Path:
    """Return where the rejects of the file at `path` are written: ``<file>.rejects.csv`` beside it."""
    return path.with_name(f"{path.name}.rejects.csv")


def remarks_path(path: Path) -> Path:
    """Return where remarks on rows that were taken are written: ``<file>.remarks.csv`` beside it."""
    return path.with_name(f"{path.name}.remarks.csv")


def write_findings(findings: pa.Table, target: Path) -> Path | None:
    """Write findings to a file, or remove an older list when there are none."""
    if not findings.num_rows:
        target.unlink(missing_ok=True)
        return None
    write_together({target: csv_bytes(REJECT_SCHEMA.names, findings.to_pylist())})
    return target
