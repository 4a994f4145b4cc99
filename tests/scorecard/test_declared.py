"""A declaration says at once what is wrong with it, whatever it is given."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import Characteristic, InputError
from plainscore.scorecard.binning._declared_check import PARTS

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.binary(max_size=3),
    st.lists(st.one_of(st.integers(), st.text(max_size=3), st.none()), max_size=3),
    st.dictionaries(
        st.one_of(st.text(max_size=3), st.floats()), st.one_of(st.text(max_size=3), st.none()), max_size=3
    ),
    st.just(np.arange(3)),
    st.just({1, 2}),
)
NAMES = [each.name for each in fields(Characteristic)]


def test_every_part_has_a_rule_that_its_default_keeps():
    """No part of a declaration is left unchecked, and no default is refused."""
    assert set(PARTS) == set(NAMES)
    assert Characteristic("x").label == "x"


@given(name=st.sampled_from(NAMES), value=ANYTHING)
def test_a_part_is_taken_or_refused_in_a_sentence(name, value):
    """Any value of any part is taken, or refused by an InputError that says what to give."""
    given_ = {"id": "x", name: value}
    try:
        Characteristic(**given_)
    except InputError as error:
        text = str(error)
        assert "Characteristic " in text or "Column " in text
        assert text.endswith((".", "audit."))


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"id": ""}, "has id ''. Give the name of a column"),
        ({"id": 3}, "has id 3"),
        ({"label": None}, "has label None. Give a text"),
        ({"label": "\ud800"}, "has label"),
        ({"direction": "up"}, "has direction 'up'. Give one of ascending"),
        ({"direction": ["ascending"]}, "has direction"),
        ({"kind": "text"}, "has kind 'text'"),
        ({"special_codes": {float("nan"): "none"}}, "has special_codes .*`missing` names an absent value"),
        ({"special_codes": ["none"]}, "Give a mapping of codes"),
        ({"special_codes": {-9: 9}}, "Give a mapping of codes"),
        ({"value_names": {"a": "b"}}, "Give a mapping of finite numbers"),
        ({"cap_missing": 1}, "Give True or False"),
        ({"least": "0"}, "has least '0'"),
        ({"most": float("inf")}, "has most inf"),
        ({"least": 5, "most": 1}, "least 5 above most 1"),
        ({"cuts": 3}, "has cuts 3"),
        ({"cuts": ((),)}, "groups of levels"),
    ],
)
def test_parts_without_meaning_are_named(parts, says):
    """A part that means nothing is named with its value and what to give."""
    with pytest.raises(InputError, match=rf"Characteristic .*{says}"):
        Characteristic(**{"id": "x", **parts})
