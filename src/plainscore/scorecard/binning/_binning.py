"""The best bins of one characteristic, exactly, under its limits and its trend."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._characteristic import Characteristic, Direction, Kind
from plainscore.scorecard.binning._edges import ROUND
from plainscore.scorecard.binning._grouping import even
from plainscore.scorecard.binning._prebin import FINE, Cells, by_risk, check_count, leaves
from plainscore.scorecard.binning._why import Limits, fixed_notes, one_cell_note, why_one_bin
from plainscore.scorecard.binning._woe import information, weight_of_evidence

Floats = npt.NDArray[np.float64]
Bounds = npt.NDArray[np.int64]

EVIDENCE: Final = 10.83
"""Gain in the chi-square of the bins that a turn must bring to be believed: one in a thousand by chance."""

NO_LEVEL: Final = "no level"
"""What the bin of a column is called in which nobody has a level."""

SHAPES: Final[dict[str, tuple[float, int]]] = {
    "ascending": (1.0, 0),
    "descending": (-1.0, 0),
    "peak": (1.0, 1),
    "valley": (-1.0, 1),
    "none": (0.0, 0),
}


@dataclass(frozen=True)
class Binned:
    """A characteristic in its final attributes.

    Attributes are ordered: ranges or groups of levels, missing, each special code, out of range or
    unseen. `codes` holds each row's attribute in this order.
    """

    characteristic: Characteristic
    kind: Kind
    edges: tuple[float, ...]
    groups: tuple[tuple[str, ...], ...]
    specials: tuple[tuple[float | str, str], ...]
    codes: npt.NDArray[np.uint8]
    goods: Floats
    bads: Floats
    trend: str
    iv: float
    pre_bins: int
    rare: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Column name."""
        return self.characteristic.id

    @property
    def bins(self) -> int:
        """Number of ranges or groups of levels."""
        return len(self.goods) - len(self.specials) - 2


@dataclass(frozen=True)
class Choice:
    """Bounds of the chosen bins over the cells, and the trend they follow."""

    bounds: Bounds
    trend: str
    value: float
    notes: tuple[str, ...] = ()


def bin_column(cells: Cells, limits: Limits, pre_bins: int) -> Binned:
    """Merge a column's cells into its best bins.

    The best bins over `pre_bins` supervised pre-bins are found exactly; then each cut moves among all
    cells as long as that adds information, or saves digits for at most `ROUND` of it, and keeps the limits
    and the trend.
    """
    cells = by_risk(cells, limits.smoothing)
    count = cells.count
    note = one_cell_note(cells)
    if note:
        return merge_cells(cells, Choice(np.array([0, count]), "none", 0.0, (note,)), limits.smoothing)
    if cells.characteristic.cuts is not None:
        choice = Choice(np.arange(count + 1), "fixed", np.nan, fixed_notes(cells))
        return merge_cells(cells, choice, limits.smoothing)
    pre = _pre_bins(cells, limits, pre_bins)
    choice = _moved(cells, _choose(cells, pre, limits), limits)
    return replace(merge_cells(cells, choice, limits.smoothing), pre_bins=len(pre) - 1)


def _pre_bins(cells: Cells, limits: Limits, most: int) -> Bounds:
    """Return the bounds of the pre-bins: three quarters leaves of a tree, one quarter cells of like weight.

    A tree looks one cut ahead, so it can spend its leaves on noise where two cuts together would tell.
    """
    goods, bads = cells.goods[: cells.count], cells.bads[: cells.count]
    fine = even(goods, bads, most=FINE)
    least = 0.05 * limits.min_share * float(cells.goods.sum() + cells.bads.sum())
    like = max(1, most // 4)
    grown = leaves(
        np.add.reduceat(goods, fine[:-1]), np.add.reduceat(bads, fine[:-1]), most=most - like + 1, least=least
    )
    return np.union1d(fine[grown], even(goods, bads, most=like))


def _choose(cells: Cells, pre: Bounds, limits: Limits) -> Choice:
    """Return the best bins over pre-bins, their bounds counted in cells."""
    goods, bads = (np.add.reduceat(part[: cells.count], pre[:-1]) for part in (cells.goods, cells.bads))
    totals = float(cells.goods.sum()), float(cells.bads.sum())
    direction: Direction = "none" if cells.levels else cells.characteristic.direction
    choice = best_choice(goods, bads, totals, limits, direction)
    return replace(choice, bounds=pre[choice.bounds])


def _moved(cells: Cells, choice: Choice, limits: Limits) -> Choice:
    """Move the chosen cuts to the best places among all cells."""
    from plainscore.scorecard.binning import _kernel_bins

    if len(choice.bounds) <= 2 or cells.levels:  # levels stay in the order and the groups that were judged
        return choice
    good, bad = (
        np.concatenate([[0.0], np.cumsum(part[: cells.count])]) for part in (cells.goods, cells.bads)
    )
    totals = float(cells.goods.sum()), float(cells.bads.sum())
    least = np.array([limits.min_share * sum(totals), limits.min_goods, limits.min_bads, *totals])
    least[:3] -= 1e-9 * sum(totals)
    bounds = choice.bounds.astype(np.int64)
    cost = cells.round_costs() * (ROUND * choice.value / (len(bounds) - 2))
    _kernel_bins.move_cuts(bounds, good, bad, cost, least, limits.smoothing, *SHAPES[choice.trend])
    return replace(choice, bounds=bounds)


def merge_cells(cells: Cells, choice: Choice, smoothing: float) -> Binned:
    """Merge a column's cells into the bins that were chosen."""
    bounds = choice.bounds
    bins = len(bounds) - 1
    table = np.concatenate(
        [
            np.repeat(np.arange(bins), np.diff(bounds)),
            np.arange(bins, bins + len(cells.specials) + 2),
        ]
    )
    goods = np.bincount(table, weights=cells.goods).astype(np.float64)
    bads = np.bincount(table, weights=cells.bads).astype(np.float64)
    check_count(cells.characteristic, len(goods))
    totals = {"all_goods": float(goods.sum()), "all_bads": float(bads.sum())}
    trend = choice.trend
    if trend == "fixed":
        woe = weight_of_evidence(goods[:bins], bads[:bins], **totals, smoothing=max(smoothing, 1e-9))
        trend = _fixed_trend(cells, woe)
    groups = tuple(
        tuple(sorted(level for cell in cells.levels[a:b] for level in cell))
        for a, b in itertools.pairwise(bounds)
        if cells.levels
    )
    return Binned(
        cells.characteristic,
        cells.kind,
        tuple(float(edge) for edge in cells.edges[bounds[1:-1] - 1]) if not cells.levels else (),
        groups,
        cells.specials,
        table.astype(np.uint8)[cells.codes],
        goods,
        bads,
        trend,
        float(information(goods, bads, **totals, smoothing=smoothing).sum()),
        cells.count,
        cells.rare,
        list(choice.notes),
    )


def _fixed_trend(cells: Cells, woe: Floats) -> str:
    """Name the shape that fixed cuts give, and refuse one that breaks the declared direction."""
    if cells.levels:
        return "none"
    found = [shape for shape in SHAPES if follows(woe, shape)]
    declared = cells.characteristic.direction
    wanted = {"either": ("ascending", "descending"), "auto": tuple(SHAPES)}.get(declared, (declared,))
    for shape in wanted:
        if shape in found:
            return shape
    empty = (cells.goods + cells.bads)[: len(woe)] == 0
    rounded = ", ".join(
        f"{value:.3f}{' (no rows)' if none else ''}" for value, none in zip(woe, empty, strict=True)
    )
    raise ConstraintError(
        f"The cuts fixed for {cells.characteristic.id!r} do not follow direction {declared!r}: weights of "
        f"evidence by bin are {rounded}. Merge the bins that turn, or declare another direction."
    )


def follows(values: Floats, shape: str) -> bool:
    """Return whether values keep a shape: rising, falling, one turn, or any."""
    sign, turns = SHAPES[shape]
    steps = np.sign(np.diff(sign * values))
    steps = steps[steps != 0]
    if turns == 0:
        return bool((steps > 0).all())
    return not bool(((steps[:-1] < 0) & (steps[1:] > 0)).any())


def best_choice(
    goods: Floats, bads: Floats, totals: tuple[float, float], limits: Limits, direction: Direction
) -> Choice:
    """Return the bins of highest information value that keep the limits and the direction.

    Exact over all ways to merge neighbouring cells. Ties within 1e-9 go to fewer bins, then to the
    lexicographically lowest edges. When no cut is possible the choice is one bin, and its note says
    which limit forbids the best cut and by how much.

    Parameters
    ----------
    goods, bads : float64 (cells,)
        Weight of good and bad rows per cell.
    totals : (float, float)
        Weight of all good and of all bad rows, missing and special included.
    limits : Limits
        What each bin must hold.
    direction : str
        As in `Characteristic`.
    """
    woe, value = _tables(goods, bads, totals, limits)
    if direction not in ("either", "auto"):
        return _explained(
            _solve(woe, value, limits, direction), goods, bads, totals, limits, direction, value
        )
    up, down = (_solve(woe, value, limits, shape) for shape in ("ascending", "descending"))
    best = down if down.value > up.value + 1e-9 else up
    scale = totals[0] * totals[1] / sum(totals)
    # No turn can bring more than bins in any order do, which are found far sooner.
    if direction == "auto" and _gain(_solve(woe, value, limits, "none"), best) * scale > EVIDENCE:
        for shape in ("peak", "valley"):
            turned = _solve(woe, value, limits, shape)
            gain = _gain(turned, best) * scale
            if gain > EVIDENCE:
                note = (
                    f"A {shape} fits better than {best.trend} points: chi-square {gain:.1f} over {EVIDENCE}."
                )
                best = Choice(turned.bounds, shape, turned.value, (*best.notes, note))
    return _explained(best, goods, bads, totals, limits, direction, value)


def _gain(choice: Choice, best: Choice) -> float:
    """Return the information value that a choice adds, and nothing where either has no bins."""
    gain = choice.value - best.value
    return gain if np.isfinite(gain) else 0.0


def _tables(
    goods: Floats, bads: Floats, totals: tuple[float, float], limits: Limits
) -> tuple[Floats, Floats]:
    """Weight of evidence and information value of every run of cells [i, j)."""
    g, b = runs(goods), runs(bads)
    fits = keep_limits(g, b, sum(totals), limits)
    upper = np.triu(np.ones(g.shape, np.bool_), 1)
    g, b = np.where(upper, g, 1.0), np.where(upper, b, 1.0)
    known = {"all_goods": totals[0], "all_bads": totals[1], "smoothing": limits.smoothing}
    woe = weight_of_evidence(g, b, **known)
    value = information(g, b, **known)
    fits &= np.isfinite(woe)
    return np.where(fits, woe, 0.0), np.where(fits, value, -np.inf)


def runs(part: Floats) -> Floats:
    """Return the sum of every run of cells [i, j)."""
    total = np.concatenate([[0.0], np.cumsum(part)])
    return np.asarray(total[None, :] - total[:, None])


def keep_limits(goods: Floats, bads: Floats, everyone: float, limits: Limits) -> npt.NDArray[np.bool_]:
    """Tell which runs of cells hold what a bin must, from the sums of every run."""
    slack = 1e-9 * everyone
    return np.asarray(
        np.triu(np.ones(goods.shape, np.bool_), 1)
        & (goods >= limits.min_goods - slack)
        & (bads >= limits.min_bads - slack)
        & (goods + bads >= limits.min_share * everyone - slack)
    )


def _solve(woe: Floats, value: Floats, limits: Limits, shape: str) -> Choice:
    from plainscore.scorecard.binning import _kernel_bins

    sign, turns = SHAPES[shape]
    total, bounds = _kernel_bins.best_bins(woe, value, min(limits.max_bins, len(woe) - 1), sign, turns)
    return Choice(bounds, shape, float(total))


def _explained(
    choice: Choice,
    goods: Floats,
    bads: Floats,
    totals: tuple[float, float],
    limits: Limits,
    direction: Direction,
    value: Floats,
) -> Choice:
    """Say why there is one bin only, when there is."""
    if len(choice.bounds) > 2:
        return choice
    one_bin = np.array([0, len(goods)])
    note = why_one_bin(goods, bads, totals, limits, direction, value)
    return Choice(one_bin, choice.trend, max(choice.value, 0.0), (note,))
