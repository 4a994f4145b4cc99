"""An upheld appeal corrects the record and scores again every decision that it touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from moving_clock import STILL
from published import publish

from plainscore.appeals import CorrectionError
from plainscore.casework import Desk, explain
from plainscore.decisions import difference, replay
from plainscore.records import ConflictError
from plainscore.scorecard import Card

from ._people import again, appeal_of, clock_of, decide, later, records_of, settle, withdraw


def test_an_upheld_appeal_scores_again(desk: Desk, cast: Any) -> None:
    """The corrected record gives the score that the evidence foretold, under the same card."""
    old = decide(desk, cast)
    settled = settle(desk, appeal_of(desk, cast, old))
    (renewed,) = settled["rescored"]
    after = again(desk).decisions.get(renewed["after"]).record
    assert renewed["before"] == after["replaces"] == old["id"]
    assert after["card_id"] == old["card_id"]
    assert renewed["difference"]["same_card"]
    assert renewed["difference"]["score"] == {"before": cast.score, "after": after["score"]}
    assert after["score"] == cast.in_order > old["score"]
    assert replay(after, desk.workspace.card).score == after["score"]
    assert again(desk).appeals.get(settled["id"]).record == settled


def test_the_parts_add_up_to_the_change(desk: Desk, cast: Any) -> None:
    """The changes of the parts that moved sum to the change of the score."""
    settled = settle(desk, appeal_of(desk, cast, decide(desk, cast)))
    found = settled["rescored"][0]["difference"]
    moved = sum(part["points_after"] - part["points_before"] for part in found["parts"])
    assert moved == found["score"]["after"] - found["score"]["before"] != 0


def test_the_record_that_changed_is_named(desk: Desk, cast: Any) -> None:
    """Before and after of the corrected month stand side by side, the earlier version whole."""
    settled = settle(desk, appeal_of(desk, cast, decide(desk, cast)))
    (changed,) = settled["rescored"][0]["difference"]["records"]
    assert (changed["account_id"], changed["month"]) == (cast.account, cast.month.isoformat())
    assert changed["before"]["arrears"] > 0 == changed["after"]["arrears"]
    assert changed["after"]["statement_id"] == settled["correction"]
    statements = again(desk).ledger.table("statements")["statement_id"].to_pylist()
    assert {changed["before"]["statement_id"], changed["after"]["statement_id"]} <= set(statements)


def test_every_touched_decision_is_scored_again(desk: Desk, cast: Any) -> None:
    """Each decision that saw the month is made again once; one that did not see it is left alone."""
    touched = [decide(desk, cast), decide(desk, cast)]
    holders = desk.ledger.table("holders").filter(pc.field("account_id") == cast.account)
    stranger = next(one for one in cast.scored if one not in holders["subject_id"].to_pylist())
    other = explain(desk, stranger, as_of=cast.as_of)
    settled = settle(desk, appeal_of(desk, cast, touched[0]))
    assert [renewed["before"] for renewed in settled["rescored"]] == [one["id"] for one in touched]
    kept = records_of(again(desk))
    assert len(kept) == 5
    assert other.id not in {record["replaces"] for record in kept}


def test_a_rejected_appeal_changes_nothing(desk: Desk, cast: Any) -> None:
    """After a rejection the records, the decisions and the score are what they were."""
    old = decide(desk, cast)
    before = desk.ledger.table("statements")
    settled = settle(desk, appeal_of(desk, cast, old), uphold=False)
    assert (settled["status"], settled["rescored"]) == ("rejected", [])
    assert records_of(again(desk)) == [old]
    assert again(desk).ledger.table("statements") == before
    assert decide(again(desk), cast)["score"] == old["score"]


def test_a_month_taken_back_is_seen_no_more(desk: Desk, cast: Any) -> None:
    """A retraction removes the month from what the new decision sees, and the score is the one without it."""
    old = decide(desk, cast)
    settled = settle(desk, appeal_of(desk, cast, old, retract=True))
    after = again(desk).decisions.get(settled["rescored"][0]["after"]).record
    key = (cast.account, cast.month.isoformat())
    assert key not in {(row["account_id"], row["month"]) for row in after["inputs"]["statements"]}
    foretold = next(
        row["score_without"]
        for reason in old["reasons"]
        for row in reason["evidence"]["records"]
        if (row.get("account_id"), row.get("month")) == key
    )
    assert after["score"] == foretold


def test_a_month_can_be_corrected_twice(desk: Desk, cast: Any) -> None:
    """A second appeal about the same month goes on from the first correction and from its decision."""
    first = settle(desk, appeal_of(desk, cast, decide(desk, cast)))
    desk = again(desk)
    middle = desk.decisions.get(first["rescored"][0]["after"]).record
    worse = {"arrears": 3, "past_due": 500, "paid": 0}
    second = settle(desk, appeal_of(desk, cast, middle, wanted=worse))
    assert [renewed["before"] for renewed in second["rescored"]] == [middle["id"]]
    assert second["correction"].startswith(first["correction"])
    assert second["rescored"][0]["difference"]["score"]["before"] == middle["score"]
    assert second["rescored"][0]["difference"]["score"]["after"] < middle["score"]
    for record in records_of(again(desk)):
        assert replay(record, desk.workspace.card).score == record["score"]


def test_a_consent_that_ended_changes_nothing_of_the_past(desk: Desk, cast: Any, small: Path) -> None:
    """FB4: won after the consent was withdrawn, the appeal still gives what the score should have been."""
    appeal_id = appeal_of(desk, cast, decide(desk, cast))
    withdraw(small, cast.late, cast.at + timedelta(days=1))
    later(desk, cast, days=2)
    settled = settle(again(desk), appeal_id)
    (renewed,) = settled["rescored"]
    assert renewed["difference"]["score"] == {"before": cast.score, "after": cast.in_order}
    assert renewed["difference"]["refusal"] == {"before": None, "after": None}
    refused = decide(again(desk), cast)
    assert refused["refusal"]["code"] == "no_consent", "a new score needs a consent"


def test_a_rebuilt_workspace_scores_again_under_the_old_card(desk: Desk, cast: Any) -> None:
    """A decision is made again under its own card, though another has been published since."""
    old = decide(desk, cast)
    publish_another(desk)
    now = again(desk)
    assert now.workspace.card.id != old["card_id"]
    settled = settle(now, appeal_of(now, cast, old))
    renewed = settled["rescored"][0]
    assert renewed["difference"]["same_card"]
    assert now.decisions.get(renewed["after"]).card_id == old["card_id"]


def publish_another(desk: Desk) -> Card:
    """Publish a card with one point more for everybody."""
    card = desk.workspace.card
    scale = replace(card.scale, low=card.scale.low + 1, high=card.scale.high + 1)
    other = replace(card, base_points=card.base_points + 1, scale=scale)
    return publish(desk.workspace, other)


def test_a_correction_that_fails_keeps_nothing(desk: Desk, cast: Any) -> None:
    """Where the correction breaks a rule, the appeal stays open and nothing is half done."""
    old = decide(desk, cast)
    first, second = appeal_of(desk, cast, old), appeal_of(desk, cast, old, says="It was paid twice.")
    later(desk, cast, days=2)
    clock_of(desk).each = STILL
    settle(desk, first)
    before = (again(desk).ledger.fingerprint(), records_of(again(desk)))
    with pytest.raises(CorrectionError, match="after the version that it corrects"):
        settle(again(desk), second)
    assert (again(desk).ledger.fingerprint(), records_of(again(desk))) == before
    assert again(desk).appeals.get(second).status == "open"


def test_a_score_that_cannot_be_made_again_keeps_nothing(
    desk: Desk, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where scoring again fails, no correction is left in force without an outcome."""
    appeal_id = appeal_of(desk, cast, decide(desk, cast))
    before = again(desk).ledger.fingerprint()

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("plainscore.casework._settle_appeal.reconsider", broken)
    with pytest.raises(OSError, match="no space"):
        settle(desk, appeal_id)
    monkeypatch.undo()
    assert again(desk).ledger.fingerprint() == desk.ledger.fingerprint() == before
    assert again(desk).appeals.get(appeal_id).status == "open"
    assert settle(desk, appeal_id)["status"] == "upheld"


def test_one_appeal_does_not_replace_another(desk: Desk, cast: Any) -> None:
    """A second appeal about the same record at the same moment is refused; the first is kept."""
    old = decide(desk, cast)
    later(desk, cast, days=1)
    clock_of(desk).each = STILL
    first = appeal_of(desk, cast, old)
    with pytest.raises(ConflictError, match=f"Appeal {first[:12]} was kept at .* and is 'open'"):
        appeal_of(desk, cast, old, says="I changed my mind.")
    assert desk.appeals.get(first).record["says"] == "I paid this on time."


def test_nothing_differs_between_a_decision_and_itself(desk: Desk, cast: Any) -> None:
    """A decision compared with itself has no moved part and no changed record."""
    record = decide(desk, cast)
    found = difference(record, record)
    assert (found.parts, found.records, found.same_card) == ((), (), True)
