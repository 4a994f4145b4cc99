"""Values that are counted are those that a sort finds, in either size of float."""

from __future__ import annotations

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard.binning import _distinct
from plainscore.scorecard.binning._distinct import counted_values, weighed_values


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@given(
    st.integers(0, 10**6),
    st.sampled_from([0, 1, 2, 4, 6]),
    st.sampled_from([0.01, 1.0, 50.0]),
    st.sampled_from([0.0, -3.0, 1e5, 2.0**60]),
)
@examples(60)
def test_counting_finds_what_a_sort_finds(kind, seed, places, spread, off):
    """The distinct values and how many rows have each or a lower one are the same, to the last bit."""
    rng = np.random.default_rng(seed)
    some = (np.round(rng.normal(0, spread, 700), places) + off).astype(kind)
    values, mass = counted_values(some)
    wanted, rows = np.unique(some, return_counts=True)
    assert values.dtype == mass.dtype == np.float64
    assert values.tolist() == wanted.astype(np.float64).tolist()
    assert not np.signbit(values[values == 0]).any()
    assert mass.tolist() == np.cumsum(rows).tolist()


def test_one_value_with_more_digits_is_seen():
    """A value beyond the first few that is no multiple of their power of ten is not rounded to one."""
    some = np.append(np.repeat(np.arange(500) / 100, 30), 0.123)
    assert _distinct._counting_scale(some[:-1]) == 100.0
    assert _distinct._counting_scale(some) == 10_000.0
    assert 0.123 in counted_values(some)[0]
    assert 0.1234567 in counted_values(np.append(some, 0.1234567))[0]


@pytest.mark.parametrize("off", [0.0, 1e9])
def test_zero_has_one_sign_wherever_rows_stand(off):
    """Of 0.0 and -0.0 the first is kept, counted or sorted, with weights or without."""
    some = np.array([0.0, -0.0, -0.0, 0.0, off, -0.0])
    for order in (some, some[::-1], -some[:4]):
        assert not np.signbit(counted_values(order)[0]).any()
        assert not np.signbit(weighed_values(order, np.ones(len(order)))[0]).any()
