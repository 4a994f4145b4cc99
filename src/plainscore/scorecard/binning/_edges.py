"""Where a column of numbers is cut: at short decimals between its values, or as its characteristic says."""

from __future__ import annotations

import itertools
import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._values import month_number
from plainscore.scorecard.binning._characteristic import Characteristic, Kind

Floats = npt.NDArray[np.float64]

SAMPLE: Final = 200_000
"""Rows from which fine edges are read; every row is then counted in its cell."""


def fine_edges(numbers: npt.NDArray[Any], special: Floats, low: float, high: float, finest: int) -> Floats:
    """Return short decimals that cut the column into at most `finest` cells of like weight.

    Each edge is the shortest decimal above one observed value and not above the next, so that it parts
    the same rows as the observed value would, and a person can read it.
    """
    some = numbers[:: max(1, len(numbers) // SAMPLE)].astype(np.float64)
    some = some[(some >= low) & (some <= high)]
    for code in special:
        some = some[some != code]
    some.sort()
    if len(some) == 0:
        return np.empty(0)
    values = some[np.concatenate([[True], some[1:] != some[:-1]])]
    if len(values) <= finest:
        return shortest_between(values[:-1], values[1:])
    chosen = np.searchsorted(values, np.unique(some[(np.arange(1, finest) * len(some)) // finest]))
    chosen = chosen[chosen > 0]
    return shortest_between(values[chosen - 1], values[chosen])


def shortest_between(below: Floats, upto: Floats) -> Floats:
    """Return for each pair the number with fewest decimals that is above `below` and not above `upto`.

    Examples
    --------
    >>> shortest_between(np.array([0.0, 2.0, 0.2801]), np.array([0.01786, 5.0, 0.28036])).tolist()
    [0.01, 5.0, 0.2803]
    """
    edges = upto.copy()
    open_ = np.ones(len(upto), np.bool_)
    for places in range(16):
        scale = 10.0**places
        rounded = np.floor(upto * scale) / scale  # both exact, so this is the decimal's own double
        found = open_ & (rounded > below) & (rounded <= upto)
        edges[found] = rounded[found]
        open_ &= ~found
        if not open_.any():
            break
    return edges


def fixed_edges(characteristic: Characteristic, kind: Kind) -> Floats | None:
    """Return the cuts that a characteristic declares, rising; None where it declares none."""
    if characteristic.cuts is None:
        return None
    try:
        cuts = [float(month_number(cut)) if kind == "month" else float(cut) for cut in characteristic.cuts]  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(
            f"Characteristic {characteristic.id!r} has a cut that is not a {kind}. Give finite lower edges, "
            "of months as '2024-03'."
        ) from error
    if not all(map(math.isfinite, cuts)) or any(b <= a for a, b in itertools.pairwise(cuts)):
        raise InputError(
            f"Characteristic {characteristic.id!r}: cuts must rise and be finite. Sort and mend them."
        )
    return np.array(cuts, np.float64)
