"""Scores and outcomes as the strategy tables read them: checked once, rows of weight 0 left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._resample import Cells, drawn_groups, drawn_rows
from plainscore.scorecard.binning._sample import check_groups, check_rounds, check_sample

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FEWEST: Final = 5
"""People of each outcome that a bootstrap interval must rest on; below, its bounds are NaN."""


@dataclass(frozen=True)
class Judged:
    """Rows with a score, an outcome, a weight above 0, and who they belong to (None: each its own)."""

    score: Floats
    bad: Bools
    weight: Floats
    who: Ints | None

    @property
    def people(self) -> Ints:
        """The group of each row, from 0."""
        return np.arange(len(self.bad)) if self.who is None else self.who


@dataclass(frozen=True)
class Draws:
    """How an interval is drawn: resamples, coverage, and where the random numbers start."""

    rounds: int
    level: float
    seed: int

    def __post_init__(self) -> None:
        check_rounds(self.rounds, self.level, self.seed)

    @property
    def tails(self) -> tuple[float, float]:
        """The two shares of draws that the bounds leave below themselves."""
        return (1.0 - self.level) / 2.0, (1.0 + self.level) / 2.0

    def counts(self, cells: Cells, who: Ints | None) -> Iterator[npt.NDArray[Any]]:
        """Yield weights per cell of each resample, by row or by group."""
        rng = np.random.default_rng(self.seed)
        if who is None:
            return drawn_rows(cells, self.rounds, rng)
        return drawn_groups(cells, who, self.rounds, rng)


def read_scores(name: str, score: Any, rows: int | None = None) -> Floats:
    """Return scores as float64.

    Raises
    ------
    InputError
        If they are not one finite number a row.
    """
    try:
        values = np.asarray(score, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} is not made of numbers: {error}. Give one score a row.") from error
    if values.ndim != 1 or (rows is not None and len(values) != rows):
        wanted = "one number a row" if rows is None else f"{rows} numbers, one a row"
        raise InputError(f"{name} has shape {values.shape}, and a score is {wanted}. Give it so.")
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        raise InputError(
            f"{name} is {values[wrong[0]]} in row {wrong[0]} (and {len(wrong) - 1} more). "
            "Leave out cases without a score: they are no part of a cut-off."
        )
    return values


def read_judged(score: Any, y: Any, sample_weight: Any, *, bad: Any, groups: Any) -> Judged:
    """Return checked rows with an outcome each."""
    scores = read_scores("score", score)
    sample, _ = check_sample(len(scores), y, sample_weight, bad=bad)
    some = sample.weight > 0
    who = None if groups is None else check_groups(groups, len(scores))[some]
    return Judged(scores[some], sample.bad[some], sample.weight[some], who)


def quantiles(drawn: Floats, draws: Draws) -> tuple[Floats, Floats]:
    """Return percentile bounds of each column of draws; NaN where half of them or more have no value.

    Parameters
    ----------
    drawn : float64 (rounds, figures)
    """
    lost = np.isnan(drawn).mean(axis=0) >= 0.5
    kept = np.where(lost, 0.0, drawn)
    if np.isnan(kept).any():
        low, high = np.nanquantile(kept, draws.tails, axis=0)
    else:
        low, high = np.quantile(kept, draws.tails, axis=0)
    return np.where(lost, np.nan, low), np.where(lost, np.nan, high)
