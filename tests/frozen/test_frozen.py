"""What earlier editions wrote is never written again, and is read as it was."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from plainscore.decisions import ReplayError, decision_id, read_record, replay, write_record
from plainscore.scorecard import Card
from plainscore.workspace._publish import json_bytes

FIRST = Path(__file__).parent / "first"
INDEX: dict[str, Any] = json.loads((FIRST / "index.json").read_text("utf-8"))
CARD = Card.from_json((FIRST / "cards" / f"{INDEX['card']}.json").read_bytes(), INDEX["card"])
MENDED = {f"fault {name}": {name} for name in ("FA5", "FA6", "FA7", "FA8", "FA9", "FA10", "FC3")}
MENDED["in dispute"] = {"FC3"}
"""Records whose rows are read otherwise today, and by which mend."""

UNTOUCHED = {one.id for one in CARD.characteristics if one.id.startswith(("use_", "age_", "full_"))}
"""Characteristics of the card that no mend but one of consent or closure can change: balances and ages."""

DECISIONS = sorted((FIRST / "decisions").glob("*.json"))
LETTERS = sorted((FIRST / "letters").glob("*.json"))


def test_every_file_is_as_it_was_written() -> None:
    """No file was changed, added or taken away since it was frozen."""
    found = {
        path.relative_to(FIRST).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FIRST.rglob("*")
        if path.is_file() and path.name != "index.json"
    }
    assert found == INDEX["sha256"]


def test_the_card_has_its_id() -> None:
    """The card of the first edition loads under its id, and writes itself again byte for byte."""
    data = (FIRST / "cards" / f"{INDEX['card']}.json").read_bytes()
    assert Card.from_json(data, INDEX["card"]).to_json() == data


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem[:8])
def test_a_decision_is_shown_byte_for_byte(path: Path) -> None:
    """A decision reads, gives its own id, and is written again with the same bytes."""
    record = read_record(path.read_bytes())
    assert decision_id(record) == record["id"] == path.stem
    assert write_record(record) == path.read_bytes()


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem[:8])
def test_a_letter_has_its_id(path: Path) -> None:
    """A kept letter and its page give the id that they are kept under."""
    letter, page = json.loads(path.read_bytes()), path.with_suffix(".html").read_bytes()
    assert json_bytes(letter) == path.read_bytes()
    assert hashlib.sha256(path.read_bytes() + page).hexdigest() == path.stem


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem[:8])
def test_a_decision_replays(path: Path) -> None:
    """A decision replays with the score that it gave; where rows read otherwise today, the mend is named."""
    record = read_record(path.read_bytes())
    found = replay(record, CARD)
    name = next(name for name, number in INDEX["what"].items() if number == record["id"])
    assert found.score == record.get("score")
    assert {mend.name for mend in found.mended} >= MENDED.get(name, set())
    assert bool(found.mended) == (name in MENDED)


WHOLE = {INDEX["what"][f"fault {name}"] for name in ("FA9", "FA10")}
"""Records in which months came or went altogether, so that every value may be another today."""

SCORED = [path for path in DECISIONS if "score" in json.loads(path.read_text("utf-8"))]


@pytest.mark.parametrize("path", SCORED, ids=lambda path: path.stem[:8])
@pytest.mark.parametrize("other", SCORED, ids=lambda path: path.stem[:8])
def test_a_forged_decision_does_not_pass_as_mended(path: Path, other: Path) -> None:
    """A record with another's values, points and score, under an id that fits, is not excused by a mend."""
    record, source = (read_record(each.read_bytes()) for each in (path, other))
    forged = {**record, "parts": source["parts"], "score": source["score"]}
    forged["id"] = decision_id(forged)
    same = all(
        part["value"] == mine["value"] or part["id"] not in UNTOUCHED
        for part, mine in zip(source["parts"], record["parts"], strict=True)
    )
    if not same and record["id"] not in WHOLE:
        with pytest.raises(ReplayError):
            replay(forged, CARD)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem[:8])
@pytest.mark.parametrize("code", ["fraud_block", "deceased", "no_consent"])
def test_a_forged_refusal_does_not_pass_as_mended(path: Path, code: str) -> None:
    """No mend makes anybody blocked, dead or without consent."""
    record = read_record(path.read_bytes())
    # An empty history stores no account, so that its rows cannot tell "empty" from "no consent".
    if record["refusal"] is not None and record["refusal"]["code"] in (code, "empty"):
        return
    forged = {**record, "refusal": {"code": code, "sentence": {}, "route": {}}}
    forged["id"] = decision_id(forged)
    with pytest.raises(ReplayError):
        replay(forged, CARD)
