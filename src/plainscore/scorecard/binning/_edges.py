"""Where a column of numbers is cut: at short decimals between its values, or as its characteristic says.

0.7 as a 32-bit float is less than 0.7 as a 64-bit one, and would change sides at an edge of 0.7. So an edge
stands on an observed value, at which its bin begins, only where that as a 32-bit float is not below it: a
whole number below 2^24, 0.25, or 13.8. Otherwise it lies between two observed values.
"""

from __future__ import annotations

import itertools
import math
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._reading import month_number
from plainscore.scorecard.binning._characteristic import Characteristic, Kind
from plainscore.scorecard.binning._distinct import counted_values, weighed_values

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

WHOLE: Final = 2.0**24
"""Below this size every whole number is the same as a 32-bit and as a 64-bit float."""
NEAR: Final = 0.45
"""Part of the way to the next edge, in weight of rows, that an edge may move to be shorter."""
TIERS: Final = (16, 4, 1)
"""Of so many cells one edge is among the roundest of its wider surroundings, then of its narrower ones."""
FURTHER: Final = 5
"""How many multiples of a power of ten, to either side, are tried where the nearest is an observed value."""
ROUND: Final = 0.005
"""Most of a column's information value that its bins may lose so that their edges have fewer digits."""
_EXACT: Final = 2.0**53
_MOST_DECIMALS: Final = 17
_PLACES: Final = 22
"""Up to here every power of ten is a float of its own."""


def fine_edges(
    numbers: npt.NDArray[Any],
    special: Floats,
    low: float,
    high: float,
    finest: int,
    weight: Floats | None = None,
) -> tuple[Floats, Bools]:
    """Return short decimals that cut a column into at most `finest` cells of like weight.

    Every row is read, so the edges follow what rows say and not where they stand; a whole weight is so
    many rows. Each edge parts two neighbouring observed values, as `edges_between` says. A few edges are
    looked for over wide stretches, where a decimal of one or two digits lies, and the others between.

    Parameters
    ----------
    numbers : float array (rows,)
        The column, NaN where absent.
    special : float64 (codes,)
        Values that are no amounts, and have no part in the edges.
    low, high : float
        The range; what lies outside has no part in them either.
    finest : int
        Most cells.
    weight : float64 (rows,), optional
        Weight of every row; each counts as 1 if not given.

    Returns
    -------
    float64 (edges,), bool (edges,)
        Rising edges, and whether the two values that each one parts stay apart as 32-bit floats.
    """
    inside = (numbers >= low) & (numbers <= high)
    for code in special:
        inside &= numbers != code
    every = bool(inside.all())
    some = numbers if every else numbers[inside]
    if len(some) == 0:
        return np.empty(0), np.empty(0, np.bool_)
    if weight is None or (weight == weight[0]).all():
        values, mass = counted_values(some)
    else:
        values, mass = weighed_values(some, weight if every else weight[inside])
    if len(values) <= finest:
        return edges_between(values[:-1], values[1:])
    left, found = finest, []
    for tier in TIERS:
        cells = min(max(finest // tier, 1), left) if tier > 1 else left
        middle, width = np.arange(1, cells) * (mass[-1] / cells), NEAR * mass[-1] / cells
        first, last = (
            np.searchsorted(mass, middle + off, side="right").clip(1, len(values) - 1)
            for off in (-width, width)
        )
        found.append(_near_edges(values, first, last, FURTHER if tier > 1 else 0))
        left -= cells - 1
    edges, apart, place = (np.concatenate(parts) for parts in zip(*found, strict=True))
    _, at = np.unique(place, return_index=True)  # of two that part the same rows the first, which is rounder
    return edges[at], apart[at]


def _near_edges(values: Floats, first: Ints, last: Ints, further: int) -> tuple[Floats, Bools, Ints]:
    """Return for each stretch of distinct values the shortest edge in it that stands on none of them.

    Of decimals with as many digits the one nearest to the middle is taken, or up to so many further ones
    where it stands on a value; where all do, the edge parts the two values next to the middle.
    """
    low, high = values[first - 1], values[last]
    wanted = shortest_between(low, high)
    open_ = np.flatnonzero(~_stands(values, wanted))
    widest = float((high - low).max(initial=0.0))
    coarsest = -math.floor(math.log10(widest)) if further and 0.0 < widest < np.inf else _PLACES + 1
    for places in range(max(coarsest, -_PLACES), min(coarsest + 5, _PLACES + 1)):
        if not len(open_):
            break
        for off in sorted(range(-further, further + 1), key=abs):
            near = rounded_to(low[open_] / 2 + high[open_] / 2, places, off)
            good = (near > low[open_]) & (near < high[open_])
            good[good] = _stands(values, near[good])
            wanted[open_[good]] = near[good]
            open_ = open_[~good]
    place = np.searchsorted(values, wanted, side="left").clip(1, len(values) - 1)
    tight, apart = edges_between(values[place - 1], values[place])
    return np.where(_stands(values, wanted), wanted, tight), apart, place


def _stands(values: Floats, edges: Floats) -> Bools:
    """Return whether each edge parts its two neighbours among the values, in either size of float."""
    place = np.searchsorted(values, edges, side="left").clip(1, len(values) - 1)
    lower, upper = as_both_floats(values[place - 1])[1], as_both_floats(values[place])[0]
    return np.asarray((lower < edges) & ((edges < upper) | (edges == values[place]) & begins_there(edges)))


def begins_there(values: Floats) -> Bools:
    """Return whether a bin may begin at each value: whether as a 32-bit float it is not below itself.

    Examples
    --------
    >>> begins_there(np.array([0.7, 0.25, 13.8, 14.0])).tolist()
    [False, True, True, True]
    """
    return np.asarray(as_both_floats(values)[0] == values)


def roundest(edges: Floats, mass: Floats, bounds: Ints, *, by_years: bool, loose: float = NEAR) -> Ints:
    """Return bounds moved to the edges that a person would choose near by: those of fewest digits.

    Parameters
    ----------
    edges : float64 (cells - 1,)
        Rising edges of fine cells.
    mass : float64 (cells,)
        Weight of rows in each cell; the outcome plays no part.
    bounds : int64 (bins + 1,)
        Bounds over the cells, the first 0 and the last all of them.
    by_years : bool
        Whether the edges are months, of which whole years are roundest, then half years.
    loose : float
        Part of the way to a neighbouring bound, in weight of rows, that a bound may move.

    Examples
    --------
    >>> edges = np.array([0.773, 0.791, 0.8, 0.8123])
    >>> roundest(edges, np.ones(5), np.array([0, 2, 5]), by_years=False).tolist()
    [0, 3, 5]
    """
    below = np.concatenate([[0.0], np.cumsum(mass)])
    digits = np.array([digits_of(edge, by_years=by_years) for edge in edges])
    out = [int(bounds[0])]
    for at in range(1, len(bounds) - 1):
        here = below[bounds[at]]
        low = here - loose * (here - below[bounds[at - 1]])
        high = here + loose * (below[bounds[at + 1]] - here)
        first = max(int(np.searchsorted(below, low, side="left")), out[-1] + 1)
        last = int(np.searchsorted(below, high, side="right"))
        near = np.arange(first, min(last, len(edges) + 1))
        if not len(near):
            continue
        order = np.lexsort((near, np.abs(below[near] - here), digits[near - 1]))
        out.append(int(near[order[0]]))
    return np.array([*out, int(bounds[-1])], np.int64)


def round_costs(edges: Floats, *, by_years: bool) -> Floats:
    """Return what each edge costs for its digits: 0 for the fewest of all, 1 for the most.

    Parameters
    ----------
    edges : float64 (cells - 1,)
        Edges of fine cells.
    by_years : bool
        Whether they are months.

    Returns
    -------
    float64 (cells + 1,)
        The cost of a bound at each place; the first and the last are no edges and cost nothing.
    """
    digits = np.array([digits_of(edge, by_years=by_years) for edge in edges], np.float64)
    out = np.zeros(len(edges) + 2)
    if len(digits) and np.ptp(digits):
        out[1:-1] = (digits - digits.min()) / np.ptp(digits)
    return out


@lru_cache(maxsize=2**16)
def digits_of(value: float, *, by_years: bool) -> int:
    """Return the number of digits without noughts at either end; of months, how far from whole years.

    A share has as many digits as its per cent.

    Examples
    --------
    >>> digits_of(0.8, by_years=False), digits_of(0.8123, by_years=False), digits_of(48.0, by_years=True)
    (1, 4, 1)
    """
    number = Decimal(repr(float(value))).normalize()
    if not by_years:
        return len(number.as_tuple().digits)
    if number % 6 == 0:
        return 1 if number % 12 == 0 else 2
    return 3 + max(0, -int(number.as_tuple().exponent))


def edges_between(below: Floats, upto: Floats) -> tuple[Floats, Bools]:
    """Return for each pair of neighbouring values the edge that parts them, in either size of float.

    Two whole numbers below 2^24 are parted by the upper one, at which its bin begins. Any other two are
    parted by the shortest decimal strictly between them, and between what they are as 32-bit floats; or by
    the upper one where a bin may begin there and it has fewer decimals.

    Parameters
    ----------
    below, upto : float64 (pairs,)
        The lower and the upper value of each pair.

    Returns
    -------
    float64 (pairs,), bool (pairs,)
        The edges, and whether the two values stay apart as 32-bit floats. Where they do not, the edge
        parts them as 64-bit floats alone; where nothing lies between, it is the upper value.

    Examples
    --------
    >>> edges, apart = edges_between(np.array([2.0, 0.3, 13.9, 1e9]), np.array([5.0, 0.7, 14.0, 1e9 + 1]))
    >>> edges.tolist(), apart.tolist()
    ([5.0, 0.5, 14.0, 1000000000.5], [True, True, True, False])
    """
    lower, upper = as_both_floats(below)[1], as_both_floats(upto)[0]
    apart = lower < upper
    edges = shortest_between(np.where(apart, lower, below), np.where(apart, upper, upto))
    short = is_short_whole(below) & is_short_whole(upto)
    short |= apart & begins_there(upto) & (_decimals(upto) < _decimals(edges))
    return np.where(short, upto, edges), apart


def _decimals(values: Floats) -> Ints:
    """Return how many decimals each number has; more than any where it has more than 17."""
    out = np.full(len(values), _MOST_DECIMALS + 1)
    open_ = np.arange(len(values))
    for places in range(_MOST_DECIMALS + 1):
        found = rounded_to(values[open_], places) == values[open_]
        out[open_[found]] = places
        open_ = open_[~found]
        if not len(open_):
            break
    return out


def as_both_floats(values: Floats) -> tuple[Floats, Floats]:
    """Return the lesser and the greater of what each value is as a 32-bit and as a 64-bit float."""
    with np.errstate(over="ignore"):
        short = values.astype(np.float32).astype(np.float64)
    return np.minimum(values, short), np.maximum(values, short)


def is_short_whole(values: Floats) -> Bools:
    """Return whether each value is a whole number below 2^24, which both sizes of float hold exactly."""
    return np.asarray((np.abs(values) < WHOLE) & (values == np.floor(values)))


def shortest_between(lower: Floats, upper: Floats) -> Floats:
    """Return for each pair the number with fewest digits strictly between, the one nearest their middle.

    Counted are the digits down to the last that is not 0, so that 90 is shorter than 87. Where no number
    lies between, it is the upper.

    Examples
    --------
    >>> shortest_between(np.array([0.0, 82.1, 0.2801]), np.array([0.01786, 97.4, 0.28036])).tolist()
    [0.01, 90.0, 0.2802]
    """
    edges = upper.copy()
    some = lower < upper
    large = some & (np.maximum(np.abs(lower), np.abs(upper)) >= 10.0**_PLACES)
    open_ = np.flatnonzero(some & ~large)
    middle = lower / 2 + upper / 2
    for places in range(-_PLACES, _PLACES + 1):
        rounded = rounded_to(middle[open_], places)
        found = (rounded > lower[open_]) & (rounded < upper[open_])
        edges[open_[found]] = rounded[found]
        open_ = open_[~found]
        if not len(open_):
            break
    for at in [*open_, *np.flatnonzero(large)]:
        edges[at] = _decimal_between(float(lower[at]), float(upper[at]))
    return edges


def rounded_to(values: Floats, places: int, off: int = 0) -> Floats:
    """Return the multiples of a power of ten nearest to the values: the decimals' own floats, or NaN.

    With `off` it is that many multiples further up.

    Whole multiples below 2^53 and powers of ten up to 10^22 are exact, so one operation on them gives the
    float nearest to the decimal, which is the one that its text is read as.
    """
    scale = 10.0 ** abs(places)
    with np.errstate(over="ignore", invalid="ignore"):
        multiples = np.rint(values * scale if places > 0 else values / scale) + off
        rounded = multiples / scale if places > 0 else multiples * scale
    return np.where(np.abs(multiples) < _EXACT, rounded, np.nan)


def _decimal_between(lower: float, upper: float) -> float:
    """Do what `shortest_between` does for numbers too large, too small or too near for its arithmetic."""
    with localcontext() as context:
        context.prec = 60
        below, above = Decimal(lower), Decimal(upper)
        middle = (below + above) / 2
        first = max(below.adjusted(), above.adjusted()) + 1
        for power in range(first, (above - below).adjusted() - 3, -1):
            unit = Decimal(1).scaleb(power)
            found = float((middle / unit).to_integral_value() * unit)
            if lower < found < upper:
                return found
    return upper


def fixed_edges(characteristic: Characteristic, kind: Kind) -> Floats | None:
    """Return the cuts that a characteristic declares, rising; None where it declares none."""
    if characteristic.cuts is None:
        return None
    try:
        wanted: list[Any] = list(characteristic.cuts)
        cuts = [float(month_number(cut)) if kind == "month" else float(cut) for cut in wanted]
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
