"""A run: many people decided on, each as if alone, and taken up again where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from plainscore.casework._as_of import check_ended, day_there
from plainscore.casework._decision_bodies import Decision
from plainscore.casework._desk import SCORING, Desk
from plainscore.casework._errors import RunError
from plainscore.casework._keep_decisions import keep_decision
from plainscore.casework._kept_decisions import KeptDecisions
from plainscore.casework._progress import Progress, quiet
from plainscore.casework._scores_table import PersonScore, Scores
from plainscore.decisions import moment_of
from plainscore.history import Case
from plainscore.log import canonical_json
from plainscore.records import ConflictError, RunRow, UnknownRowError
from plainscore.scorecard import ALL_APPLICANTS

if TYPE_CHECKING:
    from plainscore.records import Kept

SCHEMA: Final = "plainscore/run/1"
STARTED, DONE = "started", "done"
DECIDED_AT_ONCE: Final = 50
"""People of one change: whoever else wants to keep something waits for one change, not for the run."""


def decide_many(
    desk: Desk,
    people: Iterable[str],
    *,
    run: str,
    as_of: date | None = None,
    purpose: str = SCORING,
    baseline: str = ALL_APPLICANTS,
    progress: Progress = quiet,
) -> Scores:
    """Decide on many people under the published card, each as if alone, and keep every decision.

    A run has a name, and decides on a person once: whoever was stopped calls it again by the same name, and
    those decided on already are not decided on again. Everybody is seen up to the same month.

    Parameters
    ----------
    desk : Desk
        Where it is decided.
    people : iterable of str
        Whom; somebody named twice is decided on once. Somebody whom no table of the ledger names is marked.
    run : str
        Name of the run, such as ``nightly-2026-01-31``.
    as_of : datetime.date, optional
        Month end seen up to; that of `Desk.as_of` at the start of the run where absent.
    purpose : str
        Purpose that consent must cover.
    baseline : str
        Baseline of the reasons.
    progress : callable
        Told in words what is being done.

    Raises
    ------
    RunError
        When a run of that name is void, or becomes so meanwhile, or was begun under another card or for
        another month.
    plainscore.records.ConflictError
        When the run becomes void while people are decided on.
    AsOfError
        When the month has not ended.
    """
    asked = list(dict.fromkeys(people))
    card = desk.workspace.card
    progress("Opening the ledger")
    _ = desk.history
    known = [one for one in asked if one in desk.people]
    month = _begin(desk, run, card.id, as_of, purpose)
    rows: dict[str, PersonScore] = {}
    for at in range(0, len(known), DECIDED_AT_ONCE):
        some = known[at : at + DECIDED_AT_ONCE]
        progress(f"Deciding on people {at + 1:,} to {at + len(some):,} of {len(known):,}")
        requests = {f"{run}/{one}": one for one in some}
        with desk.records.change(people=some) as change:
            answered = change.ask.answered(list(requests))
            kept = [KeptDecisions(change.ask).get(one.id) for one in answered.values()]
            new = {request: one for request, one in requests.items() if request not in answered}
            cases = [_case(desk, one, change.moment, month, purpose) for one in new.values()]
            records = desk.consider_many(cases, card, baseline=baseline, ask=change.ask)
            kept += [
                keep_decision(desk, change, record, card, run=run, request=request)
                for request, record in zip(new, records, strict=True)
            ]
        rows |= {row.subject_id: row for row in map(_row, kept)}
    _end(desk, run)
    found = tuple(rows.get(one) or PersonScore(subject_id=one, known=False) for one in asked)
    begun = min((row.decided_at for row in rows.values() if row.decided_at), default=desk.workspace.now())
    return Scores(found, card.id, month, begun, begun, run)


def _case(desk: Desk, person: str, moment: datetime, month: date, purpose: str) -> Case:
    return desk.case_of(person, known_at=moment, used_at=moment, as_of=month, purpose=purpose)


def _row(decision: Decision) -> PersonScore:
    """Return what came of a person on whom a run decided."""
    record = decision.record
    reasons = record.get("reasons", [])
    return PersonScore(
        subject_id=record["case"]["subject_id"],
        score=decision.score,
        pd=record.get("pd"),
        refusal=decision.refusal,
        accounts=record["coverage"]["accounts"],
        months=record["coverage"]["months"],
        reasons=tuple(reason["id"] for reason in reasons),
        texts=tuple(reason["text"] for reason in reasons),
        decision_id=decision.id,
        decided_at=moment_of(record["made_at"]),
    )


def _begin(desk: Desk, run: str, card_id: str, as_of: date | None, purpose: str) -> date:
    """Keep the run where it is new, and return the month that it sees up to."""
    try:
        kept = _begun(desk, run, card_id, as_of, purpose)
    except ConflictError:  # somebody else begins it just now: it is there
        kept = _begun(desk, run, card_id, as_of, purpose)
    _refuse_void(kept)
    body = json.loads(kept.body or b"{}")
    month = date.fromisoformat(body["as_of"])
    if (body["card_id"], body["purpose"]) != (card_id, purpose) or as_of not in (None, month):
        msg = (
            f"The run {run!r} was begun under card {body['card_id'][:12]}, as of {month}, for the purpose "
            f"{body['purpose']}. Ask for the same, or begin another under another name."
        )
        raise RunError(msg)
    return month


def _begun(desk: Desk, run: str, card_id: str, as_of: date | None, purpose: str) -> Kept:
    """Return the row of a run, kept just now where there was none; raises ConflictError for a race."""
    with desk.records.change() as change:
        try:
            return change.ask.row("run", run)
        except UnknownRowError:
            month = desk.as_of(change.moment) if as_of is None else as_of
            check_ended(month, day_there(change.moment, desk.zone), desk.zone)
            body = {"schema": SCHEMA, "card_id": card_id, "as_of": month.isoformat(), "purpose": purpose}
            change.add(RunRow(id=run, state=STARTED, body=canonical_json(body)))
    return desk.records.ask.row("run", run)


def _end(desk: Desk, run: str) -> None:
    with desk.records.change() as change:
        kept = change.ask.row("run", run)
        if kept.columns["state"] == STARTED:
            try:
                change.replace(RunRow(id=run, state=DONE, body=kept.body or b""), was=kept.version)
            except ConflictError:  # somebody else ended it just now, or made it void
                kept = change.ask.row("run", run)
    _refuse_void(kept)


def _refuse_void(run: Kept) -> None:
    """Refuse a void run, also one that became void meanwhile: its decisions count nowhere."""
    if run.columns["void"]:
        msg = (
            f"The run {run.id!r} is void since {run.moment:%Y-%m-%d %H:%M} UTC: what was decided in it "
            "counts nowhere, and nothing is added to it. Begin another under another name."
        )
        raise RunError(msg)
