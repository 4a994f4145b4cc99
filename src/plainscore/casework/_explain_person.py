"""One person scored and told why: the decision, the applicant's page, and the keeping of both."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import date, datetime
from pathlib import Path

from plainscore.casework._decision_bodies import Decision
from plainscore.casework._desk import SCORING, Desk
from plainscore.casework._keep_decisions import keep_decision
from plainscore.casework._page_lender import page_lender
from plainscore.casework._progress import Progress, quiet
from plainscore.casework._snapshot import Snapshot
from plainscore.casework._what_if import path_for
from plainscore.decisions import DecisionRecord
from plainscore.files import with_outputs
from plainscore.history import Case
from plainscore.scorecard import ALL_APPLICANTS
from plainscore.whatif import WishError


def nobody(_: object) -> None:
    """Tell nobody what came out."""


def explain(
    desk: Desk,
    subject_id: str,
    *,
    as_of: date | None = None,
    purpose: str = SCORING,
    baseline: str = ALL_APPLICANTS,
    page: Path | None = None,
    language: str = "en",
    progress: Progress = quiet,
    told: Callable[[Decision], None] = nobody,
) -> Decision:
    """Score one person, with reasons and the records behind each, and keep the decision.

    It is made and kept in one change of the store, at the moment of that change, so that no withdrawal and
    no correction can come in between. All that can fail comes before the keeping: where the page cannot be
    written, or who is told fails, no decision is kept and no page is left.

    Parameters
    ----------
    desk : Desk
        Where it is decided.
    subject_id : str
        The person.
    as_of, purpose
        As ``Desk.case`` takes them.
    baseline : str
        Baseline of the reasons.
    page : Path, optional
        File for the applicant's page.
    language : str
        Language of the page.
    progress : callable
        Told in words what is being done.
    told : callable
        Told the decision before it is kept.

    Raises
    ------
    UnknownPersonError, AsOfError
        As for ``Desk.case``.
    OSError
        When the page cannot be written.
    plainscore.records.RecordsError
        When the store could not keep it.
    """
    card = desk.workspace.card
    progress("Opening the ledger")
    desk.case(subject_id, as_of=as_of, purpose=purpose)  # an unknown person needs no change
    _ = desk.history
    progress("Scoring, and weighing the records")
    with ExitStack() as outputs, desk.records.change(people=[subject_id]) as change:
        moment = change.moment
        case = desk.case_of(subject_id, known_at=moment, used_at=moment, as_of=as_of, purpose=purpose)
        record = desk.consider(case, card, baseline=baseline, ask=change.ask)
        decision = keep_decision(desk, change, record, card)
        snapshot = desk.snapshot_within(change.ask)
        _put_out(desk, outputs, case, decision, page, language, told, snapshot)
    return decision


def look_back(
    desk: Desk,
    subject_id: str,
    *,
    at: datetime,
    as_of: date | None = None,
    purpose: str = SCORING,
    baseline: str = ALL_APPLICANTS,
    page: Path | None = None,
    language: str = "en",
    progress: Progress = quiet,
    told: Callable[[Decision], None] = nobody,
) -> Decision:
    """Score one person by what was known at a moment: a look, of which nothing is kept.

    Consents must be in force now: a past moment is not a way around a withdrawal.

    Parameters
    ----------
    desk : Desk
        Where it is looked at.
    subject_id : str
        The person.
    at : datetime.datetime
        The moment, with a time zone.
    as_of, purpose, baseline, page, language, progress, told
        As `explain` takes them.
    """
    card = desk.workspace.card
    progress("Opening the ledger")
    case = desk.case(subject_id, at=at, as_of=as_of, purpose=purpose)
    _ = desk.history
    progress("Scoring, and weighing the records")
    record = desk.consider(case, card, baseline=baseline)
    decision = Decision(record, None, {})
    with ExitStack() as outputs:
        _put_out(desk, outputs, case, decision, page, language, told, desk.snapshot)
    return decision


def _put_out(
    desk: Desk,
    outputs: ExitStack,
    case: Case,
    decision: Decision,
    page: Path | None,
    language: str,
    told: Callable[[Decision], None],
    snapshot: Snapshot,
) -> None:
    """Write the page, which is taken back where what comes after fails, and tell the decision."""
    if page is not None:
        text = applicant_page(desk, case, decision.record, language, snapshot)
        outputs.enter_context(with_outputs({page: text.encode()}))
    told(decision)


def applicant_page(desk: Desk, case: Case, record: DecisionRecord, language: str, snapshot: Snapshot) -> str:
    """Return the applicant's page, with what would change the score where that can be said."""
    from plainscore.pages import person_page

    path = None
    with suppress(WishError):  # records so old that no month ahead is left: the page goes without
        path = None if record["refusal"] else path_for(desk, case, snapshot=snapshot)
    card = json.loads(desk.workspace.card.to_json())
    lender = page_lender(desk.workspace, language)
    return person_page(record, card, language=language, lender=lender, path=path)
