"""Rows in canonical order: like ones merged, whatever order they came in and however many cells there are."""

from __future__ import annotations

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting._rows import canonical


def drawn(seed, columns, cells, groups):
    """Draw rows of which many are alike, and some alike in all but the last column."""
    rng = np.random.default_rng(seed)
    few = rng.integers(0, cells, (12, columns)).astype(np.uint16)
    codes = few[rng.integers(0, 12, 200)]
    codes[:, -1] = rng.integers(0, 3, 200)
    bad = rng.random(200) < 0.3
    weight = rng.choice([0.5, 1.0, 3.0], 200) if seed % 2 else np.ones(200)
    return codes, bad, weight, rng.integers(1, 4, 200), rng.integers(0, 40, 200) if groups else None


@pytest.mark.parametrize("groups", [False, True])
@given(st.integers(0, 10**6), st.integers(1, 9), st.sampled_from([2, 200, 65_536]))
@examples(40)
def test_like_rows_are_merged_in_the_order_of_what_they_say(groups, seed, columns, cells):
    """Every row differs from the next, is not below it, and stands for the copies of all rows like it."""
    codes, bad, weight, count, group = drawn(seed, columns, cells, groups)
    rows = canonical(codes.T.copy(), Sample(bad, weight), count, group)
    wanted = {}
    for line, *rest, copies in zip(codes.tolist(), bad, weight, count, strict=True):
        key = (*line, *rest)
        wanted[key] = wanted.get(key, 0) + copies
    said = [(*line, *rest) for line, *rest in zip(rows.codes.tolist(), rows.bad, rows.unit, strict=True)]
    found = {}
    for key, copies in zip(said, rows.count, strict=True):
        found[key] = found.get(key, 0) + copies
    assert found == wanted
    if groups:
        said = [(who, *key) for who, key in zip(rows.group, said, strict=True)]
    assert said == sorted(set(said))


@given(st.integers(0, 10**6), st.booleans())
@examples(20)
def test_the_order_that_rows_came_in_does_not_show(seed, groups):
    """Rows shuffled, and people numbered otherwise, are the same rows."""
    codes, bad, weight, count, group = drawn(seed, 4, 200, groups)
    order = np.random.default_rng(seed).permutation(200)
    first = canonical(codes.T.copy(), Sample(bad, weight), count, group)
    again = canonical(
        codes[order].T.copy(),
        Sample(bad[order], weight[order]),
        count[order],
        None if group is None else 99 - group[order],
    )
    for name in ("codes", "bad", "unit", "count") + (("group",) if groups else ()):
        assert (getattr(first, name) == getattr(again, name)).all()
