"""One row a candidate: information values, what repeats what, what it is worth, and why it left."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from plainscore.scorecard import InputError, Scorecard, characteristics_frame


@pytest.fixture(scope="module")
def world(make):
    """Give a table with a copy in disguise and a column of noise, its outcome, and a model of each method."""
    frame, bad = make(3000, seed=2)
    rng = np.random.default_rng(0)
    frame["use_again"] = frame["use"] + rng.normal(0, 6, len(frame)).round(1)
    frame["noise"] = rng.integers(6, size=len(frame)).astype(float)
    models = {
        method: Scorecard(method=method, max_characteristics=5).fit(frame, bad) for method in ("woe", "shape")
    }
    return frame, bad, models


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_every_candidate_has_a_row_with_why(world, method) -> None:
    """Those on the card come first, in its order; each row holds the decision of the log."""
    frame, _, models = world
    model = models[method]
    found = characteristics_frame(model)
    on = [one.id for one in model.card_.characteristics]
    assert found["characteristic"].tolist()[: len(on)] == on
    assert sorted(found["characteristic"]) == sorted(frame.columns)
    built = {one["id"]: one["decision"] for one in model.log_["characteristics"]}
    assert found.set_index("characteristic")["decision"].to_dict() == built
    assert found["on_card"].tolist() == [True] * len(on) + [False] * (len(found) - len(on))


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_the_rows_of_the_fit_give_the_figures_of_the_log(world, method) -> None:
    """Counted on the rows of the fit, information values are those of the build log."""
    frame, bad, models = world
    model = models[method]
    from_log, from_rows = characteristics_frame(model), characteristics_frame(model, frame, bad)
    columns = ["characteristic", "iv", "iv_low", "iv_high", "iv_chance", "worst", "best"]
    one, two = (each[columns].sort_values("characteristic") for each in (from_log, from_rows))
    pd.testing.assert_frame_equal(one.reset_index(drop=True), two.reset_index(drop=True))
    built = {each["id"]: each["iv"] for each in model.log_["characteristics"]}
    assert one.set_index("characteristic")["iv"].to_dict() == pytest.approx(built)
    assert from_log["correlation"].isna().all()
    assert from_log["auc_lost"].isna().all()


def test_the_regression_is_told_where_there_is_one(world) -> None:
    """Weights of evidence have coefficients, p and VIF, as in the log; the joint fit has none."""
    _, _, models = world
    found = characteristics_frame(models["woe"]).set_index("characteristic")
    for row in models["woe"].log_["model"]["coefficients"][1:]:
        shown = found.loc[row["id"], ["coefficient", "standard_error", "p", "vif"]].tolist()
        assert shown == [row["estimate"], row["standard_error"], row["p"], row["variance_inflation"]]
    assert found.loc[~found["on_card"], "coefficient"].isna().all()
    assert characteristics_frame(models["shape"])["coefficient"].isna().all()


def test_what_repeats_what_is_named(world) -> None:
    """A disguised copy names its original, with the correlation of weights of evidence that NumPy gives."""
    frame, bad, models = world
    model = models["woe"]
    found = characteristics_frame(model, frame, bad).set_index("characteristic")
    assert found.loc["use", "correlated_with"] == "use_again"
    assert found.loc["use_again", "correlated_with"] == "use"
    woe = {}
    for one in model.candidates_:
        built = next(each for each in model.log_["characteristics"] if each["id"] == one.id)["attributes"]
        from plainscore.scorecard.card._batch import attribute_codes

        woe[one.id] = np.array([row["woe"] for row in built])[attribute_codes(one, frame[one.id])]
    wanted = np.corrcoef(woe["use"], woe["use_again"])[0, 1]
    assert found.loc["use", "correlation"] == pytest.approx(wanted)


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_what_the_auc_loses_is_recounted(world, method) -> None:
    """It is the AUC of the score less that of the score without the points, as scikit-learn counts it."""
    frame, bad, models = world
    model = models[method]
    found = characteristics_frame(model, frame, bad).set_index("characteristic")
    points, score = model.card_.points(frame), model.score_points(frame)
    for one in model.card_.characteristics:
        wanted = roc_auc_score(bad, -score) - roc_auc_score(bad, -(score - points[one.id].to_numpy()))
        assert found.loc[one.id, "auc_lost"] == pytest.approx(wanted, abs=1e-12)
    assert found.loc[~found["on_card"], "auc_lost"].isna().all()


def test_people_widen_the_interval(world) -> None:
    """Each row twelve times over: by person the interval is about that of the rows once."""
    frame, bad, models = world
    again = np.repeat(np.arange(len(bad)), 12)
    model = models["woe"]
    once = characteristics_frame(model, frame, bad).set_index("characteristic")
    many = characteristics_frame(model, frame.iloc[again], bad[again], groups=again).set_index(
        "characteristic"
    )
    blind = characteristics_frame(model, frame.iloc[again], bad[again]).set_index("characteristic")
    width = {name: (each["iv_high"] - each["iv_low"])["use"] for name, each in
             (("once", once), ("many", many), ("blind", blind))}  # fmt: skip
    assert width["many"] == pytest.approx(width["once"], rel=0.15)
    assert width["blind"] < 0.4 * width["once"]


def test_noise_is_seen_as_such_on_new_rows(world, make) -> None:
    """On rows that were not fitted, noise stays under what chance gives, and a signal does not."""
    _, _, models = world
    frame, bad = make(3000, seed=9)
    rng = np.random.default_rng(1)
    frame["use_again"] = frame["use"]
    frame["noise"] = rng.integers(6, size=len(frame)).astype(float)
    found = characteristics_frame(models["woe"], frame, bad).set_index("characteristic")
    assert found.loc["noise", "iv"] < found.loc["noise", "iv_chance"]
    assert found.loc["noise", "iv_low"] == 0
    assert found.loc["use", "iv_low"] > found.loc["use", "iv_chance"]


def test_a_card_alone_is_refused(world) -> None:
    """A card does not know its candidates; half of the rows' facts is refused too."""
    frame, bad, models = world
    with pytest.raises(InputError, match="Give the fitted Scorecard"):
        characteristics_frame(models["woe"].card_)
    with pytest.raises(InputError, match="y is given without X"):
        characteristics_frame(models["woe"], y=bad)
    with pytest.raises(InputError, match="target y is None"):
        characteristics_frame(models["woe"], frame)
