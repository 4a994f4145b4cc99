"""The small ledger in which the faults of the first edition were found: one person, one card, paid as due."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from plainscore.characteristics import catalogue
from plainscore.history import Case, cases_table, open_history
from plainscore.ledger import TABLES, MemoryLedger
from plainscore.rules import months_after
from plainscore.scorecard import Card
from plainscore.scoring import score_cases

Row = dict[str, Any]
World = dict[str, list[Row]]

FIRST = Path(__file__).parents[1] / "frozen" / "first"
INDEX: dict[str, Any] = json.loads((FIRST / "index.json").read_text("utf-8"))
CARD = Card.from_json((FIRST / "cards" / f"{INDEX['card']}.json").read_bytes(), INDEX["card"])
AT = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
AS_OF = date(2025, 12, 31)
SILENT: Row = dict.fromkeys(("due", "paid", "balance", "credit_limit", "past_due"))


def months(first: date = date(2020, 1, 31), last: date = AS_OF) -> list[date]:
    """Return the month ends from one to another."""
    found = [first]
    while found[-1] < last:
        found.append(months_after(found[-1], 1))
    return found


def statement(account: str, month: date, **changes: Any) -> Row:
    """Return one statement in order, reported ten days after its month."""
    row = {
        "statement_id": f"{account}/{month}",
        "account_id": account,
        "month": month,
        "due": 10_000,
        "paid": 10_000,
        "balance": 50_000,
        "credit_limit": 500_000,
        "past_due": 0,
        "arrears": 0,
        "retracted": False,
        "reported_at": datetime.combine(month, time(), UTC) + timedelta(days=10),
    }
    return row | changes


def consent(**changes: Any) -> Row:
    """Return the person's consent to be scored."""
    terms = {
        "consent_id": "c1",
        "event_at": datetime(2025, 6, 1, tzinfo=UTC),
        "state": "ConsentGiven",
        "subject_id": "p1",
        "recipient_id": "lender-1",
        "purpose": "credit_scoring",
        "valid_from": datetime(2025, 6, 1, tzinfo=UTC),
        "valid_to": datetime(2026, 6, 1, tzinfo=UTC),
        "basis": "consent",
        "lawful_basis": "contract",
        "record_version": "27560",
        "privacy_notice": "notice 1",
        "language": "en",
        "jurisdiction": "IE",
        "retention_months": 24,
        "withdrawal_method": "the account page",
    }
    return terms | changes


def world(statements: Iterable[Row] | None = None, **tables: list[Row]) -> World:
    """Return the ledger; a second account ``old`` is there where statements name it."""
    rows = list(statements if statements is not None else (statement("card", month) for month in months()))
    accounts = sorted({row["account_id"] for row in rows})
    made: World = {
        "furnishers": [{"furnisher_id": "bank", "name": "Bank", "late_floor_days": 0}],
        "accounts": [
            {
                "account_id": name,
                "furnisher_id": "bank",
                "kind": "revolving" if name == "card" else "instalment",
                "opened": date(2015, 1, 10) if name == "card" else date(2014, 1, 10),
                "currency": "EUR",
            }
            for name in accounts
        ],
        "holders": [
            {"account_id": name, "subject_id": "p1", "responsibility": "individual"} for name in accounts
        ],
        "statements": rows,
        "consents": [consent()],
    }
    return made | tables


def ledger(rows: World) -> MemoryLedger:
    """Return a world as a ledger."""
    return MemoryLedger(
        {name: pa.Table.from_pylist(found, schema=TABLES[name].schema) for name, found in rows.items()}
    )


def case(**changes: Any) -> Case:
    """Return the case of the person, at the moment at which the faults were found."""
    given: Row = {
        "case_id": 0,
        "subject_id": "p1",
        "recipient_id": "lender-1",
        "purpose": "credit_scoring",
        "as_of": AS_OF,
        "known_at": AT,
        "used_at": AT,
    }
    return Case(**{**given, **changes})


def score(rows: World, **changes: Any) -> int | str:
    """Return the score under the first edition's card, or the code of the refusal."""
    history = open_history(ledger(rows), threads=1)
    scored = score_cases(history, CARD, cases_table([case(**changes)]), catalogue())
    return scored.coverage["refusal"][0].as_py() or int(scored.scores[0])
