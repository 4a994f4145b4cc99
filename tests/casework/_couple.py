"""What the tests of casework share: a workspace at work, and each verb ready to be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from moving_clock import MovingClock

from plainscore.casework import (
    Appeal,
    AppealWish,
    Decision,
    Desk,
    Letter,
    LetterWish,
    OutcomeWish,
    Scores,
    close_task,
    decide_many,
    end_terms,
    explain,
    notice,
    open_appeal,
    open_tasks,
    record_outcome,
    settle_appeal,
    void_run,
)
from plainscore.history import cases_table
from plainscore.records import Store
from plainscore.scoring import score_cases
from plainscore.workspace import Workspace

PARTNER = "the partner"
REASON = "The bank's own ledger shows the payment."
FACTS = {"applicant_name": "A", "applicant_address": "B", "credit_requested": "C"}


def at_work(root: Path, clock: MovingClock, cast: Any) -> Desk:
    """Return a workspace at work, with the lender enrolled and the keys of both people made."""
    desk = Workspace.open(root, clock=clock).desk
    with desk.records.change():
        pass
    people = [desk.records.ask.pseudonym(one) for one in (cast.late, PARTNER)]
    for purpose in ("use", "proof"):
        store_of(desk).keys.ensure(people, purpose, moment=0)  # type: ignore[arg-type]
    return desk


def store_of(desk: Desk) -> Store:
    """Return the store of a workspace."""
    assert isinstance(desk.workspace, Workspace)
    return desk.workspace.store


def clock_of(desk: Desk) -> MovingClock:
    """Return the clock of a workspace that is tested."""
    assert isinstance(desk.workspace, Workspace)
    assert isinstance(desk.workspace.clock, MovingClock)
    return desk.workspace.clock


def again(desk: Desk) -> Desk:
    """Open the workspace anew."""
    return Workspace.open(desk.workspace.root, clock=clock_of(desk)).desk


def decide(desk: Desk, cast: Any, person: str = "", **how: Any) -> Decision:
    """Score somebody, the person with the late record where nobody is named, and keep the decision."""
    return explain(desk, person or cast.late, as_of=cast.as_of, **how)


def appeal_of(desk: Desk, cast: Any, decision: Decision, **changes: Any) -> Appeal:
    """Open an appeal against the late record of a decision."""
    asked: dict[str, Any] = {
        "account": cast.account, "month": cast.month, "says": "I paid this on time.", "by": "Ana",
        "paid_as_due": True,
    } | changes  # fmt: skip
    return open_appeal(desk, decision.id, AppealWish(**asked))


def settle(desk: Desk, appeal: Appeal, *, uphold: bool = True, by: str = "Ben") -> Appeal:
    """Decide an appeal."""
    return settle_appeal(desk, appeal.id, uphold=uphold, reason=REASON, by=by)


def refuse(desk: Desk, decision: Decision) -> Any:
    """Record that the cut-off refuses an application."""
    return record_outcome(desk, decision.id, OutcomeWish())


def write(desk: Desk, decision: Decision, **how: Any) -> Letter:
    """Write the letter of refusal about a decision."""
    return notice(desk, decision.id, LetterWish(facts=FACTS), **how)


def run_of_both(desk: Desk, cast: Any, *, run: str = "night") -> Scores:
    """Decide on both people in a run."""
    return decide_many(desk, [cast.late, PARTNER], run=run, as_of=cast.as_of)


def void(desk: Desk, *, by: str = "Ana", second: str = "Ben") -> int:
    """Make the run void."""
    return void_run(desk, "night", reason="Made under the wrong rates.", by=by, second=second)


def score_now(desk: Desk, cast: Any, person: str = "") -> int:
    """Return the score that somebody would get now."""
    case = desk.case(person or cast.late, as_of=cast.as_of)
    return int(score_cases(desk.history, desk.workspace.card, cases_table([case]), desk.entries).scores[0])


# Each verb, with what must come before it.

Ready = Callable[[Desk], Any]
"""Does a verb at a desk: what comes before it is done."""


def ready_to_explain(desk: Desk, cast: Any) -> Ready:
    """Return the verb that decides, with a page."""
    return lambda at: decide(at, cast, page=at.workspace.root / "page.html")


def ready_to_record(desk: Desk, cast: Any) -> Ready:
    """Return the verb that records an outcome."""
    decision = decide(desk, cast)
    return lambda at: refuse(at, decision)


def ready_to_write(desk: Desk, cast: Any) -> Ready:
    """Return the verb that writes a letter, with a page."""
    decision = decide(desk, cast)
    refuse(desk, decision)
    store_of(desk).log.checkpoint()  # the log's tree is grown, which a letter asks for before its change
    return lambda at: write(at, decision, html=at.workspace.root / "page.html")


def ready_to_appeal(desk: Desk, cast: Any) -> Ready:
    """Return the verb that opens an appeal."""
    decision = decide(desk, cast)
    return lambda at: appeal_of(at, cast, decision)


def ready_to_settle(desk: Desk, cast: Any, *, uphold: bool = True) -> Ready:
    """Return the verb that settles an appeal which touches a decision of each of the two."""
    appeal = appeal_of(desk, cast, decide(desk, cast))
    decide(desk, cast, PARTNER)
    return lambda at: settle(at, appeal, uphold=uphold)


def ready_to_reject(desk: Desk, cast: Any) -> Ready:
    """Return the verb that rejects an appeal."""
    return ready_to_settle(desk, cast, uphold=False)


def ready_to_void(desk: Desk, cast: Any) -> Ready:
    """Return the verb that makes a run void."""
    run_of_both(desk, cast)
    return void


def ready_to_decide_many(_desk: Desk, cast: Any) -> Ready:
    """Return the verb that decides on both people in a run."""
    return lambda at: run_of_both(at, cast)


def ready_to_end_terms(desk: Desk, cast: Any) -> Ready:
    """Return the verb that ends the term of both, one of whom has a letter and a settled appeal."""
    decision = decide(desk, cast)
    decide(desk, cast, PARTNER)
    refuse(desk, decision)
    write(desk, decision)
    settle(desk, appeal_of(desk, cast, decision), uphold=False)
    clock = clock_of(desk)
    clock.go_to(clock.start + timedelta(days=900))
    return end_terms


def ready_to_close(desk: Desk, cast: Any) -> Ready:
    """Return the verb that closes a task."""
    settle(desk, appeal_of(desk, cast, decide(desk, cast)))
    (task,) = open_tasks(desk)
    return lambda at: close_task(at, task.id, did="offered", reason="The score passes now.", by="Cem")


VERBS: dict[str, Callable[[Desk, Any], Ready]] = {
    "explain": ready_to_explain,
    "outcome": ready_to_record,
    "letter": ready_to_write,
    "open an appeal": ready_to_appeal,
    "uphold an appeal": ready_to_settle,
    "reject an appeal": ready_to_reject,
    "close a task": ready_to_close,
    "void a run": ready_to_void,
}
"""Verbs of one change."""

LONG_VERBS: dict[str, Callable[[Desk, Any], Ready]] = {
    "decide many": ready_to_decide_many,
    "end terms": ready_to_end_terms,
}
"""Verbs of several changes, each of them whole: whoever was stopped between two does the verb again."""
