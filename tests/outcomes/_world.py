"""Small ledgers for tests of good and bad: months are counted from as-of, 1 the first of the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import ledgers
import pyarrow as pa
from ledgers import Row, account, consent, furnisher, holder, midnight

from plainscore.history import cases_table, open_history
from plainscore.ledger import MemoryLedger
from plainscore.outcomes import Definition, derive_outcomes
from plainscore.rules import months_after

Months = Mapping[int, Any]
"""Month after as-of to what was reported: an arrears class, None for unknown, an event, or a whole row."""

AS_OF = date(2022, 12, 31)
GIVEN = datetime(2024, 1, 1, tzinfo=UTC)
USED_AT = datetime(2024, 6, 1, tzinfo=UTC)
PURPOSE = "model_development"


def statement(name: str, ahead: int, said: Any) -> Row:
    """Return one statement, reported ten days after its month unless the row says otherwise."""
    row = ledgers.statement(name, months_after(AS_OF, ahead), days=10, statement_id=f"{name}/{ahead}")
    if isinstance(said, dict):
        return row | said
    return row | ({"event": said, "arrears": None} if isinstance(said, str) else {"arrears": said})


def ledger(people: Mapping[str, Mapping[str, Months]]) -> MemoryLedger:
    """Return people with their accounts, each under a consent to everything."""
    held = [
        (person, name, months) for person, accounts in people.items() for name, months in accounts.items()
    ]
    given: Row = {"event_at": GIVEN, "valid_from": GIVEN, "valid_to": None, "purpose": PURPOSE}
    return ledgers.ledger(
        {
            "furnishers": [furnisher(late_floor_days=30)],
            "accounts": [account(name, "instalment") for _, name, _ in held],
            "holders": [holder(name, person) for person, name, _ in held],
            "statements": [
                statement(name, ahead, said) for _, name, months in held for ahead, said in months.items()
            ],
            "consents": [
                consent(consent_id=f"consent of {person}", subject_id=person, **given) for person in people
            ],
        }
    )


def cases(people: Iterable[str], *, as_of: date = AS_OF) -> pa.Table:
    """Return one case for each person."""
    when: Row = {"as_of": as_of, "known_at": midnight(as_of, 31), "used_at": USED_AT, "purpose": PURPOSE}
    return cases_table(
        ledgers.case(case_id=number, subject_id=person, **when) for number, person in enumerate(people)
    )


def outcomes(people: Mapping[str, Mapping[str, Months]], **terms: Any) -> dict[str, Row]:
    """Return each person's outcome under a definition."""
    history = open_history(ledger(people), threads=1)
    found = derive_outcomes(history, cases(people), Definition(**terms)).to_pylist()
    return dict(zip(people, found, strict=True))


def outcome(months: Months, **terms: Any) -> str:
    """Return the outcome of a person with one account."""
    return str(outcomes({"p": {"a": months}}, **terms)["p"]["outcome"])
