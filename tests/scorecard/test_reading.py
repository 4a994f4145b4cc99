"""One reading for one case and for a column: whatever type and container a value comes in."""

from __future__ import annotations

import datetime as dt
import enum
import fractions
import itertools
import subprocess
import sys
import time
import zoneinfo
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plainscore.scorecard import Attribute, Card, CardCharacteristic, InputError, Scale
from plainscore.scorecard._reading import read_level, read_month, read_number

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


def agree(card, values, column, what):
    """Hold that a column scores as its values do alone, and is refused where one of them is."""
    if isinstance(getattr(column, "dtype", None), pd.CategoricalDtype):
        values = values_of(column)  # pandas takes 1 and True for one category
    want = [alone(card, value) for value in values]
    found = together(card, column)
    assert found == (None if None in want else want), what


@given(
    kind=st.sampled_from(sorted(CARDS)),
    values=st.lists(st.sampled_from(range(len(VALUES))), min_size=1, max_size=4),
)
@settings(max_examples=120)
def test_a_column_reads_as_its_values_do_alone(kind, values):
    """Any values in any container that keeps them give the points of each alone, or are refused both ways."""
    some = [VALUES[at] for at in values]
    for name, column in containers(some):
        agree(CARDS[kind], some, column, (kind, name, some))


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(CARDS))
def test_every_value_reads_alike_alone_and_in_a_column(kind):
    """Each value of each type, in each container, gives the same points as alone or is refused as alone."""
    for value in VALUES:
        for some in ([value], [value, None]):
            for name, column in containers(some):
                agree(CARDS[kind], some, column, (kind, name, some))


@pytest.mark.parametrize("kind", sorted(CARDS))
def test_a_value_is_refused_or_accepted_with_good_company(kind):
    """Among values that are taken, the same value is taken or refused as it is alone."""
    good = next(value for value in (1, "card", dt.date(2024, 3, 1)) if alone(CARDS[kind], value) is not None)
    for value in VALUES:
        for name, column in containers([good, value]):
            agree(CARDS[kind], [good, value], column, (kind, name, value))


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


@pytest.mark.parametrize("rows", [[[1, 0.5], [True, "1"]], [[1, "card"], [2.0, None]], [[0.1, 1], [0.7, 2]]])
def test_rows_of_unlike_things_keep_each_as_it_is(rows):
    """A list of rows is read value by value: NumPy would turn all into texts."""
    card = CARDS["levels"]
    one = card.characteristics[0]
    both = replace(card, characteristics=(replace(one, id="x0"), replace(one, id="x1")))
    want = [both.score_one({"x0": first, "x1": second}) for first, second in rows]
    assert both.score(rows).tolist() == want


@pytest.mark.parametrize(
    ("kind", "value", "points"),
    [
        ("number", np.float32(0.7), 2), ("number", 0.7, 3), ("number", Decimal("0.7"), 3),
        ("number", fractions.Fraction(7, 10), 3), ("number", np.int8(1), 4), ("number", -9, 2000),
        ("levels", 1.0, 0), ("levels", np.float32(0.1), 5),
        ("levels", float(np.float32(0.1)), 3000), ("levels", Decimal("2.50"), 1),
        ("levels", True, 2), ("levels", np.True_, 2), ("levels", b"card", 3), ("levels", "", 4),
        ("levels", "nan", 6), ("levels", float("nan"), 1000), ("levels", -9.0, 2000), ("levels", Word.ONE, 0),
        ("boolean", "TRUE", 0), ("boolean", np.False_, 1), ("boolean", 1.0, 0), ("boolean", Decimal(0), 1),
        ("boolean", "unknown", 2000), ("boolean", -9.0, 2001), ("boolean", "0.0", 1),
        ("month", "2024-03", 2), ("month", "2024-3", 2), ("month", b"2021-01", 2000),
        ("month", dt.datetime(2024, 3, 1, 0, 30, tzinfo=MADRID), 1), ("month", pd.Period("2024-03", "M"), 2),
    ],
)  # fmt: skip
def test_what_each_value_says(kind, value, points):
    """The meaning of a value, kind by kind, does not hang on its type."""
    assert CARDS[kind].score_one({"x": value}) == points
    assert CARDS[kind].score({"x": objects([value])}).tolist() == [points]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "1"), ("number", ""), ("number", True), ("number", np.True_), ("number", b"1"),
        ("number", 1j), ("number", np.timedelta64(1, "D")), ("number", dt.date(2024, 1, 1)),
        ("number", [1.0]),
        ("month", ""), ("month", "2024"), ("month", 2024), ("month", True), ("month", pd.Period("2024Q1")),
        ("boolean", "yes"), ("boolean", ""), ("boolean", 2), ("boolean", dt.date(2024, 1, 1)),
        ("levels", dt.date(2024, 1, 1)), ("levels", b"\xff"), ("levels", [1]), ("levels", 1j), ("levels", {}),
    ],
)  # fmt: skip
def test_what_says_nothing_is_refused_both_ways(kind, value):
    """A value that its kind cannot be is refused alone and in a column, in a sentence that names it."""
    with pytest.raises(InputError, match="'x'"):
        CARDS[kind].score_one({"x": value})
    with pytest.raises(InputError, match="'x'"):
        CARDS[kind].score({"x": objects([value])})


@given(value=st.floats(allow_nan=False) | st.integers() | st.decimals(allow_nan=False) | st.booleans())
@example(value=2**53 + 1)
@example(value=Decimal("1e400"))
def test_a_number_is_the_float_nearest_to_it(value):
    """A number of any type is the float that Python makes of it, or is refused where it would lose digits."""
    try:
        found = read_number("x", value)
    except InputError:
        assert isinstance(value, (bool, int))
        assert isinstance(value, bool) or abs(value) > 2**53
        return
    assert found == float(value)


@given(value=st.floats(allow_nan=False, width=32))
def test_a_short_float_is_its_own_shortest_decimal(value):
    """A level of a 32-bit float is the text that NumPy writes for it, whichever library holds it."""
    text = read_level("x", np.float32(value), "levels")
    assert text == read_level("x", pa.scalar(value, pa.float32()), "levels")
    assert np.float32(text) == np.float32(value)
    assert len(text) <= len(repr(float(np.float32(value)))) or float(value).is_integer()


@given(moment=st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30), timezones=st.just(dt.UTC)))
def test_a_month_is_that_of_its_moment(moment):
    """A moment, its text and its day say the same month."""
    want = moment.year * 12 + moment.month - 1
    assert read_month("x", moment) == read_month("x", moment.isoformat()) == want
    assert read_month("x", moment.date()) == want


@pytest.mark.slow
def test_one_case_needs_no_library_and_microseconds():
    """Scoring one case imports nothing but the standard library, and takes microseconds."""
    code = (
        "import sys\nfrom plainscore.scorecard.card._card import Attribute, Card, CardCharacteristic, Scale\n"
        "one = CardCharacteristic('x', 'x', '', '', 'none', 'number', '', (Attribute('range', 1, 'any'),"
        "Attribute('missing', 0, ''), Attribute('out_of_range', 0, '')))\n"
        "card = Card('x', 'x', {}, '', Scale('600', '1', '20', 0, 1), 0, (one,))\n"
        "print(card.score_one({'x': 1.0}), sorted({'numpy', 'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "1 []\n"
    card, case = CARDS["number"], {"x": 0.6}
    card.score_one(case)
    start = time.perf_counter()
    for _ in range(10_000):
        card.score_one(case)
    assert (time.perf_counter() - start) / 10_000 < 20e-6
