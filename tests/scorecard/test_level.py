"""The level of a column's test: when it rises, how far, and what that lets in."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import Scorecard
from plainscore.scorecard.fitting._level import HIGHEST, MANY, NOISE, level_for

CHANCES = st.lists(st.floats(0, 1), max_size=40)
QUICK = {"estimate": False}


@given(st.floats(0.001, 1), st.integers(0, 40), CHANCES, st.integers(0, 100), st.floats(0, 1))
def test_the_level_only_rises_and_has_a_limit(level, passed, others, unseen, noise):
    """It is never under the one asked for, and never over the highest unless that was asked for."""
    found = level_for(level, passed, others, unseen, noise)
    assert level <= found <= max(level, HIGHEST)


@given(st.floats(0.001, 0.3), st.integers(0, 40), CHANCES, st.integers(0, 100))
def test_what_the_level_lets_in_is_mostly_no_noise(level, passed, others, unseen):
    """At a level that rose, columns that say nothing pass less often than the share of those that did."""
    found = level_for(level, passed, others, unseen, NOISE)
    if found > level:
        silent = min(passed + len(others), 2 * (1 + sum(p > 0.5 for p in others))) + unseen
        assert found * silent <= NOISE * passed * (1 + 1e-12)


@given(st.integers(0, 40), CHANCES, st.integers(0, 100))
def test_more_that_is_likely_noise_never_raises_the_level(passed, others, unseen):
    """A further column that says nothing, seen or left out before the tests, makes the test no easier."""
    before = level_for(0.05, passed, others, unseen, NOISE)
    assert level_for(0.05, passed, [*others, 0.9], unseen, NOISE) <= before
    assert level_for(0.05, passed, others, unseen + 1, NOISE) <= before


@given(st.integers(0, MANY - 1), CHANCES, st.integers(0, 100))
def test_few_columns_raise_nothing(passed, others, unseen):
    """Where few pass, one that came by chance would be a large share of them."""
    assert level_for(0.05, passed, others, unseen, 1.0) == 0.05


def world(seed: int, small: int, silent: int, rows: int = 900):
    """Give four plain effects, some small ones and some columns that say nothing."""
    rng = np.random.default_rng(seed)
    strength = np.array([0.7, 0.6, 0.6, 0.5, *[0.2] * small, *[0.0] * silent])
    x = rng.normal(size=(rows, len(strength))).round(2)
    bad = rng.random(rows) < 1 / (1 + np.exp(0.8 - x @ strength))
    return {f"c{at:02d}": x[:, at] for at in range(len(strength))}, bad


@pytest.mark.parametrize("method", ["shape", "woe"])
def test_where_many_pass_small_effects_come_on_the_card(method):
    """The default lets in what a strict test keeps out, and says by which level; what passed is still on."""
    frame, bad = world(6, 10, 0)
    strict, many = (
        Scorecard(method=method, beyond=word, **QUICK).fit(frame, bad) for word in ("never", "many")
    )
    assert strict.log_["level_of_tests"] == 0.05
    assert 0.05 < many.log_["level_of_tests"] <= HIGHEST
    assert set(strict.card_.parts) < set(many.card_.parts)
    entered = [
        one
        for one in many.log_["characteristics"]
        if one["id"] in many.card_.parts and one["tests"]["others"] > 0.05
    ]
    assert entered
    for one in entered:
        assert one["tests"]["others"] <= many.log_["level_of_tests"]
        assert one["decision"].endswith(f"under {many.log_['level_of_tests']:.2g}, since many pass.")


def test_where_few_pass_nothing_changes():
    """Beside four effects and much noise the default's card is the strict one, byte for byte."""
    frame, bad = world(3, 0, 20, rows=3_000)
    strict, many = (Scorecard(beyond=word, **QUICK).fit(frame, bad) for word in ("never", "many"))
    assert many.card_ == strict.card_


def test_the_order_of_columns_does_not_change_what_many_let_in():
    """The card is the same for columns and rows in another order."""
    frame, bad = world(6, 10, 0)
    rows = np.random.default_rng(1).permutation(len(bad))
    turned = {name: frame[name][rows] for name in reversed(frame)}
    first, other = Scorecard(**QUICK).fit(frame, bad), Scorecard(**QUICK).fit(turned, bad[rows])
    assert first.card_ == other.card_


@pytest.mark.slow
@pytest.mark.parametrize(("small", "silent"), [(10, 2), (8, 8), (4, 16)])
def test_the_share_of_noise_is_as_estimated(small, silent):
    """Over many samples of a world, the mean share of noise on a card is not beyond what the level allows."""
    shares, rose = [], 0
    for seed in range(100, 150):
        frame, bad = world(seed, small, silent, rows=1_200)
        model = Scorecard(resamples=0, **QUICK).fit(frame, bad)
        rose += model.log_["level_of_tests"] > 0.05
        shares.append(np.mean([int(name[1:]) >= 4 + small for name in model.card_.parts]))
    assert rose >= 25
    assert np.mean(shares) - 1.64 * np.std(shares, ddof=1) / math.sqrt(len(shares)) <= NOISE
