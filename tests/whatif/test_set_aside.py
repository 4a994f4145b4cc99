"""What blanks a field blanks it for a path: no step for a debt that does not count, no fall over a gap."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ledgers import Row, World, case, closure, dispute, ledger, month, opened, plus

from plainscore.characteristics import catalogue
from plainscore.history import cases_table, open_history
from plainscore.scoring import score_cases
from plainscore.whatif import PathRecord, find_path

from ._world import CARD, world

OWED: Row = {"arrears": 5, "past_due": 5000, "paid": 0, "balance": 95_000}
BEHIND = dict.fromkeys(range(30), OWED)


def path(rows: World, *, more: int = 10) -> PathRecord:
    """Return the path of the person to more points than now."""
    held = ledger(rows)
    history = open_history(held, threads=1)
    now = score_cases(history, CARD, cases_table([case()]), catalogue()).scores[0]
    target = min(int(now) + more, CARD.scale.high)
    return find_path(held, history, CARD, case(), catalogue(), target=target, months=6)


def old(rows: World) -> World:
    """Return the world with the card's debt begun so long ago that it is too old to count."""
    for row in rows["statements"]:
        if row["account_id"] == "card":
            row["first_delinquency"] = date(2015, 2, 1)
    return rows


ASIDE: dict[str, Any] = {
    "in dispute": lambda rows: {**rows, "disputes": [dispute("card")]},
    "too old": old,
    "of a month that a refused row closed": lambda rows: plus(
        rows, "closures", closure("month", account_id="card", month=month(0))
    ),
}


@pytest.mark.parametrize("name", ASIDE)
def test_no_step_is_suggested_for_a_debt_that_is_set_aside(name: str) -> None:
    """Lateness that does not count, with no event beside it, suggests no payment, and the path says why."""
    made = path(ASIDE[name](world({"card": BEHIND, "light": {}})))
    assert [step for step in made["steps"] if step["account_id"] == "card"] == []
    assert [one["en"] for one in made["avoid"] if "does not count now" in one["en"]] != []


def test_a_disputed_debt_that_counts_as_reported_has_no_step_either() -> None:
    """Where the score as reported is the better one, the debt is in dispute all the same."""
    slight = {"arrears": 1, "past_due": 1000, "paid": 0, "balance": 95_000}
    rows = world({"card": dict.fromkeys((0, 1, 3, 4), slight)}, months=8)
    rows["disputes"] = [dispute("card")]
    scored = score_cases(opened(rows), CARD, cases_table([case()]), catalogue())
    assert scored.cases["disputed"].to_pylist() == ["as reported"]
    assert path(rows, more=50)["steps"] == []
    assert path({**rows, "disputes": []}, more=50)["steps"] != []


def test_a_debt_that_counts_has_its_step() -> None:
    """The same lateness of late, in no dispute, is to be cleared: the path is not silent on every debt."""
    made = path(world({"card": {0: OWED}, "light": {}}))
    assert [step["account_id"] for step in made["steps"]] != []
    assert made["avoid"] == []


@pytest.mark.parametrize("gap", [0, 1])
def test_a_closed_month_without_a_report_says_nothing_of_where_an_account_stands(gap: int) -> None:
    """Where the only report of a month was refused, the account stands as in the month before."""
    rows = world({"card": {}, "light": {}})
    rows["statements"] = [
        row for row in rows["statements"] if (row["account_id"], row["month"]) != ("card", month(gap))
    ]
    shut = plus(rows, "closures", closure("month", account_id="card", month=month(gap)))
    assert path(shut)["line"][-1]["wait"] == path(rows)["line"][-1]["wait"]
    assert path(shut)["due"] == path(rows)["due"]
