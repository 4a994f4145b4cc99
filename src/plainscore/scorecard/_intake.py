"""What every estimator of the room does with a table before it looks at a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._columns import missing_columns, named_columns, take_rows
from plainscore.scorecard._errors import InputError
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.binning._sample import check_sample


@dataclass(frozen=True)
class Intake:
    """A table ready to fit: declared characteristics, columns, outcome, and what scikit-learn keeps."""

    said: list[Characteristic]
    columns: dict[str, Any]
    sample: Sample
    classes: npt.NDArray[Any]
    features: int
    names: npt.NDArray[np.object_] | None


def take_in(
    X: Any,
    y: Any,
    sample_weight: Any,
    characteristics: Sequence[Characteristic | str] | None,
    special_codes: Mapping[str, Mapping[float | str, str]] | None,
) -> Intake:
    """Check a table and its outcome, and leave out the rows of weight 0."""
    columns = named_columns(X)
    said = declared(characteristics, special_codes or {}, columns)
    missing_columns([one.id for one in said], columns)
    sample, classes = check_sample(len(next(iter(columns.values()))), y, sample_weight)
    named = hasattr(X, "columns") or isinstance(X, Mapping) or hasattr(X, "__arrow_c_stream__")
    names = np.array(list(columns), object) if named else None
    features = len(columns)
    if not sample.weight.all():  # a row of weight 0 is no row: not even its value may become an edge
        some = np.flatnonzero(sample.weight)
        sample = Sample(sample.bad[some], sample.weight[some])
        columns = {name: take_rows(values, some) for name, values in columns.items()}
    return Intake(said, columns, sample, classes, features, names)


def declared(
    characteristics: Sequence[Characteristic | str] | None,
    codes: Mapping[str, Mapping[float | str, str]],
    columns: Mapping[str, Any],
) -> list[Characteristic]:
    """Return what was declared of each column that is used."""
    unknown = sorted(set(codes) - set(columns))
    if unknown:
        raise InputError(f"special_codes names column {unknown[0]!r}, which is not in X. Mend the name.")
    wanted = list(columns) if characteristics is None else list(characteristics)
    said = [
        one if isinstance(one, Characteristic) else Characteristic(one, special_codes=codes.get(one, {}))
        for one in wanted
    ]
    if not said:
        raise InputError("characteristics is empty. Name at least one column, or give None for all of X.")
    ids = [one.id for one in said]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise InputError(f"characteristics names {twice[0]!r} twice. Name each column once.")
    return said


def check_width(X: Any, features: int, estimator: str) -> None:
    """Refuse an array with another number of columns than the fit, in scikit-learn's words."""
    if hasattr(X, "ndim") and not hasattr(X, "columns") and X.ndim == 2 and X.shape[1] != features:
        raise InputError(
            f"X has {X.shape[1]} features, but {estimator} is expecting {features} features as input. "
            "Give the columns of the fit, in their order, or a table with names."
        )
