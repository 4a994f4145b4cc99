"""The published JSON Schema of a card."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def card_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that every card's document follows.

    The document is what `Card.to_json` writes; reading it back gives the same card, the same bytes and the
    same id. The schema says what a reader in any language may rely on.

    Examples
    --------
    >>> card_schema()["title"]
    'Plainscore scorecard'
    """
    text = (resources.files("plainscore.scorecard.exports") / "card.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
