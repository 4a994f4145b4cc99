"""Resamples of rows or of whole groups, as weights per cell.

A figure that depends on few distinct cells (a score and an outcome, a band and an outcome) needs of each
resample only how much weight fell in each cell, so a resample costs as much as there are cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AT_ONCE: Final = 4_000_000
"""Counts held in memory at a time."""
FEW: Final = 8
"""Rows a cell from which counts per cell are drawn, not rows: below, a draw of rows is faster."""


@dataclass(frozen=True)
class Cells:
    """Rows as a bootstrap needs them.

    Parameters
    ----------
    cell : int64 array of shape (rows,)
        The cell of each row, from 0.
    weight : float64 array of shape (rows,)
        Its weight, above 0.
    count : int
        How many cells there are.
    """

    cell: Ints
    weight: Floats
    count: int


def drawn_rows(rows: Cells, rounds: int, rng: np.random.Generator) -> Iterator[npt.NDArray[Any]]:
    """Draw rows with replacement, as weights per cell; rows alike in cell and weight are drawn as counts.

    Yields
    ------
    float64 (some of the rounds, cells)
    """
    weights, kind = np.unique(rows.weight, return_inverse=True)
    units, counts = np.unique(rows.cell * len(weights) + kind, return_counts=True)
    cell, weight = np.divmod(units, len(weights))
    total = len(rows.cell)
    few = len(units) * FEW < total
    each = np.empty(0, np.int64) if few else np.repeat(np.arange(len(units)), counts)
    for size in _chunks(rounds, max(len(units), rows.count)):
        if few:
            times = rng.multinomial(total, counts / total, size=size)
        else:
            drawn = (each[rng.integers(total, size=total)] for _ in range(size))
            times = np.stack([np.bincount(one, minlength=len(units)) for one in drawn])
        yield _by_cell(cell, np.arange(len(units)), weights[weight], (rows.count, len(units)), times)


def drawn_groups(rows: Cells, who: Ints, rounds: int, rng: np.random.Generator) -> Iterator[npt.NDArray[Any]]:
    """Draw whole groups with replacement, as weights per cell; `who` is the group of each row.

    Yields
    ------
    float64 (some of the rounds, cells)
    """
    there, who = np.unique(who, return_inverse=True)
    total = len(there)
    for size in _chunks(rounds, max(total, rows.count)):
        drawn = (rng.integers(total, size=total) for _ in range(size))
        times = np.stack([np.bincount(one, minlength=total) for one in drawn])
        yield _by_cell(rows.cell, who, rows.weight, (rows.count, total), times)


def _chunks(rounds: int, size: int) -> Iterator[int]:
    each = max(1, AT_ONCE // size)
    for start in range(0, rounds, each):
        yield min(each, rounds - start)


def _by_cell(cell: Ints, unit: Ints, weight: Floats, shape: tuple[int, int], times: Ints) -> Floats:
    """Return the weight per cell of each sample, given how often each unit was drawn."""
    from scipy.sparse import coo_array

    table = coo_array((weight, (cell, unit)), shape=shape).tocsr()
    return np.ascontiguousarray((table @ times.T.astype(np.float64)).T)
