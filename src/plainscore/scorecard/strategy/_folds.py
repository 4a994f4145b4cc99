"""Folds by person, and what a difference over them says.

Whoever compares procedures must keep a person's rows together and let every step see the training rows
alone; then the differences over folds still share most of their training rows, which a plain t test forgets.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._discrimination import Estimate, measures
from plainscore.scorecard._errors import InputError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FEWEST_FOLDS: Final = 2


def dealt(bad: Bools, who: Ints, folds: int, seed: int) -> Ints:
    """Return the fold of every row: whole people, dealt to and fro by how many bads they have.

    People with as many bads are in an order that the seed draws, so the folds hang on the order of rows.

    Raises
    ------
    InputError
        If fewer people than folds have a bad or a good row.
    """
    _, who = np.unique(who, return_inverse=True)
    size = int(who.max()) + 1
    bads, rows = np.bincount(who[bad], minlength=size), np.bincount(who, minlength=size)
    fewest = min(int((bads > 0).sum()), int((rows > bads).sum()))
    if fewest < folds:
        raise InputError(
            f"{folds} folds need as many people with a bad and with a good row, and there are {fewest}. "
            "Give fewer folds, or more rows."
        )
    order = np.random.default_rng(seed).permutation(size)
    order = order[np.argsort(-bads[order], kind="stable")]
    fold = np.empty(size, np.int64)
    turn = np.arange(size) % (2 * folds)
    fold[order] = np.minimum(turn, 2 * folds - 1 - turn)
    return fold[who]


def check_folds(name: str, value: object, least: int) -> None:
    """Raise InputError unless a number of folds or repeats is whole and not too small."""
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
        raise InputError(f"{name} is {value!r}, and is a whole number, {least} or more. Give 5, say.")


def auc(score: Floats, bad: Bools, weight: Floats) -> float:
    """Return the weighted chance that a good row scores above a bad one, ties counted half.

    Examples
    --------
    >>> auc(np.array([1.0, 2.0, 2.0]), np.array([True, False, True]), np.ones(3))
    0.75
    """
    _, place = np.unique(score, return_inverse=True)
    counts = np.bincount(place * 2 + bad, weights=weight, minlength=2 * (int(place.max()) + 1))
    return float(measures(counts[None, :])[0, 0])


def deviance(bad_rate: Floats, bad: Bools, weight: Floats) -> float:
    """Return twice the mean negative log likelihood of outcomes under predicted bad rates.

    Examples
    --------
    >>> round(deviance(np.array([0.5, 0.5]), np.array([True, False]), np.ones(2)), 4)
    1.3863
    """
    with np.errstate(divide="ignore"):
        loss = -np.log(np.where(bad, bad_rate, 1.0 - bad_rate))
    return float(2.0 * (weight @ loss) / weight.sum())


def corrected(differences: Floats, folds: int, level: float) -> Estimate:
    """Return the mean of differences over repeated folds, with an interval that knows they share rows.

    The variance of the mean is ``(1 / n + 1 / (folds - 1)) s^2`` for n differences, and not ``s^2 / n``.

    References
    ----------
    Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine Learning 52. Bouckaert,
    R. R. and Frank, E. (2004). Evaluating the replicability of significance tests for comparing learning
    algorithms. PAKDD 2004.

    Examples
    --------
    >>> found = corrected(np.array([0.01, 0.02, 0.03, 0.02]), folds=2, level=0.95)
    >>> round(found.value, 3), round(found.low, 4)
    (0.02, -0.0091)
    """
    from scipy.stats import t

    count = len(differences)
    spread = float(np.std(differences, ddof=1))
    error = spread * math.sqrt(1.0 / count + 1.0 / (folds - 1))
    reach = float(t.ppf((1.0 + level) / 2.0, count - 1)) * error
    mean = float(np.mean(differences))
    return Estimate(mean, mean - reach, mean + reach)
