"""How a text becomes a value: the shapes that spare a slow search, and the search itself."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.intake._convert import SHAPES, convert
from plainscore.ledger import STATEMENTS, UnconvertibleColumnError

TYPES = [pa.int8(), pa.int16(), pa.int64(), pa.date32(), pa.bool_(), pa.timestamp("us", tz="UTC")]


@pytest.mark.parametrize("target", TYPES, ids=str)
@given(
    st.one_of(
        st.text("0123456789-+:.TZ truefalsTRUEFALS", max_size=26),
        st.from_regex(
            r"\d{1,4}-\d{1,2}-\d{1,2}([T ]\d\d(:\d\d(:\d\d(\.\d{1,6})?)?)?)?(Z|[+-]\d\d(:?\d\d)?)?",
            fullmatch=True,
        ),
        st.from_regex(r"[+-]?\d{1,19}", fullmatch=True),
        st.sampled_from(["true", "False", "TRUE", "0", "1"]),
    )
)
def test_what_converts_has_its_shape(target: pa.DataType, text: str) -> None:
    """A text that Arrow converts is never taken for a misfit because of its shape."""
    try:
        pa.array([text]).cast(target)
    except pa.ArrowInvalid:
        return
    assert re.search(SHAPES[str(target)], text)


def test_many_kinds_of_failure_in_one_column() -> None:
    """Misfits by shape, by calendar and by range are all found, and no good value with them."""
    texts = ["1", "300", "x", None, "-128", "1.0", "0x1", "127", "-129", "99999999999999999999"] * 50
    raw = pa.table({"arrears": pa.array(texts, pa.string())})
    draft = convert(raw, STATEMENTS, "statements.csv")
    assert draft.rows["arrears"].to_pylist()[:10] == [1, None, None, None, -128, None, None, 127, None, None]
    arrears = [row for row in draft.rejects.to_pylist() if row["column"] == "arrears"]
    assert sorted(row["value"] for row in arrears[:6]) == [
        "-129",
        "0x1",
        "1.0",
        "300",
        "99999999999999999999",
        "x",
    ]
    assert len(arrears) == 300


@pytest.mark.parametrize("values", [[1.5, 2.0], [float("inf"), 2.0], [1e30, 2.0], [-129, 2], [2**40, 2]])
def test_numbers_that_do_not_fit(values: list[float]) -> None:
    """A fraction, an infinity and a number out of range are refused; the number beside them is kept."""
    draft = convert(pa.table({"arrears": values}), STATEMENTS, "statements.parquet")
    assert draft.rows["arrears"].to_pylist() == [None, 2]
    assert [row["row"] for row in draft.rejects.to_pylist() if row["column"] == "arrears"] == [1]


@pytest.mark.parametrize(
    ("column", "kind", "says"),
    [
        (
            "month",
            pa.timestamp("us", tz="UTC"),
            "It has a time zone, and its moments are other days elsewhere.",
        ),
        ("month", pa.timestamp("ns", tz="Asia/Tokyo"), "It has a time zone"),
        ("reported_at", pa.timestamp("us"), "It has no time zone; state one."),
        ("arrears", pa.timestamp("us"), "cannot become int8. Convert it"),
        ("month", pa.int64(), "cannot become date32[day]. Convert it to a date written 2024-03-31"),
    ],
)
def test_a_type_that_means_another_thing(column: str, kind: pa.DataType, says: str) -> None:
    """What is wrong with the type of a column is said of that type: a zone too much, or one too few."""
    with pytest.raises(UnconvertibleColumnError, match=re.escape(says)):
        convert(pa.table({column: pa.array([0], pa.int64()).cast(kind)}), STATEMENTS, "statements.parquet")
