"""InterpretML's explainable boosting machine."""

from __future__ import annotations

from typing import Any

import pandas as pd
from interpret.glassbox import ExplainableBoostingClassifier

from benchmarks.peers._measures import top_four
from benchmarks.peers._peer import Peer
from benchmarks.peers._protocol import run
from benchmarks.peers._tables import Table


def fit(frame: pd.DataFrame, table: Table) -> ExplainableBoostingClassifier:
    """Fit as it comes."""
    return ExplainableBoostingClassifier(random_state=0).fit(frame, table.bad)


def fit_additive(frame: pd.DataFrame, table: Table) -> ExplainableBoostingClassifier:
    """Fit with four bags, each column by itself."""
    return ExplainableBoostingClassifier(outer_bags=4, interactions=0, random_state=0).fit(frame, table.bad)


def fit_pairs(frame: pd.DataFrame, table: Table) -> ExplainableBoostingClassifier:
    """Fit with four bags and ten pairs of columns."""
    return ExplainableBoostingClassifier(outer_bags=4, interactions=10, random_state=0).fit(frame, table.bad)


def score(model: Any, frame: pd.DataFrame) -> Any:
    """Return the log odds of good to bad."""
    return -model.decision_function(frame)


def reasons(model: Any, frame: pd.DataFrame) -> object:
    """Return the four terms that speak most against each row."""
    return top_four(model.eval_terms(frame))


if __name__ == "__main__":
    run(
        {
            "as it comes": Peer("interpret", fit, score, reasons=reasons),
            "additive": Peer("interpret", fit_additive, score),
            "ten pairs": Peer("interpret", fit_pairs, score),
        }
    )
