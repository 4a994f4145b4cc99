"""From cases and a card to scores: for one, for a batch, and for edited copies of a case.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.scoring._copies import Copies, ScoredCopies
from plainscore.scoring._hypothetical import Change, Hypothetical, Keys, Row, Weights, points_of
from plainscore.scoring._score_cases import (
    Readings,
    Scored,
    card_entries,
    columns_of,
    floor_of,
    score_as_read,
    score_cases,
    scores_of,
)
from plainscore.scoring._score_change import ScoreChange

__all__ = [
    "Change",
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
    "columns_of",
    "floor_of",
    "points_of",
    "score_as_read",
    "score_cases",
    "scores_of",
]
