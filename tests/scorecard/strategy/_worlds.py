"""Simulated applicants whose truth is known: segments that matter or not, and lenders who select."""

from __future__ import annotations

import numpy as np

from plainscore.scorecard import Scorecard


def quick(**options):
    """Return a recipe whose cards are fitted in hundredths of a second."""
    return lambda: Scorecard(**({"method": "woe", "max_characteristics": None, "estimate": False} | options))


def segmented(rows, seed, *, matters):
    """Return columns, outcome and segment; where it matters, the segments' risks lie in other columns."""
    rng = np.random.default_rng(seed)
    segment = np.where(rng.random(rows) < 0.5, "new", "old")
    X = {name: rng.normal(size=rows).round(2) for name in "abcd"}
    alike = 0.9 * X["a"] + 0.6 * X["b"] + 0.4 * X["c"] + 0.5 * (segment == "new")
    new, old = 1.1 * X["a"] + 0.2 * X["b"] + 0.5 * X["c"] + 0.5, 0.1 * X["a"] + 1.1 * X["b"] - 0.3 * X["c"]
    risk = np.where(segment == "new", new, old) if matters else alike
    return X, rng.random(rows) < 1 / (1 + np.exp(1.6 - risk)), segment


def selected(rows, seed, *, unseen):
    """Return columns, outcome, whether accepted, and each one's true probability of bad.

    The lender also sees something that the table lacks, and that tells risk by `unseen`. Where it is 0,
    acceptance hangs on the columns alone, and nobody is always refused.
    """
    rng = np.random.default_rng(seed)
    X = {name: rng.normal(size=rows).round(2) for name in "abc"}
    secret = rng.normal(size=rows)
    true = 1 / (1 + np.exp(1.8 - 0.8 * X["a"] - 0.6 * X["b"] - unseen * secret))
    accepted = rng.random(rows) < 1 / (1 + np.exp(-0.6 + 0.8 * X["a"] + 0.3 * X["c"] + 1.5 * unseen * secret))
    return X, rng.random(rows) < true, accepted, true


def parted(X, accepted):
    """Return the columns of the accepted and of the others."""
    return [{name: values[some] for name, values in X.items()} for some in (accepted, ~accepted)]
