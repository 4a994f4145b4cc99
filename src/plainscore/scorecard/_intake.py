"""What every estimator of the room does with a table before it looks at a column."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._named_arrays import missing_columns, named_columns, take_rows
from plainscore.scorecard._outcome import Outcome
from plainscore.scorecard.binning._characteristic import Characteristic, refuse_denied
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.binning._sample import check_groups, check_sample


@dataclass(frozen=True)
class Intake:
    """A table ready to fit: declared characteristics, columns, outcome, and what scikit-learn keeps."""

    said: list[Characteristic]
    columns: dict[str, Any]
    sample: Sample
    outcome: Outcome
    features: int
    names: npt.NDArray[np.object_] | None
    group: npt.NDArray[np.int64] | None = None


def take_in(
    X: Any,
    y: Any,
    sample_weight: Any,
    characteristics: Sequence[Characteristic | str] | None,
    special_codes: Mapping[str, Mapping[float | str, str]] | None,
    bad: Any,
    groups: Any = None,
) -> Intake:
    """Check a table and its outcome, whose bad label `bad` names, and leave out the rows of weight 0."""
    columns = named_columns(X)
    said = declared(characteristics, special_codes or {}, columns)
    missing_columns([one.id for one in said], columns)
    sample, outcome = check_sample(len(next(iter(columns.values()))), y, sample_weight, bad=bad)
    names = np.array(list(columns), object) if _has_names(X) else None
    features = len(columns)
    group = None if groups is None else check_groups(groups, len(sample.bad))
    if not sample.weight.all():  # a row of weight 0 is no row: not even its value may become an edge
        some = np.flatnonzero(sample.weight)
        sample = Sample(sample.bad[some], sample.weight[some])
        columns = {name: take_rows(values, some) for name, values in columns.items()}
        group = None if group is None else group[some]
    return Intake(said, columns, sample, outcome, features, names, group)


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
    refuse_denied([one for one in wanted if isinstance(one, str)])
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


def keep_intake(model: Any, taken: Intake) -> None:
    """Keep what scikit-learn asks of a fit, and the bad label.

    A fit on an array forgets the names of an earlier one.
    """
    outcome = taken.outcome
    model.classes_, model.bad_ = outcome.classes, outcome.classes.tolist()[outcome.bad_at]
    model.n_features_in_ = taken.features
    if taken.names is not None:
        model.feature_names_in_ = taken.names
    elif hasattr(model, "feature_names_in_"):
        del model.feature_names_in_


def as_fitted(X: Any, model: Any) -> Any:
    """Return a table with names; an array without them is read in the order of the fit.

    scikit-learn takes the names off some tables (Polars and Arrow in ``permutation_importance``). It warns
    when a model that was fitted with names then meets none, and so does this.

    Raises
    ------
    InputError
        If an array has another number of columns than the fit, in scikit-learn's words.
    """
    if _has_names(X):
        return X
    columns, who, wanted = named_columns(X), type(model).__name__, model.n_features_in_
    if len(columns) != wanted:
        raise InputError(
            f"X has {len(columns)} features, but {who} is expecting {wanted} features as input. "
            "Give the columns of the fit, in their order, or a table with names."
        )
    names = getattr(model, "feature_names_in_", None)
    if names is None:
        return columns
    warnings.warn(
        f"X does not have valid feature names, but {who} was fitted with feature names. Its columns are "
        "taken in the order of the fit; give a table with names to be sure.",
        UserWarning,
        stacklevel=3,
    )
    return dict(zip(names, columns.values(), strict=True))


def _has_names(X: Any) -> bool:
    return hasattr(X, "columns") or isinstance(X, Mapping) or hasattr(X, "__arrow_c_stream__")
