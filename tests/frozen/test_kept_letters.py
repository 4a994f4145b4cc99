"""Letters of earlier editions come back as they were kept: record, page and id."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from pathlib import Path

import pytest
from editions import EDITIONS, FROZEN, LETTERS, edition_of, named, record_at

from plainscore.pages import letter_page
from plainscore.workspace import AlteredLetterError, UnknownLetterError, kept_letters, read_letter


@pytest.mark.parametrize("path", LETTERS, ids=named)
def test_a_letter_has_its_id(path: Path) -> None:
    """A letter's id is the hash of its record and its page, byte after byte."""
    page = path.with_suffix(".html").read_bytes()
    assert hashlib.sha256(path.read_bytes() + page).hexdigest() == path.stem
    assert json.loads(path.read_bytes())["schema"] == "plainscore/notice/1"


@pytest.mark.parametrize("path", LETTERS, ids=named)
def test_a_letter_is_read_as_it_was_kept(path: Path) -> None:
    """Its record and its page are those that were sent, whatever a letter of today would say."""
    letter = read_letter(path.parent, path.stem[:8])
    assert letter.id == path.stem
    assert letter.record == json.loads(path.read_bytes())
    assert letter.page.encode() == path.with_suffix(".html").read_bytes()
    assert letter.file == path


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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the letters of every edition, to break."""
    for edition in EDITIONS:
        shutil.copytree(FROZEN / edition / "letters", tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_letters_are_listed_by_day(folder: Path) -> None:
    """All letters of all editions are listed, each once, the oldest first."""
    found = kept_letters(folder)
    assert [one.id for one in found] != sorted(path.stem for path in LETTERS)
    assert sorted(one.id for one in found) == sorted(path.stem for path in LETTERS)
    days = [str(one.record["fields"]["letter_date"]) for one in found]
    assert days == sorted(days)
    assert kept_letters(folder / "none") == ()


@pytest.mark.parametrize("ending", ["json", "html"])
@pytest.mark.parametrize("change", ["a byte more", "gone"])
def test_a_changed_letter_is_not_shown(folder: Path, ending: str, change: str) -> None:
    """A letter whose record or page is another, or is missing, is named and not shown."""
    path = folder / f"{LETTERS[0].stem}.{ending}"
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(AlteredLetterError, match=f"Letter {path.stem[:12]} "):
        read_letter(folder, path.stem)
    with pytest.raises(AlteredLetterError):
        kept_letters(folder)
    assert read_letter(folder, LETTERS[1].stem).id == LETTERS[1].stem


@pytest.mark.parametrize("asked", ["", "abc", "../../x", "0" * 64, "zzzzzzzz"])
def test_an_unknown_letter_is_said_to_be_unknown(folder: Path, asked: str) -> None:
    """An id that no letter has, or that is none, is refused in a sentence."""
    with pytest.raises(UnknownLetterError):
        read_letter(folder, asked)
