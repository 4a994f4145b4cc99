"""Information value counted from rows, the same way whoever chose the edges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def value_of(values: Any, edges: Sequence[float], codes: Sequence[float], bad: Any) -> float:
    """Return the information value of bins ``[edge, next edge)``, missing and each code apart."""
    place = np.searchsorted(np.array(edges), values, side="right")
    for at, code in enumerate(codes):
        place[values == code] = len(edges) + 2 + at
    place[np.isnan(values)] = len(edges) + 1
    size = len(edges) + 2 + len(codes)
    return information_value(*(np.bincount(place[bad == outcome], minlength=size) for outcome in (0, 1)))


def information_value(goods: Any, bads: Any) -> float:
    """Return the information value of counts; a bin without one of the outcomes adds nothing.

    Examples
    --------
    >>> round(information_value([30, 20, 0], [10, 40, 0]), 4)
    0.7167
    """
    good, bad = (np.asarray(part, np.float64) / np.sum(part) for part in (goods, bads))
    both = (good > 0) & (bad > 0)
    return float(((good[both] - bad[both]) * np.log(good[both] / bad[both])).sum())
