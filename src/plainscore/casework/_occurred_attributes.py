"""Which attributes of the published card development cases had, from the published validation."""

from __future__ import annotations

from plainscore.casework._workplace import Workplace
from plainscore.reasons import Possible
from plainscore.scorecard import Card

DEVELOPMENT = "development"


def occurred(workspace: Workplace, card: Card) -> Possible:
    """Return, by characteristic, the labels of the attributes that a development case had.

    The card's own bytes do not say it: they hold points for what nobody had, so that no value is without an
    answer. Where what is published is of another card, or of none, nothing is known and nothing is returned.
    """
    published = workspace.published_validation()
    if published.get("card_id") != card.id:
        return {}
    return {
        one["id"]: frozenset(
            each["label"] for each in one["attributes"] if int(each["samples"][DEVELOPMENT]["cases"]) > 0
        )
        for one in published.get("points", ())
    }
