"""How far two models name the same reasons: the first reason, the sets, and each characteristic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plainscore.validation._errors import ValidationError
from plainscore.validation._numbers import Floats, Ints

PLACES = 9
"""Decimals of a value that count in a ranking: beyond them lies rounding, which is no reason."""


def top_adverse(values: Floats, count: int) -> Ints:
    """Give the positions of the largest values above zero in each row, -1 where there are fewer.

    Values are ranked by `PLACES` decimals; ties stand in the order of the columns, as in
    ``Card.top_reasons``.

    Examples
    --------
    >>> top_adverse(np.array([[0.1, -2.0, 0.3], [0.2, 0.2, 0.0]]), 2).tolist()
    [[2, 0], [0, 1]]
    """
    rounded = np.round(values, PLACES)
    order = np.argsort(-rounded, axis=1, kind="stable")[:, :count]
    named = np.full((len(values), count), -1, dtype=np.int64)
    named[:, : order.shape[1]] = np.where(np.take_along_axis(rounded, order, axis=1) > 0, order, -1)
    return named


@dataclass(frozen=True)
class Overlap:
    """Two models' reasons side by side.

    `cases` are those for which either names a reason; `same_first` counts those with the same first one, and
    `first_among` those in which the first model's first reason is one of the second's. `shared`, `named` and
    `others` count reasons: named by both, by the first model, by the second. `by_chance` is what would be
    shared, had the second drawn as many characteristics by lot. `both`, `own` and `theirs` count, for each
    characteristic, the cases in which both, only the first or only the second name it.
    """

    cases: int
    same_first: int
    first_among: int
    shared: int
    named: int
    others: int
    by_chance: float
    both: Ints
    own: Ints
    theirs: Ints


def overlap(first: Ints, second: Ints, characteristics: int) -> Overlap:
    """Compare the reasons that two models name for the same cases.

    Parameters
    ----------
    first, second : array of int, shape (cases, reasons)
        Positions of characteristics, the weightiest first, -1 for none.
    characteristics : int
        How many there are.

    Raises
    ------
    ValidationError
        If the two are not reasons of the same cases.

    Examples
    --------
    >>> found = overlap(np.array([[0, 1]]), np.array([[0, 2]]), 3)
    >>> found.same_first, found.shared, found.own.tolist(), found.theirs.tolist()
    (1, 1, [0, 1, 0], [0, 0, 1])
    """
    if first.ndim != 2 or first.shape != second.shape:
        raise ValidationError(
            f"the reasons have shapes {first.shape} and {second.shape}: give both for the same cases, "
            "as many a case"
        )
    mine, their = (_named(one, characteristics) for one in (first, second))
    any_named = mine.any(axis=1) | their.any(axis=1)
    lots = mine.sum(axis=1) * their.sum(axis=1)
    return Overlap(
        cases=int(any_named.sum()),
        same_first=int(((first[:, 0] == second[:, 0]) & any_named).sum()),
        first_among=int(((first[:, :1] == second) & (first[:, :1] >= 0)).any(axis=1).sum()),
        shared=int((mine & their).sum()),
        named=int(mine.sum()),
        others=int(their.sum()),
        by_chance=int(lots.sum()) / characteristics,
        both=(mine & their).sum(axis=0),
        own=(mine & ~their).sum(axis=0),
        theirs=(~mine & their).sum(axis=0),
    )


def _named(reasons: Ints, characteristics: int) -> npt.NDArray[np.bool_]:
    found = np.zeros((len(reasons), characteristics + 1), dtype=bool)
    np.put_along_axis(found, np.where(reasons < 0, characteristics, reasons), True, axis=1)
    return found[:, :-1]
