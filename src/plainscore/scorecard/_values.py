"""Values as a card writes them: levels, months and numbers as texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._reading import month_number, read_level

__all__ = ["group_label", "level_text", "month_number", "month_text", "number_text"]


def level_text(name: str, level: Any, kind: str) -> str:
    """Return the text that stands for a level or a code in a card."""
    text = read_level(name, level, kind)
    if text is None:
        raise InputError(f"Characteristic {name!r} has no level for what is absent. Leave it out.")
    return text


EMPTY_TEXT: Final = "empty text"
_TAKEN: Final = (EMPTY_TEXT, "no level", "missing", "not seen before")
"""What a card says where it names no level."""


def group_label(levels: Sequence[str]) -> str:
    """Return levels as one text, from which each can be told.

    They stand with commas between. A level that holds a comma or a quotation mark, begins or ends with a
    blank, or is what a card says of something else, stands in quotation marks, as in JSON.

    Examples
    --------
    >>> group_label(["card", "loan"]), group_label(["card, loan"]), group_label(["", "rent"])
    ('card, loan', '"card, loan"', 'empty text, rent')
    """
    return ", ".join(map(_level_label, levels))


def _level_label(level: str) -> str:
    if not level:
        return EMPTY_TEXT
    if level.strip() != level or "," in level or '"' in level or level in _TAKEN:
        return json.dumps(level, ensure_ascii=False)
    return level


def month_text(number: float) -> str:
    """Return a month as ``YYYY-MM``.

    Examples
    --------
    >>> month_text(24290)
    '2024-03'
    """
    return f"{int(number) // 12:04d}-{int(number) % 12 + 1:02d}"


def number_text(value: float) -> str:
    """Return a number as a person writes it: no trailing ``.0``.

    Examples
    --------
    >>> number_text(12.0), number_text(0.25)
    ('12', '0.25')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
