"""From cases and a card to scores: for one, for a batch, and for edited copies of a case.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.scoring._copies import Copies, ScoredCopies
from plainscore.scoring._hypothetical import Hypothetical, Keys, Row, Weights
from plainscore.scoring._score_cases import (
    Readings,
    Scored,
    card_entries,
    floor_of,
    score_as_read,
    score_cases,
)
from plainscore.scoring._score_change import ScoreChange

__all__ = [
    "Copies",
    "Hypothetical",
    "Keys",
    "Readings",
    "Row",
    "ScoreChange",
    "Scored",
    "ScoredCopies",
    "Weights",
    "card_entries",
    "floor_of",
    "score_as_read",
    "score_cases",
]
