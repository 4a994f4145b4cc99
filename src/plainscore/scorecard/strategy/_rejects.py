"""Reject inference as a sensitivity: what each assumption about those never observed would mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._named_arrays import missing_columns
from plainscore.scorecard.binning._sample import check_groups, check_sample
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.strategy._fits import (
    Columns,
    Labelled,
    Maker,
    columns_of,
    good_and_bad,
    made,
    naming,
    rows_in,
)
from plainscore.scorecard.strategy._folds import check_folds
from plainscore.scorecard.strategy._given import Draws
from plainscore.scorecard.strategy._notebook_tables import page
from plainscore.scorecard.strategy._reject_figures import (
    ALONE,
    Applicants,
    bands_of,
    figures,
    judge,
    ranges,
)
from plainscore.scorecard.strategy._reject_methods import (
    Method,
    Unseen,
    alone,
    fuzzy,
    parcelled,
    reweighted,
)

if TYPE_CHECKING:
    from pandas import DataFrame

    from plainscore.scorecard._estimator import Scorecard

Ints = npt.NDArray[np.int64]

FEW: Final = 100
"""Accepted cases, in effect, below which reweighting is said to rest on few."""


@dataclass(frozen=True)
class RejectInference:
    """What each method says of those who have no outcome, side by side.

    Parameters
    ----------
    table : DataFrame
        One row a method, the two bounds last: ``auc`` on the accepted, out of sample, and
        ``rejects_bad_rate`` (and ``no_consent_bad_rate``) as expected, each with ``_low`` and ``_high``; and
        where a bad rate to keep was stated, the lowest ``cut_off`` of the method's card that keeps it among
        all applicants (infinite where none does), with its bounds, and the ``approval_rate`` there.
    range : DataFrame
        Of each figure the ``lowest`` and ``highest`` over the methods, and over the bounds.
    bands : DataFrame
        Bands of the score of the accepted alone, over all applicants: ``accepted``, their ``bad_rate``, how
        many are ``without_outcome``, and the bad rate of the band if these were all good or all bad.
    cards : mapping of method to Card
        Each method's card, all on one scale: the same score is the same odds.
    speaking : mapping of class to float
        How many accepted cases, in effect, reweighting lets speak for each class (Kish).
    """

    table: DataFrame
    range: DataFrame
    bands: DataFrame
    cards: Mapping[str, Card]
    speaking: Mapping[str, float]

    @property
    def sentence(self) -> str:
        """What can be said, and what cannot."""
        told = []
        for name in self.speaking:
            row = self.range.loc[f"{name}_bad_rate"]
            who = "rejects" if name == "rejects" else "those without consent"
            told.append(
                f"The bad rate of {who} is expected at {row['lowest']:.1%} to {row['highest']:.1%} over the "
                "methods; what was observed rules out nothing from 0% to 100%."
            )
            if self.speaking[name] < FEW:
                told.append(
                    f"Few accepted cases are like {who}: reweighting rests on {self.speaking[name]:.0f} of "
                    "them, in effect."
                )
        if "cut_off" in self.range.index:
            row = self.range.loc["cut_off"]
            low, high = (f"{row[end]:g}" if row[end] < math.inf else "none" for end in ("lowest", "highest"))
            told.append(
                f"The cut-off that keeps the bad rate runs from {low} to {high}, each method's on its own "
                "card."
            )
        first = (
            "No method is best: what those without an outcome would have done was never observed, and each "
            "method stands for an assumption that these data cannot test."
        )
        return " ".join([first, *told])

    def __str__(self) -> str:
        return f"{self.table.to_string()}\n{self.sentence}"

    def _repr_html_(self) -> str:
        return page([self.table, self.range, self.bands], [self.sentence])


def reject_inference(
    make_model: Maker,
    X_accepted: Any,
    y: npt.ArrayLike,
    X_rejected: Any,
    *,
    prudence: float | Sequence[float],
    X_no_consent: Any = None,
    bad: Any = None,
    keep_bad_rate: float | None = None,
    groups: npt.ArrayLike | None = None,
    groups_rejected: npt.ArrayLike | None = None,
    groups_no_consent: npt.ArrayLike | None = None,
    folds: int = 10,
    rounds: int = 200,
    level: float = 0.95,
    seed: int = 0,
) -> RejectInference:
    """Return what five ways to think of those without an outcome say, and the bounds on all of them.

    The ways are: known goods and bads alone; fuzzy augmentation; parcelling with a stated prudence;
    reweighting by the odds of being rejected; and the bounds, every reject good and every reject bad.
    Reweighting is right where rejection hangs on nothing but the characteristics and no kind of applicant is
    always rejected. Where it hangs on what the lender saw and the table does not hold, none is right; the
    bounds always are.

    Parameters
    ----------
    make_model : callable
        Returns a new unfitted `Scorecard` with the lender's options.
    X_accepted : table of shape (accepted, columns)
        Those with an outcome.
    y : array of shape (accepted,)
        Outcomes, as in `Scorecard.fit`.
    X_rejected : table of shape (rejected, columns)
        Those who were refused; the columns of `X_accepted`.
    prudence : float or sequence of float
        For parcelling, how many times as often as an accepted case of the same score band a reject is bad.
        Stated, as there is no figure that is right by itself. Several give a row each.
    X_no_consent : table of shape (no consent, columns), optional
        Those whose records may not be read, as a second class without outcomes; what is not known of them is
        missing.
    bad : label, optional
        The bad label of `y`; where it is given it decides, also over the recipe's. As in `Scorecard`.
    keep_bad_rate : float, optional
        Bad rate of all approved to keep. Without it no cut-off is told.
    groups, groups_rejected, groups_no_consent : array, optional
        Who each row belongs to; for all tables or for none. Folds and intervals are then by person.
    folds : int
        Folds, in which every step runs anew; at least 2.
    rounds, level, seed
        Resamples of the intervals of AUC and cut-off, coverage of all intervals, and where dealing and
        drawing start.

    Returns
    -------
    RejectInference
        Print it for the table and what it does not say.

    Raises
    ------
    InputError
        If a table, the outcome, groups or options cannot be used.
    ConstraintError
        If there is no card of the accepted.

    Notes
    -----
    The AUC is the mean over folds, with a bootstrap interval. Intervals of bad rates come from the same fits:
    a delete-a-group jackknife over the folds, on the log odds, with the t distribution. They cover sampling
    and refitting, never the assumption of the method, and are about the expected rate, not about what these
    very people would have done. Those of a cut-off are a bootstrap of the applicants
    with the cards held.

    References
    ----------
    Siddiqi, N. (2017). Intelligent Credit Scoring, 2nd edition. Wiley. Crook, J. and Banasik, J. (2004). Does
    reject inference really improve the performance of application scoring models? Journal of Banking and
    Finance 28. Banasik, J. and Crook, J. (2007). Reject inference, augmentation, and sample selection.
    European Journal of Operational Research 183. Manski, C. F. (1989). Anatomy of the selection problem.
    Journal of Human Resources 24. Kott, P. S. (2001). The delete-a-group jackknife. Journal of Official
    Statistics 17.

    Examples
    --------
    >>> from plainscore.scorecard import Scorecard
    >>> rng = np.random.default_rng(0)
    >>> late = rng.integers(0, 4, 3000)
    >>> y, taken = rng.random(3000) < 0.05 + 0.1 * late, rng.random(3000) < 0.9 - 0.2 * late
    >>> found = reject_inference(
    ...     lambda: Scorecard(method="woe"), {"late": late[taken]}, y[taken], {"late": late[~taken]},
    ...     prudence=1.3, folds=5)
    >>> found.table["rejects_bad_rate"].round(2).to_dict()
    {'known goods and bads': 0.27, 'fuzzy augmentation': 0.27, 'parcelling x1.3': 0.32, 'reweighting': 0.27,
    'every reject good': 0.0, 'every reject bad': 1.0}
    >>> y[~taken].mean().round(2), found.sentence[:18]
    (np.float64(0.27), 'No method is best:')
    """
    check_folds("folds", folds, 2)
    draws = Draws(rounds, level, seed)
    methods = _methods(prudence)
    if keep_bad_rate is not None and not _between(keep_bad_rate, 0.0, 1.0):
        raise InputError(f"keep_bad_rate is {keep_bad_rate!r}, and is a share above 0. Give 0.05, say.")
    make_model = naming(make_model, bad)
    tables = {"X_accepted": X_accepted, "X_rejected": X_rejected, "X_no_consent": X_no_consent}
    given = (groups, groups_rejected, groups_no_consent)
    applicants = _read(made(make_model), tables, y, given)
    judged, known = judge(applicants, make_model, methods, folds, seed)
    table = figures(applicants, judged, keep_bad_rate, draws)
    odds = dict(zip(applicants.unseen, known.odds, strict=True))
    return RejectInference(
        table,
        ranges(table),
        bands_of(applicants, judged[ALONE]),
        {name: one.answer.model.card_ for name, one in judged.items()},
        {name: float(each.sum() ** 2 / (each @ each)) for name, each in odds.items()},
    )


def _methods(prudence: Any) -> dict[str, Method]:
    stated = [prudence] if isinstance(prudence, Real) else list(prudence)
    wrong = [value for value in stated if not _between(value, 0.0, math.inf)]
    if wrong or not stated:
        given = repr(wrong[0]) if wrong else "empty"
        raise InputError(
            f"prudence is {given}, and says how many times as often as the accepted rejects are bad. "
            "Give 1.3, say, or several."
        )
    parcels = {f"parcelling x{value:g}": parcelled(float(value)) for value in stated}
    return {ALONE: alone, "fuzzy augmentation": fuzzy, **parcels, "reweighting": reweighted}


def _between(value: Any, low: float, high: float) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and low < float(value) < high


def _read(model: Scorecard, tables: Mapping[str, Any], y: Any, groups: Sequence[Any]) -> Applicants:
    """Return checked applicants; people are numbered over all tables."""
    columns = {name: columns_of(name, X) for name, X in tables.items() if X is not None}
    there = dict(zip(tables, groups, strict=True))
    said = {name for name in columns if there[name] is not None}
    if (said and said != set(columns)) or any(there[name] is not None for name in set(tables) - set(columns)):
        raise InputError(
            "groups are given for some tables and not for others. Give groups, groups_rejected and, with "
            "X_no_consent, groups_no_consent, or none of them."
        )
    first = columns["X_accepted"]
    for name in columns:
        try:
            missing_columns(list(first), columns[name])
        except InputError as error:
            raise InputError(f"{name}: {error}") from error
    who = _people(columns, there)
    sample, outcome = check_sample(rows_in(first), y, None, bad=model.bad)
    accepted = Labelled(first, sample.bad, sample.weight, who["X_accepted"], good_and_bad(outcome))
    classes = {"X_rejected": "rejects", "X_no_consent": "no_consent"}
    return Applicants(
        accepted,
        {classes[name]: Unseen(columns[name], who[name]) for name in classes if name in columns},
    )


def _people(columns: Mapping[str, Columns], groups: Mapping[str, Any]) -> dict[str, Ints]:
    counts = {name: rows_in(each) for name, each in columns.items()}
    ends = np.cumsum(list(counts.values()))[:-1]
    if groups["X_accepted"] is None:
        return dict(zip(counts, np.split(np.arange(sum(counts.values())), ends), strict=True))
    for name, count in counts.items():
        check_groups(groups[name], count)
    said = np.concatenate([np.asarray(groups[name], object) for name in counts])
    return dict(zip(counts, np.split(check_groups(said, len(said)), ends), strict=True))
