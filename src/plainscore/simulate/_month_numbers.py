"""Months as whole numbers since January 1970, days as whole numbers since 1 January 1970."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DAY: Final = 86_400
"""Seconds of a day."""


def month_of(day: date) -> int:
    """Return the month number of a day.

    Examples
    --------
    >>> month_of(date(1970, 3, 5))
    2
    """
    return (day.year - 1970) * 12 + day.month - 1


def first_days(months: Ints) -> Ints:
    """Return the day number of each month's first day."""
    days: Ints = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    return days


def last_days(months: Ints) -> Ints:
    """Return the day number of each month's last day.

    Examples
    --------
    >>> last_days(np.array([0, 1]))
    array([30, 58])
    """
    return first_days(months + 1) - 1
