"""Nothing that a person is told promises credit: every published page, letter and text is read for it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plainscore.reasons import LANGUAGES, promises
from plainscore.rules import Statement, load_pack, pack_ids

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*(ROOT / "reports").glob("*.html"), *(ROOT / "tests").rglob("golden/*.html")]
WORDS = sorted(path for code in LANGUAGES for path in (ROOT / "src" / "plainscore").rglob(f"*/{code}.toml"))


def shown(page: str) -> str:
    """Return what a reader sees of a page."""
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"<[^>]+>", " ", body)


def texts(table: Any) -> Iterator[str]:
    """Yield every text of a table."""
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for value in table.values():
            yield from texts(value)
    elif isinstance(table, list):
        for value in table:
            yield from texts(value)


def test_there_are_pages_and_words_to_read() -> None:
    """The pages of every kind, and the words of pages, reasons, paths and letters in three languages."""
    names = {path.name for path in PAGES}
    assert {"applicant.html", "applicant.zh.html", "calculator.es.html", "letter.html", "model.html"} <= names
    assert {path.parent.parent.name for path in WORDS} >= {"pages", "reasons", "paths", "notices"}
    assert {path.stem for path in WORDS if path.parent.parent.name == "paths"} == {"en", "es", "zh"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_page_promises(path: Path) -> None:
    """No published page and no golden one says that credit will be given or a score will rise for sure."""
    page = path.read_text("utf-8")
    language = re.search(r'<html lang="(\w\w)', page)
    assert language is not None
    assert promises(shown(page), language.group(1)) == ()


@pytest.mark.parametrize("path", WORDS, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_no_words_promise(path: Path) -> None:
    """Nor does any text that a page, a path or a letter may show."""
    found = [text for text in texts(tomllib.loads(path.read_text("utf-8"))) if promises(text, path.stem)]
    assert found == []


@pytest.mark.parametrize("pack_id", pack_ids())
def test_no_pack_promises(pack_id: str) -> None:
    """Nor do the words of the rule packs."""
    for rule in load_pack(pack_id, on=date(2026, 11, 24)).rules:
        if isinstance(rule, Statement):
            for language, text in rule.languages.items():
                assert promises(text, language) == (), rule.id
