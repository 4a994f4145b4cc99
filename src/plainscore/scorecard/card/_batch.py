"""Scoring many rows: a sum of steps, compiled where numba is there, numpy elsewhere, equal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._columns import as_levels, as_months, as_numbers, missing_columns, named_columns
from plainscore.scorecard.card._one import level_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from plainscore.scorecard.card._card import Card, CardCharacteristic
    from plainscore.scorecard.card._grid import Grid

Codes = npt.NDArray[np.int64]
_BLOCK: Final = 16_384
"""Rows scored at a time: their scores stay in the first-level cache while the columns stream past."""
_LARGEST: Final = float(np.finfo(np.float64).max)


@dataclass(frozen=True)
class Steps:
    """A characteristic's points as a start, a step at each edge, and changes for single values."""

    start: int
    edges: npt.NDArray[np.float64]
    steps: npt.NDArray[np.int32]
    codes: npt.NDArray[np.float64]
    changes: npt.NDArray[np.int32]
    empty: int


def steps_of(one: CardCharacteristic) -> Steps:
    """Return a number's or month's points as steps."""
    bins = [each.points for each in one.bins]
    rest = one.attributes[-1].points
    low = -_LARGEST if one.least is None else one.least
    high = _LARGEST if one.most is None else one.most
    inside = [(edge, points) for edge, points in zip(one.edges, bins[1:], strict=True) if low < edge <= high]
    first = bins[sum(1 for edge in one.edges if edge <= low)]
    edges = np.array([low, *(edge for edge, _ in inside), math.nextafter(high, math.inf)])
    levels = np.array([rest, first, *(points for _, points in inside), rest], np.int32)
    specials = [each for each in one.attributes if each.kind == "special"]
    codes = np.array([each.code for each in specials], np.float64)
    plain = levels[np.searchsorted(edges, codes, side="right")]
    moving = np.diff(levels) != 0
    return Steps(
        rest,
        edges[moving],
        np.diff(levels)[moving],
        codes,
        np.array([each.points for each in specials], np.int32) - plain,
        one.attributes[len(bins)].points - rest,
    )


def score_rows(card: Card, X: Any) -> npt.NDArray[np.int64]:
    """Return every row's score."""
    columns = named_columns(X)
    missing_columns([one.id for one in card.characteristics], columns)
    rows = len(next(iter(columns.values())))
    score = np.full(rows, card.base_points, np.int32)
    numeric = [one for one in card.characteristics if one.type in ("number", "month")]
    others = [one for one in card.characteristics if one.type in ("levels", "boolean")]
    _add_all_steps([(_numbers(one, columns[one.id]), steps_of(one)) for one in numeric], score)
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


def _cells_of(grid: Grid, codes: Mapping[str, Codes]) -> npt.NDArray[np.int32]:
    """Return every row's points in a two-way table."""
    return np.array(grid.points, np.int32)[codes[grid.first], codes[grid.second]]


def _numbers(one: CardCharacteristic, values: Any) -> npt.NDArray[Any]:
    if one.type == "month":
        return as_months(one.id, values)
    return as_numbers(one.id, values)


def _points_of(one: CardCharacteristic) -> npt.NDArray[np.int32]:
    return np.array([each.points for each in one.attributes], np.int32)


def _add_all_steps(parts: list[tuple[npt.NDArray[Any], Steps]], score: npt.NDArray[np.int32]) -> None:
    try:
        from plainscore.scorecard._kernel import add_steps
    except ImportError:  # numba has no wheel for every machine that only scores
        for values, steps in parts:
            add_steps_numpy(values, steps, score)
        return
    for start in range(0, len(score), _BLOCK):
        part = score[start : start + _BLOCK]
        for values, s in parts:
            add_steps(
                values[start : start + _BLOCK], s.start, s.edges, s.steps, s.codes, s.changes, s.empty, part
            )


def add_steps_numpy(values: npt.NDArray[Any], steps: Steps, score: npt.NDArray[np.int32]) -> None:
    """Do what the compiled kernel does, with numpy alone."""
    levels = steps.start + np.concatenate([[0], np.cumsum(steps.steps)])
    absent = np.isnan(values)
    score += levels[np.searchsorted(steps.edges, np.where(absent, -np.inf, values), side="right")].astype(
        np.int32
    )
    # Minus infinity lies below every edge, so an absent value stands at the start here.
    score[absent] += steps.empty
    for code, change in zip(steps.codes, steps.changes, strict=True):
        score[values == code] += change


def attribute_codes(one: CardCharacteristic, values: Any) -> Codes:
    """Return the index of the attribute each value falls in."""
    if one.type in ("levels", "boolean"):
        return _level_codes(one, values)
    numbers = _numbers(one, values)
    bins = len(one.bins)
    out = np.searchsorted(np.array(one.edges), numbers, side="right").astype(np.int64)
    low = -_LARGEST if one.least is None else one.least
    high = _LARGEST if one.most is None else one.most
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
