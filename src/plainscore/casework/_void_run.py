"""A run made void: its decisions stay and count nowhere."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Final

from plainscore.appeals import LEAST_REASON, same_person
from plainscore.casework._desk import Desk
from plainscore.casework._errors import RunError
from plainscore.casework._kept_rows import rows_of
from plainscore.decisions import moment_text
from plainscore.log import canonical_json
from plainscore.records import ConflictError, RunRow, UnknownRowError

if TYPE_CHECKING:
    from plainscore.records import Kept, Questions

VOID: Final = "void"


def void_run(desk: Desk, run: str, *, reason: str, by: str, second: str) -> int:
    """Make a run void, before any letter about it goes out: its decisions stay, and count nowhere.

    Parameters
    ----------
    desk : Desk
        Where it was made.
    run : str
        Its name.
    reason : str
        Why, in 10 characters or more.
    by, second : str
        Who says so, and somebody else who agrees.

    Returns
    -------
    int
        Decisions that count no more.

    Raises
    ------
    RunError
        When there is no such run, it is void already, a letter about one of its decisions is kept, or the
        reason or the second person is missing.
    """
    if len(reason.strip()) < LEAST_REASON:
        msg = f"Say why the run is void, in {LEAST_REASON} characters or more."
        raise RunError(msg)
    if not by.strip() or not second.strip() or same_person(by, second):
        msg = "A run is made void by two people. Name who says so, and somebody else who agrees."
        raise RunError(msg)
    with desk.records.change() as change:
        kept = _not_void(change.ask, run)
        body = json.loads(kept.body or b"{}") | {
            "reason": reason.strip(),
            "by": by.strip(),
            "second": second.strip(),
            "voided_at": moment_text(change.moment),
        }
        # First, for it locks the run: a letter that is being kept is there when letters are looked for.
        voided = RunRow(id=run, state=VOID, body=canonical_json(body), void=True)
        try:
            change.replace(voided, was=kept.version)
        except ConflictError:
            _not_void(change.ask, run)  # where somebody made it void just now, that is what to say
            raise
        decisions = list(rows_of(partial(change.ask.decisions_of_run, run)))
        written = sum(_has_letter(change.ask, one.id) for one in decisions)
        if written:
            msg = (
                f"Letters about {written:,} decisions of the run {run!r} are written. A run is made void "
                "before letters go; what was told is put right by an appeal."
            )
            raise RunError(msg)
    return len(decisions)


def _not_void(ask: Questions, run: str) -> Kept:
    """Return the row of a run; raises RunError where there is none, or it is void."""
    try:
        kept = ask.row("run", run)
    except UnknownRowError as error:
        msg = f"There is no run {run!r}."
        raise RunError(msg) from error
    if kept.columns["void"]:
        msg = f"The run {run!r} is void already, since {kept.moment:%Y-%m-%d %H:%M} UTC."
        raise RunError(msg)
    return kept


def _has_letter(ask: Questions, decision_id: str) -> bool:
    return any(one.columns["kind"] == "letter" for one in ask.sequels_of(decision_id))
