"""The records of a reason as a decision record holds them: what was reported, by whom, by which consent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from plainscore.characteristics import Entry
from plainscore.decisions import EvidenceRecord, OpeningRecord, WeighedRecord
from plainscore.language import Words, status_words
from plainscore.ledger import AccountRow, StatementRow
from plainscore.reasons._person import Person
from plainscore.reasons._reason_words import NOT_COUNTED, evidence_words
from plainscore.reasons._record_evidence import Evidence, Weighed

_NEWEST_FIRST: Final = "new credit"
"""The family whose reasons are about what was opened last."""


def moment_text(value: datetime) -> str:
    """Return a moment as a record holds it."""
    return value.isoformat().replace("+00:00", "Z")


def day_text(value: date | None) -> str | None:
    """Return a day as a record holds it."""
    return None if value is None else value.isoformat()


def evidence_record(evidence: Evidence, entry: Entry, person: Person) -> EvidenceRecord:
    """Return the evidence of a reason; of one from dates, the accounts whose dates it reads."""
    if evidence.kind == "dates":
        openings = [_opening(account, person) for account in _by_date(evidence, entry, person)]
        return {
            "kind": evidence.kind,
            "says": evidence_words(evidence.kind, len(openings)),
            "read": evidence.read,
            "score_without_all": evidence.without_all,
            "records": openings,
        }
    weighed = [_record(one, person) for one in evidence.records]
    return {
        "kind": evidence.kind,
        "says": evidence_words(evidence.kind, len(weighed)),
        "read": evidence.read,
        "score_without_all": evidence.without_all,
        "records": weighed,
    }


def _by_date(evidence: Evidence, entry: Entry, person: Person) -> list[AccountRow]:
    """Return the accounts that are read in the order in which they bear on the reason, unknown dates last."""
    accounts = [one for one in person.rows["accounts"] if one["account_id"] in evidence.accounts]
    dated = sorted(
        (one for one in accounts if one["opened"] is not None),
        key=lambda one: one["opened"] or date.max,
        reverse=entry.family == _NEWEST_FIRST,
    )
    return dated + [one for one in accounts if one["opened"] is None]


def _opening(account: AccountRow, person: Person) -> OpeningRecord:
    return {
        "account": person.account_words(account["account_id"]),
        "account_id": account["account_id"],
        "furnisher": person.furnisher(account["account_id"]),
        "opened": day_text(account["opened"]),
    }


def _record(weighed: Weighed, person: Person) -> WeighedRecord:
    row = weighed.row
    statement = person.statement(row.account_id, row.month)
    return {
        "account": person.account_words(row.account_id),
        "account_id": row.account_id,
        "currency": person.account(row.account_id)["currency"],
        "furnisher": person.furnisher(row.account_id),
        "month": row.month.isoformat(),
        "reported": _reported(weighed, statement),
        "reported_at": None if statement is None else moment_text(statement["reported_at"]),
        "statement_id": "" if statement is None else statement["statement_id"],
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


def _reported(weighed: Weighed, statement: StatementRow | None) -> Words:
    """Return what was reported; "not reported" only where that is so, and not where it is set aside."""
    row = weighed.row
    blanked = row.arrears is None and row.event is None
    said = statement is not None and (statement["arrears"] is not None or statement["event"] is not None)
    if blanked and said:
        return dict(NOT_COUNTED)
    return status_words(row.arrears, row.event)
