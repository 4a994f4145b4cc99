"""A page and a record of hundreds of people, each sentence checked that can be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from plainscore.language import LANGUAGES
from plainscore.pages import person_page
from plainscore.workspace import Desk, open_workspace

from ._checks import Again, evidence_faults, points_faults, value_faults
from ._page import read_page
from ._pages import page_faults, plain_faults, table_faults
from ._people import Told, odd, simulated
from ._truths import consent_faults, coverage_faults, truth_faults

RECORD = (points_faults, value_faults, evidence_faults, truth_faults, coverage_faults, consent_faults)


def faults(told: Told) -> Iterator[str]:
    """Everything that is wrong with a record and with its page in every language."""
    card = json.loads(told.card.to_json())
    again = None if told.record["refusal"] else Again(told)
    for check in RECORD if again is not None else ():
        yield from check(again)
    for language in LANGUAGES:
        page = read_page(person_page(told.record, card, language=language), language)
        if again is not None:
            found = page_faults(again, page, card)
        else:
            found = (*plain_faults(page), *table_faults(told.record, page, card), *_refusal(told, page))
        yield from (f"{language}: {fault}" for fault in found)


def _refusal(told: Told, page: Any) -> Iterator[str]:
    refusal = told.record["refusal"]
    for part in ("sentence", "route"):
        if refusal[part][page.language] not in page.text:
            yield f"the {part} of the refusal is not said"


def read(people: Iterable[Told]) -> Counter[str]:
    """Check everybody; return how often each kind of record was met."""
    met: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for told in people:
        wrong.update(set(faults(told)))
        met["people"] += 1
        met["refused"] += told.record["refusal"] is not None
        for reason in told.record.get("reasons", ()):
            met[reason["evidence"]["kind"]] += 1
            met["one record"] += len(reason["evidence"]["records"]) == 1
            met["best" if told.record["baseline"]["name"] == "best attribute" else "people compared"] += 1
            met["only a state earns more"] += 'Only "' in reason["text"]["en"]
            met["fallback"] += "instead_of" in told.record["baseline"]
        met["no reason"] += told.record["refusal"] is None and not told.record["reasons"]
        met["gains"] += len(told.record.get("favourable", ()))
    assert wrong == Counter()
    return met


@pytest.fixture(scope="module")
def at_work(small_root: Path) -> Desk:
    """Give the small workspace at work, to read from."""
    return Desk(open_workspace(small_root))


def test_every_sentence_is_true_of_odd_people() -> None:
    """Pages and records of 16 people with one account, one month, disputes, events and gaps hold."""
    met = read(islice(odd(40), 16))
    assert met["people"] == 16
    assert all(
        met[kind] for kind in ("statements", "set", "all", "dates", "absence", "one record", "refused")
    )
    assert met["fallback"]
    assert met["only a state earns more"]


def test_every_sentence_is_true_of_simulated_people(at_work: Desk, cast: Any) -> None:
    """The same of 8 people of the simulated workspace, against three baselines."""
    met = read(simulated(at_work, cast, 8))
    assert met["people"] == 8
    assert met["best"]
    assert met["people compared"]


@pytest.mark.slow
def test_every_sentence_is_true_of_everybody(at_work: Desk, cast: Any) -> None:
    """The same of 500 people: 380 of the simulated workspace, and 120 unusual ones."""
    met = read(simulated(at_work, cast, 380)) + read(odd(120))
    assert met["people"] == 500
