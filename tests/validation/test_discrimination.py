"""AUC, Gini and KS against independent computations, and intervals against theory."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from plainscore import validation as v

CASES = st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.integers(1, 4)), min_size=2, max_size=60)


def made(cases: int, *, seed: int, effect: float = 60.0) -> tuple[np.ndarray, np.ndarray]:
    """Make integer scores of goods and bads, 15% bad."""
    rng = np.random.default_rng(seed)
    bad = (rng.random(cases) < 0.15).astype(int)
    return rng.normal(600 - effect * bad, 60).round().astype(int), bad


def delong_deviation(scores: np.ndarray, bad: np.ndarray) -> float:
    """Give DeLong's standard error of the AUC by comparing every good with every bad."""
    goods, bads = scores[bad == 0], scores[bad == 1]
    wins = (goods[:, None] > bads[None, :]) + 0.5 * (goods[:, None] == bads[None, :])
    by_good, by_bad = wins.mean(axis=1), wins.mean(axis=0)
    return math.sqrt(by_good.var(ddof=1) / goods.size + by_bad.var(ddof=1) / bads.size)


@given(CASES)
def test_measures_agree_with_sklearn(cases: list[tuple[int, bool, int]]) -> None:
    """With ties and weights, AUC, Gini and KS are those of scikit-learn."""
    scores, bad, weights = (np.array(part) for part in zip(*cases, strict=True))
    assume(bad.any() and not bad.all())
    expected = roc_auc_score(bad, -scores, sample_weight=weights)
    goods_below, bads_below, _ = roc_curve(bad, -scores, sample_weight=weights, drop_intermediate=False)
    assert v.auc(scores, bad, weights=weights) == pytest.approx(expected, abs=1e-12)
    assert v.gini(scores, bad, weights=weights) == pytest.approx(2 * expected - 1, abs=1e-12)
    distance, at = v.ks(scores, bad, weights=weights)
    assert distance == pytest.approx(np.abs(bads_below - goods_below).max(), abs=1e-12)
    shares = [np.average(scores[bad == k] <= at, weights=weights[bad == k]) for k in (True, False)]
    assert distance == pytest.approx(abs(shares[0] - shares[1]), abs=1e-12)


@given(CASES)
def test_weights_are_repetitions(cases: list[tuple[int, bool, int]]) -> None:
    """A case of weight three measures the same as three cases."""
    scores, bad, weights = (np.array(part) for part in zip(*cases, strict=True))
    assume(bad.any() and not bad.all())
    whole = v.auc(np.repeat(scores, weights), np.repeat(bad, weights))
    assert v.auc(scores, bad, weights=weights) == pytest.approx(whole, abs=1e-12)


def test_bootstrap_spread_is_delongs() -> None:
    """With one case a person, the bootstrap's deviation of the AUC agrees with DeLong's to a tenth."""
    scores, bad = made(1500, seed=3)
    found = v.discrimination(scores, bad, replicates=1000)
    expected = delong_deviation(scores, bad)
    assert found.auc_deviation == pytest.approx(expected, rel=0.1)
    assert found.auc.low == pytest.approx(found.auc.value - 1.96 * expected, abs=0.3 * expected)
    assert found.auc.high == pytest.approx(found.auc.value + 1.96 * expected, abs=0.3 * expected)


def test_interval_is_by_person() -> None:
    """Copying every case of every person four times leaves the interval as it was, bit for bit."""
    scores, bad = made(800, seed=4)
    person = np.arange(800)
    once = v.discrimination(scores, bad, person=person, replicates=100)
    copied = v.discrimination(np.tile(scores, 4), np.tile(bad, 4), person=np.tile(person, 4), replicates=100)
    assert copied.auc == once.auc
    assert copied.ks == once.ks
    as_if_independent = v.discrimination(np.tile(scores, 4), np.tile(bad, 4), replicates=100)
    assert as_if_independent.auc.high - as_if_independent.auc.low < 0.7 * (once.auc.high - once.auc.low)


def test_same_seed_same_interval_whatever_the_order() -> None:
    """The interval depends on the seed and the cases, not on a person's name type."""
    scores, bad = made(300, seed=5)
    person = np.arange(300) // 2
    numbered = v.discrimination(scores, bad, person=person, replicates=50, seed=1)
    named = v.discrimination(scores, bad, person=[f"p{i:04}" for i in person], replicates=50, seed=1)
    other = v.discrimination(scores, bad, person=person, replicates=50, seed=2)
    assert numbered == named
    assert numbered.auc.low != other.auc.low


def test_interval_covers() -> None:
    """Over many samples of one population, about 95% of the intervals hold its true AUC."""
    truth = 0.5 * (1 + math.erf(60 / 60 / math.sqrt(2) / math.sqrt(2)))
    held = 0
    for seed in range(120):
        scores, bad = made(500, seed=1000 + seed)
        found = v.discrimination(scores, bad, replicates=150)
        held += found.auc.low <= truth <= found.auc.high
    assert held >= 105


def test_one_class_is_refused_in_words() -> None:
    """Without bads there is no AUC, and the message says what to do."""
    with pytest.raises(v.ValidationError, match=r"all 3 cases are good.*give a sample with both"):
        v.auc([1, 2, 3], [0, 0, 0])


def test_a_lone_bad_gives_no_interval_it_cannot_carry() -> None:
    """With one bad person, replicates without a bad are counted out, and too few mean no bounds."""
    scores, bad = np.array([500, 600, 610, 620]), np.array([1, 0, 0, 0])
    found = v.discrimination(scores, bad, replicates=400)
    assert found.used < 400
    assert found.auc.value == 1.0
    only = v.discrimination([500, 600], [1, 0], replicates=1000)
    assert math.isnan(only.auc.low) or only.used >= 500


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"bad": [0, 2]}, "has the labels 0 and 2"),
        ({"scores": [500.0, float("nan")]}, "finite"),
        ({"weights": [1.0, 0.0]}, "weight"),
        ({"person": ["a"]}, "one value a case"),
    ],
)
def test_bad_input_is_named(changed: dict[str, list[float]], words: str) -> None:
    """Each kind of wrong input is refused with its own sentence."""
    given_: dict[str, object] = {"scores": [500, 600], "bad": [0, 1], **changed}
    with pytest.raises(v.ValidationError, match=words):
        v.discrimination(**given_)  # type: ignore[arg-type]


def test_roc_points_run_from_corner_to_corner() -> None:
    """The curve to draw starts at (0, 0), ends at (1, 1), never turns back and keeps to its limit."""
    scores, bad = made(5000, seed=6)
    points = v.roc_points(scores, bad, most=40)
    assert points[0] == (0.0, 0.0)
    assert points[-1] == (1.0, 1.0)
    assert len(points) <= 41
    assert points == sorted(points)
