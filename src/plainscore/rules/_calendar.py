"""The calendar behind the clocks: months of unequal length, public holidays, business days."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from plainscore.rules._rule import Rule

OBSERVED: Final = ("nearest weekday", "on the day")
"""When offices close for a holiday at a weekend: Friday for Saturday and Monday for Sunday, or only then."""

# Our own names: those of the standard library follow the machine's language.
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINALS: Final = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}

_DAY_OF_MONTH: Final = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)})")
_WEEKDAY_OF_MONTH: Final = re.compile(
    rf"({'|'.join(_ORDINALS)}) ({'|'.join(_WEEKDAYS)}) of ({'|'.join(_MONTHS)})"
)

_SATURDAY: Final = 5
_SUNDAY: Final = 6


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of that month where it is shorter.

    Examples
    --------
    >>> from datetime import date
    >>> add_months(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def month_end(day: date) -> date:
    """Return the last day of the month that `day` is in.

    Examples
    --------
    >>> from datetime import date
    >>> month_end(date(2024, 2, 3))
    datetime.date(2024, 2, 29)
    """
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_after(day: date, months: int) -> date:
    """Return the month end `months` after the month of `day`; negative goes back.

    Examples
    --------
    >>> from datetime import date
    >>> months_after(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    >>> months_after(date(2024, 1, 31), -12)
    datetime.date(2023, 1, 31)
    """
    return month_end(add_months(day, months))


def falls_in(falls: str, year: int) -> date:
    """Return the day in `year` that words such as ``last Monday of May`` or ``4 July`` name.

    Raises
    ------
    ValueError
        When the words name no day, or one that not every year has.
    """
    if match := _DAY_OF_MONTH.fullmatch(falls):
        return date(year, _MONTHS.index(match[2]) + 1, int(match[1]))
    if match := _WEEKDAY_OF_MONTH.fullmatch(falls):
        month = _MONTHS.index(match[3]) + 1
        last = monthrange(year, month)[1]
        days = [date(year, month, number) for number in range(1, last + 1)]
        same = [day for day in days if day.weekday() == _WEEKDAYS.index(match[2])]
        return same[_ORDINALS[match[1]]]
    msg = f"{falls!r} is neither like '4 July' nor like 'third Monday of January'"
    raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday(Rule):
    """A public holiday, on which no business day is counted.

    Attributes
    ----------
    falls : str
        The day in words: ``4 July`` or ``third Monday of January``.
    observed : str
        One of `OBSERVED`.
    """

    falls: str
    observed: str

    def observed_in(self, year: int) -> date | None:
        """Return the day on which offices close for the holiday of `year`; None before it existed.

        Examples
        --------
        >>> from plainscore.rules import load_pack
        >>> from datetime import date
        >>> us = load_pack("us", on=date(2026, 1, 1))
        >>> us.rule("holiday.new_year").observed_in(2022)
        datetime.date(2021, 12, 31)
        """
        day = falls_in(self.falls, year)
        if not self.in_force(day):
            return None
        if self.observed == "nearest weekday":
            return day + timedelta(days={_SATURDAY: -1, _SUNDAY: 1}.get(day.weekday(), 0))
        return day


@dataclass(frozen=True, slots=True)
class Calendar:
    """Business days: every day but Saturdays, Sundays and the pack's public holidays.

    Attributes
    ----------
    holidays : tuple of Holiday
        Every version of every holiday; each day is judged by what was in force on it.
    """

    holidays: tuple[Holiday, ...] = ()

    def is_business_day(self, day: date) -> bool:
        """Return whether business is done on `day`."""
        return day.weekday() < _SATURDAY and day not in _closed(self.holidays, day.year)

    def add(self, start: date, days: int) -> date:
        """Return the business day that is `days` of them after `start`, which itself does not count."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_business_day(day)
        return day


@cache
def _closed(holidays: tuple[Holiday, ...], year: int) -> frozenset[date]:
    # A first of January on a Saturday closes the last day of the year before.
    days = (holiday.observed_in(of) for holiday in holidays for of in (year, year + 1))
    return frozenset(day for day in days if day is not None and day.year == year)
