"""Checks of the outcome, the weights, and what a bootstrap is given."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.card._one import is_absent


def check_sample(rows: int, y: Any, sample_weight: Any) -> tuple[Sample, npt.NDArray[Any]]:
    """Return the outcome and weights of `rows` rows, and the two labels (good, bad)."""
    bad, classes = _check_outcome(rows, y)
    weight = _check_weight(rows, sample_weight)
    if not (weight[bad].sum() > 0 and weight[~bad].sum() > 0):
        raise InputError("sample_weight is zero for every case of a class. Give good and bad some weight.")
    return Sample(bad, weight), classes


def _check_outcome(rows: int, y: Any) -> tuple[npt.NDArray[np.bool_], npt.NDArray[Any]]:
    if rows == 0:
        raise InputError("X has 0 sample(s) (shape=(0,)) while a minimum of 2 is required. Add rows.")
    if y is None:
        raise InputError(
            "requires y to be passed, but the target y is None. Give the outcome: 1 bad, 0 good."
        )
    values = _outcome_array(y)
    if values.ndim == 2 and values.shape[1] == 1:
        _warn_of_column()
        values = values[:, 0]
    if values.ndim != 1 or len(values) != rows:
        raise InputError(f"The outcome has shape {values.shape} for {rows} rows. Give one value a row.")
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        at = int(np.flatnonzero(~np.isfinite(values))[0])
        raise InputError(f"The outcome is NaN or infinite in row {at}. Leave out rows without an outcome.")
    if values.dtype.kind == "O" and any(map(is_absent, values)):
        raise InputError("The outcome is absent in some rows. Leave out rows without an outcome.")
    try:
        classes = np.unique(values)
    except (TypeError, ValueError) as error:
        raise InputError(
            "The outcome mixes types that have no order. Give 1 for bad and 0 for good."
        ) from error
    if len(classes) < 2:
        raise InputError(
            f"The outcome has one class only ({classes.tolist()}). "
            "A scorecard needs good (0) and bad (1) cases."
        )
    if len(classes) > 2 and values.dtype.kind == "f" and not np.array_equal(values, np.rint(values)):
        raise InputError("Unknown label type: the outcome is continuous. Give 1 for bad and 0 for good.")
    if len(classes) > 2:
        raise InputError(
            f"Only binary classification is supported. The outcome has {len(classes)} classes, "
            f"such as {classes[:3].tolist()}. Give 1 for bad, 0 for good, and leave indeterminates out."
        )
    return values == classes[1], classes


def _outcome_array(y: Any) -> npt.NDArray[Any]:
    try:
        return np.asarray(y)
    except (TypeError, ValueError) as error:
        raise InputError(f"The outcome is ragged: {error}. Give one value a row.") from error


def _warn_of_column() -> None:
    import warnings

    from sklearn.exceptions import DataConversionWarning

    warnings.warn(
        "A column-vector y was passed when a 1d array was expected. Give y.ravel().",
        DataConversionWarning,
        stacklevel=4,
    )


def _check_weight(rows: int, sample_weight: Any) -> npt.NDArray[np.float64]:
    if sample_weight is None:
        return np.ones(rows)
    try:
        if np.asarray(sample_weight).dtype.kind == "c":
            raise TypeError("complex numbers have no order")
        weight = np.asarray(sample_weight, np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"sample_weight is not made of numbers: {error}. Give one number a row.") from error
    if weight.ndim == 0:
        weight = np.full(rows, float(weight))
    if weight.shape != (rows,):
        raise InputError(f"sample_weight has shape {weight.shape} for {rows} rows. Give one weight a row.")
    wrong = np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))
    if len(wrong):
        raise InputError(
            f"sample_weight is {weight[wrong[0]]} in row {wrong[0]} (and {len(wrong) - 1} more). "
            "Weights are finite and not negative."
        )
    return weight


def check_groups(groups: Any, rows: int) -> npt.NDArray[np.int64]:
    """Return each row's group as 0, 1, ... in order of appearance; its own where none is given."""
    if groups is None:
        return np.arange(rows)
    import pandas as pd

    values = groups if hasattr(groups, "iloc") else np.asarray(groups)
    if values.shape != (rows,):
        raise InputError(f"groups has shape {values.shape} for {rows} rows. Give one group a row.")
    who: npt.NDArray[np.int64] = pd.factorize(values)[0].astype(np.int64)
    if (who < 0).any():
        raise InputError(f"groups is absent in row {int(np.argmin(who))}. Give every row its group.")
    return who


def check_rounds(rounds: Any, level: Any, seed: Any) -> None:
    """Raise InputError unless a bootstrap has rounds, a coverage and a start."""
    if not _is_whole(rounds) or rounds < 2:
        raise InputError(f"rounds is {rounds!r}, and an interval needs at least 2. Give 1000, say.")
    if not isinstance(level, Real) or not 0 < float(level) < 1:
        raise InputError(f"level is {level!r}, and coverage lies between 0 and 1. Give 0.95, say.")
    if not _is_whole(seed) or seed < 0:
        raise InputError(f"seed is {seed!r}, and random numbers start from a whole number. Give 0, say.")


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
