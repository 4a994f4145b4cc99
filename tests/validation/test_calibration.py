"""Rates, intervals and the dated calibration, against published formulas and independent fits."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from plainscore import validation as v


def made(cases: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make scores, outcomes and the true risk of each."""
    rng = np.random.default_rng(seed)
    scores = rng.integers(400, 800, cases)
    risk = 1 / (1 + np.exp(1.5 + (scores - 550) / 45))
    return scores, (rng.random(cases) < risk).astype(int), risk


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0.001, 0.999))
def test_jeffreys_is_the_beta_posterior(bads: int, goods: int, predicted: float) -> None:
    """Interval and p-value are quantiles of Beta(D + 1/2, N - D + 1/2), with exact ends at none and all."""
    cases = bads + goods
    if cases == 0:
        assert np.isnan(v.jeffreys_interval(0, 0)).all()
        return
    posterior = stats.beta(bads + 0.5, goods + 0.5)
    low, high = v.jeffreys_interval(bads, cases)
    assert float(low) == (0.0 if bads == 0 else pytest.approx(posterior.ppf(0.025), abs=1e-9))
    assert float(high) == (1.0 if goods == 0 else pytest.approx(posterior.ppf(0.975), abs=1e-9))
    assert float(v.jeffreys_p_value(bads, cases, predicted)) == pytest.approx(
        posterior.cdf(predicted), abs=1e-9
    )


@given(
    st.lists(st.tuples(st.sampled_from([0.02, 0.1, 0.4, 0.8]), st.booleans(), st.integers(1, 5)), min_size=1)
)
def test_brier_parts_add_up(cases: list[tuple[float, bool, int]]) -> None:
    """Reliability less resolution plus uncertainty is the Brier score, which is scikit-learn's."""
    predicted, bad, weights = (np.array(part) for part in zip(*cases, strict=True))
    found = v.brier(predicted, bad, weights=weights)
    assert found.reliability - found.resolution + found.uncertainty == pytest.approx(found.score, abs=1e-12)
    expected = brier_score_loss(bad.astype(int), predicted, sample_weight=weights, labels=[0, 1])
    assert found.score == pytest.approx(expected, abs=1e-12)


def test_fit_is_logistic_regression() -> None:
    """The calibration is the unpenalised logistic regression of scikit-learn, weights included."""
    scores, bad, _ = made(4000, 1)
    weights = np.random.default_rng(2).integers(1, 4, 4000)
    held = v.fit_calibration(scores, bad, weights=weights, population="made up", as_of=date(2024, 1, 31))
    x = ((scores - held.centre) / 100.0).reshape(-1, 1)
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x, bad, sample_weight=weights)
    assert float(held.slope) == pytest.approx(oracle.coef_[0, 0], abs=1e-5)
    assert float(held.intercept) == pytest.approx(oracle.intercept_[0], abs=1e-5)
    assert held.pd(500)[0] == pytest.approx(
        oracle.predict_proba([[(500 - held.centre) / 100]])[0, 1], abs=1e-6
    )


def test_interval_of_the_line_covers_the_truth() -> None:
    """Over many samples the interval at a score holds the true risk about 95 times in 100."""
    truth = 1 / (1 + np.exp(1.5 + (500 - 550) / 45))
    held = 0
    for seed in range(200):
        scores, bad, _ = made(400, 50 + seed)
        _, low, high = v.fit_calibration(scores, bad, population="p", as_of=date(2024, 1, 31)).pd(500)
        held += low <= truth <= high
    assert 180 <= held <= 199


def test_repeated_people_widen_the_interval() -> None:
    """Copies of a person's case add no certainty when the person is named, and do when not."""
    scores, bad, _ = made(1000, 3)
    many = {
        "scores": np.tile(scores, 9),
        "bad": np.tile(bad, 9),
        "population": "p",
        "as_of": date(2024, 1, 31),
    }
    alone = v.fit_calibration(scores, bad, population="p", as_of=date(2024, 1, 31)).pd(500)
    named = v.fit_calibration(**many, person=np.tile(np.arange(1000), 9)).pd(500)
    assert named == pytest.approx(alone, rel=1e-6)
    unnamed = v.fit_calibration(**many).pd(500)
    assert (unnamed[2] - unnamed[1]) == pytest.approx((alone[2] - alone[1]) / 3, rel=0.02)


def test_written_and_read_again_is_the_same_object() -> None:
    """A calibration is integers and strings, comes back equal, and gives the same PDs and id."""
    scores, bad, _ = made(2000, 4)
    held = v.fit_calibration(scores, bad, population="made up", as_of=date(2024, 1, 31))
    read = v.Calibration.from_json(json.loads(json.dumps(held.to_json())))
    assert read == held
    assert read.id == held.id
    assert read.pd_text(600) == held.pd_text(600)
    assert all(isinstance(value, int | str) for value in held.to_json().values())


@given(st.integers(300, 849))
def test_risk_falls_with_the_score_within_its_interval(score: int) -> None:
    """A higher score never has a higher PD, and the PD lies within its interval."""
    scores, bad, _ = made(500, 5)
    held = v.fit_calibration(scores, bad, population="p", as_of=date(2024, 1, 31))
    assert held.pd(score + 1)[0] < held.pd(score)[0]
    middle, low, high = held.pd(score)
    assert low < middle < high


@pytest.mark.parametrize(
    ("scores", "bad", "words"),
    [
        ([500, 600, 700], [0, 0, 0], "all 3 cases are good"),
        ([600, 600, 600], [0, 1, 0], "one score"),
        ([500, 510, 700, 710], [1, 1, 0, 0], "separates"),
        ([500, 510, 600, 700, 710, 500], [0, 0, 1, 1, 1, 1], "does not fall"),
    ],
)
def test_what_cannot_be_calibrated_is_refused(scores: list[int], bad: list[int], words: str) -> None:
    """One class, one score, separation and risk that rises each have their own sentence."""
    with pytest.raises(v.ValidationError, match=words):
        v.fit_calibration(scores, bad, population="p", as_of=date(2024, 1, 31))


def test_true_risks_have_slope_one_and_doubled_odds_an_intercept() -> None:
    """Predictions that are true give slope 1 and intercept 0 within error; halved odds show as ln 2."""
    _, bad, risk = made(20_000, 6)
    line = v.recalibration_line(risk, bad)
    assert abs(line.slope - 1) < 3 * line.variance_slope**0.5
    assert abs(line.intercept) < 3 * line.variance_intercept**0.5
    odds = risk / (1 - risk) / 2
    low = v.recalibration_line(odds / (1 + odds), bad)
    assert low.intercept == pytest.approx(line.intercept + np.log(2) * line.slope, abs=1e-6)


def test_a_file_of_another_schema_is_refused() -> None:
    """A calibration with another schema or with a field missing does not load."""
    with pytest.raises(v.ValidationError, match="schema"):
        v.Calibration.from_json({"schema": "other"})
    scores, bad, _ = made(500, 7)
    held = v.fit_calibration(scores, bad, population="p", as_of=date(2024, 1, 31)).to_json()
    del held["centre"]
    with pytest.raises(v.ValidationError, match="centre"):
        v.Calibration.from_json(held)
