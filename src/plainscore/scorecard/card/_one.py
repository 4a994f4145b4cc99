"""Which attribute one value falls in, with nothing but the standard library."""

from __future__ import annotations

import numbers
from bisect import bisect_right
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._values import EXACT, digits_lost, level_text, month_number

if TYPE_CHECKING:
    from plainscore.scorecard.card._card import CardCharacteristic


def finder(one: CardCharacteristic) -> Callable[[Any], int]:
    """Return a function from a value to the index of its attribute."""
    if one.type in ("levels", "boolean"):
        return _level_finder(one)
    return _month_finder(one) if one.type == "month" else _number_finder(one)


def is_absent(value: Any) -> bool:
    """Return whether a single value stands for nothing: None, NaN, NaT or pandas' NA.

    Examples
    --------
    >>> [is_absent(value) for value in (None, float("nan"), 0, "")]
    [True, True, False, False]
    """
    if value is None or type(value).__name__ == "NAType":  # NA has no truth value, and pandas is not needed
        return True
    try:
        return bool(value != value)
    except ArithmeticError:  # a signalling NaN of decimal, which may not even be compared
        return True


def _number_finder(one: CardCharacteristic) -> Callable[[Any], int]:
    edges, bins, last = one.edges, len(one.bins), len(one.attributes) - 1
    specials = {each.code: at for at, each in enumerate(one.attributes) if each.kind == "special"}
    low = -1.7976931348623157e308 if one.least is None else one.least
    high = 1.7976931348623157e308 if one.most is None else one.most

    def find(value: Any) -> int:
        if value is None:
            return bins
        if type(value) is not float:
            value = _as_float(one.id, value)
        if value != value:
            return bins
        special = specials.get(value)
        if special is not None:
            return special
        return bisect_right(edges, value) if low <= value <= high else last

    return find


def _as_float(name: str, value: Any) -> float:
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            raise InputError(
                f"Characteristic {name!r} holds a whole number that no float can. Give a smaller one."
            ) from None
        if abs(number) >= EXACT and isinstance(value, numbers.Integral) and int(number) != value:
            raise InputError(digits_lost(name))
        return number
    if is_absent(value):
        return float("nan")
    try:
        if isinstance(value, (str, bytes, bool)):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise InputError(
            f"Characteristic {name!r} must be a number, and a value of type {type(value).__name__} was "
            "given. Convert it, or give None if it is not known."
        ) from None


def _month_finder(one: CardCharacteristic) -> Callable[[Any], int]:
    by_number = _number_finder(one)

    def find(value: Any) -> int:
        if is_absent(value):
            return len(one.bins)
        try:
            return by_number(float(month_number(value)))
        except (TypeError, ValueError):
            raise InputError(
                f"Characteristic {one.id!r} must be a date or a month such as '2024-03', and a value of type "
                f"{type(value).__name__} was given. Convert it, or give None if it is not known."
            ) from None

    return find


def level_codes(one: CardCharacteristic) -> dict[str, int]:
    """Return the text of each special code of levels, with the place of its attribute.

    A code is written as a level is, so that -9 and the -9.0 that a file gives back are the same text.
    """
    return {
        level_text(one.id, each.code, "levels"): place
        for place, each in enumerate(one.attributes)
        if each.kind == "special"
    }


def _level_finder(one: CardCharacteristic) -> Callable[[Any], int]:
    at = {level: place for place, each in enumerate(one.attributes) for level in each.levels}
    at |= level_codes(one)
    bins, last = len(one.bins), len(one.attributes) - 1

    def find(value: Any) -> int:
        if type(value) is str:
            return at.get(value, last)
        return bins if is_absent(value) else at.get(level_text(one.id, value, one.type), last)

    return find
