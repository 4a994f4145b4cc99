"""Explanations in points are the SHAP values of the card."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from plainscore.scorecard import Scorecard


def test_explanation_adds_up(model, table):
    """Base value and values sum to the score of every row."""
    frame = table[0].head(50)
    found = model.explain(frame)
    assert found.base_values + found.values.sum(axis=1) == pytest.approx(model.score_points(frame))
    assert found.feature_names == [one.label for one in model.card_.characteristics]


def test_explanation_is_the_mean_over_all_coalitions(table):
    """Values equal Shapley's definition: the mean gain of knowing a value, over every order of knowing."""
    frame, bad = table[0][["use", "late", "age_oldest"]].head(60), table[1][:60]
    model = Scorecard(min_iv=0, max_p=1, min_goods=3, min_bads=3, min_special=1, estimate=False).fit(
        frame, bad
    )
    names = [one.id for one in model.card_.characteristics]
    case = frame[names].iloc[0]

    def value(known):
        return model.score_points(frame[names].assign(**{name: case[name] for name in known})).mean()

    ours = model.explain(frame.head(1)).values[0]
    for at, name in enumerate(names):
        gains = []
        for order in permutations(names):
            before = order[: order.index(name)]
            gains.append(value([*before, name]) - value(before))
        assert ours[at] == pytest.approx(np.mean(gains), abs=1e-9)


@pytest.mark.slow
def test_explanation_equals_shaps_exact_explainer(table):
    """Points less baseline points equal the values of SHAP's exact explainer on the same background."""
    frame, bad = table[0][["use", "late", "age_oldest"]].head(200), table[1][:200]
    model = Scorecard(min_iv=0, max_p=1, estimate=False).fit(frame, bad)
    names = [one.id for one in model.card_.characteristics]
    data = frame[names].to_numpy()
    ours = model.explain(frame.head(5))
    import shap  # after our own import, which quietens what matplotlib deprecates

    def score(rows: np.ndarray) -> np.ndarray:
        return model.card_.score(dict(zip(names, rows.T, strict=True))).astype(float)

    exact = shap.explainers.Exact(score, shap.maskers.Independent(data, max_samples=len(data)))(data[:5])
    assert ours.values == pytest.approx(exact.values, abs=1e-9)
    assert ours.base_values == pytest.approx(exact.base_values, abs=1e-9)
