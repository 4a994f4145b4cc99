"""Of two who do the same at once one wins, the other is told in a sentence, and nothing is there twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from databases import BOTH
from moving_clock import STILL
from write_faults import state_of

from plainscore.appeals import ReviewError
from plainscore.casework import (
    CaseworkError,
    Desk,
    OutcomeError,
    RunError,
    TaskError,
    _decide_many,
    _settle_appeal,
    open_tasks,
)
from plainscore.records import ConflictError, KeyStillThereError

from ._at_once import assert_says, at_once, check_nothing_is_double, meanwhile
from ._couple import (
    LONG_VERBS,
    PARTNER,
    VERBS,
    Ready,
    again,
    appeal_of,
    clock_of,
    decide,
    ready_to_settle,
    refuse,
    run_of_both,
    score_now,
    settle,
    store_of,
    write,
)

TOLD: dict[str, tuple[type[Exception], str]] = {
    "explain": (ConflictError, "Decision .* was kept at"),
    "outcome": (OutcomeError, "is refused since 2026-01-31, and that stands"),
    "open an appeal": (ConflictError, "Appeal .* was kept at .* and is 'open'"),
    "uphold an appeal": (ReviewError, "was upheld already by 'Ben'"),
    "reject an appeal": (ReviewError, "was rejected already by 'Ben'"),
    "close a task": (ConflictError, "Task .* is 'closed' since .* somebody else was first"),
    "void a run": (RunError, "The run 'night' is void already, since 2026-01-31"),
}
"""What the second of two is told at one moment."""


SOONER = ("explain", "open an appeal", "uphold an appeal")
"""One of each kind of keeping; what shares its way with one of these waits for the slow run."""


def stopped(desk: Desk, cast: Any, verbs: dict[str, Callable[[Desk, Any], Ready]], name: str) -> Ready:
    """Return a verb that is ready, with the clock of the desk stopped."""
    act = verbs[name](desk, cast)
    clock = clock_of(desk)
    clock.go_to(desk.workspace.now())
    clock.each = STILL
    return act


def after_one_alone(
    new_work: Callable[[], Desk], cast: Any, verbs: dict[str, Callable[[Desk, Any], Ready]], name: str
) -> list[Any]:
    """Return all that stands in a store after one desk alone has done a verb; keys and clock are fixed."""
    desk = new_work()
    stopped(desk, cast, verbs, name)(desk)
    return state_of(store_of(desk))


@BOTH
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name not in SOONER)) for name in VERBS]
)
def test_one_wins_and_the_other_is_told(new_work: Callable[[], Desk], cast: Any, name: str) -> None:
    """FB2: of two desks at once one has done it and the other is told by whom; all is as after one alone."""
    alone = after_one_alone(new_work, cast, VERBS, name)
    work = new_work()
    act = stopped(work, cast, VERBS, name)
    one, other = work, again(work)
    _ = one.history, other.history
    results, told = at_once(lambda: act(one), lambda: act(other))
    if name == "letter":  # the very same letter is kept once, and both have it
        assert told == []
        assert results[0] == results[1]
    else:
        assert (len(results), len(told)) == (1, 1), told
        kind, sentence = TOLD[name]
        assert type(told[0]) is kind, told
        assert_says(told[0], sentence)
        assert cast.late not in str(told[0])
    assert state_of(store_of(work)) == alone
    assert store_of(work).verify().findings == []
    check_nothing_is_double(work)


@BOTH
@pytest.mark.parametrize("name", LONG_VERBS)
def test_two_who_do_the_same_in_several_changes_do_it_once(
    new_work: Callable[[], Desk], cast: Any, name: str
) -> None:
    """Who comes second to a run, or to the ends of terms, has what the first has, and adds nothing."""
    alone = after_one_alone(new_work, cast, LONG_VERBS, name)
    work = new_work()
    act = stopped(work, cast, LONG_VERBS, name)
    one, other = work, again(work)
    _ = one.history, other.history
    results, told = at_once(lambda: act(one), lambda: act(other))
    if told:  # the keys that the first has still to destroy hold the second up
        assert name == "end terms"
        assert type(told[0]) is KeyStillThereError
    else:
        assert results[0] == results[1]
    assert state_of(store_of(work)) == alone
    assert store_of(work).verify().findings == []
    check_nothing_is_double(work)


@BOTH
def test_uphold_and_reject_at_once(work: Desk, cast: Any) -> None:
    """FB2: of two reviewers who decide otherwise, one decides, and the score follows that one."""
    appeal = appeal_of(work, cast, decide(work, cast))
    other = again(work)
    results, told = at_once(lambda: settle(work, appeal), lambda: settle(other, appeal, uphold=False))
    (settled,) = results
    assert_says(told[0], f"was {settled.status} already by 'Ben'")
    upheld = settled.status == "upheld"
    assert score_now(work, cast) == score_now(other, cast) == (cast.in_order if upheld else cast.score)
    assert len(list(work.decisions.all())) == 1 + upheld


@BOTH
def test_two_appeals_about_one_decision_at_once(work: Desk, cast: Any) -> None:
    """Two who uphold appeals about one decision both do, each in turn, and none undoes the other."""
    decision = decide(work, cast)
    rows = [row for row in decision.record["inputs"]["statements"] if row["account_id"] == cast.account]
    other_month = next(date.fromisoformat(r["month"]) for r in rows if r["month"] != cast.month.isoformat())
    first = appeal_of(work, cast, decision)
    second = appeal_of(work, cast, decision, month=other_month)
    other = again(work)
    results, told = at_once(lambda: settle(work, first), lambda: settle(other, second))
    assert told == []
    assert len(results) == 2
    check_nothing_is_double(work)
    newest = work.decisions.in_force(decision.id).record
    numbers = {row["statement_id"] for row in newest["inputs"]["statements"]}
    assert {one.record["correction"] for one in results} <= numbers, "the last has both corrections"


@BOTH
def test_an_outcome_and_an_upheld_appeal_at_once(work: Desk, cast: Any) -> None:
    """An outcome is of the decision in force: recorded before a correction, or refused after it."""
    ready = ready_to_settle(work, cast)
    decision = next(iter(work.decisions.all()))
    other = again(work)
    results, told = at_once(lambda: ready(work), lambda: refuse(other, decision))
    assert len(results) + len(told) == 2
    if told:
        assert_says(told[0], f"Decision {decision.id[:12]} was replaced since")
    sequels = work.records.ask.sequels_of(decision.id)
    settled_at = work.records.ask.row("appeal", next(iter(work.appeals.all())).id).moment
    assert all(one.moment <= settled_at for one in sequels)


@BOTH
def test_a_letter_of_an_outcome_that_changed_is_not_kept(work: Desk, cast: Any) -> None:
    """Where the outcome changed while a letter was written, the letter is not kept."""
    decision = decide(work, cast)
    refuse(work, decision)

    def corrected(_: object) -> None:
        settle(again(work), appeal_of(again(work), cast, decision))

    with pytest.raises(ValueError, match=f"Decision {decision.id[:12]} was replaced by"):
        write(work, decision, told=corrected)
    assert [one.columns["kind"] for one in work.records.ask.sequels_of(decision.id)] == ["outcome"]


@BOTH
def test_somebody_who_comes_in_between_is_locked_too(
    work: Desk, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a decision about somebody else came to see the month meanwhile, it is made again as well."""
    appeal = appeal_of(work, cast, decide(work, cast))
    decide(work, cast, PARTNER)
    whom, asked = _settle_appeal._people, [0]

    def fewer(*args: Any) -> set[str]:
        asked[0] += 1
        return whom(*args) - {PARTNER} if asked[0] == 1 else whom(*args)

    monkeypatch.setattr(_settle_appeal, "_people", fewer)
    assert len(settle(work, appeal).renewed) == 2
    assert asked[0] == 4, "asked again, and found to be whole"

    def always_more(*args: Any) -> set[str]:
        asked[0] += 1
        return whom(*args) - ({PARTNER} if asked[0] % 2 else set())

    second = appeal_of(work, cast, work.decisions.get(settle_first(work)))
    monkeypatch.setattr(_settle_appeal, "_people", always_more)
    asked[0] = 0
    with pytest.raises(CaseworkError, match="Try again in a moment"):
        settle(work, second)
    assert work.appeals.get(second.id).status == "open"


def settle_first(desk: Desk) -> str:
    """Return the newest decision of the first chain."""
    return desk.decisions.in_force(next(iter(desk.decisions.all())).id).id


@BOTH
def test_a_task_that_is_closed_is_named(work: Desk, cast: Any) -> None:
    """Who comes after a task was closed is told that none waits under this id."""
    act = VERBS["close a task"](work, cast)
    act(work)
    assert open_tasks(work) == ()
    with pytest.raises(TaskError, match="No task that waits has an id that begins with"):
        act(again(work))


@BOTH
def test_decisions_about_one_person_come_one_after_another(work: Desk, cast: Any) -> None:
    """Two who decide about a person at once both do, at moments of their own."""
    other = again(work)
    results, told = at_once(lambda: decide(work, cast), lambda: decide(other, cast))
    assert told == []
    assert len({one.kept_at for one in results}) == len({one.id for one in results}) == 2


@BOTH
@pytest.mark.parametrize("where", ["check_ended", "RunRow"])
def test_a_run_that_another_begins_or_ends_meanwhile_is_taken_up(
    work: Desk, cast: Any, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another does a run between the look at it and its keeping, both have it, and it is there once."""
    other = again(work)
    _ = other.history
    used, beside = getattr(_decide_many, where), []

    def first_another(*words: Any, **how: Any) -> Any:
        if not beside and how.get("state") != "started":
            beside.append(None)
            beside[0] = meanwhile(lambda: results.append(run_of_both(other, cast)))
        return used(*words, **how)

    results: list[Any] = []
    monkeypatch.setattr(_decide_many, where, first_another)
    results.append(run_of_both(work, cast))
    ((thread, told),) = beside
    thread.join()
    assert told == []
    assert results[0] == results[1]
    assert len(list(work.decisions.rows())) == 2
    assert work.records.ask.row("run", "night").version == 2, "begun, and done"
    assert store_of(work).verify().findings == []


@BOTH
def test_a_decision_and_the_end_of_a_term_at_once(work: Desk, cast: Any) -> None:
    """A decision made while terms end is kept whole, and can be read: its own term has just begun."""
    act = LONG_VERBS["end terms"](work, cast)
    other = again(work)
    results, told = at_once(lambda: act(work), lambda: decide(other, cast))
    assert all(type(one) is KeyStillThereError for one in told), told
    store_of(work).end_keys()
    made = [one.id for one in results if hasattr(one, "record")] or [decide(work, cast).id]
    assert work.decisions.get(made[0]).id == made[0]
    assert store_of(work).verify().findings == []
