"""Which month a score is as of, by the recipe's reporting lag and the lender's day, and by nobody's rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from plainscore.casework._errors import AsOfError
from plainscore.notices import FactsError, read_facts
from plainscore.rules import month_end

_UTC_NAME = "UTC"


def lender_zone(model: Path) -> str:
    """Return the time zone in which a lender counts days: its fact ``time_zone``, or UTC where it says none.

    Parameters
    ----------
    model : Path
        Folder of ``lender.toml``, which need not be there.

    Raises
    ------
    plainscore.notices.FactsError
        When the file is there and cannot be read.
    """
    path = model / "lender.toml"
    return (read_facts(path).text("time_zone", "en") if path.is_file() else None) or _UTC_NAME


def day_there(moment: datetime, zone: str) -> date:
    """Return the day of a moment in a time zone: midnight falls elsewhere in another.

    Raises
    ------
    plainscore.notices.FactsError
        When there is no such zone.
    AsOfError
        When the moment has no time zone of its own, or is at the end of the calendar.

    Examples
    --------
    >>> day_there(datetime(2026, 3, 5, 23, 30, tzinfo=UTC), "Asia/Kolkata")
    datetime.date(2026, 3, 6)
    """
    if moment.tzinfo is None:
        msg = "The moment has no time zone; give it in UTC, as 2026-01-31T23:59:00Z."
        raise AsOfError(msg)
    try:
        return moment.astimezone(zone_named(zone)).date()
    except OverflowError as error:
        msg = f"The moment {moment.isoformat()} is at the end of the calendar. Give one of our days."
        raise AsOfError(msg) from error


def zone_named(name: str) -> tzinfo:
    """Return a time zone by its name; raises ``plainscore.notices.FactsError`` where there is none."""
    # UTC is known without the system's list of zones, which a small machine may lack.
    if name == _UTC_NAME:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"The lender's time_zone {name!r} is not a time zone. Give one as 'Europe/Madrid' or 'UTC'."
        raise FactsError(msg) from error


def latest_month(day: date, lag_days: int) -> date:
    """Return the latest month end whose statements are reported by a day, with the lag that reporting takes.

    Parameters
    ----------
    day : datetime.date
        The day of the moment, where the lender is.
    lag_days : int
        Days after a month end until its statements are taken as reported: ``known_lag_days`` of the recipe.

    Returns
    -------
    datetime.date
        The latest month end M, of a month that has ended, with M + `lag_days` at or before `day`.

    Raises
    ------
    AsOfError
        When the calendar begins after it.

    Examples
    --------
    >>> latest_month(date(2026, 1, 31), 31), latest_month(date(2026, 1, 30), 31)
    (datetime.date(2025, 12, 31), datetime.date(2025, 11, 30))
    """
    try:
        reported = day - timedelta(days=max(lag_days, 1))
        return reported if reported == month_end(reported) else reported.replace(day=1) - timedelta(days=1)
    except OverflowError as error:
        msg = f"No month end lies {lag_days} days before {day}. Give a later moment."
        raise AsOfError(msg) from error


def check_ended(as_of: date, day: date, zone: str) -> None:
    """Refuse a month that has not ended by the day of the moment: nothing of it can be known as a whole.

    Raises
    ------
    AsOfError
        When `as_of` is `day` or later.
    """
    if as_of >= day:
        msg = (
            f"A score cannot be as of {as_of}: its moment falls on {day} where the lender is ({zone}), and "
            "that month has not ended by then. Give an earlier month end, or none for the latest one that "
            "the recipe's known_lag_days allows."
        )
        raise AsOfError(msg)
