"""One outcome in every form that can hold it, and everybody who takes one."""

from __future__ import annotations

import decimal
import fractions
import functools
from collections.abc import Container, Iterable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from plainscore.scorecard import (
    Costs,
    Scorecard,
    WeightOfEvidence,
    best_cut_off,
    by_period,
    characteristics_frame,
    cut_off_table,
    discrimination,
    fit_segments,
    plot_bins,
    read_outcome,
    reject_inference,
    swap_set,
    turning,
    veto_turning,
    weight_intervals,
)

FREE = {"min_share": 0.0, "min_goods": 1, "min_bads": 1, "min_iv": 0.0, "max_p": 1.0, "resamples": 0}
ROWS = 120
X = {"late": np.arange(ROWS) % 4.0, "use": np.arange(ROWS) // 7 % 3.0}
BAD = ((np.arange(ROWS) * 7 % 20) < X["late"] * 4 + X["use"]).astype(int)
"""34 to 55 of the rows are bad: fewer than half."""


def objects(values: Any) -> np.ndarray:
    """Return values as they are, in an array of objects."""
    found = np.empty(len(values), object)
    found[:] = list(values)
    return found


def typed(kind: Any) -> Any:
    """Return a function to an object column of one Python or NumPy type."""
    return lambda bad: objects([kind(int(one)) for one in bad])


NUMBERS: dict[str, Any] = {
    **{
        np.dtype(kind).name: (lambda bad, kind=kind: np.asarray(bad).astype(kind))
        for kind in "?bBhHiIlLqQefdg"
    },
    "big-endian": lambda bad: np.asarray(bad).astype(">i4"),
    "ints": lambda bad: [int(one) for one in bad],
    "floats": lambda bad: tuple(float(one) for one in bad),
    "bools": lambda bad: [bool(one) for one in bad],
    "column": lambda bad: np.asarray(bad)[:, None],
    "objects of bool": typed(bool),
    "objects of numpy bool": typed(np.bool_),
    "objects of int": typed(int),
    "objects of float32": typed(np.float32),
    "objects of Decimal": typed(decimal.Decimal),
    "objects of Fraction": typed(fractions.Fraction),
    "mixed numbers": lambda bad: objects(
        [(bool, float, np.int8, decimal.Decimal)[at % 4](int(one)) for at, one in enumerate(bad)]
    ),
    "Series": lambda bad: pd.Series(bad, index=np.arange(len(bad)) * 3),
    "Index": pd.Index,
    "Int64": lambda bad: pd.Series(bad, dtype="Int64"),
    "UInt8": lambda bad: pd.array(bad, dtype="UInt8"),
    "Float32": lambda bad: pd.Series(bad, dtype="Float32"),
    "boolean": lambda bad: pd.Series(np.asarray(bad, bool), dtype="boolean"),
    "category": lambda bad: pd.Categorical(bad, categories=[2, 1, 0], ordered=True),
    "category of truths": lambda bad: pd.Series(np.asarray(bad, bool)).astype("category"),
    "arrow int8": lambda bad: pd.Series(bad, dtype=pd.ArrowDtype(pa.int8())),
    "arrow bool": lambda bad: pd.Series(np.asarray(bad, bool), dtype=pd.ArrowDtype(pa.bool_())),
    "arrow decimal": lambda bad: pd.Series(
        [decimal.Decimal(int(one)) for one in bad], dtype=pd.ArrowDtype(pa.decimal128(3, 1))
    ),
    "arrow dictionary": lambda bad: pd.Series(pa.array(bad).dictionary_encode().to_pandas()),
    "pl.Int8": lambda bad: pl.Series(bad, dtype=pl.Int8),
    "pl.Float32": lambda bad: pl.Series(bad).cast(pl.Float32),
    "pl.Boolean": lambda bad: pl.Series(np.asarray(bad, bool)),
    "pl.Decimal": lambda bad: pl.Series([decimal.Decimal(int(one)) for one in bad]),
    "pl.DataFrame": lambda bad: pl.DataFrame({"bad": bad}),
    "pa.int8": lambda bad: pa.array(bad, pa.int8()),
    "pa.bool_": lambda bad: pa.array(np.asarray(bad, bool)),
    "pa.decimal128": lambda bad: pa.array([decimal.Decimal(int(one)) for one in bad], pa.decimal128(3, 1)),
    "pa.dictionary": lambda bad: pa.array(bad).dictionary_encode(),
    "pa.ChunkedArray": lambda bad: pa.chunked_array([pa.array(bad[:50]), pa.array(bad[50:])]),
}
"""From whole numbers 0 and 1 to the same in another form."""

TEXTS: dict[str, Any] = {
    "list": list,
    "tuple": tuple,
    "str_": lambda words: np.array(words),
    "bytes_": lambda words: np.array([one.encode() for one in words]),
    "objects": objects,
    "objects of str_": lambda words: objects(list(np.array(words))),
    "Series": pd.Series,
    "Index": pd.Index,
    "string": lambda words: pd.Series(words, dtype="string"),
    "category": lambda words: pd.Series(pd.Categorical(words, categories=[*sorted(set(words))[::-1], "x"])),
    "arrow": lambda words: pd.Series(words, dtype=pd.ArrowDtype(pa.string())),
    "pl.String": pl.Series,
    "pl.Categorical": lambda words: pl.Series(words, dtype=pl.Categorical),
    "pl.Enum": lambda words: pl.Series(words, dtype=pl.Enum(sorted(set(words))[::-1])),
    "pa.string": pa.array,
    "pa.large_string": lambda words: pa.array(words, pa.large_string()),
    "pa.dictionary": lambda words: pa.array(words).dictionary_encode(),
    "pa.ChunkedArray": lambda words: pa.chunked_array([words[:50], words[50:]]),
}
"""From a list of texts to the same in another form."""


def card_of(y: Any, bad: Any = None) -> Any:
    """Return a card's bytes, and everyone's score and probability of bad."""
    model = Scorecard(bad=bad, max_characteristics=None, **FREE, estimate=False).fit(X, y)
    place = model.classes_.tolist().index(model.bad_)
    return (
        model.card_.to_json(),
        model.score_points(X).tolist(),
        model.predict_proba(X)[:, place].tolist(),
        (model.predict(X) == model.bad_).tolist(),
    )


def joint_card_of(y: Any, bad: Any = None) -> Any:
    """Return the bytes of a card whose weights are fitted together, its size by cross-validation."""
    options = {**FREE, "resamples": 3, "method": "shape", "max_characteristics": "path", "max_grids": 1}
    return Scorecard(bad=bad, **options, estimate=False).fit(X, y).card_.to_json()


def weights_of(y: Any, bad: Any = None) -> Any:
    """Return every row's weights of evidence."""
    options = {name: FREE[name] for name in ("min_share", "min_goods", "min_bads")}
    return WeightOfEvidence(bad=bad, **options).fit(X, y).transform(X).tolist()


@functools.cache
def model() -> Scorecard:
    """Return a scorecard fitted on whole numbers."""
    return Scorecard(max_characteristics=None, **FREE, estimate=False).fit(X, BAD)


def measures_of(y: Any, bad: Any = None) -> Any:
    """Return AUC, Gini and KS of a card."""
    return discrimination(model().card_, X, y, bad=bad, rounds=20)


def intervals_of(y: Any, bad: Any = None) -> Any:
    """Return the intervals of a card's weights."""
    return weight_intervals(model(), X, y, bad=bad, rounds=5).to_dict("list")


HALVES = np.where(np.arange(ROWS) < ROWS // 2, "first", "second")


def periods_of(y: Any, bad: Any = None) -> Any:
    """Return every attribute's rows and rates in two halves, as text in which an absent number is equal."""
    return by_period(model(), X, y, HALVES, bad=bad).to_csv()


def turns_of(y: Any, bad: Any = None) -> Any:
    """Return the neighbouring bins whose rates stand against their points in a half, however likely."""
    return turning(model(), X, y, HALVES, bad=bad, level=0.999).to_csv()


def veto_of(y: Any, bad: Any = None) -> Any:
    """Return the card in which no order turns."""

    def free(said: Any) -> Scorecard:
        return Scorecard(said, estimate=False, **FREE)

    return veto_turning(free, list(X), X, y, HALVES, bad=bad).model.card_.to_json()


def candidates_of(y: Any, bad: Any = None) -> Any:
    """Return one row a candidate."""
    return characteristics_frame(model(), X, y, bad=bad).to_csv()


def drawing_of(y: Any, bad: Any = None) -> Any:
    """Return the drawing of a characteristic."""
    return plot_bins(model(), "late", X=X, y=y, bad=bad).svg


def reading_of(y: Any, bad: Any = None) -> Any:
    """Return which rows are bad."""
    return read_outcome(y, bad).bad.tolist()


RISKY = X["late"] * 4 + X["use"]
FAST = Scorecard(
    method="woe", max_characteristics=None, on_wrong_sign="keep", estimate=False, **FREE
).get_params()


def table_of(y: Any, bad: Any = None) -> Any:
    """Return the figures of two cut-offs."""
    table = cut_off_table(-RISKY, y, bad=bad, costs=Costs(1, 2), cut_offs=[-9, -4], rounds=5)
    return table.drop(columns=[name for name in table if name.endswith(("_low", "_high"))]).to_dict("list")


def best_of(y: Any, bad: Any = None) -> Any:
    """Return the cut-off of most profit."""
    return best_cut_off(-RISKY, y, bad=bad, costs=Costs(1, 2), rounds=5)


def swap_of(y: Any, bad: Any = None) -> Any:
    """Return bad rates by who is swapped."""
    found = swap_set(-RISKY, -5, -X["late"], -1, y, bad=bad, rounds=5)
    return found.bad_rate, found.table["with_outcome"].tolist()


def rejects_of(y: Any, bad: Any = None) -> Any:
    """Return what each method expects of others."""
    others = {name: values[:40] + 1 for name, values in X.items()}
    found = reject_inference(
        lambda: Scorecard(**FAST), X, y, others, bad=bad, prudence=1.3, folds=2, rounds=2
    )
    return found.table["rejects_bad_rate"].tolist()


def segments_of(y: Any, bad: Any = None) -> Any:
    """Return the points of cards by segment."""
    half = np.arange(ROWS) % 2
    found = fit_segments(lambda: Scorecard(**FAST), X, y, half, bad=bad, folds=2, repeats=1)
    return found.table()["points"].tolist(), found.test.differences


TAKERS = {
    "cut_off_table": table_of,
    "best_cut_off": best_of,
    "swap_set": swap_of,
    "reject_inference": rejects_of,
    "fit_segments": segments_of,
    "Scorecard": card_of,
    "Scorecard, shape": joint_card_of,
    "WeightOfEvidence": weights_of,
    "discrimination": measures_of,
    "weight_intervals": intervals_of,
    "by_period": periods_of,
    "turning": turns_of,
    "veto_turning": veto_of,
    "characteristics_frame": candidates_of,
    "plot_bins": drawing_of,
    "read_outcome": reading_of,
}
MANY_FITS = ("reject_inference", "fit_segments")
ASKED = [pytest.param(name, marks=[pytest.mark.slow] * (name in MANY_FITS)) for name in TAKERS]
"""All of them, those that fit many cards in the slow run."""
UNASKED = ("swap_set",)
"""Those that can do without an outcome."""
WARNERS = [name for name in TAKERS if name != "read_outcome"]
"""Those that warn; reading alone builds nothing on what it read."""


def each_with(
    takers: Iterable[str], others: Iterable[Any], *, later: Container[str] = MANY_FITS
) -> list[Any]:
    """Return every pair: by default a third of them, in which each one is met, and all in the slow run.

    Parameters
    ----------
    takers, others : iterables
        What is paired.
    later : container of str
        Takers that wait for the slow run with whatever they are paired.
    """
    return [
        pytest.param(taker, other, marks=[pytest.mark.slow] * (taker in later or (row + column) % 3 > 0))
        for row, taker in enumerate(takers)
        for column, other in enumerate(others)
    ]
