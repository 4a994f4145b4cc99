"""Where a corrected record moves a score across the cut-off, a person acts on it, and says what they did."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plainscore.casework import Appeal, Desk, TaskError, close_task, open_tasks

from ._couple import again, appeal_of, clock_of, decide, settle

REASON = "The score passes now."


def with_cut_off(desk: Desk, cut_off: int | None) -> Desk:
    """Give the workspace another cut-off."""
    path: Path = desk.workspace.model / "recipe.toml"
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("cut_off =")]
    if cut_off is not None:
        kept.insert(kept.index("[scale]") + 1, f"cut_off = {cut_off}")
    path.write_text("\n".join(kept), "utf-8")
    return again(desk)


def crossed(desk: Desk, cast: Any) -> tuple[Any, Any]:
    """Return an upheld appeal that moves the score up, and its task."""
    settled = settle(desk, appeal_of(desk, cast, decide(desk, cast)))
    (task,) = open_tasks(desk)
    return settled, task


def test_a_score_that_comes_to_pass_asks_for_a_person(work: Desk, cast: Any) -> None:
    """The task names the new decision, which way it went, and the day by which an answer is due."""
    settled, task = crossed(work, cast)
    assert (task.decision_id, task.passes, task.did) == (settled.renewed[0][1], True, "")
    assert task.due == date.fromisoformat(settled.answer_by)
    assert task.says == "By a corrected record the score reaches the cut-off"


def test_a_score_that_passes_no_more_asks_too(work: Desk, cast: Any) -> None:
    """The other way about is a task as well: nobody is dropped silently."""
    settled, first = crossed(work, cast)
    close_task(work, first.id, did="offered", reason=REASON, by="Cem")
    again_ = settle(work, worse(work, cast, settled.renewed[0][1]))
    (task,) = open_tasks(work)
    assert (task.decision_id, task.passes) == (again_.renewed[0][1], False)
    assert task.says == "By a corrected record the score no longer reaches the cut-off"


def worse(desk: Desk, cast: Any, decision_id: str) -> Appeal:
    """Open an appeal by which the record was late after all."""
    late = {"arrears": 5, "past_due": 90_000, "paid": 0}
    return appeal_of(desk, cast, desk.decisions.get(decision_id), paid_as_due=False, wanted=late)


@pytest.mark.parametrize("which", ["none", "below both", "above both"])
def test_a_score_that_stays_on_its_side_asks_for_nobody(work: Desk, cast: Any, which: str) -> None:
    """Where both scores pass, or neither, or the recipe names no cut-off, nothing waits."""
    cut_off = {"none": None, "below both": cast.score, "above both": cast.in_order + 1}[which]
    desk = with_cut_off(work, cut_off)
    settle(desk, appeal_of(desk, cast, decide(desk, cast)))
    assert open_tasks(desk) == ()


def test_a_rejected_appeal_asks_for_nobody(work: Desk, cast: Any) -> None:
    """Nothing was corrected, so nothing waits."""
    settle(work, appeal_of(work, cast, decide(work, cast)), uphold=False)
    assert open_tasks(work) == ()


@pytest.mark.parametrize("did", ["offered", "asked", "refused"])
def test_a_task_ends_with_what_was_done(work: Desk, cast: Any, did: str) -> None:
    """Closed, it waits no more, and keeps what was done, why, by whom and when."""
    _, task = crossed(work, cast)
    closed = close_task(work, task.id[:8].upper(), did=did, reason=f" {REASON} ", by=" Cem ")
    assert (closed.id, closed.did, closed.version) == (task.id, did, task.version + 1)
    assert open_tasks(again(work)) == ()
    row = work.records.ask.row("task", task.id)
    body = json.loads(row.body or b"")
    assert {name: body[name] for name in ("did", "reason", "by")} == {
        "did": did,
        "reason": REASON,
        "by": "Cem",
    }
    assert (row.columns["state"], row.columns["open"]) == ("closed", False)
    assert body["decision_id"] == task.decision_id


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"did": "forgot"}, "A task ends with one of offered, asked, refused, not 'forgot'"),
        ({"did": ""}, "A task ends with one of"),
        ({"reason": "too short"}, "Say who closes the task, and why, in 10 characters or more"),
        ({"reason": "         x         "}, "in 10 characters or more"),
        ({"by": " "}, "Say who closes the task"),
    ],
)
def test_what_is_not_said_is_a_sentence(
    work: Desk, cast: Any, changes: dict[str, str], sentence: str
) -> None:
    """Who does not say what was done, why or by whom, closes nothing."""
    _, task = crossed(work, cast)
    with pytest.raises(TaskError, match=sentence):
        close_task(work, task.id, **({"did": "offered", "reason": REASON, "by": "Cem"} | changes))
    assert open_tasks(work) == (task,)


@pytest.mark.parametrize("wanted", ["", "abc", "0" * 8, "*" * 8, "../../x"])
def test_an_unknown_task_is_a_sentence(work: Desk, wanted: str) -> None:
    """An id that no waiting task begins with is refused with where to look."""
    with pytest.raises(TaskError, match="`plainscore tasks` lists them"):
        close_task(work, wanted, did="offered", reason=REASON, by="Cem")


def test_tasks_come_by_their_day(work: Desk, cast: Any) -> None:
    """What is due first comes first."""
    settled, _ = crossed(work, cast)
    clock = clock_of(work)
    clock.go_to(clock.start.replace(month=3, day=20))
    settle(work, worse(work, cast, settled.renewed[0][1]))
    first, second = open_tasks(work)
    assert (first.passes, second.passes) == (True, False)
    assert first.due is not None
    assert second.due is not None
    assert first.due < second.due
