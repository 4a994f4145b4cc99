"""Weights of evidence as a transformer: scikit-learn's contract, four states apart, every kind of table."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from plainscore.scorecard import InputError, Scorecard, WeightOfEvidence

SPECIAL = {"late": {-9_999_001.0: "never late"}}


def test_check_estimator_passes_by_default():
    """scikit-learn's own checks pass, all of them that can run here, with nothing set."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # checks warn of what they skip
        results = check_estimator(WeightOfEvidence(), on_fail=None)
    assert [one["check_name"] for one in results if one["status"] not in ("passed", "skipped")] == []


def test_weights_are_those_of_the_scorecard(table, characteristics):
    """A column's bins and weights are the ones that a scorecard's build log shows."""
    frame, bad = table
    binning = WeightOfEvidence(characteristics).fit(frame, bad)
    model = Scorecard(characteristics, min_iv=0.0, max_p=1.0, max_characteristics=None).fit(frame, bad)
    for one, logged in zip(binning.log_, model.log_["characteristics"], strict=True):
        assert one["attributes"] == logged["attributes"]
        assert binning.iv_[one["id"]] == logged["iv"]
    weights = dict(zip(binning.get_feature_names_out(), binning.transform(frame).T, strict=True))
    shown = model.card_.attribute(frame)["kind"]
    for label, rows in frame.groupby(shown.to_numpy(), observed=True).indices.items():
        assert np.ptp(weights["kind"][rows]) == 0, label


def test_four_states_are_apart():
    """Missing, special, out of range and unseen each have the weight of their own attribute."""
    rng = np.random.default_rng(0)
    late = rng.integers(0, 4, 4000).astype(float)
    bad = rng.random(4000) < 0.1 + 0.15 * late
    kind = np.where(rng.random(4000) < 0.5, "card", "loan").astype(object)
    late[:300], bad[:300] = np.nan, rng.random(300) < 0.6
    late[300:600], bad[300:600] = -9_999_001.0, rng.random(300) < 0.05
    kind[600:900] = None
    X = pd.DataFrame({"late": late, "kind": kind})
    binning = WeightOfEvidence(special_codes=SPECIAL).fit(X, bad)
    new = pd.DataFrame(
        {"late": [np.nan, -9_999_001.0, np.inf, 0.0], "kind": ["card", None, "castle", "loan"]}
    )
    weights = binning.transform(new)
    assert len(set(weights[:, 0])) == 4
    assert weights[2, 0] == weights[2, 1] == 0.0  # nobody was seen there: the average


@pytest.mark.parametrize("form", ["pandas", "polars", "arrow", "dict"])
def test_every_kind_of_table(table, form):
    """Pandas, Polars, Arrow and plain mappings give the same weights and the same cards."""
    frame, bad = table[0][["use", "late", "kind", "joint", "opened"]], table[1]
    given = {
        "pandas": lambda: frame,
        "polars": lambda: pl.from_pandas(frame.astype({"kind": "str"})),
        "arrow": lambda: pa.Table.from_pandas(frame, preserve_index=False),
        "dict": lambda: {name: frame[name] for name in frame},
    }[form]()
    binning = WeightOfEvidence(special_codes=SPECIAL).fit(given, bad)
    want = WeightOfEvidence(special_codes=SPECIAL).fit(frame, bad)
    assert binning.transform(given) == pytest.approx(want.transform(frame))
    assert binning.feature_names_in_.tolist() == list(frame)
    assert Scorecard(special_codes=SPECIAL).fit(given, bad).card_.id == (
        Scorecard(special_codes=SPECIAL).fit(frame, bad).card_.id
    )


@pytest.mark.parametrize("output", ["pandas", "polars"])
def test_set_output_names_the_columns(table, output):
    """With set_output both estimators give frames under their columns' names."""
    frame, bad = table[0][["use", "late"]], table[1]
    for estimator in (WeightOfEvidence(special_codes=SPECIAL), Scorecard(special_codes=SPECIAL)):
        found = estimator.set_output(transform=output).fit(frame, bad).transform(frame)
        assert isinstance(found, pd.DataFrame if output == "pandas" else pl.DataFrame)
        assert list(found.columns) == ["use", "late"]


def test_points_of_a_scorecard_sum_to_the_score(model, table):
    """A scorecard as a transformer gives points; with the base points each row sums to the score."""
    points = model.transform(table[0])
    assert (model.card_.base_points + points.sum(axis=1) == model.score_points(table[0])).all()


def test_pipelines_search_and_clone(table):
    """Before a regression it can be searched over, cross-validated in two processes, and cloned."""
    frame, bad = table[0][["use", "late", "age_oldest"]], table[1]
    pipe = make_pipeline(WeightOfEvidence(special_codes=SPECIAL), LogisticRegression())
    search = GridSearchCV(pipe, {"weightofevidence__max_bins": [2, 6]}, cv=2, scoring="roc_auc").fit(
        frame, bad
    )
    assert search.best_params_ == {"weightofevidence__max_bins": 6}
    assert cross_val_score(pipe, frame, bad, cv=2, scoring="roc_auc", n_jobs=2).min() > 0.6
    assert clone(pipe).steps[0][1].special_codes == SPECIAL


@pytest.mark.parametrize(
    ("characteristics", "says"),
    [([], "is empty"), (["use", "use"], "names 'use' twice"), (["uses"], "'uses'")],
)
def test_declarations_that_cannot_be_are_named(table, characteristics, says):
    """No column, a column twice and a column that is not there are refused, by both estimators."""
    for estimator in (WeightOfEvidence(characteristics), Scorecard(characteristics)):
        with pytest.raises(InputError, match=says):
            estimator.fit(table[0], table[1])


def test_the_table_counts_every_row(table):
    """Counts over a column's attributes are all rows."""
    frame, bad = table
    shown = WeightOfEvidence().fit(frame, bad).table()
    assert (shown.groupby("characteristic")["rows"].sum() == len(frame)).all()
