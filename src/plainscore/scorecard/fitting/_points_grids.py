"""Whole points for a card with two-way tables: the same rounding, and a range that is attained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.card._grid import attainable
from plainscore.scorecard.fitting._held import mend_points, slack_of
from plainscore.scorecard.fitting._points import Ints, Rounded, first_rounding, improve, refit, total_weight

Floats = npt.NDArray[np.float64]
Pair = tuple[int, int]

STRETCHES: Final = tuple(sign * step / 1000 for step in range(41) for sign in (1, -1) if step or sign > 0)
"""How much wider or narrower than asked the unrounded range may be, tried from the least on."""


def spread_with_grids(
    binned: Sequence[Binned],
    weights: Sequence[Floats],
    grids: Mapping[Pair, Floats],
    intercept: float,
    counts: Floats,
    *,
    low: int,
    high: int,
) -> Rounded:
    """Choose whole points whose sums run from `low` to `high`, both attained, two-way tables included.

    The scale is moved by a few thousandths until rounding lands on the range; where it never does, the
    nearest range inside is taken, and the card states what it attains.

    Parameters
    ----------
    binned, weights : sequences
        Characteristics, and the log odds of good of their attributes.
    grids : mapping of (first, second) to float64 (attributes, attributes)
        Log odds of the cells.
    intercept, counts, low, high
        As in `spread_points`; `counts` covers the attributes, then the cells of each table.

    Returns
    -------
    Rounded
        Points of the characteristics, then the flat cells of each table.
    """
    least, most = attainable(
        [part.tolist() for part in weights], {pair: cells.tolist() for pair, cells in grids.items()}
    )
    if not most > least:
        raise ConstraintError(
            f"No characteristic separates good from bad: {low} to {high} cannot be attained."
        )
    best: tuple[int, Rounded] | None = None
    for stretch in STRETCHES:
        factor = (1 + stretch) * (high - low) / (most - least)
        rounded, (bottom, top) = _rounded(binned, weights, grids, counts, factor)
        short = (high - low) - (top - bottom)
        if 0 < short <= 2:  # a point or two at the top of a characteristic that stands in no table
            short -= _topped_up(rounded.points, len(weights), grids, short)
        if short >= 0 and (best is None or short < best[0]):
            best = short, _placed(rounded, weights, intercept, counts, factor, base=low - bottom)
        if short == 0:
            break
    if best is None:
        raise ConstraintError(
            f"The range {low} to {high} is too narrow for whole points. Ask for a wider one."
        )
    return best[1]


def fixed_with_grids(
    binned: Sequence[Binned],
    weights: Sequence[Floats],
    grids: Mapping[Pair, Floats],
    intercept: float,
    counts: Floats,
    *,
    factor: float,
    anchor: float,
) -> Rounded:
    """Choose whole points on a given scale: score = anchor + factor x log odds of good."""
    rounded, _ = _rounded(binned, weights, grids, counts, factor)
    start = anchor + factor * (intercept + sum(float(values.min()) for values in weights))
    gained = np.concatenate(rounded.points) - np.concatenate(rounded.exact)
    drift = float(np.diag(counts) @ gained) / total_weight(counts, rounded.exact)
    return Rounded(rounded.points, rounded.exact, round(start - drift), factor, anchor)


def _rounded(
    binned: Sequence[Binned],
    weights: Sequence[Floats],
    grids: Mapping[Pair, Floats],
    counts: Floats,
    factor: float,
) -> tuple[Rounded, tuple[int, int]]:
    """Round at one scale; return the points with the least and the most that they sum to."""
    own = [factor * (values - values.min()) for values in weights]
    cells = [factor * part.ravel() for part in grids.values()]
    lifts = [int(np.ceil(-part.min())) for part in cells]  # rounding keeps order from zero upwards
    exact = [*own, *(part + lift for part, lift in zip(cells, lifts, strict=True))]
    centred = counts - np.outer(np.diag(counts), np.diag(counts)) / total_weight(counts, exact)
    points = improve(
        [first_rounding(part, round(float(part.max()))) for part in exact],
        exact,
        centred,
        np.zeros(len(counts)),
    )
    main, flat = points[: len(own)], points[len(own) :]
    sides = slack_of(binned, main, list(grids))
    tables = {
        pair: mend_points((part - lift).reshape(grids[pair].shape), sides[pair])
        for pair, part, lift in zip(grids, flat, lifts, strict=True)
    }
    bottom, top = attainable(
        [part.tolist() for part in main], {pair: table.tolist() for pair, table in tables.items()}
    )
    everything = [*main, *(table.ravel() for table in tables.values())]
    return Rounded(everything, [*own, *cells], 0, factor, 0.0), (int(bottom), int(top))


def _topped_up(points: list[Ints], count: int, grids: Mapping[Pair, Floats], short: int) -> int:
    """Add what is short to the best attribute of the widest characteristic outside the tables."""
    tied = {at for pair in grids for at in pair}
    free = [at for at in range(count) if at not in tied]
    if not free:
        return 0
    widest = max(free, key=lambda at: (int(np.ptp(points[at])), -at))
    points[widest] = points[widest] + short * (points[widest] == points[widest].max())
    return short


def _placed(
    rounded: Rounded, weights: Sequence[Floats], intercept: float, counts: Floats, factor: float, *, base: int
) -> Rounded:
    """Set the base points, and the scale that fits the rounded score best."""
    points: list[Ints] = rounded.points
    slope, shift = refit(points, rounded.exact, counts)
    lift = sum(float(values.min()) for values in weights) + intercept
    return Rounded(points, rounded.exact, base, slope * factor, base + shift - slope * factor * lift)
