"""A small ledger for tests, as plain rows that a test changes before it opens them."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from plainscore.history import Case, Edits, History, cases_table, open_history
from plainscore.ledger import TABLES, MemoryLedger
from plainscore.rules import months_after

Row = dict[str, Any]
World = dict[str, list[Row]]

AS_OF = date(2023, 12, 31)
NOW = datetime(2024, 1, 20, tzinfo=UTC)

TERMS: Row = {
    "consent_id": "c1",
    "event_at": datetime(2023, 6, 1, tzinfo=UTC),
    "state": "ConsentGiven",
    "subject_id": "p1",
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


def consent(**changes: Any) -> Row:
    """Return one consent event, with sound terms wherever a test does not say otherwise."""
    return {**TERMS, **changes}


def month(back: int, *, as_of: date = AS_OF) -> date:
    """Return the month end `back` months before the as-of date."""
    return months_after(as_of, -back)


def after(day: date, days: int) -> datetime:
    """Return midnight UTC `days` days after `day`."""
    return datetime.combine(day, time(), UTC) + timedelta(days=days)


def statement(account: str, of: date, *, version: int = 1, **changes: Any) -> Row:
    """Return one statement in order, reported ten days after its month for each version."""
    row = {
        "statement_id": f"{account}/{of}/{version}",
        "account_id": account,
        "month": of,
        "due": 100,
        "paid": 100,
        "balance": 500,
        "credit_limit": 1000,
        "past_due": 0,
        "arrears": 0,
        "retracted": False,
        "reported_at": after(of, 10 * version),
    }
    return {**row, **changes}


def world(months: Iterable[int] = range(12)) -> World:
    """Return a person with a card and a power bill, a month of each for every one of `months` back."""
    return {
        "furnishers": [
            {"furnisher_id": "bank", "name": "Bank", "late_floor_days": 30},
            {"furnisher_id": "power", "name": "Power", "late_floor_days": 0},
        ],
        "accounts": [
            {
                "account_id": "card",
                "furnisher_id": "bank",
                "kind": "revolving",
                "opened": date(2015, 1, 10),
                "currency": "EUR",
            },
            {
                "account_id": "light",
                "furnisher_id": "power",
                "kind": "utility",
                "opened": date(2018, 1, 10),
                "currency": "EUR",
            },
        ],
        "holders": [
            {"account_id": account, "subject_id": "p1", "responsibility": "individual"}
            for account in ("card", "light")
        ],
        "statements": [statement(account, month(back)) for account in ("card", "light") for back in months],
        "consents": [consent()],
        "disputes": [],
    }


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


def ledger(rows: World) -> MemoryLedger:
    """Return a world as a ledger."""
    return MemoryLedger(
        {name: pa.Table.from_pylist(found, schema=TABLES[name].schema) for name, found in rows.items()}
    )


_OPENED: dict[str, History] = {}


def opened(rows: World) -> History:
    """Return a world opened for questions; one asked several questions is opened once."""
    key = repr(rows)
    if key not in _OPENED:
        _OPENED.clear()
        _OPENED[key] = open_history(ledger(rows), threads=1)
    return _OPENED[key]


def case(**changes: Any) -> Case:
    """Return the case of the person p1, scored now for the lender."""
    given: Row = {
        "case_id": 0,
        "subject_id": "p1",
        "recipient_id": "lender",
        "purpose": "credit_scoring",
        "as_of": AS_OF,
        "known_at": NOW,
        "used_at": NOW,
    }
    return Case(**{**given, **changes})


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
