"""Simulated ledgers of about one and eight million statements, kept in the system's temporary folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Final

import pyarrow as pa

from plainscore.ledger import TABLES, MemoryLedger, ParquetLedger
from plainscore.simulate import write_simulation

END: Final = date(2025, 12, 31)
MONTHS: Final = 120
"""Ten years, so that the seven-year limit on late months has something to leave out."""

SEED: Final = 20251231


@dataclass(frozen=True, slots=True)
class Size:
    """One ledger of the benchmark.

    Attributes
    ----------
    name : str
        What the report calls it.
    people : int
        Number of subjects.
    """

    name: str
    people: int


TINY: Final = Size("tiny", 300)
SMALL: Final = Size("1 million statements", 5_300)
LARGE: Final = Size("8 million statements", 43_000)


def ledger_folder(size: Size, progress: Callable[[int, int], None] | None = None) -> Path:
    """Return the folder of Parquet files of a ledger, simulated on first use."""
    folder = Path(tempfile.gettempdir()) / f"plainscore-benchmarks-{_key(size)}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(prefix="plainscore-benchmarks-", dir=folder.parent) as scratch:
            made = Path(scratch) / "ledger"
            write_simulation(made, people=size.people, months=MONTHS, seed=SEED, end=END, progress=progress)
            # Renamed when whole, so that an interrupted run leaves no half ledger to measure.
            os.rename(made, folder)
    return folder


def read_ledger(folder: Path) -> MemoryLedger:
    """Return a ledger with every table in memory, so that no timing holds a file read."""
    stored = ParquetLedger(folder)
    return MemoryLedger({name: stored.table(name) for name in TABLES})


def corrected_share(statements: pa.Table) -> float:
    """Return the share of statements that correct an earlier version of their month."""
    months: int = statements.group_by(["account_id", "month"]).aggregate([]).num_rows
    return 1 - months / len(statements)


def _key(size: Size) -> str:
    """Return a name that changes with the settings and with the simulation's own code."""
    digest = hashlib.sha256(f"{size.people} {MONTHS} {SEED} {END}".encode())
    sources = resources.files("plainscore.simulate")
    for file in sorted(sources.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
