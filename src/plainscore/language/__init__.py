"""Words, numbers, money and dates, in every language that is spoken. The standard library alone.

Every room keeps its own texts in a folder of its own; this one reads them, and holds what all say alike.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.language._catalogue import LANGUAGES, Catalogue, Of, Words, counted, in_language
from plainscore.language._dates import DayOf, MonthOf, Months
from plainscore.language._errors import LanguageError, UnknownLanguageError, UnlikeWordsError
from plainscore.language._formats import (
    MINUS,
    Separators,
    Share,
    mark,
    number_of,
    number_text,
    percent_of,
    percent_text,
    separators_of,
    signed_of,
    tag_of,
)
from plainscore.language._money import Money, digits_of
from plainscore.language._reported import LATENESS, reported_words, status_words
from plainscore.language._worded import read_worded

__all__ = [
    "LANGUAGES",
    "LATENESS",
    "MINUS",
    "Catalogue",
    "DayOf",
    "LanguageError",
    "Money",
    "MonthOf",
    "Months",
    "Of",
    "Separators",
    "Share",
    "UnknownLanguageError",
    "UnlikeWordsError",
    "Words",
    "counted",
    "digits_of",
    "in_language",
    "mark",
    "number_of",
    "number_text",
    "percent_of",
    "percent_text",
    "read_worded",
    "reported_words",
    "separators_of",
    "signed_of",
    "status_words",
    "tag_of",
]
