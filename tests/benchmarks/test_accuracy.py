"""Accuracy beside peers is measured on the same folds, and compared where both were measured."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from benchmarks._accuracy_bench import Contest, measure
from benchmarks._accuracy_text import PACKAGES, difference, goals, sections, slope
from benchmarks._ask import Answer
from benchmarks._engine_contestants import ADDITIVE, DEFAULT, LIGHTGBM, OPTBINNING, PAIRS, RANKED, Contestant
from benchmarks._fill import not_ours
from benchmarks._kept import Kept
from benchmarks._public import GERMAN, HELOC, HMEQ, SETS, TAIWAN, public_tables
from benchmarks._repeats import SEEDS, folds_of, seeds_of, with_folds
from benchmarks._report import Goal
from benchmarks.peers._accuracy import cross_validated
from benchmarks.peers._peer import Peer
from benchmarks.peers._tables import Table, read_table
from scipy.stats import ttest_rel
from sklearn.model_selection import KFold, StratifiedKFold

from benchmarks import _accuracy_bench

RNG = np.random.default_rng(11)
BAD = (RNG.random(103) < 0.3).astype(np.int8)


def contest_of(name: str, aucs: dict[Contestant, list[float]], slopes: float = 1.0) -> Contest:
    """Give a contest with the figures of repeats."""
    contest = Contest({name: (100, 5)})
    for one, found in aucs.items():
        figures = {"ks": 0.4, "slope": slopes, "fold_s": 0.1}
        if one.is_ours:
            figures |= {"characteristics": 9.5, "most_characteristics": 12, "most_bins": 8, "tables": 0}
        contest.figures[name, one.label] = {
            seed: figures | {"auc": auc} for seed, auc in zip(SEEDS, found, strict=False)
        }
    return contest


def goal_about(contest: Contest, name: str, words: str) -> Goal:
    """Give the one goal that says certain words."""
    (found,) = [goal for goal in goals(contest, name) if words in goal.says]
    return found


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    """Give the table that stands for every public set."""
    found = Table({"x": np.arange(103.0)}, {}, BAD, {}, np.empty(0, np.int8))
    monkeypatch.setattr(_accuracy_bench, "public_folder", lambda: tmp_path)
    monkeypatch.setattr(_accuracy_bench, "public_tables", lambda folder, names: dict.fromkeys(names, found))
    return found


@pytest.mark.parametrize(
    ("stratified", "splitter"), [(False, KFold), (True, StratifiedKFold)], ids=["plain", "stratified"]
)
def test_folds_are_those_of_scikit_learn(stratified: bool, splitter: type) -> None:
    """Each row is held out in the fold that the splitter with that seed puts it in."""
    fold = folds_of(BAD, 1003, stratified=stratified)
    parted = splitter(5, shuffle=True, random_state=1003).split(BAD, BAD)
    for number, (_, test) in enumerate(parted):
        np.testing.assert_array_equal(np.flatnonzero(fold == number), test)


def test_twenty_seeds_are_declared_and_slow_contestants_have_the_first_of_them() -> None:
    """1000 to 1019; EBM has four on every set, as the goal beside it says; ours and quick peers have all."""
    assert tuple(range(1000, 1020)) == SEEDS
    for name in SETS:
        assert seeds_of(ADDITIVE, name) == SEEDS[:4]
        assert seeds_of(DEFAULT, name) == seeds_of(OPTBINNING, name) == SEEDS
        assert all(seeds_of(one, name) == SEEDS[: len(seeds_of(one, name))] for one in RANKED)
        assert all(len(seeds_of(one, name)) >= 2 for one in RANKED)


def test_a_fold_learns_from_the_others_alone() -> None:
    """The figures are means over folds, the most of what begins with most_, and no row is seen before."""
    fold = folds_of(BAD, 0, stratified=False)
    table = Table({"x": np.arange(103.0)}, {}, BAD, {}, fold)
    sizes = iter([3, 4, 9, 4, 5])

    def fit(rows, train: Table) -> frozenset[float]:
        return frozenset(train.numbers["x"])

    def score(model: frozenset[float], rows) -> np.ndarray:
        assert not model & frozenset(rows["x"])
        assert len(model) + len(rows) == 103
        return rows["x"].to_numpy() / 100

    def size(model: frozenset[float]) -> dict[str, float]:
        count = next(sizes)
        return {"most_bins": count, "bins": count}

    found = cross_validated(Peer("numpy", fit, score, size=size), table)
    assert (found["most_bins"], found["bins"]) == (9.0, 5.0)
    assert {"auc", "ks", "slope", "fold_s"} <= set(found)


def test_a_slope_that_one_fold_lacks_is_left_out() -> None:
    """A mean over the folds that have one would say another thing than it seems to."""
    table = Table({"x": np.arange(103.0)}, {}, BAD, {}, folds_of(BAD, 0, stratified=False))
    found = cross_validated(
        Peer("numpy", lambda rows, train: 0, lambda model, rows: np.zeros(len(rows))), table
    )
    assert "slope" not in found
    assert found["auc"] == 0.5


def test_differences_are_paired_by_seed() -> None:
    """Over the repeats that both have, with the interval of a paired t test."""
    ours, theirs = [0.80, 0.81, 0.79, 0.805, 0.70], [0.79, 0.805, 0.788, 0.797]
    found = difference(contest_of(HELOC, {DEFAULT: ours, ADDITIVE: theirs}), HELOC, ADDITIVE)
    by_scipy = ttest_rel(ours[:4], theirs).confidence_interval(0.95)
    assert found.mean == pytest.approx(np.mean(np.subtract(ours[:4], theirs)))
    assert (found.low, found.high) == pytest.approx((by_scipy.low, by_scipy.high))


@pytest.mark.parametrize(("name", "limit"), [(HELOC, 0.002), (TAIWAN, 0.002), (HMEQ, 0.004), (GERMAN, 0.010)])
def test_level_with_additive_boosting_is_the_upper_limit(name: str, limit: float) -> None:
    """The limit of each set decides, not the mean alone."""
    inside, outside = (
        contest_of(name, {DEFAULT: [0.8, 0.8001], ADDITIVE: [0.8 + gap, 0.8001 + gap]})
        for gap in (limit - 1e-5, limit + 1e-5)
    )
    assert goal_about(inside, name, "additive EBM").met
    assert not goal_about(outside, name, "additive EBM").met
    wide = contest_of(name, {DEFAULT: [0.8, 0.8], ADDITIVE: [0.78, 0.81]})
    assert not goal_about(wide, name, "additive EBM").met


def test_ahead_of_a_package_is_a_difference_above_nothing_that_is_not_luck() -> None:
    """A tie is not ahead, nor is a mean whose lower limit is far below 0; South German allows more."""
    tie = contest_of(HELOC, {DEFAULT: [0.8, 0.81], OPTBINNING: [0.8, 0.81]})
    ahead = contest_of(HELOC, {DEFAULT: [0.801, 0.811], OPTBINNING: [0.8, 0.81]})
    assert not goal_about(tie, HELOC, "optbinning").met
    assert goal_about(ahead, HELOC, "optbinning").met
    gaps = [0.0005, 0.0008, 0.0001, 0.004]
    luck = {DEFAULT: [0.8 + gap for gap in gaps], OPTBINNING: [0.8] * 4}
    assert difference(contest_of(HELOC, luck), HELOC, OPTBINNING).low < -0.001
    assert not goal_about(contest_of(HELOC, luck), HELOC, "optbinning").met
    assert goal_about(contest_of(GERMAN, luck), GERMAN, "optbinning").met


@pytest.mark.parametrize(
    ("name", "found", "met"), [(HELOC, 1.06, False), (GERMAN, 1.06, True), (HELOC, 0.96, True)]
)
def test_calibration_has_wider_limits_on_the_small_set(name: str, found: float, met: bool) -> None:
    """.95 to 1.05, and .85 to 1.15 on South German."""
    assert goal_about(contest_of(name, {DEFAULT: [0.8] * 3}, found), name, "slope").met is met


def test_a_card_with_a_bin_too_many_misses_its_size() -> None:
    """The most over all folds decides."""
    contest = contest_of(HELOC, {DEFAULT: [0.8] * 3})
    assert goal_about(contest, HELOC, "characteristics").met
    contest.figures[HELOC, DEFAULT.label][1001]["most_bins"] = 9
    assert not goal_about(contest, HELOC, "characteristics").met


def test_what_was_not_measured_is_missed_with_its_reason() -> None:
    """No goal is met, or left out, because a contestant failed."""
    contest = contest_of(HELOC, {DEFAULT: [0.8] * 3})
    contest.why[HELOC, OPTBINNING.label] = "failed: no such column"
    found = goal_about(contest, HELOC, "optbinning")
    assert not found.met
    assert "failed: no such column" in found.measured
    assert len(goals(Contest({HELOC: (1, 1)}), HELOC)) == len(PACKAGES) + 3
    assert not any(goal.met for goal in goals(Contest({HELOC: (1, 1)}), HELOC))


def test_a_repeat_of_ours_that_failed_misses_every_goal() -> None:
    """What is left of the repeats could be those that went well."""
    contest = contest_of(HELOC, {DEFAULT: [0.9] * 3, ADDITIVE: [0.8] * 3, OPTBINNING: [0.8] * 3})
    assert goal_about(contest, HELOC, "optbinning").met
    contest.why[HELOC, DEFAULT.label] = "failed: no solution"
    assert not any(goal.met for goal in goals(contest, HELOC))


def test_a_slope_is_not_said_where_a_repeat_lacks_it() -> None:
    """Its mean would be over other repeats than the AUC beside it."""
    contest = contest_of(HELOC, {LIGHTGBM: [0.8, 0.8]})
    del contest.figures[HELOC, LIGHTGBM.label][1000]["slope"]
    assert math.isnan(slope(contest, HELOC, LIGHTGBM).mean)


def test_the_report_says_how_many_repeats_and_what_was_reused() -> None:
    """A contestant with fewer repeats, with one, or with none is shown as such."""
    contest = contest_of(HELOC, {DEFAULT: [0.8, 0.81, 0.82], ADDITIVE: [0.8, 0.81], LIGHTGBM: [0.8]})
    contest.figures[HELOC, OPTBINNING.label] = {}
    contest.why[HELOC, OPTBINNING.label] = "over 900 s"
    about, of_set = sections(contest, Kept())
    assert "Every answer was measured in this run." in about.body
    assert "| EBM, additive | 0.8050 | +0.0000 (+0.0000 to +0.0000) |" in of_set.body
    assert "| optbinning | over 900 s |" in of_set.body
    assert "+0.0000 (one repeat)" in of_set.body
    assert "| Plainscore | 9.5 | 12 | 8 | 0.0 |" in of_set.body


def test_the_report_is_whole_without_the_sets() -> None:
    """It says that they are absent and where they are looked for."""
    (only,) = sections(None, Kept())
    assert "PLAINSCORE_PUBLIC_DATA" in only.body
    assert only.goals == ()


def test_only_repeats_that_lack_are_asked_for(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run goes on where one was interrupted, with the folds of the seeds that are lacking."""
    asked: list[str] = []

    def answer(self, task, files, limit, tell, heard) -> Answer:
        for file in files[: 2 - len(asked)]:
            seed = int(Path(file).stem)
            expected = with_folds(table, GERMAN, seed).fold
            np.testing.assert_array_equal(read_table(Path(file)).fold, expected)
            asked.append(Path(file).stem)
            heard({"version": "1"})
            heard(json.loads(json.dumps({Path(file).stem: {"auc": 0.7}})))
        return Answer({}, "", "over 900 s" if len(files) == 3 else "")

    monkeypatch.setattr(Contestant, "ask", answer)

    def run() -> Contest:
        found = measure(print, Kept(tmp_path), names=(GERMAN,), among=(OPTBINNING,), most=3)
        assert found is not None
        return found

    first = run()
    assert asked == ["1000", "1001"]
    assert first.why == {(GERMAN, OPTBINNING.label): "over 900 s"}
    asked.clear()
    second = run()
    assert asked == ["1002"]
    assert second.why == {}
    assert set(second.of(GERMAN, OPTBINNING)) == {1000, 1001, 1002}


@pytest.mark.usefixtures("table")
def test_nothing_new_is_asked_of_whom_a_run_is_closed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept of them is shown, with how many repeats are lacking; ours is asked."""
    asked: list[str] = []

    def answer(self, task, files, limit, tell, heard) -> Answer:
        asked.append(self.label)
        heard({"1000": {"auc": 0.7}})
        return Answer()

    monkeypatch.setattr(Contestant, "ask", answer)
    measure(print, Kept(tmp_path), names=(GERMAN,), among=(OPTBINNING,), most=1)
    found = measure(
        print, Kept(tmp_path, not_ours()), names=(GERMAN,), among=(DEFAULT, OPTBINNING, LIGHTGBM), most=2
    )
    assert asked == [OPTBINNING.label, DEFAULT.label]
    assert found is not None
    assert set(found.of(GERMAN, OPTBINNING)) == {1000}
    assert found.why[GERMAN, OPTBINNING.label] == "not asked for 1 more"
    assert found.why[GERMAN, LIGHTGBM.label] == "not asked for 2 more"


@pytest.mark.usefixtures("table")
def test_small_sets_and_quick_contestants_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is interrupted has whole tables of small sets, and quick contestants on the others."""
    asked: list[tuple[str, str]] = []

    def answer(one, name, *rest: object) -> tuple[dict, str]:
        asked.append((one.label, name))
        return {}, ""

    monkeypatch.setattr(_accuracy_bench, "_ask", answer)
    measure(print, Kept(), among=(PAIRS, ADDITIVE, OPTBINNING))
    quick, slow = OPTBINNING.label, ADDITIVE.label
    small = [(quick, GERMAN), (quick, HMEQ), (slow, GERMAN), (slow, HMEQ)]
    large = [(quick, HELOC), (quick, TAIWAN), (slow, HELOC), (slow, TAIWAN)]
    assert asked == [*small, *large, *((PAIRS.label, name) for name in SETS)]


@pytest.mark.public_data
def test_the_sets_have_the_columns_that_the_report_says(public_data: Path) -> None:
    """Nobody is given a protected column, and every text has its missing values as a level."""
    tables = public_tables(public_data, SETS)
    sizes = {name: (len(each), len(each.columns)) for name, each in tables.items()}
    assert sizes == {GERMAN: (1_000, 15), HMEQ: (5_960, 12), HELOC: (10_459, 23), TAIWAN: (30_000, 30)}
    names = {column for each in tables.values() for column in each.columns}
    assert not names & {"SEX", "EDUCATION", "MARRIAGE", "AGE", "ID", "age", "foreign_worker", "telephone"}
    assert not names & {"personal_status_sex", "present_residence"}
    assert {name: round(float(each.bad.mean()), 3) for name, each in tables.items()} == {
        GERMAN: 0.3,
        HMEQ: 0.199,
        HELOC: 0.522,
        TAIWAN: 0.221,
    }
    assert "(not stated)" in tables[HMEQ].texts["JOB"][1]
    for each in tables.values():
        assert all(places.min() >= 0 for places, _ in each.texts.values())
