"""Boosted trees on a card's own characteristics, and SHAP's own values of them and of the card."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from plainscore.validation._enumerated import MOST_FEATURES, enumerated_values
from plainscore.validation._numbers import Floats, Ints, Json, decimal_text
from plainscore.validation._overlap import PLACES, top_adverse
from plainscore.validation._trees import tree_values

if TYPE_CHECKING:
    from plainscore.scorecard import Card

SETTINGS: Final = {"max_iter": 100, "learning_rate": 0.05, "max_leaf_nodes": 8, "max_depth": 3}
"""Few and shallow trees, as suits some thousand cases; scikit-learn's own defaults overfit them."""
CARD_CASES: Final = 200
CARD_BACKGROUND: Final = 50
TREE_CASES: Final = 10
TREE_BACKGROUND: Final = 10
COALITIONS: Final = 2**17
"""Coalitions that SHAP tries in all, so that a card of more characteristics takes no longer to check."""
DIFFERENCE_PLACES: Final = 6


def challenge(rows: Floats, bad: Ints, built_on: Ints, count: int) -> tuple[Any, Floats, Ints]:
    """Fit boosted trees on the cases at `built_on`, and explain all cases against those.

    Returns
    -------
    (model, log_odds, reasons)
        The fitted trees; the log-odds of bad of each case; the positions of up to `count` features that speak
        most for bad, -1 for none.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(**SETTINGS, early_stopping=False, random_state=0)
    model.fit(rows[built_on], bad[built_on])
    log_odds: Floats = np.round(model.decision_function(rows), PLACES)
    return model, log_odds, top_adverse(tree_values(model, rows, rows[built_on]), count)


def beside_shap(card: Card, model: Any, rows: Floats, built_on: Ints, *, seed: int) -> tuple[Json, Json]:
    """Compare our values of some cases with those of SHAP's own code: of the card, and of the trees.

    The background is drawn from the cases at `built_on`, for SHAP scores it once for every coalition.
    """
    names = [one.id for one in card.characteristics]
    few = 0 if len(names) > MOST_FEATURES else COALITIONS // 2 ** len(names)
    cases = rows[_draw(len(rows), min(CARD_CASES, few), seed)]
    background = rows[built_on[_draw(len(built_on), CARD_BACKGROUND, seed + 1)]]

    def columns(some: Floats) -> dict[str, Floats]:
        return {name: np.ascontiguousarray(column) for name, column in zip(names, some.T, strict=True)}

    def score(some: Floats) -> Floats:
        return card.score(columns(some)).astype(np.float64)

    def points(some: Floats, compared: Floats) -> Floats:
        drawn = card.with_baseline("drawn", columns(compared), population="drawn", date=card.revalidate_by)
        values: Floats = drawn.explain(columns(some), "drawn").values
        return values

    def log_odds(some: Floats, compared: Floats) -> Floats:
        return tree_values(model, some, compared)

    return (
        _difference("points", points, score, cases, background),
        _difference(
            "log-odds", log_odds, model.decision_function, cases[:TREE_CASES], background[:TREE_BACKGROUND]
        ),
    )


def _difference(
    unit: str,
    ours: Callable[[Floats, Floats], Floats],
    score: Callable[[Floats], Floats],
    cases: Floats,
    background: Floats,
) -> Json:
    largest = None
    if len(cases):
        found = np.abs(ours(cases, background) - enumerated_values(score, cases, background)).max()
        largest = decimal_text(float(found), DIFFERENCE_PLACES)
    return {
        "cases": len(cases),
        "background": len(background),
        "coalitions": 2 ** cases.shape[1],
        "largest_difference": largest,
        "unit": unit,
    }


def _draw(cases: int, many: int, seed: int) -> Ints:
    """Draw cases without replacement, by raw bits as `resampled_people` does."""
    return np.argsort(np.random.PCG64(seed).random_raw(cases), kind="stable")[:many]
