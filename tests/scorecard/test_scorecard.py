"""The estimator: what it promises of every fit, and what it refuses."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from plainscore.scorecard import Characteristic, ConstraintError, InputError, Scorecard


def bins_of(card, name):
    """Return the points of a characteristic's ranges, in order."""
    return [each.points for one in card.characteristics if one.id == name for each in one.bins]


def built(model, name):
    """Return what the build log says of a characteristic."""
    return next(one for one in model.log_["characteristics"] if one["id"] == name)


@pytest.mark.filterwarnings("ignore::plainscore.scorecard.MoreBadsWarning")
@examples(15)
@given(
    seed=st.integers(0, 999),
    directions=st.tuples(
        *[st.sampled_from(["ascending", "descending", "peak", "valley", "either", "none"])] * 2
    ),
    scale=st.sampled_from([{}, {"low": 0, "high": 60}, {"base_score": 600, "base_odds": 30, "pdo": 20}]),
)
def test_every_fit_keeps_the_invariants(seed, directions, scale):
    """Integer points keep the declared shape, the range is attained, and counts sum to the rows."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(600, 2)).round(1)
    x[rng.random(x.shape) < 0.1] = np.nan
    bad = rng.random(600) < 1 / (1 + np.exp(-np.nan_to_num(x) @ np.array([1.2, -0.8])))
    said = [Characteristic(f"x{at}", direction=direction) for at, direction in enumerate(directions)]
    try:
        model = Scorecard(said, min_iv=0, max_p=1, **scale, estimate=False).fit(x, bad)
    except ConstraintError:  # both declared against the data: nothing is left, which has its own test
        return
    card = model.card_
    for one in card.characteristics:
        points = bins_of(card, one.id)
        up = all(b >= a for a, b in pairwise(points))
        down = all(b <= a for a, b in pairwise(points))
        top = points.index(max(points))
        bottom = points.index(min(points))
        assert {
            "ascending": up,
            "descending": down,
            "peak": sorted(points[: top + 1]) == points[: top + 1]
            and sorted(points[top:])[::-1] == points[top:],
            "valley": sorted(points[: bottom + 1])[::-1] == points[: bottom + 1]
            and sorted(points[bottom:]) == points[bottom:],
            "none": True,
        }[one.direction]
    if "low" in scale:
        assert (card.scale.low, card.scale.high) == (0, 60)
    for one in model.log_["characteristics"]:
        assert sum(each["rows"] for each in one["attributes"]) == 600
    scores = card.score(x)
    assert scores.min() >= card.scale.low
    assert scores.max() <= card.scale.high


def test_declared_rounding_bound_holds(model, table):
    """No score is further from the unrounded model than the build log's bound, in points and log odds."""
    log = model.log_
    beta = {one["id"]: one["estimate"] for one in log["model"]["coefficients"]}
    eta = np.full(len(table[0]), beta["intercept"])
    codes = model.card_.attribute(table[0])
    for one in model.card_.characteristics:
        woe = next(built for built in log["characteristics"] if built["id"] == one.id)["attributes"]
        by_label = {each.label: built["woe"] for each, built in zip(one.attributes, woe, strict=True)}
        eta += beta[one.id] * codes[one.id].map(by_label).to_numpy()
    error = np.log(model.card_.odds(model.score_points(table[0]))) - eta
    assert np.abs(error).max() <= log["rounding"]["bound_log_odds"] + 1e-6
    assert np.abs(error.mean()) < 1e-6
    factor = float(model.card_.scale.pdo) / np.log(2)
    assert np.sqrt(np.mean((factor * error) ** 2)) == pytest.approx(
        log["rounding"]["root_mean_square_points"], abs=1e-3
    )


def test_rounding_costs_next_to_nothing(model, table):
    """Integer points keep the AUC of the unrounded model to within 0.0005."""
    log = model.log_
    exact = np.zeros(len(table[0]))
    codes = model.card_.attribute(table[0])
    for one in model.card_.characteristics:
        by_label = dict(zip([a.label for a in one.attributes], log["unrounded_points"][one.id], strict=True))
        exact += codes[one.id].map(by_label).to_numpy()
    bad = table[1]
    assert roc_auc_score(bad, -model.score_points(table[0])) > roc_auc_score(bad, -exact) - 0.0005


def test_given_scale_is_kept(table, characteristics):
    """With base score, odds and PDO the card states them, and predicted odds fit the outcome."""
    frame, bad = table
    model = Scorecard(characteristics, base_score=600, base_odds=30, pdo=20, estimate=False).fit(frame, bad)
    scale = model.card_.scale
    assert (scale.base_score, scale.base_odds, scale.pdo) == ("600", "30", "20")
    assert model.card_.odds(600) == pytest.approx(30)
    assert model.predict_proba(frame)[:, 1].mean() == pytest.approx(bad.mean(), abs=0.005)


def test_missing_never_beats_the_best_attribute_when_capped():
    """With `cap_missing`, points for a missing value are at most those of the best attribute."""
    rng = np.random.default_rng(1)
    x = rng.integers(0, 4, 4000).astype(float)
    x[:1000] = np.nan
    bad = rng.random(4000) < np.where(np.isnan(x), 0.02, 0.1 + 0.1 * np.nan_to_num(x))
    free, capped = (
        Scorecard([Characteristic("x", cap_missing=cap)], estimate=False)
        .fit({"x": x}, bad)
        .card_.characteristics[0]
        for cap in (False, True)
    )
    missing = len(free.bins)
    assert free.attributes[missing].points > max(each.points for each in free.bins)
    assert capped.attributes[missing].points == max(each.points for each in capped.bins)


def test_weight_two_is_the_row_twice(table, characteristics):
    """Fitting with weight 2 gives the card of the doubled rows, but for the counts of rows."""
    frame, bad = table[0].head(1500).round({"use": -1}), table[1][:1500]
    options = {"min_goods": 20, "min_bads": 20, "min_special": 100}
    weighted = Scorecard(characteristics, **options, estimate=False).fit(frame, bad, np.full(1500, 2.0)).card_
    doubled = (
        Scorecard(characteristics, **options, estimate=False)
        .fit(pd.concat([frame, frame]), np.r_[bad, bad])
        .card_
    )
    assert weighted.characteristics == doubled.characteristics
    assert weighted.baselines == doubled.baselines


def test_order_of_rows_does_not_matter(table, characteristics):
    """Shuffled rows give the same bytes."""
    frame, bad = table
    order = np.random.default_rng(0).permutation(len(bad))
    first = Scorecard(characteristics, estimate=False).fit(frame, bad).card_.to_json()
    assert (
        Scorecard(characteristics, estimate=False).fit(frame.iloc[order], bad[order]).card_.to_json() == first
    )


def test_an_edge_is_an_observed_value_only_where_both_floats_hold_it(model, table):
    """An edge that somebody had is no more than its 32-bit float; every other stands between two values."""
    for one in model.card_.characteristics:
        if one.type == "number":
            values = set(table[0][one.id].dropna())
            assert all(float(np.float32(edge)) >= edge for edge in one.edges if edge in values)
            assert all(min(values) < edge <= max(values) for edge in one.edges)


def test_log_is_plain_json(model):
    """The build log is JSON as it stands, and says of every candidate why it stayed or left."""
    assert json.loads(json.dumps(model.log_, allow_nan=False)) == model.log_
    assert all(one["decision"] for one in model.log_["characteristics"])


def test_repeated_characteristic_is_named_with_its_twin(table):
    """Of two columns that say the same the weaker leaves, and the log names the one it repeats."""
    frame, bad = table
    twin = frame[["age_oldest", "use"]].assign(again=frame["age_oldest"].add(1).where(frame.index % 50 > 0))
    model = Scorecard(method="woe", max_p=1.0, max_correlation=0.9, estimate=False).fit(twin, bad)
    left = built(model, "again")
    assert "says the same as 'age_oldest'" in left["decision"]
    assert model.log_["same"][0]["correlation"] > 0.9


def test_weak_and_insignificant_characteristics_leave_with_their_figures(table):
    """A column of noise leaves, by either fit, and its figure and the level it missed are in the log."""
    frame, bad = table
    noise = frame[["use", "late"]].assign(noise=np.random.default_rng(3).random(len(frame)))
    for method in ("woe", "shape"):
        model = Scorecard(method=method, estimate=False).fit(noise, bad)
        left = built(model, "noise")
        assert left["tests"]["rest"] > 0.05
        assert f"(p = {left['tests']['rest']:.2g}, over 0.05)" in left["decision"]
        assert [one.id for one in model.card_.characteristics] == ["late", "use"]


@pytest.mark.filterwarnings("ignore::plainscore.scorecard.MoreBadsWarning")
def test_wrong_sign_leaves_or_stays_as_asked():
    """A suppressor gets a negative coefficient: dropped with the reason, or kept when asked."""
    rng = np.random.default_rng(5)
    a, noise = rng.normal(size=(2, 8000)).round(1)
    risk, b = a + 0.0 * noise, (0.8 * a + 0.8 * noise).round(1)
    bad = rng.random(8000) < 1 / (1 + np.exp(-2.5 * (risk - 0.4 * noise)))
    columns = {"a": a, "b": b}
    dropped = Scorecard(method="woe", estimate=False).fit(columns, bad)
    kept = Scorecard(method="woe", on_wrong_sign="keep", estimate=False).fit(columns, bad)
    assert [one.id for one in dropped.card_.characteristics] == ["a"]
    assert "wrong sign" in built(dropped, "b")["decision"]
    assert [one.id for one in kept.card_.characteristics] == ["a", "b"]


def test_most_characteristics_is_kept(table, characteristics):
    """With max_characteristics those that add less stay out, each with its p, though they pass the test."""
    model = Scorecard(characteristics, max_characteristics=2, estimate=False).fit(*table)
    kept = [one.id for one in model.card_.characteristics]
    assert len(kept) == 2
    whole = Scorecard(characteristics, estimate=False).fit(*table).card_
    for one in whole.characteristics:
        if one.id not in kept:
            assert "the card has its size, and others add more (p = " in built(model, one.id)["decision"]
    assert len(whole.characteristics) > 2


def test_fixed_cuts_survive_with_their_reason(table):
    """A modeller's cuts are kept to the value, and the log keeps the reason."""
    said = [Characteristic("use", cuts=(20, 50), cuts_reason="policy of 2024"), Characteristic("late")]
    model = Scorecard(said, estimate=False).fit(*table)
    (use,) = (one for one in model.card_.characteristics if one.id == "use")
    assert use.edges == (20.0, 50.0)
    assert "policy of 2024" in built(model, "use")["notes"][0]


def test_fixed_cuts_against_the_declared_direction_are_refused(table):
    """Cuts that break a declared direction are refused with the weights that show it."""
    said = [Characteristic("use", direction="ascending", cuts=(20, 50))]
    with pytest.raises(ConstraintError, match="do not follow direction 'ascending'"):
        Scorecard(said, method="woe", estimate=False).fit(*table)


def test_rare_levels_are_pooled_and_named():
    """Levels under the rare share are pooled, named in the log, and still known when scoring."""
    rng = np.random.default_rng(0)
    kind = np.array(["a", "b", "c"], object)[rng.integers(0, 3, 5000)]
    kind[:4], kind[4:9] = "odd", "queer"
    bad = rng.random(5000) < np.where(kind == "a", 0.1, 0.3)
    model = Scorecard(estimate=False).fit({"kind": kind}, bad)
    assert model.log_["characteristics"][0]["rare_levels"] == ["odd", "queer"]
    assert model.card_.attributes_one({"kind": "odd"})["kind"].kind == "levels"
    assert model.card_.attributes_one({"kind": "new"})["kind"].kind == "unseen"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f.drop(columns="use"), "Column 'use' is missing"),
        (lambda f: f.rename(columns={"use": "usage"}), "Did you mean 'usage'"),
        (lambda f: f.rename(columns={"use": "spending"}), "was one renamed"),
        (lambda f: f.assign(use="much"), "Column 'use' must hold numbers"),
        (lambda f: f.assign(opened=3.5), "Column 'opened' must hold dates"),
        (lambda f: pd.concat([f, f[["use"]]], axis=1), "occurs more than once"),
    ],
)
def test_bad_tables_are_named_when_scoring(model, table, change, says):
    """A column missing, renamed, doubled or of another type is named, with what to do."""
    with pytest.raises(InputError, match=says):
        model.score_points(change(table[0].head(5)))


def test_extra_columns_are_ignored_when_scoring(model, table):
    """Columns that the card does not use change nothing."""
    frame = table[0].head(5)
    assert (model.score_points(frame.assign(extra="x")) == model.score_points(frame)).all()


def test_infinite_values_are_out_of_range_not_extreme(model, table):
    """An infinity is out of range, not the highest bin."""
    case = table[0].head(1).assign(use=np.inf)
    assert model.card_.attribute(case)["use"].tolist() == ["out of range"]


@pytest.mark.parametrize(
    ("y", "weight", "says"),
    [
        (np.zeros(10), None, "one class only"),
        (np.arange(10) % 3, None, "3 classes"),
        (np.r_[np.nan, np.arange(9) % 2], None, "NaN or infinite in row 0"),
        (np.arange(9) % 2, None, "for 10 rows"),
        (None, None, "requires y"),
        (np.arange(10) % 2, np.r_[-1.0, np.ones(9)], "sample_weight is -1.0 in row 0"),
        (np.arange(10) % 2, np.ones(9), "for 10 rows"),
        (np.arange(10) % 2, np.arange(10) % 2, "zero for every case of a class"),
    ],
)
def test_bad_outcomes_and_weights_are_named(y, weight, says):
    """An outcome of one class or with gaps, and weights below zero, are refused by a sentence."""
    with pytest.raises(InputError, match=says):
        Scorecard(estimate=False).fit({"x": np.arange(10.0)}, y, weight)


def test_column_of_nothing_leaves_with_its_reason(table):
    """A column that is all missing leaves, and the log says so."""
    frame, bad = table
    model = Scorecard(estimate=False).fit(frame[["use", "late"]].assign(empty=np.nan), bad)
    assert "Every value is missing or special" in built(model, "empty")["decision"]


def test_nothing_left_says_why():
    """When no characteristic is left, the error gives the reason of each."""
    with pytest.raises(ConstraintError, match="'x': Left: One bin: the column has one value only"):
        Scorecard(estimate=False).fit({"x": np.ones(100)}, np.arange(100) % 2)


def test_protected_traits_are_refused(table):
    """A column of a denied category stops the fit with its name."""
    with pytest.raises(InputError, match="'gender' is sex or gender"):
        Scorecard(estimate=False).fit(table[0].assign(gender="f"), table[1])


def test_special_codes_of_unknown_columns_are_refused(table):
    """A special code for a column that is not there is a mistake, and is named."""
    with pytest.raises(InputError, match="names column 'usage'"):
        Scorecard(special_codes={"usage": {-1: "none"}}, estimate=False).fit(*table)
