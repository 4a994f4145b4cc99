"""How well a score tells goods from bads: AUC, Gini and KS, with intervals from resampling people.

Several cases of one person are not independent, so whole people are drawn, each with all of their cases. A
score has few distinct values; each replicate is therefore a histogram, from which all three measures follow
exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plainscore.validation._numbers import Floats, Ints
from plainscore.validation._scored_sample import Sample, sample

REPLICATES = 1000
SEED = 20240229
LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """An estimate and the bounds of its interval; the bounds are NaN when they could not be found."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Discrimination:
    """AUC, Gini and KS of one sample.

    `ks_at` is the score at or below which the shares of bads and goods differ most. `auc_deviation` is the
    standard deviation of the AUC over the replicates. `used` counts the replicates in which both classes
    were drawn.
    """

    auc: Interval
    gini: Interval
    ks: Interval
    ks_at: float
    auc_deviation: float
    used: int


@dataclass(frozen=True)
class Histogram:
    """Weights of goods and bads at each distinct score, ascending."""

    levels: npt.NDArray[np.generic]
    goods: Floats
    bads: Floats


def histogram(cases: Sample) -> Histogram:
    """Sum the weights of goods and bads at each distinct score."""
    levels, position = np.unique(cases.scores, return_inverse=True)
    cell = position * 2 + cases.bad
    table: Floats = np.bincount(cell, weights=cases.weights, minlength=2 * levels.size).astype(np.float64)
    return Histogram(levels, table[0::2], table[1::2])


def auc(scores: npt.ArrayLike, bad: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> float:
    """Give the chance that a good case scores above a bad one, ties counted as half.

    Parameters
    ----------
    scores, bad, weights
        As in `sample`.

    Returns
    -------
    float
        Between 0 and 1; one half is chance.

    Raises
    ------
    ValidationError
        If the cases are all good or all bad.

    References
    ----------
    Hanley, J. A. and McNeil, B. J. (1982). The meaning and use of the area under a receiver operating
    characteristic (ROC) curve. Radiology 143.

    Examples
    --------
    >>> auc([500, 550, 600, 650], [1, 0, 1, 0])
    0.75
    """
    cases = sample(scores, bad, weights)
    cases.require_both_classes()
    table = histogram(cases)
    return _auc(table.goods, table.bads)


def gini(scores: npt.ArrayLike, bad: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> float:
    """Give the Gini coefficient, twice the AUC less one.

    Examples
    --------
    >>> gini([500, 550, 600, 650], [1, 0, 1, 0])
    0.5
    """
    return 2.0 * auc(scores, bad, weights=weights) - 1.0


def ks(
    scores: npt.ArrayLike, bad: npt.ArrayLike, *, weights: npt.ArrayLike | None = None
) -> tuple[float, float]:
    """Give the Kolmogorov-Smirnov distance between goods and bads, and the score where it is reached.

    Returns
    -------
    (float, float)
        The greatest difference between the shares of bads and of goods at or below a score, and the lowest
        such score.

    Raises
    ------
    ValidationError
        If the cases are all good or all bad.

    Examples
    --------
    >>> ks([500, 550, 600, 650], [1, 1, 0, 0])
    (1.0, 550.0)
    """
    cases = sample(scores, bad, weights)
    cases.require_both_classes()
    table = histogram(cases)
    gaps = _gaps(table.goods, table.bads)
    at = int(np.argmax(gaps))
    return float(gaps[at]), float(table.levels[at])


def _auc(goods: Floats, bads: Floats) -> float:
    below = np.cumsum(bads) - bads
    return float((goods * (below + 0.5 * bads)).sum() / (goods.sum() * bads.sum()))


def _gaps(goods: Floats, bads: Floats) -> Floats:
    gaps: Floats = np.abs(np.cumsum(bads) / bads.sum() - np.cumsum(goods) / goods.sum())
    return gaps


def resampled_people(people: int, *, replicates: int, seed: int) -> Iterator[Ints]:
    """Draw `people` people with replacement, again and again, as how often each was drawn.

    The raw bits of PCG64 are promised not to change between NumPy releases; the methods of ``Generator`` are
    not.
    """
    bits = np.random.PCG64(seed)
    for _ in range(replicates):
        raw = bits.random_raw(people) >> np.uint64(11)
        drawn = (raw * (people * 2.0**-53)).astype(np.int64)
        yield np.bincount(drawn, minlength=people)


def discrimination(
    scores: npt.ArrayLike,
    bad: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    person: npt.ArrayLike | None = None,
    replicates: int = REPLICATES,
    seed: int = SEED,
    level: float = LEVEL,
) -> Discrimination:
    """Measure AUC, Gini and KS with percentile intervals from a bootstrap by person.

    Parameters
    ----------
    scores, bad, weights, person
        As in `sample`.
    replicates : int
        How many times people are resampled.
    seed : int
        Start of the random numbers; the same seed gives the same interval.
    level : float
        Coverage aimed at.

    Returns
    -------
    Discrimination
        The bounds are NaN if both classes came up in fewer than half of the replicates.

    Raises
    ------
    ValidationError
        If the cases are all good or all bad.

    References
    ----------
    Davison, A. C. and Hinkley, D. V. (1997). Bootstrap Methods and their Application, section 3.8 (whole
    clusters).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> bad = rng.integers(0, 2, 400)
    >>> found = discrimination(rng.normal(600 - 40 * bad, 50).round(), bad, replicates=200)
    >>> found.auc.low < found.auc.value < found.auc.high
    True
    """
    cases = sample(scores, bad, weights, person)
    cases.require_both_classes()
    table = histogram(cases)
    gaps = _gaps(table.goods, table.bads)
    at = int(np.argmax(gaps))
    drawn = _replicates(cases, table.levels.size, replicates=replicates, seed=seed)
    area = _interval(_auc(table.goods, table.bads), drawn[:, 0], replicates, level)
    return Discrimination(
        auc=area,
        gini=Interval(*(2.0 * v - 1.0 for v in (area.value, area.low, area.high))),
        ks=_interval(float(gaps[at]), drawn[:, 1], replicates, level),
        ks_at=float(table.levels[at]),
        auc_deviation=float(drawn[:, 0].std(ddof=1)) if len(drawn) > 1 else float("nan"),
        used=len(drawn),
    )


def auc_difference(
    scores: npt.ArrayLike,
    others: npt.ArrayLike,
    bad: npt.ArrayLike,
    *,
    person: npt.ArrayLike | None = None,
    replicates: int = REPLICATES,
    seed: int = SEED,
    level: float = LEVEL,
) -> Interval:
    """Give by how much the AUC of one score is above another's on the same cases.

    Both are measured on the same resampled people, so that what the two have in common is not taken for
    doubt.

    Parameters
    ----------
    scores, others : array of shape (n,)
        What two models give each case; higher is less risky.
    bad, person, replicates, seed, level
        As in `discrimination`.

    Raises
    ------
    ValidationError
        If the cases are all good or all bad.

    Examples
    --------
    >>> auc_difference([500, 550, 600, 650], [550, 500, 600, 650], [1, 0, 1, 0], replicates=20).value
    0.25
    """
    both = [sample(one, bad, None, person) for one in (scores, others)]
    both[0].require_both_classes()
    areas = []
    for cases in both:
        table = histogram(cases)
        drawn = _replicates(cases, table.levels.size, replicates=replicates, seed=seed)
        areas.append((_auc(table.goods, table.bads), drawn[:, 0]))
    (one, drawn_one), (two, drawn_two) = areas
    return _interval(one - two, drawn_one - drawn_two, replicates, level)


def _replicates(cases: Sample, levels: int, *, replicates: int, seed: int) -> Floats:
    """Give (AUC, KS) of each replicate in which both classes were drawn."""
    _, position = np.unique(cases.scores, return_inverse=True)
    # Cases in the order of their cell, then summed in runs: three times as fast as a scattered histogram.
    cell = position * 2 + cases.bad
    order = np.argsort(cell, kind="stable")
    cells, starts = np.unique(cell[order], return_index=True)
    who, weights = cases.person[order], cases.weights[order]
    found = []
    for times in resampled_people(cases.people, replicates=replicates, seed=seed):
        table = np.zeros(2 * levels)
        table[cells] = np.add.reduceat(weights * times[who], starts)
        goods, bads = table[0::2], table[1::2]
        if goods.any() and bads.any():
            found.append((_auc(goods, bads), float(_gaps(goods, bads).max())))
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def _interval(value: float, drawn: Floats, replicates: int, level: float) -> Interval:
    if drawn.size < max(2, replicates / 2):
        return Interval(value, float("nan"), float("nan"))
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail])
    return Interval(value, float(low), float(high))


def roc_points(
    scores: npt.ArrayLike, bad: npt.ArrayLike, *, weights: npt.ArrayLike | None = None, most: int = 60
) -> list[tuple[float, float]]:
    """Give the ROC curve as (share of goods, share of bads) at or below a score, from (0, 0) to (1, 1).

    At most `most` points are kept, evenly along the distinct scores: a curve to draw, not to measure from.

    Examples
    --------
    >>> roc_points([500, 600], [1, 0])
    [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
    """
    cases = sample(scores, bad, weights)
    cases.require_both_classes()
    table = histogram(cases)
    size = table.levels.size
    kept = np.unique(np.linspace(0, size - 1, min(most, size)).round().astype(int))
    goods = np.cumsum(table.goods) / table.goods.sum()
    bads = np.cumsum(table.bads) / table.bads.sum()
    return [(0.0, 0.0), *((float(goods[i]), float(bads[i])) for i in kept)]
