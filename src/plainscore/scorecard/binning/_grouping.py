"""Fine cells merged to fewer, without a look at the outcome."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

Grouping = Callable[[Floats, Floats], npt.NDArray[np.int64]]
"""From the weight of goods and bads per fine cell to the bounds of the cells to keep."""


def graded(goods: Floats, bads: Floats, *, most: int, least: float) -> npt.NDArray[np.int64]:
    """Merge cells to about `most` of like weight, with ever smaller ones at both ends down to weight `least`.

    A rare tail is where risk often is; cells that double in weight from the end on can show where it begins,
    and look no more at the outcome than cells of like weight do.
    """
    if len(goods) <= most:
        return np.arange(len(goods) + 1)
    mass = np.concatenate([[0.0], np.cumsum(goods + bads)])
    wanted = np.arange(1, most) * mass[-1] / most
    tails = least * 2.0 ** np.arange(32)
    tails = tails[tails < 0.75 * mass[-1] / most]
    inner = np.searchsorted(mass, np.sort(np.concatenate([tails, wanted, mass[-1] - tails])))
    return np.unique(np.concatenate([[0], np.clip(inner, 1, len(goods) - 1), [len(goods)]]))


def even(goods: Floats, bads: Floats, *, most: int) -> npt.NDArray[np.int64]:
    """Merge cells to at most `most` of like weight, without a look at the outcome."""
    if len(goods) <= most:
        return np.arange(len(goods) + 1)
    mass = np.concatenate([[0.0], np.cumsum(goods + bads)])
    inner = np.searchsorted(mass, np.arange(1, most) * mass[-1] / most)
    return np.unique(np.concatenate([[0], np.clip(inner, 1, len(goods) - 1), [len(goods)]]))
