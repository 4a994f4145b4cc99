"""All attribute weights fitted together, each characteristic held to its shape.

The loss is logistic. A characteristic is a sum of steps between neighbouring attributes; steps carry
an L1 penalty, so that neighbours merge, and sign bounds, so that the shape is kept. Each outer round
replaces the loss by its quadratic at the present weights and solves that exactly by coordinate
descent on the attributes' joint curvature, whose size does not depend on the number of rows, and which is
read again only where it no longer brings the fit on.

References
----------
Tibshirani, R. et al. (2005). Sparsity and smoothness via the fused lasso. JRSS B 67.
Friedman, J., Hastie, T., Tibshirani, R. (2010). Regularization paths for generalized linear models
via coordinate descent. Journal of Statistical Software 33.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._prebin import Sample

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]

MOST_ROUNDS: Final = 30
SWEEPS: Final = 500
SETTLED: Final = 1e-9
"""Fall of the objective, as a share of it, that ends a solve."""
ROUGHLY: Final = 1e-6
"""The same for fits that are averaged, or only compared: far below the noise of either."""
FIRST_FALL: Final = 0.1
"""Fall of the objective, as a share of it, that the first round is expected to bring."""
EACH: Final = 1e-4
"""Share of the last round's fall below which a coordinate's is not worth a sweep: the quadratic that is
solved is itself no nearer to the likelihood than that."""
SLOW: Final = 0.3
"""Share of the last round's fall above which the curvature is read again: it costs as much as eight rounds
on the one at hand."""
CURVATURE_ROWS: Final = 50_000
"""Rows from which curvature is read."""
LEAST_CURVATURE: Final = 0.5
"""Share of the curvature at average odds that an attribute has at least, where rows were left out."""
SPECIAL_RIDGE: Final = 5.0
"""Average rows by which the weight of a special attribute is drawn to neutral."""
LEVEL_RIDGE: Final = 10.0
"""Average rows by which the weight of a level is drawn to the mean of the levels."""
LEVELS: Final = "levels"
"""The trend of bins without an order."""


@dataclass(frozen=True)
class Block:
    """One characteristic: how many bins, how many attributes with the special ones, and its shape.

    `turn` is the step at which a peak or a valley turns. Attributes listed in `neutral` keep weight 0, those
    in `floored` do not fall below 0, the mean of the bins. The bins of the trend ``levels`` have no order:
    each has a weight of its own, drawn to the mean.
    """

    bins: int
    size: int
    trend: str
    turn: int = 0
    neutral: tuple[int, ...] = ()
    floored: tuple[int, ...] = ()

    @property
    def parameters(self) -> int:
        """Number of its parameters: steps, or weights of levels, then special attributes."""
        return self.size if self.trend == LEVELS else self.size - 1


@dataclass(frozen=True)
class Problem:
    """Rows of attribute codes, and the characteristics they stand for."""

    codes: Codes
    blocks: tuple[Block, ...]
    sample: Sample

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        """Where each characteristic's attributes begin."""
        return np.concatenate([[0], np.cumsum([block.size for block in self.blocks])]).astype(np.int64)

    @cached_property
    def attribute_rows(self) -> list[Floats]:
        """The weight of rows in each attribute, per characteristic."""
        return [
            np.bincount(self.codes[:, at], weights=self.sample.weight, minlength=block.size).astype(
                np.float64
            )
            for at, block in enumerate(self.blocks)
        ]

    @cached_property
    def bent_on(self) -> tuple[Codes, Floats]:
        """Cells and weights of the rows from which curvature is read."""
        some = _some_rows(len(self.codes))
        return np.ascontiguousarray(self.codes[some]), self.sample.weight[some]


@dataclass(frozen=True)
class Steps:
    """The parameters of a problem: an intercept, steps, and special attributes."""

    blocks: tuple[Block, ...]
    share: tuple[Floats, ...]
    lower: Floats
    upper: Floats
    l1: Floats
    l2: Floats

    def collapse(self, matrix: Floats) -> Floats:
        """Turn rows over attributes into rows over parameters (the transpose of `weights`)."""
        rows = [matrix[: self.blocks[0].size].sum(axis=0, keepdims=True)]
        start = 0
        for block, share in zip(self.blocks, self.share, strict=True):
            usual = matrix[start : start + block.bins]
            if block.trend == LEVELS:
                rows.append(usual - share[:, None] * usual.sum(axis=0, keepdims=True))
            else:
                above = _sums_from_the_end(usual)
                rows.append(above[1:] - share[:, None] * above[:1])
            rows.append(matrix[start + block.bins : start + block.size])
            start += block.size
        return np.concatenate(rows)

    def weights(self, theta: Floats) -> Floats:
        """Return attribute weights, each characteristic's bins centred on their rows."""
        out, at = [], 1
        for block, share in zip(self.blocks, self.share, strict=True):
            own = theta[at : at + len(share)]
            values = own if block.trend == LEVELS else np.concatenate([[0.0], np.cumsum(own)])
            out.append(values - own @ share)
            at += len(share)
            out.append(theta[at : at + block.size - block.bins])
            at += block.size - block.bins
        return np.concatenate(out)


def _sums_from_the_end(rows: Floats) -> Floats:
    """Return the sum of each row and all that follow, by whole rows: numpy would add number by number."""
    if rows.shape[1] == 1:
        return np.cumsum(rows[::-1], axis=0)[::-1]
    out = rows.copy()
    for at in range(len(out) - 2, -1, -1):
        out[at] += out[at + 1]
    return out


@dataclass(frozen=True)
class ShapeFit:
    """A solution: intercept, attribute weights, and the curvature they were solved on."""

    theta: Floats
    intercept: float
    table: Floats
    log_likelihood: float
    slope: Floats
    curvature: Floats
    steps: Steps
    rounds: int


def parametrise(problem: Problem, penalty: float) -> Steps:
    """Lay out the parameters with their bounds and penalties.

    `penalty` is in units of the noise of a step's gradient: 1 forgets steps that one standard error
    explains. Steps are penalised by the spread of the two sides they part, as if standardised.
    """
    total = float(problem.sample.weight.sum())
    noise = problem.sample.goods * problem.sample.bads / total**2
    shares, lower, upper, l1, l2 = [], [-np.inf], [np.inf], [0.0], [0.0]
    for block, rows in zip(problem.blocks, problem.attribute_rows, strict=True):
        usual = float(rows[: block.bins].sum())
        part = rows[: block.bins] if block.trend == LEVELS else np.cumsum(rows[: block.bins][::-1])[::-1][1:]
        share = part / usual if usual > 0 else np.zeros(len(part))
        shares.append(share)
        low, high = step_bounds(block)
        if block.trend != LEVELS:
            # A step with nobody on one side has neither penalty nor curvature, and would run away.
            known = np.cumsum(rows[: block.bins])[:-1] * part > 0
            low, high = (np.where(known, ends, 0.0).tolist() for ends in (low, high))
        states = range(block.bins, block.size)
        reach = [0.0 if at in block.neutral else np.inf for at in states]
        lower += [
            *low,
            *(0.0 if at in block.floored else -most for at, most in zip(states, reach, strict=True)),
        ]
        upper += [*high, *reach]
        if block.trend == LEVELS:
            l1 += [0.0] * block.size
            l2 += [LEVEL_RIDGE * noise] * block.bins
        else:
            spread = np.sqrt(np.maximum(share * (1 - share), 0.0) * usual * noise)
            l1 += [*(penalty * spread), *[0.0] * (block.size - block.bins)]
            l2 += [0.0] * (block.bins - 1)
        l2 += [SPECIAL_RIDGE * noise] * (block.size - block.bins)
    return Steps(problem.blocks, tuple(shares), np.array(lower), np.array(upper), np.array(l1), np.array(l2))


def step_bounds(block: Block) -> tuple[list[float], list[float]]:
    """Return the bounds of a characteristic's steps that keep its shape."""
    before, after = block.turn, block.bins - 1 - block.turn
    rise, fall, free = (0.0, np.inf), (-np.inf, 0.0), (-np.inf, np.inf)
    if block.trend == LEVELS:
        return [-np.inf] * block.bins, [np.inf] * block.bins
    bounds = {
        "ascending": [rise] * (block.bins - 1),
        "descending": [fall] * (block.bins - 1),
        "peak": [rise] * before + [fall] * after,
        "valley": [fall] * before + [rise] * after,
        "none": [free] * (block.bins - 1),
    }[block.trend]
    return [low for low, _ in bounds], [high for _, high in bounds]


def fit_shape(
    problem: Problem, penalty: float, start: Floats | None = None, *, settled: float = SETTLED
) -> ShapeFit:
    """Fit all weights together.

    Parameters
    ----------
    problem : Problem
        Rows and shapes.
    penalty : float
        See `parametrise`.
    start : float64 (parameters,), optional
        Where to start; must respect the bounds.
    settled : float
        Fall of the objective, as a share of it, that ends the fit.
    """
    from plainscore.scorecard.fitting import _kernel_shape as kernel

    steps = parametrise(problem, penalty)
    sample, starts = problem.sample, problem.starts[:-1]
    theta = np.zeros(len(steps.l1)) if start is None else np.clip(start, steps.lower, steps.upper)
    if start is None:
        theta[0] = np.log(sample.goods / sample.bads)

    def at(values: Floats) -> tuple[float, float, Floats]:
        found, gradient = kernel.gradient_of(
            problem.codes, starts, steps.weights(values), values[0], sample.bad, sample.weight
        )
        charge = float(steps.l1 @ np.abs(values) + steps.l2 @ values**2 / 2)
        return charge - found, found, -steps.collapse(gradient[:, None])[:, 0]

    objective, likelihood, slope = at(theta)
    rounds, fall, bent = 0, FIRST_FALL * abs(objective), _bend(problem, steps, theta)
    fresh = True
    while rounds < MOST_ROUNDS:
        rounds += 1
        moved, least = theta.copy(), settled * abs(objective)
        near = max(least, EACH * fall)
        kernel.descend(bent, slope.copy(), moved, steps.lower, steps.upper, steps.l1, steps.l2, near, SWEEPS)
        scale, before = 1.0, objective
        tried = moved
        objective, likelihood, slope = at(tried)
        while objective > before + 1e-3 * least and scale > 1e-4:  # halve a move that overshoots
            scale /= 2
            tried = theta + scale * (moved - theta)
            objective, likelihood, slope = at(tried)
        last, theta, fall = fall, tried, before - objective
        if fall < least and fresh:
            break
        fresh = fall < least or fall > SLOW * last
        if fresh:
            bent = _bend(problem, steps, theta)
    return ShapeFit(theta, float(theta[0]), steps.weights(theta), likelihood, slope, bent, steps, rounds)


def _bend(problem: Problem, steps: Steps, theta: Floats) -> Floats:
    """Return the curvature over parameters, from some of the rows scaled to stand for all.

    The gradient is of every row, so the solution is too; only the path to it is approximate. An attribute
    that the chosen rows hardly meet would be free to run away: it gets a part of the curvature that its rows
    would have at average odds.
    """
    from plainscore.scorecard.fitting import _kernel_shape as kernel

    codes, weight = problem.bent_on
    curvature = kernel.curvature_of(codes, problem.starts[:-1], steps.weights(theta), theta[0], weight)
    if len(weight) < len(problem.codes):
        total = float(problem.sample.weight.sum())
        curvature *= total / float(weight.sum())
        noise = problem.sample.goods * problem.sample.bads / total**2
        floor = LEAST_CURVATURE * noise * np.concatenate(problem.attribute_rows)
        at = np.arange(len(floor))
        curvature[at, at] = np.maximum(curvature[at, at], floor)
    return steps.collapse(np.ascontiguousarray(steps.collapse(curvature).T))


@lru_cache(maxsize=4)
def _some_rows(rows: int) -> slice | npt.NDArray[np.int64]:
    """Return all rows, or of very many a choice by chance: a stride could follow the order of rows."""
    if rows <= CURVATURE_ROWS:
        return slice(None)
    return np.sort(np.random.default_rng(0).choice(rows, CURVATURE_ROWS, replace=False))


def split_blocks(problem: Problem, table: Floats) -> list[Floats]:
    """Return attribute weights per characteristic."""
    return np.split(table, problem.starts[1:-1])


def with_blocks(problem: Problem, blocks: Sequence[Block]) -> Problem:
    """Return the problem under other shapes."""
    return replace(problem, blocks=tuple(blocks))
