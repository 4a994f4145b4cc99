"""Logistic regression by Newton's method, to the last digits that matter."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError

Floats = npt.NDArray[np.float64]

TOLERANCE: Final = 1e-12
MOST_STEPS: Final = 50


@dataclass(frozen=True)
class LogisticFit:
    """Coefficients (intercept first) of the log odds of good, their covariance, and how it went."""

    beta: Floats
    covariance: Floats
    log_likelihood: float
    steps: int

    @property
    def errors(self) -> Floats:
        """Standard errors."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def z(self) -> Floats:
        """Wald statistics."""
        return self.beta / self.errors

    @property
    def p(self) -> Floats:
        """Two-sided p-values of the Wald statistics, by the normal law."""
        return np.array([erfc(abs(z) / sqrt(2)) for z in self.z])


def fit_logistic(
    codes: npt.NDArray[np.uint8],
    table: Floats,
    bad: npt.NDArray[np.bool_],
    weight: Floats,
    *,
    start: Floats | None = None,
    ridge: float = 0.0,
) -> LogisticFit:
    """Fit the log odds of good on tabled columns.

    Parameters
    ----------
    codes : uint8 (rows, columns)
        Attribute of each row in each column.
    table : float64 (columns, attributes)
        What each attribute stands for.
    bad, weight : (rows,)
        Outcome and weight.
    start : float64 (columns + 1,), optional
        Where to start.
    ridge : float
        Penalty on half the squared coefficients, the intercept apart; 0 for none.

    Raises
    ------
    ConstraintError
        If columns are exact combinations of each other, or the outcome is separated perfectly.
    """
    from plainscore.scorecard import _kernel

    beta = _start(codes.shape[1], bad, weight) if start is None else start.copy()
    drawn = np.full(len(beta), ridge)
    drawn[0] = 0.0

    def sums(at: Floats) -> tuple[float, Floats, Floats]:
        likelihood, gradient, curvature = _kernel.newton_sums(codes, table, at, bad, weight)
        penalty = float(drawn @ at**2) / 2
        return likelihood - penalty, gradient - drawn * at, curvature + np.diag(drawn)

    total, gradient, curvature = sums(beta)
    for step in range(1, MOST_STEPS + 1):
        covariance = _kernel.invert(curvature)
        if covariance.size == 0:
            raise ConstraintError(
                "The regression has no single solution: a characteristic is an exact combination of others, "
                "or one separates good from bad perfectly. Lower max_correlation, or leave one out."
            )
        move = covariance @ gradient
        scale = 1.0
        while True:  # halve a step that overshoots
            tried = beta + scale * move
            found, new_gradient, new_curvature = sums(tried)
            if found >= total - 1e-10 * abs(total) or scale < 1e-6:
                break
            scale /= 2
        beta, total, gradient, curvature = tried, found, new_gradient, new_curvature
        if float(move @ gradient) < TOLERANCE and np.abs(scale * move).max() < 1e-8:
            return LogisticFit(beta, _kernel.invert(curvature), float(total), step)
    raise ConstraintError(
        f"The regression did not settle in {MOST_STEPS} steps: one characteristic nearly separates good "
        "from bad. Raise smoothing or min_bads, or leave it out."
    )


def _start(columns: int, bad: npt.NDArray[np.bool_], weight: Floats) -> Floats:
    bads = float(weight[bad].sum())
    beta: Floats = np.ones(columns + 1) / float(max(1, columns)) ** 0.5
    beta[0] = np.log((float(weight.sum()) - bads) / bads)
    return beta
