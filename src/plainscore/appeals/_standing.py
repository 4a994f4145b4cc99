"""What appeals put in force: corrections, renewed decisions, and records set aside while they are contested.

An appeal's own file is the one commit point. A correction or a renewed decision counts only where an upheld
appeal names it; whatever else lies in the folders was left by an attempt that did not come to its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import pyarrow as pa

from plainscore.appeals._appeal import OPEN, UPHELD
from plainscore.appeals._appeal_types import AppealRecord, WantedRecord
from plainscore.appeals._correction import CorrectedLedger, FileCorrections
from plainscore.decisions import moment_of
from plainscore.ledger import DISPUTES, STATEMENTS, DisputeRow, Ledger

SOURCE: Final = "appeal"
"""Where a dispute that an appeal opened says it was raised."""

_ITEMS: Final = ("arrears", "event", "past_due")


def upheld(appeals: Iterable[AppealRecord]) -> list[AppealRecord]:
    """Return the appeals that were upheld, in the order in which they were settled."""
    found = [appeal for appeal in appeals if appeal["status"] == UPHELD]
    return sorted(found, key=lambda appeal: (settled_at(appeal), appeal["id"]))


def settled_at(appeal: AppealRecord) -> datetime:
    """Return the moment at which an appeal was settled."""
    review = appeal["review"]
    assert review is not None, "an open appeal is not settled"
    return moment_of(review["decided_at"])


def renewed_by(appeals: Iterable[AppealRecord]) -> frozenset[str]:
    """Return the ids of the decisions that upheld appeals put in the place of others."""
    return frozenset(renewed["after"] for appeal in upheld(appeals) for renewed in appeal["rescored"])


def appealed_ledger(
    base: Ledger, appeals: Sequence[AppealRecord], corrections: FileCorrections, appellants: Mapping[str, str]
) -> Ledger:
    """Return the ledger that new scores read: `base` itself where there is no appeal.

    Parameters
    ----------
    base : Ledger
        The ledger as it was read in, which training goes on reading.
    appeals : sequence of AppealRecord
        Every appeal, open or settled.
    corrections : FileCorrections
        Where the corrections are that upheld appeals name.
    appellants : mapping of str to str
        Who appeals, by the id of the appeal.

    Raises
    ------
    CorrectionError
        When the correction of an upheld appeal is missing: to score without it would undo the appeal.
    """
    if not appeals:
        return base
    versions = [corrections.get(appeal["correction"]) for appeal in upheld(appeals)]
    return CorrectedLedger(
        base,
        pa.concat_tables([STATEMENTS.schema.empty_table(), *versions]),
        contested(appeals, appellants),
    )


def contested(appeals: Iterable[AppealRecord], appellants: Mapping[str, str]) -> pa.Table:
    """Return the disputes that appeals are, a row each, in the ledger's ``disputes`` schema.

    A dispute is open from the moment of its appeal until that of its review, for the contested month alone.
    """
    rows = [_dispute(appeal, appellants[appeal["id"]]) for appeal in appeals]
    return pa.Table.from_pylist(rows, schema=DISPUTES.schema)


def _dispute(appeal: AppealRecord, subject_id: str) -> DisputeRow:
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
