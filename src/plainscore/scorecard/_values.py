"""Single values as a card reads them; needs nothing but the standard library."""

from __future__ import annotations

import datetime as dt
from typing import Any

from plainscore.scorecard._errors import InputError


def level_text(name: str, level: Any, kind: str) -> str:
    """Return the text that stands for a level in a card."""
    if kind == "boolean":
        if level not in (0, 1):
            raise InputError(f"Column {name!r} must be true or false. Give booleans, or 0 and 1.")
        return "true" if level else "false"
    if isinstance(level, float) and level.is_integer():
        level = int(level)  # a gap in a column of whole numbers turns them into floats
    return str(level)


def month_number(month: Any) -> int:
    """Return the count of a month from year 0.

    Examples
    --------
    >>> month_number("2024-03"), month_text(24290)
    (24290, '2024-03')
    """
    if isinstance(month, str):
        year, number = month.split("-")[:2]
        return int(year) * 12 + int(number) - 1
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
