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
from plainscore.scorecard.fitting._shape import ROUGHLY, Problem, fit_shape

Floats = npt.NDArray[np.float64]

MOST_WORK: Final = 500_000
"""Rows fitted over all resamples. Past this the noise that averaging removes is too small to pay for."""
LOOSER: Final = 0.6
"""Share of the penalty that a resample keeps: what the average smooths the penalty need not."""


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
    rounds = min(most, MOST_WORK // len(problem.sample.bad))
    if rounds < 4:
        return Steady(fit_shape(problem, penalty, start).table, 0)
    alike = _alike(problem)
    weight = alike.sample.weight
    until = np.cumsum(weight)
    draws = max(round(float(until[-1])), len(weight))
    rng = np.random.default_rng(0)
    total = np.zeros(int(problem.starts[-1]))
    drawn = 0
    for _ in range(rounds):
        found = np.searchsorted(until, rng.random(draws) * until[-1], side="right")
        times = np.bincount(np.minimum(found, len(weight) - 1), minlength=len(weight))
        sample = Sample(alike.sample.bad, times * (until[-1] / draws))
        if sample.goods > 0 and sample.bads > 0:
            part = replace(alike, sample=sample)
            total += fit_shape(part, LOOSER * penalty, start, settled=ROUGHLY).table
            drawn += 1
    if drawn == 0:
        return Steady(fit_shape(problem, penalty, start).table, 0)
    return Steady(total / drawn, drawn)


def _alike(problem: Problem) -> Problem:
    """Return the distinct rows, each with the weight of all like it.

    What is drawn then depends on what the rows say, not on their order, nor on whether two like rows come
    as two or as one of weight 2.
    """
    sample = problem.sample
    rows = np.ascontiguousarray(np.column_stack([problem.codes, sample.bad.astype(np.uint8)]))
    keys = rows.view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    weight = np.bincount(group.ravel(), weights=sample.weight).astype(np.float64)
    codes = np.ascontiguousarray(problem.codes[first])
    return replace(problem, codes=codes, sample=Sample(sample.bad[first], weight))
