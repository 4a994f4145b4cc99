"""scorecardpy's woebin by tree, and its scorecard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import scorecardpy
from sklearn.linear_model import LogisticRegression

from benchmarks.peers._peer import MAX_BINS, Peer
from benchmarks.peers._protocol import run
from benchmarks.peers._tables import Table

OUTCOME = "outcome_of_the_benchmark"


def bin_columns(rows: pd.DataFrame, table: Table) -> Any:
    """Bin every column; special codes are bins of their own."""
    special = {name: [f"{code:g}" for code in found] for name, found in table.codes.items()} or None
    return scorecardpy.woebin(
        _with_outcome(rows, table),
        y=OUTCOME,
        special_values=special,
        bin_num_limit=MAX_BINS,
        check_cate_num=False,
        print_step=0,
    )


def _with_outcome(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    return rows.assign(**{OUTCOME: table.bad.astype(int)})


def fit(rows: pd.DataFrame, table: Table) -> Any:
    """Bin, replace by weight of evidence, fit, and make the points table."""
    bins = bin_columns(rows, table)
    woe = scorecardpy.woebin_ply(_with_outcome(rows, table), bins, print_step=0)
    names = [name for name in woe if name != OUTCOME]
    model = LogisticRegression(max_iter=1000).fit(woe[names].fillna(0.0), woe[OUTCOME])
    return scorecardpy.scorecard(bins, model, names)


def score(model: Any, rows: pd.DataFrame) -> Any:
    """Return scores."""
    return scorecardpy.scorecard_ply(rows, model, print_step=0)["score"].to_numpy()


def log_odds(model: Any, rows: pd.DataFrame) -> Any:
    """Return log odds of good to bad: by default odds of 19 at 600 points, doubled by 50."""
    return (score(model, rows) - 600) / 50 * np.log(2) + np.log(19)


if __name__ == "__main__":
    run({"scorecard": Peer("scorecardpy", fit, score, log_odds=log_odds, bin=bin_columns)})
