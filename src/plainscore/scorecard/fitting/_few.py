"""From many fine weights to the few attributes of a card, at the least cost to the fitted shape."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._binning import SHAPES, Binned, Choice, keep_limits, merge_cells, runs
from plainscore.scorecard.binning._edges import ROUND
from plainscore.scorecard.binning._prebin import Cells, Sample, arranged
from plainscore.scorecard.binning._why import fixed_notes, no_cut_note, one_cell_note
from plainscore.scorecard.fitting._fitted import Options
from plainscore.scorecard.fitting._shape import LEVELS, Block

Floats = npt.NDArray[np.float64]
Bounds = npt.NDArray[np.int64]

WORTH: Final = 0.25
"""Share of the penalty, squared, that is the chi-square a further attribute must keep of the shape. The
penalty has already judged the steps; this only drops attributes that say next to nothing."""
_ROUNDS: Final = 50


def merge_weights(
    cells: Cells, block: Block, weights: Floats, options: Options, sample: Sample
) -> tuple[Binned, Floats]:
    """Merge cells to the bins that keep most of the fitted shape, within the limits.

    Parameters
    ----------
    cells : Cells
        The fine cells of one column, counted on the rows that were fitted.
    block : Block
        Its shape.
    weights : float64 (attributes,)
        Fitted weight of each fine cell and special attribute.
    options : Options
        Limits and penalty.
    sample : Sample
        All rows.

    Returns
    -------
    (Binned, float64 (fewer attributes,))
        The characteristic in few attributes, and the mean weight of each.
    """
    if block.trend == LEVELS and cells.characteristic.cuts is None:
        order = np.argsort(weights[: block.bins], kind="stable")
        cells = arranged(cells, order)
        weights = np.concatenate([weights[: block.bins][order], weights[block.bins :]])
    rows = cells.goods + cells.bads
    bounds, notes = _bounds(cells, block, weights, rows, options, sample)
    trend = "none" if block.trend == LEVELS else block.trend
    binned = merge_cells(cells, Choice(bounds, trend, 0.0, notes), options.limits.smoothing)
    few = [_mean(weights[a:b], rows[a:b]) for a, b in pairwise(bounds)]
    return binned, np.concatenate([few, weights[block.bins :]])


def _mean(weights: Floats, rows: Floats) -> float:
    if len(weights) == 1:  # as it is to the last digit, so that like attributes stay alike
        return float(weights[0])
    return float(np.average(weights, weights=rows if rows.sum() > 0 else None))


def _bounds(
    cells: Cells, block: Block, weights: Floats, rows: Floats, options: Options, sample: Sample
) -> tuple[Bounds, tuple[str, ...]]:
    n, limits = cells.count, options.limits
    if cells.characteristic.cuts is not None:
        return np.arange(n + 1), fixed_notes(cells)
    from plainscore.scorecard.binning import _kernel_bins

    noise = sample.goods * sample.bads / float(sample.weight.sum()) ** 2
    mass, held = runs(rows[:n] * noise), runs(rows[:n] * noise * weights[:n])
    goods, bads = runs(cells.goods[:n]), runs(cells.bads[:n])
    fits = keep_limits(goods, bads, float(sample.weight.sum()), limits) & (mass > 0)
    mean = np.divide(held, mass, out=np.zeros_like(mass), where=fits)
    value = np.where(fits, mass * mean**2 - (WORTH * options.penalty) ** 2, -np.inf)
    sign, turns = SHAPES["none" if block.trend == LEVELS else block.trend]
    most, mean = min(limits.max_bins, n), np.round(mean, 12)
    best, bounds = _kernel_bins.best_bins(mean, value, most, sign, turns)
    if len(bounds) > 2:  # once more, with each digit of an edge at a price
        price = ROUND * max(best, 0.0) / (len(bounds) - 2)
        value -= price * cells.round_costs()[: n + 1, None]
        return _kernel_bins.best_bins(mean, value, most, sign, turns)[1], ()
    totals = sample.goods, sample.bads
    note = one_cell_note(cells) or no_cut_note(cells.goods[:n], cells.bads[:n], totals, limits)
    worth = f"the penalty of {options.penalty:g} asks of a step beside the other characteristics"
    return np.array([0, n]), (note or f"One bin: no further bin brings what {worth}.",)


@dataclass(frozen=True)
class Level:
    """What the sum of weights is multiplied by, and what is added, to be log odds again."""

    slope: float
    intercept: float
    log_likelihood: float


def level_of(total: Floats, sample: Sample, slope: float | None = None) -> Level:
    """Fit the log odds of good on a sum of weights, by Newton's method on a slope and an intercept.

    Averaging and merging draw weights together; the slope gives back what they took, for all alike. Sums
    are numpy's own and not those of a linear algebra library, which depend on its number of threads.

    Parameters
    ----------
    total : float64 (rows,)
        Sum of weights of each row.
    sample : Sample
        Outcome and weight of each row.
    slope : float, optional
        A slope that is held; only the intercept is fitted then.
    """
    good, weight = ~sample.bad, sample.weight
    held = slope is not None
    at, intercept = 1.0 if slope is None else slope, math.log(sample.goods / sample.bads)
    for _ in range(_ROUNDS):
        p = _chance(intercept, at, total)
        part = good - p
        part *= weight
        a = float(part.sum())
        part *= total
        b = float(part.sum())
        np.subtract(1.0, p, out=part)
        part *= weight
        p *= part
        whole = float(p.sum())
        p *= total
        first = float(p.sum())
        p *= total
        second = float(p.sum())
        determinant = whole * second - first * first
        if held or not determinant > 1e-12 * whole * second:
            rise, turn = float(np.clip(a / whole, -1.0, 1.0)), 0.0
        else:
            rise = float(np.clip((second * a - first * b) / determinant, -1.0, 1.0))
            turn = float(np.clip((whole * b - first * a) / determinant, -1.0, 1.0))
        intercept, at = intercept + rise, at + turn
        if max(abs(rise), abs(turn)) < 1e-10:
            break
    if not at > 0:  # weights that say nothing on these rows stay as they were fitted
        return level_of(total, sample, 1.0)
    eta = at * total
    eta += intercept
    losses = np.logaddexp(0.0, np.where(good, -eta, eta), out=eta)
    losses *= weight
    return Level(at, intercept, -float(losses.sum()))


def _chance(intercept: float, at: float, total: Floats) -> Floats:
    """Return the chance of good, worked out in place: a table of rows is large beside what else is held."""
    p = at * total
    p += intercept
    np.negative(p, out=p)
    np.exp(p, out=p)
    p += 1.0
    return np.divide(1.0, p, out=p)
