"""A card in one line."""

from __future__ import annotations

from typing import Final

from plainscore.scorecard._errors import CardError
from plainscore.scorecard.card._card_json import id_of
from plainscore.scorecard.card._points_table import PointsTable

NAMED: Final = 6
"""Characteristics that the line names."""


def in_short(card: PointsTable) -> str:
    """Return a card's name, characteristics, range and the beginning of its id."""
    names = [one.id for one in card.characteristics]
    some = ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
    count = f"{len(names)} characteristic{'' if len(names) == 1 else 's'}"
    scores = f"scores {card.scale.low} to {card.scale.high}"
    return f"<Card {card.name!r}: {count} ({some}), {scores}, id {_short_id(card)}>"


def _short_id(card: PointsTable) -> str:
    """Return the beginning of the id, also of a card that is shown because its bytes cannot be written."""
    try:
        return id_of(card)[:12]
    except (CardError, ValueError, TypeError, ImportError):
        return "none: its bytes cannot be written"
