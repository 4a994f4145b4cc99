"""Decisions and appeals are kept for good, and found by their ids."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

import plainscore
from plainscore.appeals import AlteredAppealError, UnknownAppealError
from plainscore.casework import Desk, explain
from plainscore.casework._decision_bodies import SHORT
from plainscore.casework._keep_decisions import keep_decision
from plainscore.casework._touched import touched_by
from plainscore.decisions import AlteredDecisionError, UnknownDecisionError, write_record
from plainscore.records import AppealRow, ConflictError

from ._couple import PARTNER, again, appeal_of, clock_of, decide, settle


def test_an_empty_place_answers(work: Desk) -> None:
    """Before anything is kept there is nothing, and that is no error."""
    assert list(work.decisions.all()) == list(work.appeals.all()) == []
    with pytest.raises(UnknownDecisionError, match="no decision whose id begins with"):
        work.decisions.get("ab" * 32)
    with pytest.raises(UnknownAppealError, match="There is no appeal"):
        work.appeals.get("ab" * 8)


def test_a_place_without_a_store_answers_too(desk: Desk) -> None:
    """Reading makes no store: it says that nothing is kept yet."""
    assert list(desk.decisions.all()) == list(desk.appeals.all()) == []
    with pytest.raises(UnknownDecisionError, match="No decision is kept here yet"):
        desk.decisions.get("ab" * 32)
    with pytest.raises(UnknownAppealError):
        desk.appeals.get("ab" * 8)
    assert not (desk.workspace.root / "data" / "records.sqlite").exists()


def test_a_decision_is_kept_byte_for_byte(work: Desk, cast: Any) -> None:
    """What comes back is what was told, with the moment, the software and all that it was made with."""
    told = decide(work, cast)
    kept = again(work).decisions.get(told.id)
    assert kept == told
    assert kept.data == write_record(told.record)
    assert kept.made_with["software"] == plainscore.__version__
    assert set(kept.made_with) == {"software", "card", "entries", "common", "calibration", "facts"}
    for name, number in kept.made_with.items():
        if name != "software":
            assert work.records.ask.row("definition", number).columns["kind"] == name
    body = json.loads(work.records.ask.row("decision", told.id).body or b"")
    assert body["schema"] == SHORT
    assert work.records.ask.row("definition", body["made_with"]).columns["kind"] == "made_with"


def test_a_decision_is_found_by_the_beginning_of_its_id(work: Desk, cast: Any) -> None:
    """Eight digits or more of an id, in either case, are enough."""
    told = decide(work, cast)
    for wanted in (told.id, told.id[:8], told.id[:20].upper()):
        assert work.decisions.get(wanted) == told


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "abc",
        "../../etc/passwd",
        "abcdef12/../x",
        "*" * 8,
        "[a-f]*[0-9]",
        "abcdef1g",
        "ａbcdef12",
        "%" * 8,
    ],
)
def test_an_id_is_hexadecimal_and_nothing_else(work: Desk, cast: Any, wanted: str) -> None:
    """What is not eight or more hexadecimal digits is no id: no path, no pattern, no short guess."""
    decide(work, cast)
    with pytest.raises(UnknownDecisionError):
        work.decisions.get(wanted)


def test_the_same_decision_is_kept_once(work: Desk, cast: Any) -> None:
    """A decision that is kept already is not kept again, and whoever tries is told when it was."""
    told = decide(work, cast)
    with (
        pytest.raises(ConflictError, match=f"Decision {told.id[:12]} was kept at"),
        work.records.change(people=[cast.late]) as change,
    ):
        keep_decision(work, change, told.record, work.workspace.card)
    assert list(work.decisions.all()) == [told]


def test_a_record_that_does_not_give_its_id_is_not_shown(work: Desk, cast: Any) -> None:
    """A record whose content is another than its id says is refused by its name, though its row is whole."""
    case = work.case(cast.late, as_of=cast.as_of)
    record: Any = {**work.consider(case, work.workspace.card), "score": 850}
    with work.records.change(people=[cast.late]) as change:
        keep_decision(work, change, record, work.workspace.card)
    with pytest.raises(AlteredDecisionError, match=record["id"][:12]):
        work.decisions.get(record["id"])


def test_decisions_come_oldest_first(work: Desk, cast: Any) -> None:
    """They come in the order in which they were kept, not of their ids."""
    kept = [decide(work, cast).id for _ in range(4)]
    assert [one.id for one in again(work).decisions.all()] == kept
    assert kept != sorted(kept)


def test_a_month_finds_the_decisions_that_saw_it(work: Desk, cast: Any) -> None:
    """Only decisions in force that saw that very month of that very account are touched by it."""
    mine, theirs = decide(work, cast), decide(work, cast, PARTNER)
    before = explain(work, cast.late, as_of=cast.month.replace(month=9, day=30))
    ask = work.records.ask
    assert [one.newest["id"] for one in touched_by(ask, cast.account, cast.month)] == [mine.id, theirs.id]
    assert before.id not in {one.newest["id"] for one in touched_by(ask, cast.account, cast.month)}
    assert touched_by(ask, "another account", cast.month) == []
    settled = settle(work, appeal_of(work, cast, mine))
    found = touched_by(work.records.ask, cast.account, cast.month)
    assert [(one.newest["id"], one.first["id"]) for one in found] == [
        (after, first) for first, after in settled.renewed
    ]


def test_the_newest_state_of_an_appeal_stands(work: Desk, cast: Any) -> None:
    """An appeal is found by its whole id, in its newest state."""
    opened = appeal_of(work, cast, decide(work, cast))
    settled = settle(work, opened, uphold=False)
    assert (opened.version, settled.version) == (1, 2)
    assert again(work).appeals.get(opened.id) == settled
    assert list(work.appeals.all()) == [settled]
    for wanted in ("", opened.id[:15], "../secret", "*", f"{opened.id}.json"):
        with pytest.raises(UnknownAppealError, match="There is no appeal"):
            work.appeals.get(wanted)


def test_appeals_come_oldest_first(work: Desk, cast: Any) -> None:
    """Appeals come in the order in which they were made."""
    decision = decide(work, cast)
    opened = []
    for day in range(4):
        clock_of(work).go_to(cast.at + timedelta(days=1 + day))
        opened.append(appeal_of(work, cast, decision).id)
    assert [one.id for one in again(work).appeals.all()] == opened
    assert opened != sorted(opened)


@pytest.mark.parametrize("change", [{"schema": "other"}, {"id": "ab" * 8}])
def test_an_appeal_that_is_none_is_named(work: Desk, cast: Any, change: dict[str, str]) -> None:
    """A row that does not hold the appeal of its id is a sentence with its id."""
    decision = decide(work, cast)
    record = {**appeal_of(work, cast, decision).record, **change}
    row = AppealRow(
        id="cd" * 8,
        person=cast.late,
        decision=decision.id,
        state="open",
        open=True,
        body=json.dumps({"id": "cd" * 8, **record, **change}).encode(),
    )
    with work.records.change(people=[cast.late]) as changing:
        changing.add(row)
    with pytest.raises(AlteredAppealError, match=f"Appeal {row.id} is not what was kept"):
        work.appeals.get(row.id)
