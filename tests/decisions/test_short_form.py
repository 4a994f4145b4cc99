"""A decision is kept in a short form that gives the same record back, to the byte."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from editions import DECISIONS, named
from hypothesis import given
from hypothesis import strategies as st

from plainscore.decisions import (
    Common,
    DecisionError,
    ShortForm,
    lengthened,
    read_record,
    shortened,
    write_record,
)
from plainscore.decisions._column_form import from_columns, to_columns
from plainscore.log import canonical_json

NOTHING_COMMON = Common(())

names = st.sampled_from(
    ["id", "en", "es", "schema", "~common", "~of", "~", "month", "account_id", "due", "a"]
)
days = st.dates().map(str)
moments = st.datetimes().map(lambda moment: moment.isoformat() + "Z")
near_dates = st.sampled_from(
    ["2025-1-31", "20250131AB", "2025-02-30", "2025-01-31T24:00:00Z", "2025-01-31T00:00:00"]
)
scalars = (
    st.none() | st.booleans() | st.integers(-3, 2**53 - 1) | st.text(max_size=3) | days | moments | near_dates
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
statement = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from(["A", "B"]),
        "month": st.sampled_from(["2025-01-31", "2025-02-28", "soon"]),
    },
    optional={"due": scalars, "reported_at": moments, "statement_id": scalars, "closed": days},
)
inputs = st.fixed_dictionaries(
    {"statements": st.lists(statement, max_size=5)},
    optional={
        "accounts": st.just([{"account_id": "A", "furnisher_id": "F", "currency": "EUR"}]),
        "furnishers": st.just([{"furnisher_id": "F", "name": "Bank"}]),
        "flags": st.lists(st.dictionaries(names, values, max_size=3), max_size=3),
    },
)
records = st.dictionaries(names | st.sampled_from(["parts", "reasons"]), values, max_size=6)
common = st.lists(st.dictionaries(names, values, max_size=4), max_size=4).map(Common)


def deflated(form: ShortForm) -> int:
    """Return how many bytes of a short form are kept: its two blocks are compressed each by itself."""
    return sum(len(zlib.compress(canonical_json(block))) for block in (form.core, form.inputs))


@given(records, inputs, common)
def test_whatever_is_shortened_comes_back(record: dict[str, Any], rows: Any, shared: Common) -> None:
    """Any record, with any common parts, comes back as it was, also through the bytes that are kept."""
    whole: Any = {**record, "inputs": rows}
    form = shortened(whole, shared)
    kept = ShortForm(json.loads(canonical_json(form.core)), json.loads(canonical_json(form.inputs)))
    assert canonical_json(lengthened(kept, Common.from_json(shared.to_json()))) == canonical_json(whole)


@given(st.lists(st.dictionaries(names, values, max_size=5), min_size=1, max_size=5))
def test_rows_come_back_from_columns(rows: list[dict[str, Any]]) -> None:
    """Any rows come back from columns, whatever some of them lack and whatever looks like a date."""
    assert canonical_json(from_columns(json.loads(canonical_json(to_columns(rows))))) == canonical_json(rows)


@pytest.mark.parametrize("path", DECISIONS, ids=named)
def test_decisions_of_every_edition_have_a_short_form(path: Path) -> None:
    """A decision of any edition comes back byte for byte."""
    data = path.read_bytes()
    assert write_record(lengthened(shortened(read_record(data), NOTHING_COMMON), NOTHING_COMMON)) == data


def test_short_forms_are_short() -> None:
    """Together they take less than a third of the records, and less when compressed too."""
    whole = [path.read_bytes() for path in DECISIONS]
    forms = [shortened(read_record(data), NOTHING_COMMON) for data in whole]
    short = sum(len(canonical_json(form.core)) + len(canonical_json(form.inputs)) for form in forms)
    assert short < sum(map(len, whole)) / 3
    assert sum(map(deflated, forms)) < sum(len(zlib.compress(data)) for data in whole)


def test_a_record_that_is_common_takes_no_room() -> None:
    """What is in the common parts is a number, and a part with other points says its points alone."""
    part = {"id": "late", "label": {"en": "Late"}, "attribute": "never", "points": 40}
    record: Any = {"parts": [part, {**part, "points": 41}], "inputs": {}}
    assert shortened(record, Common([part])).core["content"] == {
        "parts": {"~list": [[0, {}], [0, {"points": 41}]]}
    }


def test_another_form_is_refused() -> None:
    """A form that this version does not know is never guessed at."""
    with pytest.raises(DecisionError, match="Read it with a later Plainscore"):
        lengthened(ShortForm({"form": "plainscore/short-decision/2"}, {}), NOTHING_COMMON)
