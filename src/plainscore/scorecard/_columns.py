"""Whatever table a user has, as named one-dimensional arrays of the kind that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._arrow_codes import with_signed_codes
from plainscore.scorecard._errors import InputError
from plainscore.scorecard._values import EXACT, digits_lost, level_text, month_number

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
        columns = _array_columns(_array("X", X))
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
        return _pandas_columns(with_signed_codes(pa.table(X)).to_pandas(date_as_object=False))
    except pa.ArrowException as error:
        raise InputError(
            f"{_unreadable(X)} has a type that Arrow cannot read ({error}). Cast it to another, or drop it."
        ) from error


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
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise InputError(f"Column {repeated[0]!r} occurs more than once. Rename or drop the others.")
    return {name: _plain_arrow(frame.iloc[:, at]) for at, name in enumerate(names)}


def _array_columns(array: npt.NDArray[Any]) -> dict[str, Any]:
    if array.ndim != 2:
        raise InputError(
            f"Expected 2D array, got {array.ndim}D array instead. Give a table of named columns. "
            "Reshape your data: one row a case, one column a characteristic."
        )
    return {f"x{at}": array[:, at] for at in range(array.shape[1])}


def _array(name: str, values: Any) -> npt.NDArray[Any]:
    try:
        return np.asarray(values)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} is ragged: {error}. Give rows, or values, of one shape.") from error


def _flat(name: str, values: Any) -> Any:
    if hasattr(values, "to_pylist"):  # an Arrow array alone
        values = values.to_pandas()
    elif hasattr(values, "to_numpy") and not hasattr(values, "iloc"):
        values = values.to_numpy()
    if not hasattr(values, "iloc"):
        values = _array(f"Column {name!r}", values)
    if values.ndim != 1:
        raise InputError(f"Column {name!r} has {values.ndim} dimensions. Give one value a row.")
    return _plain_arrow(values) if hasattr(values, "iloc") else values


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


def as_numbers(name: str, values: Any) -> npt.NDArray[np.floating[Any]]:
    """Return a float array, NaN where absent; refuse anything that is not a number."""
    if isinstance(getattr(values, "dtype", None), np.dtype):
        array = np.asarray(values)
        if array.dtype in (np.float64, np.float32):
            return array
        if array.dtype.kind in "iub":
            return _whole_as_floats(name, array)
    import pandas as pd

    series = pd.Series(values)
    if series.dtype.kind in "MmSU" or isinstance(series.dtype, pd.CategoricalDtype):
        raise _not_a(name, "numbers", series)
    present = series[series.notna()]
    if pd.api.types.infer_dtype(present, skipna=True) in ("string", "bytes", "mixed", "date", "datetime"):
        raise _not_a(name, "numbers", present)
    if pd.api.types.is_integer_dtype(present.dtype):  # with gaps, which pandas keeps apart
        _whole_as_floats(name, present.to_numpy())
    try:
        return series.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError, OverflowError) as error:
        raise _not_a(name, "numbers", present) from error


def _whole_as_floats(name: str, array: npt.NDArray[Any]) -> Floats:
    """Return whole numbers as floats; refuse those that would lose digits and fall on their neighbours."""
    out: Floats = array.astype(np.float64)
    if array.dtype.itemsize == 8 and np.abs(out).max(initial=0.0) >= EXACT:
        within = np.abs(out) < 2.0**63  # beyond, a float need not be a 64-bit integer
        if not (within.all() and (out.astype(array.dtype) == array).all()):
            raise InputError(digits_lost(name))
    return out


def as_months(name: str, values: Any) -> Floats:
    """Return months counted from year 0 (year x 12 + month - 1), NaN where absent."""
    import pandas as pd

    series: Any = pd.Series(values)
    if isinstance(series.dtype, pd.PeriodDtype):
        series = series.dt.to_timestamp()
    if series.dtype.kind in "fiub" and series.notna().any():
        raise _not_a(name, "dates", series)
    try:
        if series.dtype.kind != "M":  # texts are read as one case's are: 01/02/2024 could be either month
            series = pd.to_datetime(series.astype(object), format="ISO8601", utc=True)
        stamps: Any = pd.Series(pd.to_datetime(series))
    except pd.errors.OutOfBoundsDatetime:
        # pandas before 3 counts in nanoseconds alone, which end in 2262: one at a time, as one case is read.
        return np.array([_one_month(name, each) for each in series.astype(object)], np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise _not_a(name, "dates", series) from error
    if stamps.dt.tz is not None:
        stamps = stamps.dt.tz_convert("UTC").dt.tz_localize(None)
    months = stamps.to_numpy().astype("datetime64[M]")
    absent = np.isnat(months)
    out: Floats = months.astype(np.int64).astype(np.float64) + 1970 * 12
    out[absent] = np.nan
    return out


def _one_month(name: str, value: Any) -> float:
    import pandas as pd

    try:
        return np.nan if pd.isna(value) else float(month_number(value))
    except (TypeError, ValueError) as error:
        raise _not_a(name, "dates", pd.Series([value])) from error


def as_levels(name: str, values: Any, kind: Kind) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Return each row's level as an index into the list of levels, -1 where absent."""
    import pandas as pd

    plain = getattr(getattr(values, "dtype", None), "kind", "")
    series = pd.Series(
        values, dtype=object if plain == "U" else None
    )  # pandas' own texts take no broken ones
    if isinstance(series.dtype, pd.CategoricalDtype):
        index, found = series.cat.codes.to_numpy(), series.cat.categories  # already coded: no pass over texts
    else:
        try:
            index, found = pd.factorize(series, use_na_sentinel=True)
        except (TypeError, ValueError) as error:
            raise _not_a(name, "texts or other single values", series) from error
    codes, texts = np.asarray(index, np.int64), [level_text(name, level, kind) for level in found]
    place = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    if len(place) < len(texts):  # 1 and "1" are one level
        codes = np.array([*(place[text] for text in texts), -1], np.int64)[codes]
    return codes, list(place)


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


def _not_a(name: str, wanted: str, values: Any) -> InputError:
    how = ", or write dates as 2024-03-31" if wanted == "dates" else ""
    return InputError(
        f"Column {name!r} must hold {wanted}, and its type is {values.dtype}. Convert it first{how}."
    )
