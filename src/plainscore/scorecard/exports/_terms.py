"""What every export is written from: the columns a card reads, and the terms its score sums.

A term is looked up by the attribute that one characteristic falls in, or that two fall in together.
Every export finds each characteristic's attribute once, by the rules of `scorecard.card`, and then looks
its terms up; so a two-way table needs no rules of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._values import level_text
from plainscore.scorecard.card._one import level_codes

if TYPE_CHECKING:
    from plainscore.scorecard.card._card import Card
    from plainscore.scorecard.card._points_table import CardCharacteristic

LARGEST: Final = 1.7976931348623157e308
"""The largest finite number: where a card states no limit, only the infinities lie outside."""
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold, or that its readers need not keep (section 2.2)."""


@dataclass(frozen=True)
class Term:
    """Points looked up by one characteristic's attribute, or by two characteristics' together.

    Attributes
    ----------
    id, label, reason : str
        Of the characteristic or of the two-way table.
    by : tuple of int
        Positions, on the card, of the one or two characteristics.
    points : tuple of tuples of int
        ``points[first][second]``; for one characteristic the inner tuples have one entry.
    """

    id: str
    label: str
    reason: str
    by: tuple[int, ...]
    points: tuple[tuple[int, ...], ...]

    @property
    def of_two(self) -> bool:
        """Whether two characteristics choose the points."""
        return len(self.by) == 2


def terms_of(card: Card) -> tuple[Term, ...]:
    """Return what the score sums over the base points: characteristics, then two-way tables."""
    at = {one.id: place for place, one in enumerate(card.characteristics)}
    ones = [
        Term(one.id, one.label, one.reason, (at[one.id],), tuple((each.points,) for each in one.attributes))
        for one in card.characteristics
    ]
    twos = [
        Term(grid.id, grid.label, grid.reason, (at[grid.first], at[grid.second]), grid.points)
        for grid in card.grids
    ]
    return (*ones, *twos)


def missing_place(one: CardCharacteristic) -> int:
    """Return the place of the attribute of absent values."""
    return len(one.bins)


def rest_place(one: CardCharacteristic) -> int:
    """Return the place of the attribute of what is out of range, or of levels not seen before."""
    return len(one.attributes) - 1


def code_places(one: CardCharacteristic) -> dict[float, int]:
    """Return each special code of numbers or months, with the place of its attribute."""
    return {
        float(each.code): place
        for place, each in enumerate(one.attributes)
        if each.kind == "special" and each.code is not None
    }


def level_places(one: CardCharacteristic) -> dict[str, int]:
    """Return each level's text, special codes among them, with the place of its attribute."""
    return {level: place for place, each in enumerate(one.attributes) for level in each.levels} | level_codes(
        one
    )


def number_of_level(level: str) -> float | None:
    """Return the number that has a level's text, if there is one.

    Examples
    --------
    >>> number_of_level("3"), number_of_level("2.5"), number_of_level("3.0"), number_of_level("card")
    (3.0, 2.5, None, None)
    """
    try:
        number = float(level)
    except ValueError:
        return None
    return number if abs(number) < LARGEST and level_text("", number, "levels") == level else None


def plain_number(value: float) -> str:
    """Return a number as a whole number where it is one, else as its shortest exact decimal.

    Examples
    --------
    >>> plain_number(12.0), plain_number(0.1), plain_number(-1e-07), plain_number(1e300)
    ('12', '0.1', '-1e-07', '1e+300')
    """
    value = float(value)  # limits may be declared as whole numbers
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def refuse_unwritable(card: Card, form: str) -> None:
    """Refuse a card with a text that XML cannot hold; the sentence names the text.

    Raises
    ------
    InputError
        If a name, label, level or reason has a control character.
    """
    texts = [card.name, card.purpose]
    texts += [text for term in terms_of(card) for text in (term.id, term.label, term.reason)]
    for one in card.characteristics:
        texts += [text for each in one.attributes for text in (each.label, *each.levels)]
    for text in texts:
        if UNWRITABLE.search(text):
            raise InputError(
                f"The card's text {text!r} has a character that {form} cannot hold. "
                "Rename it where the data come from, or take another export."
            )
