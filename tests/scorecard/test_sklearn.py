"""The estimator keeps scikit-learn's contract."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

from plainscore.scorecard import LAST_LABEL, InputError, Scorecard, SuspectColumnWarning

# scikit-learn's checks fit 10 to 300 rows, some of pure noise and some with no row of the other class in a
# bin. A fit of those is refused by default, by the limit that forbids it, which is what a modeller wants.
LENIENT = {"min_goods": 0, "min_bads": 0, "max_p": 1.0}


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_check_estimator_passes_without_an_expected_failure(method):
    """scikit-learn's own checks pass, all of them that can run here, on labels by order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # checks warn of what they skip
        results = check_estimator(
            Scorecard(method=method, bad=LAST_LABEL, **LENIENT, estimate=False), on_fail=None
        )
    failed = [one["check_name"] for one in results if one["status"] not in ("passed", "skipped")]
    assert failed == []


def test_works_in_pipeline_search_and_clone(table):
    """It can be cloned, searched over and cross-validated behind a transformer that gives pandas."""
    frame, bad = table[0][["use", "late", "age_oldest"]], table[1]
    same = FunctionTransformer(feature_names_out="one-to-one").set_output(transform="pandas")
    pipe = make_pipeline(same, Scorecard(estimate=False))
    search = GridSearchCV(pipe, {"scorecard__max_bins": [2, 8]}, cv=2, scoring="roc_auc").fit(frame, bad)
    assert search.best_params_ == {"scorecard__max_bins": 8}
    assert cross_val_score(pipe, frame, bad, cv=2, scoring="roc_auc").min() > 0.6
    assert clone(Scorecard(max_bins=3, estimate=False)).max_bins == 3


def test_columns_of_an_array_are_counted(table):
    """An array with another number of columns than the fit is refused, in scikit-learn's words."""
    data = np.random.default_rng(0).normal(size=(500, 2))
    model = Scorecard(**LENIENT, estimate=False).fit(data, data[:, 0] + data[:, 1] > 0)
    with pytest.raises(InputError, match="X has 1 features, but Scorecard is expecting 2"):
        model.predict(data[:, :1])


def test_perfect_separation_is_fitted_and_named():
    """An outcome that one column tells exactly is fitted with a ridge, and the log points at the leak."""
    x = np.arange(400.0)
    with pytest.warns(SuspectColumnWarning, match="'x' alone nearly tells the outcome"):
        model = Scorecard(**LENIENT, method="woe", estimate=False).fit({"x": x}, x > 200)
    assert "leaked" in model.log_["model"]["notes"][0]
    assert model.log_["model"]["ridge"] > 0


def test_labels_are_the_users(table):
    """Any two labels serve once the bad one is named, and predictions use them."""
    frame, bad = table[0][["use", "late"]], table[1]
    for good, worse in (("a", "b"), ("b", "a")):
        model = Scorecard(bad=worse, estimate=False).fit(frame, pd.Series(bad).map({0: good, 1: worse}))
        assert model.classes_.tolist() == ["a", "b"]
        assert model.bad_ == worse
        assert set(model.predict(frame)) == {"a", "b"}
        assert (model.predict(frame) == worse).mean() < 0.5


def test_sparse_input_is_refused():
    """A sparse matrix is refused by name."""
    from scipy.sparse import dok_array

    with pytest.raises(InputError, match="sparse input is not supported"):
        Scorecard(estimate=False).fit(dok_array(np.eye(4)), [0, 1, 0, 1])


def test_rows_of_weight_zero_are_no_rows(table):
    """A row of weight 0 leaves no trace, not even its value as an edge."""
    frame, bad = table[0][["use", "late"]], table[1]
    weight = np.ones(len(bad))
    weight[::3] = 0
    some = weight > 0
    assert (
        Scorecard(estimate=False).fit(frame, bad, weight).card_
        == Scorecard(estimate=False).fit(frame[some], bad[some]).card_
    )
