"""LightGBM: 200 trees of depth 4, free, and held monotone where a column ranks the outcome."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import pandas as pd

from benchmarks.peers._measures import top_four
from benchmarks.peers._peer import Peer
from benchmarks.peers._protocol import run
from benchmarks.peers._tables import Table

TREES = 200
OPTIONS: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 15,
    "max_depth": 4,
    "learning_rate": 0.05,
    "verbose": -1,
}
LEAST_CORRELATION = 0.02


def rows(table: Table) -> pd.DataFrame:
    """Return the columns as they are; texts as categories."""
    return table.frame("category")


def fit(frame: pd.DataFrame, table: Table) -> lightgbm.Booster:
    """Fit freely."""
    return lightgbm.train(OPTIONS, lightgbm.Dataset(frame, table.bad), TREES)


def score(model: lightgbm.Booster, frame: pd.DataFrame) -> Any:
    """Return the log odds of good to bad."""
    return -model.predict(frame, raw_score=True)


def reasons(model: lightgbm.Booster, frame: pd.DataFrame) -> object:
    """Return the four columns of greatest TreeSHAP value."""
    return top_four(model.predict(frame, pred_contrib=True)[:, :-1])


def rows_without_codes(table: Table) -> pd.DataFrame:
    """Return the columns with special codes as missing: a code has no place in an order."""
    frame = rows(table)
    for name, codes in table.codes.items():
        frame[name] = frame[name].where(~frame[name].isin(codes))
    return frame


def fit_monotone(frame: pd.DataFrame, table: Table) -> lightgbm.Booster:
    """Fit each number in the direction of its rank correlation with the outcome, unless that is near 0."""
    signs = [_direction(frame[name], table.bad) if name in table.numbers else 0 for name in frame]
    options = {**OPTIONS, "monotone_constraints": signs, "monotone_constraints_method": "advanced"}
    return lightgbm.train(options, lightgbm.Dataset(frame, table.bad), TREES)


def _direction(values: pd.Series, bad: Any) -> int:
    known = values.notna().to_numpy()
    found = float(np.corrcoef(values[known].rank(), bad[known])[0, 1])
    return int(np.sign(found)) if abs(found) >= LEAST_CORRELATION else 0


if __name__ == "__main__":
    run(
        {
            "free": Peer("lightgbm", fit, score, rows, reasons=reasons),
            "monotone": Peer("lightgbm", fit_monotone, score, rows_without_codes),
        }
    )
