"""Simulated applicants whose truth is known: segments that matter or not, and lenders who select."""

from __future__ import annotations

import numpy as np

from plainscore.scorecard import Scorecard


def quick(**options):
    """Return a recipe whose cards are fitted in hundredths of a second."""
    return lambda: Scorecard(**({"method": "woe", "max_characteristics": None} | options))


def segmented(rows, seed, *, matters):
    """Return columns, outcome and segment; where it matters, the segments' risks lie in other columns."""
    rng = np.random.default_rng(seed)
    segment = np.where(rng.random(rows) < 0.5, "new", "old")
    X = {name: rng.normal(size=rows).round(2) for name in "abcd"}
    alike = 0.9 * X["a"] + 0.6 * X["b"] + 0.4 * X["c"] + 0.5 * (segment == "new")
    new, old = 1.1 * X["a"] + 0.2 * X["b"] + 0.5 * X["c"] + 0.5, 0.1 * X["a"] + 1.1 * X["b"] - 0.3 * X["c"]
    risk = np.where(segment == "new", new, old) if matters else alike
    return X, rng.random(rows) < 1 / (1 + np.exp(1.6 - risk)), segment
