"""Scoring many rows: a sum of steps, compiled where numba is there, numpy elsewhere, equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._named_arrays import missing_columns, named_columns
from plainscore.scorecard._read_columns import as_levels, as_months, as_numbers
from plainscore.scorecard.card._grid import Grid
from plainscore.scorecard.card._one import level_codes
from plainscore.scorecard.card._points_table import CardCharacteristic, PointsTable
from plainscore.scorecard.card._steps import LARGEST, add_all_steps, steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

Codes = npt.NDArray[np.int64]


def score_rows(card: PointsTable, X: Any) -> npt.NDArray[np.int64]:
    """Return every row's score."""
    columns = named_columns(X)
    missing_columns([one.id for one in card.characteristics], columns)
    rows = len(next(iter(columns.values())))
    score = np.full(rows, card.base_points, np.int32)
    if card.grids:
        for points in part_points(card, columns):
            score += points
        return score.astype(np.int64)
    numeric = [one for one in card.characteristics if one.type in ("number", "month")]
    others = [one for one in card.characteristics if one.type in ("levels", "boolean")]
    add_all_steps([(_numbers(one, columns[one.id]), steps_of(one)) for one in numeric], score)
    for one in others:
        score += _points_of(one)[attribute_codes(one, columns[one.id])]
    return score.astype(np.int64)


def part_points(card: PointsTable, columns: Mapping[str, Any]) -> list[npt.NDArray[np.int32]]:
    """Return every row's points in each part of the card, without a table of codes where none is needed."""
    sides = {side for grid in card.grids for side in (grid.first, grid.second)}
    codes: dict[str, Codes] = {}
    out = []
    for one in card.characteristics:
        values = columns[one.id]
        if one.id in sides or one.type in ("levels", "boolean"):
            codes[one.id] = attribute_codes(one, values)
            out.append(_points_of(one)[codes[one.id]])
        else:
            earned = np.zeros(len(values), np.int32)
            add_all_steps([(_numbers(one, values), steps_of(one))], earned)
            out.append(earned)
    return [*out, *(_cells_of(grid, codes) for grid in card.grids)]


def _cells_of(grid: Grid, codes: Mapping[str, Codes]) -> npt.NDArray[np.int32]:
    """Return every row's points in a two-way table."""
    return np.array(grid.points, np.int32)[codes[grid.first], codes[grid.second]]


def _numbers(one: CardCharacteristic, values: Any) -> npt.NDArray[Any]:
    if one.type == "month":
        return as_months(one.id, values)
    return as_numbers(one.id, values)


def _points_of(one: CardCharacteristic) -> npt.NDArray[np.int32]:
    return np.array([each.points for each in one.attributes], np.int32)


def attribute_codes(one: CardCharacteristic, values: Any) -> Codes:
    """Return the index of the attribute each value falls in."""
    if one.type in ("levels", "boolean"):
        return _level_codes(one, values)
    numbers = _numbers(one, values)
    low = -LARGEST if one.least is None else one.least
    high = LARGEST if one.most is None else one.most
    try:
        from plainscore.scorecard._kernel import assign
    except ImportError:  # numba has no wheel for every machine that only scores
        return codes_numpy(one, numbers, low, high)
    out = np.empty(len(numbers), np.uint16)
    codes = np.array([each.code for each in one.attributes if each.kind == "special"], np.float64)
    assign(np.ascontiguousarray(numbers), np.array(one.edges, np.float64), low, high, codes, out)
    return out.astype(np.int64)


def codes_numpy(one: CardCharacteristic, numbers: npt.NDArray[Any], low: float, high: float) -> Codes:
    """Do what the compiled kernel does, with numpy alone."""
    bins = len(one.bins)
    out = np.searchsorted(np.array(one.edges), numbers, side="right").astype(np.int64)
    out[~((numbers >= low) & (numbers <= high))] = len(one.attributes) - 1
    for at, each in enumerate(one.attributes):
        if each.kind == "special":
            out[numbers == each.code] = at
    out[np.isnan(numbers)] = bins
    return out


def _level_codes(one: CardCharacteristic, values: Any) -> Codes:
    at = {level: place for place, each in enumerate(one.attributes) for level in each.levels}
    codes = level_codes(one)
    at |= codes
    index, found = as_levels(one.id, values, one.type, codes)  # type: ignore[arg-type]
    last = len(one.attributes) - 1
    table = np.array([*(at.get(level, last) for level in found), len(one.bins)], np.int64)
    return table[index]


def attribute_positions(card: PointsTable, X: Any) -> dict[str, Codes]:
    """Return every row's position in each characteristic's list of attributes."""
    columns = named_columns(X)
    missing_columns([one.id for one in card.characteristics], columns)
    return {one.id: attribute_codes(one, columns[one.id]) for one in card.characteristics}


def points_of_parts(card: PointsTable, X: Any) -> dict[str, npt.NDArray[np.int64]]:
    """Return every row's points in each part of the card: characteristics, then two-way tables."""
    columns = named_columns(X)
    missing_columns([one.id for one in card.characteristics], columns)
    points = (each.astype(np.int64) for each in part_points(card, columns))
    return dict(zip(card.parts, points, strict=True))


def points_frame(card: PointsTable, X: Any) -> DataFrame:
    """Return every row's points per characteristic and two-way table."""
    import pandas as pd

    return pd.DataFrame(points_of_parts(card, X), index=getattr(X, "index", None))


def attribute_frame(card: PointsTable, X: Any) -> DataFrame:
    """Return every row's attribute label per characteristic."""
    import pandas as pd

    codes = attribute_positions(card, X)
    labels = {
        one.id: np.array([each.label for each in one.attributes], object) for one in card.characteristics
    }
    shown = {name: each[codes[name]] for name, each in labels.items()}
    return pd.DataFrame(shown, index=getattr(X, "index", None))


def point_sums(card: PointsTable, X: Any) -> tuple[dict[str, int], int]:
    """Return the sum of points per part of the card, and the number of rows."""
    points = points_of_parts(card, X)
    return {part: int(each.sum()) for part, each in points.items()}, len(next(iter(points.values()), ()))
