"""Where numbers are cut: between observed values, in few digits, the same for either size of float."""

from __future__ import annotations

import time
from decimal import Decimal

import numpy as np
import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st

from plainscore.scorecard import Scorecard
from plainscore.scorecard.binning._edges import (
    WHOLE,
    edges_between,
    fine_edges,
    is_short_whole,
    shortest_between,
)

FINITE = st.floats(-1e30, 1e30) | st.floats(-100, 100) | st.integers(-(2**26), 2**26).map(float)
PAIRS = st.tuples(FINITE, FINITE).filter(lambda pair: pair[0] < pair[1])
NONE = np.empty(0)
LARGEST = float(np.finfo(np.float64).max)


def digits(value):
    """Return how many digits a number has, without noughts at its ends."""
    return len(Decimal(repr(float(value))).normalize().as_tuple().digits)


def edges_of(values, finest=1024, weight=None):
    """Return the fine edges of a column without codes or limits."""
    return fine_edges(np.asarray(values), NONE, -LARGEST, LARGEST, finest, weight)[0]


@given(pair=PAIRS)
@example(pair=(0.0, 5e-324))
@example(pair=(1e300, 1.0000000000000002e300))
@example(pair=(-5e-324, 5e-324))
@example(pair=(-LARGEST, LARGEST))
@examples(300)
def test_the_edge_is_strictly_between_and_no_shorter_one_is(pair):
    """An edge lies strictly between two values unless nothing does; every shorter decimal lies outside."""
    lower, upper = pair
    edge = float(shortest_between(np.array([lower]), np.array([upper]))[0])
    if np.nextafter(lower, upper) == upper:
        assert edge == upper
        return
    assert lower < edge < upper
    last = Decimal(repr(edge)).normalize().as_tuple().exponent
    unit = Decimal(1).scaleb(last + 1)  # one digit less
    near = (Decimal(edge) / unit).to_integral_value()
    shorter = [float((near + step) * unit) for step in (-1, 0, 1)]
    assert edge == 0 or all(digits(one) >= digits(edge) for one in shorter if lower < one < upper)


@given(pair=PAIRS)
@examples(300)
def test_values_stay_on_their_side_as_32_bit_floats(pair):
    """Both values stand on their sides of the edge in either size of float, or the caller is told."""
    below, upto = pair
    (edge,), (apart,) = edges_between(np.array([below]), np.array([upto]))
    with np.errstate(over="ignore"):
        short_below, short_upto = (float(np.float32(value)) for value in pair)
    assert apart == (max(below, short_below) < min(upto, short_upto))
    assert below < edge <= upto
    if is_short_whole(np.array(pair)).all():
        assert edge == upto == short_upto
    elif apart:
        assert short_below < edge <= short_upto
        assert edge < upto or edge == upto <= short_upto
    else:
        assert short_below == short_upto or not short_below < short_upto


@pytest.mark.parametrize("parts", [10, 20, 100, 1000])
def test_the_same_number_in_two_sizes_scores_alike(parts):
    """A 64-bit and a 32-bit float of a decimal fall in the same bin, also where one begins there (FD9)."""
    rng = np.random.default_rng(parts)
    value = rng.integers(0, parts + 1, 6000) / parts
    bad = rng.random(6000) < 0.1 + 0.6 * value
    for method in ("shape", "woe"):
        card = Scorecard(estimate=False, method=method).fit({"x": value}, bad).card_
        every = np.arange(parts + 1) / parts
        assert (card.score({"x": every}) == card.score({"x": every.astype(np.float32)})).all()
        edges = np.array(card.characteristics[0].edges)
        assert len(edges)
        at_values = np.array(sorted(set(edges) & set(every)))
        assert (at_values.astype(np.float32).astype(float) >= at_values).all()


def test_edges_among_crowded_decimals_are_round():
    """Where every third decimal is a value, edges still have two digits, and few have three."""
    rng = np.random.default_rng(3)
    value = rng.integers(0, 10_000, 12_000) / 10_000
    bad = rng.random(12_000) < 0.05 + 0.5 * value
    (one,) = Scorecard(estimate=False).fit({"x": value}, bad).card_.characteristics
    assert len(one.edges) >= 4
    assert max(digits(edge) for edge in one.edges) <= 3
    assert sum(digits(edge) <= 2 for edge in one.edges) >= len(one.edges) - 2


@given(
    values=st.lists(st.integers(0, 60), min_size=1, max_size=200),
    weights=st.lists(st.integers(0, 4), min_size=200, max_size=200),
    finest=st.integers(2, 12),
    scale=st.sampled_from([1.0, 0.1, 1 / 3]),
    seed=st.integers(0, 5),
)
def test_edges_follow_what_rows_say(values, weights, finest, scale, seed):
    """A whole weight is so many rows, and the order of rows changes no edge."""
    column, weight = np.array(values) * scale, np.array(weights[: len(values)], float)
    repeated = np.repeat(column, weight.astype(int))
    want = edges_of(repeated, finest) if len(repeated) else NONE
    assert edges_of(column, finest, weight).tolist() == want.tolist()
    order = np.random.default_rng(seed).permutation(len(column))
    assert edges_of(column[order], finest, weight[order]).tolist() == want.tolist()
    part = weight / 7
    assert edges_of(column[order], finest, part[order]).tolist() == edges_of(column, finest, part).tolist()


def test_rows_in_a_pattern_do_not_hide_values():
    """Every row is read: a value that stands in every twelfth row alone has its edge (FD3)."""
    values = np.tile(np.arange(12) / 4, 50_000)
    assert len(edges_of(values)) == 11


@given(values=st.lists(FINITE, min_size=1, max_size=300), finest=st.integers(2, 20))
def test_fine_edges_rise_and_part_the_rows(values, finest):
    """Edges rise strictly, there are fewer than asked for, and each parts two observed values."""
    column = np.array(values)
    edges = edges_of(column, finest)
    assert len(edges) < finest
    assert (np.diff(edges) > 0).all()
    place = np.searchsorted(edges, column, side="right")
    assert len(set(place.tolist())) == len(edges) + 1


def test_codes_limits_and_gaps_have_no_part_in_edges():
    """Special codes, what is out of range and what is absent are not read."""
    column = np.array([-9.0, 0.5, 0.5, 1.5, np.nan, np.inf, 70.0])
    edges, apart = fine_edges(column, np.array([-9.0]), 0.0, 50.0, 1024)
    assert edges.tolist() == [1.0]
    assert apart.tolist() == [True]


def test_values_that_short_floats_merge_are_told():
    """Two values that are one 32-bit float are parted for 64-bit ones, and the caller is told."""
    edges, apart = fine_edges(np.array([WHOLE, WHOLE + 1]), NONE, -LARGEST, LARGEST, 1024)
    assert (edges.tolist(), apart.tolist()) == ([WHOLE + 0.5], [False])


@pytest.mark.slow
def test_a_million_rows_are_read_quickly():
    """Reading every row of a million costs well under a second."""
    values = np.random.default_rng(0).normal(size=1_000_000)
    start = time.perf_counter()
    edges_of(values)
    assert time.perf_counter() - start < 1.0
