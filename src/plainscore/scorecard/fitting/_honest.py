"""What a card can be expected to do on rows it has not seen, and whether that is better than chance.

The whole procedure is repeated in every fold: columns, sizes, bins, weights. Nothing that is quoted has seen
any of the rows that it is quoted on. The chance test repeats the same on outcomes that were exchanged at
random, and asks whether such a card looks as good.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting._crossval import ranked
from plainscore.scorecard.fitting._few import level_of
from plainscore.scorecard.fitting._fitted import Fitted, Options, Procedure, Table
from plainscore.scorecard.fitting._rows import Ints, deal, exchanged, thinned

Floats = npt.NDArray[np.float64]

FOLDS: Final = 5
MORE_FOLDS: Final = 10
FEW: Final = 200
"""Rows of the rarer outcome below which there are ten folds: four fifths of few rows make a worse card."""
LEAST: Final = 4
"""Rows of the rarer outcome without which nothing can be estimated."""
MOST_ROWS: Final = 200_000
"""Copies above which a fifth of them, dealt by chance, is enough."""
EXCHANGES: Final = 39
ALLOWED: Final = 1
"""Exchanges of outcomes, and how many of them may look as good: two in forty, the card itself among them."""
BEYOND: Final = 3.5
"""Standard errors over an even chance that need no exchange: were all folds one and the same, 2 in 10,000."""
BEYOND_PEOPLE: Final = 5.0
"""The same where people have several cases, whose spread is itself estimated from them."""
NORMAL_95: Final = 1.645
IN_SAMPLE: Final = (
    "Nothing that the fit finds: columns, size, bins and weights were found anew in every fold. What was "
    "declared before it (directions, cuts and edits, columns to keep or leave) is the same in all."
)


@dataclass(frozen=True)
class Estimate:
    """Figures of cards that were fitted without the rows they are measured on.

    `auc`, `standard_error` and `ks` are means over the folds, `slope` that of the outcome on the log odds of
    all folds together, `plain_auc` the AUC with every row counted once, whatever its weight.
    """

    auc: float
    standard_error: float
    ks: float
    slope: float
    slope_error: float
    folds: int
    rows: int
    plain_auc: float
    even: float
    chosen: dict[str, int]

    def log(self) -> dict[str, Any]:
        """Return what the build log says."""
        return {
            "auc": self.auc,
            "standard_error": self.standard_error,
            "ks": self.ks,
            "slope": self.slope,
            "slope_standard_error": self.slope_error,
            "folds": self.folds,
            "rows": self.rows,
            "chosen_in_folds": self.chosen,
            "in_sample": IN_SAMPLE,
        }


def estimate_of(table: Table, procedure: Procedure, options: Options) -> Estimate:
    """Repeat the whole procedure without each fold, and look at the fold.

    Raises
    ------
    ConstraintError
        If there are fewer than `LEAST` good or bad rows.
    """
    rows = table.rows
    count = thinned(rows, MOST_ROWS)
    bads = int(count[rows.bad].sum())
    rarer = min(bads, int(count.sum()) - bads)
    if rarer < LEAST:
        raise ConstraintError(
            f"There are {rarer} rows of the rarer outcome, too few to hold any out: nothing could be said of "
            "a card on other rows. Give more rows; estimate=False fits without an estimate."
        )
    parts = min(MORE_FOLDS if rarer < FEW else FOLDS, max(2, rarer // 2))
    dealt = deal(rows.at(np.arange(len(count)), count), parts)
    chosen: Counter[str] = Counter({one.id: 0 for one in table.said})
    found = []
    for part in range(parts):
        out = dealt[:, part]
        fitted = _without(table, procedure, options, count - out)
        if fitted is not None:
            chosen.update(one.id for one in fitted.kept)
        found.append(_looked_at(table, fitted, out))
    return _summed(table, dealt, found, dict(chosen))


def _without(table: Table, procedure: Procedure, options: Options, count: Ints) -> Fitted | None:
    """Return a fit of some copies; None where nothing is left for a card."""
    try:
        return procedure(table.drawn(count), options)
    except ConstraintError:
        return None


@dataclass(frozen=True)
class _Fold:
    places: Ints
    eta: Floats
    auc: float
    variance: float
    ks: float
    plain: float
    even: float


def _looked_at(table: Table, fitted: Fitted | None, out: Ints) -> _Fold:
    places = np.flatnonzero(out)
    rows = table.rows.at(places, out)
    eta = np.zeros(len(places)) if fitted is None else fitted.log_odds(rows.codes)
    found = ranked(rows.bad, -eta, rows.unit * rows.count, rows.group, rows.count)
    plain = ranked(rows.bad, -eta, rows.count.astype(np.float64), rows.group)
    bads, copies = rows.bads, rows.copies
    even = (copies + 1) / (12 * max(bads, 1) * max(copies - bads, 1))
    if rows.group is not None:  # what people's cases have in common is in the variance by person
        even = max(even, plain.variance)
    return _Fold(places, eta, found.auc, found.variance, found.ks, plain.auc, math.sqrt(even))


def _summed(table: Table, dealt: Ints, found: list[_Fold], chosen: dict[str, int]) -> Estimate:
    rows = table.rows
    bad = np.concatenate([rows.bad[one.places] for one in found])
    weight = np.concatenate([(rows.unit * dealt[:, part])[one.places] for part, one in enumerate(found)])
    eta = np.concatenate([one.eta for one in found])
    slope, error = _slope(eta, Sample(bad, weight))
    usable = [one for one in found if math.isfinite(one.auc)]
    return Estimate(
        auc=float(np.mean([one.auc for one in usable])),
        standard_error=math.sqrt(float(np.mean([one.variance for one in usable])) / len(usable)),
        ks=float(np.mean([one.ks for one in usable])),
        slope=slope,
        slope_error=error,
        folds=len(found),
        rows=int(dealt.sum()),
        plain_auc=float(np.mean([one.plain for one in usable])),
        even=float(np.mean([one.even for one in usable])),
        chosen=chosen,
    )


def _slope(eta: Floats, sample: Sample) -> tuple[float, float]:
    """Return the slope of the outcome on log odds and its standard error; 1 and infinity of like odds."""
    if not np.ptp(eta) > 1e-9:
        return 1.0, math.inf
    level = level_of(eta, sample)
    p = 1.0 / (1.0 + np.exp(-(level.intercept + level.slope * eta)))
    curve = sample.weight * p * (1.0 - p)
    mean = float((curve * eta).sum() / curve.sum())
    return level.slope, 1.0 / math.sqrt(float((curve * (eta - mean) ** 2).sum()))


def trusted(estimate: Estimate) -> float:
    """Return the slope to bring weights to: the estimate's, drawn to 1 as far as it may be chance.

    References
    ----------
    James, W., Stein, C. (1961). Estimation with quadratic loss. Fourth Berkeley Symposium.
    """
    off = estimate.slope - 1.0
    if not abs(off) > 0.0 or not math.isfinite(estimate.slope_error):
        return 1.0
    return 1.0 + off * max(0.0, 1.0 - (estimate.slope_error / off) ** 2)


@dataclass(frozen=True)
class Chance:
    """Whether a card is better than chance, and how that was told."""

    passed: bool
    exchanges: int
    as_good: int
    note: str

    def log(self) -> dict[str, Any]:
        """Return what the build log says."""
        return {
            "passed": self.passed,
            "exchanges": self.exchanges,
            "as_good": self.as_good,
            "note": self.note,
        }


def chance_of(table: Table, procedure: Procedure, options: Options, estimate: Estimate) -> Chance:
    """Tell whether the estimate of the whole procedure could come by chance, at one in twenty.

    The procedure is repeated on exchanged outcomes until two look as good, or all but one look worse. Far
    from an even chance no exchange is needed: given the rows that a fold's card was fitted on, the AUC of
    the fold has a known spread under chance (Mann and Whitney), and the mean of folds has no more, however
    they hang together.

    References
    ----------
    Mann, H. B., Whitney, D. R. (1947). Annals of Mathematical Statistics 18.
    Besag, J., Clifford, P. (1991). Sequential Monte Carlo p-values. Biometrika 78.
    """
    over = (estimate.plain_auc - 0.5) / estimate.even
    if over >= (BEYOND if table.rows.group is None else BEYOND_PEOPLE):
        return Chance(True, 0, 0, f"{over:.1f} standard errors of one fold over an even chance.")
    if not estimate.plain_auc > 0.5:
        return Chance(False, 0, 0, "No better than an even chance.")
    as_good = 0
    for number in range(1, EXCHANGES + 1):
        other = Table(table.said, table.cells, exchanged(table.rows, number))
        as_good += estimate_of(other, procedure, options).plain_auc >= estimate.plain_auc
        if as_good > ALLOWED:
            break
    said = f"Of {number} cards on exchanged outcomes {as_good} looked as good."
    return Chance(as_good <= ALLOWED, number, int(as_good), said)


def refuse_chance(table: Table, estimate: Estimate) -> ConstraintError:
    """Return the error of a card that is no better than chance, with what could have been seen."""
    rows = table.rows
    if rows.group is None:
        bads, everyone, who = rows.bads, rows.copies, "rows"
    else:
        has_bad = np.bincount(rows.group, weights=rows.count * rows.bad) > 0
        bads, everyone, who = int(has_bad.sum()), len(has_bad), "people"
    even = math.sqrt((everyone + 1) / (12 * bads * max(everyone - bads, 1)))
    least = max(0.5 + NORMAL_95 * even, estimate.plain_auc)  # an exchange may be wider than people alone say
    beside = "cards fitted in the same way to outcomes exchanged at random look as good"
    if not estimate.plain_auc > 0.5:
        beside = "an even chance is 0.5"
    return ConstraintError(
        f"No card: on rows it has not seen it would rank with an AUC of {estimate.plain_auc:.3f}, and "
        f"{beside}. With {bads:,} bads among {everyone:,} {who} an AUC under about {least:.3f} cannot be "
        "told from chance. Give more outcomes, or columns that say more; estimate=False fits all the same."
    )
