"""What either way of fitting hands to the card's builder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.binning._why import Limits
from plainscore.scorecard.fitting._select import Rules

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Options:
    """How to bin, fit and select."""

    limits: Limits
    rules: Rules
    pre_bins: int
    rare_share: float
    min_special: float
    penalty: float
    resamples: int
    path: bool


@dataclass(frozen=True)
class Candidate:
    """A characteristic that was looked at, and what became of it."""

    binned: Binned
    woe: Floats
    notes: list[str]
    decision: str


@dataclass(frozen=True)
class Fitted:
    """The characteristics that stayed with the log odds of each attribute, and what to log."""

    kept: list[Binned]
    weights: list[Floats]
    intercept: float
    candidates: list[Candidate]
    log: dict[str, Any]
