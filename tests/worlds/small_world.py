"""The small ledger in which the faults of the first edition were found: one person, one card, paid as due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import ledgers
from editions import CARDS
from ledgers import Row, World, account, crowd, in_order, of_crowd, opened, world_of

from plainscore.characteristics import catalogue
from plainscore.history import Case, cases_table
from plainscore.rules import months_after
from plainscore.scoring import score_cases

CARD = CARDS["first"]
AT = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
AS_OF = date(2025, 12, 31)
PERSON = "p1"
IN_ORDER = in_order(10_000, balance=50_000, limit=500_000)
GIVEN: Row = {
    "event_at": datetime(2025, 6, 1, tzinfo=UTC),
    "subject_id": PERSON,
    "recipient_id": "lender-1",
    "valid_from": datetime(2025, 6, 1, tzinfo=UTC),
    "valid_to": datetime(2026, 6, 1, tzinfo=UTC),
}
ASKED: Row = {
    "subject_id": PERSON,
    "recipient_id": "lender-1",
    "as_of": AS_OF,
    "known_at": AT,
    "used_at": AT,
}
SILENT: Row = dict.fromkeys(("due", "paid", "balance", "credit_limit", "past_due"))


def months(first: date = date(2020, 1, 31), last: date = AS_OF) -> list[date]:
    """Return the month ends from one to another."""
    found = [first]
    while found[-1] < last:
        found.append(months_after(found[-1], 1))
    return found


def statement(name: str, month: date, **changes: Any) -> Row:
    """Return one statement in order, reported ten days after its month."""
    return ledgers.statement(name, month, days=10, **(IN_ORDER | changes))


def consent(**changes: Any) -> Row:
    """Return the person's consent to be scored."""
    return ledgers.consent(**(GIVEN | changes))


def world(statements: Iterable[Row] | None = None, **tables: list[Row]) -> World:
    """Return the ledger; a second account ``old`` is there where statements name it."""
    rows = list(statements if statements is not None else (statement("card", month) for month in months()))
    names = sorted({row["account_id"] for row in rows})
    kinds = {"card": ("revolving", date(2015, 1, 10))}
    held = [(name, *kinds.get(name, ("instalment", date(2014, 1, 10)))) for name in names]
    given: dict[str, list[Row]] = {"consents": [consent()]}
    return world_of(
        [account(name, kind, opened=day) for name, kind, day in held],
        rows,
        person=PERSON,
        **(given | tables),
    )


def case(**changes: Any) -> Case:
    """Return the case of the person, at the moment at which the faults were found."""
    return ledgers.case(**(ASKED | changes))


def scores(worlds: Sequence[World], **changes: Any) -> list[int | str]:
    """Return each world's score under the first edition's card, or the code of the refusal, in one ledger."""
    asked = [case(case_id=at, subject_id=of_crowd(at, PERSON), **changes) for at in range(len(worlds))]
    scored = score_cases(opened(crowd(worlds)), CARD, cases_table(asked), catalogue())
    codes = scored.coverage["refusal"].to_pylist()
    return [code or int(score) for code, score in zip(codes, scored.scores, strict=True)]


def score(rows: World, **changes: Any) -> int | str:
    """Return the score of one world, or the code of the refusal."""
    return scores([rows], **changes)[0]
