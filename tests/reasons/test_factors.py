"""Key factors are the largest losses against a baseline, and the losses add up."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hand_cards import card, characteristic
from hypothesis import given
from hypothesis import strategies as st
from person_world import WIDE, arrays

from plainscore.characteristics import catalogue
from plainscore.reasons import (
    BEST_ATTRIBUTE,
    MOST_REASONS,
    Factor,
    factors,
    favourable_factors,
    key_factors,
    key_reasons,
    possible_range,
    reasons_against,
    shared_reasons,
)
from plainscore.scorecard import ALL_APPLICANTS, Baseline, Card, InputError

NAMES = [entry.id for entry in catalogue()]
Values = dict[str, float | None]


@st.composite
def cards_and_values(draw: st.DrawFn) -> tuple[Card, Values]:
    """Draw a card with any points, any baseline, and a person's values on it."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8, unique=True))
    points = st.lists(st.integers(-60, 60), min_size=3, max_size=3)
    drawn = card(*(characteristic(name, [1, 5], draw(points)) for name in names))
    count = draw(st.integers(1, 1000))
    sums = {name: draw(st.integers(-60, 60)) * count + draw(st.integers(0, count)) for name in names}
    drawn = Card(**{**drawn.__dict__, "baselines": {ALL_APPLICANTS: Baseline(count, sums, "drawn", "")}})
    values = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 4.99, 5.0, 80.0, -9_999_001.0, -9_999_002.0]))
    return drawn, {name: draw(values) for name in names}


@given(cards_and_values())
def test_reasons_are_the_largest_losses_and_only_losses(drawn: tuple[Card, Values]) -> None:
    """At most four, each a loss of a point or more, the largest first, none at its best attribute (E1)."""
    found = factors(*drawn, baseline=ALL_APPLICANTS)
    key = key_factors(found)
    assert len(key) <= MOST_REASONS
    assert all(f.lost >= 1 and f.points < f.best for f in key)
    assert [f.lost for f in key] == sorted((f.lost for f in key), reverse=True)


@given(cards_and_values())
def test_no_principal_reason_is_hidden(drawn: tuple[Card, Values]) -> None:
    """Nothing of a point or more is left out for less, and the largest of these is always named (E4)."""
    found = factors(*drawn, baseline=ALL_APPLICANTS)
    key = key_factors(found)
    losing = [f for f in found if f.lost >= 1 and f.points < f.best]
    left = [f for f in losing if f not in key]
    assert len(key) == min(MOST_REASONS, len(losing))
    assert all(f.lost <= key[-1].lost for f in left)
    if losing:
        assert key[0].lost == max(f.lost for f in losing)


@given(cards_and_values(), st.randoms(use_true_random=False))
def test_the_order_in_which_values_come_changes_nothing(
    drawn: tuple[Card, Values], shuffle: random.Random
) -> None:
    """The same person gets the same reasons however the values are ordered."""
    one, values = drawn
    order = list(values)
    shuffle.shuffle(order)
    again = factors(one, {name: values[name] for name in order}, baseline=ALL_APPLICANTS)
    assert key_factors(again) == key_factors(factors(one, values, baseline=ALL_APPLICANTS))


def test_ties_go_by_the_order_of_the_card() -> None:
    """Two equal losses come in the order in which the card has them."""
    tied = card(*(characteristic(name, [1], [10, 0]) for name in ("late_n24", "new_12", "worst_6")))
    found = factors(tied, {"worst_6": 2, "new_12": 2, "late_n24": 2}, baseline=ALL_APPLICANTS)
    assert [f.characteristic.id for f in key_factors(found)] == ["late_n24", "new_12", "worst_6"]


@given(cards_and_values())
def test_parts_and_base_are_the_score(drawn: tuple[Card, Values]) -> None:
    """Base points and every factor's points add up to the score, one by one and as a batch."""
    one, values = drawn
    total = one.base_points + sum(f.points for f in factors(one, values, baseline=ALL_APPLICANTS))
    assert total == one.score_one(values) == int(one.score(arrays(values))[0])


@given(cards_and_values())
def test_the_baseline_is_an_exact_fraction(drawn: tuple[Card, Values]) -> None:
    """Losses sum exactly to the baseline's total less the person's: no rounding anywhere (E2)."""
    one, values = drawn
    found = factors(one, values, baseline=ALL_APPLICANTS)
    held = one.baselines[ALL_APPLICANTS]
    typical = Fraction(sum(held.sums.values()), held.count)
    assert all(isinstance(f.lost, Fraction) for f in found)
    assert sum((f.lost for f in found), Fraction()) == typical - sum(f.points for f in found)


@given(cards_and_values())
def test_what_helped_is_no_reason_against(drawn: tuple[Card, Values]) -> None:
    """Favourable factors gained points, the largest gain first, and none is also a reason."""
    found = factors(*drawn, baseline=ALL_APPLICANTS)
    key, good = key_factors(found), favourable_factors(found)
    assert all(f.lost <= -1 for f in good)
    assert [f.lost for f in good] == sorted(f.lost for f in good)
    assert not {f.characteristic.id for f in key} & {f.characteristic.id for f in good}


def test_points_less_baseline_are_the_shap_values_of_the_card() -> None:
    """A factor's gain is the SHAP value on that baseline: the two explanations agree."""
    for value in (0.0, 1.0, 3.0, 50.0):
        values: Values = dict.fromkeys((one.id for one in WIDE.characteristics), value)
        explained = WIDE.explain(arrays(values)).values[0]
        found = factors(WIDE, values, baseline=ALL_APPLICANTS)
        assert [float(-f.lost) for f in found] == pytest.approx(list(explained), abs=1e-9)


def test_a_factor_that_is_typical_is_neither_reason_nor_favourable() -> None:
    """Points equal to the baseline's say nothing."""
    found = factors(
        card(characteristic("new_12", [1], [10, 0]), typical=0), {"new_12": 3}, baseline=ALL_APPLICANTS
    )
    assert isinstance(found[0], Factor)
    assert found[0].lost == 0
    assert key_factors(found) == favourable_factors(found) == ()


def test_an_unknown_baseline_is_named_in_the_error() -> None:
    """A baseline that the card lacks is refused by its name."""
    with pytest.raises(InputError, match="nearest neighbours"):
        factors(WIDE, {}, baseline="nearest neighbours")


@given(cards_and_values(), st.integers(1, 4))
def test_a_shared_reason_counts_the_signed_sum(drawn: tuple[Card, Values], size: int) -> None:
    """Members of a shared reason are told once, by their sum; the largest loss is never hidden."""
    found = factors(*drawn, baseline=ALL_APPLICANTS)
    together = {f.characteristic.id: "one reason" for f in found[:size]}
    key = key_reasons(found, shared=together)
    assert len(key) <= MOST_REASONS
    assert all(reason.lost == sum(f.lost for f in reason.members) >= 1 for reason in key)
    assert [reason.lost for reason in key] == sorted((reason.lost for reason in key), reverse=True)
    assert all(reason.lead in reason.members for reason in key)
    assert all(reason.lead.points < reason.lead.best for reason in key)
    named = [f.characteristic.id for reason in key for f in reason.members]
    assert len(named) == len(set(named)) or len(key[0].members) == 1
    losing = [f for f in found if f.lost >= 1 and f.points < f.best]
    if losing:
        assert max(losing, key=lambda f: f.lost).lost in {f.lost for reason in key for f in reason.members}


def test_a_gain_is_set_against_a_loss_that_shares_its_reason() -> None:
    """A loss of 9 and a gain of 4 under one reason are one reason of 5, led by the loss."""
    names = ("late_n24", "new_12", "worst_6")
    tied = card(*(characteristic(name, [1], [10, 0]) for name in names), typical=0.5)
    found = factors(tied, {"late_n24": 2.0, "new_12": 0.0, "worst_6": 2.0}, baseline=ALL_APPLICANTS)
    assert [float(f.lost) for f in found] == [5.0, -5.0, 5.0]
    key = key_reasons(found, shared={"late_n24": "late", "new_12": "late"})
    assert [(key[0].lead.characteristic.id, float(key[0].lost)), len(key)] == [("late_n24", 5.0), 2]
    wider = key_reasons(found, shared={"worst_6": "late", "new_12": "late"})
    assert [reason.lead.characteristic.id for reason in wider] == ["late_n24"]


@st.composite
def some_labels(draw: st.DrawFn) -> tuple[Card, Values, dict[str, frozenset[str]]]:
    """Draw a card, values, and for some characteristics the attributes that development cases had."""
    one, values = draw(cards_and_values())
    named = draw(st.lists(st.sampled_from(one.characteristics), unique_by=lambda each: each.id))
    labels = {
        each.id: frozenset(draw(st.sets(st.sampled_from([a.label for a in each.attributes]), min_size=1)))
        for each in named
    }
    return one, values, labels


@given(some_labels())
def test_best_worst_and_range_are_over_attributes_that_a_person_can_have(
    drawn: tuple[Card, Values, dict[str, frozenset[str]]],
) -> None:
    """What nobody had is no best and no reason; what the person has is possible, whoever had it before."""
    one, values, labels = drawn
    own = one.attributes_one(values)
    found = factors(one, values, baseline=BEST_ATTRIBUTE, possible=labels)
    for factor in found:
        name = factor.characteristic.id
        can = [
            a.points
            for a in factor.characteristic.attributes
            if name not in labels or a.label in labels[name] | {own[name].label}
        ]
        assert (factor.worst, factor.best) == (min(can), max(can))
        assert factor.typical == factor.best
    low, high = possible_range(one, labels, {name: each.label for name, each in own.items()})
    assert low <= one.score_one(values) <= high
    assert (low, high) == (
        one.base_points + sum(f.worst for f in found),
        one.base_points + sum(f.best for f in found),
    )
    assert one.scale.low <= low <= high <= one.scale.high
    named = {reason.characteristic.id for reason in key_factors(found, most=len(found))}
    assert named == {f.characteristic.id for f in found if f.points < f.best}


@given(cards_and_values())
def test_where_nothing_is_known_every_attribute_is_possible(drawn: tuple[Card, Values]) -> None:
    """Without counts of development cases reasons are those of the whole card."""
    one, values = drawn
    assert factors(one, values, baseline=ALL_APPLICANTS) == factors(
        one, values, baseline=ALL_APPLICANTS, possible={}
    )
    assert possible_range(one, {}) == (one.scale.low, one.scale.high)


@given(cards_and_values(), st.fractions(-3, 3))
def test_nothing_under_a_point_is_a_reason_or_good_news(drawn: tuple[Card, Values], by: Fraction) -> None:
    """With an average close to the person's own points, only what differs by one or more is named."""
    one, values = drawn
    own = one.attributes_one(values)
    sums = {n: round(1000 * (each.points + by)) for n, each in own.items()}
    near = replace(one, baselines={ALL_APPLICANTS: Baseline(1000, sums, "close by", "")})
    found = factors(near, values, baseline=ALL_APPLICANTS)
    for named in (*key_factors(found), *favourable_factors(found)):
        assert abs(named.lost) >= 1
    reasons, measured = reasons_against(near, values, baseline=ALL_APPLICANTS, shared={})
    assert all(reason.lost >= 1 for reason in reasons)
    if any(f.lost >= 1 and f.points < f.best for f in found):
        assert measured == ALL_APPLICANTS
        assert reasons


def test_a_characteristic_that_does_not_part_people_is_no_good_news() -> None:
    """Where every known value has the same points, being above an average that others lower is no merit."""
    flat = card(characteristic("full_12", [], [60], few=0), typical=0.5)
    found = factors(flat, {"full_12": 0.96}, baseline=ALL_APPLICANTS)
    assert found[0].lost < -1
    assert favourable_factors(found) == ()
    steep = card(characteristic("full_12", [0.5], [60, 10], few=0), typical=0.5)
    assert favourable_factors(factors(steep, {"full_12": 0.1}, baseline=ALL_APPLICANTS))


@given(cards_and_values())
def test_against_the_best_attribute_nothing_is_a_gain(drawn: tuple[Card, Values]) -> None:
    """What could have been earned at most is a baseline that every card has and nobody is above."""
    found = factors(*drawn, baseline=BEST_ATTRIBUTE)
    assert all(f.lost == f.best - f.points >= 0 for f in found)
    assert favourable_factors(found) == ()


def test_entries_with_one_sentence_share_their_reason() -> None:
    """Two entries whose English reason is the same sentence share it; the catalogue has none such."""
    first, second, third = catalogue()[:3]
    assert shared_reasons(catalogue()) == {}
    said = shared_reasons([first, replace(second, reason=first.reason), third])
    assert said == {first.id: first.reason["en"], second.id: first.reason["en"]}
