"""Rows that occur more than once: the same row sent twice, and rows that contradict each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.ledger._draft import Draft, Mask


def codes_of(rows: pa.Table, columns: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Return one number per row, equal where all of `columns` are equal."""
    codes = np.zeros(rows.num_rows, dtype=np.int64)
    for name in columns:
        column = rows.column(name).combine_chunks()
        encoded = column.dictionary_encode(null_encoding="encode")
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.unify_dictionaries().combine_chunks()
        part = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        if name == columns[0]:
            codes = part
        else:  # Ranked again after each column, so that the product cannot overflow.
            codes = np.unique(codes * (part.max(initial=0) + 1) + part, return_inverse=True)[1]
    return codes


def repeated(draft: Draft, columns: tuple[str, ...]) -> Mask:
    """Return where `columns` together are filled and occur in several rows that are not the same row."""
    codes = codes_of(draft.rows, columns)
    if not len(codes):
        return np.zeros(0, dtype=np.bool_)
    incomplete: Mask = np.logical_or.reduce([draft.absent(name) for name in columns])
    mask: Mask = (np.bincount(codes, weights=~draft.repeats)[codes] > 1) & ~incomplete
    return mask


def pass_over_repeats(draft: Draft) -> None:
    """Mark every row that is the same as an earlier one in every cell.

    Rows with a cell that could not be read are never the same: what they said is not known.
    """
    again = np.flatnonzero(repeated(draft, draft.contract.key) & ~draft.refused)
    if not len(again):
        return
    codes = codes_of(draft.rows.take(pa.array(again)), tuple(draft.rows.column_names))
    _, first = np.unique(codes, return_index=True)
    later = np.ones(len(again), dtype=np.bool_)
    later[first] = False
    repeats = np.zeros(draft.rows.num_rows, dtype=np.bool_)
    repeats[again[later]] = True
    draft.set_aside_repeats(repeats)
