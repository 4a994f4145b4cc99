"""The files of words as they lie in the rooms: every language says the same things, in its own words."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import plainscore
from plainscore.coverage import REFUSALS
from plainscore.language import LANGUAGES, Catalogue, counted, read_worded

SOURCE = Path(plainscore.__file__).parent
FOLDERS = sorted(str(file.parent.relative_to(SOURCE)) for file in SOURCE.rglob("en.toml"))
SPEAKING = {"language/words", "reasons/words", "whatif/words", "notices/words", "pages/messages"}
WORDED = {"coverage": "refusals.toml", "reasons": "lint.toml"}
MAY_BE_NOTHING = {"mark.gap"}
"""Chinese has no space between sentences."""


def catalogue_of(folder: str) -> Catalogue:
    """Return the catalogue of a folder of words."""
    room, name = folder.split("/")
    return Catalogue(f"plainscore.{room}", name)


def flat(texts: Any) -> Iterator[tuple[str, str]]:
    """Yield every text of a language with its key, and those of a list with their places."""
    for group, held in texts.items():
        for name, text in held.items():
            if isinstance(text, str):
                yield f"{group}.{name}", text
            else:
                yield from ((f"{group}.{name}[{place}]", one) for place, one in enumerate(text))


def holes(text: str) -> list[str]:
    """Return the placeholders of a text, sorted."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_the_rooms_that_speak_are_these() -> None:
    """Every folder of words is known by name, so that none is left out below."""
    assert set(FOLDERS) == SPEAKING


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_room_that_speaks_speaks_every_language(folder: str) -> None:
    """The list of languages is that of this room; every other has a file in each, and none more."""
    found = {file.stem for file in (SOURCE / folder).iterdir()}
    assert found == set(LANGUAGES) == {"en", "es", "zh"}
    assert tuple(catalogue_of(folder).texts) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_language_has_the_same_texts_with_the_same_placeholders(folder: str, language: str) -> None:
    """A language has the keys of English, in the same order, and their placeholders, and nothing empty."""
    texts = catalogue_of(folder).texts
    english, other = dict(flat(texts["en"])), dict(flat(texts[language]))
    assert list(other) == list(english)
    for key, text in other.items():
        assert holes(text) == holes(english[key]), key
        assert text.strip() or (text and key.startswith("mark.")) or key in MAY_BE_NOTHING, key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_count_has_a_form_for_one(folder: str, language: str) -> None:
    """A text with ``{count}`` has a form for one, and every form for one a text for many."""
    texts = dict(flat(catalogue_of(folder).texts[language]))
    for key, text in texts.items():
        if "count" in holes(text) and not key.endswith("_one"):
            assert counted(key, 1) in texts, key
        if key.endswith("_one"):
            assert key.removesuffix("_one") in texts, key


@pytest.mark.parametrize("room", WORDED)
def test_words_beside_things_are_read_in_every_language(room: str) -> None:
    """The refusals and the linter's lists are whole in every language, or they would not be read."""
    assert read_worded(f"plainscore.{room}", WORDED[room])


def test_every_refusal_is_said_in_every_language() -> None:
    """Why there is no score, and where to turn, is there in every language that the reasons have."""
    for one in REFUSALS.values():
        assert set(one.sentence) == set(one.route) == set(LANGUAGES), one.code
