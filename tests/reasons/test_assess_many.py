"""Many people explained at once are each explained as if alone, to the bit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from examples import examples
from hand_cards import card, characteristic
from hypothesis import given
from hypothesis import strategies as st
from ledgers import NOW, PERSON, World, case, consent, crowd, ledger, of_crowd, opened
from person_world import WIDE, accounts, dispute, world

from plainscore.characteristics import catalogue
from plainscore.decisions import DecisionContent
from plainscore.history import Case
from plainscore.reasons import assess, assess_many
from plainscore.rules import months_after
from plainscore.scorecard import Card

SOUND = world({"card": {back: {} for back in range(24)}, "light": {back: {} for back in range(12)}})
LATE = world({"card": {back: {"arrears": back % 4, "balance": 950} for back in range(24)}})
TOGETHER = world({"card": {back: {"arrears": 1 if back in (3, 9) else 0} for back in range(24)}})
REFUSED = world({"loan": {0: {}}}, opened=1)
DISPUTED = LATE | {"disputes": [dispute("card", 9, 2)]}
WITHDRAWN = LATE | {
    "consents": [consent(), consent(state="ConsentWithdrawn", event_at=NOW - timedelta(days=1))]
}
BLOCKED = SOUND | {
    "flags": [{"subject_id": PERSON, "flag": "fraud_block", "since": NOW - timedelta(days=9), "until": None}]
}
DATED = world({"card": {back: {} for back in range(24)}, "loan": {back: {} for back in range(3)}}, opened=24)
EVERYBODY = (SOUND, LATE, TOGETHER, REFUSED, DISPUTED, WITHDRAWN, BLOCKED, DATED)
TWO_LATE = card(characteristic("late_n24", [2], [50, 0]), characteristic("worst_24", [2], [30, 0]))


def both_ways(
    worlds: list[World], asked: list[Case], one: Card
) -> tuple[list[DecisionContent], list[DecisionContent]]:
    """Return what is said of each case, asked at once, and asked one by one."""
    rows = crowd(worlds)
    source, history = ledger(rows), opened(rows)
    alone = [assess(source, history, one, each, catalogue()) for each in asked]
    return assess_many(source, history, one, asked, catalogue()), alone


@pytest.mark.parametrize("one", [WIDE, TWO_LATE], ids=["wide", "two late"])
def test_everybody_is_explained_as_if_alone(one: Card) -> None:
    """Scored, refused, blocked, in dispute, withdrawn: no record depends on who is asked with them."""
    asked = [case(subject_id=of_crowd(at)) for at in range(len(EVERYBODY))]
    together, alone = both_ways(list(EVERYBODY), asked, one)
    assert together == alone
    assert {record["refusal"] is None for record in together} == {True, False}


def test_every_kind_of_evidence_is_in_a_batch() -> None:
    """The batch that is compared holds records that matter alone, together, not at all, and opening dates."""
    asked = [case(subject_id=of_crowd(at)) for at in range(len(EVERYBODY))]
    rows = crowd(EVERYBODY)
    kinds = {
        reason["evidence"]["kind"]
        for one in (WIDE, TWO_LATE)
        for record in assess_many(ledger(rows), opened(rows), one, asked, catalogue())
        for reason in record.get("reasons", [])
    }
    assert kinds >= {"statements", "set", "dates"}


@given(st.lists(accounts, min_size=2, max_size=5), st.data())
@examples(8)
def test_cases_of_many_moments_are_explained_as_if_alone(
    drawn: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Cases of several people at several months, some of one person twice, come out as one by one."""
    asked = [
        case(
            case_id=data.draw(st.integers(0, 3)),
            subject_id=of_crowd(at),
            as_of=months_after(case().as_of, -data.draw(st.integers(0, 2))),
        )
        for at in [*range(len(drawn)), 0]
    ]
    together, alone = both_ways([world(held) for held in drawn], asked, WIDE)
    assert together == alone


def test_nobody_asked_about_is_no_question() -> None:
    """No case gives no record."""
    assert assess_many(ledger(SOUND), opened(SOUND), WIDE, [], catalogue()) == []
