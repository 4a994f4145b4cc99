"""The best bins of one characteristic, exactly, under its limits and its trend."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._characteristic import Characteristic, Direction, Kind
from plainscore.scorecard.binning._prebin import Cells, check_count
from plainscore.scorecard.binning._woe import information, weight_of_evidence

Floats = npt.NDArray[np.float64]
Bounds = npt.NDArray[np.int64]

EVIDENCE: Final = 10.83
"""Gain in the chi-square of the bins that a turn must bring to be believed: one in a thousand by chance."""

SHOWN: Final = 10
"""Most levels that a note lists."""

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
class Limits:
    """What every bin must hold. Shares and counts are in sample weight."""

    max_bins: int
    min_share: float
    min_goods: float
    min_bads: float
    smoothing: float


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


def bin_column(cells: Cells, limits: Limits) -> Binned:
    """Merge a column's cells into its best bins."""
    return merge_cells(cells, _choose(cells, limits), limits.smoothing)


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


def _choose(cells: Cells, limits: Limits) -> Choice:
    count = cells.count
    note = one_cell_note(cells)
    if note:
        return Choice(np.array([0, count]), "none", 0.0, (note,))
    if cells.characteristic.cuts is not None:
        return Choice(np.arange(count + 1), "fixed", np.nan, fixed_notes(cells))
    goods, bads = cells.goods[:count], cells.bads[:count]
    totals = float(cells.goods.sum()), float(cells.bads.sum())
    direction: Direction = "none" if cells.levels else cells.characteristic.direction
    return best_choice(goods, bads, totals, limits, direction)


def fixed_notes(cells: Cells) -> tuple[str, ...]:
    """Say that bins are the modeller's and why, and what the groups of levels leave out or name in vain."""
    said = cells.characteristic
    notes = [f"Cuts fixed by the modeller: {said.cuts_reason or 'no reason given'}."]
    if cells.levels:
        named = {level for cut in said.cuts or () for level in ((cut,) if isinstance(cut, str) else cut)}  # type: ignore[union-attr]
        found = {level for group in cells.levels for level in group}
        if found - named:
            notes.append(f"Levels that the cuts do not name are one bin: {_some(found - named)}.")
        if named - found:
            notes.append(f"Nobody has these levels of the cuts, so they are unseen: {_some(named - found)}.")
    return tuple(notes)


def _some(levels: set[str]) -> str:
    shown = ", ".join(sorted(levels)[:SHOWN])
    return shown if len(levels) <= SHOWN else f"{shown} and {len(levels) - SHOWN} more"


def one_cell_note(cells: Cells) -> str:
    """Say why a column is one cell before anything is chosen; empty where it is not."""
    count = cells.count
    if not float(cells.goods[:count].sum() + cells.bads[:count].sum()) > 0:
        return "Every value is missing or special."
    if count > 1:
        return ""
    if cells.rare:
        return (
            f"One bin: each of the {len(cells.rare)} levels is under rare_share, and the commonest holds "
            f"{cells.commonest:.4g} of the rows. Lower rare_share, or group levels by `cuts`."
        )
    return "One bin: the column has one value only."


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
    if direction == "auto":
        scale = totals[0] * totals[1] / sum(totals)
        for shape in ("peak", "valley"):
            turned = _solve(woe, value, limits, shape)
            gain = (turned.value - best.value) * scale
            if gain > EVIDENCE and np.isfinite(gain):
                note = (
                    f"A {shape} fits better than {best.trend} points: chi-square {gain:.1f} over {EVIDENCE}."
                )
                best = Choice(turned.bounds, shape, turned.value, (*best.notes, note))
    return _explained(best, goods, bads, totals, limits, direction, value)


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
    from plainscore.scorecard import _kernel

    sign, turns = SHAPES[shape]
    total, bounds = _kernel.best_bins(woe, value, min(limits.max_bins, len(woe) - 1), sign, turns)
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
    note = _why_one_bin(goods, bads, totals, limits, direction, value)
    return Choice(one_bin, choice.trend, max(choice.value, 0.0), (note,))


def _why_one_bin(
    goods: Floats,
    bads: Floats,
    totals: tuple[float, float],
    limits: Limits,
    direction: Direction,
    value: Floats,
) -> str:
    forbidden = no_cut_note(goods, bads, totals, limits)
    if forbidden:
        return forbidden
    free = float(np.max(value[0, 1:-1] + value[1:-1, -1]))
    return (
        f"One bin: no cut with direction {direction!r} adds information; "
        f"the best cut in any direction has information value {free:.4g}."
    )


def no_cut_note(goods: Floats, bads: Floats, totals: tuple[float, float], limits: Limits) -> str:
    """Say which limit forbids every cut, and by how much; empty where a cut keeps them all."""
    if len(goods) == 1:
        return "One bin: the column has one value only."
    if limits.max_bins < 2:
        return f"One bin: max_bins is {limits.max_bins}, and a cut needs 2."
    slack = 1e-9 * sum(totals)
    best = {
        "min_share": (_smaller_sides(goods + bads).max() / sum(totals), limits.min_share),
        "min_goods": (_smaller_sides(goods).max(), limits.min_goods),
        "min_bads": (_smaller_sides(bads).max(), limits.min_bads),
    }
    short = [
        f"{name}: the best cut leaves {reached:.4g} in the smaller bin, {asked:.4g} is asked"
        for name, (reached, asked) in best.items()
        if reached < asked - 1e-9 * max(1.0, asked)
    ]
    if short:
        return f"One bin: {'; '.join(short)}."
    meets = (
        (_smaller_sides(goods + bads) >= limits.min_share * sum(totals) - slack)
        & (_smaller_sides(goods) >= limits.min_goods - slack)
        & (_smaller_sides(bads) >= limits.min_bads - slack)
    )
    if not meets.any():
        return "One bin: each of min_share, min_goods and min_bads could be met alone, but no cut meets all."
    return ""


def _smaller_sides(weights: Floats) -> Floats:
    left = np.cumsum(weights)[:-1]
    return np.asarray(np.minimum(left, weights.sum() - left))
