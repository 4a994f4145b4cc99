"""skorecard's bucketers by tree, and its Skorecard."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline, make_pipeline
from skorecard import Skorecard
from skorecard.bucketers import DecisionTreeBucketer, OrdinalCategoricalBucketer

from benchmarks.peers._peer import MAX_BINS, Peer
from benchmarks.peers._protocol import run
from benchmarks.peers._tables import Table


def bucketing(table: Table) -> Pipeline:
    """Return unfitted bucketers; special codes are buckets of their own."""
    special = {name: {f"code {code:g}": [code] for code in found} for name, found in table.codes.items()}
    steps: list[Any] = [
        DecisionTreeBucketer(variables=list(table.numbers), max_n_bins=MAX_BINS, specials=special)
    ]
    if table.texts:
        steps.append(OrdinalCategoricalBucketer(variables=list(table.texts), max_n_categories=MAX_BINS))
    return make_pipeline(*steps)


def bin_columns(rows: pd.DataFrame, table: Table) -> object:
    """Bin every column."""
    return bucketing(table).fit_transform(rows, table.bad)


def fit(rows: pd.DataFrame, table: Table) -> Skorecard:
    """Fit a scorecard."""
    model = Skorecard(bucketing(table), variables=table.columns, lr_kwargs={"max_iter": 1000})
    return model.fit(rows, table.bad.astype(int))


def score(model: Any, rows: pd.DataFrame) -> Any:
    """Return log odds of good to bad, which its scores are made of."""
    return -model.decision_function(rows)


if __name__ == "__main__":
    run({"scorecard": Peer("skorecard", fit, score, bin=bin_columns)})
