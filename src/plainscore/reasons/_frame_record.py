"""What the record of a decision says whether there is a score or not: the case, its coverage, its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from plainscore.consent import GrantRow
from plainscore.coverage import REFUSALS
from plainscore.decisions import (
    DECISION_SCHEMA,
    ConsentRecord,
    DecisionContent,
    RefusalRecord,
    StoredInputs,
    stored_text,
)
from plainscore.history import EXCLUSIONS, VIEWS, Case, ExcludedRow
from plainscore.ledger import LedgerRows
from plainscore.reasons._evidence_records import day_text, moment_text
from plainscore.reasons._person import Person
from plainscore.reasons._possible import Possible, possible_range
from plainscore.scorecard import Card
from plainscore.scoring import Scored


def frame_record(
    card: Card,
    case: Case,
    scored: Scored,
    excluded: Sequence[ExcludedRow],
    person: Person,
    possible: Possible,
) -> DecisionContent:
    """Return what the record of a case says whether it has a score or is refused one."""
    low, high = possible_range(card, possible)
    at = case.case_id
    row = {name: scored.coverage[name][at].as_py() for name in scored.coverage.column_names}
    frame: DecisionContent = {
        "schema": DECISION_SCHEMA,
        "views": VIEWS,
        "card_id": card.id,
        "card_name": card.name,
        "case": {
            "subject_id": case.subject_id,
            "recipient_id": case.recipient_id,
            "purpose": case.purpose,
            "pack": case.pack,
            "as_of": case.as_of.isoformat(),
            "known_at": moment_text(case.known_at),
            "used_at": moment_text(case.used_at),
            "disputed": scored.cases["disputed"][at].as_py(),
        },
        "refusal": None if row["refusal"] is None else _refusal(row["refusal"]),
        "low": low,
        "high": high,
        "coverage": {
            "accounts": row["accounts"],
            "months": row["months"],
            "kinds": [kind for kind in row["kinds"].split(",") if kind],
            "first_month": day_text(row["first_month"]),
            "last_month": day_text(row["last_month"]),
            "excluded": [
                {"reason": e["reason"], "says": EXCLUSIONS[e["reason"]], "rows": e["rows"]} for e in excluded
            ],
        },
        "consents": [_consent(grant, person) for grant in person.grants],
        "inputs": _inputs(person.rows),
    }
    if case.case_id in scored.readings:
        both = scored.readings[case.case_id]
        frame["dispute"] = {"set_aside": both.set_aside, "as_reported": both.as_reported}
    return frame


def _refusal(code: str) -> RefusalRecord:
    reason = REFUSALS[code]
    return {"code": code, "sentence": dict(reason.sentence), "route": dict(reason.route)}


def _inputs(tables: LedgerRows) -> StoredInputs:
    """Return the person's rows as a replay needs them: nulls left out, dates and moments as text."""
    rows = {
        name: [
            {key: stored_text(value) for key, value in row.items() if value is not None}
            for row in cast(list[dict[str, Any]], found)
        ]
        for name, found in tables.items()
    }
    return cast(StoredInputs, rows)


def _consent(grant: GrantRow, person: Person) -> ConsentRecord:
    furnishers = {row["furnisher_id"]: row["name"] for row in person.rows["furnishers"]}
    return {
        "consent_id": grant["consent_id"],
        "purpose": grant["purpose"],
        "recipient_id": grant["recipient_id"],
        "basis": grant["basis"],
        "valid_from": moment_text(grant["starts"]),
        "valid_to": None if grant["ends"] is None else moment_text(grant["ends"]),
        "furnisher": furnishers.get(grant["furnisher_id"] or ""),
        "data_from": day_text(grant["data_from"]),
        "data_to": day_text(grant["data_to"]),
    }
