"""The size of a card, chosen by looking at cards of every size on rows they were not fitted on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FOLDS: Final = 5
LEAST_OF_EACH: Final = 20
"""Good and bad rows that every fold must have."""


@dataclass(frozen=True)
class Ranking:
    """How well a risk ranks: area under the ROC curve, its variance, and the greatest gap."""

    auc: float
    variance: float
    ks: float


def ranked(
    bad: npt.NDArray[np.bool_],
    risk: Floats | Ints,
    weight: Floats,
    group: npt.NDArray[np.int64] | None = None,
    copies: npt.NDArray[np.int64] | None = None,
) -> Ranking:
    """Return the weighted area under the ROC curve, ties counted half, with its variance and KS.

    Parameters
    ----------
    bad : bool (rows,)
        The outcome.
    risk, weight : float64 (rows,)
        What rises with risk, and the weight of each row.
    group : int64 (rows,), optional
        Whom the row is about: the variance is then that of people and not of rows.
    copies : int64 (rows,), optional
        How many cases the row stands for; one where it is not given.

    Returns
    -------
    Ranking
        NaN where an outcome is absent.

    References
    ----------
    DeLong, E. R., DeLong, D. M., Clarke-Pearson, D. L. (1988). Comparing the areas under two or more
    correlated receiver operating characteristic curves. Biometrics 44; by person: Obuchowski, N. A. (1997),
    Biometrics 53.

    Examples
    --------
    >>> ranked(np.array([True, False, False]), np.array([2.0, 1.0, 2.0]), np.ones(3)).auc
    0.75
    """
    place = _places(risk)
    bads, goods = np.bincount(place, weights=weight * bad), np.bincount(place, weights=weight * ~bad)
    all_bads, all_goods = float(bads.sum()), float(goods.sum())
    if not (all_bads > 0 and all_goods > 0):
        return Ranking(math.nan, math.nan, math.nan)
    below = (np.cumsum(goods) - goods / 2) / all_goods
    above = 1.0 - (np.cumsum(bads) - bads / 2) / all_bads
    auc = float(bads @ below / all_bads)
    own = np.where(bad, (below[place] - auc) * weight / all_bads, (above[place] - auc) * weight / all_goods)
    parts = (
        own / np.sqrt(1 if copies is None else copies) if group is None else np.bincount(group, weights=own)
    )
    gap = np.abs(np.cumsum(bads) / all_bads - np.cumsum(goods) / all_goods).max()
    return Ranking(auc, float((parts**2).sum()), float(gap))


def _places(risk: Floats | Ints) -> Ints:
    """Return the place of each risk among those that differ, rising."""
    if risk.dtype.kind == "i" and int(risk.max()) - int(risk.min()) <= len(risk):
        above = risk - risk.min()
        place: Ints = (np.cumsum(np.bincount(above) > 0) - 1)[above]
        return place
    return np.asarray(np.unique(risk, return_inverse=True)[1].ravel(), np.int64)


def area(bad: npt.NDArray[np.bool_], risk: Floats | Ints, weight: Floats) -> float:
    """Return the weighted area under the ROC curve, ties counted half."""
    return ranked(bad, risk, weight).auc


def smallest_as_good(aucs: Sequence[Mapping[int, float]], name: str) -> tuple[int, list[dict[str, Any]]]:
    """Return the smallest size within one standard error of the best, and the AUC of every size.

    The standard error is of the difference from the best size over the folds, which share their rows,
    and not of the AUC itself, which would forgive far more.

    Parameters
    ----------
    aucs : sequence of mappings
        For each fold, the AUC of every size that it reached.
    name : str
        What a size is called in the path.
    """
    sizes = sorted({size for fold in aucs for size in fold})
    shared = [size for size in sizes if all(size in fold for fold in aucs)]
    if not shared:
        return max(sizes, default=0), []
    table = np.array([[fold[size] for size in shared] for fold in aucs])
    means = table.mean(axis=0)
    best = int(np.argmax(means))
    gaps = table[:, best][:, None] - table
    errors = gaps.std(axis=0, ddof=1) / np.sqrt(len(aucs))
    chosen = next(at for at in range(len(shared)) if gaps[:, at].mean() <= errors[at] or at == best)
    path = [
        {
            name: size,
            "auc": float(means[at]),
            "below_best": float(gaps[:, at].mean()),
            "standard_error": float(errors[at]),
            "chosen": at == chosen,
        }
        for at, size in enumerate(shared)
    ]
    return shared[chosen], path
