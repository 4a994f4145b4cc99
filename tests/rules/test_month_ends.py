"""Month ends, which cases, records and letters are counted by."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from plainscore.rules import add_months, month_end, months_after

DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(DAYS, st.integers(-600, 600))
def test_months_go_there_and_back(day: date, months: int) -> None:
    """Months after is a month end, and going back leads to the month end one came from."""
    there = months_after(day, months)
    assert there == month_end(there)
    assert months_after(there, -months) == month_end(day)
    assert datetime.combine(day, datetime.min.time(), UTC).date() <= month_end(day)


@given(DAYS, st.integers(-600, 600))
def test_months_are_those_of_pandas(day: date, months: int) -> None:
    """A month end so many months away is the last day of the period that pandas counts to."""
    period = pd.Period(day, "M")
    assert month_end(day) == period.end_time.date()
    assert months_after(day, months) == (period + months).end_time.date()


@given(DAYS, st.integers(-600, 600))
def test_the_same_day_and_the_month_end_are_in_one_month(day: date, months: int) -> None:
    """The day so many months later lies in the month whose end is so many months after."""
    assert month_end(add_months(day, months)) == months_after(day, months)


def test_the_last_month_of_the_calendar_has_an_end() -> None:
    """December 9999, after which no calendar here goes on, ends like any other."""
    assert month_end(date(9999, 12, 1)) == date(9999, 12, 31)
