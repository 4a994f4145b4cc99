"""Small ledgers for tests: each person is a few accounts, each account a few months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from plainscore.coverage import Floor, cover
from plainscore.history import Case, cases_table, months_after, open_history
from plainscore.ledger import TABLES, MemoryLedger

Row = dict[str, Any]

AS_OF = date(2023, 12, 31)
NOW = datetime(2024, 1, 20, tzinfo=UTC)


def account(
    name: str, months: Iterable[int], *, person: str = "p", opened: int | None = 60, **changes: Any
) -> dict[str, list[Row]]:
    """Return an account with a statement in order for each of `months` before as-of."""
    day = None if opened is None else months_after(AS_OF, -opened).replace(day=1)
    fields = {"kind": "revolving", "currency": "EUR", **changes}
    return {
        "accounts": [{"account_id": name, "furnisher_id": "bank", "opened": day, **fields}],
        "holders": [{"account_id": name, "subject_id": person, "responsibility": "individual"}],
        "statements": [
            {
                "statement_id": f"{name}/{k}",
                "account_id": name,
                "month": months_after(AS_OF, -k),
                "arrears": 0,
                "retracted": False,
                "reported_at": datetime(2000, 1, 1, tzinfo=UTC),
            }
            for k in months
        ],
    }


def consent(person: str = "p", **changes: Any) -> dict[str, list[Row]]:
    """Return a consent of a person to everything for the lender, for half a year around now."""
    terms = {
        "consent_id": f"consent of {person}",
        "event_at": datetime(2023, 12, 1, tzinfo=UTC),
        "state": "ConsentGiven",
        "subject_id": person,
        "recipient_id": "lender",
        "purpose": "credit_scoring",
        "valid_from": datetime(2023, 12, 1, tzinfo=UTC),
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
    return {"consents": [terms | changes]}


def flag(name: str, since: datetime, until: datetime | None = None) -> dict[str, list[Row]]:
    """Return a flag on the person."""
    return {"flags": [{"subject_id": "p", "flag": name, "since": since, "until": until}]}


def ledger(*parts: Mapping[str, list[Row]]) -> MemoryLedger:
    """Return the parts as one ledger."""
    rows: dict[str, list[Row]] = {
        "furnishers": [{"furnisher_id": "bank", "name": "Bank", "late_floor_days": 30}]
    }
    for part in parts:
        for name, more in part.items():
            rows.setdefault(name, []).extend(more)
    return MemoryLedger(
        {name: pa.Table.from_pylist(found, schema=TABLES[name].schema) for name, found in rows.items()}
    )


def case(number: int = 0, **changes: Any) -> Case:
    """Return the case of the person p, scored now for the lender."""
    given: Row = {
        "case_id": number,
        "subject_id": "p",
        "recipient_id": "lender",
        "purpose": "credit_scoring",
        "as_of": AS_OF,
        "known_at": NOW,
        "used_at": NOW,
    }
    return Case(**(given | changes))


def covered(
    *parts: Mapping[str, list[Row]], cases: Iterable[Case] = (), floor: Floor | None = None
) -> list[Row]:
    """Return the coverage of each case; of the person p where no case is given."""
    history = open_history(ledger(*parts), threads=1)
    return cover(history, cases_table(list(cases) or [case()]), floor=floor).to_pylist()


def refusal(*parts: Mapping[str, list[Row]], floor: Floor | None = None, **changes: Any) -> str | None:
    """Return the refusal of the person's case."""
    found: str | None = covered(*parts, cases=[case(**changes)], floor=floor)[0]["refusal"]
    return found
