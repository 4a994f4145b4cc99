"""Whether predicted rates come true: slope and intercept, Brier score, Hosmer-Lemeshow, Jeffreys by band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plainscore.validation._bands import Band, bands
from plainscore.validation._errors import ValidationError
from plainscore.validation._intervals import effective_counts, jeffreys_p_value
from plainscore.validation._logit import Line, fit_line
from plainscore.validation._numbers import Floats
from plainscore.validation._scored_sample import Sample, sample

LEAST, MOST = 1e-9, 1.0 - 1e-9


@dataclass(frozen=True)
class Brier:
    """The Brier score = reliability - resolution + uncertainty, over groups of equal predictions."""

    score: float
    reliability: float
    resolution: float
    uncertainty: float


@dataclass(frozen=True)
class HosmerLemeshow:
    """The statistic, its degrees of freedom and p-value."""

    statistic: float
    degrees: int
    p_value: float


@dataclass(frozen=True)
class PredictedBand:
    """A band with its mean predicted PD and the p-value that the prediction is not too low."""

    band: Band
    predicted: float
    p_value: float


def brier(predicted: npt.ArrayLike, bad: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> Brier:
    """Give the Brier score with its decomposition over groups of equal predictions.

    References
    ----------
    Murphy, A. H. (1973). A new vector partition of the probability score. Journal of Applied Meteorology 12.

    Examples
    --------
    >>> found = brier([0.1, 0.1, 0.6, 0.6], [0, 0, 1, 0])
    >>> round(found.score, 4), round(found.reliability - found.resolution + found.uncertainty, 4)
    (0.135, 0.135)
    """
    cases = sample(predicted, bad, weights)
    p = cases.scores.astype(np.float64)
    total = float(cases.weights.sum())
    levels, place = np.unique(p, return_inverse=True)
    group = np.bincount(place, weights=cases.weights)
    rate = np.bincount(place, weights=cases.weights * cases.bad) / group
    overall = cases.bad_weight / total
    return Brier(
        score=float((cases.weights * (p - cases.bad) ** 2).sum() / total),
        reliability=float((group * (levels - rate) ** 2).sum() / total),
        resolution=float((group * (rate - overall) ** 2).sum() / total),
        uncertainty=overall * (1.0 - overall),
    )


def recalibration_line(
    predicted: npt.ArrayLike,
    bad: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    person: npt.ArrayLike | None = None,
) -> Line:
    """Fit the outcome on the log-odds of the prediction: slope 1 and intercept 0 when it comes true.

    A slope below 1 means that predictions are too extreme; an intercept above 0, that risk is underestimated.

    References
    ----------
    Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika 45.
    """
    cases = sample(predicted, bad, weights, person)
    held = np.clip(cases.scores.astype(np.float64), LEAST, MOST)
    return fit_line(cases, np.log(held / (1.0 - held)))


def predicted_bands(
    cases: Sample, predicted: Floats, edges: npt.ArrayLike, *, low: int, high: int
) -> list[PredictedBand]:
    """Set the mean prediction of each score band beside what was observed; empty bands are left out."""
    place = np.searchsorted(np.asarray(edges), cases.scores, side="right")
    found = []
    for i, band in enumerate(bands(cases, edges, low=low, high=high)):
        rows = place == i
        if band.cases:
            weights = cases.weights[rows]
            mean = float((weights * predicted[rows]).sum() / weights.sum())
            p = jeffreys_p_value(*effective_counts(weights, band.bads), mean)
            found.append(PredictedBand(band, mean, float(p)))
    return found


def hosmer_lemeshow(found: list[PredictedBand], *, fitted: int = 0) -> HosmerLemeshow:
    """Compare expected and observed bads over bands.

    Parameters
    ----------
    found : list of PredictedBand
        At least three bands with cases.
    fitted : int
        Coefficients fitted on these very cases (two for a calibration on its own sample, none out of time).

    References
    ----------
    Hosmer, D. W. and Lemeshow, S. (1980). Goodness of fit tests for the multiple logistic regression model.
    Communications in Statistics 9.
    """
    from scipy.special import gammaincc

    if len(found) < 3:
        raise ValidationError(
            "the Hosmer-Lemeshow test needs three bands with cases or more: use a larger sample"
        )
    statistic = 0.0
    for one in found:
        cases = one.band.goods + one.band.bads
        expected = cases * one.predicted
        statistic += (one.band.bads - expected) ** 2 / (expected * (1.0 - one.predicted))
    degrees = len(found) - fitted
    return HosmerLemeshow(statistic, degrees, float(gammaincc(degrees / 2.0, statistic / 2.0)))
