"""A file in which words stand beside what they are about has them in every language, or is not read."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.language import LANGUAGES, UnlikeWordsError, read_worded
from plainscore.language._worded import every_language

DOCUMENT: dict[str, Any] = {
    "refusal": [
        {"code": "thin", "sentence": dict.fromkeys(LANGUAGES, "x"), "route": dict.fromkeys(LANGUAGES, "y")},
        {"code": "old", "sentence": dict.fromkeys(LANGUAGES, "x"), "route": dict.fromkeys(LANGUAGES, "y")},
    ],
    "vague": {"source": "law", "anywhere": {code: ["a", "b"] for code in LANGUAGES}},
}


def test_what_is_said_in_every_language_is_read() -> None:
    """Keys that name no language are left alone."""
    every_language("room/file.toml", DOCUMENT)
    assert len(read_worded("plainscore.coverage", "refusals.toml")["refusal"]) > 5


@given(
    number=st.integers(0, 1), part=st.sampled_from(["sentence", "route"]), language=st.sampled_from(LANGUAGES)
)
def test_a_language_that_is_missing_is_named_with_its_place(number: int, part: str, language: str) -> None:
    """Whichever text is missing, the sentence says where to write it."""
    document = deepcopy(DOCUMENT)
    del document["refusal"][number][part][language]
    with pytest.raises(UnlikeWordsError) as refused:
        every_language("room/file.toml", document)
    assert str(refused.value).startswith(
        f"room/file.toml has no refusal[{number}].{part}.{language}. Write it"
    )


def test_a_language_that_nobody_speaks_is_named_with_its_place() -> None:
    """One more language in one place is a slip, or the beginning of a file of words."""
    document = deepcopy(DOCUMENT)
    document["vague"]["anywhere"]["fr"] = ["c"]
    with pytest.raises(UnlikeWordsError, match=r"has vague\.anywhere\.fr, and only en, es, zh are spoken"):
        every_language("room/file.toml", document)
