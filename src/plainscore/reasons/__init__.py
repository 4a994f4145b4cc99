"""Why a score is what it is: scored batches, key factors, and the records behind each."""

from __future__ import annotations

from plainscore.reasons._assess import assess
from plainscore.reasons._evidence import Evidence, Weighed, Weighing
from plainscore.reasons._factors import MOST_REASONS, Factor, factors, favourable_factors, key_factors
from plainscore.reasons._hypothetical import Row
from plainscore.reasons._lint import lint_text, lint_texts, promises
from plainscore.reasons._reading import HIGHEST_GRADE, reading_grade
from plainscore.reasons._score import Scored, card_entries, floor_of, score_cases
from plainscore.reasons._texts import TextError, override_texts, read_texts, require_texts
from plainscore.reasons._words import (
    LANGUAGES,
    action_words,
    attribute_words,
    reason_words,
    status_words,
    value_words,
)

__all__ = [
    "HIGHEST_GRADE",
    "LANGUAGES",
    "MOST_REASONS",
    "Evidence",
    "Factor",
    "Row",
    "Scored",
    "TextError",
    "Weighed",
    "Weighing",
    "action_words",
    "assess",
    "attribute_words",
    "card_entries",
    "factors",
    "favourable_factors",
    "floor_of",
    "key_factors",
    "lint_text",
    "lint_texts",
    "override_texts",
    "promises",
    "read_texts",
    "reading_grade",
    "reason_words",
    "require_texts",
    "score_cases",
    "status_words",
    "value_words",
]
