"""A new field, another order or other wording in the code changes nothing that is kept."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from editions import (
    APPEALS,
    CARDS,
    DECISIONS,
    EDITIONS,
    INDEX,
    LETTERS,
    edition_of,
    mends_of,
    named,
    record_at,
    stored_texts,
)
from examples import sooner
from hypothesis import given
from hypothesis import strategies as st

import plainscore
from plainscore.casework._kept_appeals import appeal_row, opened_appeal
from plainscore.decisions import decision_id, read_record, replay, stored_ledger, write_record
from plainscore.language import LANGUAGES
from plainscore.ledger import TABLES, Column
from plainscore.records import Kept

SOURCE = Path(plainscore.__file__).parent
SOME = [
    path
    for path in DECISIONS
    if mends_of(path) or path.stem in {INDEX[name]["what"].get("in dispute") for name in EDITIONS}
]
"""Decisions that a change of reading would touch first: those mended since, and those in dispute."""

MORE = {"later": {"note": "x", "list": [1, None, {"en": "y"}]}, "a_first_key": 0}
"""What a later edition might write beside what is there."""


def grown(value: Any) -> Any:
    """Return a record with a field that nobody knows in every object of it."""
    if isinstance(value, dict):
        return {**{key: grown(each) for key, each in value.items()}, "later": None}
    return [grown(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", sooner(SOME, 3), ids=named)
def test_a_field_that_is_not_known_is_kept(path: Path) -> None:
    """A record with more fields than this edition knows keeps them, keeps its id and replays."""
    record = {**grown(read_record(path.read_bytes())), **MORE}
    record["id"] = decision_id(record)
    data = write_record(record)
    assert read_record(data) == record
    assert write_record(read_record(data)) == data
    found = replay(record, CARDS[edition_of(path)])
    assert found.score == record.get("score")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)


@given(content=st.dictionaries(texts, values, max_size=6))
def test_whatever_a_record_holds_it_is_written_again_as_it_was(content: dict[str, Any]) -> None:
    """Reading and writing is the same bytes for any content at all, in any order of its keys."""
    record = {**content, "schema": "plainscore/decision/1"}
    record["id"] = decision_id(record)
    data = write_record(record)
    assert write_record(read_record(data)) == data
    assert write_record(dict(reversed(record.items()))) == data


@pytest.mark.parametrize("path", APPEALS, ids=named)
def test_an_appeal_keeps_what_is_not_known(path: Path) -> None:
    """An appeal with more fields is read and put back with every one of them."""
    appeal: Any = {"subject_id": "S1", **grown(json.loads(path.read_bytes())), **MORE}
    row = appeal_row(appeal)
    moment = datetime(2026, 1, 31, tzinfo=UTC)
    kept = Kept(kind="appeal", id=row.id, version=1, moment=moment, erased=None, columns={}, body=row.body)
    assert opened_appeal(kept).record == appeal
    assert appeal_row(opened_appeal(kept).record) == row


@pytest.mark.parametrize("path", sooner(SOME, 3), ids=named)
def test_a_new_column_of_the_contract_changes_no_replay(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a column more in every table, and tables and columns in another order, a replay is the same."""
    record, card = read_record(path.read_bytes()), CARDS[edition_of(path)]
    before = replay(record, card)
    later = Column("later", pa.string(), required=False, says="What a later edition holds.")
    for name, table in TABLES.items():
        monkeypatch.setitem(TABLES, name, replace(table, columns=(later, *reversed(table.columns))))
    assert stored_ledger(record).table("statements").schema.names[0] == "later"
    after = replay(record, card)
    assert (after.score, after.values, after.mended) == (before.score, before.values, before.mended)


# The same package with every sentence reworded, every page laid out anew and the catalogue in another order.

SHOW = """
import contextlib, io, json, sys, warnings
from pathlib import Path
from plainscore.cli import main
from plainscore.decisions import read_record
from plainscore.pages import person_page
root, asked = sys.argv[1], json.loads(sys.stdin.read())
said = []
for words in asked["commands"]:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    sys.argv = ["plainscore", *words, "-w", root]
    with contextlib.redirect_stdout(out):
        main()
    out.flush()
    said.append(out.buffer.getvalue().decode())
pages = [
    person_page(read_record(Path(path).read_bytes()), json.loads(Path(card).read_bytes()), language=language)
    for path, card, language in asked["pages"]
]
print(json.dumps({"said": said, "pages": pages}))
"""


def reworded(folder: Path) -> Path:
    """Copy the package with other words: each sentence begins with ``ZZ``, and the last entry comes first."""
    copy = Path(shutil.copytree(SOURCE, folder / "plainscore", ignore=shutil.ignore_patterns("__pycache__")))
    for path in copy.rglob("*.toml"):
        if path.parent.name in ("words", "messages"):
            keys = r'[\w."]+'
        elif path.name in ("catalogue.toml", "refusals.toml"):
            keys = r"\w+\.(?:en|es|zh)"
        else:
            continue
        text = path.read_text("utf-8")
        sentence = rf'^({keys} = ")(?=[^"]{{12,}})(?=[^{{"])'
        path.write_text(re.sub(sentence, r"\1ZZ ", text, flags=re.M), "utf-8")
    catalogue = copy / "characteristics" / "catalogue.toml"
    head, *entries = catalogue.read_text("utf-8").split("[[entry]]\n")
    catalogue.write_text(
        "[[entry]]\n".join([head, *(one.rstrip() + "\n\n" for one in reversed(entries))]), "utf-8"
    )
    for path in copy.rglob("*.html.j2"):
        path.write_text(path.read_text("utf-8").replace("<body", "<body data-laid-out='anew'"), "utf-8")
    return folder


def shown_by(package: Path, root: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what a copy of the package prints, and the pages that it makes."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW, str(root)],
        input=json.dumps(asked),
        env={**os.environ, "PYTHONPATH": str(package), "PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_other_words_change_nothing_that_is_kept(kept: Path, tmp_path: Path, step: int) -> None:
    """Under reworded texts, decisions, letters, appeals and replays are shown as under today's."""
    package = reworded(tmp_path / "copy")
    letters = LETTERS[::step]
    pages = tmp_path / "letters"
    pages.mkdir()
    commands = [
        *(["decisions", path.stem[:12], "--json"] for path in DECISIONS[::4]),
        *(["letters", path.stem[:12], "--json"] for path in letters),
        *(["letters", path.stem[:12], "--html", f"{pages}/{path.stem}.html"] for path in letters),
        *(["replay", path.stem[:12]] for path in SOME[::4]),
        ["decisions"], ["letters"], ["appeal", "list"],
    ]  # fmt: skip
    told = [(path, language) for path in SOME for language in LANGUAGES][::step]
    cards = {
        name: next((path.parents[1] / "cards").glob("*.json")) for path in SOME for name in [edition_of(path)]
    }
    asked = {
        "commands": commands,
        "pages": [(str(path), str(cards[edition_of(path)]), language) for path, language in told],
    }
    found, usual = shown_by(package, kept, asked), shown_by(SOURCE.parent, kept, asked)
    assert found["said"] == usual["said"]
    texts_kept = [path.read_text("utf-8") for path in (*DECISIONS[::4], *letters)]
    assert found["said"][: len(texts_kept)] == texts_kept
    for path in letters:
        assert (pages / path.name).with_suffix(".html").read_bytes() == path.with_suffix(".html").read_bytes()
    for (path, language), page, other in zip(told, found["pages"], usual["pages"], strict=True):
        assert "ZZ " in page
        assert "data-laid-out='anew'" in page
        assert "ZZ " not in other
        record = record_at(edition_of(path), path.stem)
        text = html.unescape(page)
        assert [one for one in stored_texts(record, language) if one not in text] == []
        assert not [one for one in stored_texts(record, language) if one.startswith("ZZ ")]
