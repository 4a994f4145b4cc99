"""An adverse item grows too old on the very day its pack says, and only that item goes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from ledgers import World, changed, plus

from ._world import excluded, opened, seen, statement, world

NOW = datetime(2031, 6, 1, tzinfo=UTC)


def lone(of: date, **adverse: Any) -> World:
    """Return a world with one month of the card, and a newer one in order."""
    rows = changed(world(()), "consents", {}, valid_to=None)
    return plus(rows, "statements", statement("card", of, **adverse), statement("card", date(2023, 1, 31)))


def noon(day: date) -> datetime:
    """Return the middle of a day: the moment at which its report is made."""
    return datetime.combine(day, time(12), UTC)


def at(rows: World, as_of: date, of: date, pack: str) -> dict[str, Any]:
    """Return what a case at `as_of` sees of the card's month `of`."""
    assert opened(rows)
    return seen(rows, as_of=as_of, known_at=noon(as_of), used_at=NOW, pack=pack)["card", of]


def gone(rows: World, as_of: date, pack: str) -> dict[str, int]:
    """Return what a case at `as_of` counts as excluded."""
    return excluded(rows, as_of=as_of, known_at=noon(as_of), used_at=NOW, pack=pack)


@pytest.mark.parametrize(
    ("of", "last", "first_out"),
    [
        (date(2019, 12, 31), date(2026, 12, 31), date(2027, 1, 31)),
        (date(2020, 2, 29), date(2027, 2, 28), date(2027, 3, 31)),
        # Seven years after 28 February 2017 is 28 February 2024, a day before that leap month ends.
        (date(2017, 2, 28), date(2024, 1, 31), date(2024, 2, 29)),
        (date(2019, 4, 30), date(2026, 4, 30), date(2026, 5, 31)),
    ],
)
def test_us_late_month(of: date, last: date, first_out: date) -> None:
    """In the us pack a late month counts for 84 months from its own end; its amount past due goes with it."""
    rows = lone(of, arrears=4, past_due=90)
    kept = at(rows, last, of, "us")
    assert (kept["arrears"], kept["past_due"], kept["late"]) == (4, 90, True)
    assert gone(rows, last, "us") == {}
    out = at(rows, first_out, of, "us")
    fields = {"arrears": None, "past_due": None, "late": False, "known": False}
    assert out == {**kept, **fields, "k": out["k"]}
    assert gone(rows, first_out, "us") == {"too_old": 1}


def test_a_month_in_order_never_grows_old() -> None:
    """Obsolescence takes adverse items only: an old month in order stays."""
    rows = lone(date(2010, 1, 31))
    assert at(rows, date(2030, 12, 31), date(2010, 1, 31), "us")["known"]
    assert gone(rows, date(2030, 12, 31), "us") == {}


@pytest.mark.parametrize(
    ("dates", "last_usable"),
    [
        # 180 days from 2 January 2020 is 30 June 2020.
        ({"first_delinquency": date(2020, 1, 2)}, date(2027, 6, 30)),
        ({"first_delinquency": date(2020, 1, 2), "event_date": date(2022, 1, 1)}, date(2027, 6, 30)),
        # A day more: 1 July, and the first month end past 1 July 2027 is 31 July.
        ({"first_delinquency": date(2020, 1, 3)}, date(2027, 6, 30)),
        ({"first_delinquency": date(2020, 1, 1)}, date(2027, 5, 31)),
        ({"event_date": date(2020, 2, 2)}, date(2027, 7, 31)),
        ({}, date(2029, 10, 31)),
    ],
)
def test_us_charge_off(dates: dict[str, date], last_usable: date) -> None:
    """A charge-off counts 84 months and 180 days from its delinquency, else the event, else its month."""
    of = date(2022, 5, 31)
    rows = lone(of, arrears=None, event="charge_off", **dates)
    first_out = (last_usable + timedelta(40)).replace(day=1) - timedelta(1)
    assert at(rows, last_usable, of, "us")["event"] == "charge_off"
    assert at(rows, first_out, of, "us")["event"] is None
    assert gone(rows, first_out, "us") == {"too_old": 1}


@pytest.mark.parametrize(
    "later",
    [
        pytest.param({"arrears": 5, "paid": 60, "balance": 440}, id="part payment"),
        pytest.param(
            {"arrears": None, "event": "charge_off", "paid": 60, "balance": 440}, id="part payment after"
        ),
        pytest.param({"arrears": None, "event": "collection", "event_date": date(2022, 9, 5)}, id="sale"),
        pytest.param({"arrears": 0, "paid": 500, "balance": 0}, id="paid in full"),
    ],
)
def test_paying_in_part_or_selling_does_not_restart_the_clock(later: dict[str, Any]) -> None:
    """In the us pack neither a later payment nor a sale of the debt moves the day its items grow old."""
    began = {"first_delinquency": date(2020, 1, 2)}
    old = date(2022, 5, 31)
    rows = changed(world(()), "consents", {}, valid_to=None)
    rows = plus(rows, "statements", statement("card", old, arrears=None, event="charge_off", **began))
    rows = plus(rows, "statements", statement("card", date(2022, 9, 30), **{**began, **later}))
    last, first_out = date(2027, 6, 30), date(2027, 7, 31)
    assert at(rows, last, old, "us")["event"] == "charge_off"
    assert at(rows, first_out, old, "us")["event"] is None
    # What the buyer of the debt reports ages by the same first day.
    assert at(rows, last, date(2022, 9, 30), "us")["event"] == later.get("event")
    assert at(rows, first_out, date(2022, 9, 30), "us")["event"] is None


def test_a_late_month_ages_by_itself_whatever_is_paid_later() -> None:
    """In the us pack a payment on an old late month changes nothing about the day it grows old."""
    rows = run(3, 2, 1, 0)
    assert at(rows, date(2024, 1, 31), JANUARY, "us")["arrears"] == 3
    assert at(rows, date(2024, 2, 29), JANUARY, "us")["arrears"] is None
    assert at(rows, date(2024, 2, 29), date(2017, 2, 28), "us")["arrears"] is None
    assert at(rows, date(2024, 2, 29), date(2017, 3, 31), "us")["arrears"] == 1


@pytest.mark.parametrize("pack", ["cn", "eu"])
def test_a_part_payment_neither_ends_nor_restarts_the_event(pack: str) -> None:
    """Where the clock starts at the end, a part payment is no end, and paying afterwards no new start."""
    rows = run(2, 3, 2, 0, 0)  # something is paid in March, all of it by April
    rows = changed(rows, "statements", {"month": date(2017, 5, 31)}, paid=500, balance=0)
    assert at(rows, date(2022, 3, 31), JANUARY, pack)["arrears"] == 2
    assert at(rows, date(2022, 4, 30), JANUARY, pack)["arrears"] is None


def test_us_foreclosure() -> None:
    """A foreclosure counts for 84 months from the day it happened, without the 180 days."""
    rows = lone(date(2020, 6, 30), arrears=0, event="foreclosure", event_date=date(2020, 5, 31))
    assert at(rows, date(2027, 5, 31), date(2020, 6, 30), "us")["event"] == "foreclosure"
    assert at(rows, date(2027, 6, 30), date(2020, 6, 30), "us") == {
        **at(rows, date(2027, 5, 31), date(2020, 6, 30), "us"),
        "event": None,
        "late": False,
        "k": 84,
    }


def run(*arrears: int | None) -> World:
    """Return a card with these arrears from January 2017 on."""
    months = [date(2017, number, 28 if number == 2 else 30 if number in (4, 6, 9, 11) else 31)
              for number in range(1, len(arrears) + 1)]  # fmt: skip
    return plus(
        changed(world(()), "consents", {}, valid_to=None),
        "statements",
        *(statement("card", month, arrears=value) for month, value in zip(months, arrears, strict=True)),
    )


JANUARY = date(2017, 1, 31)


@pytest.mark.parametrize("pack", ["cn", "eu", "in"])
def test_the_clock_of_a_run_starts_at_its_end(pack: str) -> None:
    """In packs that count from the end, every month of an unbroken run ages 60 months after its last."""
    rows = run(2, 3, 4, 0)
    assert at(rows, date(2022, 3, 31), JANUARY, pack)["arrears"] == 2
    assert gone(rows, date(2022, 3, 31), pack) == {}
    assert at(rows, date(2022, 4, 30), JANUARY, pack)["arrears"] is None
    assert gone(rows, date(2022, 4, 30), pack) == {"too_old": 3}


def test_two_runs_age_apart() -> None:
    """A month in order ends a run: what came before ages by its own end."""
    rows = run(2, 0, 4, 0)
    assert at(rows, date(2022, 2, 28), JANUARY, "cn")["arrears"] is None
    assert at(rows, date(2022, 2, 28), date(2017, 3, 31), "cn")["arrears"] == 4


def test_a_corrected_month_ends_the_run() -> None:
    """A late month corrected since does not prolong the run; while the correction was unknown, it did."""
    rows = run(2, 3, 0)
    rows = plus(rows, "statements", statement("card", date(2017, 2, 28), version=50, arrears=0))
    before = datetime(2018, 1, 1, tzinfo=UTC)
    as_of = date(2022, 2, 28)
    assert at(rows, as_of, JANUARY, "cn")["arrears"] is None
    found = seen(rows, as_of=as_of, known_at=before, used_at=NOW, pack="cn")
    assert found["card", JANUARY]["arrears"] == 2


def test_a_month_under_an_arrangement_ends_the_run() -> None:
    """A month under an arrangement is neutral, so it does not prolong a run."""
    rows = changed(run(2, 3, 0), "statements", {"month": date(2017, 2, 28)}, arrangement="deferred")
    assert at(rows, date(2022, 2, 28), JANUARY, "cn")["arrears"] is None


def test_an_unknown_pack_is_refused() -> None:
    """A pack that there is none of stops the batch with its name."""
    with pytest.raises(ValueError, match="atlantis"):
        seen(world(), pack="atlantis")
