"""Scoring many rows: a sum of steps, compiled where numba is there, numpy elsewhere, equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._columns import as_levels, as_months, as_numbers, missing_columns, named_columns
from plainscore.scorecard.card._one import level_codes
from plainscore.scorecard.card._steps import LARGEST, add_all_steps, steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from plainscore.scorecard.card._card import Card, CardCharacteristic
    from plainscore.scorecard.card._grid import Grid

Codes = npt.NDArray[np.int64]


def score_rows(card: Card, X: Any) -> npt.NDArray[np.int64]:
    """Return every row's score."""
    columns = named_columns(X)
    missing_columns([one.id for one in card.characteristics], columns)
    rows = len(next(iter(columns.values())))
    score = np.full(rows, card.base_points, np.int32)
    numeric = [one for one in card.characteristics if one.type in ("number", "month")]
    others = [one for one in card.characteristics if one.type in ("levels", "boolean")]
    add_all_steps([(_numbers(one, columns[one.id]), steps_of(one)) for one in numeric], score)
    for one in others:
        score += _points_of(one)[attribute_codes(one, columns[one.id])]
    if card.grids:
        sides = {side for grid in card.grids for side in (grid.first, grid.second)}
        codes = {
            one.id: attribute_codes(one, columns[one.id]) for one in card.characteristics if one.id in sides
        }
        for grid in card.grids:
            score += _cells_of(grid, codes)
    return score.astype(np.int64)


def part_points(card: Card, columns: Mapping[str, Any]) -> list[npt.NDArray[np.int32]]:
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
    at |= level_codes(one)
    index, found = as_levels(one.id, values, one.type)  # type: ignore[arg-type]
    last = len(one.attributes) - 1
    table = np.array([*(at.get(level, last) for level in found), len(one.bins)], np.int64)
    return table[index]


def _all_codes(card: Card, X: Any) -> tuple[dict[str, Codes], Any]:
    columns = named_columns(X)
    missing_columns([one.id for one in card.characteristics], columns)
    return {one.id: attribute_codes(one, columns[one.id]) for one in card.characteristics}, getattr(
        X, "index", None
    )


def attribute_positions(card: Card, X: Any) -> dict[str, Codes]:
    """Return every row's position in each characteristic's list of attributes."""
    return _all_codes(card, X)[0]


def points_frame(card: Card, X: Any) -> DataFrame:
    """Return every row's points per characteristic and two-way table."""
    import pandas as pd

    codes, index = _all_codes(card, X)
    return pd.DataFrame(_part_points(card, codes), index=index)


def _part_points(card: Card, codes: Mapping[str, Codes]) -> dict[str, npt.NDArray[np.int64]]:
    """Return every row's points in each part of the card: characteristics, then two-way tables."""
    own = {one.id: _points_of(one)[codes[one.id]].astype(np.int64) for one in card.characteristics}
    return own | {grid.id: _cells_of(grid, codes).astype(np.int64) for grid in card.grids}


def attribute_frame(card: Card, X: Any) -> DataFrame:
    """Return every row's attribute label per characteristic."""
    import pandas as pd

    codes, index = _all_codes(card, X)
    return pd.DataFrame(
        {
            one.id: np.array([each.label for each in one.attributes], object)[codes[one.id]]
            for one in card.characteristics
        },
        index=index,
    )


def point_sums(card: Card, X: Any) -> tuple[dict[str, int], int]:
    """Return the sum of points per part of the card, and the number of rows."""
    codes, _ = _all_codes(card, X)
    sums = {part: int(points.sum()) for part, points in _part_points(card, codes).items()}
    return sums, len(next(iter(codes.values()), ()))
