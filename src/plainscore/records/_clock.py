"""Moments of the store: whole microseconds in the database, and a clock that never goes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol

from plainscore.records._errors import ClockError
from plainscore.rules import month_end

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
STANDS_STILL: Final = timedelta(seconds=1)
"""How far behind a clock may be: clocks are corrected, and those of two hosts differ, by less."""


class Clock(Protocol):
    """What tells the moment of a change."""

    def now(self, changes: int) -> datetime:
        """Return the moment, with a time zone; `changes` counts those that the store has had."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The clock of this machine."""

    def now(self, changes: int) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """The clock of a sample: a start, and one second for each change in the store.

    Attributes
    ----------
    start : datetime.datetime
        Moment of the first change, with a time zone.

    Examples
    --------
    >>> FixedClock(datetime(2026, 1, 31, 23, 59, tzinfo=UTC)).now(changes=2).isoformat()
    '2026-01-31T23:59:02+00:00'
    """

    start: datetime

    def now(self, changes: int) -> datetime:
        """Return the start plus one second for each change."""
        return self.start.astimezone(UTC) + timedelta(seconds=changes)


def moment_of_change(clock: Clock, *, changes: int, newest: int) -> int:
    """Return the moment of a change, never before the newest that the store has.

    Parameters
    ----------
    clock : Clock
        What tells the time.
    changes : int
        Changes that the store has had.
    newest : int
        The newest moment of the store, in microseconds.

    Raises
    ------
    ClockError
        When the clock has no time zone, or is more than a second behind the store.
    """
    told = clock.now(changes)
    if told.tzinfo is None:
        raise ClockError("The clock of the store tells no time zone; give it one that does.")
    moment = microseconds(told)
    if moment >= newest:
        return moment
    if datetime_of(newest) - told <= STANDS_STILL:
        return newest
    raise ClockError(
        f"The clock shows {told.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, and the store has a change of "
        f"{datetime_of(newest):%Y-%m-%d %H:%M:%S} UTC. Moments of the store never go back: set the clock "
        "right, and try again."
    )


def microseconds(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970, exactly."""
    return (moment - EPOCH) // MICROSECOND


def datetime_of(value: int) -> datetime:
    """Return the moment of whole microseconds since 1970, in UTC."""
    return EPOCH + value * MICROSECOND


def month_number(day: date) -> int:
    """Return the number by which the store sorts the month of a day.

    Examples
    --------
    >>> month_number(date(2026, 1, 31)) - month_number(date(2025, 12, 31))
    1
    """
    return day.year * 12 + day.month - 1


def month_of(number: int) -> date:
    """Return the last day of a month by its number.

    Examples
    --------
    >>> month_of(month_number(date(2024, 2, 1)))
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(number, 12)
    return month_end(date(year, month + 1, 1))
