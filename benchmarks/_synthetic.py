"""Made-up applicants: twenty numbers with gaps and a special code, four columns of text."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.peers._tables import Table, write_table

SEED: Final = 20261124
NUMBERS: Final = 20
MISSING: Final = 0.10
CODED: Final = 0.04
CODE: Final = -9.0
LEVELS: Final = (5, 9, 14, 30)
BLOCK: Final = 1_000_000
"""Rows drawn at a time, each block with a generator of its own, so that more rows begin with the fewer."""


def made_up(rows: int) -> Table:
    """Return a table whose first rows are the same whatever their number."""
    blocks = [_block(number, min(BLOCK, rows - start)) for number, start in enumerate(range(0, rows, BLOCK))]
    numbers = {f"n{at:02}": np.concatenate([block[0][at] for block in blocks]) for at in range(NUMBERS)}
    texts = {
        f"t{at}": (np.concatenate([block[1][at] for block in blocks]), _names(at, count))
        for at, count in enumerate(LEVELS)
    }
    bad = np.concatenate([block[2] for block in blocks])
    return Table(numbers, texts, bad, {name: [CODE] for name in numbers}, np.empty(0, np.int8))


def _names(column: int, count: int) -> list[str]:
    return [f"level {column}-{number:02}" for number in range(count)]


def _block(number: int, rows: int) -> tuple[list[Any], list[Any], Any]:
    """Draw a block; its columns share a factor, and each moves the log odds in one of four shapes."""
    # One stream a column, so that fewer rows are the beginning of more rows.
    streams = [np.random.default_rng([SEED, number, at]) for at in range(NUMBERS + len(LEVELS) + 2)]
    common = streams[-1].standard_normal(rows)
    odds = np.full(rows, -1.9)
    numbers, texts = [], []
    for at in range(NUMBERS):
        drawn = streams[at].standard_normal((rows, 3))
        hidden = 0.5 * common + 0.87 * drawn[:, 0]
        odds += _effect(at, hidden)
        numbers.append(_with_gaps(_visible(at, hidden), drawn[:, 1], drawn[:, 2]))
    for at, count in enumerate(LEVELS):
        drawn = streams[NUMBERS + at].standard_normal(rows)
        place = np.clip(np.floor((drawn + 2.5) / 5 * count), 0, count - 1)
        odds += 0.25 * np.sin(place * (at + 1.7))
        texts.append(place.astype(np.int8))
    bad = streams[-2].random(rows) < 1 / (1 + np.exp(-odds))
    return numbers, texts, bad.astype(np.int8)


def _effect(at: int, hidden: Any) -> Any:
    """Return what a column adds to the log odds: a slope, a threshold, a valley or next to nothing."""
    strength = 0.08 + 0.015 * at
    shapes = (hidden, np.tanh(2 * hidden - 1), hidden**2 / 2 - 0.5, 0.1 * hidden)
    return strength * shapes[at % 4]


def _visible(at: int, hidden: Any) -> Any:
    """Return the column as recorded: an amount, a share, a count or a measurement."""
    kind = at % 5
    if kind == 0:
        return np.round(np.exp(7 + hidden), 2)
    if kind == 1:
        return np.round(1 / (1 + np.exp(-1.5 * hidden)), 4)
    if kind == 2:
        return np.floor(np.exp(1 + 0.8 * hidden))
    return hidden * 10 + 40 if kind == 3 else np.floor(np.maximum(hidden * 4 + 12, 0))


def _with_gaps(values: Any, gap: Any, code: Any) -> Any:
    values = values.astype(np.float64)
    values[code < _QUANTILE_CODED] = CODE
    values[gap < _QUANTILE_MISSING] = np.nan
    return values


# Quantiles of the standard normal distribution at the two shares.
_QUANTILE_MISSING: Final = -1.2815515655446004
_QUANTILE_CODED: Final = -1.7506860712521692


def made_up_file(rows: int) -> Path:
    """Return the file of a table, made on first use and kept in the system's temporary folder."""
    digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    file = Path(tempfile.gettempdir()) / f"plainscore-benchmarks-{rows}-{digest}.npz"
    if not file.is_file():
        with tempfile.TemporaryDirectory(prefix="plainscore-benchmarks-", dir=file.parent) as scratch:
            part = Path(scratch) / "table.npz"
            write_table(part, made_up(rows))
            # Renamed when whole, so that an interrupted run leaves no half table to measure.
            os.rename(part, file)
    return file
