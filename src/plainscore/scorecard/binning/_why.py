"""What a bin must hold, and the sentences that say why a column has the bins it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._characteristic import Direction
from plainscore.scorecard.binning._prebin import Cells

Floats = npt.NDArray[np.float64]

SHOWN: Final = 10
"""Most levels that a note lists."""


@dataclass(frozen=True)
class Limits:
    """What every bin must hold. Shares and counts are in sample weight."""

    max_bins: int
    min_share: float
    min_goods: float
    min_bads: float
    smoothing: float


def fixed_notes(cells: Cells) -> tuple[str, ...]:
    """Say that bins are the modeller's and why, and what the groups of levels leave out or name in vain."""
    said = cells.characteristic
    reasons = [said.cuts_reason, *(f"{edit.text}: {edit.reason}" for edit in said.edits)]
    notes = [f"Cuts fixed by the modeller: {'; '.join(filter(None, reasons)) or 'no reason given'}."]
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


def why_one_bin(
    goods: Floats,
    bads: Floats,
    totals: tuple[float, float],
    limits: Limits,
    direction: Direction,
    value: Floats,
) -> str:
    """Say which limit or which direction leaves one bin, and what it gives up."""
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
