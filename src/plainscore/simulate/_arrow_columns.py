"""Arrow columns made directly from numpy arrays, without a Python object per row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from plainscore.ledger import TABLES, TIME
from plainscore.simulate._month_numbers import Flags, Ints


def numbered(prefix: str, numbers: Ints, digits: int) -> pa.Array:
    """Return text ids: a prefix and a number padded with zeros.

    Examples
    --------
    >>> numbered("S", np.array([7, 12]), 3).to_pylist()
    ['S007', 'S012']
    """
    head = np.frombuffer(prefix.encode(), np.uint8)
    width = len(head) + digits
    text = np.empty((len(numbers), width), np.uint8)
    text[:, : len(head)] = head
    left = numbers.copy()
    for column in range(width - 1, len(head) - 1, -1):
        left, digit = np.divmod(left, 10)
        text[:, column] = digit + ord("0")
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(
        len(numbers), pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(text.reshape(-1))
    )


def named(values: Sequence[str], codes: Ints) -> pa.Array:
    """Return the text each code stands for; a negative code is null."""
    index = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.array(values, pa.string()).take(index)


def integers(values: Ints, type_: pa.DataType, known: Flags | None = None) -> pa.Array:
    """Return whole numbers, days or moments as an Arrow column, null where not `known`."""
    width = {1: np.int8, 2: np.int16, 4: np.int32, 8: np.int64}[type_.bit_width // 8]
    column = pa.array(values.astype(width), mask=None if known is None else ~known)
    return column if column.type == type_ else column.cast(type_)


def moments(seconds: Ints, known: Flags | None = None) -> pa.Array:
    """Return seconds since 1 January 1970 as moments in UTC, null where not `known`."""
    return integers(seconds * 1_000_000, TIME, known)


def contract_table(name: str, columns: dict[str, pa.Array]) -> pa.Table:
    """Return the contract's table `name` with its columns in order."""
    schema = TABLES[name].schema
    return pa.Table.from_arrays([columns[column] for column in schema.names], schema=schema)
