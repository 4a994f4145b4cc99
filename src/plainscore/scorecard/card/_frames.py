"""A card's points as DataFrames to read and print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from plainscore.scorecard._errors import InputError
from plainscore.scorecard.card._points_table import PointsTable

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLUMNS = ["characteristic", "label", "family", "attribute", "kind", "points"]


def points_table(card: PointsTable) -> pd.DataFrame:
    """Return one row an attribute of every characteristic, then one row a cell of every two-way table."""
    rows = [
        (one.id, one.label, one.family, each.label, each.kind, each.points)
        for one in card.characteristics
        for each in one.attributes
    ]
    return pd.DataFrame([*rows, *_cells(card)], columns=_COLUMNS)


def _cells(card: PointsTable) -> Iterator[tuple[Any, ...]]:
    by_id = {one.id: one for one in card.characteristics}
    for grid in card.grids:
        for row, points in zip(by_id[grid.first].attributes, grid.points, strict=True):
            for column, cell in zip(by_id[grid.second].attributes, points, strict=True):
                yield (grid.id, grid.label, "", f"{row.label} | {column.label}", "cell", cell)


def grid_frame(card: PointsTable, id: str) -> pd.DataFrame:
    """Return a two-way table with the attributes' labels on both sides."""
    found = {grid.id: grid for grid in card.grids}
    if id not in found:
        raise InputError(f"This card has no two-way table {id!r}. It has {sorted(found)}.")
    by_id = {one.id: one for one in card.characteristics}
    grid = found[id]
    rows, columns = (
        pd.Index([each.label for each in by_id[side].attributes], name=by_id[side].label)
        for side in (grid.first, grid.second)
    )
    return pd.DataFrame(grid.points, index=rows, columns=columns)
