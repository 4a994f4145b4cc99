"""Scorecards by a lender's own recipe, on some rows and on one scale: the same odds at the same score."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError, MoreBadsWarning
from plainscore.scorecard._estimator import Scorecard
from plainscore.scorecard._named_arrays import named_columns, take_rows
from plainscore.scorecard._outcome import Outcome
from plainscore.scorecard.card._card import Card

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Maker = Callable[[], Scorecard]
Columns = Mapping[str, Any]


@dataclass(frozen=True)
class OneScale:
    """Base score, base odds and points to double them, which every card of a comparison shares."""

    base_score: float
    base_odds: float
    pdo: float

    @classmethod
    def of(cls, card: Card) -> OneScale:
        """Return the scale of a card."""
        return cls(float(card.scale.base_score), float(card.scale.base_odds), float(card.scale.pdo))

    def score_at(self, bad_rate: float) -> float:
        """Return the (unrounded) score of the odds that a bad rate above 0 and below 1 means."""
        return self.base_score + self.pdo * float(np.log2((1.0 - bad_rate) / bad_rate / self.base_odds))

    def bad_rate(self, score: Floats) -> Floats:
        """Return the probability of bad that the scale says at each score."""
        rates: Floats = 1.0 / (1.0 + self.base_odds * 2.0 ** ((score - self.base_score) / self.pdo))
        return rates


@dataclass(frozen=True)
class Labelled:
    """Rows with outcomes, ready to be fitted in part.

    Parameters
    ----------
    columns : mapping of name to column
        One value a row.
    bad : bool array of shape (rows,)
    weight : float64 array of shape (rows,)
    who : int64 array of shape (rows,)
        The person of each row.
    classes : array of shape (2,)
        The good label and the bad one, as they were given.
    """

    columns: Columns
    bad: npt.NDArray[np.bool_]
    weight: Floats
    who: Ints
    classes: npt.NDArray[Any]

    def part(self, rows: Ints) -> Labelled:
        """Return some of the rows."""
        return Labelled(
            some_rows(self.columns, rows), self.bad[rows], self.weight[rows], self.who[rows], self.classes
        )


def good_and_bad(outcome: Outcome) -> npt.NDArray[Any]:
    """Return the good label and the bad one, of the type that they were given in."""
    return outcome.classes[[1 - outcome.bad_at, outcome.bad_at]]


def made(make_model: Maker) -> Scorecard:
    """Return a new unfitted scorecard of the lender's recipe.

    Raises
    ------
    InputError
        If the callable does not return an unfitted `Scorecard`.
    """
    model = make_model() if callable(make_model) else None
    if not isinstance(model, Scorecard):
        raise InputError(
            f"make_model gave a {type(model).__name__}, and it is a function that returns an unfitted "
            "Scorecard. Give lambda: Scorecard(...), with your own options."
        )
    if hasattr(model, "card_"):
        raise InputError(
            "make_model gave a scorecard that is fitted already. Let it make a new one at every call: "
            "lambda: Scorecard(...)."
        )
    return model


def naming(make_model: Maker, bad: Any) -> Maker:
    """Return the lender's recipe with the bad label named, where one is."""
    return make_model if bad is None else lambda: made(make_model).set_params(bad=bad)


def fitted(model: Scorecard, rows: Labelled, scale: OneScale | None = None) -> Scorecard:
    """Fit a scorecard on rows, on a scale where one is given.

    More bads than goods are no news here: the caller has been told of the outcome as it was given. People are
    named to the fit only where one has several rows: a fit that asks who is who takes much longer.
    """
    if scale is not None:
        model.set_params(base_score=scale.base_score, base_odds=scale.base_odds, pdo=scale.pdo)
    several = len(np.unique(rows.who)) < len(rows.who)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MoreBadsWarning)
        return model.fit(
            rows.columns,
            rows.classes[rows.bad.astype(np.int64)],
            rows.weight,
            groups=rows.who if several else None,
        )


def without_estimate(model: Scorecard) -> Scorecard:
    """Turn off what a fit inside a fold measures of itself: nobody reads it."""
    model.set_params(estimate=False)
    return model


def columns_of(name: str, X: Any) -> Columns:
    """Return the columns of a table, with the argument's name in what is refused."""
    try:
        return named_columns(X)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error


def rows_in(columns: Columns) -> int:
    """Return how many rows a table has."""
    return len(next(iter(columns.values())))


def some_rows(columns: Columns, rows: Ints) -> Columns:
    """Return some rows of every column."""
    return {name: take_rows(values, rows) for name, values in columns.items()}
