"""Cells of two-way tables held so that a declared direction stays true for everyone.

A step of a characteristic's own points leaves room: each of its tables may take back an equal part of it
in a row or a column, and no more, so that the sum of all still moves as declared whoever the person is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import isotonic_regression

from plainscore.scorecard.binning._binning import Binned

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pair = tuple[int, int]

DECLARED: Final = {"ascending": 1, "descending": -1}
_ROUNDS: Final = 30


@dataclass(frozen=True)
class Side:
    """What one side of a table must keep.

    `sign` is 1 where points rise with the bin, -1 where they fall, 0 where nothing was declared; `room` is
    what each step of a line of cells may take back. Positions in `capped` may not beat the best bin's cell.
    """

    sign: int
    room: Floats
    best: int
    capped: tuple[int, ...]


Sides = tuple[Side, Side]


def slack_of(
    binned: Sequence[Binned], weights: Sequence[Floats | Ints], pairs: Sequence[Pair]
) -> dict[Pair, Sides]:
    """Return what each table may take back of its characteristics' own weights (or points)."""
    shared = {at: sum(at in pair for pair in pairs) for pair in pairs for at in pair}
    sides = {at: _side(binned[at], weights[at], count) for at, count in shared.items()}
    return {(first, second): (sides[first], sides[second]) for first, second in pairs}


def _side(one: Binned, values: Floats | Ints, tables: int) -> Side:
    said = one.characteristic
    sign = 0 if one.groups else DECLARED.get(said.direction, 0)
    steps = np.abs(np.diff(values[: one.bins]))
    room = steps // tables if np.issubdtype(steps.dtype, np.integer) else steps / tables
    capped = [one.bins] if said.cap_missing else []
    capped += [one.bins + 1 + at for at, (code, _) in enumerate(one.specials) if code in said.capped]
    return Side(sign, room, int(np.argmax(values[: one.bins])), tuple(capped))


def hold_cells(cells: Floats, mass: Floats, sides: Sides) -> Floats:
    """Return the cells moved as little as may be until both sides keep what they must.

    Rows and columns are pooled in turn (isotonic regression); what is left over is drawn to no change,
    where everything holds.
    """
    if not any(side.sign or side.capped for side in sides):
        return cells
    held = cells.copy()
    for _ in range(_ROUNDS):
        before = held.copy()
        held = _pooled(held, mass, sides[0])
        held = _pooled(held.T, mass.T, sides[1]).T
        if np.abs(held - before).max() < 1e-9:
            break
    for share in (1.0, 0.99, 0.95, 0.9, 0.8, 0.6, 0.4, 0.2):
        if all(_keeps(share * part, side) for part, side in ((held, sides[0]), (held.T, sides[1]))):
            return share * held
    return np.zeros_like(held)


def _pooled(cells: Floats, mass: Floats, side: Side) -> Floats:
    """Hold every column of cells to the side that runs down it."""
    out = cells.copy()
    bins = len(side.room) + 1
    if side.sign and bins > 1:
        lift = np.concatenate([[0.0], np.cumsum(side.room)])
        for column in range(cells.shape[1]):
            line = side.sign * out[:bins, column] + lift
            out[:bins, column] = side.sign * (
                isotonic_regression(line, sample_weight=mass[:bins, column]) - lift
            )
    for at in side.capped:
        out[at] = np.minimum(out[at], out[side.best])
    return out


def _keeps(cells: Floats | Ints, side: Side, slack: float = 1e-9) -> bool:
    bins = len(side.room) + 1
    if (
        side.sign
        and bins > 1
        and (side.sign * np.diff(cells[:bins], axis=0) < -side.room[:, None] - slack).any()
    ):
        return False
    return all((cells[at] <= cells[side.best] + slack).all() for at in side.capped)


def mend_points(points: Ints, sides: Sides) -> Ints:
    """Return whole points mended where rounding broke what must be kept, a point at a time.

    Cells only ever move towards zero, where everything holds, so this ends.
    """
    held = points.copy()
    while not all(_keeps(part, side, 0.0) for part, side in ((held, sides[0]), (held.T, sides[1]))):
        held = held - np.sign(_broken(held, sides) * held)
    return held


def _broken(points: Ints, sides: Sides) -> Ints:
    """Mark the cells on both ends of a step that takes back too much."""
    marks = np.zeros(points.shape, np.int64)
    for part, side, mark in ((points, sides[0], marks), (points.T, sides[1], marks.T)):
        bins = len(side.room) + 1
        if side.sign and bins > 1:
            wrong = side.sign * np.diff(part[:bins], axis=0) < -side.room[:, None]
            mark[: bins - 1][wrong] = 1
            mark[1:bins][wrong] = 1
        for at in side.capped:
            over = part[at] > part[side.best]
            mark[at][over] = 1
            mark[side.best][over] = 1
    return marks
