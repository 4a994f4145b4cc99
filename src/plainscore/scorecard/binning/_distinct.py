"""The distinct values of a column, and the weight of rows up to each: what edges are looked for among."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SCALES: Final = (1.0, 100.0, 10_000.0)
"""Whole numbers, per cents and shares of them: what values are counted in rather than sorted."""
STEPS_A_ROW: Final = 4
"""Most steps of such a scale, for each row, that are counted."""
_FEW: Final = 100
_EXACT: Final = 2.0**53


def counted_values(some: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """Return the distinct values, rising, and how many rows have each or a lower one."""
    scale = _counting_scale(some)
    if scale:  # without a sort, which takes three times as long
        whole = np.rint(some * scale).astype(np.int64)
        least = whole.min()
        rows = np.bincount(whole - least)
        there = np.flatnonzero(rows)
        values = (there + least).astype(some.dtype) / some.dtype.type(scale)  # as a sort would find them
        return _plain(values), np.cumsum(rows[there]).astype(np.float64)
    rising = np.sort(some)
    last = np.append(np.flatnonzero(rising[1:] != rising[:-1]), len(rising) - 1)
    return _plain(rising[last]), last + 1.0


def _counting_scale(some: npt.NDArray[Any]) -> float:
    """Return what makes values whole numbers of a narrow range, each the float of its decimal; 0 if nothing.

    The first few values settle which power of ten may.
    """
    least, most = float(some.min()), float(some.max())
    for scale in SCALES:
        if max(-least, most) * scale >= _EXACT or (most - least) * scale > STEPS_A_ROW * len(some):
            break
        if all(bool((np.rint(part * scale) / scale == part).all()) for part in (some[:_FEW], some)):
            return scale
    return 0.0


def weighed_values(some: npt.NDArray[Any], weight: Floats) -> tuple[Floats, Floats]:
    """Return the distinct values that have weight, rising, and the weight of each and all lower ones."""
    some, weight = some[weight > 0], weight[weight > 0]
    # Sums of whole weights are exact in any order; of others the order is settled by the weights themselves.
    whole = bool((weight == np.floor(weight)).all())
    order = np.argsort(some) if whole else np.lexsort((weight, some))
    rising, mass = some[order], np.cumsum(weight[order])
    last = np.append(np.flatnonzero(rising[1:] != rising[:-1]), len(rising) - 1)
    return _plain(rising[last]), mass[last]


def _plain(values: npt.NDArray[Any]) -> Floats:
    """Return 64-bit floats with one zero: of 0.0 and -0.0 a sort puts last what stood there."""
    return values.astype(np.float64) + 0.0
