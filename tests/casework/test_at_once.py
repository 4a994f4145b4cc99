"""Of two who do the same at once one wins, the other is told in a sentence, and nothing is there twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from moving_clock import STILL

from plainscore.appeals import ReviewError
from plainscore.casework import CaseworkError, Desk, OutcomeError, TaskError, _settle_appeal, open_tasks
from plainscore.records import ConflictError, LenderStore
from plainscore.workspace import Workspace

from ._couple import (
    PARTNER,
    VERBS,
    again,
    appeal_of,
    clock_of,
    decide,
    ready_to_settle,
    refuse,
    score_now,
    settle,
    store_of,
    write,
)


@contextmanager
def met(parties: int) -> Iterator[None]:
    """Let each of some threads look at the store as it is, and none change it before all have looked."""
    barrier, change = threading.Barrier(parties), LenderStore.change
    arrived: set[int] = set()

    def waiting(self: LenderStore, **how: Any) -> Any:
        if threading.get_ident() not in arrived:
            arrived.add(threading.get_ident())
            barrier.wait(timeout=60)
        return change(self, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LenderStore, "change", waiting)
        yield


def at_once(*acts: Callable[[], Any]) -> tuple[list[Any], list[Exception]]:
    """Do things at once; return what those who won have, and what the others were told."""
    results: list[Any] = []
    told: list[Exception] = []

    def work(act: Callable[[], Any]) -> None:
        try:
            results.append(act())
        except Exception as error:
            told.append(error)

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    with met(len(acts)):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return results, told


TOLD: dict[str, tuple[type[Exception], str]] = {
    "explain": (ConflictError, "Decision .* was kept at"),
    "outcome": (OutcomeError, "is refused since 2026-01-31, and that stands"),
    "open an appeal": (ConflictError, "Appeal .* was kept at .* and is 'open'"),
    "uphold an appeal": (ReviewError, "was upheld already by 'Ben'"),
    "reject an appeal": (ReviewError, "was rejected already by 'Ben'"),
    "close a task": (ConflictError, "Task .* is 'closed' since .* somebody else was first"),
}
"""What the second of two is told at one moment."""


SOONER = ("explain", "open an appeal", "uphold an appeal")
"""One of each kind of keeping; what shares its way with one of these waits for the slow run."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name not in SOONER)) for name in TOLD]
)
def test_one_wins_and_the_other_is_told(work: Desk, cast: Any, name: str) -> None:
    """FB2: of two desks at once one has done it, and the other is told that it is done, and by whom."""
    act = VERBS[name](work, cast)
    clock = clock_of(work)
    clock.go_to(work.workspace.now())
    clock.each = STILL
    one, other = work, again(work)
    _ = one.history, other.history
    results, told = at_once(lambda: act(one), lambda: act(other))
    assert (len(results), len(told)) == (1, 1), told
    kind, sentence = TOLD[name]
    assert type(told[0]) is kind, told
    assert_says(told[0], sentence)
    assert cast.late not in str(told[0])
    assert store_of(work).verify().findings == []
    check_nothing_is_double(work)


def assert_says(error: Exception, sentence: str) -> None:
    """Check what an error says."""
    with pytest.raises(type(error), match=sentence):
        raise error


def check_nothing_is_double(desk: Desk) -> None:
    """Check that no decision was followed twice, and that what is laid over the ledger is there once."""
    records = [one.record for one in desk.decisions.all()]
    replaced = [one["replaces"] for one in records if one["replaces"]]
    assert len(set(replaced)) == len(replaced)
    numbers = desk.ledger.table("statements")["statement_id"].to_pylist()
    assert len(set(numbers)) == len(numbers)


def test_the_same_letter_is_kept_once(work: Desk, cast: Any) -> None:
    """Two who write the very same letter at once have one letter."""
    decision = decide(work, cast)
    refuse(work, decision)
    other = again(work)
    results, told = at_once(lambda: write(work, decision), lambda: write(other, decision))
    assert told == []
    assert results[0] == results[1]
    assert len(work.records.ask.sequels_of(decision.id)) == 2, "the outcome and one letter"


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


def test_a_letter_of_an_outcome_that_changed_is_not_kept(work: Desk, cast: Any) -> None:
    """Where the outcome changed while a letter was written, the letter is not kept."""
    decision = decide(work, cast)
    refuse(work, decision)

    def corrected(_: object) -> None:
        settle(again(work), appeal_of(again(work), cast, decision))

    with pytest.raises(ValueError, match=f"Decision {decision.id[:12]} was replaced by"):
        write(work, decision, told=corrected)
    assert [one.columns["kind"] for one in work.records.ask.sequels_of(decision.id)] == ["outcome"]


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


def test_a_task_that_is_closed_is_named(work: Desk, cast: Any) -> None:
    """Who comes after a task was closed is told that none waits under this id."""
    act = VERBS["close a task"](work, cast)
    act(work)
    assert open_tasks(work) == ()
    with pytest.raises(TaskError, match="No task that waits has an id that begins with"):
        act(again(work))


def test_decisions_about_one_person_come_one_after_another(work: Desk, cast: Any) -> None:
    """Two who decide about a person at once both do, at moments of their own."""
    other = again(work)
    results, told = at_once(lambda: decide(work, cast), lambda: decide(other, cast))
    assert told == []
    assert len({one.kept_at for one in results}) == len({one.id for one in results}) == 2


# In processes of their own.

REVIEWER = """
import sys
from plainscore.workspace import Workspace
root, by, uphold = sys.argv[1], sys.argv[2], sys.argv[3] == "uphold"
workspace = Workspace.open(root)
_ = workspace.card, workspace.entries, workspace.desk.history
print("ready", flush=True)
for line in sys.stdin:
    try:
        workspace.settle_appeal(line.strip(), uphold=uphold, reason="I looked at the receipt.", by=by)
        print("done", flush=True)
    except ValueError as error:
        print(f"{type(error).__name__} {error}", flush=True)
"""


@contextmanager
def reviewers(root: Path, *wishes: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Start a process for each reviewer, who decides every appeal that is put before them."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", REVIEWER, str(root), f"Reviewer {place}", wish],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for place, wish in enumerate(wishes)
    ]  # fmt: skip
    try:
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        yield started
    finally:
        for one in started:
            one.communicate()


def ask(one: subprocess.Popen[str], line: str) -> None:
    """Put an appeal before a reviewer."""
    assert one.stdin is not None
    one.stdin.write(line + "\n")
    one.stdin.flush()


def answer(one: subprocess.Popen[str]) -> str:
    """Wait for what a reviewer says."""
    assert one.stdout is not None
    return one.stdout.readline().strip()


def several_appeals(desk: Desk, cast: Any, count: int) -> list[str]:
    """Open appeals about different months of one decision."""
    decision = decide(desk, cast)
    rows = [row for row in decision.record["inputs"]["statements"] if row["account_id"] == cast.account]
    months = [date.fromisoformat(row["month"]) for row in rows[-count:]]
    return [appeal_of(desk, cast, decision, month=month).id for month in months]


@pytest.mark.slow
@pytest.mark.parametrize("other", ["uphold", "reject"])
def test_of_two_processes_one_decides(root: Path, cast: Any, other: str) -> None:
    """Of two processes that decide an appeal at once one wins, the other is told, and nothing is double."""
    desk = Workspace.open(root).desk
    opened = several_appeals(desk, cast, 6)
    with reviewers(root, "uphold", other) as started:
        for place, name in enumerate(opened):
            for one in started[:: 1 if place % 2 else -1]:
                ask(one, name)
            said = sorted(answer(one) for one in started)
            assert said[1] == "done", said
            assert said[0].startswith("ReviewError"), said
    settled = [one.record for one in desk.appeals.all()]
    won = [one for one in settled if one["status"] == "upheld"]
    assert {one["status"] for one in settled} <= {"upheld", "rejected"}
    assert len(list(desk.decisions.all())) == 1 + len(won)
    check_nothing_is_double(desk)


@pytest.mark.slow
def test_a_reviewer_who_is_killed_leaves_all_or_nothing(root: Path, cast: Any) -> None:
    """Killed at any moment of settling, a process leaves an appeal open or settled whole."""
    drawn = random.Random(5)
    desk = Workspace.open(root).desk
    opened = several_appeals(desk, cast, 4)
    for name in opened:
        with reviewers(root, "uphold") as (one,):
            ask(one, name)
            time.sleep(drawn.random() * 1.5)
            one.send_signal(signal.SIGKILL)
        appeal = desk.appeals.get(name)
        assert (appeal.status == "upheld") == bool(appeal.renewed)
        if appeal.status == "open":
            settle(desk, appeal)
    assert len(list(desk.decisions.all())) == 1 + len(opened)
    check_nothing_is_double(desk)
    assert store_of(desk).verify().findings == []
