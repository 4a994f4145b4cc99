"""Small ledgers for every suite: people, accounts, months, consents and cases, made in one way.

A ledger is plain rows by table, which a test changes before it opens them. What a suite does not say is as
here: one person ``p`` and one lender, in January 2024, under a consent of half a year ago to everything.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from plainscore.history import Case, History, open_history
from plainscore.ledger import TABLES, Ledger, MemoryLedger
from plainscore.rules import months_after

Row = dict[str, Any]
World = dict[str, list[Row]]
Key = tuple[str, date]

AS_OF = date(2023, 12, 31)
NOW = datetime(2024, 1, 20, tzinfo=UTC)
PERSON = "p"

TERMS: Row = {
    "consent_id": "c1",
    "event_at": datetime(2023, 6, 1, tzinfo=UTC),
    "state": "ConsentGiven",
    "subject_id": PERSON,
    "recipient_id": "lender",
    "purpose": "credit_scoring",
    "valid_from": datetime(2023, 6, 1, tzinfo=UTC),
    "valid_to": datetime(2024, 6, 1, tzinfo=UTC),
    "basis": "consent",
    "lawful_basis": "contract",
    "record_version": "27560",
    "privacy_notice": "notice 1",
    "language": "en",
    "jurisdiction": "IE",
    "retention_months": 24,
    "withdrawal_method": "the account page",
}
"""A consent with every field that one must have."""


def month(back: int, *, as_of: date = AS_OF) -> date:
    """Return the month end `back` months before as-of."""
    return months_after(as_of, -back)


def midnight(day: date, days: int) -> datetime:
    """Return midnight UTC `days` days after `day`."""
    return datetime.combine(day, time(), UTC) + timedelta(days=days)


# -- rows --------------------------------------------------------------------------------------------


def consent(**changes: Any) -> Row:
    """Return one consent event, with sound terms wherever a test does not say otherwise."""
    return TERMS | changes


def furnisher(id: str = "bank", **changes: Any) -> Row:
    """Return who reports, late payments from the first day on."""
    return {"furnisher_id": id, "name": id.capitalize(), "late_floor_days": 0} | changes


def account(name: str, kind: str = "revolving", **changes: Any) -> Row:
    """Return an account with the bank."""
    return {"account_id": name, "furnisher_id": "bank", "kind": kind, "currency": "EUR"} | changes


def holder(name: str, person: str = PERSON, **changes: Any) -> Row:
    """Return the tie of a person to an account."""
    return {"account_id": name, "subject_id": person, "responsibility": "individual"} | changes


def statement(name: str, of: date, *, days: int = 5, **said: Any) -> Row:
    """Return one month of an account, reported some days after it; `said` is what was reported."""
    return {
        "statement_id": f"{name}/{of}",
        "account_id": name,
        "month": of,
        "retracted": False,
        "reported_at": midnight(of, days),
    } | said


def in_order(due: int, *, balance: int | None, limit: int | None) -> Row:
    """Return what a statement says of a payment made in full and on time."""
    return {
        "due": due,
        "paid": due,
        "balance": balance,
        "credit_limit": limit,
        "past_due": 0,
        "arrears": 0,
    }


def dispute(name: str, first: date | None = None, last: date | None = None, **changes: Any) -> Row:
    """Return a dispute of the person's over some months of an account, opened yesterday."""
    return {
        "dispute_id": f"d/{name}/{first}",
        "account_id": name,
        "subject_id": PERSON,
        "item": "all",
        "month_from": first,
        "month_to": last,
        "source": "page",
        "opened_at": NOW - timedelta(days=1),
        "closed_at": None,
    } | changes


def closure(kind: str, **about: Any) -> Row:
    """Return what a refused row closed."""
    return {
        "closure_id": kind,
        "kind": kind,
        "table": "any",
        "file": "any.csv",
        "line": 1,
        "rule": "any rule",
    } | about


def case(**changes: Any) -> Case:
    """Return the case of the person, scored now for the lender."""
    given: Row = {
        "case_id": 0,
        "subject_id": PERSON,
        "recipient_id": "lender",
        "purpose": "credit_scoring",
        "as_of": AS_OF,
        "known_at": NOW,
        "used_at": NOW,
    }
    return Case(**(given | changes))


# -- ledgers -----------------------------------------------------------------------------------------


def world_of(
    accounts: Sequence[Row],
    statements: Iterable[Row],
    *,
    person: str = PERSON,
    furnishers: Sequence[Row] | None = None,
    **tables: Sequence[Row],
) -> World:
    """Return the ledger of one person who holds every account, under one consent.

    Parameters
    ----------
    accounts, statements : rows
        As `account` and `statement` give them.
    person : str
        Who holds the accounts and has consented.
    furnishers : rows, optional
        The bank alone where absent.
    **tables : rows
        Further tables, or others in place of these.
    """
    made: World = {
        "furnishers": [furnisher()] if furnishers is None else list(furnishers),
        "accounts": list(accounts),
        "holders": [holder(one["account_id"], person) for one in accounts],
        "statements": list(statements),
        "consents": [consent(subject_id=person)],
    }
    return made | {name: list(rows) for name, rows in tables.items()}


def ledger(rows: World) -> MemoryLedger:
    """Return a world as a ledger."""
    return MemoryLedger(
        {name: pa.Table.from_pylist(found, schema=TABLES[name].schema) for name, found in rows.items()}
    )


OPEN_AT_ONCE = 24
"""Ledgers that stay open, the latest."""


def opening_once() -> Callable[..., History]:
    """Return `open_history` that does not open a ledger again which it has open.

    A ledger is known by its fingerprint, so that one that was altered is read, refused or opened anew.
    """
    held: OrderedDict[tuple[str, int | None], History] = OrderedDict()

    def once(ledger: Ledger, *, threads: int | None = None) -> History:
        key = (ledger.fingerprint(), threads)
        if key not in held:
            held[key] = open_history(ledger, threads=threads)
        held.move_to_end(key)
        if len(held) > OPEN_AT_ONCE:
            held.popitem(last=False)
        return held[key]

    return once


_once = opening_once()


def opened(rows: World) -> History:
    """Return a world opened for questions; the same rows, asked again, are not opened again."""
    return _once(ledger(rows), threads=1)


def joined(worlds: Iterable[World]) -> World:
    """Return the rows of several worlds, table by table."""
    together: World = {}
    for rows in worlds:
        for table, found in rows.items():
            together.setdefault(table, []).extend(found)
    return together


# -- changes -----------------------------------------------------------------------------------------


def changed(rows: World, table: str, where: Row, **changes: Any) -> World:
    """Return a copy of a world in which the rows of a table that match `where` have other values."""
    copied = copy.deepcopy(rows)
    hit = [row for row in copied[table] if all(row.get(name) == value for name, value in where.items())]
    assert hit, f"no row of {table} is like {where}"
    for row in hit:
        row.update(changes)
    return copied


def plus(rows: World, table: str, *more: Row) -> World:
    """Return a copy of a world with more rows in one table."""
    copied = copy.deepcopy(rows)
    copied.setdefault(table, []).extend(more)
    return copied


def dropped(rows: World, *keys: Key) -> World:
    """Return the world without every version of some months: physically removed."""
    copied = copy.deepcopy(rows)
    copied["statements"] = [s for s in copied["statements"] if (s["account_id"], s["month"]) not in keys]
    return copied


def put_in_order(rows: World, key: Key) -> World:
    """Return the world with one month as it would have been reported in order: physically replaced."""
    copied = copy.deepcopy(rows)
    for s in copied["statements"]:
        if (s["account_id"], s["month"]) == key:
            paid = None if s["paid"] is None else max(s["paid"], s["due"] or 0)
            past_due = None if s["past_due"] is None else 0
            s |= {"arrears": 0, "event": None, "event_date": None, "paid": paid, "past_due": past_due}
    return copied


TOLD_APART = ("account_id", "subject_id", "statement_id", "consent_id", "dispute_id", "closure_id")
"""Names that are another's in each world of a crowd."""


def of_crowd(number: int, name: str = PERSON) -> str:
    """Return what a name of one world is called in a crowd."""
    return f"{number:05}/{name}"


def crowd(worlds: Sequence[World]) -> World:
    """Return many variants of one person as many people of one ledger, told apart by a prefix."""
    together: World = {"furnishers": list(worlds[0]["furnishers"])}
    for number, rows in enumerate(worlds):
        for table, found in rows.items():
            if table != "furnishers":
                together.setdefault(table, []).extend(
                    row | {name: of_crowd(number, row[name]) for name in TOLD_APART if row.get(name)}
                    for row in found
                )
    return together
