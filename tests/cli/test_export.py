"""`plainscore export` writes the workspace's own card, in every form."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from plainscore.scorecard import Card


def card_at(root: Path) -> Card:
    """Read the card of a workspace."""
    return Card.from_json((root / "model" / "scorecard.json").read_bytes())


def test_each_form_is_written_and_named(
    run: Callable[..., Any], small_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an output file the form gives the name, and the terminal says what was written."""
    monkeypatch.chdir(tmp_path)
    for form in ("sql", "pmml", "json", "schema", "excel", "python"):
        said = run("export", "-w", small_root, "-f", form)
        assert said.status == 0, said.err
        assert card_at(small_root).id[:12] in said.out
    assert (tmp_path / "scorecard.json").read_bytes() == (
        small_root / "model" / "scorecard.json"
    ).read_bytes()
    assert ElementTree.parse(tmp_path / "card.pmml").getroot().get("version") == "4.4"
    assert json.loads((tmp_path / "card.schema.json").read_text("utf-8"))["title"] == "Plainscore scorecard"
    assert "xl/workbook.xml" in zipfile.ZipFile(tmp_path / "card.xlsx").namelist()
    scorer: dict[str, Any] = {}
    exec((tmp_path / "card_score.py").read_text("utf-8"), scorer)
    nothing = dict.fromkeys(one.id for one in card_at(small_root).characteristics)
    assert scorer["score"](nothing) == card_at(small_root).score_one(nothing)


def test_sql_of_a_dialect_goes_to_the_terminal(run: Callable[..., Any], small_root: Path) -> None:
    """A dialect, a table and keys are passed on, and `-` is the terminal."""
    more = ("--dialect", "spark", "--table", "risk.cases", "--key", "id", "-o", "-")
    said = run("export", "-w", small_root, "-f", "sql", *more)
    assert said.status == 0, said.err
    assert "FROM risk.cases" in said.out
    assert "`score`" in said.out


def test_an_unknown_dialect_is_a_sentence(run: Callable[..., Any], small_root: Path) -> None:
    """A dialect that does not exist ends in one sentence that lists those that do."""
    said = run("export", "-w", small_root, "-f", "sql", "--dialect", "cobol")
    assert said.status == 1
    assert "no SQL dialect 'cobol'" in said.err
    assert "Traceback" not in said.err
