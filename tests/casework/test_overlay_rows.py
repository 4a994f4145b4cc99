"""Rows of the ledger go into the store and come out as they were."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainscore.casework._overlay_rows import (
    CORRECTION,
    DISPUTE,
    KEY_OF,
    TABLE_OF,
    overlay_row,
    overlay_table,
)
from plainscore.ledger import TABLES
from plainscore.records import Kept, OverlayRow

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
KINDS = (CORRECTION, DISPUTE)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
zones = st.sampled_from([0, -5, 5.5, 14]).map(lambda hours: timezone(timedelta(hours=hours)))
moments = st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1), timezones=zones)


def values(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Return what a column of a type may hold."""
    if pa.types.is_date(kind):
        return st.dates(date(1900, 1, 1), date(2999, 1, 1))
    if pa.types.is_timestamp(kind):
        return moments
    if pa.types.is_boolean(kind):
        return st.booleans()
    if pa.types.is_integer(kind):
        return st.integers(-(2 ** (kind.bit_width - 1)), 2 ** (kind.bit_width - 1) - 1)
    assert pa.types.is_string(kind), f"no values for {kind}"
    return texts


def rows_of(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return rows of the table that a kind is laid over."""
    schema = TABLES[TABLE_OF[kind]].schema
    never_empty = {KEY_OF[kind], "account_id"}
    return st.fixed_dictionaries(
        {
            field.name: values(field.type) if field.name in never_empty else st.none() | values(field.type)
            for field in schema
        }
    )


def kept(row: OverlayRow, *, body: bytes | None = None) -> Kept:
    """Return a row as the store gives it back."""
    columns = {"kind": row.kind}
    return Kept(
        kind="overlay", id=row.id, version=1, moment=NOON, erased=None, columns=columns, body=body or row.body
    )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_row_comes_out_as_it_went_in(kind: str, data: st.DataObject) -> None:
    """Every column of a row of the ledger, whatever it holds, is the same after the store."""
    row = data.draw(rows_of(kind))
    made = overlay_row(kind, row, person="p")
    found = overlay_table(kind, [kept(made)])
    schema = TABLES[TABLE_OF[kind]].schema
    assert found.equals(pa.Table.from_pylist([row], schema=schema))
    assert (made.kind, made.person, made.account) == (kind, "p", row["account_id"])
    assert json.loads(made.body)["table"] == TABLE_OF[kind]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_of_rows_with_one_key_the_latest_stands(kind: str, data: st.DataObject) -> None:
    """Of rows with one key the one kept last stands; other kinds and those of the erased are passed over."""
    rows = data.draw(st.lists(rows_of(kind), min_size=1, max_size=4))
    keys = data.draw(st.lists(st.sampled_from("ab"), min_size=len(rows), max_size=len(rows)))
    keyed = [row | {KEY_OF[kind]: key} for row, key in zip(rows, keys, strict=True)]
    (other,) = set(KINDS) - {kind}
    told = [kept(overlay_row(kind, row, person="p")) for row in keyed]
    stranger = Kept(
        kind="overlay", id="ab" * 32, version=2, moment=NOON, erased=NOON, columns={"kind": kind}, body=None
    )
    noise = kept(overlay_row(other, data.draw(rows_of(other)), person="p"))
    found = overlay_table(kind, [noise, *told, stranger])
    newest = {row[KEY_OF[kind]]: row for row in keyed}
    schema = TABLES[TABLE_OF[kind]].schema
    assert found.equals(pa.Table.from_pylist(list(newest.values()), schema=schema))


@given(rows_of(CORRECTION))
def test_each_holder_has_a_row_of_their_own(row: dict[str, Any]) -> None:
    """One row laid over two people is two rows, with one content; over one person twice it is one."""
    one, other = (overlay_row(CORRECTION, row, person=person) for person in ("p", "q"))
    assert one.id != other.id
    assert one.body == other.body
    assert overlay_row(CORRECTION, row, person="p") == one
    assert overlay_table(CORRECTION, [kept(one), kept(other)]).num_rows == 1


def test_nothing_is_an_empty_table() -> None:
    """Where nothing is laid over a table, there is a table of no rows with its columns."""
    for kind in KINDS:
        found = overlay_table(kind, [])
        assert found.num_rows == 0
        assert found.schema == TABLES[TABLE_OF[kind]].schema
