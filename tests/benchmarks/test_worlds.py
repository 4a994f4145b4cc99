"""The worlds that benchmarks draw have the signal and the noise that theory says."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.peers import _worlds as worlds
from benchmarks.peers._measures import area_under_curve
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

WIDTH = np.sqrt(sum(effect**2 for effect in worlds.EFFECTS))


def true_auc(width: float, intercept: float) -> float:
    """Give the AUC of log odds ``N(intercept, width squared)`` by quadrature over two cases."""
    at = np.linspace(-9, 9, 20_001)
    chance = norm.pdf(at)
    bad = chance / (1 + np.exp(-intercept - width * at))
    good = chance - bad
    below = np.cumsum(good) - good / 2
    return float((bad * below).sum() / (bad.sum() * good.sum()))


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Give Pearson's correlation."""
    return float(np.corrcoef(one, other)[0, 1])


@pytest.mark.parametrize("width", worlds.INTERCEPTS)
def test_intercepts_make_a_fifth_bad(width: float) -> None:
    """By numerical integration over the log odds."""
    rate, _ = quad(
        lambda z: norm.pdf(z) / (1 + np.exp(-worlds.INTERCEPTS[width] - width * z)), -12, 12, epsabs=1e-12
    )
    assert rate == pytest.approx(worlds.BAD_RATE, abs=1e-9)


def test_five_signals_have_the_width_and_the_auc_that_are_said() -> None:
    """Their log odds are 1.25 wide, and rank with .7866 in theory and on drawn rows."""
    assert pytest.approx(1.25) == WIDTH
    assert true_auc(1.25, worlds.INTERCEPTS[1.25]) == pytest.approx(0.7866, abs=5e-5)
    world = worlds.signals(200_000, 1)
    assert area_under_curve(world.bad, -world.log_odds) == pytest.approx(0.7866, abs=0.005)
    assert world.log_odds.std() == pytest.approx(1.25, abs=0.01)
    assert world.bad.mean() == pytest.approx(0.2, abs=0.004)


def test_signals_tell_and_noise_does_not() -> None:
    """A signal's mean differs between good and bad, the others' does not, and 20 columns are noise."""
    world = worlds.signals(50_000, 3)
    assert len(world.real) == 5
    assert len(world.numbers) == 25
    for name, values in world.numbers.items():
        apart = values[world.bad == 1].mean() - values[world.bad == 0].mean()
        assert (apart > 0.15) if name in world.real else (abs(apart) < 0.05)


def test_fresh_rows_are_of_the_same_world_and_are_other_rows() -> None:
    """The same columns tell the same, and no value comes twice."""
    world = worlds.signals(500, 4)
    fresh = worlds.signals(2_000, worlds.fresh_seed(4), like=4)
    assert fresh.real == world.real
    for name, values in world.numbers.items():
        assert not set(values) & set(fresh.numbers[name])


def test_names_and_places_do_not_tell_a_signal() -> None:
    """Over seeds a signal stands everywhere, and columns are in the order of their names."""
    found = [worlds.signals(2, seed) for seed in range(60)]
    assert set().union(*(world.real for world in found)) == set(found[0].numbers)
    assert all(list(world.numbers) == sorted(world.numbers) for world in found)


@pytest.mark.parametrize("rows", [1_000, 20_000])
def test_noise_is_a_coin(rows: int) -> None:
    """Twelve columns, a fifth bad, no correlation beyond chance."""
    world = worlds.noise(rows, 5)
    assert len(world.numbers) == 12
    assert world.bad.mean() == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / rows))
    for values in world.numbers.values():
        assert abs(correlation(values, world.bad)) < 4.5 / np.sqrt(rows)


def test_snapshots_keep_noise_within_a_person_and_the_outcome_with_people() -> None:
    """A column is one value a person; months of one person go together, people do not."""
    world = worlds.snapshots(6)
    assert world.groups is not None
    assert np.bincount(world.groups).tolist() == [8] * 500
    for values in world.numbers.values():
        assert np.ptp(values.reshape(500, 8), axis=1).max() == 0
    months = world.bad.reshape(500, 8)
    assert world.bad.mean() == pytest.approx(0.2, abs=0.05)
    # Two normals of correlation .8, both above their 80% quantile: .64 of those who are bad once.
    again = months[:, 1][months[:, 0] == 1].mean()
    assert again == pytest.approx(0.64, abs=0.15)


def test_levels_are_alike_likely_and_tell_nothing() -> None:
    """150 levels, each about as often, beside a column that ranks with .745."""
    world = worlds.levels(7)
    ((places, names),) = world.texts.values()
    assert len(names) == len(set(names)) == 150
    assert np.bincount(places, minlength=150).min() > 5
    (column,) = world.real
    assert area_under_curve(world.bad, -world.numbers[column]) == pytest.approx(0.745, abs=0.03)
    assert true_auc(1.0, worlds.INTERCEPTS[1.0]) == pytest.approx(0.7446, abs=5e-5)


def test_proxies_are_tied_to_the_real_column_alone() -> None:
    """A correlation of .7 with it, .49 among themselves, and none with the outcome given it."""
    drawn = [worlds.proxies(seed) for seed in range(40)]
    with_real, among, given = [], [], []
    for world in drawn:
        (real,) = world.real
        x = world.numbers[real]
        others = [values for name, values in world.numbers.items() if name != real]
        with_real += [correlation(x, other) for other in others]
        among.append(correlation(others[0], others[1]))
        surprise = world.bad - 1 / (1 + np.exp(-world.log_odds))
        given += [correlation(other, surprise) for other in others]
    assert np.mean(with_real) == pytest.approx(0.7, abs=0.005)
    assert np.mean(among) == pytest.approx(0.49, abs=0.01)
    assert np.mean(given) == pytest.approx(0.0, abs=0.006)


def test_the_weak_signal_has_its_bads_and_its_auc() -> None:
    """Exactly 60 of 300 are bad, and over many seeds a bad ranks above a good in 65%."""
    drawn = [worlds.weak(seed) for seed in range(400)]
    assert {int(world.bad.sum()) for world in drawn} == {60}
    aucs = [roc_auc_score(world.bad, world.numbers["c00"]) for world in drawn]
    assert np.mean(aucs) == pytest.approx(0.65, abs=0.006)


def test_a_world_is_its_seed() -> None:
    """The same seed draws the same, another draws other rows."""
    np.testing.assert_array_equal(worlds.noise(50, 1).bad, worlds.noise(50, 1).bad)
    assert not np.array_equal(worlds.noise(50, 1).numbers["c00"], worlds.noise(50, 2).numbers["c00"])


def test_the_truth_stays_behind() -> None:
    """What a contestant takes is columns and outcome alone."""
    table = worlds.as_table(worlds.levels(1))
    assert len(table.columns) == 2
    assert table.codes == {}
    assert len(table.fold) == 0
