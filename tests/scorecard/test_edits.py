"""A modeller's edits are recorded, reasoned, and survive a refit."""

from __future__ import annotations

import pytest

from plainscore.scorecard import Characteristic, InputError, Scorecard, merge_bins, move_cut, split_bin

USE = Characteristic("use", direction="descending", cuts=(20.0, 40.0, 60.0), cuts_reason="policy")


@pytest.fixture(scope="module")
def fitted(table):
    """Give a fit on fixed cuts."""
    return Scorecard([USE, "kind", "opened"]).fit(table[0], table[1])


def edges(said, table):
    """Return the edges after a refit, and the log's note."""
    model = Scorecard([said, "late"]).fit(*table)
    return model.card_.characteristics[0].edges, model.log_["characteristics"][0]["notes"][0]


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
        Scorecard([Characteristic("kind", cuts=(("phone",), ("card",)))], min_iv=0, max_p=1).fit(*table).card_
    )
    before = card.characteristics[0].bins
    said = merge_bins(Characteristic("kind"), card, 0, reason="one product")
    after = Scorecard([said], min_iv=0, max_p=1).fit(*table).card_.characteristics[0].bins
    assert {frozenset(each.levels) for each in after} == {
        frozenset(before[0].levels + before[1].levels),
        frozenset(before[2].levels),
    }


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda card: merge_bins(USE, card, 0, reason=" "), "needs a reason"),
        (lambda card: merge_bins(USE, card, 3, reason="x"), "bin 3 has no next"),
        (lambda card: split_bin(USE, card, 20.0, reason="x"), "already has a cut at 20.0"),
        (lambda card: move_cut(USE, card, 21.0, 22.0, reason="x"), "has no cut at 21.0"),
        (lambda card: move_cut(USE, card, 20.0, 40.0, reason="x"), "same cut twice"),
        (lambda card: split_bin(Characteristic("kind"), card, "card", reason="x"), "no cuts"),
        (lambda card: merge_bins(Characteristic("late"), card, 0, reason="x"), "is not on this card"),
    ],
)
def test_edits_that_cannot_be_made_say_why(fitted, edit, says):
    """An edit without a reason, or of something that is not there, is refused by a sentence."""
    with pytest.raises(InputError, match=says):
        edit(fitted.card_)
