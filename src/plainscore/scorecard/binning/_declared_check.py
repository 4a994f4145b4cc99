"""What each part of a `Characteristic` must be, as one table."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, Final

from plainscore.scorecard._errors import InputError
from plainscore.scorecard.binning._edit import Edit

DIRECTIONS: Final = ("ascending", "descending", "peak", "valley", "none", "either", "auto")
MOST: Final = int(sys.float_info.max)
"""Largest whole number that a float can hold: beyond it arithmetic with one fails."""
KINDS: Final = ("number", "levels", "boolean", "month")


def is_text(value: Any) -> bool:
    """Return whether a value is a text that JSON can hold."""
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeEncodeError:  # half of a surrogate pair, which no JSON can hold
        return False


def is_number(value: Any) -> bool:
    """Return whether a value is a finite number, and no boolean."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= MOST
    return isinstance(value, Real) and math.isfinite(value)


def is_code(value: Any) -> bool:
    """Return whether a value can stand for a state."""
    return is_number(value) or is_text(value)


def _is_cut(value: Any) -> bool:
    return is_code(value) or (isinstance(value, tuple | list) and len(value) > 0 and all(map(is_text, value)))


def _is_word(known: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in known


def _maps(keys: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, Mapping) and all(map(keys, value)) and all(map(is_text, value.values()))
    )


def _lists(items: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, tuple | list) and all(map(items, value))


def _or_none(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or holds(value)


_TEXT: Final = (is_text, "a text")
PARTS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "id": (lambda value: is_text(value) and value != "", "the name of a column"),
    **dict.fromkeys(("label", "family", "unit", "missing", "cuts_reason", "reason"), _TEXT),
    "direction": (_is_word(DIRECTIONS), f"one of {', '.join(DIRECTIONS)}"),
    "kind": (_or_none(_is_word(KINDS)), f"one of {', '.join(KINDS)}, or None to read it off"),
    "special_codes": (
        _maps(is_code),
        "a mapping of codes (finite numbers or texts) to names; `missing` names an absent value",
    ),
    "value_names": (_maps(is_number), "a mapping of finite numbers to names"),
    "cap_missing": (lambda value: isinstance(value, bool), "True or False"),
    "capped": (_lists(is_code), "a tuple of special codes"),
    "least": (_or_none(is_number), "a finite number, or None"),
    "most": (_or_none(is_number), "a finite number, or None"),
    "cuts": (
        _or_none(_lists(_is_cut)),
        "a tuple of rising lower edges (numbers, or months as '2024-03') or of groups of levels, or None",
    ),
    "edits": (_lists(lambda value: isinstance(value, Edit)), "a tuple of edits, as `edits` returns them"),
}


def check_parts(given: Mapping[str, Any]) -> None:
    """Raise InputError at the first part that is not what it must be.

    Examples
    --------
    >>> check_parts({"id": "late", "direction": "up"})
    Traceback (most recent call last):
    ...
    plainscore.scorecard._errors.InputError: Characteristic 'late' has direction 'up'. Give one of asc...
    """
    for name, value in given.items():
        holds, words = PARTS[name]
        if not holds(value):
            raise InputError(f"Characteristic {given['id']!r} has {name} {value!r}. Give {words}.")
