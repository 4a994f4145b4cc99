"""AUC, Gini and KS of a card on a table, against other packages and the theory of the bootstrap."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.stats import ks_2samp
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline

from plainscore.scorecard import InputError, WeightOfEvidence, discrimination


class Given:
    """A model whose score is the only column."""

    def score_points(self, X):
        """Return the scores as they are."""
        return np.asarray(X)[:, 0]


def made(rows, seed=0):
    """Return whole-number scores and an outcome that they tell a little."""
    rng = np.random.default_rng(seed)
    bad = rng.random(rows) < 0.2
    return (600 - 40 * bad + rng.normal(0, 50, rows)).round()[:, None], bad


def test_values_are_those_of_other_packages(table, model):
    """AUC is scikit-learn's, weighted or not; Gini follows from it, and KS is SciPy's."""
    frame, bad = table
    score = model.score_points(frame)
    found = discrimination(model.card_, frame, bad, rounds=2)
    assert found.auc.value == pytest.approx(roc_auc_score(bad, -score), abs=1e-12)
    assert found.gini.value == pytest.approx(2 * found.auc.value - 1)
    assert found.ks.value == pytest.approx(ks_2samp(score[bad == 1], score[bad == 0]).statistic, abs=1e-12)
    weight = np.random.default_rng(0).uniform(0, 3, len(bad)) * (np.arange(len(bad)) % 5 > 0)
    heavy = discrimination(model, frame, bad, weight, rounds=2)
    assert heavy.auc.value == pytest.approx(roc_auc_score(bad, -score, sample_weight=weight), abs=1e-12)


@pytest.mark.parametrize("kind", ["counts", "distinct", "weights", "groups"])
def test_intervals_are_as_wide_as_theory_says(kind):
    """Drawn as counts, rows, weighted rows or groups of one, the AUC spreads as DeLong's variance says."""
    X, bad = made(2000)
    options = {
        "counts": {},
        "distinct": {},
        "weights": {"sample_weight": np.full(2000, 2.0)},
        "groups": {"groups": np.arange(2000)},
    }[kind]
    if kind == "distinct":
        X = X + np.random.default_rng(1).uniform(0, 1e-3, X.shape)
    found = discrimination(Given(), X, bad, **options)
    goods, bads = X[~bad, 0], X[bad, 0]
    above = (goods[:, None] > bads) + 0.5 * (goods[:, None] == bads)
    error = np.sqrt(above.mean(1).var(ddof=1) / len(goods) + above.mean(0).var(ddof=1) / len(bads))
    assert (found.auc.high - found.auc.low) / (2 * 1.96 * error) == pytest.approx(1.0, abs=0.12)
    assert found.auc.low < found.auc.value < found.auc.high
    assert found.ks.low < found.ks.value < found.ks.high


def test_rows_of_one_group_are_not_independent():
    """Four copies of everyone give half the interval by rows, and the same interval by group."""
    X, bad = made(800)
    once = discrimination(Given(), X, bad)
    rows = discrimination(Given(), np.tile(X, (4, 1)), np.tile(bad, 4))
    whole = discrimination(Given(), np.tile(X, (4, 1)), np.tile(bad, 4), groups=np.tile(np.arange(800), 4))
    width = [one.auc.high - one.auc.low for one in (once, rows, whole)]
    assert width[1] / width[0] == pytest.approx(0.5, abs=0.1)
    assert width[2] / width[0] == pytest.approx(1.0, abs=0.15)


def test_the_seed_settles_the_interval():
    """One seed gives one interval, another seed another."""
    X, bad = made(500)
    assert discrimination(Given(), X, bad, seed=1) == discrimination(Given(), X, bad, seed=1)
    assert discrimination(Given(), X, bad, seed=1) != discrimination(Given(), X, bad, seed=2)


def test_a_million_rows_take_seconds():
    """A thousand resamples of a million rows are drawn as counts per score and outcome."""
    X, bad = made(1_000_000)
    started = time.perf_counter()
    found = discrimination(Given(), X, bad)
    assert time.perf_counter() - started < 10
    assert found.auc.high - found.auc.low < 0.01


def test_any_classifier_is_measured(table):
    """A pipeline by its decision function and a forest by its probabilities: higher risk is a lower score."""
    frame, bad = table[0][["use", "late"]].fillna(-1), table[1]
    for each in (
        make_pipeline(WeightOfEvidence(), LogisticRegression()),
        RandomForestClassifier(5, random_state=0),
    ):
        fitted = each.fit(frame, bad)
        found = discrimination(fitted, frame, bad, rounds=10)
        assert found.auc.value == pytest.approx(roc_auc_score(bad, fitted.predict_proba(frame)[:, 1]))


def test_one_bad_case_has_bounds_where_it_is_drawn():
    """Resamples without one of the outcomes are left out, and too few of them give no bounds."""
    found = discrimination(Given(), np.arange(10.0)[:, None], np.arange(10) == 0, rounds=200)
    assert found.auc.low == found.auc.high == 1.0
    pair = {"X": np.ones((2, 1)), "y": [1, 0], "groups": ["a", "b"], "rounds": 2}
    bounds = [discrimination(Given(), **pair, seed=seed).auc.low for seed in range(20)]
    assert 0 < np.isnan(bounds).sum() < 20


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"rounds": 1}, "rounds is 1, and an interval needs at least 2"),
        ({"level": 1.0}, "level is 1.0, and coverage lies between 0 and 1"),
        ({"groups": [1, 2]}, r"groups has shape \(2,\) for 100 rows"),
        ({"groups": [None] + ["a"] * 99}, "groups is absent in row 0"),
        ({"sample_weight": [1.0]}, "sample_weight has shape"),
    ],
)
def test_wrong_options_are_named(options, said):
    """What is wrong is said by name."""
    X, bad = made(100)
    with pytest.raises(InputError, match=said):
        discrimination(Given(), X, bad, **options)


def test_what_gives_no_score_is_refused():
    """A model without scores is refused by its type, and one class of outcome by its rule."""
    with pytest.raises(InputError, match="The model is a object, which gives no score"):
        discrimination(object(), [[1.0]], [1])
    with pytest.raises(InputError, match="one class only"):
        discrimination(Given(), np.zeros((3, 1)), [1, 1, 1])
