"""Fine cells merged to the few of like weight that tests of columns use; the outcome plays no part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from plainscore.scorecard.binning._grouping import graded
from plainscore.scorecard.binning._prebin import Cells
from plainscore.scorecard.fitting._rows import Rows
from plainscore.scorecard.fitting._state import Coarse

FEWEST: Final = 4
MOST: Final = 20
PER_ROOT: Final = 2.4
"""Square root of the rarer outcome's rows for each coarse cell: many rows keep tests at their level."""
TAIL: Final = 8.0
"""Rows of the rarer outcome that the smallest cell, at either end, is expected to hold."""


def coarse_columns(cells: Sequence[Cells], rows: Rows) -> Coarse:
    """Return every column in coarse cells: as many as the rarer outcome has rows to tell apart."""
    rarer = min(rows.bads, rows.copies - rows.bads)
    most = int(np.clip(round(math.sqrt(rarer) / PER_ROOT), FEWEST, MOST))
    least = TAIL * sum(float(part.sum()) for part in (cells[0].goods, cells[0].bads)) / max(rarer, 1)
    codes = np.empty((len(rows.bad), len(cells)), np.uint8)
    bins, sizes = [], []
    for at, one in enumerate(cells):
        states = len(one.goods) - one.count
        if one.levels:
            bounds, ordered = np.arange(one.count + 1), 0
        else:
            bounds = graded(one.goods[: one.count], one.bads[: one.count], most=most, least=least)
            ordered = len(bounds) - 1
        count = len(bounds) - 1
        table = np.concatenate([np.repeat(np.arange(count), np.diff(bounds)), count + np.arange(states)])
        codes[:, at] = table.astype(np.uint8)[rows.codes[:, at]]
        bins.append(ordered)
        sizes.append(count + states)
    return Coarse(codes, tuple(bins), tuple(sizes))
