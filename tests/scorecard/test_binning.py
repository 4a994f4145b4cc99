"""Binning is exact: nothing that keeps the limits has more information value."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import Characteristic
from plainscore.scorecard.binning._binning import best_choice, bin_column
from plainscore.scorecard.binning._edges import ROUND, digits_of
from plainscore.scorecard.binning._prebin import FINEST, Sample, cut_cells
from plainscore.scorecard.binning._why import Limits

TRENDS = ["ascending", "descending", "peak", "valley", "none", "either"]


def _woe(good, bad, goods, bads, smoothing):
    share = smoothing / (goods + bads)
    return np.log((good + share * goods) / goods) - np.log((bad + share * bads) / bads)


def _keeps(woes, trend):
    up = [b >= a for a, b in pairwise(woes)]
    down = [b <= a for a, b in pairwise(woes)]
    turns = range(len(woes))
    return {
        "ascending": all(up),
        "descending": all(down),
        "peak": any(all(up[:at]) and all(down[at:]) for at in turns),
        "valley": any(all(down[:at]) and all(up[at:]) for at in turns),
        "none": True,
        "either": all(up) or all(down),
    }[trend]


def exhaustive(goods, bads, totals, limits, trend):
    """Try every way to merge neighbours; return the best value and bounds under the tie rule."""
    n, found = len(goods), []
    for bins in range(1, min(limits.max_bins, n) + 1):
        for cuts in combinations(range(1, n), bins - 1):
            bounds = (0, *cuts, n)
            g = [goods[a:b].sum() for a, b in pairwise(bounds)]
            b = [bads[a:b].sum() for a, b in pairwise(bounds)]
            if min(g) < limits.min_goods or min(b) < limits.min_bads:
                continue
            if min(np.add(g, b)) < limits.min_share * sum(totals):
                continue
            woes = [_woe(x, z, *totals, limits.smoothing) for x, z in zip(g, b, strict=True)]
            if _keeps(woes, trend):
                shares = np.array(g) / totals[0] - np.array(b) / totals[1]
                found.append((float(shares @ np.array(woes)), bounds))
    if not found:
        return None
    best = max(value for value, _ in found)
    ties = [bounds for value, bounds in found if value >= best - 1e-9]
    return best, min(ties, key=lambda bounds: (len(bounds), bounds))


@given(
    cells=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=8),
    special=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    trend=st.sampled_from(TRENDS),
    most=st.integers(2, 5),
    least=st.tuples(st.sampled_from([0.0, 0.05, 0.15]), st.integers(0, 4), st.integers(1, 4)),
    smoothing=st.sampled_from([0.5, 1.0]),
)
def test_equals_exhaustive_search(cells, special, trend, most, least, smoothing):
    """The value, the number of bins and the edges are those of an exhaustive search, ties included."""
    goods, bads = (np.array(part, float) for part in zip(*cells, strict=True))
    totals = float(goods.sum() + special[0]), float(bads.sum() + special[1])
    limits = Limits(most, *least, smoothing)
    wanted = exhaustive(goods, bads, totals, limits, trend)
    got = best_choice(goods, bads, totals, limits, trend)
    if wanted is None or len(wanted[1]) == 2:
        assert got.bounds.tolist() == [0, len(goods)]
        assert got.notes[-1].startswith("One bin: ")
    else:
        assert got.value == pytest.approx(wanted[0], abs=1e-9)
        if trend != "either":
            assert tuple(got.bounds) == wanted[1]


def _choice(goods, bads, direction="either", **limits):
    defaults = {"max_bins": 5, "min_share": 0.0, "min_goods": 1, "min_bads": 1, "smoothing": 0.5}
    g, b = np.array(goods, float), np.array(bads, float)
    return best_choice(g, b, (g.sum(), b.sum()), Limits(**(defaults | limits)), direction)


def test_refused_cut_names_the_share_and_its_shortfall():
    """When min_share forbids every cut, the note gives the share reached and the share asked."""
    assert "min_share: the best cut leaves 0.4 " in _choice([30, 20], [30, 20], min_share=0.45).notes[-1]


def test_refused_cut_names_the_bads_and_their_shortfall():
    """When min_bads forbids every cut, the note gives the bads reached and the bads asked."""
    note = _choice([50, 50], [3, 20], min_bads=5).notes[-1]
    assert "min_bads: the best cut leaves 3 in the smaller bin, 5 is asked" in note
    assert "min_goods" not in note


def test_refused_direction_is_named_with_the_value_it_gives_up():
    """When the data run against a declared direction, the note says so and what a free cut would give."""
    choice = _choice([50, 10], [10, 50], direction="ascending")
    assert choice.bounds.tolist() == [0, 2]
    assert "direction 'ascending'" in choice.notes[-1]


def test_one_value_is_named():
    """A column of one value says so."""
    assert "one value only" in _choice([50], [10]).notes[-1]


def test_auto_turns_only_by_evidence():
    """`auto` keeps a monotone shape when a turn could be chance, and takes the turn when it could not."""
    noise = _choice([100, 150, 199, 200], [100, 60, 30, 31], direction="auto")
    real = _choice([100, 300, 300, 100], [100, 30, 30, 100], direction="auto")
    assert noise.trend == "ascending"
    assert real.trend == "peak"
    assert "chi-square" in real.notes[-1]


def apart(goods, bads):
    """Keep every fine cell."""
    return np.arange(len(goods) + 1)


@given(seed=st.integers(0, 2**32 - 1), trend=st.sampled_from([*TRENDS, "auto"]), pre_bins=st.integers(3, 12))
def test_no_cut_has_a_better_place(seed, trend, pre_bins):
    """However few the pre-bins, no cut can move and add information, but for what a rounder edge may cost."""
    generator = np.random.default_rng(seed)
    values = generator.integers(0, 60, 400).astype(float)
    risk = (0.2 + 0.6 * np.abs(values - generator.integers(0, 60)) / 60) * generator.uniform(0.3, 1)
    bad = generator.random(400) < risk
    limits = Limits(5, 0.05, 5, 5, 1.0)
    sample = Sample(bad, np.ones(400))
    known = {"group": apart, "rare_share": 0.01, "finest": FINEST}
    cells = cut_cells(Characteristic("x", direction=trend), values, sample, **known)
    binned = bin_column(cells, limits, pre_bins)
    totals = sample.goods, sample.bads

    def judged(edges):
        place = np.searchsorted(edges, values, side="right")
        g, b = (np.bincount(place[bad == part], minlength=len(edges) + 1) for part in (False, True))
        woes = [_woe(x, z, *totals, 1.0) for x, z in zip(g, b, strict=True)]
        value = float((g / totals[0] - b / totals[1]) @ np.array(woes))
        holds = min(g) >= 5 and min(b) >= 5 and min(g + b) >= 20
        return value, holds and _keeps(woes, binned.trend)

    value, keeps = judged(binned.edges)
    assert keeps or len(binned.edges) == 0
    for at in range(len(binned.edges)):
        low = binned.edges[at - 1] if at else -1.0
        high = binned.edges[at + 1] if at + 1 < len(binned.edges) else 60.0
        for other in np.unique(values[(values > low) & (values < high)]):
            moved = [*binned.edges[:at], float(other), *binned.edges[at + 1 :]]
            found, allowed = judged(moved)
            here, there = (digits_of(edge, by_years=False) for edge in (binned.edges[at], float(other)))
            price = ROUND / (1 - ROUND) * value if there > here else 0.0
            assert not allowed or found <= value + price + 1e-8


def test_pre_bins_cost_next_to_nothing():
    """On a shape with many turns the usual pre-bins keep 98.5% of the information value of many more."""
    generator = np.random.default_rng(4)
    values = generator.lognormal(size=20_000)
    bad = generator.random(20_000) < 1 / (1 + np.exp(2 - np.sin(values)))
    limits = Limits(8, 0.05, 10, 10, 1.0)
    known = {"group": apart, "rare_share": 0.01}
    sample = Sample(bad, np.ones(20_000))
    few, many = (
        bin_column(cut_cells(Characteristic("x"), values, sample, finest=finest, **known), limits, pre_bins)
        for finest, pre_bins in ((FINEST, 128), (FINEST, 400))
    )
    assert few.pre_bins <= 128
    assert many.pre_bins > 200
    assert few.iv >= 0.985 * many.iv
