"""The one place where a measured number becomes text: with few enough digits that processors agree on them.

Sums run in one order and no linear algebra library takes part, so the digits that are kept do not depend on
the number of threads. Six decimals for shares and probabilities, four for measures.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Json = dict[str, Any]

SHARE_PLACES = 6
MEASURE_PLACES = 4
COEFFICIENT_PLACES = 10


def decimal_text(value: float, places: int) -> str:
    """Write `value` with `places` decimals, never as ``-0`` and never with an exponent.

    Examples
    --------
    >>> decimal_text(0.123456789, 4), decimal_text(-0.00000001, 4)
    ('0.1235', '0.0000')
    """
    text = f"{value:.{places}f}"
    return text.removeprefix("-") if float(text) == 0.0 else text


def share(value: float) -> str | None:
    """Write a share or probability; None when it is not a number (nobody to divide by)."""
    return decimal_text(value, SHARE_PLACES) if math.isfinite(value) else None


def measure(value: float) -> str | None:
    """Write a measure such as AUC or PSI; None when it is not a number."""
    return decimal_text(value, MEASURE_PLACES) if math.isfinite(value) else None


def count(value: float) -> int | str:
    """Write a count: an integer where it is one (unit weights), else a decimal string."""
    return int(value) if float(value).is_integer() else decimal_text(value, MEASURE_PLACES)
