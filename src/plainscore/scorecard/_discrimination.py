"""How well a card, or any classifier, tells good from bad on a table, with bootstrap intervals.

A score has few distinct values. A resample of rows is therefore a draw of counts per distinct score and
outcome, and costs as much as there are distinct scores, not as there are rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._labels import label_of, labels_text, shown
from plainscore.scorecard._outcome import Outcome
from plainscore.scorecard._resample import Cells, drawn_groups, drawn_rows
from plainscore.scorecard.binning._sample import check_groups, check_rounds, check_sample
from plainscore.scorecard.card._card import Card

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A value and the bounds of its interval; NaN bounds where they could not be found."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Discrimination:
    """The three common measures of one sample.

    Parameters
    ----------
    auc : Estimate
        The chance that a good case scores above a bad one, ties counted as half.
    gini : Estimate
        Twice the AUC, less one.
    ks : Estimate
        The greatest difference between the shares of goods and of bads at or below a score.
    """

    auc: Estimate
    gini: Estimate
    ks: Estimate


def discrimination(
    model: Any,
    X: Any,
    y: npt.ArrayLike,
    sample_weight: npt.ArrayLike | None = None,
    *,
    bad: Any = None,
    groups: npt.ArrayLike | None = None,
    rounds: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Discrimination:
    """Return AUC, Gini and KS with percentile intervals from a bootstrap.

    Parameters
    ----------
    model : Card, Scorecard, or fitted classifier
        A classifier needs ``decision_function`` or ``predict_proba``. Which of its ``classes_`` is bad
        follows from the labels of `y`; without ``classes_`` the second is.
    X : table of shape (rows, columns)
        What the model scores: rows it was not fitted on, or the figures flatter it.
    y : array of shape (rows,)
        1 or True for bad, 0 or False for good, or two labels as `read_outcome` reads them. The labels that
        a `Scorecard` was fitted with mean what they meant there.
    sample_weight : float array of shape (rows,), optional
        Weights of the rows. They weigh what is drawn, and do not change how often it is drawn.
    bad : label, optional
        The bad label of `y`; where it is given it decides. As in `Scorecard`.
    groups : array of shape (rows,), optional
        Who each row belongs to. Whole groups are drawn then, since rows of one person are not independent.
    rounds : int
        Resamples, at least 2.
    level : float
        Coverage aimed at, between 0 and 1.
    seed : int
        The same seed gives the same interval with the same release of NumPy.

    Returns
    -------
    Discrimination
        The bounds are NaN if both outcomes came up in fewer than half of the resamples.

    Raises
    ------
    InputError
        If the outcome has one class only or nothing says which label is bad, lengths differ, an option is
        out of range, or the model has neither of the two methods, or other labels.

    Warns
    -----
    MoreBadsWarning
        If more rows are bad than good, weights apart.

    References
    ----------
    Hanley, J. A. and McNeil, B. J. (1982). The meaning and use of the area under a receiver operating
    characteristic (ROC) curve. Radiology 143. Davison, A. C. and Hinkley, D. V. (1997). Bootstrap Methods
    and their Application, sections 3.8 and 5.3.

    Examples
    --------
    >>> from plainscore.scorecard import Scorecard
    >>> late = np.repeat([0, 1, 2, 3], 250)
    >>> bad = np.arange(1000) % 20 < late * 4 + 2
    >>> found = discrimination(Scorecard().fit({"late": late}, bad), {"late": late}, bad)
    >>> round(found.auc.value, 4), found.auc.low < found.auc.value < found.auc.high
    (0.7583, True)
    """
    check_rounds(rounds, level, seed)
    scores = _scores(model, X)
    sample, outcome = check_sample(len(scores), y, sample_weight, bad=bad, fitted=model)
    if scores.ndim == 2:
        scores = -scores[:, _bad_column(model, outcome)]
    who = None if groups is None else check_groups(groups, len(scores))
    some = sample.weight > 0  # a row of weight 0 is no row
    _, place = np.unique(scores[some], return_inverse=True)
    # cell 2k is good at the k-th lowest score, cell 2k + 1 bad
    rows = Cells(place * 2 + sample.bad[some], sample.weight[some], 2 * (int(place.max()) + 1))
    own = np.bincount(rows.cell, weights=rows.weight, minlength=rows.count)[None, :]
    rng = np.random.default_rng(seed)
    draws = drawn_rows(rows, rounds, rng) if who is None else drawn_groups(rows, who[some], rounds, rng)
    drawn = np.concatenate([measures(part) for part in draws])
    auc, ks = (_estimate(value, each, level) for value, each in zip(measures(own)[0], drawn.T, strict=True))
    gini = Estimate(*(2.0 * value - 1.0 for value in (auc.value, auc.low, auc.high)))
    return Discrimination(auc, gini, ks)


def measures(counts: npt.NDArray[Any]) -> Floats:
    """Return the AUC and KS of each row of counts per cell, NaN where an outcome is absent.

    Parameters
    ----------
    counts : array of shape (samples, 2 x scores)
        Weight of goods and of bads at each distinct score, ascending.

    Returns
    -------
    float64 (samples, 2)

    Examples
    --------
    >>> measures(np.array([[0, 1, 1, 0], [1, 1, 1, 1]])).tolist()
    [[1.0, 1.0], [0.5, 0.0]]
    """
    goods, bads = counts[:, 0::2].astype(np.float64), counts[:, 1::2].astype(np.float64)
    good, bad = np.cumsum(goods, axis=1), np.cumsum(bads, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        area = (goods * (bad - 0.5 * bads)).sum(axis=1) / (good[:, -1] * bad[:, -1])
        gap = np.abs(good / good[:, -1:] - bad / bad[:, -1:]).max(axis=1)
    return np.column_stack([area, gap])


def _scores(model: Any, X: Any) -> npt.NDArray[Any]:
    """Return one number a row that rises with safety, or one for each of a classifier's two classes."""
    if isinstance(model, Card):
        return model.score(X)
    if hasattr(model, "score_points"):
        return np.asarray(model.score_points(X))
    if hasattr(model, "decision_function"):
        second = np.asarray(model.decision_function(X), np.float64)
        return np.column_stack([-second, second])
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(X), np.float64)
    raise InputError(
        f"The model is a {type(model).__name__}, which gives no score. "
        "Give a Card, a Scorecard, or a classifier with decision_function or predict_proba."
    )


def _bad_column(model: Any, outcome: Outcome) -> int:
    """Return which of a classifier's two classes is bad, by the labels of the outcome."""
    if not hasattr(model, "classes_"):
        return 1
    classes = [label_of(one) for one in model.classes_]
    found = (outcome.good_label, outcome.bad_label)
    if len(classes) == 2 and set(classes) == set(found):
        return classes.index(outcome.bad_label)
    good, bad = map(shown, found)
    own = labels_text([one for one in classes if one is not None])
    raise InputError(
        f"The model was fitted with {own}, and the outcome has the labels {good} and {bad}. Give y in the "
        "labels of the fit."
    )


def _estimate(value: float, drawn: Floats, level: float) -> Estimate:
    found = drawn[np.isfinite(drawn)]
    if len(found) * 2 < len(drawn):
        return Estimate(float(value), float("nan"), float("nan"))
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(found, [tail, 1.0 - tail])
    return Estimate(float(value), float(low), float(high))
