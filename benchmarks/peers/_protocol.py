"""What every contestant is asked, and how it answers: one line of JSON for each measurement.

``python -m benchmarks.peers.NAME_peer speed FILE [VARIANT]`` times binning, fit, scores and reasons;
``... accuracy FILE [VARIANT]`` fits and scores every fold. A line ``{"begins": ...}`` comes before each
measurement, so that whoever started the process knows what was under way when its time ran out.
"""

from __future__ import annotations

import contextlib
import gc
import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.peers._measures import area_under_curve, forget_peak, kolmogorov_smirnov, peak_megabytes
from benchmarks.peers._tables import Table, read_table

MAX_BINS: Final = 8
HELD_OUT: Final = 5
"""Every fifth row is held out of the fit whose score is judged."""

REPEATS: Final = 5
ENOUGH: Final = 5.0
"""Seconds after which a measurement is not repeated again."""

WARM: Final = 2_000
SINGLES: Final = 300
REASONED: Final = 100_000
"""Most rows that reasons are asked for."""

Work = Callable[[], object]


@dataclass(frozen=True)
class Peer:
    """One way to a score.

    Attributes
    ----------
    package : str
        The distribution whose version is reported.
    fit : callable
        From the `rows` of a table and the table to a fitted model.
    score : callable
        From a model and `rows` to scores, higher for safer.
    rows : callable
        From a table to what the others take: what a user has in hand, so it is made once, untimed.
    singles : callable
        From a table to its rows, each as `one` takes it; untimed.
    one : callable, optional
        From a model and one row to its score; `score` where there is none.
    bin : callable, optional
        From `rows` and their table to binned columns, without any fit.
    reasons : callable, optional
        From a model and `rows` to the four strongest reasons of every row.
    more : callable, optional
        From a model and a table to further work, by name, to be timed on all rows.
    """

    package: str
    fit: Callable[[Any, Table], Any]
    score: Callable[[Any, Any], Any]
    rows: Callable[[Table], Any] = Table.frame
    singles: Callable[[Table], list[Any]] | None = None
    one: Callable[[Any, Any], object] | None = None
    bin: Callable[[Any, Table], object] | None = None
    reasons: Callable[[Any, Any], object] | None = None
    more: Callable[[Any, Table], Mapping[str, Work]] = field(default=lambda model, table: {})


def run(variants: Mapping[str, Peer]) -> None:
    """Do what the command line asks of one variant, by default the first."""
    warnings.simplefilter("ignore")  # a peer's deprecations are not what is measured
    task, file, *named = sys.argv[1:]
    peer = variants[named[0] if named else next(iter(variants))]
    _tell({"version": metadata.version(peer.package)})
    {"speed": _speed, "accuracy": _accuracy}[task](peer, read_table(Path(file)))


def _speed(peer: Peer, table: Table) -> None:
    _warm_up(peer, table)
    rows = peer.rows(table)
    forget_peak()
    _tell({"loaded_mb": peak_megabytes()})
    if peer.bin is not None:
        bin_ = peer.bin
        _measured("bin", lambda: bin_(rows, table))
    fitted: list[Any] = []

    def fit() -> None:
        fitted[:] = [peer.fit(rows, table)]

    _measured("fit", fit)
    _tell({"peak_mb": peak_megabytes()})
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
    _tell({"begins": "warm-up"})
    with _silent():
        if peer.bin is not None:
            peer.bin(rows, few)
        peer.score(peer.fit(rows, few), rows)


def _ranked(peer: Peer, table: Table) -> None:
    train, held_out = _parted(table)
    _tell({"begins": "held out"})
    with _silent():
        safety = peer.score(peer.fit(peer.rows(train), train), peer.rows(held_out))
    _tell({"auc": area_under_curve(held_out.bad, safety)})


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
    _tell({"begins": "one"})
    taken: list[float] = []
    with _silent():
        one(model, rows[0])
        began = time.perf_counter()
        for row in rows:
            start = time.perf_counter()
            one(model, row)
            taken.append(time.perf_counter() - start)
            if time.perf_counter() - began > ENOUGH:
                break
    _tell({"one": statistics.median(taken), "one_p95": sorted(taken)[len(taken) * 95 // 100]})


def _measured(name: str, work: Work, *, rows: int = 0) -> None:
    """Time work a few times, or once where that takes long."""
    _tell({"begins": name})
    taken: list[float] = []
    with _silent():
        while not taken or (len(taken) < REPEATS and sum(taken) < ENOUGH):
            gc.collect(0)
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    _tell({name: statistics.median(taken), f"{name}_repeats": len(taken)})
    if rows:
        _tell({f"{name}_rows": rows / statistics.median(taken)})


def _accuracy(peer: Peer, table: Table) -> None:
    folds = sorted(set(table.fold.tolist()))
    found = []
    began = time.perf_counter()
    _tell({"begins": "accuracy"})
    for fold in folds:
        train, test = table.take(table.fold != fold), table.take(table.fold == fold)
        with _silent():
            safety = peer.score(peer.fit(peer.rows(train), train), peer.rows(test))
        found.append((area_under_curve(test.bad, safety), kolmogorov_smirnov(test.bad, safety)))
    auc, ks = np.mean(found, axis=0)
    seconds = (time.perf_counter() - began) / len(folds)
    _tell({"auc": float(auc), "ks": float(ks), "aucs": [each for each, _ in found], "fold_s": seconds})


def _silent() -> contextlib.AbstractContextManager[object]:
    # Some peers print their progress; standard output here is for figures alone.
    return contextlib.redirect_stdout(sys.stderr)


def _tell(figures: Mapping[str, object]) -> None:
    print(json.dumps(figures), flush=True)
