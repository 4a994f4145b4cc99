"""What earlier editions wrote is never written again, and is read as it was."""

from __future__ import annotations

import hashlib
import html
import json
from pathlib import Path
from typing import Any

import pytest

from plainscore.decisions import ReplayError, decision_id, read_record, replay, write_record
from plainscore.language import LANGUAGES
from plainscore.pages import person_page
from plainscore.scorecard import Card
from plainscore.workspace._publish import json_bytes

HERE = Path(__file__).parent
EDITIONS = ("first", "first_aid")
INDEX: dict[str, dict[str, Any]] = {
    name: json.loads((HERE / name / "index.json").read_text("utf-8")) for name in EDITIONS
}
CARDS = {
    name: Card.from_json((HERE / name / "cards" / f"{index['card']}.json").read_bytes(), index["card"])
    for name, index in INDEX.items()
}
MENDED = {f"fault {name}": {name} for name in ("FA5", "FA6", "FA7", "FA8", "FA9", "FA10", "FC3")}
MENDED["in dispute"] = {"FC3"}
"""Records of the first edition whose rows are read otherwise today, and by which mend."""

FIRST, CARD = HERE / "first", CARDS["first"]
UNTOUCHED = {one.id for one in CARD.characteristics if one.id.startswith(("use_", "age_", "full_"))}
"""Characteristics of the card that no mend but one of consent or closure can change: balances and ages."""

DECISIONS = sorted((FIRST / "decisions").glob("*.json"))
EVERY = sorted(HERE.glob("*/decisions/*.json"))
LETTERS = sorted(HERE.glob("*/letters/*.json"))
PAGES = sorted((HERE / "first_aid" / "pages").glob("*.html"))


def named(path: Path) -> str:
    """Return the edition of a file and the beginning of its id."""
    return f"{path.parents[1].name}-{path.stem[:8]}"


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_file_is_as_it_was_written(edition: str) -> None:
    """No file was changed, added or taken away since it was frozen."""
    found = {
        path.relative_to(HERE / edition).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (HERE / edition).rglob("*")
        if path.is_file() and path.name != "index.json"
    }
    assert found == INDEX[edition]["sha256"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_card_has_its_id(edition: str) -> None:
    """The card of an edition loads under its id, and writes itself again byte for byte."""
    name = INDEX[edition]["card"]
    data = (HERE / edition / "cards" / f"{name}.json").read_bytes()
    assert Card.from_json(data, name).to_json() == data


@pytest.mark.parametrize("path", EVERY, ids=named)
def test_a_decision_is_shown_byte_for_byte(path: Path) -> None:
    """A decision reads, gives its own id, and is written again with the same bytes."""
    record = read_record(path.read_bytes())
    assert decision_id(record) == record["id"] == path.stem
    assert write_record(record) == path.read_bytes()


@pytest.mark.parametrize("path", LETTERS, ids=named)
def test_a_letter_has_its_id(path: Path) -> None:
    """A kept letter and its page give the id that they are kept under."""
    letter, page = json.loads(path.read_bytes()), path.with_suffix(".html").read_bytes()
    assert json_bytes(letter) == path.read_bytes()
    assert hashlib.sha256(path.read_bytes() + page).hexdigest() == path.stem


@pytest.mark.parametrize("path", EVERY, ids=named)
def test_a_decision_replays(path: Path) -> None:
    """A decision replays with the score that it gave; where rows read otherwise today, the mend is named."""
    edition = path.parents[1].name
    record = read_record(path.read_bytes())
    found = replay(record, CARDS[edition])
    names = [name for name, number in INDEX[edition]["what"].items() if number == record["id"]]
    expected = MENDED if edition == "first" else {}
    assert found.score == record.get("score")
    for name in names:
        assert {mend.name for mend in found.mended} >= expected.get(name, set())
        assert bool(found.mended) == (name in expected)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name[:8] + path.name[64:])
def test_a_page_is_made_again_as_it_was(path: Path) -> None:
    """The page of a frozen decision of this edition comes out byte for byte, in every language."""
    number, *after, language = path.name.removesuffix(".html").split(".")
    folder = path.parents[1] / "decisions"
    record = read_record((folder / f"{number}.json").read_bytes())
    previous = read_record((folder / f"{record['replaces']}.json").read_bytes()) if after else None
    card = json.loads(CARDS["first_aid"].to_json())
    assert person_page(record, card, language=language, previous=previous) == path.read_text("utf-8")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem[:8])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_an_older_decision_holds_its_numbers(path: Path, language: str) -> None:
    """A page made today from a record of the first edition has its score and its stored sentences."""
    record = read_record(path.read_bytes())
    page = person_page(record, json.loads(CARD.to_json()), language=language)
    said = (
        [record["refusal"]["sentence"]] if record["refusal"] else [one["text"] for one in record["reasons"]]
    )
    text = html.unescape(page)
    assert all(one[language] in text for one in said)
    assert record["refusal"] is not None or str(record["score"]) in text


WHOLE = {INDEX["first"]["what"][f"fault {name}"] for name in ("FA9", "FA10")}
"""Records in which months came or went altogether, so that every value may be another today."""

SCORED = [path for path in DECISIONS if "score" in json.loads(path.read_text("utf-8"))]
SPARED = [
    *SCORED[::4],
    *(pytest.param(one, marks=pytest.mark.slow) for one in SCORED if one not in SCORED[::4]),
]
"""A quarter of them by default, and all in the slow run, where each is set beside each."""


@pytest.mark.parametrize("path", SCORED, ids=lambda path: path.stem[:8])
@pytest.mark.parametrize("other", SPARED, ids=lambda path: path.stem[:8])
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
