"""How sure an information value is: intervals that cover, by person too, and nothing told from noise."""

from __future__ import annotations

import numpy as np
import pytest

from plainscore.scorecard.bench._information import information_of_counts, information_of_rows

from ._people import seen_of

SHARE = np.array([0.25, 0.2, 0.2, 0.15, 0.1, 0.1])
LEAN = np.array([-1, -0.6, -0.2, 0.2, 0.6, 1.6])


def population(slope: float) -> tuple[np.ndarray, float]:
    """Give the bad rate of each bin, and the information value of the population."""
    rate = 1 / (1 + np.exp(1.5 - slope * LEAN))
    all_bad = (SHARE * rate).sum()
    goods, bads = SHARE * (1 - rate) / (1 - all_bad), SHARE * rate / all_bad
    return rate, float(((goods - bads) * np.log(goods / bads)).sum())


@pytest.mark.parametrize("slope", [0.0, 0.15, 0.3, 0.6, 1.2])
@pytest.mark.parametrize("rows", [1000, 10_000])
def test_intervals_cover(slope: float, rows: int) -> None:
    """Values of 0 to 0.93: the 95% interval covers in 92% of 400 samples or more."""
    rng = np.random.default_rng(0)
    rate, true = population(slope)
    cells = np.concatenate([SHARE * (1 - rate), SHARE * rate])
    held = 0
    for _ in range(400):
        counts = rng.multinomial(rows, cells)
        found = information_of_counts(counts[:6], counts[6:], smoothing=1.0, level=0.95)
        held += found.low <= true <= found.high
        assert found.low <= found.value <= found.high
    assert held >= 368


def test_a_percentile_bootstrap_never_covers_nought() -> None:
    """Why there is none: with no difference between goods and bads its interval lies above 0, always."""
    rng = np.random.default_rng(5)
    for _ in range(50):
        goods, bads = rng.multinomial(800, SHARE), rng.multinomial(200, SHARE)
        drawn = [
            information_of_counts(rng.poisson(goods), rng.poisson(bads), smoothing=1.0, level=0.95).value
            for _ in range(100)
        ]
        assert np.quantile(drawn, 0.025) > 0


def test_noise_stays_under_the_limit_of_chance() -> None:
    """A characteristic that tells nothing passes the limit in 3% to 7% of 1,000 samples."""
    rng = np.random.default_rng(1)
    above = 0
    for _ in range(1000):
        goods, bads = rng.multinomial(800, SHARE), rng.multinomial(200, SHARE)
        found = information_of_counts(goods, bads, smoothing=1.0, level=0.95)
        above += found.value > found.chance
    assert 30 <= above <= 70


@pytest.mark.parametrize("slope", [0.0, 0.6])
def test_intervals_by_person_cover(slope: float) -> None:
    """Twelve rows a person, all alike: by person the interval covers in 90% or more, by row it does not."""
    rng = np.random.default_rng(2)
    rate, true = population(slope)
    held = blind = 0
    for _ in range(200):
        own = rng.choice(6, 300, p=SHARE)
        ends = rng.random(300) < rate[own]
        who, codes, bad = (np.repeat(each, 12) for each in (np.arange(300), own, ends))
        found = information_of_rows(seen_of(bad, who=who), codes, 6, smoothing=1.0, level=0.95)
        held += found.low <= true <= found.high
        found = information_of_rows(seen_of(bad), codes, 6, smoothing=1.0, level=0.95)
        blind += found.low <= true <= found.high
    assert held >= 180
    assert blind < 150


def test_a_row_a_person_is_as_no_groups() -> None:
    """With every row its own person, scale and interval are those of counts, within 10%."""
    rng = np.random.default_rng(3)
    rate, _ = population(0.6)
    codes = rng.choice(6, 2000, p=SHARE)
    bad = rng.random(2000) < rate[codes]
    own = information_of_rows(seen_of(bad, who=np.arange(2000)), codes, 6, smoothing=1.0, level=0.95)
    none = information_of_rows(seen_of(bad), codes, 6, smoothing=1.0, level=0.95)
    assert own.value == none.value
    assert (own.high - own.low) == pytest.approx(none.high - none.low, rel=0.1)


def test_one_attribute_tells_nothing() -> None:
    """With one attribute the value is 0, and so are the bounds."""
    found = information_of_counts([90], [10], smoothing=1.0, level=0.95)
    assert (found.value, found.low, found.high, found.chance) == pytest.approx((0, 0, 0, 0))
