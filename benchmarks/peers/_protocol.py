"""What every contestant is asked, and how it answers: one line of JSON for each measurement.

``python -m benchmarks.peers.NAME_peer speed VARIANT FILE`` times binning, fit, scores and reasons;
``... accuracy VARIANT FILE...`` fits and scores every fold of every file; ``... fresh VARIANT ROWS:SEED...``
fits made-up worlds and scores rows that are new. A line ``{"begins": ...}`` comes before each
measurement, so that whoever started the process knows what was under way when its time ran out.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
import warnings
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.peers._accuracy import accuracy
from benchmarks.peers._fresh import fresh
from benchmarks.peers._measures import area_under_curve, forget_peak, peak_megabytes
from benchmarks.peers._peer import Peer, Work, silent, tell
from benchmarks.peers._tables import Table, read_table

HELD_OUT: Final = 5
"""Every fifth row is held out of the fit whose score is judged."""

REPEATS: Final = 5
ENOUGH: Final = 5.0
"""Seconds after which a measurement is not repeated again."""

WARM: Final = 2_000
SINGLES: Final = 300
REASONED: Final = 100_000
"""Most rows that reasons are asked for."""


def run(variants: Mapping[str, Peer]) -> None:
    """Do what the command line asks of one variant."""
    warnings.simplefilter("ignore")  # a peer's deprecations are not what is measured
    task, variant, *arguments = sys.argv[1:]
    peer = variants[variant]
    tell({"version": metadata.version(peer.package)})
    {"speed": _speed, "accuracy": accuracy, "fresh": fresh}[task](peer, arguments)


def _speed(peer: Peer, files: list[str]) -> None:
    table = read_table(Path(files[0]))
    _warm_up(peer, table)
    rows = peer.rows(table)
    forget_peak()
    tell({"loaded_mb": peak_megabytes()})
    if peer.bin is not None:
        bin_ = peer.bin
        _measured("bin", lambda: bin_(rows, table))
    fitted: list[Any] = []

    def fit() -> None:
        fitted[:] = [peer.fit(rows, table)]

    _measured("fit", fit)
    tell({"peak_mb": peak_megabytes()})
    _scored(peer, fitted[0], rows, table)
    _ranked(peer, table)


def _parted(table: Table) -> tuple[Table, Table]:
    """Return at most 100,000 rows to fit and as many to judge on, apart from each other."""
    part = table.take(slice(0, 125_000))
    out = np.arange(len(part)) % HELD_OUT == 0
    return part.take(~out), part.take(out)


def _warm_up(peer: Peer, table: Table) -> None:
    """Fit and score a few rows: first calls compile, import and allocate."""
    few = table.take(slice(0, WARM))
    rows = peer.rows(few)
    tell({"begins": "warm-up"})
    with silent():
        if peer.bin is not None:
            peer.bin(rows, few)
        peer.score(peer.fit(rows, few), rows)


def _ranked(peer: Peer, table: Table) -> None:
    train, held_out = _parted(table)
    tell({"begins": "held out"})
    with silent():
        safety = peer.score(peer.fit(peer.rows(train), train), peer.rows(held_out))
    tell({"auc": area_under_curve(held_out.bad, safety)})


def _scored(peer: Peer, model: Any, everyone: Any, table: Table) -> None:
    first = table.take(slice(0, SINGLES))
    rows = [peer.rows(first.take(slice(at, at + 1))) for at in range(len(first))]
    if peer.singles is not None:
        rows = peer.singles(first)
    _one_by_one(peer, model, rows)
    if peer.reasons is not None:
        few = table.take(slice(0, REASONED))
        reasons, cases = peer.reasons, peer.rows(few)
        _measured("reasons", lambda: reasons(model, cases), rows=len(few))
    _measured("batch", lambda: peer.score(model, everyone), rows=len(table))
    for name, work in peer.more(model, table).items():
        _measured(name, work, rows=len(table))


def _one_by_one(peer: Peer, model: Any, rows: list[Any]) -> None:
    one = peer.one or peer.score
    tell({"begins": "one"})
    taken: list[float] = []
    with silent():
        one(model, rows[0])
        began = time.perf_counter()
        for row in rows:
            start = time.perf_counter()
            one(model, row)
            taken.append(time.perf_counter() - start)
            if time.perf_counter() - began > ENOUGH:
                break
    tell({"one": statistics.median(taken), "one_p95": sorted(taken)[len(taken) * 95 // 100]})


def _measured(name: str, work: Work, *, rows: int = 0) -> None:
    """Time work a few times, or once where that takes long."""
    tell({"begins": name})
    taken: list[float] = []
    with silent():
        while not taken or (len(taken) < REPEATS and sum(taken) < ENOUGH):
            gc.collect(0)
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    tell({name: statistics.median(taken), f"{name}_repeats": len(taken)})
    if rows:
        tell({f"{name}_rows": rows / statistics.median(taken)})
