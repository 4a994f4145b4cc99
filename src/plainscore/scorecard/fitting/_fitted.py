"""What a fit is given and what it hands to the card's builder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._prebin import Cells, Sample, counted
from plainscore.scorecard.binning._why import Limits
from plainscore.scorecard.fitting._grids import FittedGrid
from plainscore.scorecard.fitting._level import NOISE
from plainscore.scorecard.fitting._rows import Codes, Ints, Rows, canonical
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
    level: float = 0.05
    keep: tuple[str, ...] = ()
    floored: Mapping[str, tuple[float | str | None, ...]] = field(default_factory=dict)
    max_grids: int = 0
    beyond: str = "never"
    forced: tuple[int, ...] | None = None

    @property
    def noise(self) -> float:
        """Share of noise among the chosen for which the level of their tests may rise."""
        return NOISE if self.beyond == "many" else 0.0


@dataclass(frozen=True)
class Table:
    """Columns in fine cells that never saw the outcome, and the rows that fall in them: all that a fit sees.

    The cells hold no code per row; those are in `rows`, in the order of `said`.
    """

    said: tuple[Characteristic, ...]
    cells: tuple[Cells, ...]
    rows: Rows

    def drawn(self, count: Ints) -> Draw:
        """Return some copies of the rows; rows without a copy are left out."""
        some = np.flatnonzero(count)
        return Draw(self, self.rows.at(some, count))

    def drawn_whole(self) -> Draw:
        """Return all copies."""
        return Draw(self, self.rows)


@dataclass(frozen=True)
class Draw:
    """Some copies of a table's rows, and each column's cells with the counts of these copies."""

    table: Table
    rows: Rows

    @property
    def sample(self) -> Sample:
        """Outcome and weight of the rows."""
        return self.rows.sample

    def cells(self) -> list[Cells]:
        """Return each column's cells counted."""
        return [counted(one, self.rows.codes[:, at], self.sample) for at, one in enumerate(self.table.cells)]


def make_table(
    said: Sequence[Characteristic],
    cells: Sequence[Cells],
    codes: Codes,
    sample: Sample,
    count: Ints,
    group: Ints | None,
) -> Table:
    """Return columns, with the cell of every row, as a table in canonical order; `codes` is used up."""
    return Table(tuple(said), tuple(cells), canonical(codes, sample, count, group))


@dataclass(frozen=True)
class Candidate:
    """A characteristic that was looked at, and what became of it."""

    binned: Binned
    woe: Floats
    notes: list[str]
    decision: str
    tests: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Fitted:
    """The characteristics that stayed with the log odds of each attribute, and what to log.

    Parameters
    ----------
    columns : list of int
        Which columns of the table they are.
    kept : list of Binned
        Their attributes; `codes` holds the attribute of each fine cell.
    weights : list of float64 (attributes,)
        Log odds of good that each attribute adds.
    intercept : float
        Log odds where every weight is 0.
    candidates : list of Candidate
        All columns, in the order of the table.
    log : dict
        What the build log says of the fit.
    grids : list of FittedGrid
        Two-way tables, of positions in `kept`.
    """

    columns: list[int]
    kept: list[Binned]
    weights: list[Floats]
    intercept: float
    candidates: list[Candidate]
    log: dict[str, Any]
    grids: list[FittedGrid] = field(default_factory=list)

    def log_odds(self, codes: Codes) -> Floats:
        """Return the log odds of good of rows, by the fine cells that they fall in."""
        out = np.full(len(codes), self.intercept)
        for at, one, values in zip(self.columns, self.kept, self.weights, strict=True):
            out += values[one.codes][codes[:, at]]
        for grid in self.grids:
            first, second = (self.kept[at].codes[codes[:, self.columns[at]]] for at in grid.pair)
            out += grid.weights[first, second]
        return out

    def scaled(self, slope: float, intercept: float) -> Fitted:
        """Return the fit with all weights multiplied, and another intercept."""
        return replace(
            self,
            weights=[slope * values for values in self.weights],
            intercept=intercept,
            grids=[replace(grid, weights=slope * grid.weights) for grid in self.grids],
        )


class Procedure(Protocol):
    """A way of fitting as a whole: everything that looks at the outcome is inside."""

    def __call__(self, draw: Draw, options: Options) -> Fitted: ...
