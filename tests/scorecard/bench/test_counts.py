"""Effective cases: what rows of one person, and sampled rows, are worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import jeffreys_interval
from plainscore.scorecard.bench._counts import counted, shares_variance
from plainscore.validation import jeffreys_interval as of_validation

from ._people import seen_of

ROWS = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(1, 3)), min_size=2, max_size=60)


def test_the_interval_is_that_of_validation() -> None:
    """There is one Jeffreys interval in the package."""
    assert jeffreys_interval is of_validation


@given(ROWS)
def test_counts_are_sums(rows: list[tuple[int, bool, int]]) -> None:
    """Rows and bads are sums of weights per cell; whole weights are so many cases."""
    cell, bad, weight = (np.array(part) for part in zip(*rows, strict=True))
    found = counted(seen_of(bad, weight=weight), cell, 4)
    for at in range(4):
        assert found.rows[at] == weight[cell == at].sum() == found.cases[at]
        assert found.bads[at] == weight[(cell == at) & bad].sum()


@given(ROWS, st.integers(2, 9))
def test_a_person_a_row_changes_nothing_much_and_never_adds(
    rows: list[tuple[int, bool, int]], people: int
) -> None:
    """Effective cases are never more than the rows, and about the rows where each is of its own person."""
    cell, bad, _ = (np.array(part) for part in zip(*rows, strict=True))
    own = counted(seen_of(bad, who=np.arange(len(rows))), cell, 4)
    shared = counted(seen_of(bad, who=np.arange(len(rows)) % people), cell, 4)
    assert (own.cases <= own.rows + 1e-9).all()
    assert (shared.cases <= shared.rows + 1e-9).all()
    assert (own.cases >= own.rows - 1 - 1e-9).all()


def test_rows_all_alike_in_a_person_are_one_case() -> None:
    """Twelve equal rows a person are worth one case, where outcomes differ between people or not."""
    rng = np.random.default_rng(0)
    who = np.repeat(np.arange(300), 12)
    bad = np.repeat(rng.random(300) < 0.2, 12)
    found = counted(seen_of(bad, who=who), np.zeros(3600, np.int64), 1)
    assert found.cases[0] == pytest.approx(300, rel=0.01)
    none = counted(seen_of(np.zeros(3600), who=who), np.zeros(3600, np.int64), 1)
    assert none.cases[0] == pytest.approx(300)


def test_sampling_weights_are_worth_kish() -> None:
    """A weight of ten for everyone adds no case; uneven weights are worth fewer than the rows."""
    bad = np.arange(100) % 4 == 0
    even = counted(seen_of(bad, weight=np.full(100, 10.0), whole=False), np.zeros(100, np.int64), 1)
    assert even.cases[0] == pytest.approx(100)
    weight = np.where(np.arange(100) < 50, 1.0, 9.0)
    uneven = counted(seen_of(bad, weight=weight, whole=False), np.zeros(100, np.int64), 1)
    assert uneven.cases[0] == pytest.approx(weight.sum() ** 2 / (weight**2).sum())


def test_intervals_by_person_cover() -> None:
    """Rates of people with twelve rows that lean one way: 95% intervals by person cover in 92% to 98%."""
    rng = np.random.default_rng(4)
    who = np.repeat(np.arange(150), 12)
    cell = np.zeros(len(who), np.int64)
    held = blind = 0
    for _ in range(400):
        lean = rng.beta(1.0, 4.0, 150)
        bad = rng.random(len(who)) < lean[who]
        found = counted(seen_of(bad, who=who), cell, 1)
        low, high = jeffreys_interval(found.bad_cases, found.cases)
        held += int(low[0] <= 0.2 <= high[0])
        low, high = jeffreys_interval(found.bads, found.rows)
        blind += int(low[0] <= 0.2 <= high[0])
    assert 368 <= held <= 392
    assert blind < 340


def test_the_covariance_of_shares_is_the_multinomial_one_for_independent_rows() -> None:
    """A row a person gives (diag(p) - pp') / (n - 1)."""
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 4, 500)
    share, spread = shares_variance(codes, 4, np.ones(500), None)
    assert spread == pytest.approx((np.diag(share) - np.outer(share, share)) / 499)
