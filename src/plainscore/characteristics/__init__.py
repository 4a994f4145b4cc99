"""The catalogue of characteristics over the five families, and its one derivation.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.characteristics._catalogue_page import catalogue_markdown
from plainscore.characteristics._derive import derive, derive_with
from plainscore.characteristics._entry import (
    ACTIONS,
    DATES,
    DIRECTIONS,
    FAMILIES,
    NEVER,
    NOT_APPLICABLE,
    TOO_FEW,
    TOO_FEW_NAME,
    Entry,
    catalogue,
    parse_entries,
    read_catalogue,
    select_entries,
)
from plainscore.characteristics._errors import (
    CharacteristicError,
    EntryError,
    ExpressionError,
    UnknownCharacteristicError,
)
from plainscore.characteristics._expression import check_entry

__all__ = [
    "ACTIONS",
    "DATES",
    "DIRECTIONS",
    "FAMILIES",
    "NEVER",
    "NOT_APPLICABLE",
    "TOO_FEW",
    "TOO_FEW_NAME",
    "CharacteristicError",
    "Entry",
    "EntryError",
    "ExpressionError",
    "UnknownCharacteristicError",
    "catalogue",
    "catalogue_markdown",
    "check_entry",
    "derive",
    "derive_with",
    "parse_entries",
    "read_catalogue",
    "select_entries",
]
