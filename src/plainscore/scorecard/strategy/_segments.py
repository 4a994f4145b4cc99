"""Cards by segment on one scale, and whether they are worth having beside one card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError, InputError, ScorecardError
from plainscore.scorecard._estimator import Scorecard
from plainscore.scorecard._named_arrays import missing_columns
from plainscore.scorecard._read_columns import as_levels
from plainscore.scorecard.binning._sample import check_groups, check_rounds, check_sample
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.strategy._fits import (
    Columns,
    Labelled,
    Maker,
    columns_of,
    fitted,
    good_and_bad,
    made,
    naming,
    rows_in,
    some_rows,
)
from plainscore.scorecard.strategy._folds import check_folds
from plainscore.scorecard.strategy._notebook_tables import page
from plainscore.scorecard.strategy._segment_test import (
    MEASURES,
    Contest,
    SegmentTest,
    segment_test,
)

if TYPE_CHECKING:
    from pandas import DataFrame

    from plainscore.scorecard.binning._characteristic import Kind

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SegmentedScorecard:
    """Cards by segment on one scale, the one card they compete with, and the test between them.

    Parameters
    ----------
    models : mapping of segment to Scorecard
        The fitted scorecard of each segment.
    one_card : Scorecard
        Fitted on everybody, with the segment as a characteristic.
    segment_id : str
        The name of that characteristic.
    column : str or None
        The column of `X` that holds the segment; None where it was given beside `X`.
    test : SegmentTest
        What segmenting brings, and whether it pays.
    """

    models: Mapping[str, Scorecard]
    one_card: Scorecard
    segment_id: str
    column: str | None
    test: SegmentTest

    @property
    def cards(self) -> dict[str, Card]:
        """The card of each segment, all with one base score, base odds and PDO."""
        return {name: model.card_ for name, model in self.models.items()}

    @property
    def verdict(self) -> str:
        """Whether segmenting pays, in words."""
        return self.test.sentence

    def score(self, X: Any, segment: npt.ArrayLike | None = None) -> npt.NDArray[np.int64]:
        """Return every row's score by the card of its segment; the same score is the same odds in each.

        Parameters
        ----------
        X : table of shape (rows, columns)
            As in the fit.
        segment : array of shape (rows,), optional
            Where the segment is not a column of `X`.

        Returns
        -------
        int64 (rows,)

        Raises
        ------
        InputError
            If a row has no segment, or one that has no card.
        """
        columns = columns_of("X", X)
        names, at = self._segments_of(columns, segment)
        unknown = [name for name in names if name not in self.models]
        if unknown:
            rows = int(np.isin(at, [names.index(name) for name in unknown]).sum())
            raise InputError(
                f"Segment {unknown[0]!r} has no card (rows in segments without one: {rows:,}). There are "
                f"cards for {', '.join(map(repr, self.models))}. Map it to one of them, or fit again with it."
            )
        score = np.zeros(len(at), np.int64)
        for place, name in enumerate(names):
            rows_here = np.flatnonzero(at == place)
            if len(rows_here):
                score[rows_here] = self.models[name].card_.score(some_rows(columns, rows_here))
        return score

    def score_with_one_card(self, X: Any, segment: npt.ArrayLike | None = None) -> npt.NDArray[np.int64]:
        """Return every row's score by the one card, which knows the segment as a characteristic.

        Parameters and errors are those of `score`, except that a segment not seen before has the points
        that the card gives to what was not seen.

        Returns
        -------
        int64 (rows,)
        """
        columns = columns_of("X", X)
        names, at = self._segments_of(columns, segment)
        return self.one_card.card_.score({**columns, self.segment_id: np.array(names, object)[at]})

    def _segments_of(self, columns: Columns, segment: Any) -> tuple[list[str], Ints]:
        if segment is None and self.column is None:
            raise InputError("The segment was given beside X in the fit. Give segment here too.")
        if segment is not None and self.column is not None:
            raise InputError(f"The segment is column {self.column!r} of X, as in the fit. Leave out segment.")
        return read_segments(columns, self.column if segment is None else segment)

    def table(self) -> DataFrame:
        """Return the points tables of all segments, one below the other, with the segment first."""
        import pandas as pd

        parts = [card.table().assign(segment=name) for name, card in self.cards.items()]
        whole = pd.concat(parts, ignore_index=True)
        return whole[["segment", *[name for name in whole if name != "segment"]]]

    def __str__(self) -> str:
        return f"Cards for {', '.join(self.models)}. {self.verdict}"

    def _repr_html_(self) -> str:
        return page([self.test.segments, self.table()], [self.verdict])


def fit_segments(
    make_model: Maker,
    X: Any,
    y: npt.ArrayLike,
    segment: str | npt.ArrayLike,
    sample_weight: npt.ArrayLike | None = None,
    *,
    bad: Any = None,
    groups: npt.ArrayLike | None = None,
    measure: str = "auc",
    folds: int = 5,
    repeats: int = 2,
    level: float = 0.95,
    seed: int = 0,
) -> SegmentedScorecard:
    """Build a card for every segment on one scale, and test whether that pays.

    The rival is one card on everybody that has the segment as a characteristic, so that segments must earn
    more than knowing the segment does. Both procedures run anew in every fold, all their choices with them.
    Segmenting pays only if the lower limit of the difference lies above 0 and every segment has 100 people
    with a bad row or more; use `one_card` otherwise.

    Parameters
    ----------
    make_model : callable
        Returns a new unfitted `Scorecard` with the lender's options. Where it states no base score, all
        cards take the scale of the one card.
    X : table of shape (rows, columns)
        What the cards may use.
    y : array of shape (rows,)
        Outcomes, as in `Scorecard.fit`.
    segment : str or array of shape (rows,)
        A column of `X`, or the segment of each row: texts, whole numbers or truths.
    sample_weight : float array of shape (rows,), optional
        Weights of the rows.
    bad : label, optional
        The bad label of `y`; where it is given it decides, also over the recipe's. As in `Scorecard`.
    groups : array of shape (rows,), optional
        Who each row belongs to. People are not parted by folds, and bads are counted as people.
    measure : {"auc", "deviance"}
        What is compared: the AUC over all segments together, or the deviance a row, lower being better.
    folds, repeats : int
        Folds, at least 2, and how often they are dealt anew.
    level : float
        Coverage of the limits of the difference.
    seed : int
        Where the dealing starts.

    Returns
    -------
    SegmentedScorecard
        Print it for the verdict.

    Raises
    ------
    InputError
        If the data or options cannot be used, a row has no segment, or there is only one.
    ConstraintError
        If there is no card for a segment, or no one card to compare with.

    References
    ----------
    Thomas, L. C., Crook, J. N. and Edelman, D. B. (2017). Credit Scoring and Its Applications, 2nd edition.
    SIAM. Bijak, K. and Thomas, L. C. (2012). Does segmentation always improve model performance in credit
    scoring? Expert Systems with Applications 39. The test: see `corrected` in its module, after Nadeau and
    Bengio (2003).

    Examples
    --------
    >>> from plainscore.scorecard import Scorecard
    >>> rng = np.random.default_rng(0)
    >>> kind, late = np.repeat(["new", "old"], 1500), rng.integers(0, 4, 3000)
    >>> y = rng.random(3000) < 0.05 + np.where(kind == "new", 0.12 * late, 0.05 * (3 - late))
    >>> found = fit_segments(lambda: Scorecard(method="woe"), {"late": late}, y, kind, repeats=1)
    >>> found.test.pays, list(found.cards)
    (True, ['new', 'old'])
    """
    check_folds("folds", folds, 2)
    check_folds("repeats", repeats, 1)
    check_rounds(2, level, seed)
    if measure not in MEASURES:
        raise InputError(f"measure is {measure!r}. It can be {' or '.join(map(repr, MEASURES))}.")
    make_model = naming(make_model, bad)
    columns = columns_of("X", X)
    names, at = read_segments(columns, segment)
    if len(names) < 2:
        raise InputError(f"There is one segment only, {names[0]!r}. Give two or more, or fit one Scorecard.")
    rows = _read(made(make_model), columns, y, sample_weight, groups)
    some = np.flatnonzero(rows.weight > 0)  # a row of weight 0 is no row
    contest = Contest.of(make_model, rows.part(some), at[some], names)
    models = {name: _segment_model(contest, place) for place, name in enumerate(names)}
    test = segment_test(contest, measure, folds, repeats, level, seed)
    column = segment if isinstance(segment, str) else None
    return SegmentedScorecard(models, contest.one_card, contest.segment_id, column, test)


def read_segments(columns: Columns, segment: Any) -> tuple[list[str], Ints]:
    """Return the names of the segments, in order, and the place of each row's among them.

    Raises
    ------
    InputError
        If a row has none, or the column is not there.
    """
    rows = rows_in(columns)
    if isinstance(segment, str):
        missing_columns([segment], columns)
        segment = columns[segment]
    values = segment if hasattr(segment, "iloc") else np.asarray(segment)
    if values.shape != (rows,):
        raise InputError(f"segment has shape {values.shape} for {rows} rows. Give one a row.")
    codes, texts = as_levels("segment", values, kind_of_segment(values))
    absent = np.flatnonzero(codes < 0)
    if len(absent):
        raise InputError(
            f"segment is absent in row {absent[0]} (and {len(absent) - 1} more). Give every row a segment: "
            "one named 'unknown' is as good as any."
        )
    there = sorted({texts[code] for code in np.unique(codes)})
    place = np.array([there.index(text) if text in there else -1 for text in texts], np.int64)
    return there, place[codes]


def kind_of_segment(values: Any) -> Kind:
    """Return how the values of a segment are read: truths as such, everything else as levels."""
    return "boolean" if getattr(values, "dtype", None) == np.bool_ else "levels"


def _read(model: Scorecard, columns: Columns, y: Any, sample_weight: Any, groups: Any) -> Labelled:
    count = rows_in(columns)
    sample, outcome = check_sample(count, y, sample_weight, bad=model.bad)
    return Labelled(columns, sample.bad, sample.weight, check_groups(groups, count), good_and_bad(outcome))


def _segment_model(contest: Contest, place: int) -> Scorecard:
    part = contest.rows.part(np.flatnonzero(contest.at == place))
    try:
        return fitted(made(contest.make_model), part, contest.scale)
    except ScorecardError as error:
        raise ConstraintError(
            f"There is no card for segment {contest.names[place]!r} ({len(part.bad):,} rows, "
            f"{int(part.bad.sum()):,} bad): {error} Or join it with another segment."
        ) from error
