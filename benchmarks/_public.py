"""The two public sets with folds, as files for every contestant; their data is not in the repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks._environments import ROOT
from benchmarks.peers._tables import Table, write_table

FOLDER: Final = "PLAINSCORE_PUBLIC_DATA"
FOLDS: Final = 5
HELOC: Final = "HELOC"
TAIWAN: Final = "Taiwan"
_PROTECTED: Final = ["SEX", "EDUCATION", "MARRIAGE", "AGE"]


def public_folder() -> Path | None:
    """Return the folder of public data, or None where it is absent."""
    folder = Path(os.environ.get(FOLDER, ROOT.parent / "shared" / "data"))
    return folder if folder.is_dir() else None


def public_tables(folder: Path) -> dict[str, Table]:
    """Return both sets by name."""
    return {HELOC: _heloc(folder), TAIWAN: _taiwan(folder)}


def written(tables: dict[str, Table], folder: Path) -> dict[str, Path]:
    """Write tables where every contestant can read them."""
    files = {name: folder / f"{name.lower()}.npz" for name in tables}
    for name, table in tables.items():
        write_table(files[name], table)
    return files


def _heloc(folder: Path) -> Table:
    frame = pd.read_csv(folder / "heloc.csv.gz")
    bad = (frame.pop("RiskPerformance") == "Bad").to_numpy()
    return _table(frame, bad, {str(name): [-7.0, -8.0, -9.0] for name in frame})


def _taiwan(folder: Path) -> Table:
    """Return repayment columns with ratios of bill to limit and payment to bill."""
    frame = pd.read_csv(folder / "taiwan.csv.gz").drop(columns=["ID", *_PROTECTED])
    bad = frame.pop("default.payment.next.month").to_numpy()
    for month in range(1, 7):
        frame[f"use_{month}"] = frame[f"BILL_AMT{month}"] / frame["LIMIT_BAL"]
    for month in range(1, 6):
        bill = frame[f"BILL_AMT{month + 1}"]
        frame[f"paid_{month}"] = frame[f"PAY_AMT{month}"] / bill.where(bill > 0)
    return _table(frame, bad, {})


def _table(frame: pd.DataFrame, bad: Any, codes: dict[str, list[float]]) -> Table:
    numbers = {str(name): frame[name].to_numpy(np.float64) for name in frame}
    return Table(numbers, {}, bad.astype(np.int8), codes, folds_of(len(frame)))


def folds_of(rows: int) -> Any:
    """Return the fold that each row is held out in, shuffled with seed 0."""
    from sklearn.model_selection import KFold

    fold = np.empty(rows, np.int8)
    for number, (_, test) in enumerate(KFold(FOLDS, shuffle=True, random_state=0).split(np.empty(rows))):
        fold[test] = number
    return fold
