"""Whether cards by segment tell good from bad better than one card that knows the segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._discrimination import Estimate
from plainscore.scorecard._errors import ConstraintError, ScorecardError
from plainscore.scorecard._estimator import Scorecard
from plainscore.scorecard.strategy._fits import Labelled, Maker, OneScale, fitted, made, without_estimate
from plainscore.scorecard.strategy._folds import auc, corrected, dealt, deviance

if TYPE_CHECKING:
    from pandas import DataFrame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MEASURES: Final = ("auc", "deviance")
LEAST_BADS: Final = 100
"""People with a bad row that every segment must have."""


@dataclass(frozen=True)
class SegmentTest:
    """What segmenting brings on rows that neither procedure was fitted on.

    Parameters
    ----------
    measure : {"auc", "deviance"}
        What was compared.
    difference : Estimate
        Mean over folds of how much better the segmented cards are than the one card: AUC higher, or deviance
        lower.
    differences : tuple of float
        The same, fold by fold.
    folds : int
        Folds of each repeat.
    segments : DataFrame
        One row a segment: ``cases``, ``bads``, ``people_with_bads``.
    thin_fits : int
        Fits in folds that gave no card, so that the rows had the score of the bad rate.
    level : float
        Coverage of the limits.
    """

    measure: str
    difference: Estimate
    differences: tuple[float, ...]
    folds: int
    segments: DataFrame
    thin_fits: int
    level: float

    @property
    def thin(self) -> list[str]:
        """Segments with fewer than 100 people with a bad row."""
        few = self.segments["people_with_bads"] < LEAST_BADS
        return list(self.segments.index[few])

    @property
    def pays(self) -> bool:
        """Whether the lower limit lies above 0 and no segment is thin."""
        return self.difference.low > 0 and not self.thin

    @property
    def sentence(self) -> str:
        """The verdict, in words."""
        value, low, high = self.difference.value, self.difference.low, self.difference.high
        what = "change the AUC" if self.measure == "auc" else "lower the deviance a row"
        measured = (
            f"over one card that knows the segment, cards by segment {what} by {value:+.4f} "
            f"({self.level:.0%} limits {low:+.4f} to {high:+.4f}, {len(self.differences)} folds by person)"
        )
        if self.pays:
            return f"Segmenting pays: {measured}, and each segment has {LEAST_BADS} bads or more."
        reasons = [f"{measured}: the lower limit is {'' if low > 0 else 'not '}above 0"]
        bads = self.segments["people_with_bads"]
        reasons += [f"segment {name!r} has {bads[name]} bads, and needs {LEAST_BADS}" for name in self.thin]
        return f"Segmenting does not pay: {'; '.join(reasons)}. Use the one card."


@dataclass(frozen=True)
class Contest:
    """What is compared: the rows, each one's segment, the lender's recipe, and one scale for all cards."""

    make_model: Maker
    rows: Labelled
    at: Ints
    names: Sequence[str]
    segment_id: str
    one_card: Scorecard

    @classmethod
    def of(cls, make_model: Maker, rows: Labelled, at: Ints, names: Sequence[str]) -> Contest:
        """Fit the one card, whose scale all others take unless the lender states one."""
        segment_id = "segment"
        while segment_id in rows.columns:
            segment_id += "_"
        whole = _told(rows, segment_id, at, names)
        try:
            one_card = fitted(_asking(made(make_model), segment_id), whole)
        except ConstraintError as error:
            raise ConstraintError(f"There is no one card to compare segments with. {error}") from error
        return cls(make_model, rows, at, names, segment_id, one_card)

    @property
    def scale(self) -> OneScale:
        """The scale of the one card."""
        return OneScale.of(self.one_card.card_)

    def scores(self, train: Ints, test: Ints) -> tuple[Floats, Floats, int]:
        """Return scores of the test rows by segmented cards and by one card, and how many had no card."""
        rival = _asking(without_estimate(made(self.make_model)), self.segment_id)
        whole = _told(self.rows, self.segment_id, self.at, self.names)
        one, thin = self._scored(rival, whole.part(train), whole.part(test))
        segmented = np.zeros(len(test))
        for place in range(len(self.names)):
            here = np.flatnonzero(self.at[test] == place)
            if len(here):
                part = self.rows.part(train[self.at[train] == place])
                model = without_estimate(made(self.make_model))
                segmented[here], missed = self._scored(model, part, self.rows.part(test[here]))
                thin += missed
        return segmented, one, thin

    def _scored(self, model: Scorecard, train: Labelled, test: Labelled) -> tuple[Floats, int]:
        """Return the scores of some rows; where there is no card, that of the bad rate for all of them."""
        try:
            card = fitted(model, train, self.scale).card_
        except ScorecardError:
            bads, total = float(train.weight[train.bad].sum()), float(train.weight.sum())
            return np.full(len(test.bad), self.scale.score_at((bads + 0.5) / (total + 1.0))), 1
        return card.score(test.columns).astype(np.float64), 0


def segment_test(
    contest: Contest, measure: str, folds: int, repeats: int, level: float, seed: int
) -> SegmentTest:
    """Run both procedures in every fold and return their paired difference."""
    rows, differences, thin = contest.rows, [], 0
    for repeat in range(repeats):
        fold = dealt(rows.bad, rows.who, folds, seed + repeat)
        for at in range(folds):
            train, test = np.flatnonzero(fold != at), np.flatnonzero(fold == at)
            segmented, one, missed = contest.scores(train, test)
            bad, weight = rows.bad[test], rows.weight[test]
            if measure == "auc":
                change = auc(segmented, bad, weight) - auc(one, bad, weight)
            else:
                rates = contest.scale.bad_rate
                change = deviance(rates(one), bad, weight) - deviance(rates(segmented), bad, weight)
            differences.append(change)
            thin += missed
    found = corrected(np.array(differences), folds, level)
    return SegmentTest(measure, found, tuple(differences), folds, _counted(contest), thin, level)


def _counted(contest: Contest) -> DataFrame:
    import pandas as pd

    rows, at, size = contest.rows, contest.at, len(contest.names)
    people = np.unique(rows.who[rows.bad] * size + at[rows.bad]) % size
    columns = {
        "cases": np.bincount(at, minlength=size),
        "bads": np.bincount(at[rows.bad], minlength=size),
        "people_with_bads": np.bincount(people, minlength=size),
    }
    return pd.DataFrame(columns, index=pd.Index(contest.names, name="segment"))


def _told(rows: Labelled, segment_id: str, at: Ints, names: Sequence[str]) -> Labelled:
    """Return the rows with their segment as a column."""
    columns: Mapping[str, Any] = {**rows.columns, segment_id: np.array(names, object)[at]}
    return replace(rows, columns=columns)


def _asking(model: Scorecard, segment_id: str) -> Scorecard:
    """Let a scorecard use the segment too, where it names what it uses."""
    if model.characteristics is not None:
        model.set_params(characteristics=[*model.characteristics, segment_id])
    return model
