"""Weights averaged over resampled rows: what a chance turn of the sample puts in, the average takes out.

A card fitted once follows the sample's accidents; the mean of fits on resampled rows follows them less,
and a mean of rising weights still rises, so the shape of every characteristic is kept.

References
----------
Breiman, L. (1996). Bagging predictors. Machine Learning 24.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting._shape import Problem, fit_shape

Floats = npt.NDArray[np.float64]

MOST_WORK: Final = 500_000
"""Rows fitted over all resamples. Past this the noise that averaging removes is too small to pay for."""
LOOSER: Final = 0.6
"""Share of the penalty that a resample keeps: what the average smooths the penalty need not."""
ROUGHLY: Final = 1e-6
"""Fall of the objective that ends a resample's fit: far below the noise that is averaged."""


@dataclass(frozen=True)
class Steady:
    """Mean attribute weights, and over how many resamples (0: one fit of all rows)."""

    table: Floats
    resamples: int


def steady_weights(problem: Problem, penalty: float, start: Floats, *, most: int) -> Steady:
    """Return attribute weights averaged over fits on rows drawn with replacement.

    Parameters
    ----------
    problem : Problem
        Rows and shapes; the shapes are held in every resample.
    penalty : float
        As in `fit_shape`.
    start : float64 (parameters,)
        Where each fit starts.
    most : int
        Most resamples. Large tables take fewer (`MOST_WORK`), and fewer than four are not worth drawing.
    """
    rows = len(problem.sample.bad)
    rounds = min(most, MOST_WORK // rows)
    if rounds < 4:
        return Steady(fit_shape(problem, penalty, start).table, 0)
    rng = np.random.default_rng(0)
    total = np.zeros(int(problem.starts[-1]))
    drawn = 0
    for _ in range(rounds):
        times = np.bincount(rng.integers(0, rows, rows), minlength=rows)  # whole numbers: same everywhere
        sample = Sample(problem.sample.bad, times * problem.sample.weight)
        if sample.goods > 0 and sample.bads > 0:
            part = replace(problem, sample=sample)
            total += fit_shape(part, LOOSER * penalty, start, settled=ROUGHLY).table
            drawn += 1
    if drawn == 0:
        return Steady(fit_shape(problem, penalty, start).table, 0)
    return Steady(total / drawn, drawn)
