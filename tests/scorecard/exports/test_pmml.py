"""A card as PMML: well formed, the same each time, and the same scores and reasons in JPMML."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import Phase, given, settings

from plainscore.scorecard import InputError
from plainscore.scorecard.exports import to_pmml
from plainscore.scorecard.exports._pmml import NAMESPACE

from ._cards import card_of, cards, values_for

MOST_REASONS = 10


@given(card=cards())
@examples(40)
def test_any_card_is_well_formed(card):
    """Nasty names and levels come back from an XML reader as they went in; the bytes are the same twice."""
    written = to_pmml(card)
    assert written == to_pmml(card)
    root = ElementTree.fromstring(written)
    tag = f"{{{NAMESPACE}}}"
    assert [field.get("name") for field in root.iter(f"{tag}DataField")] == [
        one.id for one in card.characteristics
    ]
    assert [part.get("reasonCode") for part in root.iter(f"{tag}Characteristic")] == list(card.parts)
    values = {each.get("value") for each in root.iter(f"{tag}SimplePredicate")}
    for one in card.characteristics:
        if one.type == "levels":
            assert {level for each in one.attributes for level in each.levels} <= values


def test_texts_that_xml_cannot_hold_are_refused(card):
    """A control character in a label is refused with the text that has it."""
    bad = replace(card.characteristics[0], label="bell \x07")
    with pytest.raises(InputError, match="cannot hold"):
        to_pmml(card_of(bad, *card.characteristics[1:]))


def test_unknown_baselines_are_refused(card):
    """Reasons need a baseline that the card has."""
    with pytest.raises(InputError, match="no baseline 'nobody'"):
        to_pmml(card, baseline="nobody")


def given_to_pmml(card, table):
    """Return rows as an engine of PMML takes them: texts, dates, NaN only among numbers."""
    by_type = {one.id: one.type for one in card.characteristics}
    out = []
    for row in table.select(list(by_type)).to_pylist():
        case = {}
        for name, value in row.items():
            if value is None or (value != value and by_type[name] != "number"):
                case[name] = None
            elif by_type[name] == "month":
                case[name] = value.strftime("%Y-%m-%d")
            elif by_type[name] == "levels" and not isinstance(value, str):
                case[name] = str(int(value)) if float(value).is_integer() else str(value)
            else:
                case[name] = value
        out.append(case)
    return out


@pytest.fixture(scope="module")
def jpmml(tmp_path_factory):
    """Give a function that loads a PMML document in JPMML."""
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine: JPMML needs one")
    evaluator = pytest.importorskip("jpmml_evaluator", reason="jpmml-evaluator is not installed")
    backend = evaluator.make_backend("jpype")
    folder = tmp_path_factory.mktemp("pmml")

    def load(written):
        file = folder / f"{len(list(folder.iterdir()))}.pmml"
        file.write_bytes(written)
        return evaluator.make_evaluator(str(file), backend).verify()

    return load


def in_jpmml(evaluator, card, table):
    """Return scores and ranked reasons of every row."""
    cases = given_to_pmml(card, table)
    found = evaluator.evaluateAll(pd.DataFrame(cases, dtype=object), nan_as_missing=False)
    names = [f"reason_{rank}" for rank in range(1, MOST_REASONS + 1)]
    place = {part: at for at, part in enumerate(card.parts)}
    codes = found[names].astype(object).to_numpy()
    reasons = [[place[code] if isinstance(code, str) else -1 for code in row] for row in codes]
    return found["score"].astype(int).to_numpy(), np.array(reasons)


@pytest.mark.slow
def test_jpmml_gives_ten_thousand_rows_the_same_scores_and_reasons(jpmml, card, rows):
    """Score and ranked reason codes of every row come out of JPMML as out of the card."""
    evaluator = jpmml(to_pmml(card, reasons=MOST_REASONS))
    scores, reasons = in_jpmml(evaluator, card, rows)
    wrong = np.flatnonzero(scores != card.score(rows))
    assert not len(wrong), rows.slice(int(wrong[0]), 1).to_pylist()
    ours = card.top_reasons(rows, count=MOST_REASONS)
    wrong = np.flatnonzero((reasons != ours).any(axis=1))
    assert not len(wrong), (reasons[wrong[0]], ours[wrong[0]], rows.slice(int(wrong[0]), 1).to_pylist())


def is_written_as_float(value):
    """Return whether a text is one that a field of texts makes of a whole number or a truth."""
    return isinstance(value, str) and (value.endswith(".0") or value in ("true", "false"))


@pytest.mark.slow
@given(card=cards())
@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])  # shrinking would take minutes
def test_jpmml_scores_any_card_the_same(jpmml, card):
    """Cards with nasty names, levels and labels score every kind of value in JPMML as the card does."""
    table = values_for(card)
    table = table.filter([not any(map(is_written_as_float, row.values())) for row in table.to_pylist()])
    scores, _ = in_jpmml(jpmml(to_pmml(card, reasons=MOST_REASONS)), card, table)
    wrong = np.flatnonzero(scores != card.score(table))
    assert not len(wrong), table.slice(int(wrong[0]), 1).to_pylist()
    assert not math.isnan(scores.sum())
