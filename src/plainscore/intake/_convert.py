"""Turning the cells of a file into the contract's types; a cell that cannot be is named, not guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.intake._draft import Draft
from plainscore.ledger import Column, Mask, Table, UnconvertibleColumnError, mask_of

_ID: Final = "an id without spaces around it or characters that cannot be seen"

_WHOLE: Final = r"^-?\d+$"

SHAPES: Final = {
    "int8": _WHOLE,
    "int16": _WHOLE,
    "int64": _WHOLE,
    "date32[day]": r"^\d{4}-\d\d-\d\d$",
    "bool": r"^(?i:true|false|0|1)$",
    "timestamp[us, tz=UTC]": r"^\d{4}-\d\d-\d\d[T ]\d\d.*(Z|[+-]\d\d(:?\d\d)?)$",
}
"""What a text must look like at least to be converted; looking like it is not enough (2024-02-30)."""


def convert(raw: pa.Table, contract: Table, file: str) -> Draft:
    """Return a draft of `raw` in the contract's types, rejecting cells that have no such value.

    Raises UnconvertibleColumnError where a whole column has a type that cannot stand for the contract's.
    """
    columns: list[pa.ChunkedArray] = []
    failures: list[tuple[Column, pa.ChunkedArray, Mask]] = []
    for column in contract.columns:
        if column.name not in raw.column_names:
            columns.append(pa.chunked_array([pa.nulls(raw.num_rows, column.type)]))
            continue
        source = _plain(raw.column(column.name), column, file)
        values, failed = _converted(source, column.type)
        if (odd := _odd_ids(values, column)).any():
            values, failed = _blank(values, odd), failed | odd
        columns.append(values)
        failures.append((column, source, failed))
    draft = Draft(file, contract, pa.Table.from_arrays(columns, names=contract.schema.names))
    for column, source, failed in failures:
        draft.reject(
            failed,
            column=column.name,
            rule=f"must be {_ID if _is_id(column) else column.form}",
            mend="write the value in that form" + ("" if column.required else ", or leave the cell empty"),
            values=source,
        )
        if column.required:
            draft.reject(
                draft.absent(column.name) & ~failed,
                column=column.name,
                rule="must not be empty",
                mend=f"fill in {column.says}",
            )
    return draft


def _is_id(column: Column) -> bool:
    return column.name.endswith("_id")


def _odd_ids(values: pa.ChunkedArray, column: Column) -> Mask:
    """Find ids with space around them or characters that nobody sees: two such ids look like one."""
    if not _is_id(column):
        return np.zeros(len(values), dtype=np.bool_)
    return mask_of(pc.match_substring_regex(values, r"^[\s\p{Z}]|[\s\p{Z}]$|[\p{Cc}\p{Cf}]"))


def _plain(source: pa.ChunkedArray, column: Column, file: str) -> pa.ChunkedArray:
    """Return the column without dictionaries, wide strings or NaN; refuse a type that means another thing."""
    kind, target = source.type, column.type
    if pa.types.is_dictionary(kind):
        source = source.cast(kind.value_type)
        kind = source.type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        source = source.cast(pa.string())
        kind = source.type
    if not _can_stand_for(kind, target):
        raise UnconvertibleColumnError(
            f"{file}: column {column.name!r} has type {kind}, which cannot become {target}."
            f"{_about_zone(kind, target)} "
            f"Convert it to {column.form} before writing the file."
        )
    if pa.types.is_string(kind):
        # White space alone says nothing, least of all which person.
        return pc.if_else(pc.equal(pc.utf8_trim_whitespace(source), ""), pa.scalar(None, kind), source)
    if pa.types.is_floating(kind):
        # Every narrower float is one of these exactly; half floats have almost no functions of their own.
        source = source.cast(pa.float64())
        return pc.if_else(pc.is_nan(source), pa.scalar(None, pa.float64()), source)
    return source


def _about_zone(kind: pa.DataType, target: pa.DataType) -> str:
    """Say what is wrong with the time zone of a moment that stands for a day, or for another moment."""
    if not pa.types.is_timestamp(kind):
        return ""
    if pa.types.is_date(target):
        return " It has a time zone, and its moments are other days elsewhere."
    return " It has no time zone; state one." if pa.types.is_timestamp(target) else ""


def _can_stand_for(kind: pa.DataType, target: pa.DataType) -> bool:
    types = pa.types
    if kind == target or types.is_null(kind) or types.is_string(kind):
        return True
    if types.is_string(target):
        return bool(types.is_integer(kind))
    if types.is_integer(target):
        return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))
    zone = types.is_timestamp(kind) and kind.tz is not None
    if types.is_date(target):
        return bool(types.is_date(kind) or (types.is_timestamp(kind) and not zone))
    return bool(types.is_timestamp(target) and zone)


def _converted(source: pa.ChunkedArray, target: pa.DataType) -> tuple[pa.ChunkedArray, Mask]:
    failed = _loses_something(source, target)
    if failed.any():
        source = _blank(source, failed)
    try:
        values = source.cast(target)
    except pa.ArrowInvalid:
        failed = failed | _unconvertible(source, target)
        values = _blank(source, failed).cast(target)
    beyond = _beyond_the_calendar(values)
    return (_blank(values, beyond), failed | beyond) if beyond.any() else (values, failed)


def _beyond_the_calendar(values: pa.ChunkedArray) -> Mask:
    """Find dates and moments outside the years 1 to 9999, which no calendar here can hold."""
    if not pa.types.is_temporal(values.type):
        return np.zeros(len(values), dtype=np.bool_)
    day = pa.types.is_date32(values.type)
    per_day = 1 if day else 86_400_000_000
    # One day inside the calendar at both ends, so that a time zone does not step over them.
    first, last = (
        (at.toordinal() - date(1970, 1, 1).toordinal()) * per_day
        for at in (date(1, 1, 2), date(9999, 12, 30))
    )
    numbers = values.cast(pa.int32() if day else pa.int64())
    return mask_of(pc.or_(pc.less(numbers, first), pc.greater(numbers, last)))


def _loses_something(source: pa.ChunkedArray, target: pa.DataType) -> Mask:
    """Find what Arrow would convert in silence with another meaning, and numbers that do not fit."""
    types = pa.types
    if types.is_integer(target) and types.is_string(source.type):
        return mask_of(pc.match_substring(source, "x", ignore_case=True))  # hexadecimal
    if types.is_integer(target) and not types.is_null(source.type):
        return mask_of(_not_whole(source, np.iinfo(target.to_pandas_dtype())))
    if types.is_timestamp(source.type) and types.is_date(target):
        return mask_of(pc.not_equal(source.cast(target).cast(source.type), source))  # a time of day
    return np.zeros(len(source), dtype=np.bool_)


def _not_whole(source: pa.ChunkedArray, bounds: np.iinfo[Any]) -> pa.ChunkedArray:
    """Find numbers that are not whole, or lie outside the bounds of a whole number's type.

    Bounds are compared in the column's own type, where Arrow would convert the column to theirs and fail.
    """
    if pa.types.is_decimal(source.type) or pa.types.is_integer(source.type):
        wide = source.cast(pa.decimal256(76, getattr(source.type, "scale", 0)))
        low, high = (pa.scalar(Decimal(int(at))) for at in (bounds.min, bounds.max))
        return pc.or_(pc.or_(pc.less(wide, low), pc.greater(wide, high)), pc.not_equal(pc.floor(wide), wide))
    # Both powers of two are exact as floats; the highest bound itself is not, so the comparison is with 2^n.
    low, beyond = (pa.scalar(float(at), source.type) for at in (int(bounds.min), int(bounds.max) + 1))
    outside = pc.or_(pc.less(source, low), pc.greater_equal(source, beyond))
    return pc.or_(outside, pc.not_equal(pc.floor(source), source))


def _unconvertible(source: pa.ChunkedArray, target: pa.DataType) -> Mask:
    distinct = source.unique().drop_null()
    bad = pa.array([], source.type)
    if pa.types.is_string(source.type):
        # A column written in another form fails in every row: too many to ask Arrow one by one.
        shaped = pc.match_substring_regex(distinct, SHAPES[str(target)])
        bad, distinct = distinct.filter(pc.invert(shaped)), distinct.filter(shaped)
    values = pa.concat_arrays([bad, pa.array(_bisect(distinct, target), source.type)])
    return mask_of(pc.is_in(source, values))


def _bisect(values: pa.Array, target: pa.DataType) -> list[object]:
    """Return the values that do not convert: halves that convert as a whole need no second look."""
    try:
        values.cast(target)
    except pa.ArrowInvalid:
        if len(values) == 1:
            return [values[0]]
        middle = len(values) // 2
        return _bisect(values[:middle], target) + _bisect(values[middle:], target)
    return []


def _blank(source: pa.ChunkedArray, where: Mask) -> pa.ChunkedArray:
    return pc.if_else(pa.array(where), pa.scalar(None, source.type), source)
