"""Cards of one characteristic, values of every type that it may be given, and containers of them."""

from __future__ import annotations

import datetime as dt
import enum
import fractions
import itertools
import zoneinfo
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from plainscore.scorecard import Attribute, Card, CardCharacteristic, InputError, Scale

MADRID = zoneinfo.ZoneInfo("Europe/Madrid")


class Word(enum.StrEnum):
    """A level that is a member of an enumeration."""

    ONE = "1"
    CARD = "card"


def card_of(kind, bins, codes=(), rest="out_of_range", **limits):
    """Return a card of one characteristic in which every attribute has points of its own."""
    attributes = (
        *bins,
        Attribute("missing", 1000, "missing"),
        *(Attribute("special", 2000 + at, "code", code=code) for at, code in enumerate(codes)),
        Attribute(rest, 3000, "rest"),
    )
    one = CardCharacteristic("x", "x", "", "", "none", kind, "", attributes, **limits)
    return Card("x", "x", {}, "", Scale("600", "1", "20", 0, 3000), 0, (one,))


def ranges(*edges):
    """Return ranges between edges, with their place as their points."""
    bounds = [None, *edges, None]
    return tuple(
        Attribute("range", at, "range", low, high)
        for at, (low, high) in enumerate(itertools.pairwise(bounds))
    )


def groups(*levels):
    """Return one attribute a level, with its place as its points."""
    return tuple(Attribute("levels", at, level, levels=(level,)) for at, level in enumerate(levels))


CARDS = {
    "number": card_of("number", ranges(0.1, 0.5, 0.7, 1.0, 2.0, 1e6), codes=(-9.0, 0.3), most=1e30),
    "month": card_of("month", ranges(2020 * 12.0, 2024 * 12 + 2.0), codes=(2021 * 12.0,)),
    "levels": card_of(
        "levels", groups("1", "2.5", "True", "card", "", "0.1", "nan", "12", "False"), codes=(-9, "none"),
        rest="unseen",
    ),
    "boolean": card_of("boolean", groups("true", "false"), codes=("unknown", -9), rest="unseen"),
}  # fmt: skip

NUMBERS = [0, 1, 2, 12, -9, 0.1, 0.3, 0.5, 0.7, 1.0, 2.0, 2.5, -0.0, 1e300, float("inf"), float("-inf")]
HUGE = [2**53, 2**53 + 1, 2**63, 2**64 - 1, -(2**63), 10**400]
TEXTS = [
    "card", "1", "1.0", "True", "true", "FALSE", "yes", "", "nan", "none", "unknown", "-9", "2.5",
    "2024-03", "2024-3", "2024-03-31", "2024-03-31T23:30:00-05:00", "01/02/2024", "2024", "a\0",
]  # fmt: skip
MOMENTS = [
    dt.date(2024, 3, 31), dt.datetime(2019, 12, 31, 23, 30), dt.datetime(2020, 1, 1, 0, 30, tzinfo=MADRID),
    dt.datetime(2024, 2, 29, 23, 30, tzinfo=dt.UTC),
]  # fmt: skip
ABSENT = [None, float("nan"), pd.NA, pd.NaT, np.float32("nan"), Decimal("NaN"), np.datetime64("NaT"),
          np.ma.masked, pa.scalar(None), pa.scalar(None, pa.int64())]  # fmt: skip
ODD = [b"card", b"2024-03", b"\xff", [1], {}, 1j, dt.timedelta(1), np.timedelta64(5, "D"), dt.time(1), object,
       pd.Interval(0, 1), np.array([1.0]), np.array(0.5), Word.ONE, Word.CARD]  # fmt: skip


def shapes(value):
    """Return the same value in every type that can hold it."""
    out = [value]
    if isinstance(value, (bool, int, float)) and abs(value) < 2**31 and value == value:
        out += [np.float16(value), np.float32(value), np.float64(value), np.longdouble(value)]
        out += [Decimal(repr(value)) if not isinstance(value, bool) else value, pa.scalar(float(value))]
        out += [pa.scalar(float(value), pa.float32()), fractions.Fraction(value), np.array(value)]
        if float(value).is_integer():
            out += [np.int8(value), np.int64(value), pa.scalar(int(value)), Decimal(f"{int(value)}.00")]
        if value in (0, 1):
            out += [bool(value), np.bool_(value), pa.scalar(bool(value)), np.uint8(value)]
    if isinstance(value, str):
        out += [np.str_(value), pa.scalar(value), value.encode()]
    if isinstance(value, dt.date):
        out += [pd.Timestamp(value), pa.scalar(value)]
        if getattr(value, "tzinfo", None) is None:
            out += [np.datetime64(value), np.datetime64(value, "M")]
            out += [pd.Period(value, "M"), pd.Period(value, "Q")]
    return out


VALUES = [shape for value in [*NUMBERS, *HUGE, True, False, *TEXTS, *MOMENTS] for shape in shapes(value)]
VALUES += ABSENT + ODD


def objects(values):
    """Return an object array, which holds each value as it is."""
    return np.fromiter(values, object, len(values))


def containers(values):
    """Yield every container that can hold these values, by name."""
    makers = {
        "list": lambda: list(values),
        "tuple": lambda: tuple(values),
        "object array": lambda: objects(values),
        "object series": lambda: pd.Series(objects(values), dtype=object),
        "categorical": lambda: pd.Series(objects(values), dtype=object).astype("category"),
        "frame": lambda: pd.DataFrame({"x": pd.Series(objects(values), dtype=object)})["x"],
    }
    for name, make in makers.items():
        try:
            yield name, make()
        except (TypeError, ValueError, ArithmeticError, NotImplementedError):  # no category of pandas
            continue


def alone(card, value):
    """Return the score of a case with this value, None where it is refused."""
    try:
        return card.score_one({"x": value})
    except InputError:
        return None


def together(card, column):
    """Return the scores of a column, None where it is refused."""
    try:
        return card.score({"x": column}).tolist()
    except InputError:
        return None


def values_of(column):
    """Return the values of a column one by one, each in the type that its container gives it."""
    if isinstance(column, (pa.Array, pa.ChunkedArray, np.ndarray)):
        return list(column)
    if isinstance(column, pl.Series):
        return list(column.to_arrow())
    if hasattr(column, "cat"):
        return [None if code < 0 else column.cat.categories.to_numpy()[code] for code in column.cat.codes]
    if hasattr(getattr(column, "dtype", None), "pyarrow_dtype"):
        return list(pa.array(column))
    return list(column)


def agree(card, values, column, what):
    """Hold that a column scores as its values do alone, and is refused where one of them is."""
    if isinstance(getattr(column, "dtype", None), pd.CategoricalDtype):
        values = values_of(column)  # pandas takes 1 and True for one category
    want = [alone(card, value) for value in values]
    found = together(card, column)
    assert found == (None if None in want else want), what
