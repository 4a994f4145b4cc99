"""Small ledgers with everything in them: versions, retractions, arrangements, closures, events, disputes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random
from typing import Any

import ledgers
import pyarrow as pa
from ledgers import Row, World, account, closure, consent, dispute, furnisher, holder, midnight

from plainscore.history import ADDED_SCHEMA, LEFT_OUT_SCHEMA, Case, Edits
from plainscore.ledger import ARRANGEMENTS, EVENTS, KINDS

from ._oracle_gate import Key, end, number

NEWEST = number(date(2023, 12, 31))
BACK = 100
"""Months before the newest that a ledger reaches: past every limit of the rule packs."""

PEOPLE = ("p1", "p2", "p3")
START = datetime(2022, 1, 1, tzinfo=UTC)


def _chance(random: Random, share: float) -> bool:
    return random.random() < share


def _maybe(random: Random, share: float, value: Any) -> Any:
    return value if _chance(random, share) else None


def _day(random: Random, month: int) -> date:
    return end(month).replace(day=random.randint(1, 28))


def _moment(random: Random) -> datetime:
    """Return one of few moments, so that equal moments happen."""
    return midnight(START.date(), 60 * random.randint(0, 14))


def _status(random: Random, row: Row, month: int, trouble: float) -> None:
    row["arrears"] = 0
    if not _chance(random, trouble):
        return
    row["arrears"] = random.choices([0, 1, 2, 3, 4, 5, None], [12, 2, 2, 1, 1, 1, 1])[0]
    if _chance(random, 0.06):
        row["event"] = random.choice(EVENTS)
        row["event_date"] = _maybe(random, 0.6, _day(random, month - random.randint(0, 6)))
        row["first_delinquency"] = _maybe(random, 0.6, _day(random, month - random.randint(3, 12)))
    row["arrangement"] = _maybe(random, 0.05, random.choice(ARRANGEMENTS))
    row["closed"] = _maybe(random, 0.03, _day(random, month + random.randint(-3, 1)))


def _amounts(random: Random, row: Row) -> None:
    top = random.choice((10, 1_000, 10**12))
    for name in ("due", "paid", "balance", "credit_limit", "past_due"):
        row[name] = _maybe(random, 0.85, random.randint(0, top))
    if row["balance"] is not None and _chance(random, 0.1):
        row["balance"] = -row["balance"]
    if _chance(random, 0.2):
        row["past_due"] = 0


def statement(random: Random, name: str, month: int, version: int = 0, trouble: float = 0.5) -> Row:
    """Return one version of one month, in which `trouble` is the chance that it need not be in order."""
    row = ledgers.statement(
        name,
        end(month),
        days=30 * version + 10,
        statement_id=f"{name}/{month}/{version}",
        retracted=version > 0 and _chance(random, 0.3),
    )
    _status(random, row, month, trouble)
    _amounts(random, row)
    return row


def _account(random: Random, world: World, name: str) -> None:
    first = NEWEST - random.choice((3, 10, 20, 40, BACK))
    world["accounts"].append(
        account(
            name,
            furnisher_id=random.choice(("f0", "f30")),
            kind=random.choice((*KINDS, "revolving", "instalment")),
            opened=_maybe(random, 0.8, _day(random, first - random.randint(0, 5))),
            original_amount=_maybe(random, 0.8, random.randint(0, 5_000)),
        )
    )
    trouble = random.choice((0.0, 0.03, 0.3, 1.0))
    last = NEWEST + random.choice((2, 2, 2, -random.randint(0, 40), -random.randint(57, 62)))
    for month in range(first, last + 1):
        if _chance(random, 0.1):
            continue
        for version in range(1 + _chance(random, 0.15) + _chance(random, 0.05)):
            row = statement(random, name, month, version, trouble)
            if month == last:
                row["closed"] = _day(random, month)
            world["statements"].append(row)


def _holder(random: Random, name: str, person: str) -> Row:
    kinds = ("individual", "joint", "terminated", "authorised_user", "guarantor")
    return holder(
        name,
        person,
        responsibility=random.choices(kinds, [8, 4, 2, 1, 1])[0],
        held_from=_maybe(random, 0.1, _day(random, NEWEST - random.randint(2, 30))),
        held_to=_maybe(random, 0.1, _day(random, NEWEST - random.randint(0, 20))),
    )


def _consents(random: Random, person: str, accounts: list[str]) -> list[Row]:
    events = []
    for at in range(random.choices([0, 1, 2, 3], [1, 12, 8, 4])[0]):
        given = consent(
            consent_id=f"{person}/{at}",
            subject_id=person,
            recipient_id=random.choices(("lender", "other"), [15, 1])[0],
            purpose=random.choices(("credit_scoring", "model_development"), [15, 1])[0],
            furnisher_id=_maybe(random, 0.1, random.choice(("f0", "f30"))),
            account_id=_maybe(random, 0.15, random.choice(accounts)),
            valid_from=_maybe(random, 0.15, _moment(random)) or START,
            valid_to=_maybe(random, 0.15, _moment(random)),
            data_from=_maybe(random, 0.2, _day(random, NEWEST - random.randint(0, 90))),
            data_to=_maybe(random, 0.15, _day(random, NEWEST - random.randint(0, 30))),
            basis=random.choices(("consent", "research release"), [15, 1])[0],
        )
        states = ["ConsentGiven"]
        while _chance(random, 0.2) and len(states) < 4:
            states.append(random.choice(("ConsentWithdrawn", "ConsentExpired", "RenewedConsentGiven")))
        moments = sorted({_moment(random) if _chance(random, 0.5) else START for _ in states})
        events += [
            {**given, "event_at": moment, "state": state}
            for moment, state in zip(moments, states, strict=False)
        ]
    return events


def _dispute(random: Random, number_: int, accounts: list[str]) -> Row:
    first = NEWEST - random.randint(0, 40)
    return dispute(
        random.choice(accounts),
        dispute_id=f"d{number_}",
        subject_id="p1",
        item=random.choice(("arrears", "event", "past_due", "all")),
        month_from=_maybe(random, 0.7, end(first)),
        month_to=_maybe(random, 0.7, end(first + random.randint(0, 12))),
        source="letter",
        opened_at=_moment(random),
        closed_at=_maybe(random, 0.4, _moment(random)),
    )


def world(random: Random, *, accounts: int = 7) -> World:
    """Return a ledger of three people with everything in it."""
    made: World = {
        "furnishers": [
            furnisher("f0", name="From day 1"),
            furnisher("f30", name="From day 30", late_floor_days=30),
        ],
        **{name: [] for name in ("accounts", "holders", "statements", "consents", "disputes", "closures")},
    }
    names = [f"a{at}" for at in range(accounts)]
    for name in names:
        _account(random, made, name)
        for person in random.sample(PEOPLE, random.choice((1, 2, 3))):
            made["holders"].append(_holder(random, name, person))
    for person in PEOPLE:
        made["consents"] += _consents(random, person, names)
    made["disputes"] = [_dispute(random, at, names) for at in range(random.choice((0, 0, 2, 5)))]
    made["closures"] = [_closure(random, at, made) for at in range(random.choice((0, 0, 0, 1, 3)))]
    return made


def _closure(random: Random, line: int, rows: World) -> Row:
    """Return what a refused row closed."""
    name = random.choice(rows["accounts"])["account_id"]
    person, recipient = random.choice(PEOPLE), random.choice(("lender", "other", None))
    kind = random.choice(("consent", "lender", "person", "tie", "account", "month", "month", "month"))
    about: dict[str, Row] = {
        "consent": {"consent_id": f"{person}/{random.randint(0, 2)}", "subject_id": person},
        "lender": {"subject_id": person, "recipient_id": recipient},
        "person": {"subject_id": person},
        "tie": {"account_id": name, "subject_id": person},
        "account": {"account_id": name},
        "month": {"account_id": name, "month": end(NEWEST - random.randint(0, 20))},
    }
    return closure(kind, closure_id=str(line), line=line + 1, **about[kind])


def case(random: Random, case_id: int) -> Case:
    """Return a case at any date, of anybody."""
    as_of = NEWEST - random.choice((0, 0, 1, 2, 12, 24))
    known_at = midnight(end(as_of), random.choice((0, 15, 45, 400)))
    return ledgers.case(
        case_id=case_id,
        subject_id=random.choice((*PEOPLE * 4, "nobody")),
        purpose=random.choices(("credit_scoring", "model_development"), [15, 1])[0],
        as_of=end(as_of),
        known_at=known_at,
        used_at=_moment(random) if _chance(random, 0.15) else datetime(2024, 2, 1, tzinfo=UTC),
        pack=random.choice(("us", "cn", "eu", "uk", "br")),
        disputed=random.choice(("set aside", "set aside", "as reported")),
    )


def edits_for(random: Random, rows: World, case_id: int) -> tuple[set[Key], dict[Key, Row]]:
    """Return some months to leave out and some to add, on accounts inside and outside the gate."""
    keys = [(row["account_id"], number(row["month"])) for row in rows["statements"]]
    left_out = set(random.sample(keys, min(len(keys), random.choice((0, 1, 5))))) if keys else set()
    added: dict[Key, Row] = {}
    for _ in range(random.choice((0, 1, 4))):
        name = random.choice(rows["accounts"])["account_id"]
        month = NEWEST - random.randint(-1, 30)
        added[name, month] = statement(random, name, month)
    return left_out, added


def edits_table(by_case: dict[int, tuple[set[Key], dict[Key, Row]]]) -> Edits:
    """Return the edits of a batch as the tables that `derive` takes."""
    left_out = [
        {"case_id": case_id, "account_id": account, "month": end(month)}
        for case_id, (gone, _) in by_case.items()
        for account, month in sorted(gone)
    ]
    added = [
        {"case_id": case_id, **{name: row.get(name) for name in ADDED_SCHEMA.names if name != "case_id"}}
        for case_id, (_, more) in by_case.items()
        for row in more.values()
    ]
    return Edits(
        left_out=pa.Table.from_pylist(left_out, schema=LEFT_OUT_SCHEMA),
        added=pa.Table.from_pylist(added, schema=ADDED_SCHEMA),
    )
