"""Fine cells: which one a value falls in, and how levels are laid out before anything is chosen."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard._kernel import assign

ROUND = st.floats(-5, 5).map(lambda value: round(value, 1))
VALUES = st.one_of(ROUND, st.sampled_from([np.nan, np.inf, -np.inf, -9.0, -8.0]))


@given(values=st.lists(VALUES, max_size=150), edges=st.sets(ROUND, max_size=40), out=st.booleans())
def test_a_value_falls_where_a_search_puts_it(values, edges, out):
    """Blocks of rows at a time give the cell of a plain search, with missing and special ones set apart."""
    array, cuts = np.array(values, np.float64), np.array(sorted(edges), np.float64)
    low, high = (-2.0, 2.0) if out else (-1e300, 1e300)
    found = np.empty(len(array), np.uint16)
    assign(array, cuts, low, high, np.array([-9.0, -8.0]), found)
    want = np.searchsorted(cuts, array, side="right")
    want[~((array >= low) & (array <= high))] = len(cuts) + 4
    want[np.isnan(array)] = len(cuts) + 1
    want[array == -9.0] = len(cuts) + 2
    want[array == -8.0] = len(cuts) + 3
    assert found.tolist() == want.tolist()
