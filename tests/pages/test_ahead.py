"""The section that looks ahead: there when a path is given, in every language, safe and true."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from plainscore.language import LANGUAGES
from plainscore.pages import PageError, person_page
from plainscore.whatif import path_words

Json = dict[str, Any]


def path(**changes: Any) -> Json:
    """Return a path of two months with one step."""
    text = {"en": "Pay the 7.00 EUR.", "es": "Pague los 7,00 EUR.", "zh": "付清 7.00 EUR。"}
    made = {
        "schema": "plainscore/path/1",
        "target": 540,
        "currency": "EUR",
        "status": "path",
        "says": {"en": "It says so.", "es": "Lo dice.", "zh": "如此。"},
        "steps": [{"text": text}],
        "line": [
            {"month": 0, "date": "2025-12-31", "wait": 512, "path": 512, "extra": 0},
            {"month": 1, "date": "2026-01-31", "wait": 515, "path": 530, "extra": 700},
            {"month": 2, "date": "2026-02-28", "wait": 519, "path": 545, "extra": 0},
        ],
        "avoid": [],
        "advice": [],
        "assumptions": [path_words("assume.due"), path_words("assume.cards")],
    }
    return made | changes


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_path_in_its_language(decision: Json, card: Json, language: str) -> None:
    """Headline, steps, the line and the table by month stand on the page in the reader's language."""
    page = person_page(decision, card, language=language, path=path())
    for text in (
        path_words("row.heading"),
        path_words("row.wait"),
        path()["says"],
        path()["steps"][0]["text"],
    ):
        assert text[language] in page
    assert path_words("row.target")[language] + " 540" in page
    assert "545" in page
    assert page.count("<script") == 0


def test_without_steps_there_is_no_second_line(decision: Json, card: Json) -> None:
    """Where waiting is all there is, the page has no column of steps and no payments."""
    line = [row | {"path": None, "extra": 0} for row in path()["line"]]
    page = person_page(decision, card, path=path(line=line, steps=[], status="waiting"))
    assert path_words("row.wait")["en"] in page
    assert path_words("row.pay")["en"] not in page


def test_a_page_without_a_path_has_no_such_section(decision: Json, card: Json) -> None:
    """No path, no heading: nothing is promised that is not worked out."""
    assert path_words("row.heading")["en"] not in person_page(decision, card)


def test_texts_of_a_path_are_escaped(decision: Json, card: Json) -> None:
    """A name with markup in a step is text on the page."""
    nasty = "<script>alert(1)</script>"
    page = person_page(decision, card, path=path(steps=[{"text": {"en": nasty}}], avoid=[{"en": nasty}]))
    assert nasty not in page
    assert page.count("&lt;script&gt;") == 2


def test_another_record_is_no_path(decision: Json, card: Json) -> None:
    """A record of another kind is refused by its schema."""
    with pytest.raises(PageError, match="give a path"):
        person_page(decision, card, path=decision)


def test_reasons_against_the_best_attribute_say_so(decision: Json, card: Json) -> None:
    """Where no baseline gave a reason, the page says that points are compared with the most possible."""
    changed = deepcopy(decision)
    changed["baseline"] = {"name": "best attribute", "instead_of": "all applicants"}
    assert "the most that each factor can give" in person_page(changed, card)
    changed["reasons"] = []
    assert "Every factor gave you the most points" in person_page(changed, card)


def test_a_reason_without_recourse_is_marked(decision: Json, card: Json) -> None:
    """What a person cannot change now is said to be so, and reasons told together name their members."""
    changed = deepcopy(decision)
    changed["reasons"][0]["recourse"] = False
    changed["reasons"][1]["members"] = [
        {"label": {"en": f"Member {number}"}, "value_text": {"en": "two"}, "points": number}
        for number in (1, 2)
    ]
    page = person_page(changed, card)
    assert page.count("You cannot change this by yourself now.") == 1
    assert "Member 1" in page
    assert "they have one reason" in page
    assert page.count("Points below that average, together") == 1
