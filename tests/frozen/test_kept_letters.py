"""Letters of earlier editions come back as they were kept: record, page and id."""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from editions import LETTERS, edition_of, named, record_at

from plainscore.casework._letters_kept import letter_row
from plainscore.pages import letter_page
from plainscore.workspace import AlteredLetterError, UnknownLetterError, Workspace


@pytest.mark.parametrize("path", LETTERS, ids=named)
def test_a_letter_has_its_id(path: Path) -> None:
    """A letter's id is the hash of its record and its page, byte after byte."""
    page = path.with_suffix(".html").read_bytes()
    assert hashlib.sha256(path.read_bytes() + page).hexdigest() == path.stem
    assert json.loads(path.read_bytes())["schema"] == "plainscore/notice/1"


@pytest.mark.parametrize("path", LETTERS, ids=named)
def test_a_letter_is_read_as_it_was_kept(path: Path, kept: Path) -> None:
    """Its record and its page are those that were sent, whatever a letter of today would say."""
    letter = Workspace.open(kept).letter(path.stem[:8])
    assert letter.id == path.stem
    assert letter.record == json.loads(path.read_bytes())
    assert letter.data == path.read_bytes()
    assert letter.page.encode() == path.with_suffix(".html").read_bytes()


@pytest.mark.parametrize("path", LETTERS, ids=named)
def test_a_letter_is_about_a_kept_decision(path: Path) -> None:
    """The decision that a letter names is kept with it, and gave the score that the letter says."""
    letter = json.loads(path.read_bytes())
    decision = record_at(edition_of(path), letter["decision_id"])
    assert letter["card_id"] == decision["card_id"]
    if "score" in letter["fields"]:
        assert letter["fields"]["score"] == decision["score"]


def shown(page: str) -> str:
    """Return what a reader sees of a page, on one line."""
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S)
    return " ".join(html.unescape(text).split())


@pytest.mark.parametrize("path", LETTERS, ids=named)
def test_a_letter_laid_out_today_says_the_same(path: Path) -> None:
    """What today's page would show of a kept record are its own sentences, not words of today."""
    letter = json.loads(path.read_bytes())
    page = shown(letter_page(letter))
    said = [letter["title"], letter["records"], letter["appeal"]]
    said += [one["text"] for one in letter["statements"]]
    said += [text for name in ("principal_reasons", "key_factors") for text in letter["fields"].get(name, ())]
    for text in said:
        for line in filter(None, text.split("\n")):
            assert " ".join(line.split()) in page
            assert " ".join(line.split()) in shown(path.with_suffix(".html").read_text("utf-8"))


def test_letters_are_listed_by_day(kept: Path) -> None:
    """All letters of all editions are listed, each once, the oldest first."""
    found = Workspace.open(kept).kept_letters()
    assert [one.id for one in found] != sorted(path.stem for path in LETTERS)
    assert sorted(one.id for one in found) == sorted(path.stem for path in LETTERS)
    days = [str(one.record["fields"]["letter_date"]) for one in found]
    assert days == sorted(days)


@pytest.mark.parametrize("part", ["record", "page"])
def test_a_letter_that_does_not_give_its_id_is_not_shown(own: Path, part: str) -> None:
    """A letter whose record or page is another than its id says is named and not shown; the others are."""
    path = LETTERS[0]
    record, page = path.read_bytes(), path.with_suffix(".html").read_text("utf-8")
    workspace = Workspace.open(own)
    decision = workspace.decision(json.loads(record)["decision_id"])
    person = decision.record["case"]["subject_id"]
    row = letter_row(person, decision.id, record + b" " * (part == "record"), page + " " * (part == "page"))
    altered = replace(row, id=hashlib.sha256(b"another").hexdigest())
    with workspace.records().change(people=[person]) as change:
        change.add(altered)
    with pytest.raises(AlteredLetterError, match=f"Letter {altered.id[:12]} was changed"):
        workspace.letter(altered.id)
    with pytest.raises(AlteredLetterError):
        workspace.kept_letters()
    assert workspace.letter(path.stem).page == page


@pytest.mark.parametrize("asked", ["", "abc", "../../x", "0" * 64, "zzzzzzzz"])
def test_an_unknown_letter_is_said_to_be_unknown(kept: Path, asked: str) -> None:
    """An id that no letter has, or that is none, is refused in a sentence."""
    with pytest.raises(UnknownLetterError, match="`plainscore letters` lists them"):
        Workspace.open(kept).letter(asked)
