"""Whether a value of TOML is of the type that a field of a recipe has, and that type in words."""

from __future__ import annotations

import math
from datetime import date, datetime
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

_WORDS: Final = {
    str: "a text in quotes",
    int: "a whole number",
    float: "a number",
    date: "a day without quotes, such as 2025-12-31",
    datetime: "a moment without quotes, such as 2026-01-31T00:00:00Z",
}

_LONGEST: Final = 40
"""Characters of a wrong value that an error repeats."""


def fits(value: Any, kind: Any) -> bool:
    """Whether a value has a type, as TOML means it: true is no number, and a moment is no day."""
    if get_origin(kind) in (Union, UnionType):
        return any(fits(value, one) for one in get_args(kind))
    if get_origin(kind) is tuple:
        return isinstance(value, list) and all(fits(one, get_args(kind)[0]) for one in value)
    if get_origin(kind) is Literal:
        return isinstance(value, str)
    if kind is float:
        return type(value) in (int, float) and math.isfinite(value)
    return type(value) is kind


def type_words(kind: Any) -> str:
    """Return a type as a recipe's author would say it.

    Examples
    --------
    >>> type_words(tuple[int, ...])
    'a list, each a whole number'
    >>> type_words(float | None)
    'a number'
    """
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(type_words(one) for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is tuple:
        return f"a list, each {type_words(get_args(kind)[0])}"
    return _WORDS[str if get_origin(kind) is Literal else kind]


def shown(value: Any) -> str:
    """Return a value about as a recipe has it, cut where it is long.

    Examples
    --------
    >>> shown(date(2025, 12, 31)), shown("x" * 100)
    ('2025-12-31', "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...")
    """
    text = str(value) if isinstance(value, date) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
