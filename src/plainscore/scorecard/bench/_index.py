"""The population stability index and what chance alone makes of it.

Without any shift, index / (1/n + 1/m) follows about a chi-square with bins - 1 degrees of freedom. Where
rows of one person are alike, or rows are weighted, it is a sum of chi-squares, each times an eigenvalue of
the shares' covariance over their expectation; Satterthwaite's chi-square of the same mean and variance
stands for it.

References
----------
Yurdakul, B. and Naranjo, J. (2020). Statistical properties of the population stability index. Journal of
Risk Model Validation 14(4). Rao, J. N. K. and Scott, A. J. (1981). The analysis of categorical data from
complex sample surveys. Journal of the American Statistical Association 76. Siddiqi, N. (2017). Intelligent
Credit Scoring, 2nd edition: below 0.10 stable, 0.10 to 0.25 watch, above 0.25 shift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.bench._counts import shares_variance, totals
from plainscore.scorecard.bench._seen import Floats, Ints

HALF: Final = 0.5
"""Cases added to every bin, so that an empty one does not make the index infinite."""


@dataclass(frozen=True)
class Side:
    """One of two populations: each row's weight, whose it is, and whether a weight is so many rows."""

    weight: Floats
    who: Ints | None
    whole: bool

    @property
    def is_plain(self) -> bool:
        """Whether rows are independent and each counts as itself."""
        return self.who is None and self.whole


@dataclass(frozen=True)
class Index:
    """An index with its parts, the limit that chance passes at 1 - level, and the chance of as much."""

    value: float
    parts: Floats
    chance: float
    p: float
    base: Floats
    now: Floats


def stability_index(
    base: Ints, now: Ints, bins: int, sides: tuple[Side, Side], *, level: float = 0.95
) -> Index:
    """Return the index between two populations over the same bins.

    Parameters
    ----------
    base, now : int64 arrays
        Each row's bin.
    bins : int
        How many there are; those that nobody is in are left out.
    sides : (Side, Side)
        Weights and groups of both.
    level : float
        Share of samples without a shift whose index lies below the limit.
    """
    from scipy.special import chdtrc, chdtri

    counts = [totals(codes, side.weight, bins) for codes, side in zip((base, now), sides, strict=True)]
    there = (counts[0] + counts[1]) > 0
    held = int(there.sum())
    if held < 2:
        return Index(0.0, np.zeros(bins), 0.0, 1.0, counts[0], counts[1])
    place = np.cumsum(there) - 1
    spread = _spread(place[base], place[now], held, sides)
    shares = [
        (each[there] + HALF * rows) / (each.sum() + HALF * rows * held)
        for each, rows in zip(counts, spread.rows, strict=True)
    ]
    parts = np.zeros(bins)
    parts[there] = (shares[1] - shares[0]) * np.log(shares[1] / shares[0])
    value = float(parts.sum())
    chance = spread.factor * float(chdtri(spread.degrees, 1 - level))
    p = float(chdtrc(spread.degrees, value / spread.factor))
    return Index(value, parts, chance, p, counts[0], counts[1])


@dataclass(frozen=True)
class _Spread:
    """The chi-square of the index without a shift: scale and degrees of freedom; rows a case, per side."""

    factor: float
    degrees: float
    rows: tuple[float, float]


def _spread(base: Ints, now: Ints, bins: int, sides: tuple[Side, Side]) -> _Spread:
    sizes = [float(side.weight.sum()) for side in sides]
    degrees = float(bins - 1)
    if all(side.is_plain for side in sides):
        return _Spread(1 / sizes[0] + 1 / sizes[1], degrees, (1.0, 1.0))
    found = [_variance(codes, bins, side) for codes, side in zip((base, now), sides, strict=True)]
    pooled = (sizes[0] * found[0][0] + sizes[1] * found[1][0]) / sum(sizes)
    scale = np.sqrt(np.outer(pooled, pooled))
    scaled = (found[0][1] + found[1][1]) / scale
    first, second = float(np.trace(scaled)), float((scaled * scaled).sum())
    rows = [
        1.0 if side.is_plain else float(np.trace(each / scale)) * size / degrees
        for side, (_, each), size in zip(sides, found, sizes, strict=True)
    ]
    return _Spread(second / first, first**2 / second, (rows[0], rows[1]))


def _variance(codes: Ints, bins: int, side: Side) -> tuple[Floats, npt.NDArray[np.float64]]:
    if side.is_plain:  # a weight of two is two rows, not one that counts twice
        share = totals(codes, side.weight, bins) / side.weight.sum()
        return share, (np.diag(share) - np.outer(share, share)) / side.weight.sum()
    return shares_variance(codes, bins, side.weight, side.who)


def holm(p: npt.ArrayLike) -> Floats:
    """Return p-values corrected for being the smallest of many (NaN stays and does not count).

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics 6.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, np.float64)
    out = np.full(values.shape, np.nan)
    given = np.flatnonzero(~np.isnan(values))
    order = given[np.argsort(values[given], kind="stable")]
    worst = np.maximum.accumulate(values[order] * np.arange(len(order), 0, -1))
    out[order] = np.minimum(worst, 1.0)
    return out
