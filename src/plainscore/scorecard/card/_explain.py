"""A card's points as a ``shap.Explanation``."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from plainscore.scorecard._columns import named_columns
from plainscore.scorecard.card._batch import points_frame

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
    means = np.array([float(typical[one.id]) for one in card.characteristics])
    columns = named_columns(X)
    data = np.empty(points.shape, object)
    for at, one in enumerate(card.characteristics):
        data[:, at] = np.asarray(columns[one.id])
    if all(one.type == "number" for one in card.characteristics):
        data = data.astype(np.float64)  # the plots colour by value only when it is a number
    start = card.base_points + float(sum(typical.values()))
    return shap.Explanation(
        values=points.to_numpy(dtype=np.float64) - means,
        base_values=np.full(len(points), start),
        data=data,
        feature_names=[one.label for one in card.characteristics],
        output_names="points",
    )
