"""Words, numbers and dates of one language. The words are data: one TOML file a language, same keys."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup, escape

from plainscore.pages._errors import PageError
from plainscore.reasons import LANGUAGES, counted
from plainscore.whatif import DayOf, MonthOf

MINUS = "−"
THOUSAND = Decimal(1000)


@cache
def messages(language: str) -> Mapping[str, Any]:
    """Read the message file of `language`: groups of key and text.

    Raises
    ------
    PageError
        If there is no such file.
    """
    if language not in LANGUAGES:
        raise PageError(f"there are no pages in {language!r}: choose one of {', '.join(LANGUAGES)}")
    file = resources.files("plainscore.pages") / "messages" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


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

    def t(self, key: str, **values: object) -> str:
        """Give the text of `key` ("group.name") with its placeholders filled."""
        return self.raw(key).format(**values)

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
        group, name = key.split(".", 1)
        return str(messages(self.code)[group][name])

    def plain(self, group: str, name: str) -> str:
        """Give this language's word for a value of a closed list; a value that is not on it, as it stands."""
        return str(messages(self.code)[group].get(name, name))

    def known(self, group: str, name: str) -> str | Markup:
        """Give `plain` for a page: a value that is not on the list is marked as English."""
        return self.plain(group, name) if name in messages(self.code)[group] else self.foreign(name)

    def text(self, text: object) -> str:
        """Give a text of a record: a string as it stands, or a mapping of languages in this language."""
        if isinstance(text, Mapping):
            return str(text.get(self.code, text.get("en", "")))
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

    def number(self, value: object, places: int | None = None) -> str:
        """Write a number with this language's separators and a true minus sign."""
        held = Decimal(str(value))
        if places is not None:
            held = held.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
        text = f"{abs(held):,f}"
        thousands, point = self.t("format.thousands"), self.t("format.point")
        text = text.replace(",", "\0").replace(".", point).replace("\0", thousands)
        return MINUS + text if held < 0 and held != 0 else text

    def signed(self, value: object, places: int | None = None) -> str:
        """Write a number with its sign; zero has none."""
        text = self.number(value, places)
        zero = not any(digit in text for digit in "123456789")
        return text.removeprefix(MINUS) if zero else text if text.startswith(MINUS) else "+" + text

    def percent(self, value: object, places: int = 1) -> str:
        """Write a share as a percentage."""
        return self.t("format.percent", value=self.number(Decimal(str(value)) * 100, places))

    def per_thousand(self, value: object) -> str:
        """Write a probability as a count of people in a thousand."""
        many = in_thousand(value)
        return self.number(many) if many >= 1 else self.t("format.under_one")

    def group(self, key: str, value: object) -> str:
        """Give the text of `key` for people in a thousand: ``_less`` below one, ``_one`` for one."""
        many = in_thousand(value)
        return self.t(f"{key}_less") if many < 1 else self.many(key, many)

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
