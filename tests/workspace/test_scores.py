"""A batch is its people one by one: score, PD, refusal and reasons are those of a decision record."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plainscore.casework import score_people
from plainscore.history import cases_table
from plainscore.reasons import BEST_ATTRIBUTE, told_of
from plainscore.scorecard import ALL_APPLICANTS
from plainscore.scoring import score_cases
from plainscore.workspace import Desk, PersonScore, open_workspace


@pytest.fixture(scope="module")
def small_desk(small_root: Path) -> Desk:
    """Give the small workspace at work; nothing is kept in it."""
    return Desk(open_workspace(small_root))


def row_of(record: dict[str, Any]) -> PersonScore:
    """Return the row of a batch that a decision record says."""
    refusal, covers = record["refusal"], record["coverage"]
    return PersonScore(
        subject_id=record["case"]["subject_id"],
        score=record.get("score"),
        pd=record.get("pd"),
        refusal=None if refusal is None else refusal["code"],
        accounts=covers["accounts"],
        months=covers["months"],
        reasons=tuple(reason["id"] for reason in record.get("reasons", ())),
        texts=tuple(reason["text"] for reason in record.get("reasons", ())),
    )


def check_same(desk: Desk, people: list[str], at: Any) -> set[str]:
    """Compare a batch with its people one by one; return the baselines that their reasons stand on."""
    scores = score_people(desk, people, at=at)
    baselines = set()
    for row in scores.rows:
        case = desk.case(row.subject_id, at=at)
        record = desk.consider(case, desk.workspace.card, baseline=ALL_APPLICANTS)
        assert row == row_of(record)
        assert (scores.card_id, scores.as_of.isoformat()) == (record["card_id"], record["case"]["as_of"])
        if row.score is not None:
            baselines.add(record["baseline"]["name"])
    assert (scores.scored + scores.refused, scores.unknown) == (len(people), 0)
    return baselines


def test_a_batch_gives_the_reasons_of_decisions(small_desk: Desk, cast: Any) -> None:
    """For every hundredth person, for who lost nothing against the average, and for each refusal."""
    cases = [
        replace(small_desk.case(one, at=cast.at), case_id=place) for place, one in enumerate(cast.scored)
    ]
    scored = score_cases(
        small_desk.history, small_desk.workspace.card, cases_table(cases), small_desk.entries
    )
    told = told_of(small_desk.workspace.card, scored, small_desk.entries)
    best = [
        one
        for one, found in zip(cast.scored, told, strict=True)
        if found is not None and found.baseline == BEST_ATTRIBUTE
    ]
    people = list(dict.fromkeys([*cast.scored[::100], *best[:3], *cast.refused.values()]))
    assert check_same(small_desk, people, cast.at) == {ALL_APPLICANTS, BEST_ATTRIBUTE}


@pytest.mark.slow
def test_a_batch_gives_everybody_the_reasons_of_a_decision(small_desk: Desk, cast: Any) -> None:
    """The same for every scored person of the workspace."""
    assert len(cast.scored) > 400
    check_same(small_desk, list(cast.scored), cast.at)


def test_a_batch_keeps_the_order_and_names_once(small_desk: Desk, cast: Any) -> None:
    """Rows come in the order asked for, somebody named twice once, and the unknown in their place, marked."""
    asked = [cast.scored[5], "nobody-here", cast.scored[0], cast.scored[5], "nor-here"]
    scores = score_people(small_desk, asked, at=cast.at)
    assert [row.subject_id for row in scores.rows] == [asked[0], "nobody-here", asked[2], "nor-here"]
    assert [row.known for row in scores.rows] == [True, False, True, False]
    assert (scores.scored, scores.refused, scores.unknown) == (2, 0, 2)
    for row in scores.rows:
        if not row.known:
            assert row == PersonScore(subject_id=row.subject_id, known=False)
    nobody = score_people(small_desk, ["nobody-here"], at=cast.at)
    assert [row.known for row in nobody.rows] == [False]


def test_a_published_baseline_is_that_of_the_record(small_desk: Desk, cast: Any) -> None:
    """A person who lost nothing against the average is told reasons against the best attribute, in both."""
    scores = score_people(small_desk, cast.scored, at=cast.at)
    card = json.loads(small_desk.workspace.card.to_json())
    best = card["base_points"] + sum(
        max(one["points"] for one in each["attributes"]) for each in card["characteristics"]
    )
    for row in scores.rows:
        assert row.reasons or row.score == best, "only a person at the best of everything has no reasons"
