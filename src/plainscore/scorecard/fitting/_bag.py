"""Weights averaged over fits on random halves: what chance puts in, the average takes out.

A card fitted once follows the sample's accidents; the mean of fits on many halves follows them less, and a
mean of rising weights still rises, so the shape of every characteristic is kept. Each half is also scored by
the fit on the other half: the slope of the outcome on that says how far the weights overstate.

References
----------
Breiman, L. (1996). Bagging predictors. Machine Learning 24.
Friedman, J. H., Hall, P. (2007). On bagging and nonlinear estimation. Journal of Statistical Planning and
Inference 137: halves without replacement do what resamples with replacement do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting._rows import Rows, deal, summed
from plainscore.scorecard.fitting._shape import ROUGHLY, Problem, fit_shape

Floats = npt.NDArray[np.float64]

MOST_WORK: Final = 500_000
"""Rows fitted over all halves. Past this the noise that averaging removes is too small to pay for."""


@dataclass(frozen=True)
class Bagged:
    """Mean attribute weights, over how many halves (0: one fit of all rows), and rows as the others see them.

    `unseen` is the mean log odds of each row by the fits of halves that it is not in; None without halves.
    """

    table: Floats
    halves: int
    unseen: Floats | None


def bagged_weights(problem: Problem, rows: Rows, penalty: float, start: Floats, *, most: int) -> Bagged:
    """Return attribute weights averaged over fits on random halves of the copies.

    Parameters
    ----------
    problem : Problem
        The columns on the card, with their shapes, which are held in every half.
    rows : Rows
        The same rows, with how many copies there are.
    penalty : float
        As in `fit_shape`.
    start : float64 (parameters,)
        Where each fit starts.
    most : int
        Most halves. Large tables take fewer (`MOST_WORK`), and fewer than four are not worth drawing.
    """
    pairs = min(most, 2 * MOST_WORK // max(rows.copies, 1)) // 2
    if pairs < 2:
        return Bagged(fit_shape(problem, penalty, start).table, 0, None)
    total, drawn = np.zeros(int(problem.starts[-1])), 0
    unseen, seen_by = np.zeros(len(rows.bad)), np.zeros(len(rows.bad))
    for pair in range(pairs):
        for inside in deal(rows, 2, seed=pair).T:
            found = _of_half(problem, rows, inside, penalty, start)
            if found is None:
                continue
            total += found[1]
            drawn += 1
            outside = rows.count - inside
            eta = found[0] + summed(problem.codes, problem.starts[:-1], found[1])
            unseen += outside * eta
            seen_by += outside
    if drawn == 0:
        return Bagged(fit_shape(problem, penalty, start).table, 0, None)
    return Bagged(
        total / drawn, drawn, np.divide(unseen, seen_by, out=np.zeros_like(unseen), where=seen_by > 0)
    )


def _of_half(
    problem: Problem, rows: Rows, inside: npt.NDArray[np.int64], penalty: float, start: Floats
) -> tuple[float, Floats] | None:
    """Fit a half, weighted to stand for all; None where it lacks an outcome."""
    some = np.flatnonzero(inside)
    weight = rows.unit[some] * inside[some]
    sample = Sample(rows.bad[some], weight * (problem.sample.weight.sum() / weight.sum()))
    if not (sample.goods > 0 and sample.bads > 0):
        return None
    half = replace(problem, codes=np.ascontiguousarray(problem.codes[some]), sample=sample)
    fit = fit_shape(half, penalty, start, settled=ROUGHLY)
    return fit.intercept, fit.table
