"""Limits of honesty are counted and judged as they are written."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from benchmarks._engine_contestants import OPTBINNING, RANKED, TOAD
from benchmarks._honesty_bench import QUESTIONS, QUICK, SEEDS, Found, measure, peer_label
from benchmarks._honesty_text import goals, section
from benchmarks._honesty_trials import (
    LEVELS,
    NOISE,
    PROXIES,
    SIGNALS,
    SNAPSHOTS,
    TRIALS,
    WEAK,
    Question,
    fitted,
    quoted,
    try_one,
)
from benchmarks._intervals import interval_of_share
from benchmarks._kept import Kept
from benchmarks._report import Goal
from benchmarks.peers import _fresh
from benchmarks.peers import _worlds as worlds
from benchmarks.peers._peer import Peer
from scipy.stats import binomtest

from benchmarks import _fill, _honesty_bench, _honesty_trials
from plainscore.scorecard import ConstraintError


def quiet(text: str) -> None:
    """Show no progress."""


def found_of(question: Question, seeds: list[dict]) -> Found:
    """Give findings on one question."""
    return Found({question: dict(enumerate(seeds))})


def goals_of(question: Question, seeds: list[dict]) -> dict[str, Goal]:
    """Give the goals by what they say first."""
    return {goal.says.partition(":")[0]: goal for goal in goals(found_of(question, seeds))}


def test_two_hundred_seeds_of_every_question_are_asked() -> None:
    """Noise at three sizes and by person, signals at three, levels, proxies and a weak signal."""
    assert len(SEEDS) == 200
    asked = {(each.name, each.rows) for each in QUESTIONS}
    assert asked == {
        *((NOISE, rows) for rows in (1_000, 4_000, 20_000)),
        *((SIGNALS, rows) for rows in (1_000, 3_000, 10_000)),
        *((name, 0) for name in (SNAPSHOTS, LEVELS, PROXIES, WEAK)),
    }
    assert set(QUICK) <= set(QUESTIONS)
    assert {each.name for each in QUESTIONS} == set(TRIALS)


@pytest.mark.parametrize("count", [0, 3, 16, 199, 200])
def test_intervals_of_shares_are_exact(count: int) -> None:
    """As scipy's exact binomial interval."""
    found, wanted = interval_of_share(count, 200), binomtest(count, 200).proportion_ci(0.95, "exact")
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high))


@pytest.mark.parametrize(("issued", "met"), [(16, True), (17, False)])
def test_sixteen_noise_cards_of_two_hundred_are_the_most(issued: int, met: bool) -> None:
    """One more is missed, of rows and of snapshots alike."""
    seeds = [{"issued": at < issued} for at in range(200)]
    for question in (Question(NOISE, 1_000), Question(SNAPSHOTS)):
        goal = goals_of(question, seeds)["cards on noise"]
        assert (goal.goal, goal.measured, goal.met) == ("16 of 200", str(issued), met)


@pytest.mark.parametrize(("built", "met"), [(180, True), (179, False)])
def test_nine_weak_signals_of_ten_become_a_card(built: int, met: bool) -> None:
    """180 of 200 are the least."""
    seeds = [{"issued": at < built} for at in range(200)]
    assert goals_of(Question(WEAK), seeds)["weak signals that become a card"].met is met


def signal(noise: int, quoted: float, *, issued: bool = True) -> dict:
    """Give the figures of one seed of signals and noise."""
    found = {"issued": issued, "noise": noise, "signals": 5, "true": 0.79}
    return found | ({"quoted": quoted, "fresh": 0.77} if issued else {})


@pytest.mark.parametrize(("rows", "off"), [(1_000, 0.010), (3_000, 0.005), (10_000, 0.003)])
def test_what_is_quoted_may_be_off_either_way_within_its_limit(rows: int, off: float) -> None:
    """The mean over seeds decides, above as below; a refused seed has none to quote."""
    question, label = Question(SIGNALS, rows), "quoted AUC off fresh rows"
    for sign in (1, -1):
        inside = [signal(1, 0.77 + sign * (off - 1e-4)), signal(0, 0.0, issued=False)]
        outside = [signal(1, 0.77 + sign * (off + 1e-4))] * 2
        assert goals_of(question, inside)[label].met
        assert not goals_of(question, outside)[label].met
    around = [signal(1, 0.77 + 3 * off), signal(1, 0.77 - 3 * off)]
    assert goals_of(question, around)[label].met


def test_an_engine_that_refuses_everything_does_not_quote_honestly() -> None:
    """Without a card there is nothing to compare, which is missed."""
    seeds = [signal(0, 0.0, issued=False)] * 3
    found = goals_of(Question(SIGNALS, 1_000), seeds)
    assert not found["quoted AUC off fresh rows"].met


def test_noise_that_stays_is_a_mean_over_all_seeds() -> None:
    """1.15 of 20 is the most."""
    question, label = Question(SIGNALS, 1_000), "noise that stays, of 20"
    seeds = [signal(noise, 0.77) for noise in [1] * 17 + [2] * 3]
    assert goals_of(question, seeds)[label].met
    assert not goals_of(question, [*seeds[:-1], signal(3, 0.77)])[label].met


def test_the_section_shows_counts_intervals_and_peers() -> None:
    """Every question asked has its figures, and a peer that lacks seeds says so."""
    ours = {
        Question(NOISE, 1_000): {0: {"issued": True}, 1: {"issued": False}},
        Question(SIGNALS, 1_000): {0: signal(1, 0.78), 1: signal(0, 0.0, issued=False), 2: signal(2, 0.77)},
        Question(LEVELS): {0: {"issued": True, "kept": True}},
        Question(PROXIES): {0: {"issued": True, "kept": 2, "real": True}},
        Question(WEAK): {0: {"issued": True}},
    }
    peers = {(OPTBINNING.label, 1_000): {0: 0.70, 1: 0.1, 2: 0.72}, (TOAD.label, 1_000): {0: 0.65}}
    body = section(Found(ours, peers, {(TOAD.label, 1_000): "over 300 s"}), Kept()).body
    assert "| noise, 1,000 rows | 1 of 2 | 50.0% (1.3% to 98.7%) |" in body
    assert "| 0.7700 | 0.7100 | 0.6500 (1 of 2 seeds: over 300 s) | 0.7900 |" in body
    assert "| random levels stay | 1 of 1 |" in body
    assert "| proxies that stay, of 4 (se) | 2.00 |" in body


def test_a_refusal_is_no_card_and_any_other_error_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the engine's own refusal counts as honest; a fault must not pass for it."""

    class Refuses:
        def fit(self, *arguments: object, **named: object) -> None:
            raise ConstraintError("No characteristic tells good from bad.")

    class Fails:
        def fit(self, *arguments: object, **named: object) -> None:
            raise ZeroDivisionError

    monkeypatch.setattr(_honesty_trials, "Scorecard", Refuses)
    assert fitted(worlds.weak(0)) is None
    assert try_one(Question(NOISE, 100), 0) == {"issued": False}
    monkeypatch.setattr(_honesty_trials, "Scorecard", Fails)
    with pytest.raises(ZeroDivisionError):
        fitted(worlds.weak(0))


def test_people_are_named_to_an_engine_that_takes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots are fitted with groups; other worlds have none to name."""
    named: list[dict] = []

    class Engine:
        def fit(self, frame: object, bad: object, **more: object) -> None:
            named.append(more)
            raise ConstraintError("no")

    monkeypatch.setattr(_honesty_trials, "Scorecard", Engine)
    monkeypatch.setattr(_honesty_trials, "_KNOWS_GROUPS", True)
    fitted(worlds.snapshots(0))
    fitted(worlds.weak(0))
    assert list(named[0]) == ["groups"]
    np.testing.assert_array_equal(named[0]["groups"], worlds.snapshots(0).groups)
    assert named[1] == {}


def test_an_engine_that_estimates_is_held_to_its_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none was made although it could be, the path does not stand in for it."""
    path = [{"auc": 0.8, "chosen": True}]
    monkeypatch.setattr(_honesty_trials, "_KNOWS_ESTIMATE", True)
    assert quoted(SimpleNamespace(log_={"estimate": {"auc": 0.7}, "path": path})) == 0.7
    with pytest.raises(TypeError):
        quoted(SimpleNamespace(log_={"estimate": None, "path": path}))


def test_only_seeds_that_lack_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run goes on where one was interrupted."""
    tried: list[int] = []

    def in_turn(asked, heard, tell) -> None:
        for question, seed in asked:
            tried.append(seed)
            heard(question, seed, {"issued": False})

    monkeypatch.setattr(_honesty_bench, "_in_pool", in_turn)
    questions = (Question(WEAK),)
    measure(quiet, Kept(tmp_path), questions, (0, 1))
    found = measure(quiet, Kept(tmp_path), questions, (0, 1, 2))
    assert tried == [0, 1, 2]
    assert set(found.ours[Question(WEAK)]) == {0, 1, 2}


def test_a_peer_is_asked_for_the_worlds_that_ours_is_fitted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows and the same fresh rows, by rows and seed."""
    seen: list[np.ndarray] = []
    told: list[dict] = []

    def fit(rows, table):
        seen.append(table.bad)
        return next(iter(table.numbers))

    monkeypatch.setattr(_fresh, "tell", told.append)
    _fresh.fresh(Peer("numpy", fit, lambda model, rows: rows[model]), ["300:7"])
    np.testing.assert_array_equal(seen[0], worlds.signals(300, 7).bad)
    assert told[0] == {"begins": "300:7"}
    assert 0 < told[1]["300:7"]["auc"] < 1


def test_a_run_of_ours_takes_peers_as_they_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that is closed is not asked, and the section says what is lacking."""
    monkeypatch.setattr(_honesty_bench, "_in_pool", lambda asked, heard, tell: None)
    found = measure(quiet, Kept(tmp_path, _fill.not_ours()), [Question(SIGNALS, 1_000)], (0, 1))
    assert found.peers[TOAD.label, 1_000] == {}
    assert found.why[TOAD.label, 1_000] == "not asked for 2 more"


def test_filling_asks_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what does not change with the engine is measured ahead, on every set and world."""
    asked: list[tuple[str, bool]] = []

    def public(tell, kept, among) -> None:
        asked.extend((one.label, one.is_ours) for one in among)

    def made_up(found, tell, kept, sizes, seeds) -> None:
        assert (sizes, seeds) == ([1_000, 3_000, 10_000], SEEDS)

    monkeypatch.setattr(_fill._accuracy_bench, "measure", public)
    monkeypatch.setattr(_fill._honesty_bench, "ask_peers", made_up)
    _fill.fill(tmp_path, quiet)
    assert len(asked) == len(RANKED) - 3
    assert not any(ours for _, ours in asked)


def test_kept_answers_of_peers_do_not_mix_with_those_on_public_sets() -> None:
    """A contestant's answers on made-up worlds have a name of their own."""
    assert peer_label(TOAD) != TOAD.label


@pytest.mark.slow
def test_a_trial_that_fails_ends_the_run_and_is_named() -> None:
    """A fault in a worker is not swallowed: the question and the seed are said."""
    with pytest.raises(KeyError, match="no such world") as caught:
        measure(quiet, Kept(), [Question("no such world")], (3,))
    assert "'honesty, no such world' with seed 3" in "".join(caught.value.__notes__)


@pytest.mark.slow
def test_trials_run_two_at_a_time_have_the_figures_of_one_alone() -> None:
    """What a process of its own finds is what this one finds."""
    found = measure(quiet, Kept(), [Question(WEAK)], (0, 1))
    assert found.ours[Question(WEAK)] == {seed: try_one(Question(WEAK), seed) for seed in (0, 1)}


@pytest.mark.slow
@pytest.mark.parametrize(
    "question", [Question(WEAK), Question(NOISE, 1_000), Question(SIGNALS, 1_000)], ids=str
)
def test_the_engine_answers_a_question(question: Question) -> None:
    """A trial of the engine itself has the figures that the report asks for."""
    found = try_one(question, 0)
    assert isinstance(found["issued"], bool)
    assert goals(found_of(question, [found]))
