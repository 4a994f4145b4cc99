"""No page, message or word for a person promises anything, whoever wrote it and in whatever language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from importlib import resources
from pathlib import Path

import pytest

from plainscore.language import LANGUAGES
from plainscore.reasons import promises

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ("pages/messages", "reasons/words")


def shown(page: str) -> str:
    """Return what a reader sees of a page."""
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style>.*?</style>", " ", page)))


def outputs() -> Iterator[tuple[str, str, str]]:
    """Yield name, language and text of everything written for a person."""
    for language in LANGUAGES:
        for folder in PACKAGE:
            file = resources.files("plainscore") / folder / f"{language}.toml"
            yield f"{folder}/{language}.toml", language, file.read_text("utf-8")
        golden = ROOT / "tests" / "pages" / "golden" / f"person_{language}.html"
        yield golden.name, language, shown(golden.read_text("utf-8"))
        name = "applicant.html" if language == "en" else f"applicant.{language}.html"
        yield name, language, shown((ROOT / "reports" / name).read_text("utf-8"))


@pytest.mark.parametrize(("name", "language", "text"), [pytest.param(*o, id=o[0]) for o in outputs()])
def test_nothing_for_a_person_promises(name: str, language: str, text: str) -> None:
    """An output says what is so, and never that anyone will be approved or a score will rise (E11)."""
    assert len(text) > 500, name
    assert promises(text, language) == ()


def test_every_page_has_every_language() -> None:
    """A language of the words is a language of the pages, and the other way round."""
    folder = resources.files("plainscore.pages") / "messages"
    assert {file.name for file in folder.iterdir()} == {f"{language}.toml" for language in LANGUAGES}
