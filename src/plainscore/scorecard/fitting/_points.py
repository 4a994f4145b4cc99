"""Integer points: the rounding that costs next to nothing, with every order kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NEAR_HALF: Final = 1e-6
_PASSES: Final = 50


@dataclass(frozen=True)
class Rounded:
    """Integer points, what they stand for, and the scale that fits them best.

    The score of a case is ``base_points + sum of points``; its log odds of good are
    ``(score - anchor) / factor``.
    """

    points: list[Ints]
    exact: list[Floats]
    base_points: int
    factor: float
    anchor: float


def spread_points(
    weights: Sequence[Floats], intercept: float, counts: Floats, *, low: int, high: int
) -> Rounded:
    """Choose integer points whose minima sum to 0 and whose maxima sum to exactly ``high - low``.

    Every characteristic's worst attribute has 0 points, so the base points are the lowest score.

    Parameters
    ----------
    weights : list of float64 arrays
        Log odds of good that each attribute adds, per characteristic.
    intercept : float
        Log odds where every weight is 0.
    counts : float64 (attributes, attributes)
        Joint weight of rows, over all attributes in order; what rounding errors are weighed by.
    low, high : int
        Lowest and highest attainable score.
    """
    ranges = np.array([np.ptp(values) for values in weights])
    span = high - low
    if not ranges.sum() > 0:
        raise ConstraintError(
            f"No characteristic separates good from bad, so a range of {low} to {high} cannot be attained. "
            "See the build log for why each characteristic left."
        )
    factor = span / float(ranges.sum())
    tops = _apportion(ranges * factor, span)
    exact = [factor * (values - values.min()) for values in weights]
    points = [first_rounding(values, int(top)) for values, top in zip(exact, tops, strict=True)]
    centred = counts - np.outer(np.diag(counts), np.diag(counts)) / total_weight(counts, exact)
    points = improve(points, exact, centred, np.zeros(len(counts)))
    lift = sum(float(values.min()) for values in weights) + intercept
    slope, shift = refit(points, exact, counts)
    # score - low = shift + slope x (exact score - low), and exact score - low = factor x (log odds - lift)
    return Rounded(points, exact, low, slope * factor, low + shift - slope * factor * lift)


def fixed_points(
    weights: Sequence[Floats], intercept: float, counts: Floats, *, factor: float, anchor: float
) -> Rounded:
    """Choose integer points on a given scale: score = anchor + factor x log odds of good."""
    exact = [factor * (values - values.min()) for values in weights]
    start = anchor + factor * (intercept + sum(float(values.min()) for values in weights))
    base = round(start)
    points = [first_rounding(values, round(float(values.max()))) for values in exact]
    points = improve(points, exact, counts, np.diag(counts) * (base - start))
    return Rounded(points, exact, base, factor, anchor)


def total_weight(counts: Floats, exact: Sequence[Floats]) -> float:
    """Return the weight of all rows: that of the first characteristic's attributes together."""
    return float(np.diag(counts)[: len(exact[0])].sum())


def _apportion(shares: Floats, total: int) -> Ints:
    """Round shares to integers that sum to `total`, by largest remainder."""
    floor = np.floor(shares + 1e-9).astype(np.int64)
    order = sorted(range(len(shares)), key=lambda at: (floor[at] - shares[at], at))
    for at in order[: total - int(floor.sum())]:
        floor[at] += 1
    return floor


def first_rounding(exact: Floats, top: int) -> Ints:
    """Round each to the nearest, with the greatest at `top` and zero kept."""
    points = np.minimum(np.floor(exact + 0.5).astype(np.int64), top)
    points[exact == exact.max()] = top
    points[exact == 0.0] = 0
    return points


def improve(points: list[Ints], exact: Sequence[Floats], counts: Floats, offset: Floats) -> list[Ints]:
    """Move points by one while the weighted squared error of the whole score falls.

    Attributes of like weight move together, and no attribute passes another of its characteristic: so a
    shape that weights keep is kept by points, and a state held to the best attribute stays held. The ends of
    each characteristic stay.
    """
    flat, want = np.concatenate(points), np.concatenate(list(exact))
    bounds = np.cumsum([0, *(len(part) for part in points)])
    alike = _alike(exact, bounds)
    pull = counts @ (flat - want) + offset
    least = 1e-9 * max(1.0, float(np.trace(counts)))
    for _ in range(_PASSES):
        moved = False
        for start, end, members in alike:
            step = -1 if pull[members].sum() > 0 else 1
            gain = 2 * step * pull[members].sum() + counts[np.ix_(members, members)].sum()
            if gain < -least and _allowed(flat[start:end], want[start:end], members - start, step):
                flat[members] += step
                pull += step * counts[:, members].sum(axis=1)
                moved = True
        if not moved:
            break
    return np.split(flat, bounds[1:-1])


def _alike(exact: Sequence[Floats], bounds: Ints) -> list[tuple[int, int, Ints]]:
    """Return the attributes of each weight between the ends, with the bounds of their characteristic."""
    out = []
    for part, start, end in zip(exact, bounds[:-1], bounds[1:], strict=True):
        values, group = np.unique(part, return_inverse=True)
        inside = np.flatnonzero((values != values[0]) & (values != values[-1]))
        out += [(int(start), int(end), np.flatnonzero(group == at) + int(start)) for at in inside]
    return out


def _allowed(points: Ints, want: Floats, members: Ints, step: int) -> bool:
    """Return whether attributes of one weight may move: by less than a point of rounding, past no other."""
    value, new = float(want[members[0]]), int(points[members[0]]) + step
    if abs(new - value) >= 1.0 or not 0 <= new <= points.max():
        return False
    return bool((points[want < value] <= new).all() and (points[want > value] >= new).all())


def refit(points: Sequence[Ints], exact: Sequence[Floats], counts: Floats) -> tuple[float, float]:
    """Fit the integer score as ``shift + slope x exact score`` by weighted least squares."""
    p, e = np.concatenate(list(points)).astype(np.float64), np.concatenate(list(exact))
    n = total_weight(counts, exact)
    share = np.diag(counts) / n
    mean_p, mean_e = float(share @ p), float(share @ e)
    spread = float(e @ counts @ e) / n - mean_e**2
    if not spread > 0:
        return 1.0, mean_p - mean_e
    slope = (float(p @ counts @ e) / n - mean_p * mean_e) / spread
    return slope, mean_p - slope * mean_e


def near_half(exact: Floats) -> list[int]:
    """Return which points lie so near a half that another processor may round them otherwise."""
    return [int(at) for at in np.flatnonzero(np.abs(exact - np.floor(exact) - 0.5) < NEAR_HALF)]
