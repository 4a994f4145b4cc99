"""What earlier editions wrote is never written again, and is read as it was."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from editions import (
    CARDS,
    DECISIONS,
    EDITIONS,
    FROZEN,
    INDEX,
    LATEST,
    card_record,
    edition_of,
    mends_of,
    named,
    put_all,
    record_at,
    stored_numbers,
    stored_texts,
)
from examples import sooner
from ledgers import opening_once

from plainscore.decisions import ReplayError, decision_id, read_record, replay, write_record
from plainscore.language import LANGUAGES
from plainscore.notices import read_facts
from plainscore.pages import person_page
from plainscore.scorecard import Card
from plainscore.validation import Calibration
from plainscore.workspace import Workspace

FIRST, CARD = FROZEN / "first", CARDS["first"]
UNTOUCHED = {one.id for one in CARD.characteristics if one.id.startswith(("use_", "age_", "full_"))}
"""Characteristics of the card that no mend but one of consent or closure can change: balances and ages."""

OF_THE_FIRST = sorted((FIRST / "decisions").glob("*.json"))
PAGES = sorted((FROZEN / "first_aid" / "pages").glob("*.html"))


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_file_is_as_it_was_written(edition: str) -> None:
    """No file was changed, added or taken away since it was frozen."""
    found = {
        path.relative_to(FROZEN / edition).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (FROZEN / edition).rglob("*")
        if path.is_file() and path.name != "index.json"
    }
    assert found == INDEX[edition]["sha256"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_named_is_there(edition: str) -> None:
    """Each thing that the index names is a file, and each record that is kept has a name."""
    held = {
        path.stem
        for kind in ("decisions", "letters", "appeals")
        for path in (FROZEN / edition / kind).glob("*.json")
    }
    said = set(INDEX[edition]["what"].values())
    assert said <= held
    assert {one for one in held - said if len(one) == 64} == set()  # appeals of early editions have no name


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_card_has_its_id(edition: str) -> None:
    """The card of an edition loads under its id, and writes itself again byte for byte."""
    name = INDEX[edition]["card"]
    data = (FROZEN / edition / "cards" / f"{name}.json").read_bytes()
    assert hashlib.sha256(data).hexdigest() == name
    assert json.loads(data)["schema"] == "plainscore/card/1"
    assert Card.from_json(data, name).to_json() == data


def test_the_files_beside_a_card_are_read(tmp_path: Path) -> None:
    """Recipe, lender's facts and calibration that were frozen are read, and the calibration gives its PD."""
    workspace = Workspace.open(put_all(tmp_path))
    assert workspace.recipe.name == workspace.card.name
    assert workspace.recipe.scale.cut_off == 640
    assert read_facts(workspace.model / "lender.toml").text("creditor_name", "es") == "Sample Lender"
    record = record_at(LATEST, INDEX[LATEST]["what"]["example"])
    calibration = Calibration.from_json(json.loads((workspace.model / "calibration.json").read_bytes()))
    assert calibration.pd_text(record["score"]) == tuple(record[name] for name in ("pd", "pd_low", "pd_high"))


@pytest.mark.parametrize("path", DECISIONS, ids=named)
def test_a_decision_is_shown_byte_for_byte(path: Path) -> None:
    """A decision reads, gives its own id, and is written again with the same bytes."""
    record = read_record(path.read_bytes())
    assert decision_id(record) == record["id"] == path.stem
    assert write_record(record) == path.read_bytes()


@pytest.mark.parametrize("path", sooner(DECISIONS, 4, also=lambda path: bool(mends_of(path))), ids=named)
def test_a_decision_replays(path: Path) -> None:
    """A decision replays with the score that it gave; where rows read otherwise today, the mend is named."""
    record = read_record(path.read_bytes())
    found = replay(record, CARDS[edition_of(path)])
    expected = mends_of(path)
    assert found.score == record.get("score")
    assert {mend.name for mend in found.mended} >= expected
    assert bool(found.mended) == bool(expected)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name[:8] + path.name[64:])
def test_a_page_is_made_again_as_it_was(path: Path) -> None:
    """The page of a frozen decision of this edition comes out byte for byte, in every language."""
    number, *after, language = path.name.removesuffix(".html").split(".")
    record = record_at("first_aid", number)
    previous = record_at("first_aid", record["replaces"]) if after else None
    again = person_page(record, card_record("first_aid"), language=language, previous=previous)
    assert again == path.read_text("utf-8")


@pytest.mark.parametrize("path", DECISIONS, ids=named)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_an_older_decision_holds_its_numbers(path: Path, language: str) -> None:
    """A page made today may be laid out anew; its sentences and numbers are those that the record stores."""
    record = read_record(path.read_bytes())
    page = person_page(record, card_record(edition_of(path)), language=language)
    text = html.unescape(re.sub(r"<(style|script)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S))
    assert [one for one in stored_texts(record, language) if one not in text] == []
    shown = Counter(map(int, re.findall(r"\d+", text)))
    assert Counter(stored_numbers(record)) - shown == Counter()


@pytest.fixture(scope="module")
def replays_open_once() -> Iterator[None]:
    """Open the ledger of a record once for all that is forged of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("plainscore.decisions._replay.open_history", opening_once())
        yield


WHOLE = {INDEX["first"]["what"][f"fault {name}"] for name in ("FA9", "FA10")}
"""Records in which months came or went altogether, so that every value may be another today."""

SCORED = [path for path in OF_THE_FIRST if "score" in json.loads(path.read_text("utf-8"))]
SPARED = [
    *SCORED[::4],
    *(pytest.param(one, marks=pytest.mark.slow) for one in SCORED if one not in SCORED[::4]),
]
"""A quarter of them by default, and all in the slow run, where each is set beside each."""


@pytest.mark.usefixtures("replays_open_once")
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


@pytest.mark.usefixtures("replays_open_once")
@pytest.mark.parametrize("path", sooner(OF_THE_FIRST, 3), ids=lambda path: path.stem[:8])
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
