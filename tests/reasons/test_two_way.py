"""Two-way tables told by their two characteristics: the sums are exact, and no reason is a false one."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

from examples import examples
from fits import unlike
from hand_cards import card, characteristic
from hypothesis import assume, given
from hypothesis import strategies as st
from ledgers import World, case, dropped, ledger, opened, put_in_order
from person_world import WIDE, accounts, scores, world

from plainscore.characteristics import catalogue
from plainscore.decisions import DecisionContent, record_decision, replay
from plainscore.history import History
from plainscore.ledger import MemoryLedger
from plainscore.reasons import (
    BEST_ATTRIBUTE,
    assess,
    factors,
    favourable_factors,
    key_factors,
    possible_range,
)
from plainscore.scorecard import ALL_APPLICANTS, Baseline, Card, Grid

from .test_evidence import key

NAMES = [entry.id for entry in catalogue()]
Values = dict[str, float | None]
POINTS = st.integers(-60, 60)


def with_tables(plain: Card, tables: list[Grid], typical: int = 0) -> Card:
    """Return the card with these tables, its range and the mean of each in its baselines."""
    held = replace(plain, grids=tuple(tables))
    low, high = held.attainable()
    baselines = {
        name: Baseline(
            one.count, {**one.sums, **{grid.id: typical for grid in tables}}, one.population, one.date
        )
        for name, one in plain.baselines.items()
    }
    return replace(held, scale=replace(held.scale, low=low, high=high), baselines=baselines)


def table(plain: Card, first: int, second: int, cells: list[int]) -> Grid:
    """Return a table of two of the card's characteristics whose cells repeat the given points."""
    one, two = plain.characteristics[first], plain.characteristics[second]
    width = len(two.attributes)
    return Grid(
        f"{one.id} & {two.id}",
        f"{one.label} and {two.label} together",
        one.id,
        two.id,
        "",
        tuple(
            tuple(cells[(row * width + column) % len(cells)] for column in range(width))
            for row in range(len(one.attributes))
        ),
    )


@st.composite
def tied(draw: st.DrawFn) -> tuple[Card, Values, dict[str, frozenset[str]]]:
    """Draw a card with up to three tables of any points, a person's values, and what others had."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    points = st.lists(POINTS, min_size=3, max_size=3)
    plain = card(*(characteristic(name, [1, 5], draw(points)) for name in names))
    pairs = draw(
        st.lists(
            st.sampled_from(list(combinations(range(len(names)), 2))), min_size=1, max_size=3, unique=True
        )
    )
    turned = [pair[::-1] if draw(st.booleans()) else pair for pair in pairs]
    tables = [table(plain, *pair, draw(st.lists(POINTS, min_size=1, max_size=40))) for pair in turned]
    values = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 4.99, 5.0, 80.0, -9_999_001.0, -9_999_002.0]))
    had = {
        one.id: frozenset(draw(st.sets(st.sampled_from([each.label for each in one.attributes]), min_size=1)))
        for one in plain.characteristics
        if draw(st.booleans())
    }
    typical = draw(st.integers(-2_000, 2_000))
    return with_tables(plain, tables, typical), {name: draw(values) for name in names}, had


@given(tied())
def test_the_points_of_all_factors_are_the_score(drawn: tuple[Card, Values, Any]) -> None:
    """Base points and the points told sum to the score, and what was lost to the baseline's score less it."""
    one, values, had = drawn
    found = factors(one, values, baseline=ALL_APPLICANTS, possible=had)
    score = one.score_one(values)
    assert one.base_points + sum(factor.points for factor in found) == score
    mean = one.base_points + sum(one.baseline_points().values())
    assert sum(factor.lost for factor in found) == mean - score


@given(tied())
def test_a_better_attribute_is_the_engine_s_better_score(drawn: tuple[Card, Values, Any]) -> None:
    """Points of another attribute differ from the person's as the two scores do, all else as it is."""
    one, values, had = drawn
    score = one.score_one(values)
    at = one.positions_one(values)
    for factor in factors(one, values, baseline=ALL_APPLICANTS, possible=had):
        for place, each in enumerate(factor.characteristic.attributes):
            moved = scored_at(one, {**at, factor.characteristic.id: place})
            assert each.points - factor.points == moved - score


def scored_at(one: Card, at: dict[str, int]) -> int:
    """Return the score of whoever stands at these places of the card, summed from the table as printed."""
    own = sum(each.attributes[at[each.id]].points for each in one.characteristics)
    return one.base_points + own + sum(grid.points[at[grid.first]][at[grid.second]] for grid in one.grids)


@given(tied())
def test_no_reason_names_what_stands_at_its_best_beside_the_other(drawn: tuple[Card, Values, Any]) -> None:
    """Whatever is blamed could have been something else that a person can be, for a higher score."""
    one, values, had = drawn
    at, score = one.positions_one(values), one.score_one(values)
    for baseline in (ALL_APPLICANTS, BEST_ATTRIBUTE):
        found = factors(one, values, baseline=baseline, possible=had)
        for factor in key_factors(found):
            name = factor.characteristic.id
            labels = {each.label for each in factor.possible}
            places = [p for p, each in enumerate(factor.characteristic.attributes) if each.label in labels]
            assert max(scored_at(one, {**at, name: place}) for place in places) > score
        named = {factor.characteristic.id for factor in key_factors(found)}
        assert named.isdisjoint(factor.characteristic.id for factor in favourable_factors(found))


@given(tied())
def test_the_range_is_over_what_people_can_have(drawn: tuple[Card, Values, Any]) -> None:
    """Lowest and highest are the ends of every sum of possible attributes, and hold the person's score."""
    one, values, had = drawn
    own = {name: each.label for name, each in one.attributes_one(values).items()}
    low, high = possible_range(one, had, own)
    assert low <= one.score_one(values) <= high
    assert (low, high) == ends(one, had, own)


def ends(one: Card, had: dict[str, frozenset[str]], own: dict[str, str]) -> tuple[int, int]:
    """Return the lowest and the highest score by trying every way to stand, for characteristics in tables."""
    tied_ids = {side for grid in one.grids for side in (grid.first, grid.second)}
    can = {
        each.id: [
            place
            for place, a in enumerate(each.attributes)
            if each.id not in had or a.label in had[each.id] | {own[each.id]}
        ]
        for each in one.characteristics
    }
    free = [each for each in one.characteristics if each.id not in tied_ids]
    base = [one.base_points, one.base_points]
    for each in free:
        points = [each.attributes[place].points for place in can[each.id]]
        base = [base[0] + min(points), base[1] + max(points)]
    stands: list[dict[str, int]] = [{}]
    for each in one.characteristics:
        if each.id in tied_ids:
            stands = [held | {each.id: place} for held in stands for place in can[each.id]]
    by_id = {each.id: each for each in one.characteristics}
    sums = [
        sum(by_id[name].attributes[place].points for name, place in held.items())
        + sum(grid.points[held[grid.first]][held[grid.second]] for grid in one.grids)
        for held in stands
    ]
    return base[0] + min(sums), base[1] + max(sums)


WEIGHED = ("statements", "set", "all")
"""Kinds of evidence that list records with scores."""

TIED = with_tables(
    WIDE,
    [
        table(WIDE, 0, 3, [7, -12, 3, 0, -5, 9, -21]),
        table(WIDE, 1, 3, [-3, 4, 0, 11, -8]),
        table(WIDE, 7, 5, [5, -6, 2]),
    ],
)
"""Late payments with card use, twice, and length with good accounts: every kind of evidence meets a table."""


def both(rows: World) -> tuple[MemoryLedger, History]:
    """Return a world as a ledger, and the same opened."""
    return ledger(rows), opened(rows)


def values_in(record: dict[str, Any]) -> Values:
    """Return the values that a record holds."""
    return {part["id"]: None if part["value"] is None else float(part["value"]) for part in record["parts"]}


@given(accounts, st.booleans())
@examples(4)
def test_scores_beside_records_are_those_of_changed_ledgers(drawn: dict[str, Any], dated: bool) -> None:
    """Without a record, and with it in order, the score told is that of a ledger physically changed."""
    rows = world(drawn, opened=90 if dated else None)
    made = assess(*both(rows), TIED, case(), catalogue())
    reasons = [reason for reason in made.get("reasons", []) if reason["evidence"]["kind"] in WEIGHED]
    listed = {key(found): found for reason in reasons for found in reason["evidence"]["records"]}
    assume(listed)
    changed = [*(dropped(rows, name) for name in listed), *(put_in_order(rows, name) for name in listed)]
    expected = scores(TIED, [*changed, rows])
    assert expected[-1] == made["score"]
    assert [found["score_without"] for found in listed.values()] == expected[: len(listed)]
    for found, in_order in zip(listed.values(), expected[len(listed) : -1], strict=True):
        assert found["score_in_order"] in (in_order, None)
        assert found["score_in_order"] is not None or in_order == made["score"]
    for reason in reasons:
        if reason["evidence"]["kind"] == "statements":
            assert all(found["score_without"] > made["score"] for found in reason["evidence"]["records"])


@given(accounts, st.booleans())
@examples(4)
def test_a_gain_elsewhere_is_one_that_the_factor_alone_would_not_give(
    drawn: dict[str, Any], dated: bool
) -> None:
    """A record in order gains elsewhere where its factor's new value, the rest as it was, gives nothing."""
    rows = world(drawn, opened=90 if dated else None)
    made = assess(*both(rows), TIED, case(), catalogue())
    assume(made["refusal"] is None)
    for reason in made["reasons"]:
        for found in reason["evidence"]["records"][:3]:
            if found.get("score_in_order") is None:
                continue
            other = assess(*both(put_in_order(rows, key(found))), TIED, case(), catalogue())
            alone = values_in(made) | {reason["id"]: values_in(other)[reason["id"]]}
            gains = TIED.score_one(alone) > made["score"]
            assert found["in_order_elsewhere"] == (other["score"] > made["score"] and not gains)


@given(accounts)
@examples(5)
def test_a_record_tells_whose_points_are_shared_and_how(drawn: dict[str, Any]) -> None:
    """Own points and shares make the part's, two shares the cell, every table is told, and it replays."""
    made = assess(*both(world(drawn)), TIED, case(), catalogue())
    assert unlike(made, DecisionContent) == []
    assume(made["refusal"] is None)
    assert made["base_points"] + sum(part["points"] for part in made["parts"]) == made["score"]
    by_id = {part["id"]: part for part in made["parts"]}
    points = {one.id: {each.label: each.points for each in one.attributes} for one in TIED.characteristics}
    for part in made["parts"]:
        own, shared = part.get("own", part["points"]), part.get("shared", [])
        assert own == points[part["id"]][part["attribute"]]
        assert own + sum(share["points"] for share in shared) == part["points"]
        assert part["worst"] <= part["points"] <= part["best"]
        for share in shared:
            (back,) = (s for s in by_id[share["with"]]["shared"] if s["table"] == share["table"])
            assert share["points"] + back["points"] == share["cell"] == back["cell"]
    told = {share["table"] for part in made["parts"] for share in part.get("shared", [])}
    assert told == {grid.id for grid in TIED.grids}
    kept = record_decision(made, made_at=case().used_at)
    assert replay(kept, TIED).score == made["score"]


@given(tied())
def test_an_odd_point_goes_to_the_first_of_the_card(drawn: tuple[Card, Values, Any]) -> None:
    """However a table is turned, the same two people of a table have the same shares."""
    one, values, had = drawn
    turned = tuple(
        Grid(grid.id, grid.label, grid.second, grid.first, grid.reason, tuple(zip(*grid.points, strict=True)))
        for grid in one.grids
    )
    again = replace(one, grids=turned)
    first, second = (
        [f.points for f in factors(each, values, baseline=ALL_APPLICANTS, possible=had)]
        for each in (one, again)
    )
    assert first == second
