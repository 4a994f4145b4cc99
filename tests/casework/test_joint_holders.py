"""Two people who hold an account together: what is laid over one is laid over both, and stays for each."""

from __future__ import annotations

from typing import Any

import pytest

from plainscore.casework import Desk, open_tasks
from plainscore.records import HeldBackError

from ._couple import PARTNER, again, appeal_of, decide, score_now, settle, store_of


def erase(desk: Desk, person: str) -> None:
    """Erase somebody, as a request for it asks."""
    with desk.records.change(people=[person]) as change:
        change.erase(person)


def test_a_correction_is_of_both(work: Desk, cast: Any) -> None:
    """What one holder wins counts for the other: both decisions are made again, with the new score."""
    mine, theirs = decide(work, cast), decide(work, cast, PARTNER)
    assert mine.score == theirs.score == cast.score
    settled = settle(work, appeal_of(work, cast, mine))
    assert {before for before, _ in settled.renewed} == {mine.id, theirs.id}
    assert score_now(work, cast) == score_now(work, cast, PARTNER) == cast.in_order
    assert {one.decision_id for one in open_tasks(work)} == {after for _, after in settled.renewed}


def test_a_dispute_is_of_both(work: Desk, cast: Any) -> None:
    """While one holder appeals, the other's new score sets the record aside too."""
    appeal_of(work, cast, decide(work, cast))
    for person in (cast.late, PARTNER):
        seen = decide(work, cast, person).record["coverage"]["excluded"]
        assert "disputed" in {one["reason"] for one in seen}


@pytest.mark.parametrize("gone", ["who appealed", "the other"])
def test_the_erasure_of_one_takes_nothing_from_the_other(work: Desk, cast: Any, gone: str) -> None:
    """Erased, one holder takes neither the correction nor the decisions of the other along."""
    first, second = (cast.late, PARTNER) if gone == "who appealed" else (PARTNER, cast.late)
    mine, theirs = decide(work, cast), decide(work, cast, PARTNER)
    settle(work, appeal_of(work, cast, mine))
    old = again(work)
    _ = old.ledger
    erase(work, first)
    kept = theirs if gone == "who appealed" else mine
    for desk in (work, old, again(work)):
        assert score_now(desk, cast, second) == cast.in_order
        assert desk.decisions.in_force(kept.id).score == cast.in_order
    assert [one.decision_id for one in open_tasks(work)] == [work.decisions.in_force(kept.id).id]
    assert store_of(work).verify().findings == []
    assert store_of(work).verify().erased == 1


def test_who_stays_can_appeal_after_the_other_was_erased(work: Desk, cast: Any) -> None:
    """After one was erased, the other's appeal about the same month is heard, about their decisions alone."""
    decide(work, cast)
    theirs = decide(work, cast, PARTNER)
    erase(work, cast.late)
    settled = settle(work, appeal_of(work, cast, theirs))
    assert [before for before, _ in settled.renewed] == [theirs.id]
    assert score_now(work, cast, PARTNER) == cast.in_order
    assert store_of(work).verify().findings == []


def test_an_open_appeal_holds_the_erasure_of_its_person_back(work: Desk, cast: Any) -> None:
    """Who appeals is not erased before the appeal is settled; the other holder may be."""
    appeal = appeal_of(work, cast, decide(work, cast))
    with pytest.raises(HeldBackError, match="Settle the appeal first"):
        erase(work, cast.late)
    erase(work, PARTNER)
    assert len(settle(again(work), appeal).renewed) == 1
    assert score_now(work, cast) == cast.in_order
    erase(work, cast.late)
    assert store_of(work).verify().erased == 2
