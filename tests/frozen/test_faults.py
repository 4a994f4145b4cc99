"""The scores that use found wrong, as they are right, under the first edition's card."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from ledgers import Row
from small_world import AS_OF, SILENT, consent, months, score, scores, statement, world

OCTOBER, DECEMBER = date(2025, 10, 31), AS_OF
LATE: Row = {"arrears": 2, "paid": 0, "past_due": 10_000}


def cards(first: date = date(2020, 1, 31), **by_month: Row) -> list[Row]:
    """Return the card's statements; a month's own changes by its name."""
    return [statement("card", month, **by_month.get(f"m{month:%Y%m}", {})) for month in months(first)]


def debt(*, arrears: int | None, later: date | None, turn: int) -> list[Row]:
    """Return a second account in collection since 2017 whose rows from the year `turn` on say `later`."""
    return [
        statement(
            "old",
            month,
            **SILENT | {"arrears": arrears, "event": "collection"},
            first_delinquency=date(2017, 1, 31) if month.year < turn else later,
        )
        for month in months(date(2017, 3, 31))
    ]


def test_paid_as_due() -> None:
    """The person of the small ledger scores 815."""
    assert score(world()) == 815


@pytest.mark.parametrize("arrears", [None, 1, 5])
def test_one_debt_is_one_item(arrears: int | None) -> None:
    """FA7, FA8: a debt that is too old costs nothing, in whichever field and with whichever later date."""
    later = (None, date(2017, 1, 31), date(2023, 3, 31), date(2025, 11, 30))
    told = list(product(later, (2018, 2021, 2024, 2026)))
    worlds = [world([*cards(), *debt(arrears=arrears, later=day, turn=turn)]) for day, turn in told]
    assert dict(zip(told, scores(worlds), strict=True)) == dict.fromkeys(told, 815)


def test_a_new_delinquency_is_a_new_item() -> None:
    """After a month in order a delinquency is another debt, which its own date keeps young."""
    rows = debt(arrears=5, later=date(2025, 3, 31), turn=2025)
    rows = [
        row | {"arrears": 0, "event": None, "first_delinquency": None} if row["month"].year == 2024 else row
        for row in rows
    ]
    assert score(world([*cards(), *rows])) < 700


@pytest.mark.parametrize("used", [datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)])
def test_age_is_told_at_the_report(used: datetime) -> None:
    """FA6: a late month of December 2018 counts for seven years, and not in a report made after them."""
    terms = [consent(event_at=used, valid_from=used, valid_to=None)]
    first = date(2018, 1, 31)
    late = world(cards(first, m201812=LATE), consents=terms)
    unknown = world(cards(first, m201812=SILENT | {"arrears": None}), consents=terms)
    # The card's own statements go on to the report, so that it is fresh.
    for rows in (late, unknown):
        rows["statements"] += [
            statement("card", month) for month in months(date(2026, 1, 31), date(2026, 10, 31))
        ]
    seen: dict[str, Any] = {"known_at": used, "used_at": used}
    as_of = AS_OF if used.month == 1 else date(2026, 10, 31)
    assert score(late, as_of=as_of, **seen) == score(unknown, as_of=as_of, **seen)
    before = datetime(2025, 12, 31, 12, tzinfo=UTC)
    early: dict[str, Any] = {"known_at": before, "used_at": used, "as_of": date(2025, 11, 30)}
    assert score(late, **early) < score(unknown, **early)


def test_a_month_counts_when_all_of_it_is_covered() -> None:
    """FA9: a consent up to 15 December shows nothing of December."""
    late = cards(m202512=LATE)
    part = world(late, consents=[consent(data_to=date(2025, 12, 15))])
    whole = world(late, consents=[consent(data_to=date(2025, 12, 31))])
    assert score(part) == score(world(late[:-1])) == 815
    assert score(whole) == score(world(late)) == 682


@pytest.mark.parametrize("event", [None, "charge_off"])
def test_what_is_owed_after_closure_counts(event: str | None) -> None:
    """FA10: an account closed in March and written off after costs points, and does not end well."""
    closed = [
        statement("old", month, closed=date(2025, 3, 15), credit_limit=None)
        if month >= date(2025, 3, 31)
        else statement("old", month, credit_limit=None)
        for month in months()
    ]
    settled = [row | {"balance": 0} if row["month"] > date(2025, 3, 31) else row for row in closed]
    owed = [
        row | {"arrears": 5, "event": event, "paid": 0} if row["month"] > date(2025, 3, 31) else row
        for row in closed
    ]
    assert score(world([*cards(), *owed])) == 606
    assert int(score(world([*cards(), *settled]))) > 800


def test_a_contested_payment_is_set_aside_whole() -> None:
    """FC3: the shortfall of a contested payment costs nothing either, whatever the dispute names."""
    dispute: Row = {
        "dispute_id": "d1",
        "account_id": "card",
        "subject_id": "p1",
        "month_from": OCTOBER,
        "month_to": OCTOBER,
        "source": "letter",
        "opened_at": datetime(2026, 1, 10, tzinfo=UTC),
    }
    late = cards(m202510=LATE)
    unknown = cards(m202510={"arrears": None, "due": None, "paid": None, "past_due": None})
    for item in ("arrears", "event", "past_due", "all"):
        assert score(world(late, disputes=[dispute | {"item": item}])) == score(world(unknown))
    assert int(score(world(late))) < int(score(world(unknown)))


def test_the_largest_amounts_are_scored() -> None:
    """FA12: amounts up to the contract's limit, in every month of two accounts, give a score."""
    rows = cards() + [statement("old", month, credit_limit=None) for month in months()]
    fields = ("due", "paid", "balance", "credit_limit", "past_due")
    told = list(product(fields, (2**53 - 1, 2**52)))
    found = scores([world([row | {field: amount} for row in rows]) for field, amount in told])
    assert [one for one, score in zip(told, found, strict=True) if not isinstance(score, int)] == []


@pytest.mark.parametrize("asked", ["the newest month", "December"])
def test_a_feed_that_stopped_is_not_fresh(asked: str) -> None:
    """FA5: six months after the last statement there is no score, however old the as-of date asked for."""
    fed = [cards()[: len(cards()) - stopped] for stopped in range(14)]
    if asked == "December":
        found = scores([world(kept) for kept in fed])
    else:
        found = [score(world(kept), as_of=kept[-1]["month"]) for kept in fed]
    # One month lies between 31 December and the moment, 31 January.
    assert [one == "thin_old" for one in found] == [stopped + 1 > 6 for stopped in range(14)]
