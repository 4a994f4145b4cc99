"""The transformers: weights of evidence, and a scorecard's points, inside scikit-learn's machinery."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from plainscore.scorecard import LAST_LABEL, Characteristic, InputError, Scorecard, WeightOfEvidence

SPECIAL = -9_999_001.0
KINDS_OF_TABLE = {
    "pandas": lambda frame: frame,
    "polars": lambda frame: pl.DataFrame(pa.Table.from_pandas(frame, preserve_index=False)),
    "arrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
}


@pytest.fixture(scope="module")
def binning(table, characteristics):
    """Give weights of evidence fitted on the made-up table."""
    return WeightOfEvidence(characteristics).fit(*table)


def test_check_estimator_passes_without_an_expected_failure():
    """scikit-learn's own checks of the transformer pass, all that can run here, on labels by order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # checks warn of what they skip
        results = check_estimator(WeightOfEvidence(bad=LAST_LABEL), on_fail=None)
    failed = [one["check_name"] for one in results if one["status"] not in ("passed", "skipped")]
    assert failed == []


def test_bins_are_those_of_the_scorecard(table, characteristics, binning):
    """Both estimators bin in one way: attributes, counts and weights in their logs are equal."""
    card = Scorecard(characteristics, method="woe", estimate=False).fit(*table)
    binned = {one["id"]: one["attributes"] for one in binning.log_}
    assert len(card.log_["characteristics"]) == len(binned)
    for one in card.log_["characteristics"]:
        assert one["attributes"] == binned[one["id"]]


def test_every_state_has_its_own_weight(table, binning):
    """Missing, special, out of range and unseen values take their own attribute's weight."""
    frame = table[0].iloc[[0] * 4].copy()
    frame["late"] = [np.nan, SPECIAL, np.inf, 0.0]
    frame["kind"] = [None, "never seen", "phone", "card"]
    woe = pd.DataFrame(binning.transform(frame), columns=binning.get_feature_names_out())
    known = binning.table().set_index(["characteristic", "kind"])["woe"].to_dict()
    assert woe["late"][1] == known["late", "special"] != 0.0
    assert woe["late"][2] == woe["late"][0] == 0.0
    assert woe["kind"][0] == known["kind", "missing"] != 0.0
    assert woe["kind"][1] == 0.0
    assert woe["kind"][2] < woe["kind"][3]


def test_weights_are_those_of_the_formula(table, binning):
    """An attribute's weight is the log of its share of goods over that of bads, ten average rows added."""
    rows = binning.table()
    use = rows[(rows["characteristic"] == "use") & (rows["kind"] == "range")]
    goods, bads = (table[1] == 0).sum(), (table[1] == 1).sum()
    share = goods / (goods + bads)
    plain = np.log((use["goods"] + 10 * share) / goods) - np.log((use["bads"] + 10 * (1 - share)) / bads)
    np.testing.assert_allclose(use["woe"], plain, rtol=1e-12)
    all_use = rows[rows["characteristic"] == "use"]
    assert binning.iv_["use"] == pytest.approx(all_use["iv"].sum())


@pytest.mark.parametrize("kind", KINDS_OF_TABLE)
def test_any_kind_of_table_gives_the_same(kind, table, characteristics, binning, model):
    """pandas, Polars and Arrow tables give equal weights of evidence and equal points."""
    given = KINDS_OF_TABLE[kind](table[0])
    fitted = WeightOfEvidence(characteristics).fit(given, table[1])
    np.testing.assert_array_equal(fitted.transform(given), binning.transform(table[0]))
    np.testing.assert_array_equal(model.transform(given), model.transform(table[0]))


@pytest.mark.parametrize("output", ["pandas", "polars"])
def test_set_output_gives_named_frames(output, table, characteristics):
    """Where a frame is asked for, its columns are the features' names."""
    frame, bad = table
    binning = WeightOfEvidence(characteristics).set_output(transform=output).fit(frame, bad)
    out = binning.transform(frame)
    assert list(out.columns) == list(binning.get_feature_names_out()) == list(frame.columns)
    if output == "pandas":
        assert out.index.equals(frame.index)
    card = Scorecard(estimate=False).set_output(transform=output)
    assert list(card.fit_transform(frame, bad).columns) == list(card.get_feature_names_out())


def test_points_sum_to_the_score(table, model):
    """A row's points and the base points are its score."""
    points = model.transform(table[0])
    assert points.dtype == np.float64
    np.testing.assert_array_equal(points.sum(axis=1) + model.card_.base_points, model.score_points(table[0]))


def test_two_way_tables_are_columns_of_points():
    """Points of a two-way table stand after those of the characteristics."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 4, (6000, 2)), columns=["a", "b"]).astype(float)
    risk = 0.2 * frame["a"] + 0.2 * frame["b"] + 2.5 * ((frame["a"] > 1) ^ (frame["b"] > 1)) - 2.5
    model = Scorecard(max_grids=1, method="shape", estimate=False).fit(
        frame, rng.random(6000) < 1 / (1 + np.exp(-risk))
    )
    points = model.transform(frame)
    assert len(model.card_.grids) == 1
    assert points.shape[1] == len(model.get_feature_names_out()) == 3
    np.testing.assert_array_equal(points.sum(axis=1) + model.card_.base_points, model.score_points(frame))


@pytest.mark.parametrize("kind", KINDS_OF_TABLE)
def test_transformers_stand_in_pipelines(kind, table):
    """Weights of evidence, or points, before a logistic regression rank cases as well as the card."""
    frame, bad = KINDS_OF_TABLE[kind](table[0]), table[1]
    for first in (WeightOfEvidence(), Scorecard(estimate=False)):
        pipe = make_pipeline(clone(first), LogisticRegression(max_iter=2000)).fit(frame, bad)
        assert np.isfinite(pipe.predict_proba(frame)).all()
        assert np.corrcoef(pipe.decision_function(frame), bad)[0, 1] > 0.35


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_searches_take_weights(kind, table):
    """A grid search with sample weights runs over either estimator."""
    frame, bad = KINDS_OF_TABLE[kind](table[0][["use", "late", "joint"]]), table[1]
    weight = np.linspace(0.5, 1.5, len(bad))
    woe = GridSearchCV(
        make_pipeline(WeightOfEvidence(), LogisticRegression()),
        {"weightofevidence__max_bins": [2, 8]},
        cv=2,
        scoring="roc_auc",
    ).fit(frame, bad, weightofevidence__sample_weight=weight, logisticregression__sample_weight=weight)
    sampled = Scorecard(weights_are="sampling", estimate=False)
    card = GridSearchCV(sampled, {"max_bins": [2, 8]}, cv=2, scoring="roc_auc")
    card.fit(frame, bad, sample_weight=weight)
    assert woe.best_params_ == {"weightofevidence__max_bins": 8}
    assert card.best_params_ == {"max_bins": 8}


def test_scores_are_validated_calibrated_and_shuffled(table):
    """Scores cross-validate, calibrate, and lose accuracy when a column is shuffled."""
    frame, bad = table[0][["use", "late", "joint"]], table[1]
    assert cross_val_score(Scorecard(estimate=False), frame, bad, cv=2, scoring="roc_auc").min() > 0.6
    calibrated = CalibratedClassifierCV(Scorecard(estimate=False), cv=2).fit(frame, bad)
    assert abs(calibrated.predict_proba(frame)[:, 1].mean() - bad.mean()) < 0.02
    model = Scorecard(estimate=False).fit(frame, bad)
    lost = permutation_importance(model, frame, bad, scoring="roc_auc", n_repeats=2, random_state=0)
    assert lost.importances_mean[0] > 0.01


@pytest.mark.slow
def test_two_processes_build_one_card(table, model):
    """An estimator travels to other processes, and each builds the same card."""
    frame, bad = table
    fitted = Parallel(n_jobs=2)(delayed(clone(model).fit)(frame, bad) for _ in range(2))
    assert {one.card_.id for one in fitted} == {model.card_.id}


def test_weights_stand_for_rows(table, characteristics):
    """A row of weight 2 is two rows, and a row of weight 0 none."""
    frame, bad = table
    times = np.arange(len(bad)) % 3
    twice = np.repeat(np.arange(len(bad)), times)
    weighted = WeightOfEvidence(characteristics).fit(frame, bad, times)
    repeated = WeightOfEvidence(characteristics).fit(frame.iloc[twice], bad[twice])
    np.testing.assert_allclose(weighted.transform(frame), repeated.transform(frame), rtol=1e-10)


def test_names_and_widths_are_kept(table, binning, model):
    """Names of the fit are kept, and an array of another width or a table without a column is refused."""
    assert binning.n_features_in_ == 6
    assert binning.feature_names_in_.tolist() == list(table[0].columns)
    assert clone(WeightOfEvidence(max_bins=3)).max_bins == 3
    data = np.random.default_rng(0).normal(size=(500, 2))
    plain = WeightOfEvidence().fit(data, data[:, 0] > 0)
    with pytest.raises(InputError, match="X has 1 features, but WeightOfEvidence is expecting 2"):
        plain.transform(data[:, :1])
    for fitted in (binning, model):
        with pytest.raises(InputError, match="Column 'late' is missing"):
            fitted.transform(table[0].drop(columns="late"))


def test_declared_columns_are_the_features(table):
    """Only what is declared is transformed, in the order of the declaration."""
    binning = WeightOfEvidence([Characteristic("late"), "use"]).fit(*table)
    assert binning.get_feature_names_out().tolist() == ["late", "use"]
    assert binning.transform(table[0]).shape == (len(table[1]), 2)


@pytest.mark.parametrize(
    ("characteristics", "says"),
    [([], "is empty"), (["use", "use"], "names 'use' twice"), (["uses"], "'uses'")],
)
def test_declarations_that_cannot_be_are_named(table, characteristics, says):
    """No column, a column twice and a column that is not there are refused, by both estimators."""
    for estimator in (WeightOfEvidence(characteristics), Scorecard(characteristics, estimate=False)):
        with pytest.raises(InputError, match=says):
            estimator.fit(table[0], table[1])


def test_the_table_counts_every_row(table):
    """Counts over a column's attributes are all rows."""
    frame, bad = table
    shown = WeightOfEvidence().fit(frame, bad).table()
    assert (shown.groupby("characteristic")["rows"].sum() == len(frame)).all()
