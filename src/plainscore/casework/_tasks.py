"""What waits for a person, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from plainscore.appeals import LEAST_REASON
from plainscore.casework._crossed import KIND, OPEN
from plainscore.casework._desk import Desk
from plainscore.casework._errors import TaskError
from plainscore.casework._kept_decisions import KeptDecisions
from plainscore.casework._kept_rows import content_of, rows_of
from plainscore.decisions import moment_text
from plainscore.log import canonical_json
from plainscore.records import TaskRow, UnknownRowError

if TYPE_CHECKING:
    from plainscore.records import Kept, Questions

CLOSED: Final = "closed"
DID: Final = ("offered", "asked", "refused")
"""How a task of a crossed cut-off ends: an offer, a fresh application asked for free of charge, a refusal."""

LEAST_PREFIX: Final = 8


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits, or waited, for a person.

    Attributes
    ----------
    id : str
        Its id.
    decision_id : str
        The decision that was made again.
    passes : bool
        Whether the corrected score reaches the cut-off, which the score before did not; or the other way.
    due : datetime.date or None
        Day by which it is to be done; None where the pack has no term.
    did : str
        What was done; empty while it waits.
    version : int
        Counts its states.
    """

    id: str
    decision_id: str
    passes: bool
    due: date | None
    did: str
    version: int

    @property
    def says(self) -> str:
        """What it is about, in words."""
        way = "reaches" if self.passes else "no longer reaches"
        return f"By a corrected record the score {way} the cut-off"


def open_tasks(desk: Desk) -> tuple[Task, ...]:
    """Return what waits for a person, those due first before others."""
    ask = desk.ask
    return () if ask is None else tuple(_opened(ask.row("task", row.id)) for row in _waiting(ask))


def close_task(desk: Desk, task_id: str, *, did: str, reason: str, by: str) -> Task:
    """Close a task.

    Parameters
    ----------
    desk : Desk
        Where it is closed.
    task_id : str
        The task, or the first eight digits of its id or more.
    did : {"offered", "asked", "refused"}
        Credit was offered, a fresh application was asked for free of charge, or it was refused.
    reason : str
        Why, in the person's own words.
    by : str
        Who did it.

    Raises
    ------
    TaskError
        When there is no such task that waits, or it is not said what was done, why or by whom.
    """
    if did not in DID:
        msg = f"A task ends with one of {', '.join(DID)}, not {did!r}."
        raise TaskError(msg)
    if len(reason.strip()) < LEAST_REASON or not by.strip():
        msg = f"Say who closes the task, and why, in {LEAST_REASON} characters or more."
        raise TaskError(msg)
    row = _find(desk.ask, task_id)
    body = content_of(row)
    decision = KeptDecisions(desk.ask).get(body["decision_id"]).record
    person = decision["case"]["subject_id"]
    with desk.records.change(people=[person]) as change:
        body |= {
            "did": did,
            "reason": reason.strip(),
            "by": by.strip(),
            "closed_at": moment_text(change.moment),
        }
        closed = TaskRow(
            id=row.id,
            person=person,
            kind=KIND,
            state=CLOSED,
            open=False,
            body=canonical_json(body),
            due=row.columns["due"],
            decision=body["decision_id"],
        )
        change.replace(closed, was=row.version)
    return Task(row.id, body["decision_id"], body["passes"], row.columns["due"], did, row.version + 1)


def _find(ask: Questions | None, task_id: str) -> Kept:
    waiting = [] if ask is None else list(_waiting(ask))
    found = [row for row in waiting if len(task_id) >= LEAST_PREFIX and row.id.startswith(task_id.lower())]
    if len(found) != 1 or ask is None:
        msg = (
            f"No task that waits has an id that begins with {task_id[:12]!r}. `plainscore tasks` lists them."
        )
        raise TaskError(msg)
    try:
        return ask.row("task", found[0].id)
    except UnknownRowError as error:
        raise TaskError(str(error)) from error


def _waiting(ask: Questions) -> list[Kept]:
    return [row for row in rows_of(ask.open_tasks) if row.columns["state"] == OPEN]


def _opened(row: Kept) -> Task:
    body = content_of(row)
    return Task(
        row.id, body["decision_id"], body["passes"], row.columns["due"], body.get("did", ""), row.version
    )
