"""A card as PMML answers as the card, whatever type of value an engine is given."""

from __future__ import annotations

import pandas as pd
import pytest

from plainscore.scorecard.exports import to_pmml

from ._types import CARDS, COLUMNS, gap
from .test_pmml import jpmml  # noqa: F401

pytestmark = pytest.mark.slow

GIVEN = [
    ("number", "int"), ("number", "double"), ("levels", "int"), ("levels", "double"), ("levels", "text"),
    ("levels", "truth"), ("boolean", "truth"), ("boolean", "int"), ("boolean", "double"),
]  # fmt: skip


@pytest.fixture(scope="module")
def evaluators(jpmml):  # noqa: F811
    """Give each kind's card in JPMML."""
    return {kind: jpmml(to_pmml(card)) for kind, card in CARDS.items()}


@pytest.mark.parametrize(("kind", "name"), GIVEN)
def test_jpmml_reads_every_type_of_value(evaluators, kind, name):
    """Numbers, texts and truths score in JPMML as on the card, but for texts that are written as floats."""
    values = [value for value in COLUMNS[kind][name].to_pylist() if value not in ("1.0", "true")]
    found = evaluators[kind].evaluateAll(pd.DataFrame({kind: values}, dtype=object), nan_as_missing=True)
    assert found["score"].astype(int).tolist() == [CARDS[kind].score_one({kind: value}) for value in values]


@pytest.mark.parametrize("kind", ["number", "levels", "boolean"])
def test_jpmml_reads_a_pandas_column_with_a_gap(evaluators, kind):
    """Whole numbers that pandas turned into floats beside a gap score as whole numbers (FD8)."""
    frame = gap(kind)
    found = evaluators[kind].evaluateAll(frame, nan_as_missing=True)
    assert found["score"].astype(int).tolist() == CARDS[kind].score(frame).tolist()
