"""Stability, bands, gains and concentration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore import validation as v

COUNTS = st.lists(st.integers(0, 500), min_size=2, max_size=12).filter(lambda c: sum(c) > 0)


def test_index_is_the_textbook_sum() -> None:
    """With large counts the index is sum (A - E) ln(A / E)."""
    expected = 0.1 * math.log(0.6 / 0.5) - 0.1 * math.log(0.4 / 0.5)
    found = v.stability_index([500_000, 500_000], [600_000, 400_000])
    assert found.index == pytest.approx(expected, rel=1e-4)


@given(COUNTS)
def test_no_shift_no_index(counts: list[int]) -> None:
    """A population compared with itself has index zero and is stable, empty bins or not."""
    found = v.stability_index(counts, counts)
    assert found.index == pytest.approx(0.0, abs=1e-12)
    assert found.verdict == "stable"


@given(COUNTS, st.integers(0, 10))
def test_index_is_never_negative_or_infinite(counts: list[int], rolled: int) -> None:
    """Whatever the counts, the index is finite, at least zero, and the sum of its parts."""
    found = v.stability_index(counts, np.roll(counts, rolled))
    assert 0 <= found.index < math.inf
    assert found.parts.sum() == pytest.approx(found.index)


def test_small_samples_are_not_called_shifted_by_chance() -> None:
    """Of samples of 60 from one population, the level marked as chance is exceeded about once in twenty."""
    rng = np.random.default_rng(8)
    shares = np.full(10, 0.1)
    found = [
        v.stability_index(rng.multinomial(4000, shares), rng.multinomial(60, shares)) for _ in range(600)
    ]
    over_rule = np.mean([one.index > 0.10 for one in found])
    over_chance = np.mean([one.verdict in {"watch", "shift"} for one in found])
    assert over_rule > 0.5
    assert over_chance < 0.08


def test_points_shift_moves_the_mean_score() -> None:
    """The shift of a characteristic is how much its mean points moved."""
    assert v.points_shift([50, 50], [25, 75], [0, 20]) == pytest.approx(5.0)


@given(st.lists(st.integers(300, 850), min_size=1, max_size=300), st.integers(2, 12))
def test_quantile_bands_leave_none_empty(scores: list[int], bands: int) -> None:
    """Every band between quantile edges holds at least one of the scores that it was cut from."""
    edges = v.quantile_edges(scores, bands=bands)
    counts = np.bincount(np.searchsorted(edges, scores, side="right"), minlength=edges.size + 1)
    assert (counts > 0).all()
    assert len(counts) <= bands


@given(st.integers(-500, 500), st.integers(6, 1200))
def test_even_bars_cover_the_range(low: int, width: int) -> None:
    """At least six bars of one round width cover every score that the card can give."""
    edges = v.even_edges(low, low + width)
    assert len(set(np.diff(edges))) == 1
    assert edges[0] <= low
    assert edges[-1] > low + width
    assert 6 <= len(edges) - 1 <= 14


@given(st.lists(st.integers(0, 100), min_size=2, max_size=20).filter(lambda c: sum(c) > 0))
def test_concentration_lies_between_even_and_all_in_one(counts: list[int]) -> None:
    """The Herfindahl index is 0 when spread evenly, 1 when all are in one band, and between otherwise."""
    assert -1e-9 <= v.herfindahl(counts) <= 1 + 1e-9
    assert v.herfindahl([sum(counts), *[0] * (len(counts) - 1)]) == pytest.approx(1.0)
