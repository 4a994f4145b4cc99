"""What a card says of itself: labels of levels from which each can be told, and a short form."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import Scorecard
from plainscore.scorecard._values import EMPTY_TEXT, group_label

LEVELS = st.lists(
    st.sampled_from(["", " ", "a", "b", "a, b", "a,b", '"a"', EMPTY_TEXT, "no level", '", "', "missing"])
    | st.text(max_size=4),
    unique=True,
    min_size=1,
    max_size=4,
)


def levels_of(label):
    """Return the levels that a label names, read as a person would."""
    found, rest = [], label
    while True:
        if rest.startswith('"'):
            level, end = json.JSONDecoder().raw_decode(rest)
            rest = rest[end:]
        else:
            level, comma, after = rest.partition(",")
            rest = comma + after
            level = "" if level == EMPTY_TEXT else level
        found.append(level)
        if not rest:
            return found
        assert rest.startswith(", ")
        rest = rest[2:]


@given(levels=LEVELS)
def test_a_label_names_its_levels_and_no_others(levels):
    """From the label of a group each of its levels can be told, whatever they hold."""
    assert levels_of(group_label(levels)) == levels


def test_usual_levels_stand_as_they_are():
    """Levels without commas are joined as before, and an empty text is called one."""
    assert group_label(["card", "store card"]) == "card, store card"
    assert group_label([""]) == "empty text"


def test_an_empty_text_on_a_card_has_words():
    """A level that is an empty text is labelled in words, not as no level."""
    rng = np.random.default_rng(0)
    kind = np.array(["", "a", "b, c"], object)[rng.integers(0, 3, 3000)]
    bad = rng.random(3000) < np.select([kind == "", kind == "a"], [0.1, 0.3], 0.6)
    card = Scorecard(characteristics=["kind"]).fit({"kind": kind}, bad).card_
    labels = {each.levels: each.label for each in card.characteristics[0].bins}
    assert labels == {("",): "empty text", ("a",): "a", ("b, c",): '"b, c"'}


def test_a_card_in_short(model):
    """A card's short form is its name, how many characteristics and which, its range and its id."""
    card = model.card_
    text = repr(card)
    assert len(text) < 300
    assert text.startswith(f"<Card {card.name!r}: {len(card.characteristics)} characteristics (")
    assert f"scores {card.scale.low} to {card.scale.high}, id {card.id[:12]}>" in text
    assert "its bytes cannot be written" in repr(replace(card, population={"rows": 2**70}))
