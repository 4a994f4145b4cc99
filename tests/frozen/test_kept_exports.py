"""An export that an earlier edition wrote scores as its card does today, and the card fits its schema."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pandas as pd
import pytest
from editions import CARDS, DECISIONS, FROZEN, LATEST
from hypothesis import given
from hypothesis import strategies as st

from plainscore.decisions import read_record
from plainscore.scorecard import Card
from plainscore.scorecard.exports import card_schema, to_python, to_sql

EXPORTS = FROZEN / LATEST / "exports"
CARD = CARDS[LATEST]
NAMES = [one.id for one in CARD.characteristics]
SPECIAL = sorted(
    {each.code for one in CARD.characteristics for each in one.attributes if each.kind == "special"}
)
VALUES = st.one_of(
    st.none(), st.sampled_from(SPECIAL), st.integers(-50, 400).map(float), st.floats(-2, 2, width=32)
)


@pytest.fixture(scope="module")
def alone() -> Any:
    """Give the function of the one file of Python that was kept."""
    space: dict[str, Any] = {}
    exec((EXPORTS / "card.python.txt").read_text("utf-8"), space)
    return space


@given(row=st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)))
def test_the_kept_python_scores_as_the_card(alone: dict[str, Any], row: dict[str, float | None]) -> None:
    """The file that an earlier edition wrote gives the score that today's engine gives under its card."""
    assert alone["score"](row) == CARD.score_one(row)


def rows() -> pd.DataFrame:
    """Return the values of every frozen decision under any card, as far as this card knows them."""
    found = []
    for path in DECISIONS:
        parts = {part["id"]: part["value"] for part in read_record(path.read_bytes()).get("parts", ())}
        found.append({name: None if parts.get(name) is None else float(parts[name]) for name in NAMES})
    return pd.DataFrame(found, columns=NAMES).astype("float64").rename_axis("id").reset_index()


def test_the_kept_sql_scores_as_the_card() -> None:
    """So does the query that was kept, in DuckDB, on the values of every frozen decision."""
    cases = rows()
    with duckdb.connect() as con:
        con.register("cases", cases)
        query = (EXPORTS / "card.sql").read_text("utf-8")
        scored = con.sql(query).df().sort_values("id")
    assert len(scored) == len(cases) == len(DECISIONS)
    assert scored["score"].tolist() == CARD.score(cases[NAMES]).tolist()
    assert scored["score"].nunique() > 10


def test_every_decision_under_the_card_has_its_score() -> None:
    """A decision's values give its score under its card, with nothing but the card's bytes."""
    told = [read_record(path.read_bytes()) for path in DECISIONS]
    cards = {card.id: card for card in CARDS.values()}
    scored = [record for record in told if record["refusal"] is None]
    for record in scored:
        values = {
            part["id"]: None if part["value"] is None else float(part["value"]) for part in record["parts"]
        }
        card = cards[record["card_id"]]
        assert card.score_one(values) == record["score"]
        assert record["base_points"] + sum(part["points"] for part in record["parts"]) == record["score"]
    assert len(scored) > 20


@pytest.mark.parametrize("card", CARDS.values(), ids=list(CARDS))
def test_every_card_fits_the_kept_schema(card: Card) -> None:
    """The JSON Schema of ``plainscore/card/1`` that was kept, and the one of today, accept it."""
    jsonschema = pytest.importorskip("jsonschema")
    content = json.loads(card.to_json())
    for found in (json.loads((EXPORTS / "card.schema.json").read_bytes()), card_schema()):
        assert found["properties"]["schema"]["const"] == content["schema"]
        jsonschema.validate(content, found)


def test_a_frozen_card_can_still_be_exported() -> None:
    """Every frozen card is written for another system by today's engine, under its own id."""
    for card in CARDS.values():
        assert card.id in to_python(card)
        assert card.id in to_sql(card)
