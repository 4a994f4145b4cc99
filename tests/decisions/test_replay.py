"""An old decision can be made again as it was, whatever happened since."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from plainscore.casework import AppealWish, Desk, explain, look_back, open_appeal, settle_appeal
from plainscore.decisions import ReplayError, record_decision, replay, stored_case, stored_ledger
from plainscore.ledger import MemoryLedger, write_ledger
from plainscore.scorecard import Card
from plainscore.workspace import Workspace


def make(desk: Desk, subject: str, cast: Any) -> dict[str, Any]:
    """Score a person and keep the decision."""
    record: Any = explain(desk, subject, as_of=cast.as_of).record
    return dict(record)


def rewritten(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Make a record that says something else under an id that fits it: what a forger would hand in."""
    content = {key: value for key, value in record.items() if key not in ("id", "made_at", "replaces")}
    made = datetime.fromisoformat(record["made_at"])
    return record_decision({**content, **changes}, made_at=made)


def test_scores_replay(desk: Desk, cast: Any) -> None:
    """The stored rows give the recorded score and values, for everyone tried."""
    for subject in cast.scored[:4]:
        record = make(desk, subject, cast)
        found = replay(record, desk.workspace.card)
        assert found.score == record["score"]
        values = {
            part["id"]: None if part["value"] is None else float(part["value"]) for part in record["parts"]
        }
        assert found.values == values


def test_refusals_replay(desk: Desk, cast: Any) -> None:
    """Every kind of refusal is refused again from the stored rows, for the same reason."""
    assert {"no_consent", "empty", "thin_new", "thin_old"} <= set(cast.refused)
    for code, subject in cast.refused.items():
        record = make(desk, subject, cast)
        assert record["refusal"]["code"] == code
        assert replay(record, desk.workspace.card).score is None


def test_a_false_refusal_does_not_replay(desk: Desk, cast: Any) -> None:
    """A record that says refused where its rows give a score is caught."""
    record = make(desk, cast.late, cast)
    refused = rewritten(record, refusal={"code": "thin", "sentence": {}, "route": {}})
    with pytest.raises(ReplayError, match=r"it was refused \(thin\), and is now scored"):
        replay(refused, desk.workspace.card)


def test_an_empty_history_without_consent_does_not_replay(desk: Desk, cast: Any) -> None:
    """A record that says there was nothing to see, where nothing was allowed to be seen, is caught."""
    record = make(desk, cast.refused["empty"], cast)
    inputs = {**record["inputs"], "consents": []}
    with pytest.raises(ReplayError, match=r"it was refused \(empty\), and is now refused \(no_consent\)"):
        replay(rewritten(record, inputs=inputs), desk.workspace.card)


def test_a_false_score_does_not_replay(desk: Desk, cast: Any) -> None:
    """A record whose score is not what its rows give is caught, though its id fits."""
    record = make(desk, cast.late, cast)
    with pytest.raises(ReplayError, match=f"score {record['score'] + 1}, now {record['score']}"):
        replay(rewritten(record, score=record["score"] + 1), desk.workspace.card)


def test_false_points_do_not_replay(desk: Desk, cast: Any) -> None:
    """A record with other points for a characteristic is caught and the characteristic named."""
    record = make(desk, cast.late, cast)
    parts = [dict(part) for part in record["parts"]]
    parts[0]["points"] += 1
    with pytest.raises(ReplayError, match=parts[0]["id"]):
        replay(rewritten(record, parts=parts), desk.workspace.card)


def test_left_out_rows_do_not_replay(desk: Desk, cast: Any) -> None:
    """A record without the rows that its score rested on is caught."""
    record = make(desk, cast.late, cast)
    inputs = {**record["inputs"], "statements": []}
    with pytest.raises(ReplayError):
        replay(rewritten(record, inputs=inputs), desk.workspace.card)


def test_another_card_is_refused_by_name(desk: Desk, cast: Any) -> None:
    """A replay under another card says which card was meant and which was given."""
    record = make(desk, cast.late, cast)
    card = desk.workspace.card
    other = Card.from_json(card.to_json().replace(b'"name":"Small card"', b'"name":"Other card"'))
    sentence = f"was made under card {card.id[:12]}, not {other.id[:12]}"
    with pytest.raises(ReplayError, match=sentence):
        replay(record, other)


def test_an_old_decision_replays_after_a_correction(desk: Desk, cast: Any) -> None:
    """After an upheld appeal the old decision still gives the old score."""
    old = make(desk, cast.late, cast)
    wish = AppealWish(
        account=cast.account, month=cast.month, says="I paid on time.", wanted={"arrears": 0}, by="Ana"
    )
    appeal = open_appeal(desk, old["id"], wish)
    settle_appeal(desk, appeal.id, uphold=True, reason="The bank confirms it.", by="Ben")
    later = Workspace.open(desk.workspace.root).desk
    kept = later.decisions.get(old["id"]).record
    assert kept == old
    assert replay(kept, later.workspace.card).score == old["score"]
    again = look_back(later, cast.late, at=cast.at, as_of=cast.as_of).record
    assert (again["score"], again["inputs"]) == (old["score"], old["inputs"]), "known then, nothing changed"


def test_an_old_decision_replays_after_the_ledger_is_gone(desk: Desk, cast: Any, small: Path) -> None:
    """Replay reads what the decision stored: an emptied ledger changes nothing."""
    record = make(desk, cast.late, cast)
    write_ledger(MemoryLedger({}), small / "data")
    bare = Workspace.open(small).desk
    assert bare.ledger.table("statements").num_rows == 0
    assert replay(bare.decisions.get(record["id"]).record, bare.workspace.card).score == record["score"]


def test_a_decision_stores_one_person_only(desk: Desk, cast: Any) -> None:
    """The stored ledger holds the person's own rows; whoever shares an account is not named."""
    record = make(desk, cast.late, cast)
    held = stored_ledger(record)
    for name in ("holders", "consents", "disputes", "flags"):
        assert set(held.table(name)["subject_id"].to_pylist()) <= {cast.late, "another holder"}
    accounts = set(held.table("accounts")["account_id"].to_pylist())
    assert set(held.table("statements")["account_id"].to_pylist()) <= accounts
    assert isinstance(held.table("statements"), pa.Table)


def test_the_stored_case_is_the_case(desk: Desk, cast: Any) -> None:
    """Whom, for whom, why and as of when read back as they were asked."""
    case = desk.case(cast.late, at=cast.at, as_of=cast.as_of)
    assert stored_case(desk.consider(case, desk.workspace.card)) == case
    kept = explain(desk, cast.late, as_of=cast.as_of)
    assert kept.kept_at is not None
    case = desk.case_of(cast.late, known_at=kept.kept_at, used_at=kept.kept_at, as_of=cast.as_of)
    assert stored_case(kept.record) == case
