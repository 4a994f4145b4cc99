"""Every verb of casework is done whole or not at all, whatever write fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from databases import BOTH
from examples import sooner
from moving_clock import MovingClock
from write_faults import InjectedError, counts_of, engines_of, fault_at, state_of, tried_at_each_write

from plainscore.casework import Desk, _decide_many, _settle_appeal
from plainscore.records import _sqlite

from ._couple import (
    LONG_VERBS,
    VERBS,
    again,
    appeal_of,
    at_work,
    decide,
    refuse,
    score_now,
    settle,
    store_of,
    write,
)

LEAST_WRITES = {
    "explain": 8,
    "outcome": 5,
    "letter": 5,
    "open an appeal": 6,
    "uphold an appeal": 12,
    "reject an appeal": 7,
    "close a task": 5,
    "void a run": 5,
    "decide many": 15,
    "end terms": 15,
}
"""Writes that a verb has at least on SQLite; a test with fewer faults would not have tried them all.

In PostgreSQL the end of the log moves, and the leaves are put there, by one statement.
"""


def once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that works its answer out the first time, and gives it whoever asks later."""
    kept: list[Any] = []

    def asked(*args: Any, **how: Any) -> Any:
        if not kept:
            answer = function(*args, **how)
            kept.append(list(answer) if hasattr(answer, "__next__") else answer)
        return kept[0]

    return asked


def once_for_each(consider: Callable[..., Any]) -> Callable[..., Any]:
    """Make scores be worked out once for the same people and moments: the tests' clocks show them again."""
    kept: dict[Any, Any] = {}

    def asked(self: Desk, cases: Any, *words: Any, **how: Any) -> Any:
        if tuple(cases) not in kept:
            kept[tuple(cases)] = consider(self, cases, *words, **how)
        return kept[tuple(cases)]

    return asked


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give what lets a verb work a score out once: what is written is the same each time."""

    def patched() -> None:
        monkeypatch.setattr(Desk, "consider", once(Desk.consider))
        monkeypatch.setattr(_settle_appeal, "_reconsidered", once(_settle_appeal._reconsidered))
        monkeypatch.setattr("plainscore.casework._explain_person.applicant_page", lambda *_: "a page")

    return patched


@BOTH
@pytest.mark.parametrize("name", VERBS)
def test_a_fault_at_any_write_leaves_nothing(
    work: Desk, cast: Any, name: str, quick: Callable[[], None], database: str
) -> None:
    """FB1: after a fault at each write in turn nothing of a verb is kept, and another try succeeds."""
    act, store = VERBS[name](work, cast), store_of(work)
    page = work.workspace.root / "page.html"
    page.unlink(missing_ok=True)
    pages: list[bool] = []
    quick()

    def tried() -> Any:
        pages.append(page.exists())
        return act(work)

    before = work.ledger.fingerprint()
    _, faults = tried_at_each_write(store, tried)
    # PostgreSQL appends leaves, moves the head and counts in one statement.
    assert faults >= LEAST_WRITES[name] - 2 * (database == "postgresql"), faults
    assert not any(pages), "a page of what is not kept"
    assert page.exists() == (name in ("explain", "letter"))
    assert store.verify().findings == []
    laid = name.endswith("an appeal")
    assert (work.ledger.fingerprint() != before) is laid
    assert again(work).ledger.fingerprint() == work.ledger.fingerprint()


@BOTH
@pytest.mark.slow
@pytest.mark.parametrize("name", LONG_VERBS)
def test_a_fault_between_the_changes_of_a_verb_is_made_up_for(
    new_work: Callable[[], Desk], cast: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FB1: stopped at any of its writes, a verb of several changes leaves whole ones; done again, all."""
    monkeypatch.setattr(_decide_many, "DECIDED_AT_ONCE", 1)
    monkeypatch.setattr(Desk, "consider_many", once_for_each(Desk.consider_many))
    alone = new_work()
    LONG_VERBS[name](alone, cast)(alone)
    wanted, place, faults = counts_of(store_of(alone)), 0, 0
    while True:
        place += 1
        work = new_work()
        act, store = LONG_VERBS[name](work, cast), store_of(work)
        try:
            with fault_at(engines_of(store), place):
                act(work)
            break
        except InjectedError:
            faults += 1
        assert store.verify().findings == []
        store.end_keys()  # as every start of the store does
        act(work)
        assert store.verify().findings == []
        assert counts_of(store) == wanted
    assert faults >= LEAST_WRITES[name], faults


@BOTH
@pytest.mark.parametrize("name", ["uphold an appeal", "reject an appeal"])
def test_after_a_fault_an_appeal_is_open_and_can_be_decided_either_way(
    work: Desk, cast: Any, name: str, quick: Callable[[], None]
) -> None:
    """FB1: where upholding failed, the appeal is open, and a rejection leaves no correction in force."""
    decision = decide(work, cast)
    appeal = appeal_of(work, cast, decision)
    uphold = name.startswith("uphold")
    with fault_at(engines_of(store_of(work)), 5), pytest.raises(InjectedError):
        settle(work, appeal)
    assert work.appeals.get(appeal.id).status == "open"
    assert settle(again(work), appeal, uphold=uphold).status == ("upheld" if uphold else "rejected")
    assert score_now(work, cast) == (cast.in_order if uphold else cast.score)
    assert len(list(work.decisions.all())) == 1 + uphold


def test_a_page_that_cannot_be_written_keeps_nothing(work: Desk, cast: Any) -> None:
    """FB10: where the page of a decision or a letter cannot be written, neither is kept."""
    missing = work.workspace.root / "missing" / "page.html"
    before = state_of(store_of(work))
    with pytest.raises(OSError, match=r"page\.html"):
        decide(work, cast, page=missing)
    assert state_of(store_of(work)) == before
    decision = decide(work, cast)
    refuse(work, decision)
    store_of(work).log.checkpoint()  # the tree of the log follows from its leaves, and grows when it is asked
    before = state_of(store_of(work))
    with pytest.raises(OSError, match=r"page\.html"):
        write(work, decision, html=missing)
    assert state_of(store_of(work)) == before


def test_who_is_told_and_fails_keeps_nothing(work: Desk, cast: Any) -> None:
    """Where telling a decision fails, it is not kept, and the page that stood there before comes back."""
    page = work.workspace.root / "page.html"
    page.write_text("of before", "utf-8")

    def fails(_: object) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        decide(work, cast, page=page, told=fails)
    assert page.read_text("utf-8") == "of before"
    assert list(work.decisions.all()) == []


@pytest.mark.parametrize("name", sooner([*VERBS, *LONG_VERBS], 3))
def test_one_connection_is_enough(
    root: Path, cast: Any, name: str, monkeypatch: pytest.MonkeyPatch, quick: Callable[[], None]
) -> None:
    """Where SQLite has its fault and a store one connection, no verb asks outside its own change."""
    monkeypatch.setattr(_sqlite, "has_reset_fault", lambda _: True)
    monkeypatch.setattr(_sqlite, "PATIENCE", 0.5)
    desk = at_work(root, MovingClock(cast.at), cast)
    assert store_of(desk).database.engine.pool.size() == 1  # type: ignore[attr-defined]
    act = (VERBS | LONG_VERBS)[name](desk, cast)
    if name in VERBS:
        quick()
    assert act(desk)
