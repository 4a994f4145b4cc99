"""What a page says of data, contesting and an earlier score, where there is a score and where not."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from html import unescape
from itertools import product
from typing import Any

import pytest

from plainscore.language import LANGUAGES
from plainscore.pages import Lender, person_page
from plainscore.pages._language import Language

Json = dict[str, Any]
Read = Callable[[str], Any]
DATA = ("data_text", "data_text_seen", "data_text_none")
OF_A_SCORE = ("intro", "what_sum", "next_aside", "next_again")
OF_NONE = ("intro_refused", "next_renewed")


def seen(read: Read, page: str) -> str:
    """Return the text of a page with single spaces."""
    return re.sub(r"\s+", " ", read(page).text)


def bare(decision: Json) -> Json:
    """Return a decision none of whose reasons lists a record."""
    made = deepcopy(decision)
    for reason in made["reasons"]:
        reason["evidence"] |= {"kind": "absence", "records": []}
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("accounts", [None, 0, 1, 4])
@pytest.mark.parametrize("kind", ["scored", "no records listed", "no reasons", "refused"])
def test_a_page_says_what_is_so_of_the_data(
    decision: Json, refusal: Json, card: Json, read: Read, kind: str, accounts: int | None, language: str
) -> None:
    """Records are said to be on the page where some are, to exist where some were seen, else not at all."""
    record = {
        "scored": deepcopy(decision),
        "no records listed": bare(decision),
        "no reasons": decision | {"reasons": []},
        "refused": deepcopy(refusal),
    }[kind]
    if kind == "refused" and accounts is None:
        record["coverage"] = None
    elif accounts is not None:
        record["coverage"] = (record.get("coverage") or decision["coverage"]) | {"accounts": accounts}
    some = (record["coverage"] or {"accounts": 0})["accounts"] > 0
    told = "data_text" if kind == "scored" else "data_text_seen" if some else "data_text_none"
    text, words = seen(read, person_page(record, card, language=language)), Language(language)
    # The longer of two that begin alike is the one that is said.
    assert [key for key in DATA if f"{words.t(f'about.{key}')} {words.t('about.fairness')}" in text] == [told]
    assert (words.t("about.heading_refused") in text) == (kind == "refused")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_speaks_of_a_score_that_is_not(
    decision: Json, refusal: Json, card: Json, read: Read, language: str
) -> None:
    """What can be done about a score, or told to those who had it, is said only where there is or was one."""
    words = Language(language)
    for after, before in product((decision, refusal), (None, decision, refusal)):
        text = seen(read, person_page(after, card, previous=before, language=language))
        scored = not after.get("refusal")
        assert all((words.t(f"contest.{key}") in text) == scored for key in OF_A_SCORE)
        assert all((words.t(f"contest.{key}") in text) != scored for key in OF_NONE)
        told = 0 if before is None or before.get("refusal") else 1
        assert text.count(words.t("changes.told")) == told + scored  # a scored page says it of this score too
        assert (words.t("changes.kept") in text) == (before is not None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_consent_names_the_lender_that_it_was_given_to(
    decision: Json, card: Json, read: Read, language: str
) -> None:
    """The case's own recipient has the lender's name; any other keeps its own."""
    mine = decision | {"case": decision["case"] | {"recipient_id": "lender-1"}}
    given = [decision["consents"][0] | {"recipient_id": name} for name in ("lender-1", "lender-2")]
    page = person_page(mine | {"consents": given}, card, language=language, lender=Lender(name="First Bank"))
    text, label = seen(read, page), Language(language).t("consents.lender")
    assert f"{label} First Bank" in text
    assert f"{label} lender-2" in text
    assert "lender-1" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_short_sets_the_points_apart(decision: Json, card: Json, language: str) -> None:
    """The sentence and the points that it cost stand apart, by the marks of the language."""
    words, first = Language(language), decision["reasons"][0]
    cost = words.points("reasons.cost", first["lost"])
    mark = f"{words.mark('gap')}{words.mark('open')}{cost}{words.mark('close')}"
    page = person_page(decision, card, language=language)
    assert f"{words.text(first['text'])}{mark}" in unescape(re.sub(r"<[^>]+>", "", page))
