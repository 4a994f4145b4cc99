"""Marks and numbers, as each language writes them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from plainscore.language._own import OWN

MINUS: Final = "−"
"""The minus sign; a hyphen before a number may be read as a dash."""


def tag_of(language: str) -> str:
    """Return how HTML names a language (BCP 47).

    Examples
    --------
    >>> tag_of("en"), tag_of("zh")
    ('en', 'zh-Hans')
    """
    return OWN.raw("language.tag", language)


def mark(name: str, language: str) -> str:
    """Return a mark as a language writes it.

    One of ``gap``, ``colon``, ``stop``, ``comma``, ``open`` and ``close``; between the parts of a list,
    ``items`` where they are words and ``between`` where they are clauses.

    Examples
    --------
    >>> mark("colon", "en"), mark("colon", "zh")
    (': ', '：')
    """
    return OWN.raw(f"mark.{name}", language)


class Separators(NamedTuple):
    """What a language writes inside a number."""

    thousands: str
    point: str


def separators_of(language: str) -> Separators:
    """Return what a language writes between thousands and before decimals.

    Examples
    --------
    >>> separators_of("es")
    Separators(thousands='.', point=',')
    """
    return Separators(OWN.raw("number.thousands", language), OWN.raw("number.point", language))


def number_text(text: str, language: str) -> str:
    """Return a number that is written as 1,234.5 with a language's own separators.

    Examples
    --------
    >>> number_text("1,234.5", "es")
    '1.234,5'
    """
    own = separators_of(language)
    return text.translate({ord(","): own.thousands, ord("."): own.point})


def percent_text(text: str, language: str) -> str:
    """Return a number that is written as 1,234.5 as a percentage.

    Examples
    --------
    >>> percent_text("8.5", "en"), percent_text("8.5", "es")
    ('8.5%', '8,5 %')
    """
    return OWN.text("number.percent", language, value=number_text(text, language))


def number_of(value: object, language: str, places: int | None = None) -> str:
    """Return a number as a language writes it, with a true minus sign.

    Parameters
    ----------
    value : object
        A number, or its text in plain digits.
    language : str
        One of `LANGUAGES`.
    places : int, optional
        Digits behind the point, halves rounded to even; those that the number has otherwise.

    Examples
    --------
    >>> number_of("-1234.25", "en", 1), number_of(1234567, "es")
    ('−1,234.2', '1.234.567')
    """
    return number_text(_written(Decimal(str(value)), places), language)


def signed_of(value: object, language: str, places: int | None = None) -> str:
    """Return a number with its sign; one that is written as zero has none. See `number_of`.

    Examples
    --------
    >>> signed_of(3, "en"), signed_of(-3, "en"), signed_of("-0.04", "en", 1)
    ('+3', '−3', '0.0')
    """
    text = number_of(value, language, places)
    if not any(digit in text for digit in "123456789"):
        return text.removeprefix(MINUS)
    return text if text.startswith(MINUS) else "+" + text


def percent_of(share: object, language: str, places: int | None = None) -> str:
    """Return a share of one as a percentage; with as many digits as it has where none are asked for.

    Examples
    --------
    >>> percent_of("0.0406", "en", 1), percent_of("0.07", "es")
    ('4.1%', '7 %')
    """
    percent = Decimal(str(share)) * 100
    return percent_text(_written(percent.normalize() if places is None else percent, places), language)


def _written(number: Decimal, places: int | None) -> str:
    """Return a number as −1,234.5."""
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return f"{MINUS if number < 0 else ''}{abs(number):,f}"


class Share:
    """A share of one as a percentage that a text takes up in each language; see `percent_of`.

    Examples
    --------
    >>> Share(Fraction(85, 1000))("en"), Share(Fraction(29, 100))("es")
    ('8.5%', '29 %')
    """

    def __init__(self, share: Fraction) -> None:
        self._share = Decimal(share.numerator) / share.denominator

    def __call__(self, language: str) -> str:
        """Return the share in a language."""
        return percent_of(self._share, language)
