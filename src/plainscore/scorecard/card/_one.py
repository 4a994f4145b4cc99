"""Which attribute one value falls in, with nothing but the standard library."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._reading import read_level, read_month, read_number
from plainscore.scorecard._values import level_text
from plainscore.scorecard.card._points_table import CardCharacteristic, PointsTable


class Finders:
    """A card made ready for one case at a time: for each characteristic, where a value falls.

    Parameters
    ----------
    card : PointsTable
        The card.
    """

    __slots__ = ("_base", "_each", "_grids")

    def __init__(self, card: PointsTable) -> None:
        self._base = card.base_points
        self._grids = card.grids
        self._each = tuple(
            (one.id, finder(one), tuple(each.points for each in one.attributes))
            for one in card.characteristics
        )

    def score(self, case: Mapping[str, Any]) -> int:
        """Return the score of one case."""
        total = self._base
        if self._grids:
            at = self.positions(case)
            total += sum(points[at[name]] for name, _, points in self._each)
            return total + sum(grid.points[at[grid.first]][at[grid.second]] for grid in self._grids)
        for name, find, points in self._each:
            try:
                value = case[name]
            except (KeyError, IndexError, TypeError):
                raise absent(name, case) from None
            total += points[find(value)]
        return total

    def positions(self, case: Mapping[str, Any]) -> dict[str, int]:
        """Return the position of the attribute one case falls in, per characteristic."""
        at = {}
        for name, find, _ in self._each:
            try:
                value = case[name]
            except (KeyError, IndexError, TypeError):
                raise absent(name, case) from None
            at[name] = find(value)
        return at


def absent(name: str, case: Any) -> InputError:
    """Say that a case has no such characteristic, or is nothing in which one can be looked up."""
    if not hasattr(case, "keys"):
        return InputError(
            f"A case is a {type(case).__name__}, in which {name!r} cannot be looked up. Give a mapping "
            "of characteristics to values."
        )
    return InputError(
        f"Characteristic {name!r} is missing from the case. Add it, with None if nothing is known."
    )


def finder(one: CardCharacteristic) -> Callable[[Any], int]:
    """Return a function from a value to the index of its attribute."""
    if one.type in ("levels", "boolean"):
        return _level_finder(one)
    return _month_finder(one) if one.type == "month" else _number_finder(one)


def _number_finder(one: CardCharacteristic) -> Callable[[Any], int]:
    edges, bins, last = one.edges, len(one.bins), len(one.attributes) - 1
    specials = {each.code: at for at, each in enumerate(one.attributes) if each.kind == "special"}
    low = -1.7976931348623157e308 if one.least is None else one.least
    high = 1.7976931348623157e308 if one.most is None else one.most

    def find(value: Any) -> int:
        if value is None:
            return bins
        if type(value) is not float:
            value = read_number(one.id, value)
        if value != value:
            return bins
        special = specials.get(value)
        if special is not None:
            return special
        return bisect_right(edges, value) if low <= value <= high else last

    return find


def _month_finder(one: CardCharacteristic) -> Callable[[Any], int]:
    by_number = _number_finder(one)

    def find(value: Any) -> int:
        return by_number(read_month(one.id, value))

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
    codes = level_codes(one)
    at |= codes
    bins, last, is_levels = len(one.bins), len(one.attributes) - 1, one.type == "levels"

    def find(value: Any) -> int:
        if type(value) is str and is_levels:
            return at.get(value, last)
        text = read_level(one.id, value, one.type, codes)
        return bins if text is None else at.get(text, last)

    return find
