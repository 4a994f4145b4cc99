"""Rows of a table picked out: where something holds, and which rows say the same."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask: TypeAlias = npt.NDArray[np.bool_]
"""One truth value a row."""


def mask_of(condition: pa.Array | pa.ChunkedArray) -> Mask:
    """Return a boolean Arrow column as a mask; null, where a rule could not be applied, is false."""
    mask: Mask = pc.fill_null(condition, False).to_numpy(zero_copy_only=False)
    return mask


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
