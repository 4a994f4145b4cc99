"""Points of two characteristics together, shared out to each: the one rule by which a table is told.

A two-way table gives points to two characteristics at once, and a person asks of one at a time. The cell a
case stands in is halved: each of the two gets half of it in whole points, away from zero for the one that
stands first on the card and towards zero for the other, so that the two always sum to the cell. A
baseline's mean of the table is halved exactly.

Half each is the Shapley value of a game of two players in which neither earns anything of the table alone.
So it is of every card that is fitted here: what a table says of one characteristic alone is in its own
points (``fitting/_purified.py``), its rows and columns have a mean of zero, and half of a cell is what SHAP
gives either characteristic, to the rounding. It needs nothing but the card.

What another attribute of one characteristic would earn is told with everything else of the case as it is:
the other's share stays, and the rest of the new cell is this one's. So the difference between two
attributes is the difference between two scores, and no attribute is called better that would not raise the
score.

References
----------
Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games II.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._grid import Grid
from plainscore.scorecard.card._points_table import ALL_APPLICANTS, CardCharacteristic


@dataclass(frozen=True, slots=True)
class SharedCell:
    """The cell of a two-way table that one case stands in, shared out.

    Attributes
    ----------
    grid : Grid
        The table.
    points : int
        Of the cell.
    shares : mapping of str to int
        The part of each of the two characteristics; they sum to `points`.
    """

    grid: Grid
    points: int
    shares: Mapping[str, int]

    def other(self, id: str) -> str:
        """Return the characteristic that stands in the table beside this one."""
        return self.grid.second if id == self.grid.first else self.grid.first


def shared_cells(card: Card, case: Mapping[str, Any]) -> tuple[SharedCell, ...]:
    """Return the cells that one case stands in, each shared between its two characteristics.

    Parameters
    ----------
    card : Card
        The card.
    case : mapping of str to value
        As for `Card.score_one`.

    Returns
    -------
    tuple of SharedCell
        In the order of the card's tables.

    Raises
    ------
    InputError
        If a characteristic is not in `case`, or a value has the wrong type.
    """
    return _cells(card, card.positions_one(case)) if card.grids else ()


def points_as_it_stands(card: Card, case: Mapping[str, Any]) -> tuple[CardCharacteristic, ...]:
    """Return the card's characteristics, with points of every attribute while the rest of the case stays.

    Parameters
    ----------
    card : Card
        The card.
    case : mapping of str to value
        As for `Card.score_one`.

    Returns
    -------
    tuple of CardCharacteristic
        In the card's order, each attribute with its whole points. Those of the case's own attributes and
        the base points sum to its score. Another attribute of one of them has as many points more or less
        as the score would, were that the case's. Of a card without two-way tables, the card's own.

    Raises
    ------
    InputError
        If a characteristic is not in `case`, or a value has the wrong type.

    Examples
    --------
    >>> from plainscore.scorecard import Attribute, Grid, Scale
    >>> def yes_no(name, points):
    ...     yes, no = (Attribute("levels", p, w, levels=(w,)) for p, w in ((points, "yes"), (0, "no")))
    ...     rest = (Attribute(kind, 0, kind) for kind in ("missing", "unseen"))
    ...     return CardCharacteristic(name, name, "", "", "none", "levels", "", (yes, no, *rest))
    >>> cells = ((-5, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0))
    >>> card = Card("two", "example", {}, "2027-01-31", Scale("600", "10", "40", 300, 330), 300,
    ...             (yes_no("rents", 10), yes_no("moved", 20)),
    ...             grids=(Grid("rents & moved", "rents and moved", "rents", "moved", "", cells),))
    >>> case = {"rents": "yes", "moved": "yes"}
    >>> [[each.points for each in one.attributes][:2] for one in points_as_it_stands(card, case)]
    [[7, 2], [18, 3]]
    >>> card.score_one(case), card.score_one(case | {"rents": "no"})
    (325, 320)
    """
    if not card.grids:
        return card.characteristics
    at = card.positions_one(case)
    cells = _cells(card, at)
    return tuple(_as_it_stands(one, at, cells) for one in card.characteristics)


def shared_baseline(card: Card, name: str = ALL_APPLICANTS) -> dict[str, Fraction]:
    """Return a baseline's mean points per characteristic, half of each two-way table's with either, exactly.

    Raises
    ------
    InputError
        If the card has no such baseline.
    """
    mean = card.baseline_points(name)
    found = {one.id: mean[one.id] for one in card.characteristics}
    for grid in card.grids:
        for side in (grid.first, grid.second):
            found[side] += mean[grid.id] / 2
    return found


def _cells(card: Card, at: Mapping[str, int]) -> tuple[SharedCell, ...]:
    place = {one.id: number for number, one in enumerate(card.characteristics)}
    found = []
    for grid in card.grids:
        points = grid.points[at[grid.first]][at[grid.second]]
        leads, follows = sorted((grid.first, grid.second), key=place.__getitem__)
        less = abs(points) // 2 if points > 0 else -(abs(points) // 2)
        found.append(SharedCell(grid, points, {leads: points - less, follows: less}))
    return tuple(found)


def _as_it_stands(
    one: CardCharacteristic, at: Mapping[str, int], cells: tuple[SharedCell, ...]
) -> CardCharacteristic:
    lines = []
    for cell in cells:
        grid = cell.grid
        if one.id == grid.first:
            lines.append([row[at[grid.second]] - cell.shares[grid.second] for row in grid.points])
        elif one.id == grid.second:
            lines.append([points - cell.shares[grid.first] for points in grid.points[at[grid.first]]])
    if not lines:
        return one
    told = (
        replace(each, points=each.points + sum(more))
        for each, *more in zip(one.attributes, *lines, strict=True)
    )
    return replace(one, attributes=tuple(told))
