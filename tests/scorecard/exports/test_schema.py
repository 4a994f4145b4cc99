"""The published JSON Schema takes every card, and nothing that is none."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest
import rfc8785
from examples import examples
from hypothesis import given

from plainscore.scorecard import Card, CardError
from plainscore.scorecard.exports import card_schema

from ._cards import card_of, cards

VALIDATOR = jsonschema.Draft202012Validator(card_schema())


def test_the_schema_is_one():
    """The published file is a JSON Schema by the standard's own schema."""
    jsonschema.Draft202012Validator.check_schema(card_schema())


@given(card=cards())
@examples(60)
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
    published = Path(__file__).parents[3] / "model" / "scorecard.json"
    VALIDATOR.validate(json.loads(published.read_bytes()))


# Objects whose keys are the card's own: what is in them is free, or checked against the rest of the card.
FREE = {"population", "coverage", "baselines", "sums"}
OPTIONAL = ("empty", "grids")


def nodes(document, path=()):
    """Yield the path of every value whose keys the schema names."""
    yield path
    if isinstance(document, dict):
        parts = document.items()
    else:
        parts = enumerate(document) if isinstance(document, list) else ()
    for key, part in parts:
        if path[-1:] == ("baselines",) or not (path and path[-1] in FREE):
            yield from nodes(part, (*path, key))


def at(document, path):
    """Return the value at a path."""
    for key in path:
        document = document[key]
    return document


def wrong_types(document, path):
    """Return values of types that the value at a path may not have."""
    value = at(document, path)
    free = {type(value)}
    if isinstance(value, int | float) and not isinstance(value, bool):
        free |= {int, float}
    if path[-1] in ("from", "to", "least", "most"):  # open, or an edge
        months = path[-1] in ("from", "to") and at(document, path[:-3])["type"] == "month"
        free |= {type(None)} | ({str} if months else {int, float})
    if path[-1] == "code" and at(document, path[:-3])["type"] == "levels":
        free |= {int, float, str}
    return [each for each in (None, True, 7, "text", ["a"], {"a": 1}) if type(each) not in free]


def mutations(document):
    """Yield every document with one key dropped, one key too many, or one value of another type."""
    seen = set()
    for path in nodes(document):
        if (like := shape(document, path)) in seen:
            continue
        seen.add(like)
        value = at(document, path)
        changes = []
        if isinstance(value, dict) and not (path and path[-1] in FREE):
            changes += [(f"{path} without {key}", "pop", key) for key in value if key not in OPTIONAL]
            changes.append((f"{path} with more", "more", None))
        if path:
            changes += [(f"{path} is {other!r}", "set", other) for other in wrong_types(document, path)]
        for what, how, other in changes:
            changed = copy.deepcopy(document)
            if how == "pop":
                del at(changed, path)[other]
            elif how == "more":
                at(changed, path)["extra"] = 1
            else:
                at(changed, path[:-1])[path[-1]] = other
            yield what, changed


def shape(document, path):
    """Return a path in which a list's places are what stands there: one kind of attribute is like another."""
    out = []
    for depth, key in enumerate(path):
        part = at(document, path[: depth + 1])
        kind = (part.get("type"), part.get("kind")) if isinstance(part, dict) else type(part)
        out.append(kind if isinstance(key, int) else key)
    return tuple(out)


def refused(document):
    """Check that the schema and the reader refuse each change; return how many there were."""
    count = 0
    for what, changed in mutations(document):
        assert not VALIDATOR.is_valid(changed), f"the schema takes it: {what}"
        try:
            Card.from_json(rfc8785.dumps(changed))
        except CardError:
            count += 1
        else:
            pytest.fail(f"the reader takes it: {what}")
    return count


@pytest.mark.slow
def test_each_single_change_is_refused_by_both(card):
    """A dropped key, a key too many or a value of another type fails the schema and the reader."""
    by_id = {one.id: one for one in card.characteristics}
    kept = [by_id[name] for name in ("use", "late", "kind", "joint", "opened")]  # every type, every kind
    table = next(grid for grid in card.grids if {grid.first, grid.second} <= {one.id for one in kept})
    assert refused(json.loads(card_of(*kept, grids=[table]).to_json())) > 300


@pytest.mark.parametrize("key", ["base_score", "base_odds", "pdo"])
def test_a_scale_is_in_decimals(card, key):
    """A scale that is text but no number is refused by both."""
    document = json.loads(card.to_json())
    document["scale"][key] = "text"
    assert not VALIDATOR.is_valid(document)
    with pytest.raises(CardError, match="'text', which is no number"):
        Card.from_json(rfc8785.dumps(document))
