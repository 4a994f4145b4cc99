"""Swap sets against counting by hand, with and without the outcomes of those who were refused."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import Costs, InputError, cut_off_at, swap_set

COSTS = Costs(profit_per_good=100, loss_per_bad=900)


def made(rows, seed=0):
    """Return two scores of the same cases, the second better, and outcomes."""
    rng = np.random.default_rng(seed)
    true = rng.normal(0, 1, rows)
    a = (600 + 30 * (true + rng.normal(0, 1.5, rows))).round()
    b = (600 + 30 * (true + rng.normal(0, 0.7, rows))).round()
    return a, b, rng.random(rows) < 1 / (1 + np.exp(1.5 + true))


def profit(approved, bad):
    """Return the profit per applicant of approving some."""
    return (100 * (approved & ~bad).sum() - 900 * (approved & bad).sum()) / len(bad)


@given(seed=st.integers(0, 10_000), cut_a=st.integers(520, 680), cut_b=st.integers(520, 680))
def test_classes_and_differences_are_those_counted_by_hand(seed, cut_a, cut_b):
    """The four classes part the cases, and B less A is what masks over the rows give."""
    a, b, bad = made(200, seed)
    bad[:2] = [True, False]
    found = swap_set(a, cut_a, b, cut_b, bad, costs=COSTS, rounds=2)
    yes_a, yes_b = a >= cut_a, b >= cut_b
    masks = {
        "approved by both": yes_a & yes_b,
        "swapped in": ~yes_a & yes_b,
        "swapped out": yes_a & ~yes_b,
        "refused by both": ~yes_a & ~yes_b,
    }
    assert list(found.table.index) == list(masks)
    for name, mask in masks.items():
        assert found.table.loc[name, "cases"] == mask.sum()
        assert found.table.loc[name, "share"] == pytest.approx(mask.mean())
        rate = bad[mask].mean() if mask.any() else math.nan
        assert found.table.loc[name, "bad_rate"] == pytest.approx(rate, nan_ok=True)
    assert found.approval_rate.value == pytest.approx(yes_b.mean() - yes_a.mean())
    assert found.profit.value == pytest.approx(profit(yes_b, bad) - profit(yes_a, bad))
    if yes_a.any() and yes_b.any():
        assert found.bad_rate.value == pytest.approx(bad[yes_b].mean() - bad[yes_a].mean())


def test_intervals_hold_what_is_true():
    """Of 100 samples' 95% intervals of each difference, 90 or more hold the true one, paired by case."""
    a, b, bad = made(400_000, 9999)
    true = swap_set(a, 600, b, 605, bad, costs=COSTS, rounds=2)
    held = np.zeros(3)
    for seed in range(100):
        a, b, bad = made(1500, seed)
        found = swap_set(a, 600, b, 605, bad, costs=COSTS, rounds=200)
        for at, name in enumerate(("approval_rate", "bad_rate", "profit")):
            held[at] += getattr(found, name).low <= getattr(true, name).value <= getattr(found, name).high
    assert held.min() >= 90


def test_people_with_many_rows_count_once():
    """Rows of one person drawn together widen the interval as repeated rows do."""
    a, b, bad = made(1000)
    one = swap_set(a, 600, b, 600, bad, rounds=2000)
    twice = [np.repeat(each, 4) for each in (a, b, bad)]
    four = swap_set(twice[0], 600, twice[1], 600, twice[2], groups=np.arange(4000) // 4, rounds=2000)
    alone, together = (found.bad_rate.high - found.bad_rate.low for found in (one, four))
    assert together == pytest.approx(alone, rel=0.08)


@examples(15)
@given(seed=st.integers(0, 10_000))
def test_bounds_hold_whatever_was_never_seen(seed):
    """With outcomes of some approved cases unknown, every way to fill them in lies in the bounds."""
    a, b, bad = made(60, seed)
    bad[:2] = [True, False]
    unknown = (b >= 590) & (np.arange(60) % 9 == 3)
    y = np.where(unknown, np.nan, bad.astype(float))
    found = swap_set(a, 600, b, 590, y, known=~unknown, costs=COSTS, rounds=2)
    ends = []
    for fill in product([0, 1], repeat=min(int(unknown.sum()), 6)):
        full = bad.copy()
        full[np.flatnonzero(unknown)[: len(fill)]] = fill
        whole = swap_set(a, 600, b, 590, full, costs=COSTS, rounds=2)
        ends.append((whole.bad_rate.value, whole.profit.value))
    low, high = np.min(ends, axis=0), np.max(ends, axis=0)
    for at, bounds in enumerate((found.bad_rate_bounds, found.profit_bounds)):
        assert bounds[0] <= low[at] + 1e-12
        assert bounds[1] >= high[at] - 1e-12


def test_what_was_refused_was_never_seen():
    """Outcomes of those whom card A refused are absent: no difference is claimed, bounds and words are."""
    a, b, bad = made(2000)
    y = pd.Series(np.where(bad, "bad", "good"), dtype=object).where(a >= 600, None)
    found = swap_set(a, 600, b, 600, y, known=a >= 600, costs=COSTS, rounds=50)
    assert found.table.loc["swapped in", "with_outcome"] == 0
    assert math.isnan(found.table.loc["swapped in", "bad_rate"])
    assert math.isnan(found.profit.value)
    true = swap_set(a, 600, b, 600, bad, costs=COSTS, rounds=2)
    assert found.profit_bounds[0] <= true.profit.value <= found.profit_bounds[1]
    assert found.bad_rate_bounds[0] <= true.bad_rate.value <= found.bad_rate_bounds[1]
    assert "have no outcome" in found.sentence
    assert "whatever the unknown outcomes are" in found.sentence


def test_counts_need_no_outcome():
    """Without outcomes the classes and the change of approval are told, and nothing else."""
    a, b, _ = made(500)
    found = swap_set(a, 600, b, 610)
    assert found.bad_rate is None
    assert found.profit is None
    assert list(found.table) == ["cases", "share", "share_low", "share_high"]
    assert "approval rate changes" in str(found)
    assert "<table" in found._repr_html_()


def test_cards_alike_swap_nobody():
    """A card against itself changes nothing, and so few swapped people have no interval."""
    a, _, bad = made(500)
    found = swap_set(a, 600, a, 600, bad, costs=COSTS, rounds=50)
    assert found.profit.value == found.approval_rate.value == found.bad_rate.value == 0
    assert math.isnan(found.profit.low)


@given(
    score=st.lists(st.integers(0, 30), min_size=1, max_size=40),
    rate=st.floats(0.01, 1.0),
)
def test_no_other_cut_off_is_nearer(score, rate):
    """The cut-off's approval rate lies as near to the one asked for as that of any score."""
    values = np.array(score)
    away = [abs((values >= cut).mean() - rate) for cut in values]
    assert abs((values >= cut_off_at(values, rate)).mean() - rate) == pytest.approx(min(away))


def test_weights_weigh_in_a_rate():
    """A case of weight 2 is two cases of the rate."""
    assert cut_off_at([1, 2, 3], 0.5, [1, 1, 2]) == cut_off_at([1, 2, 3, 3], 0.5) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"score_b": [1, 2]}, "score_b has shape"),
        ({"cut_a": math.nan}, "cut_a and cut_b is nan"),
        ({"y": [0, 1]}, "shape \\(2,\\) for 3 rows"),
        ({"y": [0, 1], "known": [True, True, False]}, "shape \\(2,\\) for 3 rows"),
        ({"y": [0, 1, None]}, "absent.*Or keep them, and mark those that have one: known="),
        ({"known": [False] * 3}, "known marks no row"),
        ({"known": [1, 0, 1]}, "known has shape"),
        ({"y": None, "known": [True] * 3}, "known is given without outcomes"),
        ({"y": None, "costs": COSTS}, "costs are given without outcomes"),
        ({"sample_weight": [1, -1, 1]}, "below 0"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(change, words):
    """What cannot be used is named with the mend."""
    given_ = {"score_a": [1, 2, 3], "cut_a": 2, "score_b": [3, 2, 1], "cut_b": 2, "y": [0, 1, 0]}
    with pytest.raises(InputError, match=words):
        swap_set(**(given_ | change))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(([], 0.5), "empty"), (([1, 2], 0), "approval_rate"), (([1, 2], 0.5, [0, 0]), "sample_weight")],
)
def test_a_rate_that_cannot_be_met_is_refused(arguments, words):
    """So is a rate that is no share, and weights that weigh nothing."""
    with pytest.raises(InputError, match=words):
        cut_off_at(*arguments)
