"""A run that is made void, against whoever works with it: nothing of it counts, and each is told."""

from __future__ import annotations

from typing import Any

import pytest
from databases import BOTH

from plainscore.casework import Desk, RunError, _decide_many, _letters_kept, _void_run, decide_many
from plainscore.notices import NoticeError
from plainscore.records import ConflictError

from ._at_once import assert_says, at_once, meanwhile
from ._couple import again, refuse, run_of_both, store_of, void, write


def letters_of(desk: Desk, decision_id: str) -> int:
    """Return how many letters about a decision are kept."""
    return sum(one.columns["kind"] == "letter" for one in desk.records.ask.sequels_of(decision_id))


def refused_in_run(desk: Desk, cast: Any) -> Any:
    """Return a decision of a run whose application is refused."""
    line = run_of_both(desk, cast).rows[0]
    decision = desk.decisions.get(str(line.decision_id))
    refuse(desk, decision)
    return decision


@BOTH
def test_a_run_that_becomes_void_while_a_letter_is_kept(
    work: Desk, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between a letter's look and its keeping the run is void and no letter is, or the letter stops it."""
    decision, other = refused_in_run(work, cast), again(work)
    look, looked, beside = _letters_kept._check_in_force, [0], []

    def check(*words: Any) -> None:
        look(*words)
        looked[0] += 1
        if looked[0] == 2:  # within the letter's own change
            beside.append(meanwhile(lambda: void(other)))

    monkeypatch.setattr(_letters_kept, "_check_in_force", check)
    told: list[Exception] = []
    try:
        write(work, decision)
    except ConflictError as error:
        told.append(error)
    ((thread, also_told),) = beside
    thread.join()
    (said,) = [*told, *also_told]
    if told:
        assert_says(said, "The run of this decision is void: nothing follows it")
    else:
        assert_says(said, "Letters about 1 decisions of the run 'night' are written")
    assert work.decisions.is_void(decision.id) is bool(told)
    assert letters_of(work, decision.id) == (0 if told else 1)
    assert store_of(work).verify().findings == []


@BOTH
def test_a_letter_that_comes_while_a_run_becomes_void(
    work: Desk, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a run is being made void, no letter about a decision of it is kept any more."""
    decision, other = refused_in_run(work, cast), again(work)
    look, beside = _void_run._has_letter, []

    def has_letter(*words: Any) -> bool:
        if not beside:
            beside.append(meanwhile(lambda: write(other, decision)))
        return look(*words)

    monkeypatch.setattr(_void_run, "_has_letter", has_letter)
    assert void(work) == 2
    ((thread, told),) = beside
    thread.join()
    assert type(told[0]) in (ConflictError, NoticeError)
    assert_says(told[0], "void")
    assert letters_of(work, decision.id) == 0
    assert store_of(work).verify().findings == []


@BOTH
def test_a_run_and_its_end_as_void_at_once(work: Desk, cast: Any) -> None:
    """Who decides in a run that becomes void is told so, or had decided before; nothing of it counts."""
    run_of_both(work, cast)
    other = again(work)
    results, told = at_once(lambda: run_of_both(work, cast), lambda: void(other))
    assert 2 in results, "it became void"
    if told:
        assert_says(told[0], "void")
    for line in work.decisions.rows():
        assert not work.decisions.is_newest(line.id)
    assert store_of(work).verify().findings == []


@BOTH
def test_a_run_that_becomes_void_before_its_end_says_so(work: Desk, cast: Any) -> None:
    """Where a run is made void while people are decided on, whoever decides is told."""
    other = again(work)
    at = [0]

    def progress(text: str) -> None:
        at[0] += 1
        if at[0] == 2:  # the run is begun, and nobody is decided on
            void(other)

    with pytest.raises(ConflictError, match="The run night is void: nothing is added to it"):
        decide_many(work, [cast.late], run="night", as_of=cast.as_of, progress=progress)
    assert list(work.decisions.rows()) == []


def test_a_run_that_becomes_void_at_its_very_end_says_so(
    work: Desk, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the run is void by the time everybody is decided on, nobody is told that it is done."""
    end, other = _decide_many._end, again(work)

    def void_first(*words: Any) -> None:
        void(other)
        end(*words)

    monkeypatch.setattr(_decide_many, "_end", void_first)
    with pytest.raises(RunError, match=r"The run 'night' is void since .* counts nowhere"):
        run_of_both(work, cast)
