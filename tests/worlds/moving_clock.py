"""A clock that a test moves, for stores whose moments a test must know."""

from __future__ import annotations

from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)
STILL = timedelta(0)


class MovingClock:
    """The clock of a sample, which a test may set to a later moment.

    Attributes
    ----------
    start : datetime.datetime
        What it shows before the first change of the store, with a time zone.
    each : datetime.timedelta
        How much later it shows for each change; `STILL` for a clock that stands.
    """

    def __init__(self, start: datetime, *, each: timedelta = SECOND) -> None:
        self.start = start
        self.each = each

    def now(self, changes: int) -> datetime:
        """Return the moment of the next change."""
        return self.start + changes * self.each

    def go_to(self, start: datetime) -> None:
        """Set it; moments of a store never go back."""
        self.start = start
