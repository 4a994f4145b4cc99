"""The size of a card, chosen by looking at cards of every size on rows they were not fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._prebin import Sample

Floats = npt.NDArray[np.float64]

FOLDS: Final = 5
FEWEST: Final = 3
MOST: Final = 25
LEAST_OF_EACH: Final = 20
"""Good and bad rows that every fold must have."""
NO_PATH: Final = (
    f"No path: fewer than {FOLDS * LEAST_OF_EACH} good or bad rows, too few to compare sizes on rows they "
    "were not fitted on. Every characteristic that passed the other rules stayed."
)
CROSSVAL_ROWS: Final = 50_000
"""Rows, evenly spaced, that the folds share; the standard error of an AUC is then near 0.002."""


def area(bad: npt.NDArray[np.bool_], risk: Floats, weight: Floats) -> float:
    """Return the weighted area under the ROC curve, ties counted half.

    Examples
    --------
    >>> area(np.array([True, False, False]), np.array([2.0, 1.0, 2.0]), np.ones(3))
    0.75
    """
    order = np.argsort(risk, kind="stable")
    _, group = np.unique(risk[order], return_inverse=True)
    bads = np.bincount(group, weights=(weight * bad)[order])
    goods = np.bincount(group, weights=(weight * ~bad)[order])
    below = np.concatenate([[0.0], np.cumsum(goods)[:-1]])
    return float(bads @ (below + goods / 2) / (bads.sum() * goods.sum()))


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
    shared = [size for size in shared if size <= MOST] or shared
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


Rows = npt.NDArray[np.int64]


def folds(sample: Sample) -> list[tuple[Rows, Rows]]:
    """Return the rows to fit on and the rows to look at, fold by fold; none where a fold would be too thin.

    Large tables give evenly spaced rows only (`CROSSVAL_ROWS`).
    """
    rows = np.arange(0, len(sample.bad), max(1, len(sample.bad) // CROSSVAL_ROWS))
    bad = sample.bad[rows]
    if min(int(bad.sum()), int((~bad).sum())) < FOLDS * LEAST_OF_EACH:
        return []
    fold_of = fold_numbers(bad)
    return [(rows[fold_of != fold], rows[fold_of == fold]) for fold in range(FOLDS)]


def fold_numbers(bad: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Deal goods and bads to the folds in turn, from a fixed shuffle."""
    fold = np.empty(len(bad), np.int64)
    for side in (bad, ~bad):
        places = np.flatnonzero(side)
        fold[np.random.default_rng(0).permutation(places)] = np.arange(len(places)) % FOLDS
    return fold
