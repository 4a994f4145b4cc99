"""The cut-off of most profit, how sure it is, and how flat the profit lies around it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._discrimination import Estimate
from plainscore.scorecard.strategy._costs import Costs
from plainscore.scorecard.strategy._cut_offs import into_bands, profit_of
from plainscore.scorecard.strategy._given import Draws, read_judged

Floats = npt.NDArray[np.float64]

MOST: Final = 200
"""Cut-offs that are compared: every score, or so many quantiles of them."""
NEAR: Final = 0.05
"""Share of the best profit within which another cut-off is called nearly as good."""


@dataclass(frozen=True)
class BestCutOff:
    """The cut-off of most profit on a sample.

    Parameters
    ----------
    cut_off : float
        Approve from this score on; infinite where approving nobody is best.
    low, high : float
        Percentile interval of the cut-off that is best.
    profit : Estimate
        Profit per applicant at `cut_off`, with its interval at that cut-off.
    optimism : float
        How much of it is likely the luck of choosing the best on the same rows (Efron's bootstrap).
    near : tuple of float
        Lowest and highest cut-off whose profit is at most 5% lower.
    alike : tuple of float
        Lowest and highest cut-off whose profit these rows cannot tell from the best: the interval of the
        difference, drawn in pairs, reaches 0.
    level : float
        Coverage aimed at.
    """

    cut_off: float
    low: float
    high: float
    profit: Estimate
    optimism: float
    near: tuple[float, float]
    alike: tuple[float, float]
    level: float

    @property
    def sentence(self) -> str:
        """What was found, and how flat the profit is around it, in words."""
        if math.isinf(self.cut_off):
            return (
                "No cut-off earns money at these costs: approving nobody is best on these rows "
                f"({self.level:.0%} interval of the best cut-off: {_from(self.low)} to {_from(self.high)})."
            )
        sure = f"{self.level:.0%} interval {_from(self.low)} to {_from(self.high)}"
        return (
            f"Profit is highest at a cut-off of {_from(self.cut_off)} ({sure}): {self.profit.value:.4g} an "
            f"applicant ({self.profit.low:.4g} to {self.profit.high:.4g}), of which some {self.optimism:.2g} "
            "may be the luck of choosing on the same rows. How flat it is: cut-offs of at most "
            f"{NEAR:.0%} less profit lie from {_from(self.near[0])} to {_from(self.near[1])}, and those that "
            f"these rows cannot tell from the best from {_from(self.alike[0])} to {_from(self.alike[1])}."
        )

    def __str__(self) -> str:
        return self.sentence


def best_cut_off(
    score: npt.ArrayLike,
    y: npt.ArrayLike,
    sample_weight: npt.ArrayLike | None = None,
    *,
    costs: Costs,
    groups: npt.ArrayLike | None = None,
    bad: Any = None,
    rounds: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> BestCutOff:
    """Return the cut-off of most profit per applicant, approving nobody among the choices.

    Parameters
    ----------
    score, y, sample_weight, groups, bad, rounds, level, seed
        As in `cut_off_table`.
    costs : Costs
        What a good and a bad case bring.

    Returns
    -------
    BestCutOff
        Chosen among all scores, or 200 quantiles of them where there are more. Print it for a sentence.

    Raises
    ------
    InputError
        If scores, outcome, weights, groups or options cannot be used.

    References
    ----------
    Efron, B. (1983). Estimating the error rate of a prediction rule: improvement on cross-validation. Journal
    of the American Statistical Association 78. Thomas, L. C., Crook, J. N. and Edelman, D. B. (2017). Credit
    Scoring and Its Applications, 2nd edition. SIAM.

    Examples
    --------
    >>> score = np.repeat([500, 550, 600, 650], 100)
    >>> y = np.arange(400) % 100 < np.repeat([40, 20, 10, 5], 100)
    >>> found = best_cut_off(score, y, costs=Costs(profit_per_good=100, loss_per_bad=500))
    >>> found.cut_off, found.profit.value
    (600.0, 27.5)
    """
    draws = Draws(rounds, level, seed)
    rows = read_judged(score, y, sample_weight, bad=bad, groups=groups)
    cuts = np.append(_candidates(rows.score), math.inf)
    banded = into_bands(rows, cuts)
    own = profit_of(banded.own, costs)[0]
    drawn = np.concatenate([profit_of(part, costs) for part in draws.counts(banded.cells, rows.who)])
    best, picks = int(np.argmax(own)), np.argmax(drawn, axis=1)
    low, high = np.quantile(picks, draws.tails, method="inverted_cdf")
    bounds = np.quantile(drawn[:, best], draws.tails)
    optimism = float(np.mean(drawn[np.arange(len(picks)), picks] - own[picks]))
    shortfall = np.quantile(drawn[:, [best]] - drawn, draws.tails[0], axis=0)
    near, alike = (
        np.flatnonzero(fine)[[0, -1]] for fine in (own >= own[best] * (1.0 - NEAR), shortfall <= 0.0)
    )
    return BestCutOff(
        float(cuts[best]),
        float(cuts[int(low)]),
        float(cuts[int(high)]),
        Estimate(float(own[best]), float(bounds[0]), float(bounds[1])),
        optimism,
        (float(cuts[near[0]]), float(cuts[near[1]])),
        (float(cuts[alike[0]]), float(cuts[alike[1]])),
        level,
    )


def _candidates(score: Floats) -> Floats:
    distinct = np.unique(score)
    if len(distinct) <= MOST:
        return distinct
    return np.unique(np.quantile(score, np.arange(MOST) / MOST, method="higher"))


def _from(cut_off: float) -> str:
    return "approving nobody" if math.isinf(cut_off) else f"{cut_off:g}"
