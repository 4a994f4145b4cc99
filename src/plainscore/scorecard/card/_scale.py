"""What a score means, and the means that points are told against."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from plainscore.scorecard._errors import InputError


@dataclass(frozen=True)
class Scale:
    """How a score translates to odds: base odds (good to bad) at the base score, doubling every PDO.

    Decimal strings, so that every reader computes the same number. `low` and `high` are attained by
    the worst and the best attribute of every characteristic.
    """

    base_score: str
    base_odds: str
    pdo: str
    low: int
    high: int

    @cached_property
    def floats(self) -> tuple[float, float, float]:
        """Base score, base odds and PDO as numbers."""
        return float(self.base_score), float(self.base_odds), float(self.pdo)


@dataclass(frozen=True)
class Baseline:
    """Points of a population, as a sum per characteristic and a count, so that means are exact."""

    count: int
    sums: Mapping[str, int]
    population: str
    date: str


def odds_at(scale: Scale, score: Any) -> Any:
    """Return the odds of good to bad at a score (float or float64 array)."""
    base_score, base_odds, pdo = scale.floats
    return base_odds * 2.0 ** ((score - base_score) / pdo)


def score_at(scale: Scale, pd: float) -> float:
    """Return the score at a probability of bad, not rounded."""
    if not 0 < pd < 1:
        raise InputError(f"pd is {pd}, and no score has it. Give a probability above 0 and below 1.")
    base_score, base_odds, pdo = scale.floats
    return base_score + pdo * math.log2((1.0 - pd) / pd / base_odds)
