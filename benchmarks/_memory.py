"""Peak memory of each contestant, in a process of its own: ``python -m benchmarks._memory NAME FOLDER``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.peers._measures import peak_megabytes as own_peak

TABLES_ONLY: Final = "tables"
"""The process that reads the ledger and does nothing with it: what all contestants start from."""


def peak_megabytes(name: str, folder: Path) -> float:
    """Return the peak resident memory of a new process that prepares a ledger and derives the batch."""
    command = [sys.executable, "-m", "benchmarks._memory", name, str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[1]
    )
    return float(done.stdout)


def _run(name: str, folder: Path) -> None:
    from benchmarks._cases import batch_cases
    from benchmarks._contestants import CONTESTANTS
    from benchmarks._ledgers import read_ledger

    ledger = read_ledger(folder)
    cases = batch_cases(ledger.table("holders"))
    if name != TABLES_ONLY:
        contestant = CONTESTANTS[name]
        contestant.derive(contestant.prepare(ledger), cases)


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]))
    print(own_peak())
