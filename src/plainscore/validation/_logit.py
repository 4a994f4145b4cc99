"""A logistic line with two coefficients, fitted by Newton's method in plain sums.

No linear algebra library: its threads would sum in another order, and the digits of a calibration are
published.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plainscore.validation._errors import ValidationError
from plainscore.validation._numbers import Floats
from plainscore.validation._scored_sample import Sample

STEPS = 60
HALVINGS = 30
STEEPEST = 1e3


@dataclass(frozen=True)
class Line:
    """log-odds of bad = intercept + slope * x, and the covariance of the two by person."""

    intercept: float
    slope: float
    variance_intercept: float
    covariance: float
    variance_slope: float


def sigmoid(values: Floats) -> Floats:
    """Give 1 / (1 + exp(-values)) without overflow."""
    small = np.exp(-np.abs(values))
    return np.where(values >= 0, 1.0 / (1.0 + small), small / (1.0 + small))


def fit_line(cases: Sample, x: Floats) -> Line:
    """Fit the outcome on `x` and give the coefficients with a sandwich covariance by person.

    Raises
    ------
    ValidationError
        If there is one class only, `x` is the same everywhere, or `x` separates the classes completely.

    References
    ----------
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models.
    Biometrika 73.
    """
    cases.require_both_classes()
    if float(x.min()) == float(x.max()):
        raise ValidationError("all cases have one score, and one point makes no line: report the rate alone")
    w, y = cases.weights, cases.bad.astype(np.float64)
    a, b = float(np.log(cases.bad_weight / cases.good_weight)), 0.0
    for _ in range(STEPS):
        p = sigmoid(a + b * x)
        h = w * p * (1.0 - p)
        residual = w * (y - p)
        inverse = _inverse(float(h.sum()), float((h * x).sum()), float((h * x * x).sum()))
        step_a, step_b = _apply(inverse, float(residual.sum()), float((residual * x).sum()))
        # A full Newton step overshoots where the odds are steep and bads few: halve until it gains.
        before = _log_likelihood(w, y, a + b * x)
        for _ in range(HALVINGS):
            if _log_likelihood(w, y, a + step_a + (b + step_b) * x) >= before - 1e-9 * (1.0 + abs(before)):
                break
            step_a, step_b = step_a / 2.0, step_b / 2.0
        a, b = a + step_a, b + step_b
        if abs(b) > STEEPEST * (1.0 + 1.0 / float(x.std())):
            break
        if abs(step_a) + abs(step_b) < 1e-12 * (1.0 + abs(a) + abs(b)):
            return _with_covariance(cases, x, a, b)
    raise ValidationError(
        "the score separates goods from bads completely or nearly so, and the odds have no finite slope: "
        "use a larger sample"
    )


def _log_likelihood(w: Floats, y: Floats, z: Floats) -> float:
    return float((w * (y * z - np.logaddexp(0.0, z))).sum())


def _inverse(aa: float, ab: float, bb: float) -> tuple[float, float, float]:
    determinant = aa * bb - ab * ab
    if not determinant > 1e-300:
        raise ValidationError(
            "the score separates goods from bads completely or nearly so, and the odds have no finite slope: "
            "use a larger sample"
        )
    return bb / determinant, -ab / determinant, aa / determinant


def _apply(m: tuple[float, float, float], u: float, v: float) -> tuple[float, float]:
    return m[0] * u + m[1] * v, m[1] * u + m[2] * v


def _with_covariance(cases: Sample, x: Floats, a: float, b: float) -> Line:
    p = sigmoid(a + b * x)
    h = cases.weights * p * (1.0 - p)
    bread = _inverse(float(h.sum()), float((h * x).sum()), float((h * x * x).sum()))
    residual = cases.weights * (cases.bad - p)
    u = np.bincount(cases.person, weights=residual, minlength=cases.people)
    v = np.bincount(cases.person, weights=residual * x, minlength=cases.people)
    few = cases.people / max(cases.people - 1, 1)
    meat = [few * float(s) for s in ((u * u).sum(), (u * v).sum(), (v * v).sum())]
    # bread * meat * bread, written out for two by two.
    left = (
        bread[0] * meat[0] + bread[1] * meat[1],
        bread[0] * meat[1] + bread[1] * meat[2],
        bread[1] * meat[0] + bread[2] * meat[1],
        bread[1] * meat[1] + bread[2] * meat[2],
    )
    return Line(
        intercept=a,
        slope=b,
        variance_intercept=left[0] * bread[0] + left[1] * bread[1],
        covariance=left[0] * bread[1] + left[1] * bread[2],
        variance_slope=left[2] * bread[1] + left[3] * bread[2],
    )
