"""A modeller's edits are recorded, reasoned, and survive a refit."""

from __future__ import annotations

import pytest

from plainscore.scorecard import (
    Characteristic,
    ConstraintError,
    InputError,
    Scorecard,
    merge_bins,
    move_cut,
    split_bin,
)

USE = Characteristic("use", direction="descending", cuts=(20.0, 40.0, 60.0), cuts_reason="policy")


@pytest.fixture(scope="module")
def fitted(table):
    """Give a fit on fixed cuts."""
    return Scorecard([USE, "kind", "opened"], estimate=False).fit(table[0], table[1])


def edges(said, table):
    """Return the edges after a refit, and the log's note."""
    model = Scorecard([said, "late"], estimate=False).fit(*table)
    use = next(one for one in model.card_.characteristics if one.id == "use")
    log = next(one for one in model.log_["characteristics"] if one["id"] == "use")
    return use.edges, log["notes"][0]


def test_merge_survives_a_refit(fitted, table):
    """Merged bins stay merged when the card is fitted again, and the log has every reason."""
    found, note = edges(merge_bins(USE, fitted.card_, 1, reason="too few cases"), table)
    assert found == (20.0, 60.0)
    assert "policy" in note
    assert "too few cases" in note


def test_split_survives_a_refit(fitted, table):
    """A further cut stays."""
    found, note = edges(split_bin(USE, fitted.card_, 50.0, reason="half the limit"), table)
    assert found == (20.0, 40.0, 50.0, 60.0)
    assert "cut at 50: half the limit" in note


def test_moved_cut_survives_a_refit(fitted, table):
    """A moved cut stays where it was moved."""
    found, note = edges(move_cut(USE, fitted.card_, 40.0, 45.0, reason="round figure"), table)
    assert found == (20.0, 45.0, 60.0)
    assert "moved the cut at 40 to 45" in note


def test_groups_of_levels_can_be_merged(fitted, table):
    """Two groups of levels become one, and stay one."""
    card = (
        Scorecard([Characteristic("kind", cuts=(("phone",), ("card",)))], min_iv=0, max_p=1, estimate=False)
        .fit(*table)
        .card_
    )
    before = card.characteristics[0].bins
    said = merge_bins(Characteristic("kind"), card, 0, reason="one product")
    after = Scorecard([said], min_iv=0, max_p=1, estimate=False).fit(*table).card_.characteristics[0].bins
    assert {frozenset(each.levels) for each in after} == {
        frozenset(before[0].levels + before[1].levels),
        frozenset(before[2].levels),
    }


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_levels_can_be_parted(table, method):
    """Levels leave their group for one of their own, which stays with its reason under either fit."""
    said = Characteristic("kind", cuts=(("phone", "rent", "loan"), ("card",)))
    options = {"method": method, "min_iv": 0, "max_p": 1}
    card = Scorecard([said], **options, estimate=False).fit(*table).card_
    edited = split_bin(said, card, ("rent", "phone"), reason="bills, not credit")
    model = Scorecard([edited], **options, estimate=False).fit(*table)
    groups = {frozenset(each.levels) for each in model.card_.characteristics[0].bins}
    assert groups == {frozenset({"phone", "rent"}), frozenset({"loan"}), frozenset({"card"})}
    assert "parted phone, rent: bills, not credit" in model.log_["characteristics"][0]["notes"][0]


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_levels_that_the_cuts_forget_are_named(table, method):
    """Levels that no group names share a bin, those that nobody has are unseen, and the log names both."""
    said = Characteristic("kind", cuts=(("card", "castle"), ("loan",)))
    model = Scorecard([said], method=method, min_iv=0, max_p=1, estimate=False).fit(*table)
    notes = " ".join(model.log_["characteristics"][0]["notes"])
    assert "do not name are one bin: phone, rent." in notes
    assert "so they are unseen: castle." in notes
    assert model.card_.attributes_one({"kind": "castle"})["kind"].kind == "unseen"


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_fixed_cuts_leave_special_codes_apart(table, method):
    """Under fixed cuts a code inside a range is its own attribute, and a bin without rows is marked so."""
    frame = table[0].assign(late=table[0]["late"].replace(-9_999_001.0, 1.5))
    said = Characteristic("late", direction="descending", cuts=(1, 2), special_codes={1.5: "never late"})
    card = Scorecard([said], method=method, min_iv=0, max_p=1, estimate=False).fit(frame, table[1]).card_
    assert card.characteristics[0].edges == (1.0, 2.0)
    assert card.attributes_one({"late": 1.5})["late"].label == "never late"
    assert card.attributes_one({"late": 1.0})["late"].label == "1 to under 2"
    wide = Characteristic("late", cuts=(1, 2, 90), direction="none")
    bins = Scorecard([wide], method=method, min_iv=0, max_p=1, estimate=False).fit(table[0], table[1]).card_
    assert [each.empty for each in bins.characteristics[0].bins] == [False, False, False, True]


def test_a_bin_without_rows_is_named_where_it_breaks_the_direction(table):
    """Weights of evidence whose empty bin breaks the direction are refused by name; a joint fit holds it."""
    said = Characteristic(
        "late", direction="descending", cuts=(1, 2, 90), special_codes={-9_999_001.0: "never"}
    )
    with pytest.raises(ConstraintError, match=r"0\.000 \(no rows\). Merge the bins that turn"):
        Scorecard([said], method="woe", estimate=False).fit(*table)
    bins = Scorecard([said], estimate=False).fit(*table).card_.characteristics[0].bins
    assert [each.empty for each in bins] == [False, False, False, True]
    assert bins[0].points > bins[1].points > bins[2].points >= bins[3].points


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda card: merge_bins(USE, card, 0, reason=" "), "needs a reason"),
        (lambda card: merge_bins(USE, card, 3, reason="x"), "bin 3 has no next"),
        (lambda card: split_bin(USE, card, 20.0, reason="x"), "already has a cut at 20.0"),
        (lambda card: move_cut(USE, card, 21.0, 22.0, reason="x"), "has no cut at 21.0"),
        (lambda card: move_cut(USE, card, 20.0, 40.0, reason="x"), "same cut twice"),
        (
            lambda card: split_bin(Characteristic("kind"), card, "ghost", reason="x"),
            "not a part of one group",
        ),
        (
            lambda card: split_bin(Characteristic("kind"), card, "phone", reason="x"),
            "not a part of one group",
        ),
        (lambda card: split_bin(Characteristic("kind"), card, 3.0, reason="x"), "not a part of one group"),
        (lambda card: split_bin(USE, card, ("card",), reason="x"), "has cuts and no groups"),
        (lambda card: move_cut(Characteristic("kind"), card, "card", "rent", reason="x"), "no cuts"),
        (lambda card: merge_bins(Characteristic("late"), card, 0, reason="x"), "is not on this card"),
    ],
)
def test_edits_that_cannot_be_made_say_why(fitted, edit, says):
    """An edit without a reason, or of something that is not there, is refused by a sentence."""
    with pytest.raises(InputError, match=says):
        edit(fitted.card_)
