"""Deadlines end on the right day: over months, leap days, weekends, holidays and time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.rules import Deadline, RulesError, load_pack, pack_ids

ON = date(2026, 11, 24)
US = load_pack("us", ON)
CALENDAR = US.deadline("appeal.results").calendar

DEADLINES = [
    rule for pack_id in pack_ids() for rule in load_pack(pack_id, ON).rules if isinstance(rule, Deadline)
]
DAYS = st.dates(date(1980, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("pack_id", "rule_id", "start", "due"),
    [
        ("us", "notice.adverse_action", date(2026, 1, 31), date(2026, 3, 2)),
        ("us", "notice.adverse_action", date(2024, 1, 31), date(2024, 3, 1)),
        ("us", "notice.counteroffer", date(2023, 12, 1), date(2024, 2, 29)),
        ("us", "free_report", date(2026, 12, 31), date(2027, 3, 1)),
        ("us", "records.keep", date(2024, 1, 31), date(2026, 2, 28)),
        ("us", "records.keep", date(2026, 1, 29), date(2028, 2, 29)),
        ("us", "consent.longest", date(2024, 2, 29), date(2025, 2, 28)),
        ("eu", "appeal.answer", date(2027, 1, 31), date(2027, 2, 28)),
        ("eu", "appeal.answer", date(2028, 1, 30), date(2028, 2, 29)),
        ("eu", "appeal.extension", date(2026, 12, 31), date(2027, 2, 28)),
        ("uk", "appeal.answer", date(2024, 2, 15), date(2024, 3, 14)),
        ("uk", "complaint.answer", date(2026, 11, 24), date(2027, 1, 19)),
        ("uk", "ombudsman.ask_within", date(2026, 8, 31), date(2027, 2, 28)),
        ("cn", "appeal.answer", date(2024, 2, 10), date(2024, 3, 1)),
    ],
)
def test_days_and_months(pack_id: str, rule_id: str, start: date, due: date) -> None:
    """The start does not count; days run through, and months keep the day of the month or end with it."""
    assert load_pack(pack_id, ON).deadline(rule_id).due(start) == due


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2026, 3, 2), date(2026, 3, 9)),  # Monday to Monday
        (date(2026, 3, 6), date(2026, 3, 13)),  # a Friday
        (date(2026, 3, 7), date(2026, 3, 13)),  # a Saturday starts like the Friday before
        (date(2026, 3, 8), date(2026, 3, 13)),
        (date(2026, 7, 1), date(2026, 7, 9)),  # 4 July is a Saturday: Friday the 3rd is off
        (date(2027, 7, 1), date(2027, 7, 9)),  # 4 July is a Sunday: Monday the 5th is off
        (date(2024, 2, 23), date(2024, 3, 1)),  # over a leap day
        (date(2026, 1, 16), date(2026, 1, 26)),  # third Monday of January
        (date(2026, 5, 22), date(2026, 6, 1)),  # last Monday of May
        (date(2026, 11, 20), date(2026, 11, 30)),  # Thanksgiving; the Friday after it is no federal holiday
        (date(2021, 12, 29), date(2022, 1, 6)),  # New Year's Day 2022 on a Saturday: off on 31 December 2021
        (date(2020, 6, 17), date(2020, 6, 24)),  # Juneteenth was no holiday yet
        (date(2021, 6, 17), date(2021, 6, 25)),  # its first year: the 19th a Saturday, the 18th off
    ],
)
def test_business_days(start: date, due: date) -> None:
    """Five business days skip weekends and federal holidays as observed, and the start does not count."""
    assert US.deadline("appeal.results").due(start) == due


def test_holidays_of_one_year() -> None:
    """The days off in 2026 are the eleven federal holidays, as the calendar of federal offices has them."""
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(365))
    off = [f"{day:%m-%d}" for day in days if day.weekday() < 5 and not CALENDAR.is_business_day(day)]
    assert off == [
        "01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25",
    ]  # fmt: skip


def test_a_pack_without_holidays_skips_weekends_only() -> None:
    """Only the us pack counts business days, and another pack's calendar has weekends alone."""
    assert {rule.id for rule in DEADLINES if rule.unit == "business days"} <= {rule.id for rule in US.rules}
    assert load_pack("eu", ON).deadline("appeal.answer").calendar.add(date(2026, 12, 24), 1) == date(
        2026, 12, 25
    )


@pytest.mark.parametrize(
    ("moment", "zone", "due"),
    [
        ("2026-03-10T15:59:59+00:00", "Asia/Shanghai", date(2026, 3, 30)),
        ("2026-03-10T16:00:00+00:00", "Asia/Shanghai", date(2026, 3, 31)),
        ("2026-03-10T23:30:00+00:00", "UTC", date(2026, 3, 30)),
        (
            "2026-03-10T03:30:00+00:00",
            "America/New_York",
            date(2026, 3, 29),
        ),  # summer time: 23:30 the day before
        ("2026-03-10T04:00:00+00:00", "America/New_York", date(2026, 3, 30)),
        ("2026-02-10T04:30:00+00:00", "America/New_York", date(2026, 3, 1)),  # winter: still 9 February there
        ("2026-03-10T23:30:00-05:00", "UTC", date(2026, 3, 31)),
    ],
)
def test_a_moment_starts_the_clock_on_its_own_day(moment: str, zone: str, due: date) -> None:
    """The clock starts on the day that it is where the person is, in summer and in winter."""
    answer = load_pack("cn", ON).deadline("appeal.answer")
    assert answer.due_moment(datetime.fromisoformat(moment), zone) == due


def test_a_moment_without_a_place_is_refused() -> None:
    """A clock takes no moment for a day, no moment without a zone, and no zone that there is none of."""
    answer = US.deadline("appeal.answer")
    moment = datetime(2026, 3, 10, 12, tzinfo=UTC)
    with pytest.raises(RulesError, match=r"'appeal.answer' starts on a day.*Use due_moment"):
        answer.due(moment)
    with pytest.raises(RulesError, match="give the moment a time zone"):
        answer.due_moment(moment.replace(tzinfo=None), "UTC")
    for zone in ("Mars/Olympus", "../etc/passwd", "", "America"):
        with pytest.raises(RulesError, match="There is no time zone"):
            answer.due_moment(moment, zone)


@given(st.sampled_from(DEADLINES), DAYS)
def test_a_term_ends_after_it_starts(rule: Deadline, start: date) -> None:
    """Whatever the pack and the unit, the last day is after the first."""
    assert rule.due(start) > start


@given(st.sampled_from(DEADLINES), DAYS, st.integers(0, 400))
def test_who_starts_later_is_not_due_earlier(rule: Deadline, start: date, later: int) -> None:
    """A later start never gives an earlier end."""
    assert rule.due(start) <= rule.due(start + timedelta(days=later))


@given(DAYS, st.integers(1, 60))
def test_business_days_end_on_a_business_day(start: date, days: int) -> None:
    """A term in business days ends on no weekend and no holiday, and just so many of them lie within it."""
    end = CALENDAR.add(start, days)
    within = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
    assert end.weekday() < 5
    assert CALENDAR.is_business_day(end)
    assert sum(map(CALENDAR.is_business_day, within)) == days


@given(DAYS, st.integers(1, 30), st.integers(1, 30))
def test_business_days_add_up(start: date, first: int, second: int) -> None:
    """Two terms in a row end where one of their sum does."""
    assert CALENDAR.add(CALENDAR.add(start, first), second) == CALENDAR.add(start, first + second)


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2099, 1, 1)),
    st.sampled_from(["Asia/Shanghai", "America/New_York"]),
)
def test_no_place_is_more_than_a_day_from_utc(moment: datetime, zone: str) -> None:
    """A zone moves the end of a term in days by a day at most."""
    answer = US.deadline("appeal.answer")
    there = answer.due_moment(moment.replace(tzinfo=UTC), zone)
    assert abs(there - answer.due(moment.date())) <= timedelta(days=1)
