"""Simulated people of several rows each, for tests of what is by person."""

from __future__ import annotations

import numpy as np

from plainscore.scorecard.bench._counts import Counts
from plainscore.scorecard.bench._seen import Seen
from plainscore.scorecard.binning._prebin import Sample


def seen_of(bad, who=None, weight=None, *, whole: bool = True) -> Seen:
    """Give rows as the bench sees them."""
    bad = np.asarray(bad, bool)
    weight = np.ones(len(bad)) if weight is None else np.asarray(weight, float)
    return Seen((), {}, Sample(bad, weight), None if who is None else np.asarray(who), whole)


def plain_counts(rows, bads) -> Counts:
    """Give counts of independent rows."""
    rows, bads = np.asarray(rows, float), np.asarray(bads, float)
    return Counts(rows, bads, rows)
