"""Plainscore under the same protocol as its peers."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

import plainscore.scorecard as engine
from benchmarks.peers._measures import top_four
from benchmarks.peers._peer import MAX_BINS, Peer, Work
from benchmarks.peers._protocol import run
from benchmarks.peers._tables import Table
from plainscore.scorecard import Card, Scorecard

EVERY_COLUMN: Final[dict[str, Any]] = {
    "min_iv": 0,
    "max_p": 1,
    "max_correlation": 1,
    "on_wrong_sign": "keep",
    "max_characteristics": None,
}
"""No column is left out, as no peer leaves one out: all do the same work."""

OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "every column, woe": {"method": "woe", **EVERY_COLUMN},
    "every column, shape": {"method": "shape", "max_characteristics": None},
    "default": {},
    "woe": {"method": "woe"},
    "two-way tables": {"max_grids": 8},
}
"""Named sets of options: the first two are timed, the other three cross-validated as they come."""

_KNOWN: Final = frozenset(inspect.signature(Scorecard).parameters)
ALONE: Final[dict[str, Any]] = {"estimate": False} if "estimate" in _KNOWN else {}
"""The fit by itself, as peers fit: the folds here are the estimate."""


def rows(table: Table) -> pd.DataFrame:
    """Return a DataFrame with texts as categories."""
    return table.frame("category")


def named_codes(table: Table) -> dict[str, dict[float | str, str]]:
    """Return the special codes with a name each."""
    return {name: {code: f"code {code:g}" for code in found} for name, found in table.codes.items()}


def fit(frame: Any, table: Table, options: Mapping[str, Any]) -> Card:
    """Fit, and keep the card alone: it is all that scoring needs."""
    model = Scorecard(special_codes=named_codes(table), max_bins=MAX_BINS, **ALONE, **options)
    return model.fit(frame, table.bad).card_


def bin_columns(frame: Any, table: Table) -> object:
    """Bin every column, without a fit."""
    binning = engine.WeightOfEvidence(special_codes=named_codes(table), max_bins=MAX_BINS)
    return binning.fit(frame, table.bad)


def score(card: Card, cases: Any) -> Any:
    """Return scores."""
    return card.score(cases)


def log_odds(card: Card, cases: Any) -> Any:
    """Return log odds of good to bad, as the integer score says them."""
    return np.log(card.odds(card.score(cases)))


def size(card: Card) -> dict[str, float]:
    """Return how many characteristics the card has, the most bins of one, and its two-way tables."""
    return {
        "characteristics": len(card.characteristics),
        "most_characteristics": len(card.characteristics),
        "most_bins": max(len(each.bins) for each in card.characteristics),
        "tables": len(card.grids),
    }


def reasons(card: Card, cases: Any) -> object:
    """Return the four greatest losses of points of every row."""
    if hasattr(card, "top_reasons"):
        return card.top_reasons(cases, count=4)
    points = card.points(cases)
    baseline = card.baseline_points()
    return top_four(np.array([float(baseline[str(name)]) for name in points]) - points.to_numpy())


def singles(table: Table) -> list[dict[str, Any]]:
    """Return rows as the mappings that a service has in hand."""
    return [{str(name): value for name, value in row.items()} for row in table.frame().to_dict("records")]


def numeric_singles(table: Table) -> list[dict[str, Any]]:
    """Return rows of numbers alone."""
    return singles(table.as_numbers())


def one(card: Card, case: Mapping[str, Any]) -> int:
    """Return one score."""
    return card.score_one(case)


def from_texts(card: Card, table: Table) -> dict[str, Work]:
    """Return scoring of a DataFrame with texts as texts."""
    frame = table.frame("str")
    return {"batch_str": lambda: card.score(frame)}


def from_arrays(card: Card, table: Table) -> dict[str, Work]:
    """Return scoring of plain arrays of two widths, every column a number."""
    wide = {
        name: np.ascontiguousarray(values, np.float64) for name, values in table.as_numbers().numbers.items()
    }
    narrow = {name: values.astype(np.float32) for name, values in wide.items()}
    return {
        "batch_float64": lambda: card.score(wide),
        "batch_float32": lambda: card.score(narrow),
    }


def fit_numbers(arrays: Any, table: Table) -> Card:
    """Fit on numbers alone."""
    return fit(arrays, table, OPTIONS["every column, woe"])


def arrays(table: Table) -> dict[str, Any]:
    """Return float64 arrays by name, levels as numbers."""
    return table.as_numbers().numbers


def variants() -> dict[str, Peer]:
    """Return every way of fitting, and the one on float arrays."""
    binning = bin_columns if hasattr(engine, "WeightOfEvidence") else None
    found = {
        name: Peer(
            "plainscore",
            partial(fit, options=options),
            score,
            rows,
            log_odds=log_odds,
            size=size,
            singles=singles,
            one=one,
            bin=binning if name == "every column, woe" else None,
            reasons=reasons,
            more=from_texts,
        )
        for name, options in OPTIONS.items()
    }
    alone = Peer("plainscore", fit_numbers, score, arrays, singles=numeric_singles, one=one, more=from_arrays)
    return {**found, "numbers": alone}


if __name__ == "__main__":
    run(variants())
