"""What each method of reject inference makes of those who have no outcome, fitted on the rows it is given.

Every method gets the accepted with outcomes and one table for each class of people without, and answers with
a card and the bad rate that it expects of each of them. None of them sees an outcome that was never observed.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._alone import look_at
from plainscore.scorecard._errors import ConstraintError, SuspectColumnWarning
from plainscore.scorecard._estimator import Scorecard
from plainscore.scorecard._intake import declared
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.strategy._fits import (
    Columns,
    Labelled,
    Maker,
    OneScale,
    fitted,
    made,
    rows_in,
    some_rows,
    without_estimate,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BANDS: Final = 10
"""Score bands of about as many cases each."""


@dataclass(frozen=True)
class Unseen:
    """A class of people without outcomes: their columns, and the person of each row."""

    columns: Columns
    who: Ints

    def part(self, rows: Ints) -> Unseen:
        """Return some of the rows."""
        return Unseen(some_rows(self.columns, rows), self.who[rows])


@dataclass(frozen=True)
class Setting:
    """The lender's recipe, and the scale that all cards share; None before the first card has one."""

    make_model: Maker
    scale: OneScale | None


@dataclass(frozen=True)
class Known:
    """What every method starts from: rows, the card of the accepted alone, and the odds of being unseen.

    Parameters
    ----------
    accepted : Labelled
    unseen : sequence of Unseen
        One for each class without outcomes.
    model : Scorecard
        Fitted on the accepted alone.
    odds : sequence of float64 array of shape (accepted rows,)
        For each class, its odds against being accepted at each accepted row's characteristics.
    """

    setting: Setting
    accepted: Labelled
    unseen: Sequence[Unseen]
    model: Scorecard
    odds: Sequence[Floats]

    @classmethod
    def of(cls, setting: Setting, accepted: Labelled, unseen: Sequence[Unseen]) -> Known:
        """Fit the card of the accepted, and a model of acceptance for each class."""
        model = fitted(_recipe(setting), accepted, setting.scale)
        scale = setting.scale or OneScale.of(model.card_)
        odds = [_odds_of_unseen(setting.make_model, accepted, each) for each in unseen]
        return cls(Setting(setting.make_model, scale), accepted, unseen, model, odds)

    def rates(self, model: Scorecard) -> list[Floats]:
        """Return the bad rate of each person without outcome, by a card."""
        return [bad_rates(model, each.columns) for each in self.unseen]

    def with_guesses(self, rates: Sequence[Floats]) -> Scorecard:
        """Fit a card on the accepted and on everybody else twice: as good and as bad, by the rate."""
        accepted, unseen = self.accepted, self.unseen
        parts = [accepted.columns, *(each.columns for each in unseen for _ in range(2))]
        bad = [accepted.bad, *(np.full(len(rate), side) for rate in rates for side in (False, True))]
        weight = [accepted.weight, *(part for rate in rates for part in (1.0 - rate, rate))]
        who = [accepted.who, *(each.who for each in unseen for _ in range(2))]
        rows = Labelled(
            stacked(list(accepted.columns), parts),
            np.concatenate(bad),
            np.concatenate(weight),
            np.concatenate(who),
            accepted.classes,
        )
        return fitted(_weighing(_recipe(self.setting)), rows, self.setting.scale)


@dataclass(frozen=True)
class Answer:
    """What a method says.

    Parameters
    ----------
    model : Scorecard
        Its card, on the shared scale.
    rates : list of float64 array, or None
        For each class without outcomes, the bad rate of each row; None where the accepted speak for them.
    carried : list of float64 array, or None
        Then, for each class, how many of it each accepted row speaks for.
    """

    model: Scorecard
    rates: list[Floats] | None
    carried: Sequence[Floats] | None = None

    def expected(self, accepted: Labelled) -> Floats:
        """Return the expected bad rate of each class."""
        if self.rates is not None:
            return np.array([float(rate.mean()) for rate in self.rates])
        carried = [odds * accepted.weight for odds in self.carried or ()]
        return np.array([float(odds[accepted.bad].sum() / odds.sum()) for odds in carried])


Method = Callable[[Known], Answer]


def alone(known: Known) -> Answer:
    """Known goods and bads alone: the card of the accepted, read beyond them."""
    return Answer(known.model, known.rates(known.model))


def fuzzy(known: Known) -> Answer:
    """Fuzzy augmentation: everybody else is both good and bad, by the bad rate that the card gives."""
    model = known.with_guesses(known.rates(known.model))
    return Answer(model, known.rates(model))


def parcelled(prudence: float) -> Method:
    """Parcelling: within a score band everybody else is `prudence` times as often bad as the accepted.

    Textbooks draw who is bad by lot. Here each is split by the rate, which is the mean of that draw and does
    not hang on a seed.
    """

    def method(known: Known) -> Answer:
        score = known.model.card_.score(known.accepted.columns)
        edges = band_edges(score)
        band = np.searchsorted(edges, score, side="right")
        weight, bad = known.accepted.weight, known.accepted.bad
        bads = np.bincount(band[bad], weights=weight[bad], minlength=len(edges) + 1)
        rate = np.minimum(prudence * bads / np.bincount(band, weights=weight, minlength=len(edges) + 1), 1.0)
        scores = [known.model.card_.score(each.columns) for each in known.unseen]
        model = known.with_guesses([rate[np.searchsorted(edges, one, side="right")] for one in scores])
        return Answer(model, known.rates(model))

    return method


def reweighted(known: Known) -> Answer:
    """Reweighting: each accepted case speaks for those without outcomes who are like it."""
    total = 1.0 + np.sum(known.odds, axis=0)
    weight = known.accepted.weight * total
    weight *= known.accepted.weight.sum() / weight.sum()
    rows = replace(known.accepted, weight=weight)
    model = fitted(_weighing(_recipe(known.setting)), rows, known.setting.scale)
    return Answer(model, None, known.odds)


def band_edges(score: npt.NDArray[Any]) -> Floats:
    """Return the lower edges of all score bands but the first; no band is empty.

    Examples
    --------
    >>> band_edges(np.array([500, 500, 500, 600])).tolist()
    [600.0]
    """
    edges = np.unique(np.quantile(score, np.arange(1, BANDS) / BANDS, method="higher").astype(np.float64))
    above: Floats = edges[edges > score.min()]
    return above


def bad_rates(model: Scorecard, columns: Columns) -> Floats:
    """Return the probability of bad by a card's scale."""
    rates: Floats = np.asarray(model.card_.pd(model.card_.score(columns)), np.float64)
    return rates


def stacked(names: Sequence[str], parts: Sequence[Columns]) -> Columns:
    """Return some columns of tables, one below the other."""
    import pandas as pd

    series = {name: [pd.Series(part[name]).reset_index(drop=True) for part in parts] for name in names}
    return {name: _joined(each) for name, each in series.items()}


def _joined(parts: Sequence[Any]) -> Any:
    import pandas as pd

    filled = [part for part in parts if part.notna().any()]
    if len(filled) == len(parts) or not filled:
        return pd.concat(parts, ignore_index=True)
    kind = filled[0].dtype  # a part without any value has no say in the kind of the column
    if kind.kind in "iub":
        kind = np.dtype(np.float64) if kind.kind != "b" else np.dtype(object)
    return pd.concat(
        [part if part.notna().any() else _empty(len(part), kind) for part in parts], ignore_index=True
    )


def _empty(rows: int, kind: Any) -> Any:
    import pandas as pd

    return pd.Series([None] * rows, dtype=kind)


def _recipe(setting: Setting) -> Scorecard:
    return without_estimate(made(setting.make_model))


def _weighing(model: Scorecard) -> Scorecard:
    """Let weights be parts of a row."""
    model.set_params(weights_are="sampling")
    return model


def _odds_of_unseen(make_model: Maker, accepted: Labelled, unseen: Unseen) -> Floats:
    """Return the odds of being unseen at each accepted row; the same for all where nothing tells them apart.

    The card of acceptance has the lender's columns and options, but not its directions and fixed bins, which
    were said of risk, nor its filters: what is left out here is not weighed. A column that is acceptance
    itself (records that were never read of anyone refused) is the same for all accepted, and left out.
    """
    model = without_estimate(made(make_model))
    model.set_params(
        bad=None, min_iv=0.0, max_p=1.0, max_characteristics=None, keep=(), unknown="fitted",
        base_score=None, base_odds=None, pdo=None,
    )  # fmt: skip
    if model.characteristics is not None:
        model.set_params(characteristics=[_free(one) for one in model.characteristics])
    count = rows_in(unseen.columns)
    rows = Labelled(
        stacked(list(accepted.columns), [accepted.columns, unseen.columns]),
        np.repeat([False, True], [len(accepted.bad), count]),
        np.concatenate([accepted.weight, np.ones(count)]),
        np.concatenate([accepted.who, unseen.who]),
        np.array([0, 1]),
    )
    same: Floats = np.full(len(accepted.bad), count / accepted.weight.sum())
    said = declared(model.characteristics, model.special_codes or {}, rows.columns)
    looks = look_at(rows.columns, rows.bad, rows.weight, [one for one in said if one.id not in model.leave])
    if all(one.equals for one in looks):
        return same
    model.set_params(leave=[*model.leave, *(one.column for one in looks if one.equals)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SuspectColumnWarning)  # that a column tells acceptance is no leak
        try:
            card = fitted(model, rows).card_
        except ConstraintError:
            return same
    return 1.0 / np.asarray(card.odds(card.score(accepted.columns)), np.float64)


def _free(one: Characteristic | str) -> Characteristic | str:
    if isinstance(one, str):
        return one
    return replace(one, direction="auto", cap_missing=False, capped=(), cuts=None, cuts_reason="")
