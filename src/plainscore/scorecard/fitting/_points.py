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
    """Move single points by one while the weighted squared error of the whole score falls.

    The order of neighbouring attributes, and the ends of each characteristic, are kept.
    """
    flat, want = np.concatenate(points), np.concatenate(list(exact))
    ends = np.concatenate([(part == part.max()) | (part == part.min()) for part in exact])
    first = np.concatenate([np.arange(len(part)) == 0 for part in exact])
    pull = counts @ (flat - want) + offset
    least = 1e-9 * max(1.0, float(np.trace(counts)))
    top = np.concatenate([np.full(len(part), part.max()) for part in points])
    for _ in range(_PASSES):
        moved = False
        for at in np.flatnonzero(~ends):
            step = -1 if pull[at] > 0 else 1
            gain = 2 * step * pull[at] + counts[at, at]
            if gain < -least and _allowed(flat, want, first, top, int(at), step):
                flat[at] += step
                pull += step * counts[:, at]
                moved = True
        if not moved:
            break
    return np.split(flat, np.cumsum([len(part) for part in points])[:-1])


def _allowed(flat: Ints, want: Floats, first: npt.NDArray[np.bool_], top: Ints, at: int, step: int) -> bool:
    new = flat[at] + step
    if abs(new - want[at]) >= 1.0 or not 0 <= new <= top[at]:
        return False
    before = None if first[at] else at - 1
    after = at + 1 if at + 1 < len(flat) and not first[at + 1] else None
    for other in (before, after):
        if other is not None and (want[other] - want[at]) * (flat[other] - new) < 0:
            return False
    return True


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
