"""The content hash of a ledger: what a build, a decision and a report name as their input."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from plainscore.ledger._contract import TABLES

_DOMAIN = b"plainscore/ledger/1"


def fingerprint(table: Callable[[str], pa.Table]) -> str:
    """Return the SHA-256 of every table's content.

    The same rows in the same order give the same digest, however the tables are cut into chunks or
    slices and whatever lies under a null. Row order counts, since sorting millions of rows to forget
    it would cost more than every other step of opening a ledger.

    Parameters
    ----------
    table : callable
        Gives the contract's table of a name, for instance ``ledger.table``.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256(_DOMAIN)
    for name in TABLES:
        rows = table(name)
        if name == "closures" and not rows.num_rows:
            continue  # A ledger in which nothing is closed is what it was before there were closures.
        digest.update(f"\n{name} {rows.num_rows}\n".encode())
        for field in rows.schema:
            digest.update(f"{field.name} {field.type}\n".encode())
            digest.update(_column_digest(rows.column(field.name)))
    return digest.hexdigest()


def _column_digest(column: pa.ChunkedArray) -> bytes:
    # Validity, lengths and bytes go into streams of their own: only so is the result free of chunk edges.
    validity, lengths, values = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    for chunk in column.chunks:
        validity.update(_bytes_of(pc.is_valid(chunk).cast(pa.uint8())))
        if pa.types.is_string(chunk.type):
            filled = pc.fill_null(chunk, "") if chunk.null_count else chunk
            lengths.update(_bytes_of(pc.binary_length(filled)))
            values.update(_text_of(filled))
        else:
            values.update(_bytes_of(_as_integers(chunk)))
    return validity.digest() + lengths.digest() + values.digest()


def _as_integers(chunk: pa.Array) -> pa.Array:
    if pa.types.is_boolean(chunk.type):
        chunk = chunk.cast(pa.uint8())
    elif pa.types.is_date32(chunk.type):
        chunk = chunk.cast(pa.int32())
    elif pa.types.is_timestamp(chunk.type):
        chunk = chunk.cast(pa.int64())
    return pc.fill_null(chunk, 0) if chunk.null_count else chunk


def _bytes_of(chunk: pa.Array) -> memoryview:
    array = chunk.to_numpy(zero_copy_only=False)
    little_endian = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return memoryview(little_endian).cast("B") if little_endian.size else memoryview(b"")


def _text_of(chunk: pa.Array) -> memoryview:
    if not len(chunk):
        return memoryview(b"")
    _, offsets, data = chunk.buffers()
    if data is None:
        return memoryview(b"")
    first, last = chunk.offset, chunk.offset + len(chunk)
    positions = memoryview(offsets).cast("i")
    return memoryview(data)[positions[first] : positions[last]]
