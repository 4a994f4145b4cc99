"""The four public sets as every contestant takes them; their data is not in the repository.

Columns that nobody may use, or that a person is protected in, are left out for everybody. Numbers stay
numbers, and a code of a number that is a state is named as such. Where a set is coded, its code table
decides: a code whose order means something is a number, any other is a text.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks._environments import ROOT
from benchmarks.peers._tables import Table

FOLDER: Final = "PLAINSCORE_PUBLIC_DATA"
HELOC: Final = "HELOC"
TAIWAN: Final = "Taiwan"
GERMAN: Final = "South German"
HMEQ: Final = "HMEQ"
NOT_STATED: Final = "(not stated)"
"""The level of a text that is missing, the same for all."""

_PROTECTED: Final = ["SEX", "EDUCATION", "MARRIAGE", "AGE"]
_LEFT_OUT: Final = ["personal_status_sex", "age", "foreign_worker", "telephone", "present_residence"]
UNORDERED: Final = (
    "status",  # 1 is "no account", 2 to 4 are balances
    "credit_history",
    "purpose",
    "savings",  # 1 is "unknown or none", 2 to 5 are balances
    "other_debtors",
    "other_installment_plans",
    "housing",
)
"""Codes of South German Credit that say what, not how much."""

ORDERED: Final = (
    "employment_duration",
    "installment_rate",
    "property",
    "number_credits",
    "job",
    "people_liable",
)
"""Codes of South German Credit in the order of what they say, taken as numbers."""


def public_folder() -> Path | None:
    """Return the folder of public data, or None where it is absent."""
    folder = Path(os.environ.get(FOLDER, ROOT.parent / "shared" / "data"))
    return folder if folder.is_dir() else None


def public_tables(folder: Path, names: Iterable[str]) -> dict[str, Table]:
    """Return sets by name, without folds."""
    return {name: SETS[name](folder) for name in names}


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


def _german(folder: Path) -> Table:
    frame = pd.read_csv(folder / "south_german.asc", sep=" ").drop(columns=_LEFT_OUT)
    bad = (frame.pop("credit_risk") == 0).to_numpy()
    for name in UNORDERED:
        frame[name] = "code " + frame[name].astype(str)
    return _table(frame, bad, {})


def _hmeq(folder: Path) -> Table:
    frame = pd.read_csv(folder / "hmeq.csv.gz")
    bad = frame.pop("BAD").to_numpy()
    return _table(frame, bad, {})


SETS: Final[dict[str, Callable[[Path], Table]]] = {
    GERMAN: _german,
    HMEQ: _hmeq,
    HELOC: _heloc,
    TAIWAN: _taiwan,
}
"""How each set is read, the smallest first."""


def _table(frame: pd.DataFrame, bad: Any, codes: dict[str, list[float]]) -> Table:
    numbers, texts = {}, {}
    for name in map(str, frame):
        if pd.api.types.is_numeric_dtype(frame[name]):
            numbers[name] = frame[name].to_numpy(np.float64)
        else:
            places, levels = pd.factorize(frame[name].fillna(NOT_STATED), sort=True)
            texts[name] = (places.astype(np.int8), [str(level) for level in levels])
    return Table(numbers, texts, bad.astype(np.int8), codes, np.empty(0, np.int8))
