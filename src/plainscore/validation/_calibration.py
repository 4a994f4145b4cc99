"""From score to probability of default: a dated object of its own, apart from the points.

Recalibrating leaves every point where it was; only what a score means in odds, for a population and a date,
changes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.validation._errors import ValidationError
from plainscore.validation._logit import fit_line
from plainscore.validation._numbers import COEFFICIENT_PLACES, SHARE_PLACES, Json, count, decimal_text
from plainscore.validation._scored_sample import sample

SCHEMA = "plainscore/calibration/1"
STEP = 100.0
# Standard normal quantiles of the levels that a report prints; a table spares the scoring path an import of
# SciPy.
QUANTILES = {0.9: 1.6448536269514722, 0.95: 1.959963984540054, 0.99: 2.5758293035489004}


@dataclass(frozen=True)
class Calibration:
    """log-odds of bad = intercept + slope * (score - centre) / 100, with the covariance of the two.

    The numbers are decimal strings, so that the published object is the one that runs.

    Examples
    --------
    >>> held = Calibration(intercept="-3", slope="-2", variance_intercept="0.01", covariance="0",
    ...     variance_slope="0.01", centre=600, population="sample", date="2024-06-30", cases=1000, goods=950,
    ...     bads=50, people=1000)
    >>> [round(p, 4) for p in held.pd(600)]
    [0.0474, 0.0393, 0.0571]
    """

    intercept: str
    slope: str
    variance_intercept: str
    covariance: str
    variance_slope: str
    centre: int
    population: str
    date: str
    cases: int
    goods: int | str
    bads: int | str
    people: int
    level: str = "0.95"

    def pd(self, score: float) -> tuple[float, float, float]:
        """Give the probability of default at `score` and the bounds of its interval.

        The bounds come from the delta method on the log-odds. The interval is that of the fitted line for a
        group of people with this score, not of one person's outcome.
        """
        x = (float(score) - self.centre) / STEP
        middle = float(self.intercept) + float(self.slope) * x
        variance = (
            float(self.variance_intercept)
            + 2 * x * float(self.covariance)
            + x * x * float(self.variance_slope)
        )
        reach = QUANTILES[float(self.level)] * math.sqrt(max(variance, 0.0))
        return _probability(middle), _probability(middle - reach), _probability(middle + reach)

    def pd_text(self, score: float) -> tuple[str, str, str]:
        """Give `pd` as the decimal strings that are printed and recorded."""
        middle, low, high = (decimal_text(p, SHARE_PLACES) for p in self.pd(score))
        return middle, low, high

    def points_to_double_odds(self) -> float:
        """Give the points over which the odds of good double, as the outcomes show them."""
        return -STEP * math.log(2.0) / float(self.slope)

    def to_json(self) -> Json:
        """Give the canonical dict: integers and strings only."""
        return {
            "schema": SCHEMA,
            "method": "logistic",
            "step": int(STEP),
            **{name: getattr(self, name) for name in self.__dataclass_fields__},
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Calibration:
        """Read what `to_json` wrote.

        Raises
        ------
        ValidationError
            If the schema is another, or a field is missing or not known.
        """
        if (
            found.get("schema") != SCHEMA
            or found.get("step") != int(STEP)
            or found.get("method") != "logistic"
        ):
            raise ValidationError(
                f"this is not a calibration of schema {SCHEMA!r}: check which file was given"
            )
        fields = {k: v for k, v in found.items() if k not in {"schema", "step", "method"}}
        if set(fields) != set(cls.__dataclass_fields__):
            odd = sorted(set(fields) ^ set(cls.__dataclass_fields__))
            raise ValidationError(
                f"the calibration has missing or unknown fields {odd}: write it with to_json"
            )
        if float(fields["level"]) not in QUANTILES:
            raise ValidationError(
                f"the level {fields['level']!r} is unknown: choose one of {sorted(QUANTILES)}"
            )
        return cls(**fields)

    @property
    def id(self) -> str:
        """SHA-256 of the canonical JSON bytes (RFC 8785), in hexadecimal."""
        import rfc8785

        return hashlib.sha256(rfc8785.dumps(self.to_json())).hexdigest()


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds)) if log_odds >= 0 else 1.0 - 1.0 / (1.0 + math.exp(log_odds))


def fit_calibration(
    scores: npt.ArrayLike,
    bad: npt.ArrayLike,
    *,
    population: str,
    as_of: date,
    weights: npt.ArrayLike | None = None,
    person: npt.ArrayLike | None = None,
) -> Calibration:
    """Fit the odds of bad on the score, with errors by person.

    Parameters
    ----------
    scores, bad, weights, person
        As in `sample`.
    population : str
        Whom the calibration speaks for, in a sentence a reader understands.
    as_of : date
        The last as-of date among the cases.

    Returns
    -------
    Calibration

    Raises
    ------
    ValidationError
        If there is one class or one score only, the classes are separated, or higher scores carry higher
        risk.

    Examples
    --------
    >>> rng = np.random.default_rng(5)
    >>> scores = rng.integers(400, 800, 5000)
    >>> bad = rng.random(5000) < 1 / (1 + np.exp((scores - 450) / 60))
    >>> held = fit_calibration(scores, bad, population="made up", as_of=date(2024, 6, 30))
    >>> low, high = held.pd(500)[1:]
    >>> bool(low < 1 / (1 + np.exp(50 / 60)) < high)
    True
    """
    cases = sample(scores, bad, weights, person)
    middle = float((cases.scores * cases.weights).sum() / cases.weights.sum())
    centre = round(middle)
    line = fit_line(cases, (cases.scores.astype(np.float64) - centre) / STEP)
    if line.slope >= 0:
        raise ValidationError(
            "risk does not fall as the score rises in these cases, so no PD can be read from it: "
            "check that 1 means bad, and that the sample fits the card"
        )
    return Calibration(
        intercept=decimal_text(line.intercept, COEFFICIENT_PLACES),
        slope=decimal_text(line.slope, COEFFICIENT_PLACES),
        variance_intercept=decimal_text(line.variance_intercept, COEFFICIENT_PLACES),
        covariance=decimal_text(line.covariance, COEFFICIENT_PLACES),
        variance_slope=decimal_text(line.variance_slope, COEFFICIENT_PLACES),
        centre=centre,
        population=population,
        date=as_of.isoformat(),
        cases=len(cases),
        goods=count(cases.good_weight),
        bads=count(cases.bad_weight),
        people=cases.people,
    )
