"""Which label of an outcome is bad, settled in one place for everyone who takes an outcome.

Nothing is guessed from an order. 1 and True are bad, 0 and False are good, a few words have one meaning, and
every other pair of labels is refused until somebody names the bad one.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError, MoreBadsWarning
from plainscore.scorecard._labels import (
    MOST_SHOWN,
    RULE,
    Int8,
    Label,
    callers_level,
    find_labels,
    label_of,
    labels_text,
    shown,
)
from plainscore.scorecard._outcome_words import side_of


class _Named(Enum):
    LAST = "LAST_LABEL"

    def __repr__(self) -> str:
        return self.value

    __str__ = __repr__


LAST_LABEL: Final = _Named.LAST
"""For ``bad=``: the label that sorts last, as scikit-learn takes the positive class. It is there for what
labels outcomes in that way, such as ``check_estimator``; a lender names the label itself."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of rows, and what it was called.

    Parameters
    ----------
    bad : int8 array of shape (rows,)
        1 bad, 0 good.
    good_label, bad_label : int, float or str
        The labels; truths and whole numbers as ``int``.
    classes : array of shape (2,)
        Both labels as they were given, sorted, as scikit-learn keeps them.
    bad_at : int
        Which of `classes` is bad, 0 or 1.
    """

    bad: Int8
    good_label: Label
    bad_label: Label
    classes: npt.NDArray[Any]
    bad_at: int


def read_outcome(y: Any, bad: Any = None, *, rows: int | None = None, fitted: Any = None) -> Outcome:
    """Return which rows are bad, and the two labels.

    Parameters
    ----------
    y : array of shape (rows,)
        0 and 1 in any numeric type, booleans, or texts; NumPy, pandas, Polars, Arrow or a list. Two texts
        need no `bad` where both are known words on opposite sides, such as ``Fully Paid`` and
        ``Charged Off``; case and space around them do not matter.
    bad : label, optional
        The bad label, one of the two that are found; the other one is good. Where it is given it decides, for
        0 and 1 too. `LAST_LABEL` for the one that sorts last.
    rows : int, optional
        How many values there must be.
    fitted : object, optional
        A fitted model: where `y` has the labels of its fit and `bad` is not given, they mean what they
        meant there.

    Returns
    -------
    Outcome

    Raises
    ------
    InputError
        If an outcome is absent, there are not two labels, `bad` is neither of them, or it is needed.

    Examples
    --------
    >>> read_outcome(["Fully Paid", "Charged Off"]).bad.tolist(), read_outcome([1, 2], bad=1).bad.tolist()
    ([0, 1], [1, 0])
    >>> read_outcome(["N", "Y"])
    Traceback (most recent call last):
    ...
    plainscore.scorecard._errors.InputError: The outcome has the labels 'N' and 'Y', and nothing says which
    of them is bad. An outcome is 1 or True for bad and 0 or False for good, or two known words such as 'bad'
    and 'good'. Name the bad label: bad='N' or bad='Y'.
    """
    found = find_labels(y, rows)
    _need_two(found.labels)
    if bad is None and fitted is not None:
        bad = _meant_in_fit(fitted, found.labels)
    at = bad_place(found.labels, bad)
    is_bad = (found.at == at).view(np.int8)
    return Outcome(is_bad, found.labels[1 - at], found.labels[at], found.classes, at)


def read_zero_one(y: Any) -> Int8:
    """Return an outcome that is 0 or 1 by rule, as where an argument is itself called ``bad``.

    Parameters
    ----------
    y : array of shape (rows,)
        0 and 1 in any numeric type, or booleans, as `read_outcome` reads them. All may be alike.

    Returns
    -------
    int8 (rows,)

    Raises
    ------
    InputError
        If a value is absent or another.

    Examples
    --------
    >>> read_zero_one([True, False]).tolist(), read_zero_one([0.0, 0.0]).tolist()
    ([1, 0], [0, 0])
    """
    found = find_labels(y)
    if any(isinstance(one, str) or one not in (0, 1) for one in found.labels):
        last = found.labels[-1]
        mend = f"Give y == {shown(last)} if {shown(last)} is the bad label, say."
        raise InputError(
            f"The outcome has {labels_text(found.labels)}. {RULE}, and here it must be. "
            f"{mend if len(found.labels) == 2 else 'Leave out what is neither good nor bad.'}"
        )
    return np.array(found.labels, np.int8)[found.at]


def bad_place(labels: Sequence[Label], bad: Any = None) -> int:
    """Return which of two labels, in their order, is bad: 0 or 1.

    Raises
    ------
    InputError
        If `bad` is neither of them, or is not given and needed.
    """
    if bad is LAST_LABEL:
        return 1
    if bad is not None:
        return _place_of(labels, bad)
    if not isinstance(labels[0], str) and tuple(labels) == (0, 1):
        return 1
    sides = [side_of(one) if isinstance(one, str) else None for one in labels]
    if set(sides) == {"good", "bad"}:
        return sides.index("bad")
    first, second = map(shown, labels)
    raise InputError(
        f"The outcome has the labels {first} and {second}, and nothing says which of them is bad. {RULE}, "
        f"or two known words such as 'bad' and 'good'. Name the bad label: bad={first} or bad={second}."
    )


def _place_of(labels: Sequence[Label], bad: Any) -> int:
    label = label_of(bad)
    for at, one in enumerate(labels):
        if isinstance(one, str) == isinstance(label, str) and one == label:
            return at
    first, second = map(shown, labels)
    given = f"of type {type(bad).__name__}" if label is None else shown(label)
    raise InputError(
        f"bad is {given}, and the labels of the outcome are {first} and {second}. Name one of them: "
        f"bad={first} or bad={second}."
    )


def _meant_in_fit(model: Any, labels: Sequence[Label]) -> Any:
    """Return the label that a model's fit called bad, None where these are not the labels of its fit."""
    if not (hasattr(model, "classes_") and hasattr(model, "bad_")):
        return None
    return model.bad_ if tuple(map(label_of, model.classes_)) == tuple(labels) else None


def _need_two(labels: Sequence[Label]) -> None:
    if len(labels) < 2:
        raise InputError(
            f"The outcome has one class only ({labels_text(labels)}). A scorecard needs good (0) and bad (1) "
            "cases."
        )
    if len(labels) == 2:
        return
    if any(isinstance(one, float) for one in labels):
        raise InputError("Unknown label type: the outcome is continuous. Give 1 for bad and 0 for good.")
    listed = f": {labels_text(labels)}" if len(labels) <= MOST_SHOWN else ""
    raise InputError(
        f"Only binary classification is supported. The outcome has {len(labels):,} classes{listed}. Give 1 "
        "for bad, 0 for good, and leave indeterminates out."
    )


def warn_of_more_bads(outcome: Outcome, weight: npt.NDArray[np.float64]) -> None:
    """Warn where more rows are bad than good, which is what labels the wrong way round look like.

    Rows are counted, not their weight, except that a row of weight 0 is no row: labels belong to rows.
    """
    some = outcome.bad[weight > 0]
    bads = int(np.count_nonzero(some))
    goods = len(some) - bads
    if bads > goods:
        good, bad = shown(outcome.good_label), shown(outcome.bad_label)
        warnings.warn(
            f"{bads:,} rows are bad (labelled {bad}) and {goods:,} good (labelled {good}), and most credit "
            f"files have fewer bads than goods. If the labels are the wrong way round, give bad={good}; if "
            "they are right, filter MoreBadsWarning.",
            MoreBadsWarning,
            stacklevel=callers_level(),
        )
