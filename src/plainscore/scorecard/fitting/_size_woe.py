"""How many characteristics a card of weights of evidence needs, by cross-validation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.binning._woe import weight_of_evidence
from plainscore.scorecard.fitting._crossval import FEWEST, area, folds, smallest_as_good
from plainscore.scorecard.fitting._logistic import LogisticFit, fit_logistic
from plainscore.scorecard.fitting._select import SEPARATED_RIDGE, tabled

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


def choose_size(
    binned: Sequence[Binned], sample: Sample, *, smoothing: float, min_special: float, drop_wrong: bool
) -> tuple[int | None, list[dict[str, Any]]]:
    """Return the smallest number of characteristics that is as good as the best, and the path.

    Bins are held; weights of evidence, regression and the order of leaving are found anew in every fold.
    None where there are too few rows to tell.

    Parameters
    ----------
    binned : sequence of Binned
        Characteristics that may stay.
    sample : Sample
        All rows.
    smoothing, min_special : float
        As in `attribute_woe`.
    drop_wrong : bool
        Whether characteristics of the wrong sign leave first.
    """
    parts = folds(sample)
    if not parts:
        return None, []
    codes, _ = tabled(binned, [np.zeros(len(one.goods)) for one in binned])
    aucs = []
    for train, test in parts:
        inside = Sample(sample.bad[train], sample.weight[train])
        woe = [_woe(one, codes[train, at], inside, smoothing, min_special) for at, one in enumerate(binned)]
        fit = _fit(binned, woe, np.ascontiguousarray(codes[train]), inside)
        columns = np.column_stack([values[codes[test, at]] for at, values in enumerate(woe)])
        outside = Sample(sample.bad[test], sample.weight[test])
        aucs.append(_aucs(fit, columns, outside, drop_wrong))
    return smallest_as_good(aucs, "size")


def _woe(
    one: Binned, codes: npt.NDArray[np.uint8], sample: Sample, smoothing: float, min_special: float
) -> Floats:
    size = len(one.goods)
    goods = np.bincount(codes, weights=sample.weight * ~sample.bad, minlength=size)
    bads = np.bincount(codes, weights=sample.weight * sample.bad, minlength=size)
    known = {"all_goods": sample.goods, "all_bads": sample.bads, "smoothing": max(smoothing, 1e-9)}
    woe = weight_of_evidence(goods, bads, **known)
    thin = (np.arange(size) >= one.bins) & (goods + bads < min_special)
    return np.where(thin, 0.0, woe)


def _fit(
    binned: Sequence[Binned], woe: Sequence[Floats], codes: npt.NDArray[np.uint8], sample: Sample
) -> LogisticFit:
    _, table = tabled(binned, woe)
    try:
        return fit_logistic(codes, table, sample.bad, sample.weight)
    except ConstraintError:
        ridge = SEPARATED_RIDGE * float(sample.weight.sum())
        return fit_logistic(codes, table, sample.bad, sample.weight, ridge=ridge)


def _aucs(fit: LogisticFit, columns: Floats, sample: Sample, drop_wrong: bool) -> dict[int, float]:
    """Give up the weakest in turn; return the AUC of every size.

    Coefficients without one are those of the likelihood's quadratic, which needs no further pass.
    """
    beta, covariance = fit.beta.copy(), fit.covariance.copy()
    left = list(range(columns.shape[1]))
    out = {}
    while left:
        inside = np.array(left) + 1
        risk = -(columns[:, left] @ beta[inside])
        wrong = drop_wrong and (beta[inside] <= 0).any()
        if not wrong:
            out[len(left)] = area(sample.bad, risk, sample.weight)
        if len(left) <= FEWEST and not wrong:
            break
        z = beta[inside] / np.sqrt(np.diag(covariance)[inside])
        place = int(np.argmin(z if wrong else np.abs(z)))
        gone = inside[place]
        line = covariance[:, gone] / covariance[gone, gone]
        beta = beta - line * beta[gone]
        covariance = covariance - np.outer(line, covariance[gone])
        left.pop(place)
    return out
