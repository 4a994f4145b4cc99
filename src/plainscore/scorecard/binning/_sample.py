"""Checks of the outcome, the weights, and what a bootstrap is given."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._outcome import Outcome, read_outcome, warn_of_more_bads
from plainscore.scorecard.binning._prebin import Sample


def check_sample(
    rows: int, y: Any, sample_weight: Any, *, bad: Any = None, fitted: Any = None
) -> tuple[Sample, Outcome]:
    """Return the outcome and weights of `rows` rows, and the outcome's labels.

    Every public function that takes labels calls this once, and nothing inside a fit or a bootstrap does:
    so it is here that more bads than goods are warned of. `bad` and `fitted` as in `read_outcome`.
    """
    if rows == 0:
        raise InputError("X has 0 sample(s) (shape=(0,)) while a minimum of 2 is required. Add rows.")
    outcome = read_outcome(y, bad, rows=rows, fitted=fitted)
    sample = Sample(outcome.bad.view(np.bool_), _check_weight(rows, sample_weight))
    if not (sample.goods > 0 and sample.bads > 0):
        raise InputError("sample_weight is zero for every case of a class. Give good and bad some weight.")
    warn_of_more_bads(outcome, sample.weight)
    return sample, outcome


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


def counted_weights(
    weight: npt.NDArray[np.float64], weights_are: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return how many copies each row stands for, and the weight of one copy.

    Weights that are counts are whole; a row of count 2 is two rows. Weights of a sampling leave a row one
    row, whatever it weighs. They are rounded to the 2^30th part of the greatest, so that sums of them come
    out the same in any order.

    Raises
    ------
    InputError
        If counts are not whole numbers.
    """
    if weights_are == "sampling":
        step = float(weight.max()) / 2**30
        return np.ones(len(weight), np.int64), np.maximum(np.rint(weight / step), 1.0) * step
    count = np.rint(weight)
    wrong = np.flatnonzero(count != weight)
    if len(wrong):
        raise InputError(
            f"sample_weight is {weight[wrong[0]]:g} in row {wrong[0]}, and a count is a whole number. If the "
            "weights say how rows were sampled, give weights_are='sampling'."
        )
    return count.astype(np.int64), np.ones(len(weight))


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
