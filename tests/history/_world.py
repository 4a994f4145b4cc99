"""A person with a card and a power bill, and what a case sees of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import ledgers
from ledgers import Row, World, account, crowd, furnisher, in_order, month, of_crowd, opened, world_of

from plainscore.history import Case, Edits, cases_table

PERSON = "p1"
IN_ORDER = in_order(100, balance=500, limit=1000)


def consent(**changes: Any) -> Row:
    """Return one consent event, with sound terms wherever a test does not say otherwise."""
    return ledgers.consent(subject_id=PERSON) | changes


def statement(name: str, of: date, *, version: int = 1, **changes: Any) -> Row:
    """Return one statement in order, reported ten days after its month for each version."""
    row = ledgers.statement(name, of, days=10 * version, statement_id=f"{name}/{of}/{version}")
    return row | IN_ORDER | changes


def world(months: Iterable[int] = range(12)) -> World:
    """Return a person with a card and a power bill, a month of each for every one of `months` back."""
    back_to = list(months)
    return world_of(
        [
            account("card", opened=date(2015, 1, 10)),
            account("light", "utility", furnisher_id="power", opened=date(2018, 1, 10)),
        ],
        [statement(name, month(back)) for name in ("card", "light") for back in back_to],
        person=PERSON,
        furnishers=[furnisher(late_floor_days=30), furnisher("power")],
        disputes=[],
    )


def case(**changes: Any) -> Case:
    """Return the case of the person, scored now for the lender."""
    return ledgers.case(**({"subject_id": PERSON} | changes))


def seen(rows: World, *, edits: Edits | None = None, **changes: Any) -> dict[tuple[str, date], Row]:
    """Return every month that a case sees, by account and month; a doubled row fails."""
    found = opened(rows).months(cases_table([case(**changes)]), edits=edits).to_pylist()
    months = {(row["account_id"], row["month"]): row for row in found}
    assert len(months) == len(found), "a month is seen twice"
    return months


def excluded(rows: World, *, edits: Edits | None = None, **changes: Any) -> dict[str, int]:
    """Return how many rows a case does not see, or sees blanked, by reason."""
    found = opened(rows).excluded(cases_table([case(**changes)]), edits=edits).to_pylist()
    return {row["reason"]: row["rows"] for row in found}


def seen_of_each(worlds: Sequence[World]) -> list[dict[tuple[str, date], Row]]:
    """Return what `seen` gives of each world, asked of all of them in one ledger."""
    asked = [case(case_id=at, subject_id=of_crowd(at, PERSON)) for at in range(len(worlds))]
    found = opened(crowd(worlds)).months(cases_table(asked)).to_pylist()
    months: list[dict[tuple[str, date], Row]] = [{} for _ in worlds]
    for row in found:
        mine = months[row["case_id"]]
        name = row["account_id"].removeprefix(of_crowd(row["case_id"], ""))
        mine[name, row["month"]] = row | {"case_id": 0, "account_id": name}
    assert sum(map(len, months)) == len(found), "a month is seen twice"
    return months


def excluded_of_each(worlds: Sequence[World]) -> list[dict[str, int]]:
    """Return what `excluded` gives of each world, asked of all of them in one ledger."""
    asked = [case(case_id=at, subject_id=of_crowd(at, PERSON)) for at in range(len(worlds))]
    counts: list[dict[str, int]] = [{} for _ in worlds]
    for row in opened(crowd(worlds)).excluded(cases_table(asked)).to_pylist():
        counts[row["case_id"]][row["reason"]] = row["rows"]
    return counts
