"""What decisions under a card have in common is kept once, and tells nothing of anybody."""

from __future__ import annotations

import json
import zlib

import pytest
from editions import CARDS, DECISIONS, LATEST, edition_of

from plainscore.characteristics import catalogue
from plainscore.decisions import Common, DecisionRecord, read_record, shortened
from plainscore.log import canonical_json
from plainscore.reasons import BEST_ATTRIBUTE, common_parts
from plainscore.scorecard import ALL_APPLICANTS

CARD = CARDS[LATEST]
MOST_BYTES = 3_000
"""A decision and its inputs, compressed; with index columns and leaves a million are to fit in 6 GB."""


@pytest.fixture(scope="module")
def common() -> Common:
    """Give the common parts of decisions under the newest frozen card."""
    return common_parts(CARD, catalogue(), baseline=ALL_APPLICANTS)


def decisions() -> list[DecisionRecord]:
    """Return the frozen decisions under that card."""
    records = [read_record(path.read_bytes()) for path in DECISIONS if edition_of(path) == LATEST]
    return [record for record in records if record["card_id"] == CARD.id]


def test_a_decision_takes_few_bytes(common: Common) -> None:
    """On average a decision and its inputs take less than three thousand bytes, compressed each by itself."""
    forms = [shortened(record, common) for record in decisions()]
    sizes = [
        len(zlib.compress(canonical_json(block), 6)) for form in forms for block in (form.core, form.inputs)
    ]
    assert len(forms) > 10
    assert sum(sizes) / len(forms) < MOST_BYTES


def test_every_part_of_a_decision_is_near_a_common_one(common: Common) -> None:
    """A part differs from its common one in the value at most: names, words and points stand once for all."""
    for record in decisions():
        for part in record.get("parts", []):
            at = common.nearest_to(part)
            assert at is not None
            like = common.parts[at]
            other = {name for name in part if name not in like or part[name] != like[name]}
            assert other <= {"value", "value_text", "best", "worst", "possible"}


@pytest.mark.parametrize("baseline", [ALL_APPLICANTS, BEST_ATTRIBUTE])
def test_nothing_of_a_person_is_common(baseline: str) -> None:
    """Common parts follow from the card and the catalogue alone, and are the same every time, each once."""
    found = common_parts(CARD, catalogue(), baseline=baseline)
    assert found.to_json() == common_parts(CARD, catalogue(), baseline=baseline).to_json()
    parts = [json.dumps(part, sort_keys=True) for part in found.parts]
    assert len(set(parts)) == len(parts)
    assert Common.from_json(found.to_json()).parts == found.parts
