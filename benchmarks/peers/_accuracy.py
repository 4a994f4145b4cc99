"""Cross-validation of one contestant: how well it ranks, and how true its log odds are."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers._measures import area_under_curve, calibration_slope, kolmogorov_smirnov
from benchmarks.peers._peer import Peer, silent, tell
from benchmarks.peers._tables import Table, read_table


def accuracy(peer: Peer, files: list[str]) -> None:
    """Fit and score every fold of every file; tell one line of figures a file, under the file's name."""
    for file in map(Path, files):
        tell({"begins": file.stem})
        tell({file.stem: cross_validated(peer, read_table(file))})


def cross_validated(peer: Peer, table: Table) -> dict[str, float]:
    """Return the means over the folds of a table; of what begins with ``most_``, the most.

    ``auc`` and ``ks`` of the score, ``slope`` of the outcome on the log odds (absent where it has none),
    ``fold_s`` seconds to fit and score, and what `Peer.size` counts.
    """
    found = [_one_fold(peer, table, table.fold == fold) for fold in sorted(set(table.fold.tolist()))]
    return {name: _over(name, [each[name] for each in found]) for name in found[0] if _in_all(name, found)}


def _over(name: str, values: list[float]) -> float:
    return float(np.max(values) if name.startswith("most_") else np.mean(values))


def _in_all(name: str, found: list[dict[str, float]]) -> bool:
    return all(np.isfinite(each.get(name, np.nan)) for each in found)


def _one_fold(peer: Peer, table: Table, held_out: Any) -> dict[str, float]:
    train, test = table.take(~held_out), table.take(held_out)
    rows, cases = peer.rows(train), peer.rows(test)
    with silent():
        start = time.perf_counter()
        model = peer.fit(rows, train)
        safety = peer.score(model, cases)
        seconds = time.perf_counter() - start
        log_odds = safety if peer.log_odds is None else peer.log_odds(model, cases)
        size: Mapping[str, float] = {} if peer.size is None else peer.size(model)
    return {
        "auc": area_under_curve(test.bad, safety),
        "ks": kolmogorov_smirnov(test.bad, safety),
        "slope": calibration_slope(test.bad, log_odds),
        "fold_s": seconds,
        **size,
    }
