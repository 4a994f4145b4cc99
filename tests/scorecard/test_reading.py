"""One reading for one case and for a column: whatever type and container a value comes in."""

from __future__ import annotations

import datetime as dt
import fractions
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st

from plainscore.scorecard import InputError
from plainscore.scorecard._reading import read_level, read_month, read_number

from ._readings import (
    CARDS,
    MADRID,
    VALUES,
    Word,
    agree,
    alone,
    containers,
    objects,
)


@given(
    kind=st.sampled_from(sorted(CARDS)),
    values=st.lists(st.sampled_from(range(len(VALUES))), min_size=1, max_size=4),
)
@examples(120)
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
        "import sys\nfrom plainscore.scorecard import Attribute, Card, CardCharacteristic, Scale\n"
        "one = CardCharacteristic('x', 'x', '', '', 'none', 'number', '', (Attribute('range', 1, 'any'),"
        "Attribute('missing', 0, ''), Attribute('out_of_range', 0, '')))\n"
        "card = Card('x', 'x', {}, '', Scale('600', '1', '20', 0, 1), 0, (one,))\n"
        "print(card.score_one({'x': 1.0}), sorted({'numpy', 'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "1 []\n"
    card, case = CARDS["number"], {"x": 0.6}
    card.score_one(case)
    rounds = []
    for _ in range(20):  # the best of them, since others may be working on this machine
        start = time.perf_counter()
        for _ in range(500):
            card.score_one(case)
        rounds.append((time.perf_counter() - start) / 500)
    assert min(rounds) < 20e-6
