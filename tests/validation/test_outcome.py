"""Every measure reads 0 and 1 in one way, and no other label by its order."""

from __future__ import annotations

import decimal
import inspect
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import plainscore.validation as v
from plainscore.scorecard import Card, Scorecard

ROWS = 400
RANDOM = np.random.default_rng(3)
SCORES = RANDOM.integers(300, 850, ROWS)
BAD = (RANDOM.random(ROWS) < 1 / (1 + np.exp((SCORES - 500) / 60))).astype(int)
DRAWS = {"replicates": 5, "seed": 1}


@pytest.fixture(scope="module")
def card() -> Card:
    """Give a card of one column."""
    built: Card = Scorecard(min_goods=1, min_bads=1, max_characteristics=None).fit({"x": SCORES}, BAD).card_
    return built


def report(bad: Any, card: Card) -> Any:
    """Return the content of the report, all cases built on."""
    import json

    return v.validate(
        scores=SCORES,
        bad=bad,
        sample_name=["development"] * ROWS,
        as_of=[date(2024, 6, 30)] * ROWS,
        attributes=card.positions({"x": SCORES}),
        card=json.loads(card.to_json()),
        card_id=card.id,
        population="drawn",
        **DRAWS,
    )


RISK = np.round(1 / (1 + np.exp((SCORES - 500) / 60)), 3)
DAY = date(2024, 6, 30)
MEASURES: dict[str, Any] = {
    "auc": lambda bad, card: v.auc(SCORES, bad),
    "gini": lambda bad, card: v.gini(SCORES, bad),
    "ks": lambda bad, card: v.ks(SCORES, bad),
    "roc_points": lambda bad, card: v.roc_points(SCORES, bad),
    "discrimination": lambda bad, card: v.discrimination(SCORES, bad, **DRAWS),
    "auc_difference": lambda bad, card: v.auc_difference(SCORES, -SCORES, bad, **DRAWS),
    "brier": lambda bad, card: v.brier(RISK, bad),
    "recalibration_line": lambda bad, card: v.recalibration_line(RISK, bad),
    "fit_calibration": lambda bad, card: v.fit_calibration(SCORES, bad, population="drawn", as_of=DAY),
    "validate": report,
    "agreement": lambda bad, card: v.agreement(card, {"x": SCORES}, bad, ["development"] * ROWS, **DRAWS),
}
FORMS: dict[str, Any] = {
    "bool": lambda bad: bad.astype(bool),
    "float16": lambda bad: bad.astype(np.float16),
    "uint64": lambda bad: bad.astype(np.uint64),
    "list of truths": lambda bad: [bool(one) for one in bad],
    "objects of Decimal": lambda bad: np.array([decimal.Decimal(int(one)) for one in bad], object),
    "boolean": lambda bad: pd.Series(bad.astype(bool), dtype="boolean"),
    "Int64": lambda bad: pd.Series(bad, dtype="Int64"),
    "category": lambda bad: pd.Categorical(bad),
    "pl.Boolean": lambda bad: pl.Series(bad.astype(bool)),
    "pa.int8": lambda bad: pa.array(bad, pa.int8()),
}
REFUSED: dict[str, Any] = {
    "texts of digits": lambda bad: [str(one) for one in bad],
    "texts of truths": lambda bad: np.where(bad, "True", "False"),
    "1 and 2": lambda bad: bad + 1,
    "-1 and 1": lambda bad: bad * 2 - 1,
    "shares": lambda bad: bad * 0.9,
    "known words": lambda bad: np.where(bad, "bad", "good"),
    "objects of texts": lambda bad: np.where(bad, "default", "paid").astype(object),
    "three": lambda bad: bad * 2 + (np.arange(ROWS) == 0),
    "absent": lambda bad: pd.Series(bad, dtype="Int64").where(np.arange(ROWS) > 0),
    "nan": lambda bad: np.where(np.arange(ROWS) > 0, bad, np.nan),
    "None": lambda bad: [None, *(bool(one) for one in bad[1:])],
}


def test_every_measure_of_an_outcome_is_asked_here() -> None:
    """Whatever is public and takes `bad` is in the matrix of these tests."""
    public = {name: getattr(v, name) for name in v.__all__}
    functions = {name: one for name, one in public.items() if inspect.isfunction(one)}
    taking = {name for name, one in functions.items() if "bad" in inspect.signature(one).parameters}
    assert taking == set(MEASURES)


@pytest.mark.parametrize("measure", MEASURES)
def test_zero_and_one_are_read_alike_in_every_form(measure: str, card: Card) -> None:
    """A measure is the same whatever type holds 0 and 1."""
    expected = MEASURES[measure](BAD, card)
    for name, form in FORMS.items():
        assert MEASURES[measure](form(BAD), card) == expected, name


@pytest.mark.parametrize("labels", REFUSED)
@pytest.mark.parametrize("measure", MEASURES)
def test_other_labels_are_refused(measure: str, labels: str, card: Card) -> None:
    """Anything but 0, 1, True and False is refused in a sentence, words and texts of digits too."""
    with pytest.raises(v.ValidationError, match=r"^The outcome (has|is absent).*\."):
        MEASURES[measure](REFUSED[labels](BAD), card)
