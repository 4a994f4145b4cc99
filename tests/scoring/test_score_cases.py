"""A batch is scored as its cases one by one, and a dispute never lowers a score."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from examples import examples
from hand_cards import card, characteristic
from hypothesis import given
from hypothesis import strategies as st
from ledgers import World, case, consent, crowd, ledger, of_crowd, opened
from person_world import WIDE, accounts, dispute, scored, scores, world

from plainscore.characteristics import UnknownCharacteristicError, catalogue, select_entries
from plainscore.coverage import Floor
from plainscore.history import cases_table
from plainscore.ledger import DISPUTED_ITEMS
from plainscore.reasons import assess
from plainscore.scoring import card_entries, floor_of, score_cases

SOUND = world({"card": {back: {} for back in range(12)}, "light": {back: {} for back in range(12)}})


def test_a_batch_scores_as_each_of_its_cases_alone() -> None:
    """A case's score, values and coverage do not depend on who is scored with it."""
    worlds = [
        SOUND,
        world({"card": {back: {"arrears": back % 4} for back in range(9)}}),
        world({"loan": {0: {}}}, opened=1),
        world({"card": {back: {"balance": 950} for back in range(8)}})
        | {"disputes": [dispute("card", 5, 2)]},
    ]
    rows = crowd(worlds)
    history = opened(rows)
    asked = [case(case_id=at, subject_id=of_crowd(at)) for at in range(len(worlds))]
    together = score_cases(history, WIDE, cases_table(reversed(asked)), catalogue())
    for at, one in enumerate(asked):
        alone = score_cases(history, WIDE, cases_table([one]), catalogue())
        assert alone.cases == together.cases.slice(at, 1)
        assert alone.values == together.values.slice(at, 1)
        assert alone.coverage == together.coverage.slice(at, 1)
        assert alone.scores[0] == together.scores[at]


@given(st.lists(accounts, min_size=6, max_size=6), st.data())
@examples(8)
def test_opening_a_dispute_never_lowers_a_score_nor_takes_it_away(
    drawn: list[dict[str, Any]], data: st.DataObject
) -> None:
    """With a dispute open a person has at least the score that they have without it."""
    without = [world(held) for held in drawn]
    with_it = [rows | {"disputes": [_drawn_dispute(rows, data)]} for rows in without]
    found = scores(WIDE, [*without, *with_it])
    for before, after in zip(found[: len(without)], found[len(without) :], strict=True):
        assert before is None or (after is not None and after >= before)


def _drawn_dispute(rows: World, data: st.DataObject) -> dict[str, Any]:
    names = [row["account_id"] for row in rows["accounts"]]
    return dispute(
        data.draw(st.sampled_from(names)),
        data.draw(st.integers(0, 14)),
        0,
        item=data.draw(st.sampled_from(DISPUTED_ITEMS)),
    )


def test_a_disputed_late_month_is_set_aside_where_that_is_better() -> None:
    """The reading that scores better is taken, and the case says which."""
    rows = world({"card": {back: {"arrears": 3 if back == 8 else 0} for back in range(24)}})
    disputed = rows | {"disputes": [dispute("card", 8, 8)]}
    found = scored(WIDE, [rows, disputed])
    assert found.scores[1] > found.scores[0]
    assert found.cases["disputed"].to_pylist() == ["set aside", "set aside"]


def test_a_dispute_that_would_leave_too_few_months_is_read_as_reported() -> None:
    """Where setting the disputed months aside would refuse a score, the score stands as reported."""
    rows = world({"card": {back: {"arrears": 5} for back in range(12)}})
    found = scored(WIDE, [rows, rows | {"disputes": [dispute("card", 11, 0)]}])
    assert found.refused.tolist() == [False, False]
    assert found.scores[0] == found.scores[1]
    assert found.cases["disputed"].to_pylist() == ["set aside", "as reported"]


def test_a_dispute_lowers_no_score_by_leaving_too_few_months_to_measure() -> None:
    """Where too few known months would earn less than what was reported, that reading is taken."""
    strict = card(characteristic("worst_24", [1, 3], [60, 40, 0], few=0))
    rows = world({"card": {back: {"arrears": 1} for back in range(24)}})
    found = scored(strict, [rows, rows | {"disputes": [dispute("card", 23, 6)]}])
    assert found.scores.tolist() == [340, 340]
    assert found.cases["disputed"].to_pylist() == ["set aside", "as reported"]


def test_a_case_that_asks_for_the_records_as_reported_gets_them() -> None:
    """A case that names its reading keeps to it."""
    rows = world({"card": {back: {"arrears": 3 if back == 8 else 0} for back in range(24)}})
    disputed = rows | {"disputes": [dispute("card", 8, 8)]}
    as_reported = scored(WIDE, [rows, disputed], disputed="as reported")
    assert as_reported.scores[0] == as_reported.scores[1]


def test_a_refused_case_replaced_in_a_batch_leaves_the_others_as_they_were() -> None:
    """Choosing a reading for one person changes no other row of the batch."""
    late = world({"card": {back: {"arrears": 1} for back in range(12)}})
    found = scored(WIDE, [SOUND, late | {"disputes": [dispute("card", 11, 0)]}, SOUND])
    assert found.cases["case_id"].to_pylist() == [0, 1, 2]
    assert found.values["case_id"].to_pylist() == found.coverage["case_id"].to_pylist() == [0, 1, 2]
    assert found.scores[0] == found.scores[2] != found.scores[1]


@given(st.lists(accounts, min_size=1, max_size=1))
@examples(6)
def test_base_points_and_parts_are_the_score_of_a_record(drawn: list[dict[str, Any]]) -> None:
    """The points printed in a record add up to the score printed in it."""
    rows = crowd([world(held) for held in drawn])
    source, history = ledger(rows), opened(rows)
    for at in range(len(drawn)):
        record = assess(source, history, WIDE, case(subject_id=of_crowd(at)), catalogue())
        if record["refusal"] is None:
            total = record["base_points"] + sum(part["points"] for part in record["parts"])
            assert record["score"] == total


def test_a_persons_other_consents_change_no_score() -> None:
    """A consent for another lender neither adds to nor takes from this lender's score."""
    other = SOUND | {"consents": [consent(), consent(consent_id="c2", recipient_id="other lender")]}
    first, second = scores(WIDE, [SOUND, other])
    assert first == second


def test_a_card_that_the_catalogue_does_not_cover_is_refused_by_the_name_that_lacks() -> None:
    """A characteristic without a definition is named; with it, the card's order is kept."""
    with pytest.raises(UnknownCharacteristicError, match="late_n24"):
        card_entries(WIDE, select_entries(["worst_24"]))
    assert [e.id for e in card_entries(WIDE, catalogue())] == [one.id for one in WIDE.characteristics]


def test_the_floor_is_the_cards() -> None:
    """A card's own floor holds; a card that says none has the usual one."""
    said = replace(WIDE, coverage={"oldest_account_months": 9, "known_within_months": 2})
    assert floor_of(said) == Floor(9, 2)
    assert floor_of(replace(WIDE, coverage={})) == Floor()
