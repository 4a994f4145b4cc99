"""Pooled states share a bin's points by constraint, and points fixed by hand stand on the final card."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from plainscore.scorecard import (
    Card,
    Characteristic,
    ConstraintError,
    InputError,
    Scorecard,
    WeightOfEvidence,
    edits,
    fix_points,
    merge_bins,
    move_cut,
    pool,
    split_bin,
    undo,
    weight_intervals,
)

CODE = -9_999_001.0
USE = Characteristic("use", direction="descending", cuts=(20.0, 40.0, 60.0))
LATE = Characteristic("late", cuts=(1.0, 2.0), special_codes={CODE: "never late"})
OPTIONS = {"max_p": 1, "max_characteristics": None, "estimate": False}


def fit(table, *said, **more):
    """Fit some columns with rules that let all of them stay."""
    return Scorecard([*said], **(OPTIONS | more)).fit(*table)


def points(model, id="use"):
    """Return the points of a characteristic's attributes."""
    return [each.points for each in shown(model, id).attributes]


def shown(model, id="use"):
    """Return a characteristic of the card."""
    return next(one for one in model.card_.characteristics if one.id == id)


def logged(model, id="use"):
    """Return what the build log says of a characteristic."""
    return next(one for one in model.log_["characteristics"] if one["id"] == id)


@pytest.fixture(scope="module")
def fitted(table):
    """Give a fit on fixed cuts."""
    return fit(table, USE, LATE)


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_a_pooled_state_counts_with_its_bin(table, fitted, method):
    """Pooling missing with a bin gives the card that the same values in that bin give."""
    frame, bad = table
    said = pool(USE, fitted.card_, None, 1, reason="a gap means a typical use")
    pooled = fit(table, said, LATE, method=method)
    inside = frame.assign(use=frame["use"].fillna(30.0))
    filled = fit((inside, bad), USE, LATE, method=method)
    assert points(pooled)[:4] == points(filled)[:4]
    assert points(pooled, "late") == points(filled, "late")
    assert points(pooled)[4] == points(pooled)[1]
    state = shown(pooled).attributes[4]
    assert (state.label, state.empty) == ("missing", False)
    notes = logged(pooled)["notes"]
    assert "Attribute 'missing' is pooled with '[20.0, 40.0)'." in notes
    assert not any("'missing' has no rows" in note for note in notes)
    gaps = int(frame["use"].isna().sum())
    assert logged(pooled)["attributes"][4]["rows"] == gaps
    assert sum(one["rows"] for one in logged(pooled)["attributes"]) == len(frame)
    baseline = pooled.card_.baseline_points()
    assert float(sum(baseline.values())) + pooled.card_.base_points == pytest.approx(
        pooled.score_points(frame).mean()
    )


@pytest.mark.parametrize("kind", ["levels", "boolean", "month"])
def test_every_kind_of_column_can_be_pooled(table, kind):
    """Levels, booleans and months share points with a bin as numbers do."""
    frame, bad = table
    name = {"levels": "kind", "boolean": "joint", "month": "opened"}[kind]
    column = frame[name].astype(object) if kind == "boolean" else frame[name].copy()
    column[np.arange(len(frame)) % 9 == 0] = None
    frame = frame.assign(**{name: column})
    said = Characteristic(name, kind=kind, direction="none")
    card = fit((frame, bad), said, LATE).card_
    edited = pool(said, card, None, 1, reason="as those")
    model = fit((frame, bad), edited, LATE)
    found = points(model, name)
    bins = len(shown(model, name).bins)
    assert found[bins] == found[1]


def test_a_special_code_can_be_pooled(table, fitted):
    """A code shares the points of a bin, also where a weight of evidence is what is wanted."""
    said = pool(LATE, fitted.card_, CODE, 0, reason="never late is not late")
    model = fit(table, USE, said)
    assert points(model, "late")[4] == points(model, "late")[0]
    binning = WeightOfEvidence([said]).fit(table[0][["late"]], table[1])
    woe = binning.transform({"late": [0.0, CODE]}).ravel()
    assert woe[0] == woe[1] != 0
    frame = table[0].assign(late=table[0]["late"].replace(CODE, 0.0))
    alike = WeightOfEvidence([LATE]).fit(frame[["late"]], table[1])
    assert woe[0] == pytest.approx(alike.transform({"late": [0.0]})[0, 0])


def test_pooling_with_levels_that_nobody_has_is_refused(table):
    """A refit in which the bin's levels are gone is refused by name, not fitted as something else."""
    said = Characteristic("kind", cuts=(("card",), ("loan",), ("phone", "rent")))
    card = fit(table, said, LATE).card_
    edited = pool(said, card, None, 0, reason="cards mostly")
    frame, bad = table
    some = (frame["kind"] != "card").to_numpy()
    with pytest.raises(InputError, match="missing of 'kind' is pooled with 'card', and no row has one"):
        fit((frame[some], bad[some]), edited, LATE)


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_fixed_points_stand_and_the_others_stay(table, method):
    """Points by hand are the card's, no other point moves, and the range is stated anew."""
    before = fit(table, USE, LATE, method=method)
    said = fix_points(USE, before.card_, 3, -40, reason="the policy is harder on full cards")
    said = fix_points(said, before.card_, 4, 55, reason="neither good nor bad")
    after = fit(table, said, LATE, method=method)
    changed = points(before)
    changed[3], changed[4] = -40, 55
    assert points(after) == changed
    assert points(after, "late") == points(before, "late")
    scale, was = after.card_.scale, before.card_.scale
    assert (scale.low, scale.high) == (was.low - 40, was.high)
    assert (scale.base_score, scale.base_odds, scale.pdo) == (was.base_score, was.base_odds, was.pdo)
    assert Card.from_json(after.card_.to_json()).id == after.card_.id
    assert after.log_["scale"]["low"] == scale.low
    by_hand = after.log_["by_hand"]
    assert [(one["attribute"], one["points"], one["fitted"]) for one in by_hand] == [
        ("[60.0, inf)", -40, points(before)[3]),
        ("missing", 55, points(before)[4]),
    ]
    assert by_hand[0]["reason"] == "the policy is harder on full cards"
    assert before.log_["by_hand"] == []


def test_a_pooled_state_follows_fixed_points(table, fitted):
    """Points fixed for a bin are those of the states that are pooled with it, too."""
    said = pool(USE, fitted.card_, None, 1, reason="typical")
    model = fit(table, said, LATE)
    wanted = points(model)[1] + 1
    said = fix_points(said, model.card_, 1, wanted, reason="round")
    after = points(fit(table, said, LATE))
    assert after[1] == after[4] == wanted


def test_fixed_points_may_not_break_what_was_declared(table, fitted):
    """Points against the direction, or above the best for a capped state, are refused in a sentence."""
    said = fix_points(USE, fitted.card_, 3, 500, reason="x")
    with pytest.raises(ConstraintError, match="fixed by hand for 'use' do not follow direction 'descending'"):
        fit(table, said, LATE)
    free = replace(said, direction="auto")
    assert shown(fit(table, free, LATE)).direction in ("valley", "none")
    capped = replace(fix_points(USE, fitted.card_, 4, 900, reason="x"), cap_missing=True)
    with pytest.raises(ConstraintError, match="give 'missing' 900 points, and it may not beat the best"):
        fit(table, capped, LATE)


def test_set_by_hand_stands_in_no_two_way_table(table):
    """A table of two characteristics would undo pooled or fixed points, so it takes others."""
    frame, bad = table
    both = (frame["use"].fillna(0) > 40) & (frame["late"] > 0)
    bad = bad | both.to_numpy()
    model = fit((frame, bad), USE, LATE, "age_oldest", max_grids=1)
    assert [grid.id for grid in model.card_.grids] == ["late & use"]
    said = fix_points(USE, model.card_, 3, 0, reason="x")
    after = fit((frame, bad), said, LATE, "age_oldest", max_grids=1)
    assert not any("use" in (grid.first, grid.second) for grid in after.card_.grids)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda said, card: pool(said, card, 5.0, 0, reason="x"), "5.0 is not a special code of 'use'"),
        (lambda said, card: pool(said, card, None, 4, reason="x"), "has 4 bins and no bin 4"),
        (lambda said, card: pool(said, card, None, 0, reason=""), "needs a reason"),
        (lambda said, card: fix_points(said, card, 9, 1, reason="x"), "no attribute 9"),
        (lambda said, card: fix_points(said, card, 0, 1.5, reason="x"), "has whole points"),
        (lambda said, card: undo(said), "no edits"),
        (lambda said, card: replace(said, edits=("merge",)), "Give a tuple of edits"),
    ],
)
def test_what_cannot_be_set_says_why(fitted, edit, says):
    """A state, an attribute or points that cannot be are refused by a sentence."""
    with pytest.raises(InputError, match=says):
        edit(USE, fitted.card_)


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (
            lambda said, card: merge_bins(said, card, 0, reason="x"),
            lambda said, card: split_bin(said, card, 30.0, reason="y"),
            "not those that the declaration has now.*'20 to under 40' was changed.*Fit again",
        ),
        (
            lambda said, card: merge_bins(said, card, 0, reason="x"),
            lambda said, card: merge_bins(said, card, 0, reason="y"),
            "made one of these two bins already",
        ),
        (
            lambda said, card: split_bin(said, card, 30.0, reason="x"),
            lambda said, card: fix_points(said, card, 1, 9, reason="y"),
            "was changed",
        ),
        (
            lambda said, card: fix_points(said, card, 1, 9, reason="x"),
            lambda said, card: merge_bins(said, card, 1, reason="y"),
            "fixed by hand, for this bin and no other. Undo that first",
        ),
        (
            lambda said, card: fix_points(said, card, 1, 9, reason="x"),
            lambda said, card: pool(said, card, None, 1, reason="y"),
            "fixed by hand",
        ),
        (
            lambda said, card: fix_points(said, card, 1, 9, reason="x"),
            lambda said, card: fix_points(said, card, 1, 8, reason="y"),
            "fixed already",
        ),
        (
            lambda said, card: pool(said, card, None, 1, reason="x"),
            lambda said, card: split_bin(said, card, 30.0, reason="y"),
            "nothing says which part it would go with",
        ),
        (
            lambda said, card: pool(said, card, None, 1, reason="x"),
            lambda said, card: pool(said, card, None, 2, reason="y"),
            "is pooled with '20 to under 40' already",
        ),
        (
            lambda said, card: pool(said, card, None, 1, reason="x"),
            lambda said, card: fix_points(said, card, 4, 9, reason="y"),
            "and has its points. Fix those",
        ),
    ],
)
def test_an_edit_that_cannot_hold_beside_another_is_refused(fitted, first, second, says):
    """Of two edits that contradict each other the second is refused, and the first stays as it was."""
    once = first(USE, fitted.card_)
    with pytest.raises(InputError, match=says):
        second(once, fitted.card_)
    assert len(edits(once)) == 1


def test_cuts_beside_edits_are_those_of_the_edits(fitted):
    """A declaration whose cuts or codes contradict its edits cannot be made: its log would be untrue."""
    said = merge_bins(USE, fitted.card_, 0, reason="x")
    assert edits(said)[0].text == "merged 'under 20' and '20 to under 40'"
    with pytest.raises(InputError, match="has cuts that its edits do not give"):
        replace(said, cuts=(1.0,))
    with pytest.raises(InputError, match="made on other bins than those"):
        replace(said, cuts=said.cuts, edits=(said.edits[0], said.edits[0]))
    pooled = pool(LATE, fitted.card_, CODE, 0, reason="x")
    with pytest.raises(InputError, match="is about code -9999001, which is not among its special codes"):
        replace(pooled, special_codes={})


def test_cards_of_another_declaration_are_refused(table, fitted):
    """An edit of a card with other cuts, or of another kind, is refused: it would change something unseen."""
    other = fit(table, Characteristic("use", cuts=(15.0, 60.0)), LATE).card_
    with pytest.raises(InputError, match=r"Its bins are now: under 20; 20 to under 40; 40 to under 60"):
        merge_bins(USE, other, 0, reason="x")
    grouped = Characteristic("kind", cuts=(1.0,))
    with pytest.raises(InputError, match="Fit again"):
        merge_bins(grouped, fit(table, Characteristic("kind"), LATE).card_, 0, reason="x")


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_the_interval_of_a_pooled_state_is_that_of_its_bin(table, fitted, method):
    """Resampled refits count a pooled state with its bin, as the fit did."""
    said = pool(USE, fitted.card_, None, 1, reason="typical")
    model = fit(table, said, LATE, method=method)
    found = weight_intervals(model, *table, rounds=5)
    use = found[found["characteristic"] == "use"].reset_index(drop=True)
    columns = ["points", "weight", "low", "high"]
    assert use.loc[4, columns].tolist() == use.loc[1, columns].tolist()
    assert use.loc[1, "weight"] != use.loc[2, "weight"]


def test_edits_are_plain_json_whatever_numbers_they_were_given(table):
    """Numbers of NumPy's, and cuts as a list, give a log that any reader takes, and a refit that holds."""
    said = Characteristic("use", direction="none", cuts=[np.float64(20), 40, 60])
    card = fit(table, said, LATE).card_
    edited = split_bin(said, card, np.int64(50), reason="x")
    edited = move_cut(edited, card, np.float32(20), np.int32(25), reason="x")
    edited = fix_points(edited, fit(table, edited, LATE).card_, np.int64(1), np.int64(33), reason="x")
    model = fit(table, edited, LATE)
    log = json.loads(json.dumps(model.log_, allow_nan=False))
    use = next(one for one in log["characteristics"] if one["id"] == "use")
    assert [one["what"] for one in use["edits"]] == ["split", "move", "fix"]
    assert shown(model).edges == (25.0, 40.0, 50.0, 60.0)
    assert undo(undo(undo(edited))) == said
