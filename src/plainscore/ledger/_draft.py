"""A table on its way into a ledger: its rows, which of them are refused, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from plainscore.ledger._contract import Table

Mask: TypeAlias = npt.NDArray[np.bool_]

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
        self._rejects: list[pa.Table] = []

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
        at = np.flatnonzero(fails)
        if not len(at):
            return
        self.refused |= fails
        count = len(at)
        self._rejects.append(
            pa.Table.from_arrays(
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

    @property
    def kept(self) -> pa.Table:
        """The rows that nothing was found against."""
        return self.rows if not self.refused.any() else self.rows.filter(pa.array(~self.refused))

    @property
    def rejects(self) -> pa.Table:
        """Every finding in `REJECT_SCHEMA`, by row."""
        if not self._rejects:
            return REJECT_SCHEMA.empty_table()
        return pa.concat_tables(self._rejects).sort_by("row").combine_chunks()

    def absent(self, column: str) -> Mask:
        """Return where `column` is null."""
        return mask_of(pc.is_null(self.rows.column(column)))


def mask_of(condition: pa.Array | pa.ChunkedArray) -> Mask:
    """Return a boolean Arrow column as a mask; null, where a rule could not be applied, is false."""
    mask: Mask = pc.fill_null(condition, False).to_numpy(zero_copy_only=False)
    return mask


def rejects_path(path: Path) -> Path:
    """Return where the rejects of the file at `path` are written: ``<file>.rejects.csv`` beside it."""
    return path.with_name(f"{path.name}.rejects.csv")


def write_rejects(draft: Draft, path: Path) -> Path | None:
    """Write a draft's rejects beside the file at `path`, or remove an older list when there are none."""
    target = rejects_path(path)
    rejects = draft.rejects
    if not rejects.num_rows:
        target.unlink(missing_ok=True)
        return None
    pa_csv.write_csv(rejects, target)
    return target
