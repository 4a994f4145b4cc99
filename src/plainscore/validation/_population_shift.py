"""Whether a population has moved: the population stability index of the score and of each characteristic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from plainscore.validation._errors import ValidationError
from plainscore.validation._numbers import Floats

WATCH, SHIFT = 0.10, 0.25
HALF = 0.5

Verdict = Literal["stable", "watch", "shift", "within chance"]


@dataclass(frozen=True)
class Stability:
    """An index, its parts, the value that chance exceeds once in twenty, and what follows from both."""

    index: float
    parts: Floats
    chance: float
    verdict: Verdict


def stability_index(expected: npt.ArrayLike, actual: npt.ArrayLike) -> Stability:
    """Give the population stability index between two sets of counts over the same bins.

    Each count has one half added, so that an empty bin does not make the index infinite. With few cases the
    index is large by chance: without any shift, index / (1/n + 1/m) follows about a chi-square with bins - 1
    degrees of freedom, and an index below its 95% point is called "within chance" when it would otherwise be
    a warning.

    Parameters
    ----------
    expected, actual : array of shape (bins,)
        Counts at development, and now.

    Returns
    -------
    Stability

    Raises
    ------
    ValidationError
        If the bins differ or one side has no cases.

    References
    ----------
    Siddiqi, N. (2006). Credit Risk Scorecards: below 0.10 stable, 0.10 to 0.25 watch, above 0.25 shift.
    Yurdakul, B. (2018). Statistical properties of population stability index. Western Michigan University.

    Examples
    --------
    >>> stability_index([500, 500], [400, 600]).verdict
    'stable'
    >>> stability_index([10, 10], [6, 14]).verdict
    'within chance'
    """
    e, a = np.asarray(expected, dtype=np.float64), np.asarray(actual, dtype=np.float64)
    if e.ndim != 1 or e.shape != a.shape or e.size < 1:
        raise ValidationError(
            f"the counts have shapes {e.shape} and {a.shape}: count both over the same bins"
        )
    if e.sum() <= 0 or a.sum() <= 0:
        raise ValidationError("one of the two samples has no cases: leave the index out")
    share_e = (e + HALF) / (e.sum() + HALF * e.size)
    share_a = (a + HALF) / (a.sum() + HALF * a.size)
    parts = (share_a - share_e) * np.log(share_a / share_e)
    index, chance = float(parts.sum()), _chance(e.size - 1) * float(1.0 / e.sum() + 1.0 / a.sum())
    return Stability(index, parts, chance, _verdict(index, chance))


def _chance(degrees: int) -> float:
    from scipy.special import chdtri

    return float(chdtri(degrees, 0.05)) if degrees else 0.0


def _verdict(index: float, chance: float) -> Verdict:
    if index < WATCH:
        return "stable"
    if index < chance:
        return "within chance"
    return "watch" if index < SHIFT else "shift"


def points_shift(expected: npt.ArrayLike, actual: npt.ArrayLike, points: npt.ArrayLike) -> float:
    """Give by how many points a characteristic moved the mean score between two sets of counts.

    Examples
    --------
    >>> points_shift([50, 50], [25, 75], [0, 20])
    5.0
    """
    e, a = np.asarray(expected, dtype=np.float64), np.asarray(actual, dtype=np.float64)
    return float(((a / a.sum() - e / e.sum()) * np.asarray(points, dtype=np.float64)).sum())
