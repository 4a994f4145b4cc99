"""The regression agrees with independent ones, to the last digits."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from plainscore.scorecard import ConstraintError
from plainscore.scorecard._kernel import invert
from plainscore.scorecard.fitting._logistic import fit_logistic


def _data(rows=2000, columns=4, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 5, (rows, columns)).astype(np.uint8)
    table = rng.normal(size=(columns, 5))
    x = table[np.arange(columns), codes]
    bad = rng.random(rows) < 1 / (1 + np.exp(x @ np.array([1.0, 0.5, 0.8, 0.1]) + 0.7))
    return codes, table, x, bad, rng.integers(1, 4, rows).astype(float)


def test_coefficients_are_scikit_learns_without_penalty():
    """Weighted coefficients equal scikit-learn's unpenalised ones."""
    codes, table, x, bad, weight = _data()
    fit = fit_logistic(codes, table, bad, weight)
    oracle = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-14, max_iter=200)
    oracle.fit(x, ~bad, sample_weight=weight)
    assert fit.beta == pytest.approx(np.r_[oracle.intercept_, oracle.coef_[0]], abs=1e-9)


def test_score_equations_hold_to_the_last_digits():
    """At the solution the gradient of the likelihood is zero to 1e-9 of the weight of the rows."""
    codes, table, x, bad, weight = _data()
    design = np.c_[np.ones(len(x)), x]
    p = 1 / (1 + np.exp(-design @ fit_logistic(codes, table, bad, weight).beta))
    assert np.abs(design.T @ (weight * (~bad - p))).max() < 1e-9 * weight.sum()


def test_standard_errors_are_those_of_the_formula():
    """Standard errors are the root of the diagonal of the inverse information (X'WX)."""
    codes, table, x, bad, weight = _data()
    fit = fit_logistic(codes, table, bad, weight)
    design = np.c_[np.ones(len(x)), x]
    p = 1 / (1 + np.exp(-design @ fit.beta))
    information = design.T @ (design * (weight * p * (1 - p))[:, None])
    assert fit.errors == pytest.approx(np.sqrt(np.diag(np.linalg.inv(information))), rel=1e-8)


def test_p_values_are_those_of_the_normal_law():
    """A z of 1.959964 has a two-sided p-value of 0.05."""
    fit = fit_logistic(*_data()[:2], *_data()[3:])
    scaled = type(fit)(fit.errors * 1.959963984540054, fit.covariance, 0.0, 1)
    assert scaled.p == pytest.approx(0.05, abs=1e-12)


def test_repeated_column_is_refused():
    """Two columns that are one raise a sentence, not a number."""
    codes, table, _, bad, weight = _data()
    codes[:, 1], table[1] = codes[:, 0], table[0]
    with pytest.raises(ConstraintError, match="exact combination"):
        fit_logistic(codes, table, bad, weight)


def test_perfect_separation_is_refused():
    """An outcome that a column tells exactly has no finite coefficient, and is refused."""
    codes, table, _, _, weight = _data()
    table[0] = np.arange(5.0)
    with pytest.raises(ConstraintError, match="separates good from bad"):
        fit_logistic(codes, table, codes[:, 0] > 2, weight)


def test_inverse_is_an_inverse():
    """The Cholesky inverse times the matrix is the identity; an indefinite matrix has none."""
    matrix = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]])
    assert invert(matrix) @ matrix == pytest.approx(np.eye(3), abs=1e-14)
    assert invert(np.array([[1.0, 2.0], [2.0, 1.0]])).size == 0


_FIT = """
import numpy as np
from plainscore.scorecard import Scorecard
rng = np.random.default_rng(0)
x = rng.normal(size=(3000, 5)).round(2)
y = rng.random(3000) < 1 / (1 + np.exp(-x.sum(axis=1)))
print(Scorecard().fit(x, y).card_.id)
"""


@pytest.mark.slow
def test_card_is_the_same_with_one_thread_or_two():
    """The card's hash does not depend on the number of threads."""
    ids = set()
    for threads in ("1", "2"):
        settings = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), threads)
        run = subprocess.run(
            [sys.executable, "-c", _FIT],
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=True,
        )
        ids.add(run.stdout)
    assert len(ids) == 1
