"""Whatever table a user has, as named one-dimensional arrays of the kind that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._arrow_codes import with_signed_codes
from plainscore.scorecard._errors import InputError

if TYPE_CHECKING:
    from plainscore.scorecard.binning._characteristic import Kind

Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]

_KIND_OF: dict[str, str] = {
    "boolean": "boolean",
    "floating": "number",
    "integer": "number",
    "mixed-integer-float": "number",
    "decimal": "number",
    "empty": "number",
    "date": "month",
    "datetime": "month",
    "datetime64": "month",
    "period": "month",
    "string": "levels",
    "categorical": "levels",
}


def named_columns(X: Any) -> dict[str, Any]:
    """Return the columns of a DataFrame (pandas, Polars, Arrow), a mapping of arrays, or a 2-D array."""
    if hasattr(X, "tocsr"):
        raise InputError(
            "X is sparse, and sparse input is not supported. Give a dense table, NaN where absent."
        )
    # A column of pandas before 3 is known by iloc alone.
    if (hasattr(X, "__arrow_c_stream__") or hasattr(X, "iloc")) and len(getattr(X, "shape", (0, 0))) == 1:
        raise InputError("Expected 2D array, got a single column instead. Give a table: X.to_frame(), say.")
    if isinstance(X, Mapping):
        columns = {str(name): _flat(str(name), values) for name, values in X.items()}
    elif hasattr(X, "iloc") and hasattr(X, "columns"):
        columns = _pandas_columns(X)
    elif hasattr(X, "__arrow_c_stream__"):
        columns = _arrow_columns(X)
    else:
        columns = _array_columns(X)
    if not columns:
        raise InputError(
            f"X has 0 feature(s) (shape={np.shape(X)}) while a minimum of 1 is required. Add columns."
        )
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise InputError(
            f"Columns have different lengths ({sorted(lengths)}). Give every column one value a row."
        )
    return columns


def _arrow_columns(X: Any) -> dict[str, Any]:
    import pyarrow as pa

    try:
        table = with_signed_codes(pa.table(X))
        _check_names(table.column_names)
        return {name: _from_arrow(table.column(at)) for at, name in enumerate(table.column_names)}
    except pa.ArrowException as error:
        raise InputError(
            f"{_unreadable(X)} has a type that Arrow cannot read ({error}). Cast it to another, or drop it."
        ) from error


def _from_arrow(values: Any) -> Any:
    """Return an Arrow array as a pandas column in which no whole number and no truth turns into a float."""
    import pandas as pd
    import pyarrow as pa

    kept = {pa.int64(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype(), pa.bool_(): pd.BooleanDtype()}
    gaps = values.null_count > 0
    return values.to_pandas(date_as_object=False, types_mapper=kept.get if gaps else None)


def _unreadable(X: Any) -> str:
    """Return the first column that Arrow cannot read, in words."""
    import pyarrow as pa

    for name in getattr(X, "columns", ()):
        try:
            pa.table(X[[name]]).to_pandas()
        except pa.ArrowException:
            return f"Column {name!r}"
        except TypeError:  # not a table that is cut by names
            break
    return "A column"


def _pandas_columns(frame: Any) -> dict[str, Any]:
    names = [str(name) for name in frame.columns]
    _check_names(names)
    return {name: _plain_arrow(frame.iloc[:, at]) for at, name in enumerate(names)}


def _check_names(names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        repeated = sorted({name for name in names if names.count(name) > 1})
        raise InputError(f"Column {repeated[0]!r} occurs more than once. Rename or drop the others.")


def _array_columns(X: Any) -> dict[str, Any]:
    array = _array("X", X)
    if array.ndim != 2:
        raise InputError(
            f"Expected 2D array, got {array.ndim}D array instead. Give a table of named columns. "
            "Reshape your data: one row a case, one column a characteristic."
        )
    if isinstance(X, (list, tuple)):  # of rows that may hold unlike things
        array = np.asarray(X, object)
        return {f"x{at}": _listed(f"x{at}", array[:, at].tolist()) for at in range(array.shape[1])}
    return {f"x{at}": _unmasked(array[:, at]) for at in range(array.shape[1])}


def _array(name: str, values: Any) -> npt.NDArray[Any]:
    try:
        return np.asanyarray(values) if isinstance(values, np.ma.MaskedArray) else np.asarray(values)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} is ragged: {error}. Give rows, or values, of one shape.") from error


def _flat(name: str, values: Any) -> Any:
    """Return one column of a mapping, in which every value is what was given."""
    if hasattr(values, "to_arrow"):  # a Polars series
        values = _polars_column(name, values)
    elif hasattr(values, "to_pylist"):  # an Arrow array alone
        values = _from_arrow(values)
    elif isinstance(values, (list, tuple)):
        values = _listed(name, values)
    elif not hasattr(values, "iloc") and not isinstance(getattr(values, "dtype", np.dtype(int)), np.dtype):
        values = _as_series(values)  # an index or an array of pandas
    elif hasattr(values, "to_numpy") and not hasattr(values, "iloc"):
        values = values.to_numpy()
    if not hasattr(values, "iloc"):
        values = _array(f"Column {name!r}", values)
    if values.ndim != 1:
        raise InputError(f"Column {name!r} has {values.ndim} dimensions. Give one value a row.")
    return _plain_arrow(values) if hasattr(values, "iloc") else _unmasked(values)


def _as_series(values: Any) -> Any:
    import pandas as pd

    return pd.Series(values)


def _polars_column(name: str, values: Any) -> Any:
    import pyarrow as pa

    try:
        return _from_arrow(values.to_arrow())
    except (pa.ArrowException, RuntimeError) as error:  # Polars' own errors are of the latter kind
        raise InputError(
            f"Column {name!r} has a type that Arrow cannot read ({error}). Cast it to another, or drop it."
        ) from error


def _listed(name: str, values: Sequence[Any]) -> npt.NDArray[Any]:
    """Return a list as an array in which 1, 1.5, True and "1" stay what they are.

    NumPy alone would make texts of all of them, or numbers.
    """
    kinds = set(map(type, values))
    if kinds & {list, tuple} or (np.ndarray in kinds and any(getattr(each, "ndim", 0) for each in values)):
        return _array(f"Column {name!r}", values)
    only = kinds.pop() if len(kinds) == 1 else object
    if only in (float, bool) or (issubclass(only, np.generic) and not issubclass(only, np.flexible)):
        return np.asarray(values)
    if only is int:
        try:
            return np.array(values, np.int64)
        except OverflowError:
            pass
    return np.fromiter(values, object, len(values))


def _unmasked(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an array with None where a mask hides a value."""
    if isinstance(values, np.ma.MaskedArray):
        shown = np.asarray(values, object)
        shown[np.ma.getmaskarray(values)] = None
        return shown
    return values


def _plain_arrow(values: Any) -> Any:
    """Return a pandas column of Arrow dictionaries or nulls as the categories or gaps that it stands for."""
    if not hasattr(values.dtype, "pyarrow_dtype"):
        return values
    import pyarrow as pa

    arrow = values.dtype.pyarrow_dtype
    if pa.types.is_dictionary(arrow):
        return with_signed_codes(pa.table({"": pa.array(values)}))[""].to_pandas()
    return values.astype(object) if pa.types.is_null(arrow) else values


def take_rows(values: Any, rows: npt.NDArray[np.int64]) -> Any:
    """Return some rows of a column."""
    return values.iloc[rows] if hasattr(values, "iloc") else np.asarray(values)[rows]


def kind_of(name: str, values: Any) -> Kind:
    """Read the kind of a column off its type."""
    dtype = getattr(values, "dtype", None)
    plain = getattr(dtype, "kind", "O")
    if isinstance(dtype, np.dtype) and plain in "fiub":
        return "boolean" if plain == "b" else "number"
    if plain == "c":
        raise InputError(f"Column {name!r}: Complex data not supported. Give real numbers.")
    import pandas as pd

    said = pd.api.types.infer_dtype(values, skipna=True)
    if said not in _KIND_OF:
        what = "mixes types" if said.startswith(("mixed", "unknown")) else f"holds {said} values"
        raise InputError(
            f"Column {name!r} {what} that have no one order or set of levels. "
            "Make it numbers, texts, booleans or dates."
        )
    return cast("Kind", _KIND_OF[said])


def missing_columns(wanted: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError if a column that is needed is absent."""
    absent = [name for name in wanted if name not in given]
    if not absent:
        return
    extra = [name for name in given if name not in set(wanted)]
    near = get_close_matches(absent[0], extra, 1) if extra else []
    hint = f" Columns {extra[:5]} are not used: was one renamed?" if extra else ""
    hint = f" Did you mean {near[0]!r}?" if near else hint
    raise InputError(
        f"Column {absent[0]!r} is missing{_more(absent)}. Add it; give a column of empty values if nothing "
        f"is known.{hint}"
    )


def _more(names: Sequence[str]) -> str:
    return "" if len(names) == 1 else f" (and {len(names) - 1} more: {list(names[1:6])})"
