"""The Jeffreys interval and test of a rate: honest for few cases, and for none bad."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from plainscore.scorecard import jeffreys_interval
from plainscore.validation._numbers import Floats

__all__ = ["effective_counts", "jeffreys_interval", "jeffreys_p_value"]


def jeffreys_p_value(bads: npt.ArrayLike, cases: npt.ArrayLike, predicted: npt.ArrayLike) -> Floats:
    """Give the one-sided p-value of the hypothesis that the predicted rate is not too low.

    Small values speak for underestimated risk.

    References
    ----------
    European Central Bank (2019). Instructions for reporting the validation results of internal models,
    section 2.5.3.1: Beta CDF at PD with parameters D + 1/2 and N - D + 1/2.

    Examples
    --------
    >>> round(float(jeffreys_p_value(10, 100, 0.05)), 4)
    0.0182
    """
    from scipy.special import betainc

    d, n, p = np.broadcast_arrays(
        np.asarray(bads, dtype=np.float64),
        np.asarray(cases, dtype=np.float64),
        np.asarray(predicted, dtype=np.float64),
    )
    return np.where(n > 0, betainc(d + 0.5, n - d + 0.5, p), np.nan)


def effective_counts(weights: Floats, weighted_bads: float) -> tuple[float, float]:
    """Give (bads, cases) as if unweighted, by Kish's effective sample size; unit weights change nothing.

    References
    ----------
    Kish, L. (1965). Survey Sampling.
    """
    total, squares = float(weights.sum()), float((weights * weights).sum())
    if squares == 0.0:
        return 0.0, 0.0
    cases = total * total / squares
    return weighted_bads / total * cases, cases
