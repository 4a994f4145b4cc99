"""The Jeffreys interval of a rate: honest for few rows, and for none bad."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def jeffreys_interval(
    bads: npt.ArrayLike, cases: npt.ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Give the bounds of the bad rate from a Beta(bads + 1/2, goods + 1/2) posterior.

    Parameters
    ----------
    bads, cases : array
        Counts, or effective counts, broadcast together.
    level : float
        Coverage aimed at.

    Returns
    -------
    (low, high) : arrays of float64
        In 0..1; NaN where there are no cases. No bads gives a lower bound of 0, all bads an upper bound of 1.

    References
    ----------
    Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial proportion.
    Statistical Science 16(2).

    Examples
    --------
    >>> low, high = jeffreys_interval(0, 100)
    >>> float(low), round(float(high), 4)
    (0.0, 0.0247)
    """
    from scipy.special import betaincinv

    d, n = np.broadcast_arrays(np.asarray(bads, dtype=np.float64), np.asarray(cases, dtype=np.float64))
    tail = (1.0 - level) / 2.0
    rest = np.maximum(n - d, 0.0)  # effective counts may differ in their last digits
    low = np.where(d <= 0, 0.0, betaincinv(d + 0.5, rest + 0.5, tail))
    high = np.where(d >= n, 1.0, betaincinv(d + 0.5, rest + 0.5, 1.0 - tail))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)
