"""How sure an information value is: intervals that cover, by person too, and nothing told from noise."""

from __future__ import annotations

import numpy as np
import pytest

from plainscore.scorecard.bench._information import information_of_counts, information_of_rows
from plainscore.scorecard.binning._woe import information

from ._people import seen_of

SHARE = np.array([0.25, 0.2, 0.2, 0.15, 0.1, 0.1])
LEAN = np.array([-1, -0.6, -0.2, 0.2, 0.6, 1.6])


def population(slope: float, base: float = 1.5) -> tuple[np.ndarray, float]:
    """Give the bad rate of each bin, and the information value of the population."""
    rate = 1 / (1 + np.exp(base - slope * LEAN))
    all_bad = (SHARE * rate).sum()
    goods, bads = SHARE * (1 - rate) / (1 - all_bad), SHARE * rate / all_bad
    return rate, float(((goods - bads) * np.log(goods / bads)).sum())


def covered(slope: float, rows: int, base: float, samples: int) -> int:
    """Count the samples whose 95% interval holds the population's value."""
    rng = np.random.default_rng(0)
    rate, true = population(slope, base)
    held = 0
    for counts in rng.multinomial(rows, np.concatenate([SHARE * (1 - rate), SHARE * rate]), size=samples):
        found = information_of_counts(counts[:6], counts[6:], smoothing=1.0, level=0.95)
        held += found.low <= true <= found.high
        assert found.low <= found.value <= found.high
    return held


@pytest.mark.parametrize("slope", [0.0, 0.6])
def test_intervals_cover(slope: float) -> None:
    """Without and with a difference, the 95% interval covers in 90 of 100 samples or more."""
    assert covered(slope, 1000, 1.5, 100) >= 90


@pytest.mark.slow
@pytest.mark.parametrize("slope", [0.0, 0.15, 0.3, 0.6, 1.2])
@pytest.mark.parametrize(("rows", "base"), [(200, 1.5), (300, 3.2), (1000, 3.2), (1000, 1.5), (10_000, 1.5)])
def test_intervals_cover_for_few_bads_and_many(slope: float, rows: int, base: float) -> None:
    """Values of 0 to 1.07, 12 to 1,900 bads: the 95% interval covers in 92% of 400 samples or more."""
    assert covered(slope, rows, base, 400) >= 368


def test_a_percentile_bootstrap_never_covers_nought() -> None:
    """Why there is none: with no difference between goods and bads its interval lies above 0, always."""
    rng = np.random.default_rng(5)
    for _ in range(50):
        goods, bads = (rng.poisson(rng.multinomial(each, SHARE), size=(100, 6)) for each in (800, 200))
        drawn = information(goods, bads, all_goods=800, all_bads=200, smoothing=1.0).sum(axis=1)
        assert np.quantile(drawn, 0.025) > 0


@pytest.mark.parametrize(("goods", "bads"), [(800, 200), (285, 15), (90, 30)])
def test_noise_stays_under_the_limit_of_chance(goods: int, bads: int) -> None:
    """A characteristic that tells nothing passes the limit in 2% to 9% of 200 samples, with 15 bads too."""
    rng = np.random.default_rng(1)
    above = 0
    for _ in range(200):
        counts = rng.multinomial(goods, SHARE), rng.multinomial(bads, SHARE)
        found = information_of_counts(*counts, smoothing=1.0, level=0.95)
        above += found.value > found.chance
    assert 4 <= above <= 18


@pytest.mark.slow
@pytest.mark.parametrize("people", [30, 120, 300])
def test_noise_of_few_people_is_noise(people: int) -> None:
    """Twelve rows a person, all alike: by person noise passes the limit in 12% at most, by row in most."""
    rng = np.random.default_rng(4)
    above = {True: 0, False: 0}
    for _ in range(200):
        own, ends = rng.choice(6, people, p=SHARE), rng.random(people) < 0.25
        who, codes, bad = (np.repeat(each, 12) for each in (np.arange(people), own, ends))
        for by_person in above:
            seen = seen_of(bad, who=who if by_person else None)
            found = information_of_rows(seen, codes, 6, smoothing=1.0, level=0.95)
            above[by_person] += found.value > found.chance
    assert above[True] <= 24
    assert above[False] > 100


@pytest.mark.slow
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
