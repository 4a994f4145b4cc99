"""A card's points as a ``shap.Explanation``."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._named_arrays import named_columns
from plainscore.scorecard._read_columns import as_levels, as_months, as_numbers
from plainscore.scorecard._values import month_text
from plainscore.scorecard.card._batch import attribute_frame, attribute_positions, points_frame
from plainscore.scorecard.card._one import level_codes
from plainscore.scorecard.card._points_table import CardCharacteristic, PointsTable

if TYPE_CHECKING:
    import shap

Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]


def explanation(card: PointsTable, X: Any, baseline: str) -> shap.Explanation:
    """Return points less the baseline's points, which are the SHAP values on that baseline."""
    with warnings.catch_warnings():  # matplotlib, through shap 0.51, deprecates what shap uses at import
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        import shap

    typical = card.baseline_points(baseline)
    points = points_frame(card, X)
    means = np.array([float(typical[part]) for part in card.parts])
    start = card.base_points + float(sum(typical.values()))
    data, words = _data(card, X)
    return shap.Explanation(
        values=points.to_numpy(dtype=np.float64) - means,
        base_values=np.full(len(points), start),
        data=data,
        display_data=words,
        feature_names=[*(one.label for one in card.characteristics), *(grid.label for grid in card.grids)],
        output_names="points",
    )


def _data(card: PointsTable, X: Any) -> tuple[Floats, Objects | None]:
    """Return a number for every value, by which plots place and colour, and what it is in words.

    A level's number is its place among the levels on the card, so that like risks stand together; then
    come special codes, what is missing and what was not seen before. A month counts from year 0. A two-way
    table has the place of its cell. Where every part is a number, numbers are their own words.
    """
    columns = named_columns(X)
    parts = [_of_one(one, columns[one.id]) for one in card.characteristics]
    if card.grids:
        places, labels = attribute_positions(card, X), attribute_frame(card, X)
        for grid in card.grids:
            cell = places[grid.first] * len(grid.points[0]) + places[grid.second]
            both = labels[grid.first] + " | " + labels[grid.second]
            parts.append((cell.astype(np.float64), both.to_numpy(object)))
    data = np.column_stack([numbers for numbers, _ in parts])
    if all(words is None for _, words in parts):
        return data, None
    display = np.empty(data.shape, object)
    for at, (numbers, words) in enumerate(parts):
        display[:, at] = numbers if words is None else words
    return data, display


def _of_one(one: CardCharacteristic, values: Any) -> tuple[Floats, Objects | None]:
    """Return one column's numbers, and its words where it has others than the numbers."""
    missing = one.attributes[len(one.bins)].label
    if one.type == "number":
        return as_numbers(one.id, values).astype(np.float64), None
    if one.type == "month":
        months = as_months(one.id, values)
        return months, np.array([missing if each != each else month_text(each) for each in months], object)
    codes = level_codes(one)
    known = [*(level for each in one.bins for level in each.levels), *codes]
    index, found = as_levels(one.id, values, one.type, codes)  # type: ignore[arg-type]
    place = {level: at for at, level in enumerate(known)}
    numbers = np.array([*(place.get(level, len(known) + 1) for level in found), len(known)], np.float64)
    named = {text: one.attributes[at].label for text, at in codes.items()}
    words = np.array([*(named.get(level, level) for level in found), missing], object)
    return numbers[index], words[index]
