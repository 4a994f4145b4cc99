"""Which shape each characteristic takes where none was declared, by the evidence of the joint fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.fitting._shape import (
    LEVELS,
    Block,
    Problem,
    ShapeFit,
    split_blocks,
)

Floats = npt.NDArray[np.float64]

TURN_EVIDENCE: Final = 6.63
"""Chi-square that a turn must gain over a monotone shape: one in a hundred by chance, on weights that the
penalty has already drawn together."""


@dataclass(frozen=True)
class Trend:
    """A shape, and the evidence for it in words."""

    block: Block
    note: str


def settle_trends(problem: Problem, fit: ShapeFit, declared: Sequence[str]) -> list[Trend]:
    """Return the shape of every characteristic: as declared, else the better of the four.

    Where the direction is ``either`` or ``auto`` the weights of a fit without shape are compared with
    the nearest monotone, peaked and valleyed weights, in chi-square. ``auto`` turns only by evidence.
    """
    sample = problem.sample
    noise = sample.goods * sample.bads / float(sample.weight.sum()) ** 2
    out = []
    parts = zip(
        problem.blocks, split_blocks(problem, fit.table), problem.attribute_rows, declared, strict=True
    )
    for block, weights, rows, direction in parts:
        values, mass = weights[: block.bins], rows[: block.bins] * noise
        out.append(_settle(block, values, mass, direction))
    return out


def _settle(block: Block, values: Floats, mass: Floats, direction: str) -> Trend:
    from plainscore.scorecard.fitting import _kernel_shape as kernel

    if block.trend == LEVELS:
        return Trend(block, "Levels have no order: each has a weight of its own, drawn to the mean.")
    if direction in ("ascending", "descending", "none"):
        return Trend(replace(block, trend=direction, turn=0), f"Direction {direction}, as declared.")
    up, down, peak, peak_at, valley, valley_at = kernel.shape_errors(values, mass)
    if direction == "peak" or direction == "valley":
        turn = peak_at if direction == "peak" else valley_at
        return Trend(_turned(block, direction, values, turn), f"Direction {direction}, as declared.")
    trend = "descending" if down < up - 1e-9 else "ascending"
    best = min(up, down)
    note = f"Direction {trend}: chi-square of the misfit {best:.1f}, of the opposite {max(up, down):.1f}."
    turned, error, at = ("valley", valley, valley_at) if valley < peak else ("peak", peak, peak_at)
    if direction == "auto" and best - error > TURN_EVIDENCE:
        gain = f"{best - error:.1f}, over {TURN_EVIDENCE}"
        note = f"A {turned} fits better than {trend} by a chi-square of {gain}."
        return Trend(_turned(block, turned, values, at), note)
    return Trend(replace(block, trend=trend, turn=0), note)


def _turned(block: Block, trend: str, values: Floats, cell: int) -> Block:
    """Place the turn: the step into `cell` goes with whichever side its sign agrees."""
    if cell == 0 or cell >= block.bins:
        return replace(block, trend=trend, turn=min(cell, block.bins - 1))
    step = values[cell] - values[cell - 1]
    with_first = step >= 0 if trend == "peak" else step <= 0
    return replace(block, trend=trend, turn=cell if with_first else cell - 1)
