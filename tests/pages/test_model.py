"""The page of a card: every figure traceable, and nothing printed that was not measured."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from plainscore.pages import PageError, model_page
from plainscore.pages._build_labels import BUILD_LABELS
from plainscore.scorecard import Scorecard

Json = dict[str, Any]
Read = Callable[[str], Any]


def test_numbers_lead_back_to_their_source(card: Json, validation: Json, read: Read) -> None:
    """Card id, counts, measures, points and bad rates on the page are those of the card and the report."""
    text = read(model_page(card, validation, build={"recipe": "A small recipe", "steps": [1]})).text
    assert validation["card_id"] in text
    assert validation["calibration"]["id"] in text
    for row in validation["samples"]:
        assert f"{row['cases']:,}" in text
        assert f"{row['bads']:,}" in text
    for row in validation["discrimination"]["samples"]:
        for name in ("auc", "gini", "ks"):
            assert row[name]["value"] in text
            assert f"{row[name]['low']} to {row[name]['high']}" in text
    for characteristic in validation["points"]:
        for attribute in characteristic["attributes"]:
            assert attribute["label"] in text
    for step in validation["waterfall"]:
        assert step["label"] in text
    for limit in validation["limits"]:
        assert limit in text
    assert "A small recipe" in text


def test_what_to_expect_of_new_cases_is_printed(card: Json, validation: Json, read: Read) -> None:
    """The build's estimate on held-out cases stands on the page, and nothing stands there without one."""
    estimate = {"auc": 0.7725, "standard_error": 0.0125, "slope": 1.009, "folds": 5, "rows": 11840}
    said = read(model_page(card, validation, build={"estimate": estimate})).text
    assert "AUC 0.7725 (standard error 0.0125), slope 1.009" in said
    assert "each of 5 folds of 11,840 cases" in said
    assert "What to expect of new cases" in said
    assert (
        "What to expect of new cases" not in read(model_page(card, validation, build={"estimate": None})).text
    )


@pytest.mark.parametrize("method", ["shape", "woe"])
def test_every_plain_entry_of_a_build_log_has_a_label(
    card: Json, validation: Json, read: Read, method: str
) -> None:
    """No text and no number of a log is left out of the page, or stands there under its key."""
    random = np.random.default_rng(3)
    frame = pd.DataFrame({name: random.normal(size=600) for name in ("x", "y")})
    bad = (frame["x"] + random.normal(size=600) > 1.0).astype(int)
    log = Scorecard(method=method).fit(frame, bad).log_ | {"recipe": "A small recipe", "ledger": "ab" * 32}
    plain = {name for name, value in log.items() if isinstance(value, str | int | float)}
    assert {"level_of_tests", "tested_on", "slope_from_estimate"} < plain
    assert plain - {"card_id"} <= BUILD_LABELS.keys() <= plain | {"estimate"}
    text = read(model_page(card, validation, build=log)).text
    assert "600 rows" in text
    assert f"({method})" in text
    assert not [name for name in plain if "_" in name and name in text]


def test_cross_validation_and_a_published_calibration_are_shown(
    card: Json, validation: Json, read: Read
) -> None:
    """Cross-validated figures are printed when given, and a wider calibration is told from the tested."""
    figures = {"value": "0.7011", "low": "0.6822", "high": "0.7233"}
    more = deepcopy(validation)
    more["cross_validation"] = {"folds": 5, "cases": 4000, "people": 2000} | dict.fromkeys(
        ("auc", "gini", "ks"), figures
    )
    more["calibration"]["fit"]["cases"] += 1
    text = read(model_page(card, more)).text
    assert "in 5 folds" in text
    assert "0.7011 (0.6822 to 0.7233)" in text
    assert "the line of the development cases alone is tested" in text
    assert "alone is tested" not in read(model_page(card, validation)).text


def test_agreement_with_shap_is_told_in_words_and_figures(
    card: Json, validation: Json, agreement: Json, read: Read
) -> None:
    """The section says whether reasons are SHAP values, and how often a challenger names the same."""
    page = read(model_page(card, {**validation, "agreement": agreement}))
    assert "The card’s reasons are its SHAP values." in page.text
    assert "the largest difference is 0.000000 points" in page.text
    assert "of 144 out of time cases below 580" in page.text
    assert "the first reason is the same for 64.6%" in page.text
    assert "the card’s first is one of the challenger’s for 97.9%" in page.text
    assert "of 4.0 reasons that the card gives, 3.1 are the challenger’s too" in page.text
    for one in ("64.6%", "1.78", "0.0112", "−0.0191 to +0.0324", "1,144", agreement["note"]):
        assert one in page.text, one
    last = card["characteristics"][-1]["label"]
    assert f"They part most over “{last}”, which the card alone names" in page.text
    assert "the difference is within chance" in page.text
    assert {a["href"] for a in page.all("a")} >= {"#agreement"}


def test_agreement_that_fails_or_was_not_measured_is_said(
    card: Json, validation: Json, agreement: Json, read: Read
) -> None:
    """A difference from SHAP is no agreement; what was not tried, or has nobody in it, is not claimed."""
    without = read(model_page(card, validation))
    assert "SHAP" not in without.text
    assert "#agreement" not in {a["href"] for a in without.all("a")}
    agreement["card"]["largest_difference"] = "0.400000"
    agreement["baseline"]["is_development"] = False
    told = read(model_page(card, {**validation, "agreement": agreement})).text
    assert "are its SHAP values." not in told
    assert "not quite its SHAP values" in told
    assert "The card’s baseline is not that of the development cases" in told
    agreement["card"]["largest_difference"] = None
    for group in agreement["reasons"]["groups"]:
        measured = (
            "same_first",
            "first_among",
            "shared",
            "by_chance",
            "named_by_card",
            "named_by_challenger",
        )
        group |= {"with_reasons": 0, **dict.fromkeys(measured)}
    agreement["auc"][1] |= dict.fromkeys(("card", "challenger", "difference"))
    told = read(model_page(card, {**validation, "agreement": agreement})).text
    assert "was not checked" in told
    assert "In words" not in told
    assert "None" not in told


def test_structure_and_nothing_from_outside(
    card: Json, validation: Json, agreement: Json, read: Read
) -> None:
    """One h1, headings in order, captions, scopes, links that arrive, no script, nothing to load."""
    page = model_page(card, {**validation, "agreement": agreement})
    found = read(page)
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert all(th.get("scope") for th in found.all("th"))
    assert len(found.all("caption")) == len(found.all("table"))
    ids = {a["id"] for _, a in found.elements if "id" in a}
    assert {a["href"][1:] for a in found.all("a")} <= ids
    assert found.all("script", "link", "img") == []
    assert set(re.findall(r"https?://[^\"' ]+", page)) <= {"http://www.w3.org/2000/svg"}


def test_distribution_has_six_bars_or_more(card: Json, validation: Json) -> None:
    """The score distribution is drawn with at least six bars."""
    assert len(validation["distribution"]["edges"]) - 1 >= 6
    drawn = re.search(
        r"<svg[^>]*>\s*<title[^>]*>Score distribution.*?</svg>", model_page(card, validation), re.S
    )
    assert drawn is not None
    assert drawn.group().count("<rect") >= 1 + 6


def test_same_input_same_bytes(card: Json, validation: Json) -> None:
    """Two pages of one card and report are the same bytes."""
    assert model_page(card, validation) == model_page(deepcopy(card), deepcopy(validation))


def test_another_cards_report_is_refused(card: Json, validation: Json) -> None:
    """A report on other points, or no report at all, is refused."""
    other = deepcopy(card)
    other["characteristics"][0]["attributes"][0]["points"] += 1
    with pytest.raises(PageError, match="another points table"):
        model_page(other, validation)
    with pytest.raises(PageError, match="not a validation report"):
        model_page(card, {"schema": "other"})


def test_what_was_not_measured_is_said(card: Json, validation: Json, read: Read) -> None:
    """With no bads and no out-of-time sample, the page says so and prints no figure in their place."""
    import numpy as np

    from plainscore.validation import validate

    chosen = {c["id"]: np.zeros(40, dtype=int) for c in card["characteristics"]}
    score = card["base_points"] + sum(c["attributes"][0]["points"] for c in card["characteristics"])
    report = validate(
        scores=np.full(40, score),
        bad=np.zeros(40, dtype=int),
        sample_name=np.full(40, "development"),
        as_of=np.full(40, np.datetime64("2022-12-31")),
        attributes=chosen,
        card=card,
        card_id=validation["card_id"],
        population="made up",
    )
    text = read(model_page(card, report)).text
    assert "cannot be told apart" in text
    assert "there is no calibration" in text
    assert "no out-of-time sample" in text
    assert "No exclusions were recorded" in text
    assert "nan" not in text
    assert "None" not in text
