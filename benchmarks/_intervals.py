"""Intervals for the report: of a mean over repeats, and of a share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure between two limits; not a number where it cannot be said."""

    mean: float
    low: float
    high: float


def interval_of_mean(values: Sequence[float]) -> Interval:
    """Return the mean and its 95% interval by Student's t; limits are infinite for a single value.

    Examples
    --------
    >>> found = interval_of_mean([1.0, 2.0, 3.0])
    >>> round(found.low, 3), found.mean, round(found.high, 3)
    (-0.484, 2.0, 4.484)
    """
    from scipy.stats import t

    if not len(values):
        return Interval(math.nan, math.nan, math.nan)
    mean = float(np.mean(values))
    if len(values) == 1:
        return Interval(mean, -math.inf, math.inf)
    half = float(t.ppf((1 + LEVEL) / 2, len(values) - 1)) * standard_error(values)
    return Interval(mean, mean - half, mean + half)


def standard_error(values: Sequence[float]) -> float:
    """Return the standard error of a mean.

    Examples
    --------
    >>> standard_error([1.0, 2.0, 3.0, 4.0]) == (5 / 3 / 4) ** 0.5
    True
    """
    return float(np.std(values, ddof=1) / math.sqrt(len(values)))


def interval_of_share(count: int, of: int) -> Interval:
    """Return a share and its exact 95% interval.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the
    case of the binomial. Biometrika 26.

    Examples
    --------
    >>> found = interval_of_share(0, 10)
    >>> found.low, found.mean, round(found.high, 4)
    (0.0, 0.0, 0.3085)
    """
    from scipy.stats import beta

    tail = (1 - LEVEL) / 2
    low = float(beta.ppf(tail, count, of - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, of - count)) if count < of else 1.0
    return Interval(count / of, low, high)
