"""Letters that the law asks for, written from a decision record by the rule pack of its jurisdiction.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.notices._errors import (
    FactsError,
    MissingFieldError,
    NoticeError,
    NotWhyError,
    UnrecordedRefusalError,
)
from plainscore.notices._facts import MORE_FACTS, Facts, Text, parse_facts, read_facts
from plainscore.notices._letter import SCHEMA as LETTER_SCHEMA
from plainscore.notices._letter import letter_languages, write_notice
from plainscore.notices._letter_fields import LEAST_BARS, Occasion
from plainscore.notices._letter_types import InLogRecord, LetterFields, LetterRecord
from plainscore.notices._letter_words import word
from plainscore.notices._refusal import says_no
from plainscore.notices._statements import shown

__all__ = [
    "LEAST_BARS",
    "LETTER_SCHEMA",
    "MORE_FACTS",
    "Facts",
    "FactsError",
    "InLogRecord",
    "LetterFields",
    "LetterRecord",
    "MissingFieldError",
    "NotWhyError",
    "NoticeError",
    "Occasion",
    "Text",
    "UnrecordedRefusalError",
    "letter_languages",
    "parse_facts",
    "read_facts",
    "says_no",
    "shown",
    "word",
    "write_notice",
]
