"""The size of a card, chosen by looking at cards of every size on rows they were not fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._columns import take_rows
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._prebin import Sample, codes_in
from plainscore.scorecard.fitting._fitted import Options

Floats = npt.NDArray[np.float64]

FOLDS: Final = 5
FEWEST: Final = 3
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


def choose_size(
    said: Sequence[Characteristic], columns: Mapping[str, Any], sample: Sample, options: Options
) -> tuple[int, list[dict[str, Any]]]:
    """Return the smallest number of characteristics that is as good as the best, and the path."""
    return smallest_as_good(_fold_aucs(said, columns, sample, options), "size")


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


def _fold_aucs(
    said: Sequence[Characteristic], columns: Mapping[str, Any], sample: Sample, options: Options
) -> list[dict[int, float]]:
    rows = np.arange(0, len(sample.bad), max(1, len(sample.bad) // CROSSVAL_ROWS))
    fold_of = fold_numbers(sample.bad[rows])
    out = []
    for fold in range(FOLDS):
        train, test = rows[fold_of != fold], rows[fold_of == fold]
        out.append(_one_fold(said, columns, sample, options, train, test))
    return out


def fold_numbers(bad: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Deal goods and bads to the folds in turn, from a fixed shuffle."""
    fold = np.empty(len(bad), np.int64)
    for side in (bad, ~bad):
        places = np.flatnonzero(side)
        fold[np.random.default_rng(0).permutation(places)] = np.arange(len(places)) % FOLDS
    return fold


def _one_fold(
    said: Sequence[Characteristic],
    columns: Mapping[str, Any],
    sample: Sample,
    options: Options,
    train: npt.NDArray[np.int64],
    test: npt.NDArray[np.int64],
) -> dict[int, float]:
    from plainscore.scorecard.fitting._fit_shape import cut_all, fit_with_trends, whole_problem
    from plainscore.scorecard.fitting._path import give_up_in_turn

    part = Sample(sample.bad[train], sample.weight[train])
    cells = cut_all(said, {one.id: take_rows(columns[one.id], train) for one in said}, part, options)
    problem = whole_problem(cells, part, options)
    fit, _ = fit_with_trends(problem, [one.direction for one in said], options.penalty)
    codes = np.column_stack([codes_in(one, take_rows(columns[one.characteristic.id], test)) for one in cells])
    places = problem.starts[:-1] + codes
    out = {}
    for rung in give_up_in_turn(fit, min(FEWEST, len(said))):
        risk = -(rung.theta[0] + fit.steps.weights(rung.theta)[places].sum(axis=1))
        out[len(rung.kept)] = area(sample.bad[test], risk, sample.weight[test])
    return out
