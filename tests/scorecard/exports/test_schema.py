"""The published JSON Schema takes every card, and nothing that is none."""

from __future__ import annotations

import copy
import json

import jsonschema
import pytest
import rfc8785
from hypothesis import given, settings

from plainscore.scorecard import Card, CardError
from plainscore.scorecard.exports import card_schema

from ._cards import cards

VALIDATOR = jsonschema.Draft202012Validator(card_schema())


def test_the_schema_is_one():
    """The published file is a JSON Schema by the standard's own schema."""
    jsonschema.Draft202012Validator.check_schema(card_schema())


@given(card=cards())
@settings(max_examples=60)
def test_every_card_follows_the_schema_and_comes_back(card):
    """Any card validates; read back it is the same card with the same bytes and id."""
    document = json.loads(card.to_json())
    VALIDATOR.validate(document)
    again = Card.from_json(card.to_json(), expect_id=card.id)
    assert again == card
    assert again.to_json() == card.to_json()


def test_the_fitted_card_follows_the_schema(card):
    """A fitted card with two-way tables validates, and so does the one this repository publishes."""
    VALIDATOR.validate(json.loads(card.to_json()))


def places(document, path=()):
    """Yield the path of every key of every object."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield (*path, key)
            yield from places(value, (*path, key))
    elif isinstance(document, list):
        for at, value in enumerate(document[:2]):
            yield from places(value, (*path, at))


def holder(document, path):
    """Return the object that holds the last key of a path."""
    for step in path[:-1]:
        document = document[step]
    return document


FREE = {"population", "coverage", "sums", "baselines"}


def test_a_key_that_is_dropped_is_missed(card):
    """Without any one of its keys, a document fails the schema and is refused by the reader."""
    document = json.loads(card.to_json())
    for path in places(document):
        if FREE & set(path[:-1]) and path[:1] != ("scale",):
            continue
        if path[-1] in ("empty", "grids", "name") and path != ("name",):
            continue  # optional, or said twice
        damaged = copy.deepcopy(document)
        del holder(damaged, path)[path[-1]]
        assert not VALIDATOR.is_valid(damaged), path
        with pytest.raises(CardError):
            Card.from_json(rfc8785.dumps(damaged))


def test_a_key_that_is_added_or_turned_is_refused(card):
    """A key more in any object, or a list where there was a value, fails the schema."""
    document = json.loads(card.to_json())
    for path in places(document):
        if FREE & set(path[:-1]):
            continue
        turned = copy.deepcopy(document)
        holder(turned, path)[path[-1]] = [[]]
        assert not VALIDATOR.is_valid(turned), path
        if isinstance(holder(document, path)[path[-1]], dict) and path[-1] not in FREE:
            added = copy.deepcopy(document)
            holder(added, path)[path[-1]]["more"] = 1
            assert not VALIDATOR.is_valid(added), path
