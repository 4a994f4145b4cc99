"""Bins whose order turns: seldom found where every order holds, found where one turned, and what to do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from plainscore.scorecard import Characteristic, InputError, Scorecard, merge_bins, turning, veto_turning
from plainscore.scorecard.bench._counts import Counts, counted
from plainscore.scorecard.bench._index import holm
from plainscore.scorecard.bench._turning import against

from ._people import plain_counts, seen_of

SEEDS, PERIODS, BINS = 200, 6, 8
POINTS = np.arange(BINS, 0.0, -1) * 10  # the first bin is the safest


def alarms(found: Counts, level: float = 0.05) -> int:
    """Count the seeds in which any pair of any period is found, Holm's correction over each seed."""
    p = against(found, POINTS).reshape(SEEDS, -1)
    return sum(bool((holm(each) < level).any()) for each in p)


def simulated(rates: np.ndarray, rows: int, seed: int = 0) -> Counts:
    """Draw all seeds at once: their periods stand below one another."""
    rng = np.random.default_rng(seed)
    sizes = rng.multinomial(rows, np.full(BINS, 1 / BINS), size=SEEDS * PERIODS)
    every = np.tile(np.broadcast_to(rates, (PERIODS, BINS)), (SEEDS, 1))
    return plain_counts(sizes, rng.binomial(sizes, every))


@pytest.mark.parametrize("rows", [80, 800, 8000])
@pytest.mark.parametrize(
    "rates",
    [np.full(BINS, 0.2), np.linspace(0.05, 0.4, BINS), np.full(BINS, 0.01)],
    ids=["flat", "rising", "rare"],
)
def test_a_stable_characteristic_seldom_alarms(rates: np.ndarray, rows: int) -> None:
    """Of 200 characteristics whose order holds in six periods, at most 5% have any finding."""
    assert alarms(simulated(rates, rows)) <= 0.05 * SEEDS


def test_a_real_turn_is_found() -> None:
    """Rates of 10% and 25% that change places in one period of 4,000 rows are found in 95% and more."""
    rates = np.tile(np.linspace(0.04, 0.46, BINS), (PERIODS, 1))
    rates[3, [2, 3]] = 0.25, 0.10
    assert alarms(simulated(rates, 4000)) >= 0.95 * SEEDS


def test_rows_of_one_person_do_not_make_a_turn() -> None:
    """Twelve rows a person, all alike, rates flat: by person at most 5% alarm, by row most do."""
    rng = np.random.default_rng(1)
    found = {True: 0, False: 0}
    for _ in range(SEEDS):
        who = np.repeat(np.arange(1200), 12)
        cell = np.repeat(rng.integers(PERIODS * BINS, size=1200), 12)
        bad = np.repeat(rng.random(1200) < 0.25, 12)
        for by_person in found:
            seen = seen_of(bad, who=who if by_person else None)
            counts = counted(seen, cell, PERIODS * BINS)
            shaped = Counts(
                *(each.reshape(PERIODS, BINS) for each in (counts.rows, counts.bads, counts.cases))
            )
            found[by_person] += bool((holm(against(shaped, POINTS).ravel()) < 0.05).any())
    assert found[True] <= 0.05 * SEEDS
    assert found[False] > 0.5 * SEEDS


@pytest.mark.slow
def test_few_people_of_many_rows_do_not_make_a_turn() -> None:
    """Two to five people a bin and period, of up to 24 rows that lean one way: at most 5% alarm."""
    rng = np.random.default_rng(2)
    for people in (120, 240):
        found = 0
        for _ in range(150):
            size = rng.integers(1, 25, people)
            who = np.repeat(np.arange(people), size)
            home = rng.integers(PERIODS * BINS, size=people)[who]
            cell = np.where(rng.random(len(who)) < 0.5, (home + BINS) % (PERIODS * BINS), home)
            bad = rng.random(len(who)) < rng.beta(0.3, 0.9, people)[who]
            counts = counted(seen_of(bad, who=who), cell, PERIODS * BINS)
            parts = (counts.rows, counts.bads, counts.cases)
            shaped = Counts(*(each.reshape(PERIODS, BINS) for each in parts))
            found += bool((holm(against(shaped, POINTS).ravel()) < 0.05).any())
        assert found <= 7


CELL = st.tuples(st.integers(0, 40), st.integers(0, 40))


@given(st.tuples(CELL, CELL), st.sampled_from([(9.0, 1.0), (1.0, 9.0)]))
def test_the_chance_is_fishers(
    cells: tuple[tuple[int, int], tuple[int, int]], points: tuple[float, float]
) -> None:
    """Twice the one-sided chance of Fisher's exact test, at most 1, as SciPy counts it."""
    (g0, b0), (g1, b1) = cells
    p = against(plain_counts([[g0 + b0, g1 + b1]], [[b0, b1]]), np.array(points))[0, 0]
    if min(g0 + b0, g1 + b1) == 0 or b0 + b1 == 0 or g0 + g1 == 0:
        assert np.isnan(p)
        return
    side = "greater" if points[0] > points[1] else "less"
    wanted = fisher_exact([[b0, g0], [b1, g1]], alternative=side).pvalue
    assert p == pytest.approx(min(2 * wanted, 1.0), rel=1e-6, abs=1e-12)


def test_equal_points_claim_no_order() -> None:
    """Two bins with the same points cannot turn, however far their rates are apart."""
    found = against(plain_counts([[100, 100]], [[90, 10]]), np.array([5.0, 5.0]))
    assert np.isnan(found).all()


@given(st.integers(1, 4), st.integers(1, 4))
def test_small_counts_never_veto(first: int, second: int) -> None:
    """Up to four rows against four, all bad against all good, are never a finding."""
    p = against(plain_counts([[first, second]], [[first, 0]]), np.array([9.0, 1.0]))
    assert not (p < 0.02).any()


def world(rows: int = 12_000, seed: int = 0, *, turned: bool = True):
    """Give two columns over six periods; in the last, two bins of ``use`` change places."""
    rng = np.random.default_rng(seed)
    when = np.sort(rng.integers(6, size=rows))
    use, late = rng.integers(5, size=rows), rng.integers(3, size=rows)
    rate = np.array([0.05, 0.1, 0.2, 0.32, 0.45])[use]
    if turned:
        last = when == 5
        rate = np.where(last & (use == 2), 0.36, np.where(last & (use == 3), 0.12, rate))
    bad = rng.random(rows) < np.clip(rate + 0.05 * late, 0, 1)
    names = np.array([f"2024-Q{at}" for at in range(1, 7)])
    return pd.DataFrame({"use": use.astype(float), "late": late.astype(float)}), bad, names[when]


CUTS = (Characteristic("use", cuts=(1.0, 2.0, 3.0, 4.0)), Characteristic("late", cuts=(1.0, 2.0)))


@pytest.fixture(scope="module")
def turned():
    """Give a model of the turned world, with its rows."""
    frame, bad, when = world()
    return Scorecard(CUTS, method="woe", max_characteristics=None).fit(frame, bad), frame, bad, when


def test_the_turn_is_named_and_nothing_else(turned) -> None:
    """One finding: the pair, the period, the rates, and a sentence to act on."""
    model, frame, bad, when = turned
    found = turning(model, frame, bad, when)
    assert len(found) == 1
    row = found.iloc[0]
    assert (row["characteristic"], row["first"], row["period"], row["finding"]) == (
        "use",
        2,
        "2024-Q6",
        "turns",
    )
    last = frame["use"][when == "2024-Q6"]
    assert row["bad_rate"] == pytest.approx(bad[when == "2024-Q6"][last == 2].mean())
    assert row["next_rows"] == (last == 3).sum()
    assert row["p_holm"] >= row["p"]
    assert row["sentence"].startswith("In 2024-Q6 '2 to under 3' had ")
    assert row["sentence"].endswith(", as in 0 of 5 other periods; merge the two.")


def test_the_finding_feeds_an_edit(turned) -> None:
    """Merged as found, with its sentence as the reason, the bins no longer turn."""
    model, frame, bad, when = turned
    row = turning(model, frame, bad, when).iloc[0]
    said = merge_bins(CUTS[0], model.card_, int(row["first"]), reason=row["sentence"])
    again = Scorecard((said, CUTS[1]), method="woe", max_characteristics=None).fit(frame, bad)
    assert turning(again, frame, bad, when).empty
    assert len(next(each for each in again.card_.characteristics if each.id == "use").bins) == 4


def test_a_card_will_do_and_order_of_rows_does_not_matter(turned) -> None:
    """A card gives what its model gives, for rows in any order."""
    model, frame, bad, when = turned
    order = np.random.default_rng(0).permutation(len(bad))
    one = turning(model, frame, bad, when)
    two = turning(model.card_, frame.iloc[order], bad[order], when[order])
    pd.testing.assert_frame_equal(one, two)


def test_a_turn_of_several_periods_is_a_turn() -> None:
    """Bins that change places for the last two of six periods turn, though one other period agrees."""
    frame, bad, when = world()
    twice = np.where(when == "2024-Q5", "2024-Q1", np.where(when == "2024-Q1", "2024-Q5", when))
    model = Scorecard(CUTS, method="woe", max_characteristics=None).fit(frame, bad)
    halves = np.where(when == "2024-Q6", np.where(np.arange(len(when)) % 2, "2024-Q6", "2024-Q7"), twice)
    found = turning(model, frame, bad, halves)
    assert found["period"].tolist() == ["2024-Q6", "2024-Q7"]
    assert set(found["finding"]) == {"turns"}
    assert found["sentence"].str.contains("as in 1 of 6 other periods; merge the two").all()


@pytest.mark.filterwarnings("ignore::plainscore.scorecard.MoreBadsWarning")  # outcomes are turned round here
def test_points_against_the_rates_in_all_periods_are_no_turn(turned) -> None:
    """Where rates stand against the points in every period, the sentence says so and asks for no merge."""
    model, frame, bad, when = turned
    upside = turning(model, frame, ~bad, when)
    assert len(upside) > 10
    assert set(upside["finding"]) == {"against the points throughout"}
    assert not upside["sentence"].str.contains("merge").any()


def test_over_the_card_finds_no_more(turned) -> None:
    """Holm's correction over the whole card leaves a part of what is found by characteristic."""
    model, frame, bad, when = turned
    wide = turning(model, frame, bad, when, over="card")
    one = turning(model, frame, bad, when)
    assert set(zip(wide["characteristic"], wide["first"], wide["period"], strict=True)) <= set(
        zip(one["characteristic"], one["first"], one["period"], strict=True)
    )
    assert (wide["p_holm"] >= one["p_holm"].iloc[: len(wide)]).all()


@pytest.mark.slow
def test_stable_worlds_seldom_alarm_from_fit_to_finding() -> None:
    """Fitted and looked at on the same rows, at most 5% of 200 characteristics that hold have a finding."""
    found = 0
    for seed in range(100):
        frame, bad, when = world(3000, seed, turned=False)
        model = Scorecard(CUTS, method="woe", max_characteristics=None).fit(frame, bad)
        found += turning(model, frame, bad, when)["characteristic"].nunique()
    assert found <= 10


@pytest.mark.parametrize(
    ("options", "words"),
    [({"level": 5}, "level is 5"), ({"over": "all"}, "over is 'all'"), ({"groups": [1]}, "groups has shape")],
)
def test_a_bad_option_is_refused(turned, options, words) -> None:
    """An option without meaning is refused in a sentence."""
    model, frame, bad, when = turned
    with pytest.raises(InputError, match=words):
        turning(model, frame, bad, when, **options)


@pytest.mark.parametrize("method", ["shape", "woe"])
def test_a_veto_leaves_no_turn_and_says_what_it_merged(method: str) -> None:
    """After the veto no order turns, and each merge is an edit with its finding as the reason."""
    rng = np.random.default_rng(5)
    rows = 8000
    when = (rng.random(rows) < 0.25).astype(int)
    x, steady = rng.integers(0, 5, rows).astype(float), rng.normal(size=rows).round(1)
    turned = np.where((when == 1) & (x >= 2), 6 - x, x)
    bad = rng.random(rows) < 1 / (1 + np.exp(2.2 - 0.6 * turned - 0.8 * steady))
    frame = {"x": x, "steady": steady}

    def make(said: list[Characteristic | str]) -> Scorecard:
        return Scorecard(said, method=method, estimate=False)

    before = make(["x", "steady"]).fit(frame, bad)
    assert not turning(before, frame, bad, when).empty
    held = veto_turning(make, ["x", Characteristic("steady")], frame, bad, when)
    assert turning(held.model, frame, bad, when).empty
    logged = {one["id"]: one["edits"] for one in held.model.log_["characteristics"]}
    assert sum(map(len, logged.values())) == len(held.merged) > 0
    assert {each["reason"] for each in logged["x"]} <= set(held.merged["sentence"])
    assert not logged["steady"]
    again = make(list(held.characteristics)).fit(frame, bad)
    assert again.card_ == held.model.card_


def test_a_veto_without_a_turn_changes_nothing() -> None:
    """Where every order holds the card is that of a plain fit."""
    rng = np.random.default_rng(6)
    x = rng.integers(0, 4, 4000).astype(float)
    bad = rng.random(4000) < 1 / (1 + np.exp(2.0 - 0.7 * x))
    when = rng.integers(3, size=4000)
    held = veto_turning(Scorecard, ["x"], {"x": x}, bad, when)
    assert held.merged.empty
    assert held.characteristics == ("x",)
    assert held.model.card_ == Scorecard(["x"]).fit({"x": x}, bad).card_
