"""A card as a Python file: short, without imports, and right on any value."""

from __future__ import annotations

import ast
import datetime as dt
import random
from itertools import pairwise

import pandas as pd
import pytest
from examples import examples
from hypothesis import given

from plainscore.scorecard import Attribute, CardCharacteristic, Grid, InputError
from plainscore.scorecard.exports import to_python

from ._cards import card_of, cards, expected, values_for


def load(source):
    """Run a source, after checking what it must not have."""
    tree = ast.parse(source, feature_version=(3, 8))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert "__import__" not in source
    assert source.count("\n") < 100
    space = {}
    exec(compile(tree, "card.py", "exec"), space)
    return space


def assert_same(card, table):
    """Compare points and score of every row."""
    made = load(to_python(card))
    want = expected(card, table)
    for case, row in zip(table.to_pylist(), want.to_dict("records"), strict=True):
        assert made["points"](case) | {"score": made["score"](case)} == row


def test_the_fitted_card_scores_ten_thousand_rows_the_same(card, rows):
    """Every row's points and score come out of the Python file as out of the card."""
    assert_same(card, rows)
    want = expected(card, rows)
    assert want["score"].tolist() == card.score(rows).tolist()
    assert (rows.num_rows, want["score"].nunique() > 100) == (10_000, True)


@examples(60)
@given(card=cards())
def test_any_card_scores_the_same(card):
    """Cards with nasty names, levels and labels score every kind of value as the card does."""
    assert_same(card, values_for(card))


def large_card():
    """Return 25 characteristics of eight bins and codes each, with ten two-way tables."""
    rng = random.Random(0)
    made = []
    for at in range(25):
        edges = sorted({round(rng.uniform(0, 1000), 3) for _ in range(7)})
        bounds = [None, *edges, None]
        attributes = [Attribute("range", rng.randint(0, 99), "bin", a, b) for a, b in pairwise(bounds)]
        attributes += [
            Attribute("missing", 9, "missing"),
            *(Attribute("special", 5, "code", code=-9_999_001.0 - code) for code in range(3)),
            Attribute("out_of_range", 7, "out"),
        ]
        made.append(
            CardCharacteristic(
                f"characteristic_{at}", "x", "", "", "none", "number", "", tuple(attributes), 0.0
            )
        )
    grids = [
        Grid(f"two_{at}", "x", made[at].id, made[at + 1].id, "", ((rng.randint(-9, 9),) * 13,) * 13)
        for at in range(10)
    ]
    return card_of(*made, grids=grids)


def test_a_large_card_is_under_a_hundred_lines():
    """Twenty-five characteristics with ten two-way tables still make a short file that scores."""
    card = large_card()
    made = load(to_python(card))
    rng = random.Random(1)
    for _ in range(200):
        case = {
            one.id: rng.choice([None, -9_999_002.0, rng.uniform(-10, 1100)]) for one in card.characteristics
        }
        assert made["score"](case) == card.score_one(case)


def test_values_of_other_libraries_are_read(card):
    """Whole numbers, pandas' absent values, dates and months as text are read as the card reads them."""
    made = load(to_python(card))
    base = {"use": 12, "late": 1, "age_oldest": 30, "kind": "card", "joint": 1, "branch": 2, "office": 2.0}
    for opened in (
        dt.date(2019, 3, 9),
        dt.datetime(2019, 3, 9, 1),
        pd.Timestamp("2019-03-09"),
        "2019-03",
        None,
    ):
        case = base | {"opened": opened}
        assert made["score"](case) == card.score_one(case)
    ends = dt.datetime(2019, 3, 31, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))  # April in UTC
    case = base | {"opened": ends}
    assert made["score"](case) == card.score_one(case) == card.score_one(base | {"opened": "2019-04"})
    case = base | {"opened": pd.NaT, "use": pd.NA, "age_oldest": float("nan")}
    assert made["score"](case) == card.score_one(case)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"use": "12"}, "Characteristic 'use' must be a number"),
        ({"use": True}, "Characteristic 'use' must be a number"),
        ({"use": []}, "Characteristic 'use' must be a number"),
        ({"opened": 12}, "Characteristic 'opened' must be a date or a month"),
        ({"opened": "2024-13"}, "Characteristic 'opened' must be a date or a month"),
        ({"opened": "01/02/2024"}, "Characteristic 'opened' must be a date or a month"),
        ({"use": 2**53 + 1}, "Characteristic 'use' must be a number"),
        ({"use": 10**400}, "Characteristic 'use' must be a number"),
        ({"joint": 2}, "'joint' must be true or false"),
    ],
)
def test_a_value_of_a_wrong_type_is_refused(card, change, says):
    """What the card refuses, the Python file refuses, in a sentence that names the characteristic."""
    made = load(to_python(card))
    case = dict.fromkeys(one.id for one in card.characteristics) | change
    with pytest.raises(ValueError, match=says):
        made["score"](case)
    with pytest.raises(InputError):
        card.score_one(case)


def test_an_absent_key_is_a_sentence(card):
    """A case without a characteristic is told which, and what to do, in the card's own words."""
    made = load(to_python(card))
    with pytest.raises(
        ValueError, match=r"'age_oldest' is missing from the case\. Add it, with None"
    ) as found:
        made["score"]({})
    with pytest.raises(InputError) as own:
        card.score_one({})
    assert str(found.value) == str(own.value)


def test_a_card_that_cannot_be_short_is_refused():
    """A card of thousands of characteristics is refused rather than written long."""
    one = CardCharacteristic(
        "x", "x", "", "", "none", "number", "",
        (Attribute("range", 1, "all"), Attribute("missing", 0, "none"), Attribute("out_of_range", 0, "out")),
    )  # fmt: skip
    from dataclasses import replace

    with pytest.raises(InputError, match="sums 3000 terms, too many for 99 lines"):
        to_python(card_of(*(replace(one, id=f"x{at}") for at in range(3000))))
