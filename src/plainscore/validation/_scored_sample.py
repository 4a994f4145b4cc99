"""Scored cases with known outcomes, checked once so that every measure may rely on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.validation._errors import ValidationError
from plainscore.validation._numbers import Floats, Ints


@dataclass(frozen=True)
class Sample:
    """Cases: `scores`, `bad` as 0 or 1, `weights` above zero, `person` as 0 to people - 1."""

    scores: npt.NDArray[Any]
    bad: Ints
    weights: Floats
    person: Ints
    people: int

    def __len__(self) -> int:
        return int(self.scores.size)

    def select(self, rows: npt.NDArray[Any]) -> Sample:
        """Take the cases at `rows` (a mask or positions), numbering the people anew."""
        people, person = np.unique(self.person[rows], return_inverse=True)
        return Sample(
            self.scores[rows], self.bad[rows], self.weights[rows], person.astype(np.int64), int(people.size)
        )

    @property
    def bad_weight(self) -> float:
        """Total weight of bads."""
        return float((self.weights * self.bad).sum())

    @property
    def good_weight(self) -> float:
        """Total weight of goods."""
        return float((self.weights * (1 - self.bad)).sum())

    def require_both_classes(self) -> None:
        """Refuse a sample in which nobody is good or nobody is bad."""
        if not self.bad.any() or self.bad.all():
            only = "good" if not self.bad.any() else "bad"
            raise ValidationError(
                f"all {len(self)} cases are {only}, and nothing can be told apart: "
                "give a sample with both goods and bads, or report the counts alone"
            )


def outcome_of(bad: npt.ArrayLike) -> Ints:
    """Read an outcome as the scorecard does, which a caller has named by calling it bad.

    Raises
    ------
    ValidationError
        If a value is absent, or is not 0, 1, True or False; other labels are not read by their order.
    """
    from plainscore.scorecard import InputError, read_zero_one

    try:
        return read_zero_one(bad).astype(np.int64)
    except InputError as error:
        raise ValidationError(str(error)) from error


def sample(
    scores: npt.ArrayLike,
    bad: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    person: npt.ArrayLike | None = None,
) -> Sample:
    """Check arrays of one length and make a `Sample` of them.

    Parameters
    ----------
    scores : array of shape (n,)
        Higher is less risky.
    bad : array of shape (n,)
        1 or True for bad, 0 or False for good; indeterminates are left out before.
    weights : array of shape (n,), optional
        Case weights, above zero; one each otherwise.
    person : array of shape (n,), optional
        Who each case is about, in any type; one person a case otherwise.

    Returns
    -------
    Sample

    Raises
    ------
    ValidationError
        If lengths differ, an outcome is not 0 or 1, a score is not finite, or a weight is not above zero.

    Examples
    --------
    >>> sample([500, 600, 600], [1, 0, 0], person=["a", "b", "b"]).people
    2
    """
    found = np.asarray(scores)
    outcome = outcome_of(bad)
    weight = np.ones(found.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    who = np.arange(found.size) if person is None else np.asarray(person)
    for name, part in (("scores", found), ("bad", outcome), ("weights", weight), ("person", who)):
        if part.ndim != 1 or part.size != found.size:
            raise ValidationError(
                f"{name} has shape {part.shape} where scores has {found.shape}: give one value a case"
            )
    if not np.isfinite(found.astype(np.float64)).all():
        raise ValidationError("a score is not a finite number: leave out cases that were refused a score")
    if not (weight > 0).all() or not np.isfinite(weight).all():
        raise ValidationError("a weight is not above zero: leave the case out instead of weighting it away")
    people, codes = np.unique(who, return_inverse=True)
    return Sample(found, outcome, weight, codes.astype(np.int64), int(people.size))
