"""The rows that a modeller looks at, in the attributes of a card or of a fit's candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._intake import as_fitted
from plainscore.scorecard._named_arrays import missing_columns, named_columns
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.binning._sample import check_groups, check_sample
from plainscore.scorecard.card._batch import attribute_codes
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._points_table import CardCharacteristic

if TYPE_CHECKING:
    from plainscore.scorecard._estimator import Scorecard

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WEIGHTS_ARE = ("counts", "sampling")


@dataclass(frozen=True)
class Seen:
    """Rows as attributes: `codes[id]` is each row's place in the attributes of that characteristic.

    `who` is whose row it is, None where rows are independent; `whole` is whether a weight is so many rows.
    """

    parts: tuple[CardCharacteristic, ...]
    codes: Mapping[str, Ints]
    sample: Sample
    who: Ints | None
    whole: bool


def card_of(model: Any) -> Card:
    """Return the card of a `Card` or a fitted `Scorecard`."""
    if isinstance(model, Card):
        return model
    if hasattr(model, "score_points"):
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(model, "card_")
        return model.card_  # type: ignore[no-any-return]
    raise InputError(f"The model is a {type(model).__name__}. Give a Card or a fitted Scorecard.")


def candidates_of(model: Card | Scorecard) -> tuple[CardCharacteristic, ...]:
    """Return the characteristics of a card, then the candidates that a fit left, which have no points."""
    card = card_of(model)
    on = {one.id for one in card.characteristics}
    left = () if isinstance(model, Card) else model.candidates_
    return (*card.characteristics, *(one for one in left if one.id not in on))


def one_of(parts: Sequence[CardCharacteristic], name: str) -> CardCharacteristic:
    """Return the characteristic of that id.

    Raises
    ------
    InputError
        If there is none, naming the nearest.
    """
    found = {one.id: one for one in parts}
    if name not in found:
        near = get_close_matches(str(name), found, 1)
        hint = f" Did you mean {near[0]!r}?" if near else f" It has {sorted(found)[:8]}."
        raise InputError(f"There is no characteristic {name!r} here.{hint}")
    return found[name]


def see(
    model: Card | Scorecard,
    parts: Sequence[CardCharacteristic],
    X: Any,
    y: Any,
    sample_weight: Any = None,
    *,
    bad: Any = None,
    groups: Any = None,
    weights_are: str = "counts",
) -> Seen:
    """Check rows with their outcome and put them into attributes."""
    columns = named_columns(X if isinstance(model, Card) else as_fitted(X, model))
    missing_columns([one.id for one in parts], columns)
    rows = len(next(iter(columns.values())))
    sample, _ = check_sample(rows, y, sample_weight, bad=bad, fitted=model)
    whole = weights_are_counts(weights_are, sample.weight)
    who = people_of(groups, sample.weight)
    codes = {one.id: attribute_codes(one, columns[one.id]) for one in parts}
    return Seen(tuple(parts), codes, sample, who, whole)


def people_of(groups: Any, weight: Floats) -> Ints | None:
    """Return whose row each is, None where rows are independent.

    Raises
    ------
    InputError
        If all rows are of one, so that nothing is seen to vary between people.
    """
    if groups is None:
        return None
    who = check_groups(groups, len(weight))
    if len(np.unique(who[weight > 0])) < 2:
        raise InputError(
            "All rows are of one group, and how groups vary cannot be seen. Give rows of more people, or "
            "leave groups out if rows are independent."
        )
    return who


def weights_are_counts(weights_are: str, weight: Floats) -> bool:
    """Return whether a weight is so many rows.

    Raises
    ------
    InputError
        If `weights_are` has no meaning, or counts are not whole.
    """
    if weights_are not in WEIGHTS_ARE:
        raise InputError(f"weights_are is {weights_are!r}. Give one of {', '.join(WEIGHTS_ARE)}.")
    if weights_are == "counts" and (weight % 1 != 0).any():
        raise InputError(
            "A weight is not whole, so it cannot be a count of rows. Give weights_are='sampling' if weights "
            "say how many people a row stands for."
        )
    return weights_are == "counts"


def check_level(level: Any) -> float:
    """Return a level, between 0 and 1."""
    if isinstance(level, bool) or not isinstance(level, float | int) or not 0 < level < 1:
        raise InputError(f"level is {level!r}, and must be above 0 and below 1. Give 0.95, say.")
    return float(level)


def period_codes(periods: Any, rows: int) -> tuple[Ints, list[str]]:
    """Return each row's period as a place in the list of their names, in order of time.

    Dates are taken by month; ordered categories keep their order; anything else is sorted.

    Raises
    ------
    InputError
        If there is not one period a row.
    """
    import pandas as pd

    ours = isinstance(periods, pd.Series | pd.Index | pd.api.extensions.ExtensionArray)
    values = pd.Series(periods.to_numpy() if hasattr(periods, "to_numpy") and not ours else periods)
    if len(values) != rows:
        raise InputError(f"periods has {len(values)} values for {rows} rows. Give one period a row.")
    if values.isna().any():
        first = int(np.argmax(values.isna().to_numpy()))
        raise InputError(f"periods is absent in row {first}. Give every row its period, or leave it out.")
    if values.dtype.kind == "M":
        values = values.dt.strftime("%Y-%m")
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.cat.remove_unused_categories()
        return values.cat.codes.to_numpy().astype(np.int64), [str(each) for each in values.cat.categories]
    if pd.api.types.infer_dtype(values).startswith("mixed"):
        raise InputError("periods mixes kinds that have no order. Give all as dates, numbers or texts.")
    codes, found = pd.factorize(values, sort=True)
    return codes.astype(np.int64), [str(each) for each in found]
