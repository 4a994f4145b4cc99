"""A fit of the columns chosen so far in coarse cells, with what tests of the other columns need.

Where weights move little, a fit of one more column is taken from the quadratic at hand, and no row is read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting._rows import summed
from plainscore.scorecard.fitting._taken_up import TakenUp, factor_of, nothing_taken_up, solved

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

RIDGE: Final = 1.0
"""Average rows by which each coarse attribute is drawn to no effect: next to nothing, but a fit exists."""
_ROUNDS: Final = 40
_SETTLED: Final = 1e-6
_SLOW: Final = 0.2
"""Share of the last round's decrement above which a curvature is too old to go on with."""


@dataclass(frozen=True)
class Coarse:
    """Columns in coarse cells.

    Parameters
    ----------
    codes : uint8 (rows, columns)
        Coarse cell of each row, C order.
    bins : tuple of int
        How many cells of each column are ordered; 0 for levels.
    sizes : tuple of int
        How many cells each column has, states included.
    """

    codes: Bytes
    bins: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def starts(self) -> Ints:
        """Where each column's cells begin."""
        return np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)

    def of(self, columns: Sequence[int]) -> Coarse:
        """Return some columns."""
        return Coarse(
            np.ascontiguousarray(self.codes[:, list(columns)]),
            tuple(self.bins[at] for at in columns),
            tuple(self.sizes[at] for at in columns),
        )


@dataclass(frozen=True)
class Step:
    """A fit of some columns: log odds of good of every coarse cell."""

    columns: tuple[int, ...]
    intercept: float
    table: Floats


@dataclass(frozen=True)
class State:
    """A fit of the chosen columns with what tests need: residual sums and covariances of all cells.

    `taken` is what the fit takes up of the sums; `meat` is their covariance, which is the curvature itself
    where no person has several rows. `strayed` is how far an average row's log odds have moved since rows
    were last read.
    """

    step: Step
    sums: Floats
    taken: TakenUp
    meat: Floats
    noise: float
    strayed: float = 0.0


def moved(coarse: Coarse, state: State, column: int) -> State:
    """Return the fit of one more column as the quadratic at hand has it; no row is read."""
    taken = state.taken.grown(cells_of(coarse, [column]))
    table = state.step.table.copy()
    move = solved(taken.lower, _slope(taken.over_parameters(state.sums), table[taken.cells], taken.ridge))
    table[taken.cells] += move[1:]
    fall = taken.lines.T @ move
    far = max(float(move @ taken.over_parameters(fall)), 0.0)
    return State(
        Step((*state.step.columns, column), state.step.intercept + float(move[0]), table),
        state.sums - fall,
        taken,
        state.meat,
        state.noise,
        math.sqrt(state.strayed**2 + far / float(taken.lines[0, : taken.first].sum())),
    )


def _slope(sums: Floats, values: Floats, ridge: float) -> Floats:
    """Return the slope of the penalised likelihood over the parameters: the intercept, then cells."""
    return np.concatenate([sums[:1], sums[1:] - ridge * values])


def fitted(
    coarse: Coarse, sample: Sample, chosen: Sequence[int], start: State | None, group: Ints | None
) -> State:
    """Fit the chosen columns, on the curvature at hand while that gets on, and read the sums of all cells."""
    from plainscore.scorecard.fitting import _kernel_shape as kernel

    starts = coarse.starts
    noise = sample.goods * sample.bads / float(sample.weight.sum()) ** 2
    ridge, cells = RIDGE * noise, cells_of(coarse, chosen)
    table = np.zeros(int(starts[-1]))
    intercept = float(np.log(sample.goods / sample.bads))
    lower: Floats | None = None
    if start is not None and chosen:
        table[cells], intercept = start.step.table[cells], start.step.intercept
        bend = start.taken.bend[np.ix_(cells, cells)]
        lower = factor_of(with_intercept(bend, coarse.sizes[chosen[0]]), ridge)
    own = np.ascontiguousarray(coarse.codes[:, list(chosen)]) if chosen else coarse.codes[:, :0]
    at = np.array([starts[one] for one in chosen], np.int64)
    last = np.inf
    for _ in range(_ROUNDS if len(cells) else 0):
        _, sums = kernel.gradient_of(own, at, table, intercept, sample.bad, sample.weight)
        fresh = lower is None
        if lower is None:
            bend = kernel.curvature_of(own, at, table, intercept, sample.weight)[np.ix_(cells, cells)]
            lower = factor_of(with_intercept(bend, coarse.sizes[chosen[0]]), ridge)
        total = sums[cells][: coarse.sizes[chosen[0]]].sum()
        slope = _slope(np.concatenate([[total], sums[cells]]), table[cells], ridge)
        move = solved(lower, slope)
        decrement = float(np.abs(move @ slope))
        if not fresh and decrement > _SLOW * last:
            lower, last = None, np.inf
            continue
        last = decrement
        move *= min(1.0, 2.0 / max(float(np.abs(move).max()), 1e-12))
        intercept += float(move[0])
        table[cells] += move[1:]
        if decrement < _SETTLED:
            break
    _, sums = kernel.gradient_of(coarse.codes, starts[:-1], table, intercept, sample.bad, sample.weight)
    whole = kernel.curvature_of(coarse.codes, starts[:-1], table, intercept, sample.weight)
    meat = whole if group is None else _by_person(coarse, sample, table, intercept, group)
    taken = nothing_taken_up(whole, coarse.sizes[0], ridge)
    taken = taken.grown(cells) if len(cells) else taken
    return State(Step(tuple(chosen), intercept, table), sums, taken, meat, noise)


def cells_of(coarse: Coarse, chosen: Sequence[int]) -> Ints:
    """Return the places of the cells of some columns."""
    starts = coarse.starts
    return np.concatenate(
        [np.zeros(0, np.int64), *(np.arange(starts[at], starts[at + 1]) for at in chosen)]
    ).astype(np.int64)


def with_intercept(bend: Floats, first: int) -> Floats:
    """Return the curvature with a row for the intercept: the sum over one column's cells."""
    line = bend[:first].sum(axis=0)
    out = np.empty((len(bend) + 1, len(bend) + 1))
    out[1:, 1:] = bend
    out[0, 1:] = out[1:, 0] = line
    out[0, 0] = line[:first].sum()
    return out


def _by_person(coarse: Coarse, sample: Sample, table: Floats, intercept: float, group: Ints) -> Floats:
    """Return the covariance of the residual sums with the residuals of each person taken together."""
    from scipy.sparse import coo_array

    places = coarse.codes + coarse.starts[:-1]
    eta = intercept + summed(coarse.codes, coarse.starts[:-1], table)
    left = sample.weight * (~sample.bad - 1.0 / (1.0 + np.exp(-eta)))
    columns = places.shape[1]
    shape = (int(group.max()) + 1, len(table))
    entries = (np.repeat(left, columns), (np.repeat(group, columns), places.ravel()))
    people = coo_array(entries, shape=shape).tocsr()
    return np.asarray((people.T @ people).toarray(), np.float64)
