"""Which attributes of a card a person can have: a table has lines that nobody ever fell in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from plainscore.decisions import DecisionContent
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
    """Return the lowest and the highest sum of points over the attributes that a person can have.

    A person's score never lies outside, where `own` holds their attributes. Not every score between is
    attained: characteristics of one person hang together. Two-way tables count with the cells between
    possible attributes.
    """
    held = own or {}
    kept = {one.id: possible_attributes(one, possible, held.get(one.id)) for one in card.characteristics}
    places = {
        one.id: [at for at, each in enumerate(one.attributes) if each in kept[one.id]]
        for one in card.characteristics
    }
    narrowed = replace(
        card,
        characteristics=tuple(replace(one, attributes=kept[one.id]) for one in card.characteristics),
        grids=tuple(
            replace(
                grid,
                points=tuple(
                    tuple(grid.points[row][column] for column in places[grid.second])
                    for row in places[grid.first]
                ),
            )
            for grid in card.grids
        ),
    )
    return narrowed.attainable()


def possible_of(decision: DecisionContent) -> dict[str, frozenset[str]]:
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
