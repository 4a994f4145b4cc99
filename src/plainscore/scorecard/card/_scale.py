"""What a score means, and the means that points are told against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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


@dataclass(frozen=True)
class Baseline:
    """Points of a population, as a sum per characteristic and a count, so that means are exact."""

    count: int
    sums: Mapping[str, int]
    population: str
    date: str
