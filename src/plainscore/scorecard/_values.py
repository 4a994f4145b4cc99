"""Values as a card writes them: levels, months and numbers as texts."""

from __future__ import annotations

from typing import Any

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._reading import month_number, read_level

__all__ = ["level_text", "month_number", "month_text", "number_text"]


def level_text(name: str, level: Any, kind: str) -> str:
    """Return the text that stands for a level or a code in a card."""
    text = read_level(name, level, kind)
    if text is None:
        raise InputError(f"Characteristic {name!r} has no level for what is absent. Leave it out.")
    return text


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
