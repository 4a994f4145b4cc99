"""One person with a few accounts, and a card over status and card use, for tests of paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, catalogue
from plainscore.history import Case, cases_table, open_history
from plainscore.ledger import TABLES, MemoryLedger
from plainscore.rules import months_after
from plainscore.scorecard import ALL_APPLICANTS, Attribute, Baseline, Card, CardCharacteristic, Scale
from plainscore.scoring import score_cases

Row = dict[str, Any]
World = dict[str, list[Row]]

AS_OF = date(2023, 12, 31)
NOW = datetime(2024, 1, 20, tzinfo=UTC)
KINDS = {
    "card": "revolving",
    "second": "revolving",
    "loan": "instalment",
    "light": "utility",
    "home": "rent",
    "phone": "telecom",
}


def statement(account: str, day: date, **changes: Any) -> Row:
    """Return one statement in order, reported five days after its month."""
    borrowed = KINDS[account] in ("revolving", "instalment")
    row = {
        "statement_id": f"{account}/{day}",
        "account_id": account,
        "month": day,
        "due": 1000,
        "paid": 1000,
        "balance": 50_000 if borrowed else 0,
        "credit_limit": 100_000 if KINDS[account] == "revolving" else None,
        "past_due": 0,
        "arrears": 0,
        "retracted": False,
        "reported_at": datetime.combine(day, time(), UTC) + timedelta(days=5),
    }
    return row | changes


def world(accounts: Mapping[str, Mapping[int, Row]], *, months: int = 30) -> World:
    """Return the person p with accounts by name and what differs from in order, by months back."""
    return {
        "furnishers": [{"furnisher_id": "bank", "name": "Bank A", "late_floor_days": 0}],
        "accounts": [
            {
                "account_id": name,
                "furnisher_id": "bank",
                "kind": KINDS[name],
                "opened": date(2015, 1, 1),
                "original_amount": 100_000 if name == "loan" else None,
                "currency": "EUR",
            }
            for name in accounts
        ],
        "holders": [
            {"account_id": name, "subject_id": "p", "responsibility": "individual"} for name in accounts
        ],
        "statements": [
            statement(name, months_after(AS_OF, -back), **changed.get(back, {}))
            for name, changed in accounts.items()
            for back in range(months)
        ],
        "consents": [_consent()],
        "disputes": [],
        "flags": [],
    }


def _consent() -> Row:
    return {
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


def ledger(rows: World) -> MemoryLedger:
    """Return a world as a ledger."""
    return MemoryLedger(
        {name: pa.Table.from_pylist(found, schema=TABLES[name].schema) for name, found in rows.items()}
    )


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


Variant = tuple[World, Sequence[Row], int]
"""A world, statements that really come to it, and how many months later it is scored."""


def real_scores(variants: Sequence[Variant], card: Card) -> list[int]:
    """Return the score of each variant, all of them people of one ledger that really holds everything."""
    names = ("account_id", "subject_id", "statement_id", "consent_id", "dispute_id")
    together: World = {"furnishers": variants[0][0]["furnishers"]}
    asked = []
    for number, (rows, added, ahead) in enumerate(variants):
        for table, found in (rows | {"statements": [*rows["statements"], *added]}).items():
            if table != "furnishers":
                together.setdefault(table, []).extend(
                    row | {name: f"{number:05}/{row[name]}" for name in names if name in row} for row in found
                )
        # As long after its month as the person's own score is after its own.
        as_of = months_after(AS_OF, ahead)
        who = f"{number:05}/p"
        asked.append(case(case_id=number, subject_id=who, as_of=as_of, known_at=NOW + (as_of - AS_OF)))
    history = open_history(ledger(together), threads=1)
    return [int(score) for score in score_cases(history, card, cases_table(asked), catalogue()).scores]


def characteristic(
    name: str, edges: Sequence[float], points: Sequence[int], **states: int
) -> CardCharacteristic:
    """Return a characteristic of the catalogue on a card: ranges, and points for its named states."""
    entry = next(entry for entry in catalogue() if entry.id == name)
    bounds = [None, *map(float, edges), None]
    codes = {"never": NEVER, "none": NOT_APPLICABLE, "few": TOO_FEW, "zero": 0}
    middle = sorted(points)[len(points) // 2]
    ranges = zip(points, bounds[:-1], bounds[1:], strict=True)
    return CardCharacteristic(
        id=name,
        label=entry.label,
        family=entry.family,
        unit=entry.unit,
        direction=entry.direction,
        type="number",
        reason="",
        attributes=(
            *(Attribute("range", each, f"{low} up to {high}", low, high) for each, low, high in ranges),
            Attribute("missing", middle, "missing"),
            *(
                Attribute("special", states.get(state, middle), state, code=float(code))
                for state, code in codes.items()
                if float(code) in entry.special_codes
            ),
            Attribute("out_of_range", middle, "out of range"),
        ),
    )


def card(*characteristics: CardCharacteristic) -> Card:
    """Return a card of these characteristics."""
    best = {one.id: one.best for one in characteristics}
    low, high = (300 + sum(getattr(one, end) for one in characteristics) for end in ("worst", "best"))
    return Card(
        name="test card",
        purpose="credit_scoring",
        population={},
        revalidate_by="2027-01-31",
        scale=Scale("600", "20", "40", low, high),
        base_points=300,
        characteristics=characteristics,
        baselines={ALL_APPLICANTS: Baseline(1, best, "made up", "2023-12-31")},
        coverage={"oldest_account_months": 6, "known_within_months": 6},
    )


CARD = card(
    characteristic("behind_now", [1, 2], [60, 30, 0], none=30),
    characteristic("worst_6", [1, 2, 3], [60, 40, 20, 0], few=30),
    characteristic("since_late", [6, 12], [0, 20, 30], never=45, few=20),
    characteristic("use_max", [0.3, 0.6, 0.9], [60, 40, 15, 0], none=30, zero=50),
    characteristic("use_now", [0.4, 0.8], [50, 25, 0], none=25, zero=40),
    characteristic("months_known", [10, 20], [0, 15, 30]),
)
"""A card over what steps and time can change."""
