"""Days, months and how many of them, as each language writes them."""

from __future__ import annotations

from datetime import date

from plainscore.language._catalogue import counted
from plainscore.language._formats import number_of
from plainscore.language._own import OWN


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
        return OWN.text("when.month", language, month=_month(self._day, language), year=self._day.year)


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
        month = _month(self._day, language)
        return OWN.text("when.day", language, day=self._day.day, month=month, year=self._day.year)


def _month(day: date, language: str) -> str:
    return str(OWN.of(language)["when"]["months"][day.month - 1])


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
        return OWN.text(
            counted("count.months", self._count), language, count=number_of(self._count, language)
        )
