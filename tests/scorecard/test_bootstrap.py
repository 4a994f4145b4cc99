"""Intervals on weights."""

from __future__ import annotations

import numpy as np
import pytest

from plainscore.scorecard import Scorecard, weight_intervals


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_intervals_hold_the_fitted_weights(table, method):
    """Nearly every fitted weight lies in its interval, and intervals narrow with more rows."""
    frame, bad = table[0][["use", "late"]], table[1]
    model = Scorecard(method=method, estimate=False).fit(frame, bad)
    found = weight_intervals(model, frame, bad, rounds=60)
    assert len(found) == len(model.card_.table())
    assert (found["low"] <= found["high"]).all()
    half = weight_intervals(model, frame.head(1000), bad[:1000], rounds=60)
    usual = found["plus_minus"] > 0
    assert found["plus_minus"][usual].mean() < half["plus_minus"][usual].mean()
    points = found["points"] - found["points"].where(found["characteristic"] == "use").mean()
    assert np.corrcoef(points, found["weight"])[0, 1] > 0.8


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_standard_error_is_that_of_the_regression(method):
    """For one two-valued column the interval has the width of the formula's standard error."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 2, 4000).astype(float)
    bad = rng.random(4000) < np.where(x > 0, 0.3, 0.1)
    model = Scorecard(method=method, smoothing=0.0, estimate=False).fit({"x": x}, bad)
    found = weight_intervals(model, {"x": x}, bad, rounds=400)
    g, b = (np.array([np.sum((x == k) & (bad == v)) for k in (0, 1)]) for v in (False, True))
    if method == "woe":
        # The weight is ln(share of goods) - ln(share of bads), two independent shares: the delta method.
        variance = (1 - g[0] / g.sum()) / g[0] + (1 - b[0] / b.sum()) / b[0]
    else:  # the log odds ratio, parted so that the mean weight of the rows is 0
        variance = x.mean() ** 2 * (1 / g + 1 / b).sum()
    width = (found["high"] - found["low"])[0] / (2 * 1.96)
    assert width == pytest.approx(np.sqrt(variance), rel=0.15)


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_a_state_held_at_neutral_is_held_in_every_round(method):
    """Risky missing rows that the card holds at neutral have a weight among the bins' in the refits."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 4, 3000).astype(float)
    bad = rng.random(3000) < 0.1 + 0.1 * x
    x[:400], bad[:400] = np.nan, rng.random(400) < 0.7
    model = Scorecard(method=method, unknown="neutral", estimate=False).fit({"x": x}, bad)
    found = weight_intervals(model, {"x": x}, bad, rounds=40)
    bins = len(model.card_.characteristics[0].bins)
    assert found["points"][:bins].min() < found["points"][bins] < found["points"][:bins].max()
    assert found["weight"][:bins].min() < found["low"][bins] <= found["weight"][bins]
    assert found["weight"][bins] < found["weight"][:bins].max()


def test_groups_are_resampled_together():
    """Rows of one person copied ten times give the wider interval of the people, not of the rows."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, 300).astype(float)
    bad = rng.random(300) < 0.15 + 0.2 * x
    many, outcome, person = np.repeat(x, 10), np.repeat(bad, 10), np.repeat(np.arange(300), 10)
    model = Scorecard(estimate=False).fit({"x": many}, outcome)
    alone = weight_intervals(model, {"x": many}, outcome, rounds=80)
    together = weight_intervals(model, {"x": many}, outcome, groups=person, rounds=80)
    assert together["plus_minus"].max() > 2 * alone["plus_minus"].max()
