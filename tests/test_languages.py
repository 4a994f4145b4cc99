"""The languages that are spoken: one list, and a file of words for each in every room that speaks."""

from __future__ import annotations

from importlib import resources

import pytest

from plainscore.coverage import REFUSALS
from plainscore.reasons import LANGUAGES

SPEAKING = {"reasons": "words", "whatif": "words", "notices": "words", "pages": "messages"}


@pytest.mark.parametrize("room", SPEAKING)
def test_every_room_that_speaks_speaks_every_language(room: str) -> None:
    """A language that reasons are written in has a file in every other room, and no room has one more."""
    folder = resources.files(f"plainscore.{room}") / SPEAKING[room]
    found = {one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml")}
    assert found == set(LANGUAGES)


def test_every_refusal_is_said_in_every_language() -> None:
    """Why there is no score, and where to turn, is there in every language that the reasons have."""
    for one in REFUSALS.values():
        assert set(one.sentence) == set(one.route) == set(LANGUAGES), one.code
