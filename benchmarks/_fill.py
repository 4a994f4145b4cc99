"""Measure what is not ours alone, and keep the answers: it takes hours and seldom changes."""

from __future__ import annotations

from pathlib import Path

from benchmarks import _accuracy_bench, _honesty_bench
from benchmarks._engine_contestants import RANKED
from benchmarks._honesty_trials import SIGNALS
from benchmarks._kept import Kept
from benchmarks._timing import Tell


def fill(folder: Path, tell: Tell) -> None:
    """Ask every contestant but ours what `folder` does not hold yet; may be interrupted and begun again."""
    others = [one for one in RANKED if not one.is_ours]
    kept = Kept(folder)
    _accuracy_bench.measure(tell, kept, among=others)
    sizes = [each.rows for each in _honesty_bench.QUESTIONS if each.name == SIGNALS]
    _honesty_bench.ask_peers(_honesty_bench.Found(), tell, kept, sizes, _honesty_bench.SEEDS)


def not_ours() -> frozenset[str]:
    """Return what the kept answers of everyone but us are called."""
    public = (one.label for one in RANKED if not one.is_ours)
    return frozenset([*public, *map(_honesty_bench.peer_label, _honesty_bench.BESIDE)])
