"""The task that waits for a person where a corrected record moves a score across the cut-off."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Final

from plainscore.appeals import AppealRecord
from plainscore.casework._desk import Desk
from plainscore.decisions import DecisionRecord
from plainscore.log import canonical_json
from plainscore.records import TaskRow

KIND: Final = "crossed_cut_off"
SCHEMA: Final = "plainscore/task/1"
OPEN: Final = "open"


def crossing_task(
    desk: Desk, appeal: AppealRecord, old: DecisionRecord, new: DecisionRecord
) -> tuple[TaskRow, ...]:
    """Return the task of a decision that was made again, where one is due; else none.

    Whoever takes it offers, asks for a fresh application free of charge, or refuses with reasons, by the day
    on which the appeal must be answered.
    """
    cut_off = desk.workspace.terms.cut_off
    if cut_off is None or new["card_id"] != desk.workspace.card.id:
        return ()
    if _passes(old, cut_off) == _passes(new, cut_off):
        return ()
    due = appeal["answer_by"]
    body = {
        "schema": SCHEMA,
        "appeal_id": appeal["id"],
        "before": old["id"],
        "decision_id": new["id"],
        "cut_off": cut_off,
        "passes": _passes(new, cut_off),
    }
    return (
        TaskRow(
            id=sha256(f"{KIND}/{new['id']}".encode()).hexdigest(),
            person=new["case"]["subject_id"],
            kind=KIND,
            state=OPEN,
            open=True,
            body=canonical_json(body),
            due=None if due is None else date.fromisoformat(due),
            decision=new["id"],
        ),
    )


def _passes(record: DecisionRecord, cut_off: int) -> bool:
    return record["refusal"] is None and record["score"] >= cut_off
