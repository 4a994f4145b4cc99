"""Which attributes of a card a person can have: a table has lines that nobody ever fell in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainscore.scorecard import Attribute, Card, CardCharacteristic

Possible = Mapping[str, frozenset[str]]
"""Characteristic to the labels of its attributes that a development case had. Of a characteristic that is not
named nothing is known, and every attribute of it counts as possible."""


def possible_attributes(
    one: CardCharacteristic, possible: Possible, own: str | None = None
) -> tuple[Attribute, ...]:
    """Return the attributes of a characteristic that a person can have, in the card's order.

    Parameters
    ----------
    one : CardCharacteristic
        As the card has it.
    possible : mapping of str to frozenset of str
        What development cases had.
    own : str, optional
        Label of the attribute that the person has, which is possible whoever had it before.

    Returns
    -------
    tuple of Attribute
        Never empty.
    """
    labels = possible.get(one.id)
    found = tuple(
        each for each in one.attributes if labels is None or each.label in labels or each.label == own
    )
    return found or one.attributes


def possible_range(card: Card, possible: Possible, own: Mapping[str, str] | None = None) -> tuple[int, int]:
    """Return the sums of the fewest and of the most points that a person can have of each characteristic.

    A person's score never lies outside, where `own` holds their attributes. Not every score between is
    attained: characteristics of one person hang together. Of a card with two-way tables, whose cells hang
    together with the rest, it is the card's own range.
    """
    if card.grids:
        return card.scale.low, card.scale.high
    held = own or {}
    each = [
        [attribute.points for attribute in possible_attributes(one, possible, held.get(one.id))]
        for one in card.characteristics
    ]
    return (
        card.base_points + sum(min(points) for points in each),
        card.base_points + sum(max(points) for points in each),
    )


def possible_of(decision: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Return which attributes a decision record calls possible; empty for a record that names none.

    Examples
    --------
    >>> possible_of({"parts": [{"id": "late", "possible": ["under 1"]}, {"id": "use"}]})
    {'late': frozenset({'under 1'})}
    """
    return {
        str(part["id"]): frozenset(part["possible"])
        for part in decision.get("parts") or ()
        if part.get("possible")
    }
