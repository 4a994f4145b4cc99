"""Nothing that a person is told promises credit, or that keeping records back costs nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plainscore.coverage import REFUSALS
from plainscore.language import LANGUAGES
from plainscore.reasons import promises
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
    """The pages of every kind, and the words of pages, reasons, what-if and letters in three languages."""
    names = {path.name for path in PAGES}
    assert {"applicant.html", "applicant.zh.html", "calculator.es.html", "letter.html", "model.html"} <= names
    assert {path.parent.parent.name for path in WORDS} >= {"pages", "reasons", "whatif", "notices"}
    assert {path.stem for path in WORDS if path.parent.parent.name == "whatif"} == {"en", "es", "zh"}


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


WITHDRAWN = {
    "en": "Keeping it back never costs points. This does not count against you. Not sharing costs no points.",
    "es": "No compartirlo nunca quita puntos. No compartirlos no resta puntos. Esto no cuenta en su contra.",
    "zh": "不共享某条记录，绝不扣分。不共享不会扣分。这不会对您不利。",
}
TEXTS = [
    ROOT / "README.md",
    *(ROOT / "data").glob("*.md"),
    *(ROOT / "src" / "plainscore" / "pages" / "templates").glob("*.j2"),
    *(ROOT / "src").rglob("*.py"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_once_said_of_withholding_is_a_promise(language: str) -> None:
    """Each sentence that was withdrawn is found in its language, so that none comes back."""
    for sentence in re.findall(r"[^.。]+[.。]", WITHDRAWN[language]):
        assert promises(sentence, language), sentence


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_promises_that_withholding_costs_nothing(path: Path) -> None:
    """README, data pages, templates and docstrings keep to the same: what is kept back is not counted."""
    text = path.read_text("utf-8")
    found = [phrase for phrase in promises(text, "en") if "point" in phrase or "against" in phrase]
    assert found == []


def test_no_refusal_promises() -> None:
    """Nor does the sentence or the route of any refusal, in any language."""
    for refusal in REFUSALS.values():
        for words in (refusal.sentence, refusal.route):
            assert {language: promises(text, language) for language, text in words.items()} == dict.fromkeys(
                words, ()
            )


@pytest.mark.parametrize("pack_id", pack_ids())
def test_no_pack_promises(pack_id: str) -> None:
    """Nor do the words of the rule packs."""
    for rule in load_pack(pack_id, on=date(2026, 11, 24)).rules:
        if isinstance(rule, Statement):
            for language, text in rule.languages.items():
                assert promises(text, language) == (), rule.id
