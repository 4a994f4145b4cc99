"""What appeals put in force: a dispute while they are open, and an order in which corrections count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from plainscore.appeals._appeal import OPEN
from plainscore.appeals._appeal_types import AppealRecord, WantedRecord
from plainscore.decisions import moment_of
from plainscore.ledger import DisputeRow

SOURCE: Final = "appeal"
"""Where a dispute that an appeal opened says it was raised."""

_ITEMS: Final = ("arrears", "event", "past_due")


def in_order_of_settling(appeals: Iterable[AppealRecord]) -> list[AppealRecord]:
    """Return settled appeals in the order in which they were settled."""
    return sorted(appeals, key=lambda appeal: (settled_at(appeal), appeal["id"]))


def settled_at(appeal: AppealRecord) -> datetime:
    """Return the moment at which an appeal was settled."""
    review = appeal["review"]
    assert review is not None, "an open appeal is not settled"
    return moment_of(review["decided_at"])


def dispute_of(appeal: AppealRecord, subject_id: str) -> DisputeRow:
    """Return the dispute that an appeal is, as a row of the ledger.

    It is open from the moment of the appeal until that of its review, for the contested month alone.

    Parameters
    ----------
    appeal : AppealRecord
        The appeal, open or settled.
    subject_id : str
        Who appeals; an appeal of the first edition leaves that to its decision.
    """
    month = date.fromisoformat(appeal["month"])
    closed = appeal["status"] != OPEN
    return {
        "dispute_id": f"{SOURCE}-{appeal['id']}",
        "account_id": appeal["account_id"],
        "subject_id": subject_id,
        "item": contested_item(appeal["wanted"]),
        "month_from": month,
        "month_to": month,
        "code": None,
        "source": SOURCE,
        "opened_at": moment_of(appeal["made_at"]),
        "closed_at": settled_at(appeal) if closed else None,
        "outcome": appeal["status"] if closed else None,
    }


def contested_item(wanted: WantedRecord | None) -> str:
    """Return what of a month is contested, as a dispute names it: one adverse field, or all of it.

    Examples
    --------
    >>> contested_item({"arrears": 0}), contested_item({"arrears": 0, "paid": 100}), contested_item(None)
    ('arrears', 'all', 'all')
    """
    fields = list(wanted or ())
    return fields[0] if len(fields) == 1 and fields[0] in _ITEMS else "all"
