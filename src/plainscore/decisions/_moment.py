"""Moments as records hold them: text in UTC, whose order is not the order of its letters."""

from __future__ import annotations

from datetime import UTC, datetime


def moment_text(moment: datetime) -> str:
    """Return a moment in UTC as records hold it.

    Examples
    --------
    >>> moment_text(datetime.fromisoformat("2026-03-10T23:30:00-05:00"))
    '2026-03-11T04:30:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment_of(text: str) -> datetime:
    """Return the moment that a record's text says; moments are compared and sorted as these alone.

    A fraction of a second is written where there is one, so that as text ten o'clock and a half second
    comes before ten o'clock.

    Examples
    --------
    >>> early, late = "2026-03-10T10:00:00Z", "2026-03-10T10:00:00.500000Z"
    >>> late < early, moment_of(late) < moment_of(early)
    (True, False)
    """
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
