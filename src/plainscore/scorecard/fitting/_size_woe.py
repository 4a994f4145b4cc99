"""How many characteristics a card of weights of evidence needs, by cross-validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.binning._prebin import Sample, tallied
from plainscore.scorecard.fitting._crossval import FEWEST, area, folds, smallest_as_good
from plainscore.scorecard.fitting._logistic import LogisticFit
from plainscore.scorecard.fitting._select import attribute_woe, fit_anyway, tabled

Floats = npt.NDArray[np.float64]


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
    aucs = []
    for train, test in parts:
        inside = Sample(sample.bad[train], sample.weight[train])
        counted = [_counted(one, one.codes[train], inside) for one in binned]
        known = {"smoothing": smoothing, "min_special": min_special}
        woe = [attribute_woe(one, inside, **known)[0] for one in counted]
        fit, _ = fit_anyway(*tabled(counted, woe), inside)
        columns = np.column_stack([values[one.codes[test]] for one, values in zip(binned, woe, strict=True)])
        outside = Sample(sample.bad[test], sample.weight[test])
        aucs.append(_aucs(fit, columns, outside, drop_wrong))
    return smallest_as_good(aucs, "size")


def _counted(one: Binned, codes: npt.NDArray[np.uint8], sample: Sample) -> Binned:
    """Return a characteristic with the counts of some rows, its bins held."""
    goods, bads = tallied(codes, sample, len(one.goods))
    return replace(one, codes=codes, goods=goods, bads=bads)


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
