"""What a single value says: the one reading on which a case alone, a column and a fit rest.

A characteristic is of a kind, and each kind reads whatever type a value comes in: Python's own, NumPy's,
pandas', Arrow's. Columns read fast where their type allows no other meaning, and through these functions
everywhere else. Needs nothing but the standard library, so other libraries' types are known by their names.
"""

from __future__ import annotations

import datetime as dt
import numbers
import re
import struct
from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final

from plainscore.scorecard._errors import InputError

EXACT: Final = 2**53
"""Up to here every whole number is a float of its own."""
NAN: Final = float("nan")
_MONTH: Final = re.compile(r"(\d{4})-(0?[1-9]|1[0-2])", re.ASCII)
_TRUTHS: Final = {"true": "true", "1": "true", "1.0": "true", "false": "false", "0": "false", "0.0": "false"}
"""Texts that stand for a truth, as files hold them: a gap turns 1 into 1.0."""
_SHORT_FLOATS: Final = {"float32": "f", "float16": "e"}
_SHORT_ARROW: Final = {"float": "f", "halffloat": "e"}
"""Names, in NumPy and in Arrow, of floats shorter than Python's, with their code in `struct`."""


class UnreadableError(InputError):
    """A value is of a type that its characteristic's kind cannot be."""


def is_absent(value: Any) -> bool:
    """Return whether a value stands for nothing: None, any NaN, NaT, pandas' NA, NumPy's masked.

    Examples
    --------
    >>> [is_absent(value) for value in (None, float("nan"), 0, "")]
    [True, True, False, False]
    """
    if value is None or type(value).__name__ in ("NAType", "MaskedConstant"):  # which have no truth value
        return True
    try:
        return bool(value != value)
    except ArithmeticError:  # a signalling NaN of decimal, which may not even be compared
        return True
    except (TypeError, ValueError):  # an array, or what else has no one truth: not a single value
        return False


def read_number(name: str, value: Any) -> float:
    """Return a number as a float, NaN where absent.

    Raises
    ------
    InputError
        If the value is no number (a text or a truth is none), or a whole number whose last digits a float
        loses.

    Examples
    --------
    >>> [read_number("x", value) for value in (3, Decimal("0.5"), None)]
    [3.0, 0.5, nan]
    """
    if type(value) is float:
        return value
    value = _unwrapped(value)
    if is_absent(value):
        return NAN
    if _is_truth(value) or not _is_number(value):
        raise UnreadableError(
            f"Characteristic {name!r} must be a number, and a value of type {type(value).__name__} was "
            "given. Convert it, or give None if it is not known."
        )
    try:
        number = float(value)
    except OverflowError:
        raise UnreadableError(
            f"Characteristic {name!r} holds a whole number that no float can. Give a smaller one."
        ) from None
    if abs(number) >= EXACT and isinstance(value, numbers.Integral) and int(number) != value:
        raise InputError(digits_lost(name))
    return number


def read_month(name: str, value: Any) -> float:
    """Return a month counted from year 0 (year x 12 + month - 1), NaN where absent.

    Raises
    ------
    InputError
        If the value is no date, and no text that ISO 8601 reads as one.

    Examples
    --------
    >>> [read_month("x", value) for value in ("2024-03", dt.date(2024, 3, 31), None)]
    [24290.0, 24290.0, nan]
    """
    value = _unwrapped(value)
    if is_absent(value):
        return NAN
    try:
        return float(month_number(value))
    except (TypeError, ValueError, OverflowError):
        raise UnreadableError(
            f"Characteristic {name!r} must be a date or a month such as '2024-03', and a value of type "
            f"{type(value).__name__} was given. Convert it, or give None if it is not known."
        ) from None


def read_level(name: str, value: Any, kind: str, codes: Collection[str] = ()) -> str | None:
    """Return the text that stands for a level on a card, None where absent.

    A whole number is its digits, whatever type holds it: 1, 1.0 and ``Decimal("1.00")`` are the level "1".
    Another number is its shortest decimal in its own type. A level that is a truth is "True" or "False";
    of the kind ``boolean`` truths, 0 and 1, and the texts true, false, 1, 0 in any case are "true" or
    "false". Bytes are UTF-8.

    Parameters
    ----------
    name : str
        The characteristic, for sentences.
    value : object
        What was given.
    kind : str
        ``levels`` or ``boolean``.
    codes : collection of str
        Special codes, which a boolean may hold beside its truths.

    Raises
    ------
    InputError
        If the value is none of these: a date, say, has no one text.

    Examples
    --------
    >>> [read_level("x", value, "levels") for value in ("card", 1.0, Decimal("2.50"), b"rent", True, None)]
    ['card', '1', '2.5', 'rent', 'True', None]
    >>> [read_level("x", value, "boolean") for value in (True, 0.0, "TRUE")]
    ['true', 'false', 'true']
    """
    if type(value) is str and kind == "levels":
        return value
    if is_absent(_unwrapped(value)):
        return None
    if kind == "levels":
        return _level_text(name, value)
    return _truth_text(name, value, codes)


def digits_lost(name: str) -> str:
    """Say that a column's whole numbers are too large to be told apart."""
    return (
        f"Column {name!r} holds whole numbers beyond 2^53, whose last digits would be lost. Give an amount "
        "in larger units, and leave out an identifier."
    )


def month_number(month: Any) -> int:
    """Return the count of a month from year 0, of a date or of a text as ISO 8601 writes it.

    A moment with a time zone counts in the month that it is in UTC; a period must lie within one month.

    Examples
    --------
    >>> month_number("2024-03"), month_number(b"2024-03-31")
    (24290, 24290)
    """
    if isinstance(month, bytes):
        month = month.decode()
    if isinstance(month, str):
        found = _MONTH.fullmatch(month)
        if found is None:
            return month_number(dt.datetime.fromisoformat(month))
        return int(found[1]) * 12 + int(found[2]) - 1
    if isinstance(month, dt.datetime) and month.tzinfo is not None:
        month = month.astimezone(dt.UTC)
    if isinstance(month, dt.date):
        return int(month.year) * 12 + int(month.month) - 1
    if type(month).__name__ == "Period":
        first, last = month_number(month.start_time), month_number(month.end_time)
        if first != last:
            raise ValueError("not one month")
        return first
    if type(month).__name__ == "datetime64":  # numpy's, which scoring one case does not import
        return int(month.astype("datetime64[M]").astype(int)) + 1970 * 12
    raise TypeError("not a month")


# -- pieces ---------------------------------------------------------------------------------------


def _unwrapped(value: Any) -> Any:
    """Return what an Arrow scalar, or an array of no dimensions, holds."""
    if hasattr(value, "as_py"):
        return value.as_py()
    if type(value).__name__ == "ndarray" and value.ndim == 0:
        return value[()]
    return value


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


def _is_number(value: Any) -> bool:
    """Return whether a value is a number; NumPy counts its spans of time among the whole ones."""
    return isinstance(value, (numbers.Real, Decimal)) and type(value).__name__ != "timedelta64"


def _level_text(name: str, value: Any) -> str:
    held = _unwrapped(value)
    if isinstance(held, bytes):
        try:
            return held.decode()
        except UnicodeDecodeError:
            raise _no_level(name, held) from None
    if isinstance(held, str):
        return str.__str__(held)
    if _is_truth(held):
        return "True" if held else "False"
    if _is_number(held):
        return _number_text(name, held, _short_code(value))
    if type(held).__name__ == "Interval":  # as pandas cuts numbers
        return str(held)
    raise _no_level(name, held)


def _short_code(value: Any) -> str | None:
    """Return the code in `struct` of a float that is shorter than Python's."""
    if hasattr(value, "as_py"):
        return _SHORT_ARROW.get(str(value.type))
    return _SHORT_FLOATS.get(type(value).__name__)


def _number_text(name: str, value: Any, short: str | None) -> str:
    if isinstance(value, numbers.Integral):
        return str(int(value))
    try:
        number = float(value)
    except OverflowError:
        raise _no_level(name, value) from None
    if number.is_integer():
        return str(int(value))
    return repr(number) if short is None else _shortest(number, short)


def _shortest(number: float, code: str) -> str:
    """Return the decimal of fewest digits that a short float reads as this number.

    Examples
    --------
    >>> _shortest(0.10000000149011612, "f"), _shortest(0.0999755859375, "e")
    ('0.1', '0.1')
    """
    for digits in range(1, 17):
        found = float(f"{number:.{digits}g}")
        if struct.unpack(code, struct.pack(code, found))[0] == number:
            return repr(found)
    return repr(number)


def _truth_text(name: str, value: Any, codes: Collection[str]) -> str:
    held = _unwrapped(value)
    if codes and (text := _level_text(name, value)) in codes:
        return text
    if _is_truth(held) or _is_number(held):
        if held in (0, 1):
            return "true" if held else "false"
    elif isinstance(held, (str, bytes)):
        text = _level_text(name, held).lower()
        if text in _TRUTHS:
            return _TRUTHS[text]
    raise InputError(f"Column {name!r} must be true or false. Give booleans, or 0 and 1.")


def _no_level(name: str, value: Any) -> UnreadableError:
    return UnreadableError(
        f"Characteristic {name!r} has levels, and a value of type {type(value).__name__} was given. Give a "
        "text, a number or a truth, or None if it is not known."
    )
