"""The card: integers that add up, bytes that hash, and files that are refused."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import Attribute, Card, CardCharacteristic, CardError, InputError, Scale
from plainscore.scorecard.card import _steps
from plainscore.scorecard.card._batch import attribute_codes
from plainscore.scorecard.card._steps import add_steps_numpy, steps_of

NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 2))
POINTS = st.integers(0, 99)


@st.composite
def number_characteristics(draw, name="value"):
    """Give a characteristic of numbers with any edges, special codes and range."""
    edges = sorted(draw(st.sets(NUMBERS, max_size=6)))
    bounds = [None, *edges, None]
    bins = [
        Attribute("range", draw(POINTS), f"bin {at}", bounds[at], bounds[at + 1])
        for at in range(len(bounds) - 1)
    ]
    codes = draw(st.lists(st.sampled_from([-9.0, -8.0, 0.0, 5.5]), unique=True, max_size=3))
    specials = [Attribute("special", draw(POINTS), f"code {code}", code=code) for code in codes]
    rest = [Attribute("out_of_range", draw(POINTS), "out of range")]
    least, most = draw(st.sampled_from([(None, None), (-100.0, 100.0), (0.0, None)]))
    return CardCharacteristic(
        name, name, "", "", "none", "number", "",
        (*bins, Attribute("missing", draw(POINTS), "missing"), *specials, *rest), least, most,
    )  # fmt: skip


def card_of(*characteristics, base=300):
    """Wrap characteristics in a card."""
    low = base + sum(one.worst for one in characteristics)
    high = base + sum(one.best for one in characteristics)
    scale = Scale("600", "20", "40", low, high)
    return Card("test", "testing", {}, "2027-01-31", scale, base, tuple(characteristics))


@given(one=number_characteristics(), values=st.lists(NUMBERS, max_size=20))
def test_four_ways_to_score_agree(one, values):
    """One case, compiled batch, numpy batch and attribute codes give the same points on any value."""
    card = card_of(one)
    values = [*values, *one.edges, 0.0, -0.0, 5.5, -9.0, 100.0, math.nextafter(100.0, 200), math.nan]
    values += [math.inf, -math.inf, 1.7e308, -1.7e308, 5e-324]
    array = np.array(values)
    one_by_one = [card.score_one({"value": value}) for value in values]
    score = np.zeros(len(array), np.int32)
    add_steps_numpy(array, steps_of(one), score)
    points = np.array([each.points for each in one.attributes])
    assert card.score({"value": array}).tolist() == one_by_one
    assert (card.base_points + score).tolist() == one_by_one
    assert (card.base_points + points[attribute_codes(one, array)]).tolist() == one_by_one


@given(one=number_characteristics(), values=st.lists(st.floats(width=32), max_size=20))
def test_short_floats_score_as_what_they_are(one, values):
    """A column of 32-bit floats scores as the same numbers in 64 bits, at every edge and code too."""
    card = card_of(one)
    exact = [float(each.code) for each in one.attributes if each.kind == "special"] + [*one.edges]
    with np.errstate(over="ignore"):
        short = np.array([*values, *exact, math.nan, math.inf, -math.inf], np.float64).astype(np.float32)
    ends = (np.float32(np.inf), np.float32(-np.inf))
    with np.errstate(over="ignore"):  # the number after the largest is infinity
        short = np.concatenate([short, *(np.nextafter(short, end) for end in ends)])
    assert card.score({"value": short}).tolist() == card.score({"value": short.astype(np.float64)}).tolist()


def test_threads_change_nothing(model, make, monkeypatch):
    """A table large enough to be shared out to threads scores and ranks as its parts do alone."""
    frame, _ = make(300_000, seed=8)
    monkeypatch.setattr(_steps.os, "sched_getaffinity", lambda _: range(3), raising=False)
    scores, reasons = model.card_.score(frame), model.card_.top_reasons(frame)
    for part in np.array_split(np.arange(len(frame)), 7):
        assert (model.card_.score(frame.iloc[part]) == scores[part]).all()
        assert (model.card_.top_reasons(frame.iloc[part]) == reasons[part]).all()


@given(one=number_characteristics(), value=NUMBERS)
def test_a_value_on_an_edge_belongs_to_the_bin_above(one, value):
    """Ranges hold from their lower edge up to, not including, their upper edge."""
    plain = replace(one, least=None, most=None)
    plain = replace(plain, attributes=tuple(each for each in plain.attributes if each.kind != "special"))
    found = card_of(plain).attributes_one({"value": value})["value"]
    assert found.from_ is None or found.from_ <= value
    assert found.to is None or value < found.to
    for edge in plain.edges:
        assert card_of(plain).attributes_one({"value": edge})["value"].from_ == edge


@given(one=number_characteristics())
def test_any_card_survives_its_bytes(one):
    """Reading a card's bytes gives the same card, the same bytes and the same hash."""
    card = card_of(one)
    again = Card.from_json(card.to_json(), expect_id=card.id)
    assert again == card
    assert again.id == hashlib.sha256(card.to_json()).hexdigest()


@given(score=st.integers(0, 1000))
def test_score_to_odds_to_probability_and_back(score):
    """Score -> PD -> score comes back within a millionth of a point; PDO points double the odds."""
    card = card_of()
    assert card.score_at(card.pd(score)) == pytest.approx(score, abs=1e-6)
    assert card.odds(score + 40) == pytest.approx(2 * card.odds(score))
    assert card.pd(600) == pytest.approx(1 / 21)


@pytest.mark.parametrize("code", [-9, -9.0, "-9"])
def test_a_code_among_levels_is_the_same_after_the_bytes(code):
    """A special code of levels is found however it was written, before and after its bytes."""
    one = CardCharacteristic(
        "kind", "kind", "", "", "none", "levels", "",
        (Attribute("levels", 5, "a", levels=("a",)), Attribute("missing", 1, "missing"),
         Attribute("special", 2, "none", code=code), Attribute("unseen", 0, "not seen before")),
    )  # fmt: skip
    for card in (card_of(one), Card.from_json(card_of(one).to_json())):
        for value in (-9, -9.0, "-9"):
            assert card.score_one({"kind": value}) == 302
            assert card.score({"kind": np.array([value], object)}).tolist() == [302]


def test_fitted_card_survives_its_bytes(model, table):
    """A fitted card with levels, dates and booleans scores the same after its bytes were read."""
    again = Card.from_json(model.card_.to_json(), model.card_.id)
    assert again == model.card_
    assert (again.score(table[0]) == model.score_points(table[0])).all()


def test_base_plus_points_is_the_score(model, table):
    """Base points and the points of each characteristic sum to the score, in integers."""
    points = model.card_.points(table[0])
    assert (points.dtypes == np.int64).all()
    assert (model.card_.base_points + points.sum(axis=1) == model.score_points(table[0])).all()


def test_one_case_equals_the_batch(model, table):
    """Scoring row by row in plain Python equals scoring the table, on every kind of column."""
    frame = table[0].head(500)
    rows = frame.to_dict("records")
    assert [model.card_.score_one(row) for row in rows] == model.score_points(frame).tolist()


def test_range_is_attained_exactly(model):
    """The worst attributes sum to 300 and the best to 850, without clipping."""
    card = model.card_
    assert card.base_points + sum(one.worst for one in card.characteristics) == 300
    assert card.base_points + sum(one.best for one in card.characteristics) == 850
    assert (card.scale.low, card.scale.high) == (300, 850)


def test_four_special_states_are_four_attributes(model):
    """Missing, special, unseen and out of range each have a row of their own in the table."""
    found = {
        (row.characteristic, row.kind) for row in model.card_.table().itertuples() if row.kind != "range"
    }
    assert {("use", "missing"), ("late", "special"), ("kind", "unseen"), ("use", "out_of_range")} <= found
    case = {"use": -5.0, "late": -9_999_001.0, "age_oldest": None, "kind": "castle", "joint": True}
    got = model.card_.attributes_one({**case, "opened": "2020-02"})
    assert [got[name].kind for name in case] == ["out_of_range", "special", "missing", "unseen", "levels"]


def test_attribute_without_rows_is_named_and_neutral(model):
    """Where nobody fell, the attribute is marked empty and gets the points of the average odds."""
    unseen = next(one for one in model.card_.characteristics if one.id == "kind").attributes[-1]
    assert unseen.kind == "unseen"
    assert unseen.empty
    log = next(one for one in model.log_["characteristics"] if one["id"] == "kind")
    assert "Attribute 'unseen' has no rows: neutral points." in log["notes"]
    assert log["attributes"][-1]["woe"] == 0.0


def test_baseline_is_the_exact_mean(model, table):
    """The baseline's points are the mean points of the population, as fractions."""
    points = model.card_.points(table[0])
    for name, mean in model.card_.baseline_points().items():
        assert mean == Fraction(int(points[name].sum()), len(points))
    score = model.score_points(table[0])
    near = points[(score >= 500) & (score < 560)]
    got = model.card_.baseline_points("near the cut-off")
    assert got["use"] == Fraction(int(near["use"].sum()), len(near))


def test_further_baseline_makes_a_new_card(model, table):
    """Adding a baseline changes the id, since a baseline is part of the bytes."""
    card = model.card_.with_baseline(
        "young files", table[0].head(50), population="first 50", date="2024-01-31"
    )
    assert card.id != model.card_.id
    assert card.baselines["young files"].count == 50
    with pytest.raises(InputError, match="no baseline 'none such'"):
        card.baseline_points("none such")


def _document(model):
    return json.loads(model.card_.to_json())


def _load(document):
    return Card.from_json(rfc8785.dumps(document))


def test_hash_mismatch_is_refused(model):
    """A card whose hash differs from the one asked for is not loaded."""
    with pytest.raises(CardError, match="was asked for"):
        Card.from_json(model.card_.to_json(), expect_id="0" * 64)


def test_denied_category_is_refused(model):
    """A card that scores on a protected trait is not loaded, whatever its hash."""
    document = _document(model)
    document["characteristics"][0]["id"] = "gender"
    with pytest.raises(CardError, match="scores on 'gender'"):
        _load(document)


def test_newer_card_says_what_to_do(model):
    """A card of a newer schema asks for the newer version."""
    with pytest.raises(CardError, match="Install the newer plainscore"):
        _load(_document(model) | {"schema": "plainscore/card/2"})


def test_reformatted_bytes_are_refused(model):
    """Bytes that are not canonical are refused, since their hash would not be the card's."""
    with pytest.raises(CardError, match="not in canonical form"):
        Card.from_json(json.dumps(_document(model), indent=1))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.pop("purpose"), "lacks keys"),
        (lambda d: d.update(extra=1), "unknown keys"),
        (lambda d: d.update(base_points=301), "changed by hand"),
        (lambda d: d.update(base_points=300.5), "whole number"),
        (lambda d: d["characteristics"][0]["attributes"].pop(-1), "must list its range attributes"),
        (lambda d: d["characteristics"][0]["attributes"].pop(0), "gap or overlap"),
        (lambda d: d["characteristics"].append(d["characteristics"][0]), "twice"),
        (lambda d: d["characteristics"][0].update(type="colour"), "has type 'colour'"),
        (lambda d: d["scale"].update(pdo="-1"), "no scale"),
        (lambda d: d["baselines"]["all applicants"]["sums"].pop("use"), "does not cover"),
        (lambda d: d.pop("schema"), "This is not a card"),
    ],
)
def test_damaged_card_is_refused(model, change, says):
    """Every rule that a card's content must keep is checked, and named."""
    document = _document(model)
    change(document)
    with pytest.raises(CardError, match=says):
        _load(document)


def test_bytes_that_are_no_json_are_refused():
    """Something that is no JSON at all is called so."""
    with pytest.raises(CardError, match="not a card"):
        Card.from_json(b"\xff\xfe")


_BARE = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"numpy", "pandas", "numba", "sklearn", "shap", "scipy", "pyarrow"}:
            raise ImportError(name)
sys.meta_path.insert(0, Refuse())
from plainscore.scorecard import Card
card = Card.from_json(sys.stdin.buffer.read())
print(card.score_one(dict(use=12.5, late=0, age_oldest=None, kind="card", joint=True, opened="2020-02")))
"""


def test_one_case_needs_only_the_standard_library(model):
    """Loading a card and scoring one case imports neither numpy nor anything built on it."""
    run = subprocess.run(
        [sys.executable, "-c", _BARE], input=model.card_.to_json(), capture_output=True, check=True
    )
    case = {"use": 12.5, "late": 0, "age_oldest": None, "kind": "card", "joint": True, "opened": "2020-02"}
    assert int(run.stdout) == model.card_.score_one(case)


def test_frames_of_other_libraries_score_the_same(model, table):
    """Pandas, Polars, Arrow and plain dicts of arrays give the same scores."""
    import polars as pl
    import pyarrow as pa

    frame = table[0].head(300)
    want = model.score_points(frame).tolist()
    assert model.score_points(pl.from_pandas(frame)).tolist() == want
    assert model.score_points(pa.Table.from_pandas(frame)).tolist() == want
    assert model.score_points({name: frame[name] for name in frame}).tolist() == want


def test_index_is_kept(model, table):
    """Points and attributes come back under the index of the input."""
    frame = table[0].head(3).set_axis(["a", "b", "c"])
    assert list(model.card_.points(frame).index) == ["a", "b", "c"]
    assert isinstance(model.card_.attribute(frame), pd.DataFrame)
