"""How the pages say things in one language. The words are data: one TOML file a language, same keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from markupsafe import Markup, escape

from plainscore.language import (
    LANGUAGES,
    Catalogue,
    DayOf,
    MonthOf,
    Months,
    counted,
    in_language,
    mark,
    number_of,
    percent_of,
    reported_words,
    signed_of,
    tag_of,
)
from plainscore.pages._errors import PageError

THOUSAND = Decimal(1000)
_CATALOGUE: Final = Catalogue("plainscore.pages", "messages")


def messages(language: str) -> Mapping[str, Any]:
    """Return the messages of `language`: groups of key and text.

    Raises
    ------
    PageError
        If there are none.
    """
    _check_spoken(language)
    return _CATALOGUE.of(language)


def _check_spoken(language: str) -> None:
    if language not in LANGUAGES:
        raise PageError(f"there are no pages in {language!r}: choose one of {', '.join(LANGUAGES)}")


@dataclass(frozen=True)
class Language:
    """How one language says things.

    Examples
    --------
    >>> english, spanish, chinese = Language("en"), Language("es"), Language("zh")
    >>> english.number("1234.5"), spanish.number("1234.5"), chinese.number("1234.5")
    ('1,234.5', '1.234,5', '1,234.5')
    >>> english.day("2024-03-31"), spanish.month("2024-03-31"), chinese.day("2024-03-31")
    ('31 March 2024', 'marzo de 2024', '2024年3月31日')
    """

    code: str

    def __post_init__(self) -> None:
        _check_spoken(self.code)

    def t(self, key: str, **values: object) -> str:
        """Give the text of `key` ("group.name") with its placeholders filled."""
        return _CATALOGUE.text(key, self.code, **values)

    def many(self, key: str, number: int, **values: object) -> str:
        """Give the text of `key` for a count, as ``{count}``; that of ``key_one`` where it is one."""
        return self.t(counted(key, number), count=self.number(number), **values)

    def points(self, key: str, points: object) -> str:
        """Give the text of `key` for points to the nearest: ``_less`` below one, ``_one`` for one."""
        held = Decimal(str(points))
        if held < 1:
            return self.t(f"{key}_less")
        return self.many(key, int(held.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)))

    def raw(self, key: str) -> str:
        """Give the text of `key` with its placeholders as they stand, for a script to fill."""
        return _CATALOGUE.raw(key, self.code)

    def plain(self, group: str, name: str) -> str:
        """Give this language's word for a value of a closed list; a value that is not on it, as it stands."""
        return str(messages(self.code)[group].get(name, name))

    def known(self, group: str, name: str) -> str | Markup:
        """Give `plain` for a page: a value that is not on the list is marked as English."""
        return self.plain(group, name) if name in messages(self.code)[group] else self.foreign(name)

    def reported(self, name: str) -> str | Markup:
        """Give what was reported of a month, by its name in records; another name is marked as English."""
        words = reported_words(name)
        return self.foreign(name) if words is None else words[self.code]

    def text(self, text: object) -> str:
        """Give a text of a record: a string as it stands, or a mapping of languages in this language."""
        if isinstance(text, Mapping):
            return in_language({"en": "", **text}, self.code)
        return "" if text is None else str(text)

    def say(self, text: object) -> str | Markup:
        """Give `text` for a page: what the record holds only in English is marked as English."""
        own = isinstance(text, Mapping) and self.code in text
        return self.text(text) if own else self.foreign(self.text(text))

    def foreign(self, text: str) -> str | Markup:
        """Mark a text that records keep in English, so that a screen reader changes its voice for it."""
        if self.code == "en" or not text:
            return text
        return Markup('<span lang="en">') + escape(text) + Markup("</span>")

    def tag(self) -> str:
        """Give how HTML names this language."""
        return tag_of(self.code)

    def mark(self, name: str) -> str:
        """Give a mark as this language writes it; see `plainscore.language.mark`."""
        return mark(name, self.code)

    def number(self, value: object, places: int | None = None) -> str:
        """Write a number with this language's separators and a true minus sign."""
        return number_of(value, self.code, places)

    def signed(self, value: object, places: int | None = None) -> str:
        """Write a number with its sign; zero has none."""
        return signed_of(value, self.code, places)

    def percent(self, value: object, places: int = 1) -> str:
        """Write a share as a percentage."""
        return percent_of(value, self.code, places)

    def per_thousand(self, value: object) -> str:
        """Write a probability as a count of people in a thousand."""
        many = in_thousand(value)
        return self.number(many) if many >= 1 else self.t("score.fewer")

    def group(self, key: str, value: object) -> str:
        """Give the text of `key` for people in a thousand: ``_less`` below one, ``_one`` for one."""
        many = in_thousand(value)
        return self.t(f"{key}_less") if many < 1 else self.many(key, many)

    def months(self, count: int) -> str:
        """Write a number of months."""
        return Months(count)(self.code)

    def day(self, value: object) -> str:
        """Write the day of an ISO date or time."""
        return DayOf(date.fromisoformat(str(value)[:10]))(self.code)

    def month(self, value: object) -> str:
        """Write the month of an ISO date."""
        return MonthOf(date.fromisoformat(str(value)[:10]))(self.code)


def in_thousand(probability: object) -> int:
    """Give how many people in a thousand a probability is, to the nearest person."""
    held = Decimal(str(probability)) * THOUSAND
    return int(held.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
