"""Baselines as whole numbers: sums of points and a count, so that means are exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._scale import Baseline
from plainscore.scorecard.fitting._grids import FittedGrid

Floats = npt.NDArray[np.float64]

MILLIONTHS: Final = 1_000_000
"""Unit of a baseline whose weights are no whole numbers."""


def baseline_of(card: Card, rows: Sequence[Floats], population: str, date: str) -> Baseline:
    """Return the baseline of a population.

    Parameters
    ----------
    card : Card
        The points.
    rows : list of float64 arrays
        Weight of rows in each attribute, per characteristic, then in each cell, per two-way table.
    population, date : str
        What the baseline says about itself.
    """
    whole = all(np.array_equal(np.rint(part), part) for part in rows)
    counts = [np.rint(part if whole else part * MILLIONTHS).astype(np.int64) for part in rows]
    sums = {
        name: sum(int(count) * each for count, each in zip(part, points, strict=True))
        for (name, points), part in zip(_part_points(card).items(), counts, strict=True)
    }
    return Baseline(int(counts[0].sum()), sums, population, date)


def _part_points(card: Card) -> dict[str, list[int]]:
    """Return the points of every attribute, then of every cell, by part of the card."""
    own = {one.id: [each.points for each in one.attributes] for one in card.characteristics}
    return own | {grid.id: [cell for row in grid.points for cell in row] for grid in card.grids}


def score_of_rows(card: Card, parts: Sequence[Binned | FittedGrid]) -> npt.NDArray[np.int64]:
    """Return the score of every row from its attributes; without the tables where they are not given."""
    score = np.full(len(parts[0].codes), card.base_points, np.int64)
    for part, points in zip(parts, _part_points(card).values(), strict=False):
        score += np.array(points)[part.codes]
    return score


def rows_between(
    card: Card, parts: Sequence[Binned | FittedGrid], sample: Sample, low: int, high: int
) -> list[Floats]:
    """Return the weight of rows in each attribute, of the rows that score from `low` to under `high`."""
    score = score_of_rows(card, parts)
    near = (score >= low) & (score < high)
    if not near.any():
        raise ConstraintError(f"No case scores from {low} to under {high}. Widen `near`.")
    return [
        np.bincount(one.codes[near], weights=sample.weight[near], minlength=len(one.goods)).astype(np.float64)
        for one in parts
    ]
