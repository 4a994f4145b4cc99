"""What a refused row closed is not seen, and every month says why; freshness counts whole months."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from ledgers import month, plus

from plainscore.history import cases_table, months_behind

from ._world import case, excluded, seen, world
from .test_gate import blank, gone

BASE = world()
SEEN = seen(BASE)
EVERY = set(SEEN)


def closing(kind: str, **about: Any) -> dict[str, Any]:
    """Return what a refused row closed."""
    where = {"table": "any", "file": "any.csv", "line": 1, "rule": "any rule"}
    return {"closure_id": f"{kind}/{sorted(about)}", "kind": kind, **where, **about}


def test_a_closed_month_is_unknown_and_said_so() -> None:
    """A month with a refused report counts as unknown, is counted by its reason, and nothing else changes."""
    key = ("card", month(2))
    rows = plus(BASE, "closures", closing("month", account_id="card", month=month(2)))
    assert seen(rows) == {**SEEN, key: blank(SEEN[key])}
    assert excluded(rows) == {"closed_row": 1}


def test_a_closed_month_without_a_report_is_there() -> None:
    """Where the only report of a month was refused, the month is there, unknown, and counted."""
    key = ("card", month(2))
    rows = plus(BASE, "closures", closing("month", account_id="card", month=month(2)))
    rows["statements"] = [row for row in rows["statements"] if (row["account_id"], row["month"]) != key]
    found = seen(rows)
    assert found == {**SEEN, key: blank(SEEN[key])}
    assert excluded(rows) == {"closed_row": 1}


def test_a_closed_account_is_unknown_in_every_month() -> None:
    """An account that a refused row closed stays, with every month unknown."""
    rows = plus(BASE, "closures", closing("account", account_id="card"))
    assert seen(rows) == {key: blank(row) if key[0] == "card" else row for key, row in SEEN.items()}
    assert excluded(rows) == {"closed_row": 12}


@pytest.mark.parametrize(
    "closed",
    [
        closing("consent", consent_id="c1", subject_id="p1", recipient_id="lender"),
        closing("lender", subject_id="p1", recipient_id="lender"),
        closing("lender", subject_id="p1"),
    ],
    ids=lambda one: f"{one['kind']}-{one.get('recipient_id')}",
)
def test_a_closed_consent_shows_nothing(closed: dict[str, Any]) -> None:
    """A consent with a refused event grants nothing, and every month says why it is not seen."""
    gone(plus(BASE, "closures", closed), EVERY, "consent_closed")


def test_a_consent_to_another_lender_closes_nothing_here() -> None:
    """What is closed for one lender or person is open for another."""
    for about in ({"subject_id": "p1", "recipient_id": "other"}, {"subject_id": "p2"}):
        assert seen(plus(BASE, "closures", closing("lender", **about))) == SEEN


def test_a_closed_tie_hides_the_account_and_is_named() -> None:
    """Without a sound tie the account is not the person's, and the page can say that something is missing."""
    rows = plus(BASE, "closures", closing("tie", account_id="card", subject_id="p1"))
    assert seen(rows) == {key: row for key, row in SEEN.items() if key[0] != "card"}
    assert excluded(rows) == {"closed_tie": 1}


@pytest.mark.parametrize(
    ("days", "behind"), [(0, 1), (20, 1), (30, 1), (31, 1), (59, 1), (60, 2), (90, 2), (91, 3), (366, 12)]
)
def test_months_behind_are_whole_months(days: int, behind: int) -> None:
    """From a month end to the moment of knowing count whole months, and never less than one."""
    known = datetime.combine(date(2023, 12, 31), time(23, 59), UTC) + timedelta(days=days)
    found = months_behind(cases_table([case(as_of=date(2023, 12, 31), known_at=known, used_at=known)]))
    assert found.to_pylist() == [behind]
