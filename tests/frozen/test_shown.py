"""The commands show what earlier editions kept as they kept it, and never call it altered."""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from editions import (
    APPEALS,
    DECISIONS,
    LETTERS,
    edition_of,
    mends_of,
    named,
    put_records,
    record_at,
    stored_texts,
)

from plainscore.workspace import Workspace

Say = Callable[..., str]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Say:
    """Run a command that must succeed, and return the bytes of its standard output as text."""
    from plainscore.cli import main

    def running(*words: object) -> str:
        monkeypatch.setattr(sys, "argv", ["plainscore", *map(str, words)])
        monkeypatch.setenv("COLUMNS", "200")
        capfdbinary.readouterr()
        main()
        return capfdbinary.readouterr().out.decode()

    return running


@pytest.mark.parametrize("path", DECISIONS, ids=named)
def test_decisions_shows_the_bytes(say: Say, kept: Path, path: Path) -> None:
    """`plainscore decisions ID --json` prints the file of a decision, byte for byte."""
    assert say("decisions", path.stem[:12], "--json", "-w", kept).encode() == path.read_bytes()


@pytest.mark.parametrize("path", LETTERS, ids=named)
def test_letters_shows_the_bytes(say: Say, kept: Path, tmp_path: Path, path: Path) -> None:
    """`plainscore letters ID` prints the record of a letter and writes its page, byte for byte."""
    page = tmp_path / "letter.html"
    assert say("letters", path.stem[:12], "--json", "--html", page, "-w", kept).encode() == path.read_bytes()
    assert page.read_bytes() == path.with_suffix(".html").read_bytes()
    letter, said = json.loads(path.read_bytes()), say("letters", path.stem[:12], "-w", kept)
    told = [letter["title"], letter["appeal"], *(one["text"] for one in letter["statements"])]
    told += [text for name in ("principal_reasons", "key_factors") for text in letter["fields"].get(name, ())]
    assert [text for text in told if text not in said] == []


def test_everything_is_listed(say: Say, kept: Path) -> None:
    """The lists of decisions, letters and appeals name every record of every edition."""
    for command, paths, digits in (
        (("decisions",), DECISIONS, 12),
        (("letters",), LETTERS, 12),
        (("appeal", "list"), APPEALS, 16),
    ):
        said = say(*command, "-w", kept)
        assert [path.name for path in paths if path.stem[:digits] not in said] == []


@pytest.mark.parametrize("path", APPEALS, ids=named)
def test_an_appeal_is_shown_as_it_was_kept(say: Say, kept: Path, path: Path) -> None:
    """The verb returns an appeal field for field, and the list says how it ended and what it changed."""
    told = json.loads(path.read_bytes())
    appeal = Workspace.open(kept).appeal(path.stem)
    assert appeal.record == told
    (line,) = (one for one in say("appeal", "list", "-w", kept).splitlines() if path.stem in one)
    assert told["status"] in line
    assert told["decision_id"][:12] in line
    for renewed in told["rescored"]:
        score = renewed["difference"]["score"]
        assert f"{score['before']} -> {score['after']}" in line


SPARED = [one for one in DECISIONS if mends_of(one)] + [one for one in DECISIONS if not mends_of(one)][::6]


@pytest.mark.parametrize("path", SPARED, ids=named)
def test_replay_names_the_mend(say: Say, kept: Path, path: Path) -> None:
    """`plainscore replay ID` says the score or refusal of the record, and each fault mended since."""
    record = record_at(edition_of(path), path.stem)
    said = say("replay", path.stem[:12], "-w", kept)
    outcome = f"refusal {record['refusal']['code']}" if record["refusal"] else f"score {record['score']}"
    assert said.startswith(f"Decision {path.stem[:12]} replays: {outcome}, ")
    assert set(re.findall(r"^  (\w+): ", said, re.M)) >= mends_of(path)
    assert ("Mended since:" in said) == bool(mends_of(path))
    assert not re.search(r"alter|chang", said)


@pytest.mark.parametrize("path", [one for one in APPEALS if b'"upheld"' in one.read_bytes()], ids=named)
def test_the_page_of_an_appeal_is_written_from_what_is_kept(say: Say, own: Path, path: Path) -> None:
    """`plainscore appeal page ID` writes before and after with the sentences that both records store."""
    say("appeal", "page", path.stem, "-w", own)
    for renewed in json.loads(path.read_bytes())["rescored"]:
        page = own / "data" / "appeals" / f"{path.stem}-{renewed['after'][:12]}.html"
        text = html.unescape(re.sub(r"<[^>]+>", " ", page.read_text("utf-8")))
        after = record_at(edition_of(path), renewed["after"])
        assert [one for one in stored_texts(after, "en") if one not in text] == []
        assert {str(score) for score in renewed["difference"]["score"].values()} <= set(
            re.findall(r"\d+", text)
        )


@pytest.mark.slow
def test_verify_holds_and_names_the_mends(small: Path) -> None:
    """`plainscore verify` finds nothing wrong with any kept record, and names what was mended since."""
    put_records(small)
    workspace = Workspace.open(small)
    workspace.upgrade()
    found = workspace.verify()
    assert [(check.what, check.found) for check in found.differs] == []
    said = {check.what for check in found.checks}
    for path in DECISIONS:
        (line,) = (one for one in said if one.startswith(f"decision {path.stem[:12]} replays"))
        assert all(mend in line for mend in mends_of(path))
        assert ("mended since" in line) == bool(mends_of(path))
    assert f"letters are as they were written ({len(LETTERS)})" in said
