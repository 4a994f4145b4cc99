"""From cases and a card to scores: for one, for a batch, and for edited copies of a case."""

from __future__ import annotations

from plainscore.scoring._hypothetical import Hypothetical, Keys, Row, Weights
from plainscore.scoring._score_cases import Scored, card_entries, floor_of, score_cases

__all__ = [
    "Hypothetical",
    "Keys",
    "Row",
    "Scored",
    "Weights",
    "card_entries",
    "floor_of",
    "score_cases",
]
