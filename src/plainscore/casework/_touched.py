"""Whom and what a correction touches: holders of the account, and decisions that saw the month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from plainscore.appeals import UPHELD, AppealRecord, in_order_of_settling
from plainscore.casework._decision_bodies import opened_decision
from plainscore.casework._kept_appeals import opened_appeal
from plainscore.decisions import DecisionRecord

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.records import Questions


@dataclass(frozen=True, slots=True)
class TouchedDecision:
    """A decision in force that saw a month of an account.

    Attributes
    ----------
    newest : DecisionRecord
        The decision.
    first : DecisionRecord
        The one whose stored rows it stands on: itself, where it is not a reconsideration.
    use : str
        What it is for.
    """

    newest: DecisionRecord
    first: DecisionRecord
    use: str


def holders_of(ledger: Ledger, account_id: str) -> set[str]:
    """Return everybody who holds or held an account."""
    holders = ledger.table("holders")
    return set(holders.filter(pc.field("account_id") == account_id)["subject_id"].to_pylist())


def touched_by(ask: Questions, account_id: str, month: date) -> list[TouchedDecision]:
    """Return the decisions in force that saw a month of an account, in the order in which they were kept."""
    found: list[TouchedDecision] = []
    after = None
    while True:
        rows, after = ask.touched_by_account(account_id, month=month, after=after)
        for row in rows:
            if row.saw_month:
                newest = opened_decision(ask, ask.row("decision", row.decision.id)).record
                found.append(TouchedDecision(newest, _first(ask, newest), str(row.decision.columns["use"])))
        if after is None:
            return found


def _first(ask: Questions, newest: DecisionRecord) -> DecisionRecord:
    again = newest.get("reconsiders")
    return opened_decision(ask, ask.row("decision", again["id"])).record if again else newest


def upheld_about(ask: Questions, people: Iterable[str]) -> list[AppealRecord]:
    """Return the upheld appeals of some people, in the order in which they were settled."""
    rows = [row for one in sorted(set(people)) for row in ask.appeals_by(one)]
    records = [opened_appeal(row).record for row in rows if row.columns["state"] == UPHELD]
    return in_order_of_settling(records)
