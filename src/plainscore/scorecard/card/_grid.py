"""Two-way tables, and the exact range of scores that a card with them can give.

Without two-way tables the lowest score is the sum of every characteristic's fewest points. With them the
worst attribute of one characteristic may soften another's, so the range is found by elimination: one
characteristic at a time is maximised over, for every way its neighbours may stand.

References
----------
Dechter, R. (1999). Bucket elimination: a unifying framework for reasoning. Artificial Intelligence 113.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from plainscore.scorecard._errors import InputError

MOST_CELLS: Final = 100_000
"""Cells of the largest table that finding the range may need."""

Pair = tuple[int, int]
Table = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Grid:
    """Points for two characteristics together, added to the points of each.

    `points` has a row for each attribute of the characteristic `first`, in the card's order, and a column
    for each of `second`. Zero is no change.
    """

    id: str
    label: str
    first: str
    second: str
    reason: str
    points: tuple[tuple[int, ...], ...]


def attainable(own: Sequence[Sequence[float]], grids: Mapping[Pair, Table]) -> tuple[float, float]:
    """Return the lowest and the highest sum that one attribute of every characteristic can give.

    Parameters
    ----------
    own : sequence of sequences
        Points of every characteristic's attributes.
    grids : mapping of (first, second) to rows of points
        Two-way tables, by the places of their characteristics.

    Raises
    ------
    InputError
        If the tables tie so many characteristics together that the range is out of reach (`MOST_CELLS`).

    Examples
    --------
    >>> attainable([[0, 10], [0, 20]], {(0, 1): [[0, 5], [0, -15]]})
    (0, 25)
    """
    high = _highest(own, grids)
    minus_own = [[-points for points in part] for part in own]
    minus = {pair: [[-points for points in row] for row in table] for pair, table in grids.items()}
    return -_highest(minus_own, minus), high


def _highest(own: Sequence[Sequence[float]], grids: Mapping[Pair, Table]) -> float:
    """Maximise by eliminating, each time, the characteristic whose elimination makes the smallest table."""
    sizes = [len(part) for part in own]
    factors: list[tuple[tuple[int, ...], dict[tuple[int, ...], float]]] = [
        (pair, {(i, j): points for i, row in enumerate(table) for j, points in enumerate(row)})
        for pair, table in grids.items()
    ]
    left = {place for pair in grids for place in pair}
    total: float = sum(max(part) for place, part in enumerate(own) if place not in left)
    while left:
        place = min(left, key=lambda each: (_cells(each, factors, sizes), each))
        if _cells(place, factors, sizes) > MOST_CELLS:
            raise InputError(
                "The two-way tables tie so many characteristics together that the range of scores cannot be "
                "found. Use fewer tables."
            )
        touched = [factor for factor in factors if place in factor[0]]
        factors = [factor for factor in factors if place not in factor[0]]
        factors.append(_eliminate(place, own[place], touched, sizes))
        left.discard(place)
    return total + sum(table[()] for scope, table in factors if scope == ())


def _neighbours(place: int, factors: Sequence[tuple[tuple[int, ...], object]]) -> tuple[int, ...]:
    return tuple(sorted({other for scope, _ in factors if place in scope for other in scope} - {place}))


def _cells(place: int, factors: Sequence[tuple[tuple[int, ...], object]], sizes: Sequence[int]) -> int:
    cells = sizes[place]
    for other in _neighbours(place, factors):
        cells *= sizes[other]
    return cells


def _eliminate(
    place: int,
    own: Sequence[float],
    touched: Sequence[tuple[tuple[int, ...], dict[tuple[int, ...], float]]],
    sizes: Sequence[int],
) -> tuple[tuple[int, ...], dict[tuple[int, ...], float]]:
    around = _neighbours(place, touched)
    table = {}
    for stand in product(*(range(sizes[other]) for other in around)):
        at = dict(zip(around, stand, strict=True))
        best = None
        for attribute, points in enumerate(own):
            at[place] = attribute
            value = points + sum(held[tuple(at[one] for one in scope)] for scope, held in touched)
            best = value if best is None or value > best else best
        assert best is not None  # every characteristic has attributes
        table[stand] = best
    return around, table
