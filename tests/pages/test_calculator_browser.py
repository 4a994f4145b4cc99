"""The calculator in a real browser: the engine's numbers, an old phone, no network, no script, and paper."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from plainscore.pages import calculator_page
from plainscore.reasons import factors, favourable_factors, key_factors
from plainscore.scorecard import ALL_APPLICANTS, Card, shared_cells

from ._cards import SHARES, any_card, people, typed

ROOT = Path(__file__).resolve().parents[2]
CARDS = {
    "published": Card.from_json((ROOT / "model" / "scorecard.json").read_bytes()),
    "every kind": any_card(label="Change"),
    "two-way": any_card(grid=True),
}
ASK = "people => people.map(one => plainscore.score(one))"
Open = Callable[..., Any]

pytestmark = [pytest.mark.browser]


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Open:
    """Give an opener of pages, which keeps what a page asked for, said and broke in ``page.heard``."""

    def open_page(card: Card, *, language: str = "en", width: int = 900, script: bool = True) -> Any:
        path = tmp_path / "calculator.html"
        path.write_text(calculator_page(card.to_json(), language=language), "utf-8")
        page = browser.new_context(
            viewport={"width": width, "height": 700}, java_script_enabled=script
        ).new_page()
        page.heard = []
        page.on("request", lambda request: page.heard.append(request.url))
        page.on("console", lambda message: page.heard.append(message.text))
        page.on("pageerror", lambda error: page.heard.append(f"error: {error}"))
        page.goto(path.as_uri())
        assert page.heard == [path.as_uri()]
        page.heard.clear()
        return page

    return open_page


def typed_place(card: Card) -> int:
    """Give the place of the first question of a card that a number is typed into."""
    return next(at for at, one in enumerate(card.characteristics) if one.unit in ("months", *SHARES))


def as_script(value: Any) -> Any:
    """Give a value as the page's function takes it."""
    return str(value).lower() if isinstance(value, bool) else value


def engine(card: Card, values: dict[str, Any]) -> dict[str, Any]:
    """Give what the Python engine says of a person, in the shape of the page's answer."""
    parts = factors(card, values, baseline=ALL_APPLICANTS)
    return {
        "score": card.score_one(values),
        "points": [one.points for one in parts],
        "told": [[each.points for each in one.characteristic.attributes] for one in parts],
        "cells": [
            {
                "points": cell.points,
                "first": cell.shares[cell.grid.first],
                "second": cell.shares[cell.grid.second],
            }
            for cell in shared_cells(card, values)
        ],
        "costs": [one.characteristic.id for one in key_factors(parts)],
        "gains": [one.characteristic.id for one in favourable_factors(parts)],
    }


@pytest.mark.parametrize("name", CARDS)
def test_a_thousand_people_get_the_engine_s_numbers(opened: Open, name: str) -> None:
    """Score, points and reasons in order are the engine's, at edges, beside and between, named and absent."""
    card = CARDS[name]
    drawn = people(card, 1000, seed=8)
    page = opened(card)
    said = page.evaluate(ASK, [{key: as_script(v) for key, v in person.items()} for person in drawn])
    for person, answer in zip(drawn, said, strict=True):
        wanted = engine(card, {k: None if v != v else v for k, v in person.items()})
        got = {key: [f["id"] for f in answer[key]] for key in ("costs", "gains")}
        assert {**answer, **got} | wanted == {**answer, **got}, person
    assert {tuple(f["id"] for f in answer["costs"]) for answer in said}.__len__() > 20
    assert page.heard == []


def give(page: Any, at: int, how: str, text: str) -> None:
    """Answer one question through its controls."""
    if how == "type":
        page.locator(f"#n{at}").fill(text)
    elif page.locator(f"select#n{at}").count():
        page.locator(f"#n{at}").select_option(value=text)
    else:
        page.locator(f"#q{at} input[type=radio]").evaluate_all(
            "(all, text) => all.find(one => one.value === text).click()", text
        )


def number(text: str) -> int:
    """Read a whole number off the page."""
    return int(text.replace("\u2212", "-").replace(",", "").replace(".", ""))


def heads(card: Card, values: dict[str, Any], form: str, point: str) -> list[str]:
    """Give the headings that the reasons of a person have on the page."""
    found = key_factors(factors(card, values, baseline=ALL_APPLICANTS))
    tenths = [round(Fraction(one.lost) * 10) for one in found]
    return [
        f"{place}. {{}}: " + form.format(f"{many // 10}{point}{many % 10}")
        for place, many in enumerate(tenths, start=1)
    ]


@pytest.mark.parametrize(
    ("name", "language", "count"),
    [("published", "en", 60), ("published", "es", 15), ("every kind", "en", 40)],
)
def test_people_typed_into_the_form_get_the_engine_s_numbers(
    opened: Open, name: str, language: str, count: int
) -> None:
    """Typed as text, percent and decimal comma too, each answer reaches the attribute of the same decimal."""
    card, rng = CARDS[name], np.random.default_rng(21)
    page = opened(card, language=language)
    form, point = (
        ("{} points below average", ".") if language == "en" else ("{} puntos por debajo de la media", ",")
    )
    labels = page.locator("legend").all_inner_texts()
    order = [int(at[1:]) for at in page.locator("fieldset").evaluate_all("all => all.map(one => one.id)")]
    label = {card.characteristics[at].id: text for at, text in zip(order, labels, strict=True)}
    for _ in range(count):
        answers = {one.id: typed(one, rng, comma=language == "es") for one in card.characteristics}
        for at, one in enumerate(card.characteristics):
            give(page, at, *answers[one.id][:2])
        values = {key: value for key, (_, _, value) in answers.items()}
        if all(value is None for value in values.values()):
            continue
        wanted = engine(card, values)
        assert page.locator("#score").inner_text() == str(wanted["score"]), answers
        assert page.locator("#total").inner_text() == str(wanted["score"])
        shown = [number(page.locator(f"#p{at}").text_content()) for at in range(len(card.characteristics))]
        assert shown == wanted["points"], answers
        told = [
            text.format(label[key])
            for text, key in zip(heads(card, values, form, point), wanted["costs"], strict=True)
        ]
        assert page.locator("#costs h3").all_text_contents() == told
        helping = page.locator("#gains h3").all_text_contents()
        assert [text.split(": ")[0] for text in helping] == [label[key] for key in wanted["gains"]]
    assert page.heard == []


def test_subtotals_and_the_running_sum_add_up(opened: Open) -> None:
    """Base points and the families' subtotals give the score, and so does the last line of the sum."""
    page = opened(CARDS["published"])
    page.locator(f"#n{typed_place(CARDS['published'])}").fill("35.325")
    families = [
        number(text.split(": ")[1].split()[0]) for text in page.locator(".subtotal").all_text_contents()
    ]
    score = number(page.locator("#score").inner_text())
    assert CARDS["published"].base_points + sum(families) == score
    running = page.locator(".adding tbody tr:not(.sum) td:nth-of-type(2)").all_text_contents()
    assert number(running[-1]) == score


def test_the_points_of_a_pair_are_shared_in_sight(opened: Open) -> None:
    """Once answered, a pair's points are in its two lines, said below its table, and the sum is the score."""
    card = CARDS["two-way"]
    page, (grid,) = opened(card), card.grids
    pair, at = (
        page.locator(f"#p{len(card.characteristics)}"),
        {one.id: i for i, one in enumerate(card.characteristics)},
    )
    assert pair.is_visible()  # the empty sheet is to fill by hand
    give(page, at["limited"], "type", "1.5")
    give(page, at["joint"], "choose", "level:true")
    values = {one.id: None for one in card.characteristics} | {"limited": 1.5, "joint": True}
    (cell,) = shared_cells(card, values)
    told = {one.characteristic.id: one for one in factors(card, values, baseline=ALL_APPLICANTS)}
    said = page.locator(f"#w{len(card.characteristics)} li").all_inner_texts()
    assert [number(text.split(": ")[-1]) for text in said] == [
        cell.shares[grid.first],
        cell.shares[grid.second],
    ]
    for name in (grid.first, grid.second):
        assert number(page.locator(f"#p{at[name]}").inner_text()) == told[name].points
        shown = page.locator(f"#q{at[name]} tbody td").all_text_contents()
        assert [number(text) for text in shown] == [a.points for a in told[name].characteristic.attributes]
    assert not pair.is_visible()
    running = page.locator(".adding tbody tr:not(.sum) td:nth-of-type(2)").all_text_contents()
    assert number(running[-1]) == number(page.locator("#score").inner_text()) == card.score_one(values)


def test_nothing_known_gives_no_number(opened: Open) -> None:
    """An untouched form, one with an unreadable answer, and a cleared one show no score and no reasons."""
    page, at = opened(CARDS["published"]), typed_place(CARDS["published"])
    score, state, reasons = page.locator("#score"), page.locator("#state"), page.locator("#costs li")

    def silent(words: str) -> None:
        assert score.inner_text() == page.locator("#total").inner_text() == "\u2013"
        assert words in state.inner_text()
        assert reasons.count() == 0
        assert "".join(page.locator(".subtotal").all_text_contents()) == ""
        assert "".join(page.locator("td[id^=p], td[id^=s]").all_text_contents()) == ""

    silent("Answer at least one")
    page.locator(f"#n{at}").fill("30")
    assert score.inner_text() != "\u2013"
    assert page.locator(f"#q{at} input[value=typed]").is_checked()
    for text in ("1,5", "ten", "1.2.3", "-", "1e3", "0x10"):
        page.locator(f"#n{at}").fill(text)
        silent("cannot be read")
        assert page.locator(f"#n{at}").get_attribute("aria-invalid") == "true"
        assert "cannot be read" in page.locator(f"#g{at}").inner_text()
    page.locator(f"#q{at} input[value=missing]").check()
    assert page.locator(f"#n{at}").input_value() == ""
    silent("Answer at least one")
    page.locator(f"#n{at}").fill("30")
    page.get_by_role("button").click()
    page.locator("#score", has_text="\u2013").wait_for()
    silent("Answer at least one")


def test_the_sum_is_spoken_and_nothing_is_kept(opened: Open) -> None:
    """A screen reader hears the score once typing rests; the address stays bare and nothing is stored."""
    page, at = opened(CARDS["published"]), typed_place(CARDS["published"])
    before = page.url
    page.locator(f"#n{at}").fill("30")
    page.keyboard.press("Enter")
    page.locator("#spoken", has_text="Score ").wait_for(state="attached")
    assert page.url == before
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.reload()
    assert page.locator("#score").inner_text() == "\u2013"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", CARDS)
def test_a_narrow_phone_needs_no_sideways_scrolling(opened: Open, name: str, language: str) -> None:
    """At 320 pixels nothing stands outside the screen: empty, filled in and with every table open."""
    page = opened(CARDS[name], language=language, width=320)
    for at, one in enumerate(CARDS[name].characteristics):
        if one.type == "number" and one.unit != "class of lateness":
            give(page, at, "type", "50")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_focus_is_seen_and_not_hidden(opened: Open) -> None:
    """By keyboard each control shows a ring, and none stands beneath the score that stays in sight."""
    page = opened(CARDS["published"], width=360)
    page.locator("#n0").focus()
    for met in range(200):  # noqa: B007
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):  # past the last control
            break
        ring, top, bar = page.evaluate(
            "() => { const one = document.activeElement, now = document.getElementById('now');"
            " return [getComputedStyle(one).outlineStyle,"
            " one.getBoundingClientRect().bottom, now.getBoundingClientRect().bottom]; }"
        )
        assert ring != "none"
        assert top > bar
    assert met > len(CARDS["published"].characteristics)


def test_without_script_the_points_are_there_to_add_by_hand(opened: Open) -> None:
    """With scripts off the page says so, hides what would do nothing, and opens each table by a tap."""
    page = opened(CARDS["published"], width=360, script=False)
    assert "by hand" in page.locator("noscript").inner_text()
    for hidden in ("select", "input[type=text]", "button", "#now"):
        assert not page.locator(hidden).first.is_visible()
    assert page.locator("details").count() == len(CARDS["published"].characteristics)
    table = page.locator("details").nth(2).locator("table")
    assert not table.is_visible()
    page.locator("summary").nth(2).click()
    assert table.is_visible()
    assert page.locator(".adding").is_visible()


def test_every_points_table_is_on_paper(opened: Open) -> None:
    """Printed, each points table, the answers and the sum are there, and controls are not."""
    page, at = opened(CARDS["published"]), typed_place(CARDS["published"])
    page.locator(f"#n{at}").fill("30")
    page.emulate_media(media="print")
    for place in range(page.locator("details").count()):
        assert page.locator("details table").nth(place).is_visible()
    assert page.locator(f"#g{at}").is_visible()
    assert not page.locator(f"#n{at}").is_visible()


def test_percent_is_moved_in_the_text(opened: Open) -> None:
    """A typed percentage is the float of the same decimal, for every edge and a thousand other texts."""
    page, rng = opened(CARDS["published"]), np.random.default_rng(5)
    edges = [
        attribute.from_
        for one in CARDS["published"].characteristics
        if one.unit in SHARES
        for attribute in one.bins
        if attribute.from_ is not None
    ]
    texts = [f"{Decimal(str(edge)) * 100:f}" for edge in edges]
    texts += [
        "82.323",
        "99.819",
        "1.4",
        "7",
        "0.07",
        "-13.64",
        "+29",
        ".5",
        "5.",
        "12 %",
    ]
    texts += [f"{rng.uniform(0, 120):.{rng.integers(0, 9)}f}" for _ in range(1000)]
    got = page.evaluate("texts => texts.map(text => plainscore.readNumber(text, true))", texts)
    wanted = [float(f"{text.rstrip('% ')}e-2") for text in texts]
    assert got == wanted
    assert all(
        math.isnan(x) for x in page.evaluate("['', '.', '1,5'].map(t => plainscore.readNumber(t, true))")
    )
