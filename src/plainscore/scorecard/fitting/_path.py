"""Cards of every size: which characteristic to give up next, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.fitting._shape import Block, ShapeFit

Floats = npt.NDArray[np.float64]

_SETTLED: Final = 1e-3
"""Fall of the penalised log likelihood in a sweep below which costs can be compared."""
_SWEEPS: Final = 20


@dataclass(frozen=True)
class Rung:
    """A model on the way down: who is in, its parameters, who was given up last and at what cost."""

    kept: tuple[int, ...]
    theta: Floats
    left: int | None
    cost: float


def places(blocks: Sequence[Block]) -> list[slice]:
    """Return where each characteristic's parameters stand."""
    out, at = [], 1
    for block in blocks:
        out.append(slice(at, at + block.size - 1))
        at += block.size - 1
    return out


def give_up_in_turn(fit: ShapeFit, fewest: int) -> list[Rung]:
    """Give up one characteristic at a time, always the one whose loss costs the fit least.

    The others are fitted again each time, on the quadratic that stands for the likelihood at `fit`.
    The cost is in penalised log likelihood.
    """
    at = places(fit.steps.blocks)
    kept = tuple(place for place, part in enumerate(at) if np.any(fit.theta[part] != 0.0))
    lower, upper = fit.steps.lower.copy(), fit.steps.upper.copy()
    for place, part in enumerate(at):
        if place not in kept:
            lower[part] = upper[part] = 0.0
    rungs = [Rung(kept, fit.theta, None, 0.0)]
    theta, slope = fit.theta, fit.slope
    while len(kept) > max(fewest, 1):
        tried = [(*_without(fit, theta, slope, at[place], lower, upper), place) for place in kept]
        cost, theta, slope, place = min(tried, key=lambda each: (each[0], each[3]))
        lower[at[place]] = upper[at[place]] = 0.0
        kept = tuple(other for other in kept if other != place)
        rungs.append(Rung(kept, theta, place, cost))
    return rungs


def _without(
    fit: ShapeFit, theta: Floats, slope: Floats, part: slice, lower: Floats, upper: Floats
) -> tuple[float, Floats, Floats]:
    """Return the rise of the objective without a characteristic, and the parameters and slope there."""
    from plainscore.scorecard.fitting import _kernel_shape as kernel

    steps = fit.steps
    tried, low, high = theta.copy(), lower.copy(), upper.copy()
    tried[part] = low[part] = high[part] = 0.0
    there = slope + (tried[part] - theta[part]) @ fit.curvature[part]
    kernel.descend(fit.curvature, there, tried, low, high, steps.l1, steps.l2, _SETTLED, _SWEEPS)
    moved = tried - theta
    charge = steps.l1 @ (np.abs(tried) - np.abs(theta)) + steps.l2 @ (tried**2 - theta**2) / 2
    # The slope moved by the curvature times the move, so half of it stands for the quadratic's own part.
    return float((slope + there) @ moved / 2 + charge), tried, there


def parameters_of(rung: Rung, blocks: Sequence[Block]) -> Floats:
    """Return a rung's parameters without those of the characteristics that were given up."""
    parts = places(blocks)
    return np.concatenate([rung.theta[:1], *(rung.theta[parts[place]] for place in rung.kept)])
