"""Small ledgers and hand-made cards for tests of scores: a person is rows that a test may change."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, catalogue
from plainscore.history import Case, History, cases_table, open_history
from plainscore.ledger import TABLES, MemoryLedger
from plainscore.rules import months_after
from plainscore.scorecard import (
    ALL_APPLICANTS,
    Attribute,
    Baseline,
    Card,
    CardCharacteristic,
    Scale,
)
from plainscore.scoring import Scored, score_cases

Row = dict[str, Any]
World = dict[str, list[Row]]
Key = tuple[str, date]

AS_OF = date(2023, 12, 31)
NOW = datetime(2024, 1, 20, tzinfo=UTC)
KINDS = {"card": "revolving", "second card": "revolving", "loan": "instalment", "light": "utility"}


_reported = st.builds(
    lambda arrears, paid, balance, event: {
        "arrears": arrears,
        "paid": paid,
        "balance": balance,
        "past_due": 100 - min(paid, 100),
        "event": event if arrears == 5 else None,
    },
    st.sampled_from([0, 0, 0, 0, 1, 2, 3, 5]),
    st.sampled_from([100, 100, 100, 60, 0]),
    st.sampled_from([0, 100, 500, 950]),
    st.sampled_from([None, "charge_off"]),
)
accounts = st.dictionaries(
    st.sampled_from(["card", "loan", "light"]),
    st.dictionaries(st.integers(0, 14), _reported, min_size=1),
    min_size=1,
)
"""Accounts by name, each with its months and what differs from in order."""


def month(back: int) -> date:
    """Return the month end `back` months before as-of."""
    return months_after(AS_OF, -back)


def statement(account: str, back: int, **changes: Any) -> Row:
    """Return one statement in order, reported five days after its month."""
    of = month(back)
    row = {
        "statement_id": f"{account}/{of}",
        "account_id": account,
        "month": of,
        "due": 100,
        "paid": 100,
        "balance": 100,
        "credit_limit": 1000 if "card" in account else None,
        "past_due": 0,
        "arrears": 0,
        "retracted": False,
        "reported_at": datetime.combine(of, time(), UTC) + timedelta(days=5),
    }
    return row | changes


def world(accounts: Mapping[str, Mapping[int, Row]], *, opened: int | None = 90) -> World:
    """Return the person p with accounts by name, each with its months and what differs from in order."""
    day = None if opened is None else month(opened)
    return {
        "furnishers": [{"furnisher_id": "bank", "name": "Bank A", "late_floor_days": 0}],
        "accounts": [
            {
                "account_id": name,
                "furnisher_id": "bank",
                "kind": KINDS[name],
                "opened": day,
                "original_amount": 1000 if name == "loan" else None,
                "currency": "EUR",
            }
            for name in accounts
        ],
        "holders": [
            {"account_id": name, "subject_id": "p", "responsibility": "individual"} for name in accounts
        ],
        "statements": [
            statement(name, back, **changes)
            for name, months in accounts.items()
            for back, changes in months.items()
        ],
        "consents": [consent()],
        "disputes": [],
        "flags": [],
    }


def consent(**changes: Any) -> Row:
    """Return the person's consent to everything, for the lender."""
    terms = {
        "consent_id": "c1",
        "event_at": datetime(2023, 6, 1, tzinfo=UTC),
        "state": "ConsentGiven",
        "subject_id": "p",
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
    return terms | changes


def dispute(account: str, first: int, last: int, *, item: str = "all", **changes: Any) -> Row:
    """Return an open dispute over the months from `first` back to `last` back, the older first."""
    row = {
        "dispute_id": f"d/{account}/{first}",
        "account_id": account,
        "subject_id": "p",
        "item": item,
        "month_from": month(first),
        "month_to": month(last),
        "source": "page",
        "opened_at": NOW - timedelta(days=1),
        "closed_at": None,
    }
    return row | changes


def ledger(rows: World) -> MemoryLedger:
    """Return a world as a ledger."""
    return MemoryLedger(
        {name: pa.Table.from_pylist(found, schema=TABLES[name].schema) for name, found in rows.items()}
    )


def opened(rows: World) -> History:
    """Return a world opened for questions."""
    return open_history(ledger(rows), threads=1)


def case(**changes: Any) -> Case:
    """Return the case of the person p, scored now for the lender."""
    given: Row = {
        "case_id": 0,
        "subject_id": "p",
        "recipient_id": "lender",
        "purpose": "credit_scoring",
        "as_of": AS_OF,
        "known_at": NOW,
        "used_at": NOW,
    }
    return Case(**(given | changes))


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


def crowd(worlds: Sequence[World]) -> World:
    """Return many variants of one person as many people of one ledger, told apart by a prefix."""
    names = ("account_id", "subject_id", "statement_id", "consent_id", "dispute_id")
    together: World = {"furnishers": worlds[0]["furnishers"]}
    for number, rows in enumerate(worlds):
        for table, found in rows.items():
            if table != "furnishers":
                together.setdefault(table, []).extend(
                    row | {name: f"{number:04}/{row[name]}" for name in names if name in row} for row in found
                )
    return together


def scored(card: Card, worlds: Sequence[World], **changes: Any) -> Scored:
    """Score each world on its own, all in one ledger."""
    asked = [case(case_id=at, subject_id=f"{at:04}/p", **changes) for at in range(len(worlds))]
    return score_cases(opened(crowd(worlds)), card, cases_table(asked), catalogue())


def scores(card: Card, worlds: Sequence[World], **changes: Any) -> list[int | None]:
    """Return the score of each world, None where it is refused one."""
    found = scored(card, worlds, **changes)
    return [None if no else int(score) for score, no in zip(found.scores, found.refused, strict=True)]


def characteristic(
    name: str, edges: Sequence[float], points: Sequence[int], **states: int
) -> CardCharacteristic:
    """Return a characteristic of the catalogue on a card: ranges, and points for its named states."""
    entry = next(entry for entry in catalogue() if entry.id == name)
    bounds = [None, *map(float, edges), None]
    codes = {"never": NEVER, "none": NOT_APPLICABLE, "few": TOO_FEW, "zero": 0}
    middle = sorted(points)[len(points) // 2]
    return CardCharacteristic(
        id=name,
        label=entry.label,
        family=entry.family,
        unit=entry.unit,
        direction=entry.direction,
        type="number",
        reason="",
        attributes=(
            *(
                Attribute("range", each, f"{low} up to {high}", low, high)
                for each, low, high in zip(points, bounds[:-1], bounds[1:], strict=True)
            ),
            Attribute("missing", middle, "missing"),
            *(
                Attribute("special", states.get(state, middle), state, code=float(code))
                for state, code in codes.items()
                if float(code) in entry.special_codes
            ),
            Attribute("out_of_range", middle, "out of range"),
        ),
    )


def card(*characteristics: CardCharacteristic, typical: float = 0.9) -> Card:
    """Return a card of these characteristics whose baseline lies at a share of the way to the best."""
    sums = {one.id: round(100 * (one.worst + typical * (one.best - one.worst))) for one in characteristics}
    low = 300 + sum(one.worst for one in characteristics)
    return Card(
        name="test card",
        purpose="credit_scoring",
        population={},
        revalidate_by="2027-01-31",
        scale=Scale("600", "20", "40", low, 300 + sum(one.best for one in characteristics)),
        base_points=300,
        characteristics=characteristics,
        baselines={ALL_APPLICANTS: Baseline(100, sums, "made-up points", "2023-12-31")},
        coverage={"oldest_account_months": 6, "known_within_months": 6},
    )


WIDE = card(
    characteristic("worst_24", [1, 2, 3], [60, 40, 20, 0], few=30),
    characteristic("late_n24", [1, 2, 4], [50, 30, 15, 0], few=25),
    characteristic("paid_share", [0.8, 0.95, 1], [0, 15, 30, 45], none=30),
    characteristic("use_max", [0.3, 0.9], [40, 20, 0], none=20, zero=25),
    characteristic("since_late", [6, 12], [0, 10, 20], never=35, few=20),
    characteristic("months_known", [10, 20], [0, 15, 30]),
    characteristic("age_oldest", [24, 120], [0, 12, 25]),
    characteristic("kept_good", [1, 2], [0, 8, 16]),
)
"""A card over status, money, lack and dates: every kind of evidence can come out of it."""


def arrays(values: Mapping[str, float | None]) -> dict[str, np.ndarray[Any, Any]]:
    """Return one case's values as columns."""
    return {name: np.array([np.nan if value is None else value]) for name, value in values.items()}
