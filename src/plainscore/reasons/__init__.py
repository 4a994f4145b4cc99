"""Why a score is what it is: key factors, and the records behind each.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.reasons._assess import assess, assess_many
from plainscore.reasons._common_parts import common_parts
from plainscore.reasons._factors import (
    BEST_ATTRIBUTE,
    MOST_REASONS,
    Factor,
    Reason,
    factors,
    favourable_factors,
    key_factors,
    key_reasons,
    reasons_against,
    shared_reasons,
)
from plainscore.reasons._lint import lint_text, lint_texts, promises
from plainscore.reasons._person import Person, person_of
from plainscore.reasons._possible import Possible, possible_of, possible_range
from plainscore.reasons._reading_grade import HIGHEST_GRADE, reading_grade
from plainscore.reasons._reason_words import (
    action_words,
    attribute_words,
    compares,
    label_words,
    reason_words,
    state_words,
    value_words,
)
from plainscore.reasons._record_evidence import Evidence, Weighing
from plainscore.reasons._score_record import probability, told_words
from plainscore.reasons._texts import TextError, override_texts, read_texts, require_texts
from plainscore.reasons._told import told_of

__all__ = [
    "BEST_ATTRIBUTE",
    "HIGHEST_GRADE",
    "MOST_REASONS",
    "Evidence",
    "Factor",
    "Person",
    "Possible",
    "Reason",
    "TextError",
    "Weighing",
    "action_words",
    "assess",
    "assess_many",
    "attribute_words",
    "common_parts",
    "compares",
    "factors",
    "favourable_factors",
    "key_factors",
    "key_reasons",
    "label_words",
    "lint_text",
    "lint_texts",
    "override_texts",
    "person_of",
    "possible_of",
    "possible_range",
    "probability",
    "promises",
    "read_texts",
    "reading_grade",
    "reason_words",
    "reasons_against",
    "require_texts",
    "shared_reasons",
    "state_words",
    "told_of",
    "told_words",
    "value_words",
]
