"""Edges in few digits: what may be lost for them, and what may not."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plainscore.scorecard.binning._short_edges import _choices, _count, _digits, shorten
from plainscore.scorecard.binning._woe import information

ROWS = 400
EITHER = st.booleans()


@st.composite
def columns(draw, whole=EITHER):
    """Give values with gaps and ties, edges that leave no bin empty, an outcome and weights."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    scale = draw(st.sampled_from([1.0, 97.0, 1e-3, 1e6]))
    values = rng.normal(size=ROWS) * scale
    if draw(whole):
        values = np.round(values)
    elif draw(st.booleans()):
        values = np.round(values / scale, 2) * scale
    values[rng.random(ROWS) < draw(st.sampled_from([0.0, 0.1]))] = np.nan
    bad = rng.random(ROWS) < 1 / (1 + np.exp(1 - 2 * np.nan_to_num(values) / scale))
    weight = rng.integers(0, 4, ROWS).astype(float) if draw(st.booleans()) else rng.random(ROWS) + 0.1
    seen = np.unique(values[~np.isnan(values) & (weight > 0)])
    assume(len(seen) > 6)
    at = np.sort(rng.choice(np.arange(1, len(seen)), draw(st.integers(1, 4)), replace=False))
    edges = seen[at] if (seen == np.floor(seen)).all() else seen[at - 1] + (seen[at] - seen[at - 1]) * 0.61803
    assume((np.diff(edges) > 0).all() and ((edges > seen[at - 1]) & (edges <= seen[at])).all())
    return values, edges, bad, weight


def bins_of(values, edges, bad, weight):
    """Return the weight of rows and of bads in each bin, the absent last."""
    place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right"))
    size = len(edges) + 2
    return np.bincount(place, weight, size), np.bincount(place, weight * bad, size)


def value_of(values, edges, bad, weight):
    """Return the information value, counted row by row."""
    rows, bads = bins_of(values, edges, bad, weight)
    goods = rows - bads
    both = {"all_goods": goods.sum(), "all_bads": bads.sum()}
    return float(information(goods, bads, smoothing=1, **both).sum())


@given(column=columns(), loss=st.sampled_from([0.0, 0.005, 0.05]), unit=st.sampled_from(["", "months"]))
@settings(max_examples=60)
def test_short_edges_keep_what_they_must(column, loss, unit):
    """Little information is lost, none has more digits, bins keep rows and the order of their bad rates."""
    values, edges, bad, weight = column
    found, _ = shorten(values, edges, bad, weight, loss=loss, kind="number", unit=unit, least_rows=5)
    before, after = value_of(*column), value_of(values, found, bad, weight)
    assert after >= (1 - loss) * before - 1e-9 * abs(before)
    assert len(found) == len(edges)
    assert (np.diff(found) > 0).all()
    by_years = unit == "months"
    digits = [[_digits(edge, by_years) for edge in each] for each in (found, edges)]
    assert all(new <= old for new, old in zip(*digits, strict=True))
    (old_rows, old_bads), (rows, bads) = bins_of(*column), bins_of(values, found, bad, weight)
    assert (rows[:-1] >= np.minimum(old_rows[:-1], 5) - 1e-9).all()
    old_rate, rate = old_bads[:-1] / old_rows[:-1], bads[:-1] / rows[:-1]
    moved = np.abs(np.diff(old_rate)) > 1e-12
    assert (np.sign(np.diff(rate))[moved] == np.sign(np.diff(old_rate))[moved]).all()


@given(column=columns(), loss=st.sampled_from([0.005, 0.05]))
@settings(max_examples=40)
def test_nothing_is_left_to_shorten(column, loss):
    """What was shortened stays as it is when nothing more may be lost."""
    values, edges, bad, weight = column
    found, _ = shorten(values, edges, bad, weight, loss=loss, kind="number", least_rows=5)
    again, _ = shorten(values, found, bad, weight, loss=0.0, kind="number", least_rows=5)
    assert again.tolist() == found.tolist()


@given(column=columns())
@settings(max_examples=40)
def test_short_edges_part_short_floats_alike(column):
    """A moved edge stands on no observed value but a whole one, and parts rows alike in either float."""
    values, edges, bad, weight = column
    found, _ = shorten(values, edges, bad, weight, loss=0.05, kind="number")
    seen = values[~np.isnan(values) & (weight > 0)]
    short = seen.astype(np.float32).astype(np.float64)
    for edge in set(found.tolist()) - set(edges.tolist()):
        assert ((seen >= edge) == (short >= edge)).all()
        assert edge not in seen or edge.is_integer()


@given(column=columns(whole=st.just(True)))
@settings(max_examples=40)
def test_whole_numbers_keep_whole_edges(column):
    """A column of whole numbers is cut at whole numbers."""
    values, edges, bad, weight = column
    found, _ = shorten(values, edges, bad, weight, loss=0.05, kind="number")
    assert (found == np.round(found)).all() or not (edges == np.round(edges)).all()


@given(column=columns(), seed=st.integers(0, 9))
@settings(max_examples=30)
def test_the_order_of_rows_is_nothing(column, seed):
    """Rows in another order, or a whole weight as so many rows, give the same edges."""
    values, edges, bad, weight = column
    order = np.random.default_rng(seed).permutation(len(values))
    found, note = shorten(values, edges, bad, weight, loss=0.02, kind="number")
    other = shorten(values[order], edges, bad[order], weight[order], loss=0.02, kind="number")
    assert (other[0].tolist(), other[1]) == (found.tolist(), note)
    if (weight == np.floor(weight)).all():
        many = np.repeat(np.arange(len(values)), weight.astype(int))
        each = shorten(values[many], edges, bad[many], np.ones(len(many)), loss=0.02, kind="number")
        assert each[0].tolist() == found.tolist()


@given(column=columns())
@settings(max_examples=25)
def test_no_combination_has_fewer_digits(column):
    """Of all combinations tried one by one, none that keeps every rule has fewer digits in total."""
    values, edges, bad, weight = column
    found, _ = shorten(values, edges, bad, weight, loss=0.01, kind="number")
    counts = _count(values, bad, weight)
    whole = counts.whole
    every = [one.edges[:6] for one in _choices(counts, edges, by_years=False, whole=whole)]
    floor = 0.99 * value_of(*column)
    rates = np.diff(rate_of(values, edges, bad, weight))
    for combination in itertools.product(*every):
        tried = np.array(combination)
        if (np.diff(tried) <= 0).any() or value_of(values, tried, bad, weight) < floor * (1 + 1e-9):
            continue
        if not well_within(rates, rate_of(values, tried, bad, weight), values, edges, bad, weight):
            continue
        assert sum(_digits(one, False) for one in found) <= sum(_digits(one, False) for one in tried)


def rate_of(values, edges, bad, weight):
    """Return the bad rate of each bin."""
    rows, bads = bins_of(values, edges, bad, weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        return bads[:-1] / rows[:-1]


def well_within(differences, tried, values, edges, bad, weight):
    """Return whether each bad rate stays on its side of the middle between it and its neighbours."""
    if np.isnan(tried).any() or (differences == 0).any():
        return False
    rate = rate_of(values, edges, bad, weight)
    middle = (rate[1:] + rate[:-1]) / 2
    side = np.sign(differences)
    return bool((side * (tried[1:] - middle) > 1e-9).all() and (side * (middle - tried[:-1]) > 1e-9).all())


def make(shape, rows=20_000, seed=0):
    """Return an outcome that follows a value, and weights of one."""
    rng = np.random.default_rng(seed)
    values = shape(rng, rows)
    return rng, values, np.ones(rows)


def test_shares_come_out_as_whole_per_cents():
    """A share of a limit is cut at whole tens of per cent, not at 58.213% and 82.323%."""
    rng, use, weight = make(lambda rng, rows: rng.beta(2, 2, rows))
    bad = rng.random(len(use)) < 0.02 + 0.3 * use**2
    found, note = shorten(
        use, np.array([0.58213, 0.82323]), bad, weight, kind="number", unit="share of limit"
    )
    assert found.tolist() in ([0.5, 0.8], [0.6, 0.8])
    assert note == ""


def test_months_come_out_as_years():
    """Months are cut at whole years where these tell as much."""
    rng, age, weight = make(lambda rng, rows: np.round(rng.gamma(2, 50, rows), 1))
    bad = rng.random(len(age)) < 0.02 + 0.3 * np.exp(-age / 60)
    found, _ = shorten(age, np.array([25.3, 50.2, 86.2]), bad, weight, kind="number", unit="months")
    assert (found % 12 == 0).all()


def test_calendar_months_come_out_as_januaries():
    """Months of the calendar, which are whole, are cut at a January or a July where these tell as much."""
    rng, month, weight = make(lambda rng, rows: 2010.0 * 12 + rng.integers(0, 120, rows))
    bad = rng.random(len(month)) < 0.02 + 0.002 * (month - 2010 * 12)
    found, _ = shorten(month, np.array([2014 * 12 + 1.0, 2017 * 12 - 1.0]), bad, weight, kind="month")
    assert (found % 12 == 0).all()


def test_the_log_says_where_a_short_edge_was_too_dear():
    """Where the outcome turns at 0.9733 sharply, the edge stays and the note says what 0.97 would cost."""
    rng, use, weight = make(lambda rng, rows: rng.beta(8, 1, rows))
    bad = rng.random(len(use)) < np.where(use > 0.97331, 0.9, 0.01)
    found, note = shorten(use, np.array([0.973312]), bad, weight, kind="number", unit="share of limit")
    assert 0.9732 < found[0] < 0.9734
    assert note.startswith("Shorter edges may cost 0.5% of the information value: 97.33")
    assert re.search(r"% is kept, since 97\.3\d?% would bring it to \d", note)


@pytest.mark.parametrize("bad", [np.zeros(5, bool), np.ones(5, bool)])
def test_an_outcome_of_one_kind_shortens_nothing(bad):
    """Where nobody is good or nobody is bad there is no information to keep, and edges stay."""
    edges = np.array([2.125])
    assert shorten(np.arange(5.0), edges, bad, np.ones(5), kind="number")[0].tolist() == [2.125]


def test_columns_without_edges_or_values_are_left():
    """No edge, or no value, is no error."""
    none = np.empty(0)
    bad, weight = np.array([True, False]), np.ones(2)
    assert shorten(np.array([1.0, 2.0]), none, bad, weight, kind="number")[0].tolist() == []
    assert shorten(np.full(2, np.nan), np.array([1.5]), bad, weight, kind="number")[0].tolist() == [1.5]


def test_digits_are_counted_without_noughts_at_either_end():
    """80% has one digit, 97% has two, 82.323% has five; years come before half years and months."""
    assert [_digits(value, False) for value in (0.8, 0.97, 0.82323, 1200.0, -0.5)] == [1, 2, 5, 2, 1]
    assert [_digits(value, True) for value in (48.0, 6.0, 7.0, 86.2)] == [1, 2, 3, 4]
    assert Decimal(repr(0.82323)).normalize().as_tuple().digits == (8, 2, 3, 2, 3)
