"""Small ledgers for tests of good and bad: months are counted from as-of, 1 the first of the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from plainscore.history import Case, cases_table, open_history
from plainscore.ledger import TABLES, MemoryLedger
from plainscore.outcomes import Definition, derive_outcomes
from plainscore.rules import months_after

Row = dict[str, Any]
Months = Mapping[int, Any]
"""Month after as-of to what was reported: an arrears class, None for unknown, an event, or a whole row."""

AS_OF = date(2022, 12, 31)
USED_AT = datetime(2024, 6, 1, tzinfo=UTC)


def midnight(day: date, days: int) -> datetime:
    """Return midnight UTC `days` days after `day`."""
    return datetime.combine(day, time(), UTC) + timedelta(days=days)


def statement(account: str, ahead: int, said: Any) -> Row:
    """Return one statement, reported ten days after its month unless the row says otherwise."""
    month = months_after(AS_OF, ahead)
    row: Row = {
        "statement_id": f"{account}/{ahead}",
        "account_id": account,
        "month": month,
        "retracted": False,
        "reported_at": midnight(month, 10),
    }
    if isinstance(said, dict):
        return row | said
    return row | ({"event": said, "arrears": None} if isinstance(said, str) else {"arrears": said})


def ledger(people: Mapping[str, Mapping[str, Months]]) -> MemoryLedger:
    """Return people with their accounts, each under a consent to everything."""
    accounts = [(person, name, months) for person, held in people.items() for name, months in held.items()]
    rows: dict[str, list[Row]] = {
        "furnishers": [{"furnisher_id": "bank", "name": "Bank", "late_floor_days": 30}],
        "accounts": [
            {"account_id": name, "furnisher_id": "bank", "kind": "instalment", "currency": "EUR"}
            for _, name, _ in accounts
        ],
        "holders": [
            {"account_id": name, "subject_id": person, "responsibility": "individual"}
            for person, name, _ in accounts
        ],
        "statements": [
            statement(name, ahead, said) for _, name, months in accounts for ahead, said in months.items()
        ],
        "consents": [
            {
                "consent_id": f"consent of {person}",
                "event_at": datetime(2024, 1, 1, tzinfo=UTC),
                "state": "ConsentGiven",
                "subject_id": person,
                "recipient_id": "lender",
                "purpose": "model_development",
                "valid_from": datetime(2024, 1, 1, tzinfo=UTC),
                "basis": "consent",
                "lawful_basis": "contract",
                "record_version": "27560",
                "privacy_notice": "notice 1",
                "language": "en",
                "jurisdiction": "IE",
                "retention_months": 24,
                "withdrawal_method": "the account page",
            }
            for person in people
        ],
    }
    return MemoryLedger(
        {name: pa.Table.from_pylist(found, schema=TABLES[name].schema) for name, found in rows.items()}
    )


def cases(people: Iterable[str], *, as_of: date = AS_OF) -> pa.Table:
    """Return one case for each person."""
    return cases_table(
        Case(number, person, "lender", "model_development", as_of, midnight(as_of, 31), USED_AT)
        for number, person in enumerate(people)
    )


def outcomes(people: Mapping[str, Mapping[str, Months]], **terms: Any) -> dict[str, Row]:
    """Return each person's outcome under a definition."""
    history = open_history(ledger(people), threads=1)
    found = derive_outcomes(history, cases(people), Definition(**terms)).to_pylist()
    return dict(zip(people, found, strict=True))


def outcome(months: Months, **terms: Any) -> str:
    """Return the outcome of a person with one account."""
    return str(outcomes({"p": {"a": months}}, **terms)["p"]["outcome"])
