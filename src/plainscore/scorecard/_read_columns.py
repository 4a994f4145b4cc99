"""Columns as a characteristic's kind reads them: each value as `_reading` would read it alone.

Where a column's type allows one meaning only, the whole of it is read at once; every other is read value by
value, by the same functions as one case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._reading import (
    EXACT,
    UnreadableError,
    digits_lost,
    read_level,
    read_month,
    read_number,
)

if TYPE_CHECKING:
    from plainscore.scorecard.binning._characteristic import Kind

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def as_numbers(name: str, values: Any) -> npt.NDArray[np.floating[Any]]:
    """Return a float array, NaN where absent; refuse anything that is not a number."""
    dtype = getattr(values, "dtype", None)
    if isinstance(dtype, np.dtype) and dtype.kind in "fiu":
        array = np.asarray(values)
        if array.dtype in (np.float64, np.float32):
            return array
        return array.astype(np.float64) if dtype.kind == "f" else _whole_as_floats(name, array)
    series = _series(values)
    if _is_typed(series) and series.dtype.kind in "fiu":
        if series.dtype.kind in "iu":
            _whole_as_floats(name, series[series.notna()].to_numpy(series.dtype.kind + "8"))
        return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))
    return _each(name, series, read_number, "numbers")


def _whole_as_floats(name: str, array: npt.NDArray[Any]) -> Floats:
    """Return whole numbers as floats; refuse those that would lose digits and fall on their neighbours."""
    out: Floats = array.astype(np.float64)
    if array.dtype.itemsize == 8 and np.abs(out).max(initial=0.0) >= EXACT:
        limit = 2.0**64 if array.dtype.kind == "u" else 2.0**63
        within = (out < limit) & (out >= -limit)  # beyond, a float is no whole number of this type
        if not (within.all() and (out.astype(array.dtype) == array).all()):
            raise InputError(digits_lost(name))
    return out


def as_months(name: str, values: Any) -> Floats:
    """Return months counted from year 0 (year x 12 + month - 1), NaN where absent."""
    dtype = getattr(values, "dtype", None)
    if isinstance(dtype, np.dtype) and dtype.kind == "M":
        return _months_of(np.asarray(values))
    series = _series(values)
    if series.dtype.kind != "M":
        return _each(name, series, read_month, "dates")
    if hasattr(series.dtype, "pyarrow_dtype"):  # whose dates pandas knows less about than its own
        import pyarrow as pa

        series = pa.array(series).to_pandas(date_as_object=False)
    if getattr(series.dt, "tz", None) is not None:
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    return _months_of(series.to_numpy())


def _months_of(moments: npt.NDArray[Any]) -> Floats:
    """Return the months of moments without a time zone."""
    months = moments.astype("datetime64[M]")
    out: Floats = months.astype(np.int64).astype(np.float64) + 1970 * 12
    out[np.isnat(months)] = np.nan
    return out


def as_levels(name: str, values: Any, kind: Kind, codes: Collection[str] = ()) -> tuple[Ints, list[str]]:
    """Return each row's level as an index into the list of levels, -1 where absent."""
    index, found = _distinct(values)
    texts: list[str | None] = [None] * len(found)
    try:
        for at in np.flatnonzero(np.bincount(index + 1)[1:]).tolist():  # categories nobody has are not asked
            texts[at] = read_level(name, found[at], kind, codes)
    except UnreadableError as error:
        raise _not_a(name, "texts or other single values", values, error) from error
    levels = list(dict.fromkeys(text for text in texts if text is not None))
    place: dict[str | None, int] = {level: at for at, level in enumerate(levels)} | {None: -1}
    if texts == levels:
        return index, levels
    return np.array([*(place[text] for text in texts), -1], np.int64)[index], levels


def _distinct(values: Any) -> tuple[Ints, Any]:
    """Return each row's place among the distinct values, -1 where there is none, and those values.

    Values of unlike types that Python calls equal, such as 1 and True, are kept apart.
    """
    import pandas as pd

    series = _series(values)
    if isinstance(series.dtype, pd.CategoricalDtype):  # already coded: no pass over texts
        return series.cat.codes.to_numpy().astype(np.int64), series.cat.categories.to_numpy()
    if series.dtype.kind == "f":  # in their own type, for which 0.1 is 0.1
        plain = series.to_numpy(dtype=f"f{series.dtype.itemsize}", na_value=np.nan)
        index, found = pd.factorize(plain, use_na_sentinel=True)
        return np.asarray(index, np.int64), found
    if series.dtype.kind in "iub" or pd.api.types.infer_dtype(series, skipna=True) == "string":
        index, found = pd.factorize(series, use_na_sentinel=True)
        return np.asarray(index, np.int64), list(found)
    objects = list(series.astype(object))
    place: dict[Any, int] = {}
    try:
        each = [place.setdefault((type(value), value), len(place)) for value in objects]
    except TypeError:  # what cannot be told apart by hash is no single value, and is refused when it is read
        return np.arange(len(objects)), objects
    return np.array(each, np.int64), [value for _, value in place]


def _each(name: str, series: Any, read: Callable[[str, Any], float], wanted: str) -> Floats:
    """Read a column value by value, each category once."""
    import pandas as pd

    try:
        if isinstance(series.dtype, pd.CategoricalDtype):
            index, found = series.cat.codes.to_numpy(), series.cat.categories.to_numpy()
            out = np.full(len(found) + 1, np.nan)  # the last is for code -1: absent
            for at in np.unique(index[index >= 0]).tolist():
                out[at] = read(name, found[at])
            return np.asarray(out[index])
        return _floats((read(name, value) for value in series.astype(object)), len(series))
    except UnreadableError as error:
        raise _not_a(name, wanted, series, error) from error


def _floats(values: Iterable[float], count: int) -> Floats:
    return np.fromiter(values, np.float64, count)


def _series(values: Any) -> Any:
    """Return a pandas column; what pandas would change of NumPy's becomes objects: texts, bytes and times."""
    import pandas as pd

    dtype = getattr(values, "dtype", None)
    if isinstance(dtype, pd.SparseDtype):
        return pd.Series(np.asarray(values))
    if not isinstance(dtype, np.dtype):
        return pd.Series(values)
    if dtype.kind in "SUVMm":
        return pd.Series(np.fromiter(values, object, len(values)), dtype=object)
    return pd.Series(values if dtype.isnative else np.asarray(values).astype(dtype.newbyteorder("=")))


def _is_typed(series: Any) -> bool:
    """Return whether a column is of a type of pandas' own, whose gaps stand beside its values."""
    return not isinstance(series.dtype, np.dtype) and not hasattr(series, "cat")


def _not_a(name: str, wanted: str, values: Any, error: Exception) -> InputError:
    how = ", or write dates as 2024-03-31" if wanted == "dates" else ""
    what = getattr(values, "dtype", "mixed")
    return InputError(f"Column {name!r} must hold {wanted}, and its type is {what}. Convert it first{how}.")
