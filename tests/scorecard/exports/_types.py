"""A card whose levels look like numbers and truths, and the same values in every type of column."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from plainscore.scorecard import Attribute, CardCharacteristic

from ._cards import card_of

LEVELS = ("1", "2", "2.5", "0.1", "card", "True", "10", "7.0")


def _one(name, kind, bins, rest, codes=()):
    specials = [Attribute("special", 60 + at, f"code {code}", code=code) for at, code in enumerate(codes)]
    attributes = (*bins, Attribute("missing", 50, "missing"), *specials, Attribute(rest, 99, "rest"))
    return CardCharacteristic(name, name, "", "", "none", kind, "", attributes)


def _ranges(*edges):
    bounds = itertools.pairwise([None, *edges, None])
    return tuple(Attribute("range", at, f"range {at}", low, high) for at, (low, high) in enumerate(bounds))


def _levels(*levels):
    return tuple(Attribute("levels", at, f"level {at}", levels=(each,)) for at, each in enumerate(levels))


CHARACTERISTICS = {
    "number": _one("number", "number", _ranges(0.1, 0.35, 0.7, 1.0, 2.0), "out_of_range", (-9.0,)),
    "levels": _one("levels", "levels", _levels(*LEVELS), "unseen", (-9,)),
    "boolean": _one("boolean", "boolean", _levels("true", "false"), "unseen"),
    "month": _one("month", "month", _ranges(2020 * 12.0, 2024 * 12 + 2.0), "out_of_range"),
}
CARDS = {kind: card_of(one) for kind, one in CHARACTERISTICS.items()}

_WHOLE = [1, 2, 10, -9, 7, 0, None]
_FLOATS = [1.0, 2.0, 2.5, 0.1, 10.0, -9.0, 0.7, 3.25, None]
_DECIMALS = [Decimal(text) for text in ("1", "2.5", "0.1", "10", "-9", "0.7")]
_DAYS = [dt.date(2019, 12, 31), dt.date(2024, 3, 1), dt.date(2024, 2, 29), None]

COLUMNS = {
    "number": {
        "int": pa.array(_WHOLE, pa.int64()), "small int": pa.array(_WHOLE, pa.int16()),
        "double": pa.array(_FLOATS, pa.float64()), "float": pa.array(_FLOATS, pa.float32()),
        "decimal": pa.array(_DECIMALS, pa.decimal128(5, 1)),
        "wide": pa.array(_DECIMALS, pa.decimal128(20, 4)),
    },
    "levels": {
        "int": pa.array(_WHOLE, pa.int64()), "small int": pa.array(_WHOLE, pa.int16()),
        "double": pa.array(_FLOATS, pa.float64()), "float": pa.array(_FLOATS, pa.float32()),
        "decimal": pa.array(_DECIMALS, pa.decimal128(5, 1)),
        "wide": pa.array(_DECIMALS, pa.decimal128(20, 4)),
        "text": pa.array([*LEVELS, "1.0", "7", "card ", "-9", "true", None]),
        "truth": pa.array([True, False, None]),
    },
    "boolean": {
        "truth": pa.array([True, False, None]), "int": pa.array([1, 0, None], pa.int64()),
        "double": pa.array([1.0, 0.0, None], pa.float64()),
        "float": pa.array([1.0, -0.0, None], pa.float32()),
        "decimal": pa.array([Decimal(1), Decimal(0), None], pa.decimal128(5, 1)),
        "wide": pa.array([Decimal(1), Decimal(0), None], pa.decimal128(20, 4)),
        "text": pa.array(["true", "FALSE", "True", "1", "0", "1.0", "0.0", None]),
    },
    "month": {
        "day": pa.array(_DAYS, pa.date32()),
        "moment": pa.array([day and dt.datetime(day.year, day.month, day.day, 23) for day in _DAYS]),
    },
}  # fmt: skip

EVERY = [(kind, name) for kind, columns in COLUMNS.items() for name in columns]


def table_of(kind, name):
    """Return a table of one typed column and the row's number."""
    column = COLUMNS[kind][name]
    return pa.table({kind: column, "row": pa.array(range(len(column)), pa.int64())})


def wanted(kind, name):
    """Return the card's own scores of a typed column."""
    scores = CARDS[kind].score({kind: COLUMNS[kind][name]})
    alone = [CARDS[kind].score_one({kind: value}) for value in COLUMNS[kind][name]]
    assert scores.tolist() == alone
    return alone


def gap(kind):
    """Return whole numbers as pandas holds them beside a gap: as floats."""
    return pd.DataFrame({kind: [1, None, 0 if kind == "boolean" else 10]}).astype(np.float64)
