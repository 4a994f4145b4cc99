"""What a path says, in every language; money and months as each language writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any, Final

from plainscore.reasons import LANGUAGES, counted, number_text, percent_text

Words = dict[str, str]

_DIGITS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0),
    **dict.fromkeys(("UYI", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""Digits of the minor unit where they are not two (ISO 4217)."""


@cache
def _table(language: str) -> Mapping[str, Any]:
    file = resources.files("plainscore.whatif") / "words" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def said(key: str, **values: Any) -> Words:
    """Return the text of `key` ("group.name") in every language.

    A value is the same in every language, or a function of the language.
    """
    group, name = key.split(".")
    return {
        language: str(_table(language)[group][name]).format(
            **{key: value(language) if callable(value) else value for key, value in values.items()}
        )
        for language in LANGUAGES
    }


def digits_of(currency: str) -> int:
    """Return how many digits the minor unit of a currency has.

    Examples
    --------
    >>> digits_of("EUR"), digits_of("JPY"), digits_of("KWD")
    (2, 0, 3)
    """
    return _DIGITS.get(currency, 2)


class Money:
    """An amount in minor units of a currency, written as each language does.

    Examples
    --------
    >>> Money(123456, "EUR")("en"), Money(123456, "EUR")("es"), Money(500, "JPY")("zh")
    ('1,234.56 EUR', '1.234,56 EUR', '500 JPY')
    """

    def __init__(self, amount: int, currency: str) -> None:
        self._amount, self._currency = amount, currency

    def __call__(self, language: str) -> str:
        """Return the amount in a language."""
        digits = digits_of(self._currency)
        whole, rest = divmod(abs(self._amount), 10**digits)
        text = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
        return f"{'-' if self._amount < 0 else ''}{number_text(text, language)} {self._currency}"


class Months:
    """A number of months, written as each language does.

    Examples
    --------
    >>> Months(1)("en"), Months(12)("es")
    ('1 month', '12 meses')
    """

    def __init__(self, count: int) -> None:
        self._count = count

    def __call__(self, language: str) -> str:
        """Return the number of months in a language."""
        return str(_table(language)["row"][counted("months", self._count)]).format(count=self._count)


class Share:
    """A share of one in percent, written as each language does.

    Examples
    --------
    >>> Share(Fraction(85, 1000))("en"), Share(Fraction(29, 100))("es")
    ('8.5%', '29 %')
    """

    def __init__(self, share: Fraction) -> None:
        percent = Decimal((share * 100).numerator) / (share * 100).denominator
        self._percent = f"{percent.normalize():f}"

    def __call__(self, language: str) -> str:
        """Return the share in a language."""
        return percent_text(self._percent, language)


class MonthOf:
    """The month of a day, in words.

    Examples
    --------
    >>> MonthOf(date(2026, 3, 31))("en"), MonthOf(date(2026, 3, 31))("zh")
    ('March 2026', '2026年3月')
    """

    def __init__(self, day: date) -> None:
        self._day = day

    def __call__(self, language: str) -> str:
        """Return the month in a language."""
        when = _table(language)["when"]
        return str(when["month"]).format(month=when["months"][self._day.month - 1], year=self._day.year)


class DayOf:
    """A day, in words.

    Examples
    --------
    >>> DayOf(date(2026, 3, 31))("en"), DayOf(date(2026, 3, 31))("zh")
    ('31 March 2026', '2026年3月31日')
    """

    def __init__(self, day: date) -> None:
        self._day = day

    def __call__(self, language: str) -> str:
        """Return the day in a language."""
        when = _table(language)["when"]
        month = when["months"][self._day.month - 1]
        return str(when["day"]).format(day=self._day.day, month=month, year=self._day.year)


class Of:
    """A text that is there in several languages; English where one is missing."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __call__(self, language: str) -> str:
        """Return the text in a language."""
        return self._words.get(language, self._words["en"])
