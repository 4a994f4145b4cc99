"""Why a score is what it is: scored batches, key factors, and the records behind each."""

from __future__ import annotations

from plainscore.reasons._assess import assess
from plainscore.reasons._evidence import Evidence, Weighed, Weighing
from plainscore.reasons._factors import MOST_REASONS, Factor, factors, favourable_factors, key_factors
from plainscore.reasons._hypothetical import Row
from plainscore.reasons._score import Scored, card_entries, floor_of, score_cases
from plainscore.reasons._words import (
    LANGUAGES,
    action_words,
    reason_words,
    state_words,
    status_words,
    value_words,
)

__all__ = [
    "LANGUAGES",
    "MOST_REASONS",
    "Evidence",
    "Factor",
    "Row",
    "Scored",
    "Weighed",
    "Weighing",
    "action_words",
    "assess",
    "card_entries",
    "factors",
    "favourable_factors",
    "floor_of",
    "key_factors",
    "reason_words",
    "score_cases",
    "state_words",
    "status_words",
    "value_words",
]
