"""Fine cells merged to the few of like weight that tests of columns use; the outcome plays no part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from plainscore.scorecard.binning._grouping import graded
from plainscore.scorecard.binning._prebin import Cells
from plainscore.scorecard.fitting._rows import Codes, Rows
from plainscore.scorecard.fitting._state import Bytes, Coarse

FEWEST: Final = 4
MOST: Final = 20
PER_ROOT: Final = 2.4
"""Square root of the rarer outcome's rows for each coarse cell: many rows keep tests at their level."""
TAIL: Final = 8.0
"""Rows of the rarer outcome that the smallest cell, at either end, is expected to hold."""


@dataclass(frozen=True)
class Coarsening:
    """How the fine cells of every column are merged; rows are read where a choice looks at them.

    Parameters
    ----------
    tables : tuple of uint8 (fine cells,)
        The coarse cell of each fine one, by column.
    bins, sizes : tuple of int
        As in `Coarse`.
    """

    tables: tuple[Bytes, ...]
    bins: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.sizes)

    def of(self, codes: Codes) -> Coarse:
        """Return rows, given by their fine cells, in coarse ones."""
        out = np.empty(codes.shape, np.uint8)
        for at, table in enumerate(self.tables):
            out[:, at] = table[codes[:, at]]
        return Coarse(out, self.bins, self.sizes)


def coarsening(cells: Sequence[Cells], rows: Rows) -> Coarsening:
    """Merge the cells of every column to as many as the rarer outcome has rows to tell apart."""
    rarer = min(rows.bads, rows.copies - rows.bads)
    most = int(np.clip(round(math.sqrt(rarer) / PER_ROOT), FEWEST, MOST))
    least = TAIL * sum(float(part.sum()) for part in (cells[0].goods, cells[0].bads)) / max(rarer, 1)
    tables, bins, sizes = [], [], []
    for one in cells:
        states = len(one.goods) - one.count
        if one.levels:
            bounds, ordered = np.arange(one.count + 1), 0
        else:
            bounds = graded(one.goods[: one.count], one.bads[: one.count], most=most, least=least)
            ordered = len(bounds) - 1
        count = len(bounds) - 1
        table = np.concatenate([np.repeat(np.arange(count), np.diff(bounds)), count + np.arange(states)])
        tables.append(table.astype(np.uint8))
        bins.append(ordered)
        sizes.append(count + states)
    return Coarsening(tuple(tables), tuple(bins), tuple(sizes))
