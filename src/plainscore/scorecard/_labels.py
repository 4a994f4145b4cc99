"""The distinct labels of an outcome, found alike in whatever type holds them."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError

Label = int | float | str
Int8 = npt.NDArray[np.int8]

LONGEST: Final = 30
"""Characters of a label that a sentence repeats."""
MOST_SHOWN: Final = 10
"""Labels up to which a sentence lists them: a column of very many holds something else, people perhaps."""
RULE: Final = "An outcome is 1 or True for bad and 0 or False for good"


@dataclass(frozen=True)
class Labels:
    """Distinct labels in their order, the same as they were given, and each row's place among them."""

    labels: tuple[Label, ...]
    classes: npt.NDArray[Any]
    at: npt.NDArray[np.intp] | Int8


def find_labels(y: Any, rows: int | None = None) -> Labels:
    """Return the labels of an outcome of `rows` rows.

    Raises
    ------
    InputError
        If there is not one value a row, a value is absent or no label, or texts and numbers are mixed.
    """
    values = _flat(y)
    if values.ndim != 1 or rows not in (None, len(values)):
        given = f" for {rows} rows" if rows is not None else ""
        raise InputError(f"The outcome has shape {values.shape}{given}. Give one value a row.")
    return _of_numbers(values) if values.dtype.kind in "biuf" else _of_objects(values)


def label_of(value: Any) -> Label | None:
    """Return what a value is as a label, alike for every type that can hold it; None where it is no label.

    Examples
    --------
    >>> [label_of(value) for value in (np.True_, 1.0, Decimal("0"), b"bad", "1", None, float("nan"))]
    [1, 1, 0, 'bad', '1', None, None]
    """
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, np.timedelta64):  # which NumPy counts among the whole numbers
        return None
    if isinstance(value, (bool, np.bool_, Integral)):
        return int(value)
    try:
        if isinstance(value, bytes):  # as SciPy reads ARFF files
            return value.decode("utf-8")
        if not isinstance(value, (Real, Decimal)) or not math.isfinite(value):
            return None
    except (ValueError, OverflowError):
        return None
    number = float(value)
    return int(number) if number.is_integer() else number


def shown(label: Label) -> str:
    """Return a label as Python writes it, cut where it is long.

    Examples
    --------
    >>> shown("default"), shown(2)
    ("'default'", '2')
    """
    text = repr(label)
    return text if len(text) <= LONGEST + 2 else f"{text[:LONGEST]}...{text[-1]}"


def labels_text(labels: Sequence[Label]) -> str:
    """Return labels as a list in words, their number where they are many.

    Examples
    --------
    >>> labels_text([0, 1, 2]), labels_text(range(5000))
    ('the labels 0, 1 and 2', '5,000 labels')
    """
    if not labels:
        return "no label"
    if len(labels) > MOST_SHOWN:
        return f"{len(labels):,} labels"
    if len(labels) == 1:
        return f"the label {shown(labels[0])}"
    return f"the labels {', '.join(map(shown, labels[:-1]))} and {shown(labels[-1])}"


def _flat(y: Any) -> npt.NDArray[Any]:
    """Return what was given as an array, without a needless second dimension."""
    if y is None:
        raise InputError(
            "requires y to be passed, but the target y is None. Give the outcome: 1 bad, 0 good."
        )
    try:
        values = np.asarray(y)
        if values.dtype.kind in "US" and not hasattr(y, "dtype"):
            values = np.asarray(y, object)  # a list of texts and numbers must not become texts
    except (TypeError, ValueError) as error:
        raise InputError(f"The outcome is ragged: {error}. Give one value a row.") from error
    if values.ndim == 2 and values.shape[1] == 1:
        _warn_of_column()
        return values[:, 0]
    return values


def _of_numbers(values: npt.NDArray[Any]) -> Labels:
    """Find the labels of plain numbers or truths; where there are two, without sorting the rows."""
    if not len(values):
        return Labels((), values, np.zeros(0, np.int8))
    low, high = values.min(), values.max()
    if values.dtype.kind == "f" and not (np.isfinite(low) and np.isfinite(high)):
        raise _absent(~np.isfinite(values))
    at = values == high
    if (at | (values == low)).all():
        classes = np.array([low, high] if low != high else [low], values.dtype)
        places: Any = at.view(np.int8) if low != high else np.zeros(len(values), np.int8)
    else:
        classes, places = np.unique(values, return_inverse=True)
    return Labels(_as_labels(classes.tolist()), classes, places)


def _of_objects(values: npt.NDArray[Any]) -> Labels:
    """Find the labels of texts, and of whatever stands in a column of objects."""
    import pandas as pd

    if values.dtype.kind == "c":
        raise InputError(f"Complex data not supported: the outcome holds {values.dtype} values. {RULE}.")
    if values.dtype.kind not in "USO":
        raise InputError(f"The outcome holds {values.dtype} values, which are no labels. {RULE}.")
    try:
        codes, unique = pd.factorize(values.astype(object), use_na_sentinel=True)
    except (TypeError, ValueError) as error:
        raise InputError(f"The outcome holds values that are no labels ({error}). {RULE}.") from error
    if (codes < 0).any():
        raise _absent(codes < 0)
    labels = _as_labels(unique)
    if len({isinstance(one, str) for one in labels}) > 1:
        raise InputError(
            f"The outcome mixes types: it has {labels_text(labels)}. Write every outcome in one way, 1 for "
            "bad and 0 for good."
        )
    ordered = tuple(sorted(set(labels)))  # fewer where a Decimal 1 and an int 1 were found apart
    place = {label: at for at, label in enumerate(ordered)}
    at = np.array([place[one] for one in labels], np.intp)[codes]
    return Labels(ordered, _classes(unique, ordered, values.dtype), at)


def _classes(given: Any, labels: tuple[Label, ...], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Return sorted labels as an array: texts and truths as they were given, other numbers as numbers."""
    if len(given) and all(isinstance(one, (bool, np.bool_)) for one in given):
        return np.array(labels, bool)
    if len(given) and all(isinstance(one, bytes) for one in given):
        return np.array(sorted(given), dtype)
    return np.array(labels, dtype if labels and isinstance(labels[0], str) and dtype.kind != "S" else None)


def _as_labels(values: Any) -> tuple[Label, ...]:
    labels = []
    for one in values:
        label = label_of(one)
        if label is None:
            kind = "infinite" if isinstance(one, (float, Decimal)) else f"of type {type(one).__name__}"
            raise InputError(f"The outcome holds a value that is {kind}, which is no label. {RULE}.")
        labels.append(label)
    return tuple(labels)


def _absent(gone: npt.NDArray[np.bool_]) -> InputError:
    row, more = int(np.argmax(gone)), int(np.count_nonzero(gone)) - 1
    rest = f" (and {more:,} more)" if more else ""
    return InputError(
        f"The outcome is absent, NaN or infinite in row {row}{rest}. Leave out rows without an outcome."
    )


def _warn_of_column() -> None:
    from sklearn.exceptions import DataConversionWarning

    warnings.warn(
        "A column-vector y was passed when a 1d array was expected. Give y.ravel().",
        DataConversionWarning,
        stacklevel=callers_level(),
    )


def callers_level() -> int:
    """Return the stack level, from the function that warns, of the first line outside this package."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith("plainscore."):
        frame, level = frame.f_back, level + 1
    return level
