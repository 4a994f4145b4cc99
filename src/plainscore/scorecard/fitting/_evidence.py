"""Whether a column says anything that the chosen ones do not: a score test that needs no fit of the column.

At the fit of the chosen columns, the residuals of the rows are summed by the column's coarse cells. Were the
column without effect of its own, these sums would be normal about 0 with a covariance that is known, once
what the fit of the others takes up is taken off. For ordered cells the sums above every cut are standardised
and their squares added, as Anderson and Darling do for distributions: nothing is searched, so nothing has to
be corrected for a search. For levels the standardised sums of the levels themselves are squared and added.
The sum is a mixture of chi-squares, whose tail is found from its moments.

References
----------
Efron, B. (1997). The length heuristic for simultaneous hypothesis tests. Biometrika 84.
Liu, Y., Xie, J. (2020). Cauchy combination test: a powerful test with analytic p-value calculation under
arbitrary dependency structures. JASA 115.
Anderson, T. W., Darling, D. A. (1954). A test of goodness of fit. JASA 49.
Liu, H., Tang, Y., Zhang, H. H. (2009). A new chi-square approximation to the distribution of non-negative
definite quadratic forms in non-central normal variables. Computational Statistics and Data Analysis 53.
Wu, M. C. et al. (2011). Rare-variant association testing for sequencing data with the sequence kernel
association test. American Journal of Human Genetics 89.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, chndtr, gammaln, log_ndtr, ndtr

Floats = npt.NDArray[np.float64]

STATE: Final = 3.0
"""How much a state (missing, a special code) weighs beside the cuts of the known, whose sum of squares is
led by a few directions."""
LEVEL_ROWS: Final = 10.0
"""Average rows added to the variance of a level's sum, so that levels of a few rows do not fill the sum with
noise."""
_NONE: Final = 1e-9
LOG_2: Final = float(np.log(2.0))


@dataclass(frozen=True)
class Evidence:
    """The chance of such residuals without an effect, and its logarithm, which does not run out of digits."""

    p: float
    log_p: float


NOTHING: Final = Evidence(1.0, 0.0)


def evidence(sums: Floats, covariance: Floats, bins: int, noise: float) -> Evidence:
    """Return how probable a column's sums of residuals are if it has no effect of its own.

    Two looks are taken, the sum of the squares and the greatest of them, for effects that are spread and
    effects that sit in one place such as a rare tail, and combined.

    Parameters
    ----------
    sums : float64 (cells,)
        Residuals summed by cell: the ordered cells, then the states.
    covariance : float64 (cells, cells)
        Of these sums, with what the chosen columns take up taken off.
    bins : int
        How many cells are ordered; 0 for levels, which have no order.
    noise : float
        Variance of an average row's residual.
    """
    directions = _directions(covariance, bins, noise)
    if not len(directions):
        return NOTHING
    value = directions @ sums
    spread = directions @ covariance @ directions.T
    whole = _tail(float(value @ value), spread)
    most = _greatest(value, spread)
    return _combined(whole, most)


def _combined(first: Evidence, second: Evidence) -> Evidence:
    """Return one chance for two looks at the same residuals, by the Cauchy combination."""
    both = np.clip([first.p, second.p], 1e-15, 1.0 - 1e-9)
    p = 0.5 - float(np.arctan(np.tan((0.5 - both) * np.pi).mean()) / np.pi)
    log_p = LOG_2 - float(np.logaddexp(-first.log_p, -second.log_p))  # the harmonic mean, which it is near 0
    return Evidence(min(max(p, 0.0), 1.0), min(0.0, log_p))


def _directions(covariance: Floats, bins: int, noise: float) -> Floats:
    """Return the linear forms whose squares are added, each with the variance that its place asks."""
    size = len(covariance)
    variance = np.diag(covariance)
    floor = _NONE * max(float(variance.max(initial=0.0)), noise)
    rows = []
    if bins:
        above = np.triu(np.ones((bins, size)))[1:]
        above[:, bins:] = 0.0
        spread = np.einsum("ij,jk,ik->i", above, covariance, above)
        some = spread > floor
        rows.append(above[some] / np.sqrt(spread[some])[:, None])
    own = np.eye(size)[bins:]
    spread = variance[bins:]
    some = spread > floor
    weight = np.full(len(spread), STATE) if bins else spread / (spread + LEVEL_ROWS * noise)
    rows.append(own[some] * np.sqrt(weight[some] / spread[some])[:, None])
    return np.concatenate(rows)


def _tail(value: float, spread: Floats) -> Evidence:
    """Return the upper tail of a sum of squares of normals with covariance `spread`."""
    square = spread @ spread
    first, second = float(np.trace(spread)), float(np.trace(square))
    third, fourth = float((square * spread.T).sum()), float((square * square.T).sum())
    if not second > 0.0:
        return NOTHING
    skew, tail = third / second**1.5, fourth / second**2
    off = 0.0
    if skew**2 > tail:
        a = 1.0 / (skew - np.sqrt(skew**2 - tail))
        off = skew * a**3 - a**2
        freedom = a**2 - 2.0 * off
    else:
        a = 1.0 / skew
        freedom = a**2
    place = (value - first) / np.sqrt(second) * a + freedom + off
    p = 1.0 - float(chndtr(place, freedom, off)) if off > 0.0 else float(chdtrc(freedom, max(place, 0.0)))
    return Evidence(min(max(p, 0.0), 1.0), _log_tail(value * first / second, first**2 / second))


def _log_tail(value: float, freedom: float) -> float:
    """Return the logarithm of the upper tail of a chi-square, also where the tail itself is 0 in floats."""
    tail = float(chdtrc(freedom, max(value, 0.0)))
    if tail > 1e-280:
        return float(np.log(tail))
    half = freedom / 2.0
    return float((half - 1.0) * np.log(value / 2.0) - value / 2.0 - gammaln(half))


def _greatest(value: Floats, spread: Floats) -> Evidence:
    """Return the chance that any of some normals is as far from 0 as the farthest, in their standard errors.

    What neighbours have in common is not counted twice: Efron's length heuristic, on both sides of 0.
    """
    scale = np.sqrt(np.diag(spread))
    far = float(np.abs(value / scale).max())
    beside = np.diag(spread, 1) / (scale[1:] * scale[:-1])
    length = np.arccos(np.clip(np.abs(beside), 0.0, 1.0))
    inner = 0.0 if far < 1e-9 else float((ndtr(far * length / 2.0) - 0.5).sum()) * 2.0 / far
    log_density = -far * far / 2.0 - 0.5 * np.log(2.0 * np.pi)
    log_p = float(np.logaddexp(log_ndtr(-far), log_density + np.log(max(inner, 1e-300)))) + LOG_2
    return Evidence(min(1.0, float(np.exp(log_p))), min(0.0, log_p))
