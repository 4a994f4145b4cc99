"""toad's Combiner by tree, its WOETransformer and its ScoreCard."""

from __future__ import annotations

from typing import Any

import pandas as pd
import toad

from benchmarks.peers._peer import MAX_BINS, Peer
from benchmarks.peers._protocol import run
from benchmarks.peers._tables import Table


def bin_columns(rows: pd.DataFrame, table: Table) -> Any:
    """Bin every column; missing values are a bin of their own, as toad offers."""
    combiner = toad.transform.Combiner()
    return combiner.fit(rows, table.bad, method="dt", n_bins=MAX_BINS, empty_separate=True)


def fit(rows: pd.DataFrame, table: Table) -> Any:
    """Bin, replace by weight of evidence, and fit."""
    combiner = bin_columns(rows, table)
    transformer = toad.transform.WOETransformer()
    woe = transformer.fit_transform(combiner.transform(rows), table.bad)
    card = toad.ScoreCard(combiner=combiner, transer=transformer, max_iter=1000)
    return card.fit(woe, table.bad)


def score(model: Any, rows: pd.DataFrame) -> Any:
    """Return scores."""
    return model.predict(rows)


def reasons(model: Any, rows: pd.DataFrame) -> object:
    """Return the four strongest reasons of every row."""
    return model.get_reason(rows, keep=4)


def log_odds(model: Any, rows: pd.DataFrame) -> Any:
    """Return log odds of good to bad: a score is ``offset + factor * log odds``."""
    return (model.predict(rows) - model.offset) / model.factor


if __name__ == "__main__":
    run({"scorecard": Peer("toad", fit, score, log_odds=log_odds, bin=bin_columns, reasons=reasons)})
