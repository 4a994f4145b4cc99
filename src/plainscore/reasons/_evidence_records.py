"""The records of a reason as a decision record holds them: what was reported, by whom, by which consent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from plainscore.characteristics import Entry
from plainscore.language import Words, status_words
from plainscore.reasons._person import Person
from plainscore.reasons._reason_words import NOT_COUNTED
from plainscore.reasons._record_evidence import Evidence, Weighed

Json = dict[str, Any]

_NEWEST_FIRST: Final = "new credit"
"""The family whose reasons are about what was opened last."""


def moment_text(value: datetime) -> str:
    """Return a moment as a record holds it."""
    return value.isoformat().replace("+00:00", "Z")


def day_text(value: date | None) -> str | None:
    """Return a day as a record holds it."""
    return None if value is None else value.isoformat()


def records_of(evidence: Evidence, entry: Entry, person: Person) -> list[Json]:
    """Return the records of a reason; of one from dates, the accounts whose dates it reads."""
    if evidence.kind == "dates":
        return [_opening(account, person) for account in _by_date(evidence, entry, person)]
    return [_record(weighed, person) for weighed in evidence.records]


def _by_date(evidence: Evidence, entry: Entry, person: Person) -> list[Json]:
    """Return the accounts that are read in the order in which they bear on the reason, unknown dates last."""
    accounts = [
        one for one in person.tables["accounts"].to_pylist() if one["account_id"] in evidence.accounts
    ]
    dated = sorted(
        (one for one in accounts if one["opened"] is not None),
        key=lambda one: one["opened"],
        reverse=entry.family == _NEWEST_FIRST,
    )
    return dated + [one for one in accounts if one["opened"] is None]


def _opening(account: Json, person: Person) -> Json:
    return {
        "account": person.account_words(account["account_id"]),
        "account_id": account["account_id"],
        "furnisher": person.furnisher(account["account_id"]),
        "opened": day_text(account["opened"]),
    }


def _record(weighed: Weighed, person: Person) -> Json:
    row = weighed.row
    statement = person.statement(row.account_id, row.month) or {}
    reported_at = statement.get("reported_at")
    return {
        "account": person.account_words(row.account_id),
        "account_id": row.account_id,
        "currency": person.account(row.account_id)["currency"],
        "furnisher": person.furnisher(row.account_id),
        "month": row.month.isoformat(),
        "reported": _reported(weighed, statement),
        "reported_at": None if reported_at is None else moment_text(reported_at),
        "statement_id": statement.get("statement_id", ""),
        "consent_id": person.consent_for(row.account_id, row.month),
        "due": row.due,
        "paid": row.paid,
        "balance": row.balance,
        "credit_limit": row.credit_limit,
        "past_due": row.past_due,
        "score_without": weighed.without,
        "score_in_order": weighed.in_order,
        "in_order_elsewhere": weighed.elsewhere,
    }


def _reported(weighed: Weighed, statement: Json) -> Words:
    """Return what was reported; "not reported" only where that is so, and not where it is set aside."""
    row = weighed.row
    blanked = row.arrears is None and row.event is None
    if blanked and (statement.get("arrears") is not None or statement.get("event") is not None):
        return dict(NOT_COUNTED)
    return status_words(row.arrears, row.event)
