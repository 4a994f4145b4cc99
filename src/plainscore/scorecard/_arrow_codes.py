"""Categories of Arrow whose codes have no sign, as older Polars gives them and pandas does not take them."""

from __future__ import annotations

from typing import Any


def with_signed_codes(table: Any) -> Any:
    """Return an Arrow table whose categories are coded by signed whole numbers.

    Parameters
    ----------
    table : pyarrow.Table
        Any table.

    Returns
    -------
    pyarrow.Table
        The same values; other columns as they are.

    Examples
    --------
    >>> import pyarrow as pa
    >>> codes = pa.array([1, 0, None], pa.uint32())
    >>> levels = pa.DictionaryArray.from_arrays(codes, ["own", "rent"])
    >>> with_signed_codes(pa.table({"home": levels}))["home"].to_pandas().tolist()
    ['rent', 'own', nan]
    """
    import pyarrow as pa

    for at, kind in enumerate(table.schema.types):
        if pa.types.is_dictionary(kind) and pa.types.is_unsigned_integer(kind.index_type):
            chunks = [
                pa.DictionaryArray.from_arrays(chunk.indices.cast(pa.int64()), chunk.dictionary)
                for chunk in table.column(at).chunks
            ]
            signed = pa.chunked_array(chunks, pa.dictionary(pa.int64(), kind.value_type))
            table = table.set_column(at, table.schema.names[at], signed)
    return table
