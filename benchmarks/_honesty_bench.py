"""Honesty of the engine: many seeds of made-up worlds whose truth is known, two at a time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks import _honesty_trials
from benchmarks._digests import digest_of, digest_of_asking
from benchmarks._engine_contestants import OPTBINNING, TOAD, Contestant
from benchmarks._honesty_trials import LEVELS, NOISE, PROXIES, SIGNALS, SNAPSHOTS, WEAK, Question, try_one
from benchmarks._kept import Kept
from benchmarks._timing import Tell
from benchmarks.peers import _measures, _worlds

SEEDS: Final = tuple(range(200))
QUICK_SEEDS: Final = tuple(range(4))
WORKERS: Final = 2
LIMIT: Final = 300.0
"""Seconds that a peer may take for one world."""

QUESTIONS: Final = (
    Question(WEAK),
    Question(NOISE, 1_000),
    Question(SIGNALS, 1_000),
    Question(NOISE, 4_000),
    Question(SIGNALS, 3_000),
    Question(SNAPSHOTS),
    Question(LEVELS),
    Question(PROXIES),
    Question(SIGNALS, 10_000),
    Question(NOISE, 20_000),
)
"""Every question, the quickest first."""

QUICK: Final = (Question(WEAK), Question(NOISE, 1_000), Question(SIGNALS, 1_000))
BESIDE: Final = (OPTBINNING, TOAD)
"""Whose AUC on fresh rows stands beside ours."""

Figures = dict[str, Any]


@dataclass(slots=True)
class Found:
    """What the trials showed.

    Attributes
    ----------
    ours : dict of Question to {seed: figures}
        Of the engine.
    peers : dict of (str, int) to {seed: AUC on fresh rows}
        By label and rows, in the worlds of signals and noise.
    why : dict of (str, int) to str
        By the same, why seeds are lacking.
    """

    ours: dict[Question, dict[int, Figures]] = field(default_factory=dict)
    peers: dict[tuple[str, int], dict[int, float]] = field(default_factory=dict)
    why: dict[tuple[str, int], str] = field(default_factory=dict)


def measure(tell: Tell, kept: Kept, questions: Sequence[Question], seeds: Sequence[int]) -> Found:
    """Ask every question with every seed that `kept` lacks, and the peers where they are compared."""
    found = Found()
    ask_peers(found, tell, kept, [each.rows for each in questions if each.name == SIGNALS], seeds)
    digest = digest_of_asking(*(_file(each) for each in (_honesty_trials, _worlds, _measures)))
    for question in questions:
        found.ours[question] = {
            seed: figures
            for seed in seeds
            if (figures := kept.find(question.label, str(seed), digest)) is not None
        }
    lacking = [
        (question, seed) for question in questions for seed in seeds if seed not in found.ours[question]
    ]

    def heard(question: Question, seed: int, figures: Figures) -> None:
        found.ours[question][seed] = figures
        kept.keep(question.label, str(seed), digest, figures)

    if lacking:
        _in_pool(lacking, heard, tell)
    return found


def _in_pool(
    asked: Sequence[tuple[Question, int]], heard: Callable[[Question, int, Figures], None], tell: Tell
) -> None:
    """Run trials in processes of their own and hand on each as it is done; the first failure ends them."""
    # Spawned, not forked: a process with threads (progress, compiled code) cannot be copied safely.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context, initializer=one_thread) as pool:
        works = {pool.submit(try_one, *each): each for each in asked}
        try:
            for done, work in enumerate(as_completed(works), 1):
                question, seed = works[work]
                tell(f"{question.label}, {done:,} of {len(works):,}")
                try:
                    figures = work.result()
                except Exception as error:
                    error.add_note(f"In the trial {question.label!r} with seed {seed}.")
                    raise
                heard(question, seed, figures)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def one_thread() -> None:
    """Keep a worker to one thread: there are as many workers as processors."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)


def ask_peers(found: Found, tell: Tell, kept: Kept, sizes: Sequence[int], seeds: Sequence[int]) -> None:
    """Measure the peers' AUC on fresh rows, where they are installed and the answer is not kept."""
    for rows in sizes:
        for one in BESIDE:
            found.peers[one.label, rows], found.why[one.label, rows] = _ask(one, rows, seeds, tell, kept)


def _ask(
    one: Contestant, rows: int, seeds: Sequence[int], tell: Tell, kept: Kept
) -> tuple[dict[int, float], str]:
    who, digest = peer_label(one), digest_of(one, "fresh")
    before = {seed: kept.find(who, f"{rows}:{seed}", digest) for seed in seeds}
    aucs = {seed: float(figures["auc"]) for seed, figures in before.items() if figures is not None}
    lacking = [f"{rows}:{seed}" for seed in seeds if seed not in aucs]
    if not lacking:
        return aucs, ""
    if who in kept.closed:
        return aucs, f"not asked for {len(lacking)} more"

    def heard(figures: Figures) -> None:
        for asked, answer in figures.items():
            if asked != "version":
                aucs[int(asked.partition(":")[2])] = answer["auc"]
                kept.keep(who, asked, digest, answer)

    return aucs, one.ask("fresh", lacking, LIMIT, tell, heard).why


def peer_label(one: Contestant) -> str:
    """Return what the kept answers of a peer on made-up worlds are called."""
    return f"{one.label} on made-up worlds"


def _file(module: Any) -> Path:
    return Path(module.__file__)
