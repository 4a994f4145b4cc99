"""The calculator's page: the whole card in it, nothing from outside, and no text that can break out."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from plainscore.ledger import ARREARS
from plainscore.pages import PageError, calculator_page
from plainscore.pages._calculator_words import attribute_text, steps_text
from plainscore.pages._language import LANGUAGES, Language
from plainscore.scorecard import ALL_APPLICANTS, Baseline, Card

from ._cards import HOSTILE, any_card

ROOT = Path(__file__).resolve().parents[2]
RAW = (ROOT / "model" / "scorecard.json").read_bytes()
CARD = Card.from_json(RAW)
Read = Callable[[str], Any]


def held(page: str, name: str) -> Any:
    """Read a block of data from a page."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_attribute_is_there_with_its_points(language: str, read: Read) -> None:
    """Without script, a person finds each attribute of each characteristic, in order, with its points."""
    page = calculator_page(RAW, language=language)
    assert read(page)
    lang = Language(language)
    for at, one in enumerate(CARD.characteristics):
        rows = re.findall(rf'<tr id="r{at}-(\d+)">(.*?)</tr>', page, re.S)
        assert [int(place) for place, _ in rows] == list(range(len(one.attributes)))
        for (_, row), each in zip(rows, one.attributes, strict=True):
            text = read(f"<table>{row}</table>").text
            assert text == f"{attribute_text(one, each, lang)} {lang.signed(each.points)}"


def test_the_ranges_are_called_as_on_the_card() -> None:
    """In English a range has the card's own label, so that this table and the published one agree."""
    for one in CARD.characteristics:
        if one.unit != "class of lateness":
            said = [attribute_text(one, each, Language("en")) for each in one.bins]
            assert said == [each.label for each in one.bins]


def test_ranges_in_spanish_and_where_points_change() -> None:
    """Edges are the card's decimals in the language's own writing, and one month is not "1 meses"."""
    spanish, english = Language("es"), Language("en")
    by_id = {one.id: one for one in CARD.characteristics}
    share = by_id["paid_share"]
    # As the card has them, whichever card is published.
    edges = [f"{Decimal(str(each.to)) * 100:f}".rstrip("0").rstrip(".") for each in share.bins[:-1]]
    first, second = (edge.replace(".", ",") for edge in edges[:2])
    assert [attribute_text(share, each, spanish) for each in share.bins][:2] == [
        f"menos de {first}\u00a0%",
        f"de {first}\u00a0% a menos de {second}\u00a0%",
    ]
    *before, last = (f"{edge}%" for edge in edges)
    assert steps_text(share, english) == f"The points change at {', '.join(before)} and {last}."
    worst = by_id["worst_24"]
    assert attribute_text(worst, worst.bins[-1], english) == f"{ARREARS[int(worst.edges[-1])]} or worse"
    limited = any_card().characteristics[0]
    assert [attribute_text(limited, each, spanish) for each in limited.bins] == [
        "menos de 1 cuenta", "de 1 a menos de 2,5 cuentas", "de 2,5 a menos de 7 cuentas", "7 cuentas o más",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_inside_is_the_published_card(language: str) -> None:
    """The data in the page reads back to the card's bytes, and the page names their hash."""
    page = calculator_page(RAW, language=language)
    assert held(page, "card") == json.loads(RAW)
    assert CARD.id in page
    assert calculator_page(json.loads(RAW), language=language) == page


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_from_outside(language: str, read: Read) -> None:
    """No address, no storage, no request; the policy allows the page's own script by its hash alone."""
    page = calculator_page(RAW, language=language)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|@font-face", page.split("// Adds up")[0])
    assert not re.search(r"fetch|XMLHttp|Storage|cookie|sendBeacon|WebSocket|import\(|history\.", page)
    found = read(page)
    assert all(link["href"].startswith("#") for link in found.all("a"))
    assert not [tag for tag, _ in found.elements if tag in ("link", "img", "iframe", "object")]
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = (m["content"] for m in found.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    wanted = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert policy == f"{wanted}; form-action 'none'; base-uri 'none'"
    assert len(page.encode()) < 150_000


def test_the_script_is_for_old_phones() -> None:
    """The script has nothing newer than ES2015."""
    (script,) = re.findall(r"<script>(.*?)</script>", calculator_page(RAW), re.S)
    newer = r"\?\.|\?\?|\*\*|\basync\b|\bawait\b|\.\.\.|\.(includes|flat|flatMap|at|replaceAll|entries)\("
    assert re.findall(newer, re.sub(r"//.*", "", script)) == []


def test_a_hostile_card_stays_text(read: Read) -> None:
    """Labels, states and levels that look like markup are shown as they stand and end nothing."""
    for language in LANGUAGES:
        page = calculator_page(any_card(grid=True).to_json(), language=language)
        assert "<b>" not in page
        assert page.count("</script>") == 3
        assert HOSTILE in read(page).text
        assert held(page, "card")["name"] == "Every kind <of> card"


def test_every_control_has_a_name(read: Read) -> None:
    """Each factor is a fieldset with a legend; each control is named, and ids are there once."""
    for raw in (RAW, any_card(grid=True).to_json()):
        found = read(calculator_page(raw))
        ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert len(found.all("fieldset")) == len(found.all("legend"))
        for control in [*found.all("input"), *found.all("select")]:
            named = control.get("aria-labelledby", "").split()
            assert set(named) <= set(ids)
            assert named or control["type"] == "radio"
        for label in found.all("label"):
            assert label.get("for") in ids or label.get("class") == "choice"
        assert [part["role"] for part in found.all("p") if part.get("aria-live") == "polite"] == ["status"]


def test_a_card_without_a_baseline_names_no_reasons(read: Read) -> None:
    """Where there is nothing to compare with, the page adds up and says why it names no reasons."""
    page = calculator_page(replace(CARD, baselines={}).to_json())
    assert "holds no average" in read(page).text
    assert held(page, "page")["baseline"] is None


def test_what_cannot_be_a_page_is_refused() -> None:
    """No card, an unknown baseline or language, and sums beyond exact arithmetic are each refused."""
    with pytest.raises(PageError, match="not a card"):
        calculator_page({"schema": "other"})
    with pytest.raises(PageError, match="no baseline 'nobody'"):
        calculator_page(RAW, baseline="nobody")
    with pytest.raises(PageError, match="en, es"):
        calculator_page(RAW, language="xx")
    sums = CARD.baselines[ALL_APPLICANTS].sums
    vast = replace(CARD, baselines={ALL_APPLICANTS: Baseline(2**50, sums, "everybody", "2026-01-31")})
    with pytest.raises(PageError, match="too large for a script"):
        calculator_page(vast.to_json())
