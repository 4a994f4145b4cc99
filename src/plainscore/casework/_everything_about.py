"""Everything that is kept about a person, for that person; and a month by columns that name nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from plainscore.casework._decision_bodies import opened_decision
from plainscore.casework._desk import Desk
from plainscore.casework._errors import UnknownPersonError
from plainscore.casework._kept_decisions import KeptDecisions
from plainscore.casework._kept_rows import content_of, rows_of
from plainscore.casework._letters_kept import KIND as LETTER
from plainscore.casework._letters_kept import opened_letter
from plainscore.casework._record_outcome import KIND as OUTCOME
from plainscore.decisions import moment_text
from plainscore.records import ErasedError

if TYPE_CHECKING:
    from plainscore.records import Kept, Questions

SCHEMA: Final = "plainscore/person/1"
ENDED: Final = "the term of keeping has passed, and nobody can read it"

COLUMNS: Final = (
    "decision",
    "kept_at",
    "person",
    "use",
    "as_of",
    "card",
    "score",
    "refusal",
    "reasons",
    "attributes",
    "chain",
    "run",
)
"""Columns of a month: `person` is a keyed pseudonym, `attributes` a byte a characteristic, hexadecimal."""


@dataclass(frozen=True, slots=True)
class PersonExport:
    """Everything that is kept about a person.

    Attributes
    ----------
    content : mapping
        Plain JSON types.
    decisions, outcomes, letters, appeals, overlay, tasks : int
        How many of each; decisions also those that have reached their term.
    """

    content: Mapping[str, Any]
    decisions: int
    outcomes: int
    letters: int
    appeals: int
    overlay: int
    tasks: int


def everything_about(desk: Desk, person: str) -> PersonExport:
    """Return everything that is kept about a person, as it is kept, by questions about that person alone.

    Parameters
    ----------
    desk : Desk
        Where it is kept.
    person : str
        The person, by the lender's own id.

    Raises
    ------
    UnknownPersonError
        When nothing was ever kept about the person: an answer without a record would hide a mistyped id.
    """
    ask = desk.ask
    told = [] if ask is None else [_decision(ask, row) for row in rows_of(partial(ask.decisions_of, person))]
    appeals = [] if ask is None else [content_of(row) for row in ask.appeals_by(person)]
    overlay = [] if ask is None else [_laid(row) for row in ask.overlay_of(person)]
    tasks = [] if ask is None else [_task(row) for row in ask.tasks_by(person)]
    if not (told or appeals or overlay or tasks):
        msg = "Nothing is kept about this person: no decision, appeal, correction or task. Check the id."
        raise UnknownPersonError(msg)
    content = {
        "schema": SCHEMA,
        "person": person,
        "lender": desk.workspace.terms.recipient_id,
        "made_at": moment_text(desk.workspace.now()),
        "decisions": told,
        "appeals": appeals,
        "corrections_and_disputes": overlay,
        "tasks": tasks,
    }
    return PersonExport(
        content,
        decisions=len(told),
        outcomes=sum(len(one["outcomes"]) for one in told),
        letters=sum(len(one["letters"]) for one in told),
        appeals=len(appeals),
        overlay=len(overlay),
        tasks=len(tasks),
    )


def month_rows(desk: Desk, month: date, *, use: str = "lending") -> Iterator[dict[str, object]]:
    """Yield the index columns of the decisions kept in a month, without void runs and without the erased.

    Nothing that is sealed is opened, and nobody is named: a person is a pseudonym under the lender's key.

    Parameters
    ----------
    desk : Desk
        Where they are kept.
    month : datetime.date
        Any day of it, in UTC.
    use : str
        What the decisions were for.
    """
    ask = desk.ask
    for row in () if ask is None else rows_of(partial(ask.decisions_in, month, use=use)):
        if row.erased is None:
            columns = row.columns
            yield {
                **{name: columns[name] for name in COLUMNS if name in columns},
                "decision": row.id,
                "kept_at": moment_text(row.moment),
                "reasons": " ".join(columns["reasons"]),
                "attributes": columns["attributes"].hex(),
            }


def _decision(ask: Questions, row: Kept) -> dict[str, Any]:
    about: dict[str, Any] = {
        "id": row.id,
        "kept_at": moment_text(row.moment),
        "use": row.columns["use"],
        "in_force": row.erased is None and KeptDecisions(ask).is_newest(row.id),
        "record": None,
        "outcomes": [],
        "letters": [],
        "others": [],
    }
    if row.erased is not None:
        about["emptied_at"] = moment_text(row.erased)
    try:
        about["record"] = json.loads(opened_decision(ask, ask.row("decision", row.id)).data)
        sequels = ask.sequels_of(row.id)
    except ErasedError:
        return about | {"ended": ENDED}
    for one in sequels:
        if one.columns["kind"] == LETTER:
            letter = opened_letter(one)
            about["letters"].append({"id": letter.id, "record": letter.record, "page": letter.page})
        else:
            about["outcomes" if one.columns["kind"] == OUTCOME else "others"].append(content_of(one))
    return about


def _laid(row: Kept) -> dict[str, Any]:
    return {"kind": row.columns["kind"], "kept_at": moment_text(row.moment), "row": content_of(row)["row"]}


def _task(row: Kept) -> dict[str, Any]:
    due = row.columns["due"]
    return {
        "id": row.id,
        "kind": row.columns["kind"],
        "state": row.columns["state"],
        "open": row.columns["open"],
        "due": None if due is None else due.isoformat(),
        **content_of(row),
    }
