"""A card's points as a ``shap.Explanation``."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._columns import named_columns
from plainscore.scorecard.card._batch import attribute_frame, points_frame

if TYPE_CHECKING:
    import shap

    from plainscore.scorecard.card._card import Card


def explanation(card: Card, X: Any, baseline: str) -> shap.Explanation:
    """Return points less the baseline's points, which are the SHAP values on that baseline."""
    with warnings.catch_warnings():  # matplotlib, through shap 0.51, deprecates what shap uses at import
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        import shap

    typical = card.baseline_points(baseline)
    points = points_frame(card, X)
    means = np.array([float(typical[part]) for part in card.parts])
    start = card.base_points + float(sum(typical.values()))
    return shap.Explanation(
        values=points.to_numpy(dtype=np.float64) - means,
        base_values=np.full(len(points), start),
        data=_data(card, X, len(points)),
        feature_names=[*(one.label for one in card.characteristics), *(grid.label for grid in card.grids)],
        output_names="points",
    )


def _data(card: Card, X: Any, rows: int) -> npt.NDArray[Any]:
    """Return the values beside the points; for a two-way table, the labels of the two attributes."""
    columns = named_columns(X)
    data = np.empty((rows, len(card.parts)), object)
    for at, one in enumerate(card.characteristics):
        data[:, at] = np.asarray(columns[one.id])
    if card.grids:
        labels = attribute_frame(card, X)
        for at, grid in enumerate(card.grids, start=len(card.characteristics)):
            data[:, at] = (labels[grid.first] + " | " + labels[grid.second]).to_numpy()
    elif all(one.type == "number" for one in card.characteristics):
        return data.astype(np.float64)  # the plots colour by value only when it is a number
    return data
