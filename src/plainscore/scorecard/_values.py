"""Single values as a card reads them; needs nothing but the standard library."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from plainscore.scorecard._errors import InputError

EXACT: Final = 2**53
"""Up to here every whole number is a float of its own."""
_MONTH: Final = re.compile(r"(\d{4})-(0?[1-9]|1[0-2])")


def level_text(name: str, level: Any, kind: str) -> str:
    """Return the text that stands for a level in a card."""
    if kind == "boolean":
        if level not in (0, 1):
            raise InputError(f"Column {name!r} must be true or false. Give booleans, or 0 and 1.")
        return "true" if level else "false"
    if isinstance(level, float) and level.is_integer():
        level = int(level)  # a gap in a column of whole numbers turns them into floats
    return str(level)


def digits_lost(name: str) -> str:
    """Say that a column's whole numbers are too large to be told apart."""
    return (
        f"Column {name!r} holds whole numbers beyond 2^53, whose last digits would be lost. Give an amount "
        "in larger units, and leave out an identifier."
    )


def month_number(month: Any) -> int:
    """Return the count of a month from year 0, of a date or of a text as ISO 8601 writes it.

    A moment with a time zone counts in the month that it is in UTC.

    Examples
    --------
    >>> month_number("2024-03"), month_text(24290)
    (24290, '2024-03')
    """
    if isinstance(month, str):
        found = _MONTH.fullmatch(month)
        if found is None:
            return month_number(dt.datetime.fromisoformat(month))
        return int(found[1]) * 12 + int(found[2]) - 1
    if isinstance(month, dt.datetime) and month.tzinfo is not None:
        month = month.astimezone(dt.UTC)
    if isinstance(month, dt.date) or type(month).__name__ == "Period":
        return int(month.year) * 12 + int(month.month) - 1
    if type(month).__name__ == "datetime64":  # numpy's, which scoring one case does not import
        return int(month.astype("datetime64[M]").astype(int)) + 1970 * 12
    raise TypeError("not a month")


def month_text(number: float) -> str:
    """Return a month as ``YYYY-MM``."""
    return f"{int(number) // 12:04d}-{int(number) % 12 + 1:02d}"


def number_text(value: float) -> str:
    """Return a number as a person writes it: no trailing ``.0``.

    Examples
    --------
    >>> number_text(12.0), number_text(0.25)
    ('12', '0.25')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
