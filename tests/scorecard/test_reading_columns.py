"""A typed column, of any library, reads as its values do alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from plainscore.scorecard import InputError

from ._readings import (
    CARDS,
    MADRID,
    TEXTS,
    agree,
    together,
    values_of,
)


def typed_columns():
    """Yield columns of every type of NumPy, pandas, Polars and Arrow, by name."""
    numbers = [0.0, 1.0, 2.0, 0.1, 0.3, 0.5, 0.7, -9.0, 2.5]
    whole = [0, 1, 2, 12, 100]
    for size in ("f2", "f4", "f8", "g", ">f4", ">f8"):
        yield f"numpy {size}", np.array([*numbers, np.nan], size)
    for size in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i8"):
        yield f"numpy {size}", np.array(whole, size)
    yield "numpy i8 large", np.array([2**53 + 1, 1])
    yield "numpy i8 largest", np.array([-(2**63), 2**53])
    yield "numpy u8 large", np.array([2**63, 1], "u8")
    yield "numpy bool", np.array([True, False])
    yield "numpy complex", np.array([1j, 1])
    yield "numpy U", np.array([text for text in TEXTS if "\0" not in text])
    yield "numpy U true", np.array(["true", "False", "1"])
    yield "numpy U month", np.array(["2024-03", "2019-12-31"])
    yield "numpy S", np.array([b"card", b"1", b""])
    yield "numpy S month", np.array([b"2024-03"])
    yield "numpy void", np.zeros(2, "V3")
    yield "numpy m8", np.array([1, 2], "m8[D]")
    for unit in ("Y", "M", "D", "s", "ns"):
        yield f"numpy M8[{unit}]", np.array(["2024-03-31", "2019-12-31", "NaT", "1960-05-05"], f"M8[{unit}]")
    yield "numpy masked", np.ma.masked_array([1.0, 2.0, 0.1], [False, True, False])
    yield "numpy masked int", np.ma.masked_array([1, 2, 3], [False, True, False])
    for size in ("Int8", "Int64", "UInt64"):
        yield f"pandas {size}", pd.Series([1, 2, 12, None], dtype=size)
    yield "pandas Int64 large", pd.Series([2**53 + 1, None], dtype="Int64")
    for size in ("Float32", "Float64"):
        yield f"pandas {size}", pd.Series([*numbers, None], dtype=size)
        yield f"pandas {size} array", pd.array([*numbers, None], dtype=size)
    yield "pandas boolean", pd.Series([True, False, None], dtype="boolean")
    yield "pandas boolean of nothing", pd.Series([None, None], dtype="boolean")
    yield "pandas string", pd.Series([*TEXTS[:8], None], dtype="string")
    yield "pandas string of nothing", pd.Series([None], dtype="string")
    yield "pandas str", pd.Series(["card", "1", None])
    yield "pandas sparse", pd.Series(pd.arrays.SparseArray([0.0, 1.0, np.nan, 0.1]))
    yield "pandas categories", pd.Series(pd.Categorical(["card", "1", None, "1"]))
    yield "pandas categories of numbers", pd.Series(pd.Categorical([1, 2, None, 1]))
    yield "pandas categories of floats", pd.Series(pd.Categorical(np.array([0.1, 2.5], "f4")))
    yield "pandas categories unused", pd.Series(pd.Categorical(["1"], categories=["1", "2024-03"]))
    yield "pandas categories of days", pd.Series(pd.Categorical(pd.to_datetime(["2024-03-31", None])))
    yield "pandas intervals", pd.Series(pd.cut([0.5, 1.5], [0, 1, 2]))
    yield "pandas days", pd.Series(pd.to_datetime(["2024-03-31", None]))
    yield "pandas no days", pd.Series(pd.to_datetime([None, None]))
    zoned = pd.Series(pd.to_datetime(["2024-03-31T23:30-05:00", None], utc=True))
    yield "pandas zoned", zoned.dt.tz_convert(MADRID)
    for unit in ("M", "D", "Q", "W"):
        yield f"pandas periods {unit}", pd.Series(pd.PeriodIndex(["2024-03-20", "2019-12-20"], freq=unit))
    yield "pandas index", pd.Index([1, 2, 12])
    yield "pandas spans", pd.Series(pd.to_timedelta([1, 2], unit="D"))
    for kind, values in arrow_columns():
        yield f"arrow {kind}", pa.array(values, kind)
        yield f"arrow chunks {kind}", pa.chunked_array([pa.array(values, kind)])
        yield f"pandas arrow {kind}", pd.Series(pd.arrays.ArrowExtensionArray(pa.array(values, kind)))
    for name, series in polars_columns().items():
        yield f"polars {name}", series


def arrow_columns():
    """Yield types of Arrow with values."""
    numbers = [0.0, 1.0, 0.1, 0.3, 0.7, 2.5, None]
    yield pa.float16(), [np.float16(value) if value is not None else None for value in numbers]
    yield from ((kind, numbers) for kind in (pa.float32(), pa.float64()))
    yield from ((kind, [1, 2, 12, None]) for kind in (pa.int8(), pa.int64(), pa.uint64()))
    yield from ((kind, [1, 2, 12]) for kind in (pa.int64(), pa.uint64()))
    yield pa.int64(), [2**53 + 1, None]
    yield from ((pa.bool_(), values) for values in ([True, False], [True, None]))
    yield pa.decimal128(12, 2), [Decimal("1.00"), Decimal("2.50"), Decimal("0.70"), None]
    yield from ((kind, ["card", "1", None, "1.0"]) for kind in (pa.string(), pa.large_string()))
    yield pa.string(), ["2024-03", None]
    yield pa.binary(), [b"card", None]
    yield pa.dictionary(pa.int8(), pa.string()), ["card", None, "1", "card"]
    yield from ((kind, [dt.date(2024, 3, 31), None]) for kind in (pa.date32(), pa.date64()))
    yield from ((pa.timestamp(unit), [dt.datetime(2019, 12, 31, 23), None]) for unit in ("s", "us", "ns"))
    yield pa.timestamp("us", "Europe/Madrid"), [dt.datetime(2024, 2, 29, 23, 30, tzinfo=dt.UTC), None]
    yield pa.null(), [None, None]
    yield pa.duration("s"), [dt.timedelta(1)]


def polars_columns():
    """Return Polars' types with values."""
    return {
        "Int64": pl.Series([1, 2, None]), "Int64 large": pl.Series([2**53 + 1, None]),
        "Float32": pl.Series([0.1, 0.7, 2.5, None], dtype=pl.Float32), "Boolean": pl.Series([True, None]),
        "String": pl.Series(["card", "1", None]),
        "Categorical": pl.Series(["card", None], dtype=pl.Categorical),
        "Enum": pl.Series(["card", "1"], dtype=pl.Enum(["1", "card"])),
        "Decimal": pl.Series([Decimal("1.00"), Decimal("2.50")], dtype=pl.Decimal(10, 2)),
        "Date": pl.Series([dt.date(2024, 3, 31), None]), "Null": pl.Series([None, None]),
        "Datetime": pl.Series([dt.datetime(2024, 2, 29, 23, 30)]).dt.replace_time_zone("UTC"),
    }  # fmt: skip


TYPED = list(typed_columns())


@pytest.mark.parametrize(("name", "column"), TYPED, ids=[f"{at} {one[0]}" for at, one in enumerate(TYPED)])
@pytest.mark.parametrize("kind", sorted(CARDS))
def test_a_typed_column_reads_as_its_values_do_alone(kind, name, column):
    """Columns of every type of every engine give the points that their values give alone, kind by kind."""
    agree(CARDS[kind], values_of(column), column, (kind, name))
    frame = pd.DataFrame({"x": column}) if isinstance(column, pd.Series) else None
    if frame is not None:
        want = together(CARDS[kind], column)
        try:
            assert CARDS[kind].score(frame).tolist() == want
        except InputError:
            assert want is None


@pytest.mark.parametrize(("name", "series"), polars_columns().items())
@pytest.mark.parametrize("kind", sorted(CARDS))
def test_a_polars_or_arrow_table_reads_as_its_columns(kind, name, series):
    """A whole table is read as each column of it alone."""
    want = together(CARDS[kind], series)
    for table in (pl.DataFrame({"x": series}), pa.table({"x": series.to_arrow()})):
        try:
            assert CARDS[kind].score(table).tolist() == want
        except InputError:
            assert want is None, name
