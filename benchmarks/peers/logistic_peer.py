"""Plain logistic regression on raw columns: medians and indicators for what is missing, scaled."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from benchmarks.peers._peer import Peer
from benchmarks.peers._protocol import run
from benchmarks.peers._tables import Table


def fit(frame: pd.DataFrame, table: Table) -> Any:
    """Fit."""
    columns = make_column_transformer(
        (
            make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()),
            list(table.numbers),
        ),
        (OneHotEncoder(handle_unknown="ignore"), list(table.texts)),
    )
    model = make_pipeline(columns, LogisticRegression(max_iter=1000))
    return model.fit(frame, table.bad)


def rows(table: Table) -> pd.DataFrame:
    """Return the columns with special codes as missing: a code is no amount."""
    frame = table.frame()
    for name, codes in table.codes.items():
        frame[name] = frame[name].where(~frame[name].isin(codes))
    return frame


def score(model: Any, frame: pd.DataFrame) -> Any:
    """Return the log odds of good to bad."""
    return -model.decision_function(frame)


if __name__ == "__main__":
    run({"raw": Peer("scikit-learn", fit, score, rows)})
