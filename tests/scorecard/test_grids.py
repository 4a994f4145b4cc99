"""Two-way tables: bought only where they pay, whole points, exact range, no declared direction broken."""

from __future__ import annotations

import itertools
import json
import warnings

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import Card, CardError, Characteristic, InputError, Scorecard
from plainscore.scorecard.card._grid import attainable
from plainscore.scorecard.fitting._held import Side, hold_cells, mend_points

points = st.integers(-40, 40)


@st.composite
def tied(draw):
    """Give points of a few characteristics, and tables over some pairs of them."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    own = [draw(st.lists(points, min_size=size, max_size=size)) for size in sizes]
    pairs = list(itertools.combinations(range(len(sizes)), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=5)) if pairs else []
    line = [st.lists(points, min_size=size, max_size=size) for size in sizes]
    return own, {(a, b): draw(st.lists(line[b], min_size=sizes[a], max_size=sizes[a])) for a, b in chosen}


@given(tied())
def test_range_equals_trying_every_combination(case):
    """Elimination finds the lowest and highest sum that trying all combinations finds."""
    own, grids = case
    sums = [
        sum(part[at] for part, at in zip(own, stand, strict=True))
        + sum(table[stand[a]][stand[b]] for (a, b), table in grids.items())
        for stand in itertools.product(*(range(len(part)) for part in own))
    ]
    assert attainable(own, grids) == (min(sums), max(sums))


def test_a_range_out_of_reach_is_refused():
    """Tables that tie too many characteristics together are refused by a sentence."""
    own = [[0] * 12 for _ in range(8)]
    grids = {pair: [[0] * 12] * 12 for pair in itertools.combinations(range(8), 2)}
    with pytest.raises(InputError, match="Use fewer tables"):
        attainable(own, grids)


def crossed(rows=6000, seed=0, strength=1.2):
    """Return columns of which two matter together: what is safe for one is risky with the other."""
    rng = np.random.default_rng(seed)
    X = {name: rng.integers(0, 5, rows).astype(float) for name in ("late", "use", "history", "kinds")}
    X["late"][rng.random(rows) < 0.05] = np.nan
    away = np.where(np.isnan(X["late"]), 0.0, X["late"] - 2) * (X["use"] - 2)
    risk = 0.5 * np.nan_to_num(X["late"]) + 0.3 * X["use"] - 0.4 * X["history"] + strength * away / 2 - 1.5
    return X, (rng.random(rows) < 1 / (1 + np.exp(-risk))).astype(int)


@pytest.fixture(scope="module")
def crossed_model():
    """Give a card with a two-way table."""
    X, bad = crossed()
    return Scorecard(
        max_grids=3, min_iv=0, max_p=1, on_wrong_sign="keep", near=(500, 600), estimate=False
    ).fit(X, bad)


def test_a_pair_that_matters_together_gets_the_one_table(crossed_model):
    """The pair that was made to interact gets a table, no other pair does, and the log says what it buys."""
    card = crossed_model.card_
    assert [{grid.first, grid.second} for grid in card.grids] == [{"late", "use"}]
    path = crossed_model.log_["grids"]["path"]
    assert path[1]["auc"] - path[0]["auc"] > 0.01
    assert path[1]["chi_square"] > 50
    assert [step["chosen"] for step in path[:2]] == [False, True]


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_without_interaction_no_table_stays(method):
    """Where the effects add, no table is worth its place."""
    X, bad = crossed(strength=0.0)
    model = Scorecard(
        method=method, max_grids=3, min_iv=0, max_p=1, on_wrong_sign="keep", estimate=False
    ).fit(X, bad)
    assert model.card_.grids == ()


def test_ways_to_score_agree(crossed_model):
    """One case, a batch, the points frame and the card read back from its bytes give one score."""
    X, _ = crossed(400, seed=5)
    X["use"][:5] = [np.inf, np.nan, 99.0, -3.0, 0.0]
    card = Card.from_json(crossed_model.card_.to_json())
    assert card == crossed_model.card_
    batch = card.score(X)
    cases = [{name: values[at] for name, values in X.items()} for at in range(400)]
    assert [card.score_one(case) for case in cases] == batch.tolist()
    assert (card.base_points + card.points(X).sum(axis=1) == batch).all()


def test_range_is_attained(crossed_model):
    """The stated range is that of all combinations of attributes, and is the one asked for."""
    card = crossed_model.card_
    at = {one.id: range(len(one.attributes)) for one in card.characteristics}
    grid = card.grids[0]
    best = {True: None, False: None}
    for stand in itertools.product(*at.values()):
        where = dict(zip(at, stand, strict=True))
        total = card.base_points + grid.points[where[grid.first]][where[grid.second]]
        total += sum(one.attributes[where[one.id]].points for one in card.characteristics)
        best[True] = total if best[True] is None else max(best[True], total)
        best[False] = total if best[False] is None else min(best[False], total)
    assert (best[False], best[True]) == (card.scale.low, card.scale.high) == (300, 850)


def test_a_given_scale_is_kept_without_drift():
    """On a stated scale the rounded scores, tables included, are right on average to half a point."""
    X, bad = crossed()
    scale = {"base_score": 600, "base_odds": 30, "pdo": 20}
    model = Scorecard(max_grids=3, min_iv=0, max_p=1, on_wrong_sign="keep", **scale, estimate=False).fit(
        X, bad
    )
    assert model.card_.grids
    assert (model.card_.scale.base_score, model.card_.scale.pdo) == ("600", "20")
    rounding = model.log_["rounding"]
    assert abs(rounding["mean_points"]) <= 0.5
    assert rounding["root_mean_square_points"] < 1.5
    assert model.predict_proba(X)[:, 1].mean() == pytest.approx(bad.mean(), abs=0.01)


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_too_few_rows_get_no_table(method):
    """Where no fold could tell whether a table pays, none is taken, and nothing fails."""
    X, bad = crossed(220)
    model = Scorecard(
        method=method, max_grids=3, min_iv=0, max_p=1, penalty=0.2, min_bads=5, estimate=False
    ).fit(X, bad)
    assert model.card_.grids == ()
    assert model.log_["grids"]["path"] == []


def test_explanations_add_up_and_plot(crossed_model):
    """The table is a factor of its own, explanations sum to the score, and SHAP's plots take them."""
    import matplotlib as mpl

    mpl.use("Agg")
    X, _ = crossed(60, seed=6)
    found = crossed_model.explain(X)
    assert found.base_values + found.values.sum(axis=1) == pytest.approx(crossed_model.score_points(X))
    assert found.feature_names[-1] == crossed_model.card_.grids[0].label
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of matplotlib and shap, about each other
        import shap

        shap.plots.waterfall(found[0], show=False)
        shap.plots.beeswarm(found, show=False)


def test_baselines_hold_the_tables_mean(crossed_model):
    """The baseline of all applicants is the exact mean of the points of every part, tables included."""
    X, _ = crossed()
    card = crossed_model.card_
    means = card.points(X).mean()
    for part, points in card.baseline_points().items():
        assert float(points) == pytest.approx(means[part], abs=1e-9)
    assert "near the cut-off" in card.baselines


def test_table_is_printed(crossed_model):
    """A two-way table prints as rows and columns of whole points, and as cells in the points table."""
    card = crossed_model.card_
    grid = card.grids[0]
    shown = card.grid_table(grid.id)
    assert shown.shape == (len(grid.points), len(grid.points[0]))
    assert shown.to_numpy().tolist() == [list(row) for row in grid.points]
    assert (card.table()["kind"] == "cell").sum() == shown.size
    assert len(crossed_model.table()) == len(card.table())
    with pytest.raises(InputError, match="no two-way table 'x'"):
        card.grid_table("x")


@given(seed=st.integers(0, 30), rising=st.booleans())
@examples(8)
def test_declared_directions_hold_for_everyone(seed, rising):
    """With tables, whoever the person is, one bin further never moves the points against the declaration."""
    X, bad = crossed(2500, seed=seed)
    direction = "ascending" if rising else "descending"
    said = [
        Characteristic("late", direction="descending", cap_missing=True),
        Characteristic("use", direction=direction),
        "history",
        "kinds",
    ]
    model = Scorecard(said, method="shape", max_grids=4, penalty=0.3, estimate=False).fit(X, bad)
    card = model.card_
    by_id = {one.id: one for one in card.characteristics}
    for name, sign in (("late", -1), ("use", 1 if rising else -1)):
        if name not in by_id:
            continue
        one = by_id[name]
        own = np.array([each.points for each in one.attributes])
        worst = np.array(sign * np.diff(own[: len(one.bins)]))
        for grid in card.grids:
            table = np.array(grid.points)
            if name in (grid.first, grid.second):
                table = table if grid.first == name else table.T
                worst = worst + (sign * np.diff(table[: len(one.bins)], axis=0)).min(axis=1)
        assert (worst >= 0).all()


@given(
    cells=st.lists(st.lists(st.floats(-3, 3), min_size=3, max_size=3), min_size=4, max_size=4),
    signs=st.tuples(st.sampled_from([-1, 0, 1]), st.sampled_from([-1, 0, 1])),
)
def test_held_cells_keep_their_room(cells, signs):
    """Held cells take back no more than their room, in rows and columns, and rounding is mended likewise."""
    sides = (Side(signs[0], np.array([0.5, 0.0]), 0, (3,)), Side(signs[1], np.array([1.0]), 1, ()))
    held = hold_cells(np.array(cells), np.ones((4, 3)), sides)
    whole = tuple(Side(side.sign, np.floor(side.room).astype(int), side.best, side.capped) for side in sides)
    mended = mend_points(np.rint(held).astype(np.int64), whole)
    for table, rules, slack in ((held, sides, 1e-9), (mended, whole, 0)):
        assert (signs[0] * np.diff(table[:3], axis=0) >= -rules[0].room[:, None] - slack).all()
        assert (signs[1] * np.diff(table[:, :2], axis=1) >= -rules[1].room - slack).all()
        assert (table[3] <= table[0] + slack).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda grid: grid.update(first="income"), "must name two characteristics"),
        (lambda grid: grid.update(second=grid["first"]), "must name two characteristics"),
        (lambda grid: grid["points"].pop(), "must have"),
        (lambda grid: grid["points"][0].pop(), "must have"),
        (lambda grid: grid.update(id="late"), "gives one id to two"),
        (lambda grid: grid["points"][0].__setitem__(0, 999), "rebuild it"),
        (lambda grid: grid["points"][0].__setitem__(0, 1.5), "whole number"),
        (lambda grid: grid.pop("label"), "damaged"),
    ],
)
def test_damaged_tables_are_refused(crossed_model, change, says):
    """Every rule that a two-way table must keep is checked when a card is read, and named."""
    import rfc8785

    document = json.loads(crossed_model.card_.to_json())
    change(document["grids"][0])
    with pytest.raises(CardError, match=says):
        Card.from_json(rfc8785.dumps(document))


def test_a_card_without_tables_has_no_key_for_them(model):
    """A card without two-way tables has the bytes it always had."""
    assert "grids" not in json.loads(model.card_.to_json())
