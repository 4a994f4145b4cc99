"""Cut-off tables and the best cut-off, against counting by hand and the theory of the bootstrap."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import Costs, InputError, best_cut_off, cut_off_table

COSTS = Costs(profit_per_good=100, loss_per_bad=900)
FIGURES = (
    "approval_rate",
    "bad_rate_approved",
    "bad_rate_refused",
    "marginal_odds",
    "goods_approved",
    "bads_refused",
    "profit",
)


def made(rows, seed=0):
    """Return whole-number scores and outcomes whose log odds rise by one in 30 points; even at 500."""
    rng = np.random.default_rng(seed)
    score = rng.normal(600, 50, rows).round()
    return score, rng.random(rows) < 1 / (1 + np.exp((score - 500) / 30))


def by_hand(score, bad, weight, cut, after):
    """Return every figure of one cut-off, counted with masks."""
    yes, band = score >= cut, (score >= cut) & (score < after)
    goods, bads = weight * ~bad, weight * bad
    return {
        "approval_rate": weight[yes].sum() / weight.sum(),
        "bad_rate_approved": bads[yes].sum() / weight[yes].sum(),
        "bad_rate_refused": bads[~yes].sum() / weight[~yes].sum(),
        "marginal_odds": goods[band].sum() / bads[band].sum(),
        "goods_approved": goods[yes].sum() / goods.sum(),
        "bads_refused": bads[~yes].sum() / bads.sum(),
        "profit": (100 * goods[yes].sum() - 900 * bads[yes].sum()) / weight.sum(),
    }


@given(seed=st.integers(0, 10_000), weighted=st.booleans())
def test_figures_are_those_counted_by_hand(seed, weighted):
    """Each figure of each cut-off is what masks over the rows give, weighted or not, in any order of rows."""
    rng = np.random.default_rng(seed)
    score, bad = made(300, seed)
    bad[:2] = [True, False]
    weight = rng.integers(0, 4, 300).astype(float) if weighted else np.ones(300)
    weight[:2] = 1.0
    cuts = [540.0, 580.0, 600.0, 660.0]
    found = cut_off_table(score, bad, weight, costs=COSTS, cut_offs=cuts[::-1], rounds=2)
    assert found["cut_off"].tolist() == cuts
    with np.errstate(divide="ignore", invalid="ignore"):
        for at, (cut, after) in enumerate(zip(cuts, [*cuts[1:], math.inf], strict=True)):
            for name, value in by_hand(score, bad, weight, cut, after).items():
                assert found.loc[at, name] == pytest.approx(value, nan_ok=True), name
            assert found.loc[at, "cases"] == ((score >= cut) & (weight > 0)).sum()


def test_every_figure_has_an_interval_around_it():
    """By row and by group, the bounds of every figure enclose it on ample data."""
    score, bad = made(8000)
    for groups in (None, np.arange(8000) // 2):
        found = cut_off_table(score, bad, costs=COSTS, cut_offs=[560, 600], groups=groups)
        for name in FIGURES:
            assert (found[f"{name}_low"] < found[name]).all(), name
            assert (found[name] < found[f"{name}_high"]).all(), name


@pytest.mark.parametrize("groups", [False, True])
def test_intervals_are_as_wide_as_the_binomial_says(groups):
    """The interval of the approval rate is the binomial's, and wider by the root of two for rows in twos."""
    score, _ = made(4000)
    score = np.repeat(score[:2000], 2) if groups else score
    bad = np.random.default_rng(1).random(4000) < 0.2
    who = np.arange(4000) // 2 if groups else None
    found = cut_off_table(score, bad, cut_offs=[600], groups=who, rounds=4000).iloc[0]
    rate = found["approval_rate"]
    wanted = 2 * 1.96 * math.sqrt(rate * (1 - rate) / (2000 if groups else 4000))
    assert found["approval_rate_high"] - found["approval_rate_low"] == pytest.approx(wanted, rel=0.06)


def test_intervals_hold_what_is_true():
    """Of 100 samples' 95% intervals of the bad rate of the approved, 90 or more hold the true one."""
    score, bad = made(400_000, 99)
    true = bad[score >= 600].mean()
    held = 0
    for seed in range(100):
        found = cut_off_table(*made(2000, seed), cut_offs=[600], rounds=300).iloc[0]
        held += found["bad_rate_approved_low"] <= true <= found["bad_rate_approved_high"]
    assert held >= 90


def test_no_costs_no_profit():
    """Without stated costs there is no profit column, and costs have no default."""
    assert not [name for name in cut_off_table(*made(500), rounds=2) if "profit" in name]
    with pytest.raises(TypeError):
        Costs()


def test_too_few_people_have_no_interval():
    """Bounds are NaN below five people on a side, counted as people and not as their rows."""
    score = np.repeat([500.0, 600.0, 700.0], 40)
    bad = np.zeros(120, bool)
    bad[:20] = bad[40:50] = bad[80:84] = True
    found = cut_off_table(score, bad, cut_offs=[600, 700])
    assert np.isfinite(found["bad_rate_approved_low"]).tolist() == [True, False]
    alike = cut_off_table(score, bad, cut_offs=[600], groups=np.arange(120) // 10)
    assert np.isnan(alike["bad_rate_approved_low"]).all()


def test_odds_without_a_bad_are_infinite():
    """A band without bads has infinite odds, and a band of nobody has none."""
    score, bad = np.array([500.0, 500.0, 600.0, 700.0]), np.array([1, 0, 0, 0])
    odds = cut_off_table(score, bad, cut_offs=[450, 600, 800], rounds=2)["marginal_odds"].tolist()
    assert odds[:2] == [1.0, math.inf]
    assert math.isnan(odds[2])


def test_the_same_seed_gives_the_same_table():
    """A table comes out again, and rows of weight 0 are no rows."""
    score, bad = made(600)
    weight = (np.arange(600) % 3 > 0).astype(float)
    some = weight > 0
    cuts = [580, 600]
    first = cut_off_table(score, bad, weight, cut_offs=cuts, rounds=50)
    assert first.equals(cut_off_table(score[some], bad[some], cut_offs=cuts, rounds=50))


def test_a_hundred_thousand_rows_take_seconds():
    """100,000 rows of 40,000 people with 1,000 resamples take under ten seconds (half a second alone)."""
    score, bad = made(100_000)
    who = np.random.default_rng(0).integers(0, 40_000, 100_000)
    start = time.perf_counter()
    cut_off_table(score, bad, costs=COSTS, groups=who)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"score": ["a", "b", "c"]}, "score is not made of numbers"),
        ({"score": [[1, 2, 3]]}, "one number a row"),
        ({"score": [1, np.nan, 3]}, "score is nan in row 1"),
        ({"cut_offs": []}, "cut_offs is empty"),
        ({"cut_offs": [2, 2]}, "holds 2 twice"),
        ({"y": [0, 0, 0]}, "one class only"),
        ({"rounds": 1}, "needs at least 2"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(change, words):
    """What cannot be used is named with the mend."""
    with pytest.raises(InputError, match=words):
        cut_off_table(**{"score": [1, 2, 3], "y": [1, 0, 0]} | change)


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, "much", None])
def test_costs_are_amounts_above_zero(value):
    """A cost that is no amount above 0 is refused by its name."""
    with pytest.raises(InputError, match="loss_per_bad"):
        Costs(100, value)


def test_the_best_cut_off_is_where_the_margin_breaks_even():
    """It lies where the odds at the margin are those at which a case brings nothing, within its interval."""
    score, bad = made(60_000)
    found = best_cut_off(score, bad, costs=COSTS, rounds=300)
    true = 500 + 30 * math.log(COSTS.break_even_odds)
    assert found.low <= true <= found.high
    assert found.near[0] <= found.cut_off <= found.near[1]
    assert found.alike[0] <= found.cut_off <= found.alike[1]
    table = cut_off_table(score, bad, costs=COSTS, cut_offs=np.unique(score), rounds=2)
    near = table.loc[table["profit"] >= 0.95 * table["profit"].max(), "cut_off"]
    assert found.near == (near.min(), near.max())
    assert found.profit.value == pytest.approx(table["profit"].max())
    assert found.cut_off == table.loc[table["profit"].idxmax(), "cut_off"]
    assert "Profit is highest at a cut-off of" in str(found)
    assert "cut-offs of at most 5% less profit lie from" in found.sentence


def test_the_luck_of_choosing_is_told():
    """On few rows the profit at the chosen cut-off exceeds what fresh rows give, and the optimism says so."""
    score_new, bad_new = made(200_000, 999)
    excess, told = [], []
    for seed in range(60):
        found = best_cut_off(*made(300, seed), costs=COSTS, rounds=100)
        yes = score_new >= found.cut_off
        fresh = (100 * (yes & ~bad_new).sum() - 900 * (yes & bad_new).sum()) / len(bad_new)
        excess.append(found.profit.value - fresh)
        told.append(found.optimism)
    assert np.mean(told) > 0
    assert np.mean(told) == pytest.approx(np.mean(excess), abs=2.5)


def test_approving_nobody_can_be_best():
    """Where every cut-off loses money, the answer is to approve nobody, in words."""
    score = np.repeat([500.0, 600.0], 50)
    bad = np.arange(100) % 2 == 0
    found = best_cut_off(score, bad, costs=COSTS, rounds=50)
    assert math.isinf(found.cut_off)
    assert found.profit.value == 0
    assert "No cut-off earns money" in found.sentence
    assert "approving nobody to approving nobody" in found.sentence
