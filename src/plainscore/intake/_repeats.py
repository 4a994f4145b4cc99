"""Rows that occur more than once: the same row sent twice, and rows that contradict each other."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from plainscore.intake._draft import Draft
from plainscore.ledger import codes_of, repeated


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


def refuse_repeated_keys(draft: Draft) -> None:
    """Refuse every row whose key another row has too, unless it is the same row sent twice."""
    key = draft.contract.key
    draft.reject(
        repeated(draft, key),
        column=key[0],
        rule=f"{' and '.join(key)} must occur once" + (" together" if len(key) > 1 else ""),
        mend="keep the right row; none was taken, since nothing says which it is",
    )
