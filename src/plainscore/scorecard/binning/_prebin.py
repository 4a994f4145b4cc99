"""Pre-bins: the fine cells that binning chooses among, and the code of every row's cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._named_arrays import kind_of
from plainscore.scorecard._read_columns import as_levels, as_months, as_numbers
from plainscore.scorecard._values import level_text, month_number
from plainscore.scorecard.binning._characteristic import Characteristic, Kind
from plainscore.scorecard.binning._edges import fine_edges, fixed_edges, round_costs, roundest
from plainscore.scorecard.binning._grouping import Grouping
from plainscore.scorecard.binning._pooled import pool_cells, pool_codes
from plainscore.scorecard.binning._woe import weight_of_evidence

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint16]

FINE: Final = 1024
"""Most cells before supervision; the loss of information value at this size is below one in a thousand."""
FINEST: Final = 8192
"""Most cells that a cut may move among once the bins are chosen."""
MOST_CELLS: Final = 2**16
"""Cells that two bytes tell apart; beyond them codes would wrap round into other cells."""
MOST_ATTRIBUTES: Final = 256
MOST_LEVELS: Final = 200
"""Most cells of levels; with fifty special ones they still are told apart by one byte."""


@dataclass(frozen=True)
class Cells:
    """A column cut into fine cells, and the weight of good and bad rows in each.

    Codes run over the cells, then missing, then each special code, then out of range (numbers and
    months) or unseen (levels).
    """

    characteristic: Characteristic
    kind: Kind
    edges: Floats
    levels: tuple[tuple[str, ...], ...]
    specials: tuple[tuple[float | str, str], ...]
    codes: Codes
    goods: Floats
    bads: Floats
    rare: tuple[str, ...] = ()
    commonest: float = 1.0
    """Share of rows that the commonest level holds."""

    @property
    def count(self) -> int:
        """Number of cells, without the special ones."""
        return len(self.levels) if self.kind in ("levels", "boolean") else len(self.edges) + 1

    def round_costs(self) -> Floats:
        """Cost of the digits of a bound at each place over the cells; levels have none."""
        if self.levels:
            return np.zeros(self.count + 1)
        return round_costs(self.edges, by_years=by_years(self.characteristic, self.kind))


@dataclass(frozen=True)
class Sample:
    """The outcome and weight of every row."""

    bad: npt.NDArray[np.bool_]
    weight: Floats

    @cached_property
    def goods(self) -> float:
        """Weight of good rows."""
        return float(self.weight[~self.bad].sum())

    @cached_property
    def bads(self) -> float:
        """Weight of bad rows."""
        return float(self.weight[self.bad].sum())


def tallied(codes: npt.NDArray[Any], sample: Sample, size: int) -> tuple[Floats, Floats]:
    """Return the weight of good and of bad rows at each of `size` codes."""
    from plainscore.scorecard import _kernel

    goods, bads = np.zeros(size), np.zeros(size)
    codes = np.ascontiguousarray(codes)  # laid out in one way, since each way is compiled for itself
    _kernel.tally(codes, sample.bad, sample.weight, goods, bads)
    return goods, bads


def cut_cells(
    characteristic: Characteristic,
    values: Any,
    sample: Sample,
    *,
    group: Grouping,
    rare_share: float,
    finest: int = FINE,
) -> Cells:
    """Cut a column into cells that never look at the outcome.

    Numbers and months are cut as `group` merges their fine cells, which are at most `finest`; levels are a
    cell each, in the order of their names, with the rare ones pooled.
    """
    kind = characteristic.kind or kind_of(characteristic.id, values)
    if kind in ("levels", "boolean"):
        cells = _level_cells(characteristic, kind, values, sample, rare_share=rare_share)
    else:
        cells = _number_cells(characteristic, kind, values, sample, group, finest)
    return pool_cells(cells)


def _number_cells(
    characteristic: Characteristic, kind: Kind, values: Any, sample: Sample, group: Grouping, finest: int
) -> Cells:
    name = characteristic.id
    numbers = as_months(name, values) if kind == "month" else as_numbers(name, values)
    specials = number_codes(characteristic, kind)
    special = np.array([code for code, _ in specials], np.float64)
    low, high = limits_of(characteristic)
    fixed = fixed_edges(characteristic, kind)
    edges = fine_edges(numbers, special, low, high, finest, sample.weight)[0] if fixed is None else fixed
    _check_cells(characteristic, len(edges) + len(special) + 3)
    codes, goods, bads = _count(numbers, edges, low, high, special, sample)
    cells = len(edges) + 1
    bounds = group(goods[:cells], bads[:cells]) if fixed is None else np.arange(cells + 1)
    if len(bounds) <= cells:
        years = by_years(characteristic, kind)
        bounds = roundest(edges, goods[:cells] + bads[:cells], bounds, by_years=years)
        edges = edges[bounds[1:-1] - 1]
        table = np.concatenate(
            [np.repeat(np.arange(len(bounds) - 1), np.diff(bounds)), _tail(len(bounds) - 1, special)]
        )
        codes = table.astype(np.uint16)[codes]
        goods, bads = _regroup(goods, table), _regroup(bads, table)
    return Cells(characteristic, kind, edges, (), specials, codes, goods, bads)


def by_years(characteristic: Characteristic, kind: Kind) -> bool:
    """Return whether a column's edges are months."""
    return kind == "month" or characteristic.unit.startswith("month")


def number_codes(characteristic: Characteristic, kind: Kind) -> tuple[tuple[float, str], ...]:
    """Return special codes as numbers, rising; months count from year 0 as their values do."""
    found = {}
    for code, text in characteristic.special_codes.items():
        try:
            number = float(month_number(code)) if kind == "month" and isinstance(code, str) else float(code)
        except ValueError as error:
            raise InputError(
                f"Characteristic {characteristic.id!r} is a {kind}, and its special code {code!r} is not. "
                f"Give the code as a {kind}, or declare kind 'levels'."
            ) from error
        if number in found:
            raise InputError(
                f"Characteristic {characteristic.id!r} lists special code {number:g} twice. Keep one of them."
            )
        found[number] = text
    return tuple(sorted(found.items()))


def check_count(characteristic: Characteristic, attributes: int) -> None:
    """Refuse more attributes than a byte can tell apart, in which rows are kept from here on."""
    if attributes > MOST_ATTRIBUTES:
        raise InputError(
            f"Characteristic {characteristic.id!r} would have {attributes} attributes, of which "
            f"{MOST_ATTRIBUTES} is the most. Lower max_bins, or give fewer cuts or special codes."
        )


def _check_cells(characteristic: Characteristic, cells: int) -> None:
    """Refuse more fine cells than two bytes can tell apart."""
    if cells > MOST_CELLS:
        raise InputError(
            f"Characteristic {characteristic.id!r} has {cells} levels, cuts and special codes, of which "
            f"{MOST_CELLS} is the most. Raise rare_share, group its levels, or leave it out."
        )


def codes_in(cells: Cells, values: Any) -> Codes:
    """Return the cell of every value of another sample of the same column."""
    from plainscore.scorecard import _kernel

    name = cells.characteristic.id
    if cells.levels:
        return pool_codes(cells, _known_levels(cells, values))
    numbers = as_months(name, values) if cells.kind == "month" else as_numbers(name, values)
    out = np.empty(len(numbers), np.uint16)
    special = np.array([code for code, _ in cells.specials], np.float64)
    _kernel.assign(numbers, cells.edges, *limits_of(cells.characteristic), special, out)
    return pool_codes(cells, out)


def _known_levels(cells: Cells, values: Any) -> Codes:
    index, found = as_levels(cells.characteristic.id, values, cells.kind)
    at = {level: cell for cell, group in enumerate(cells.levels) for level in group}
    at |= {str(code): cells.count + 1 + place for place, (code, _) in enumerate(cells.specials)}
    unseen = cells.count + 1 + len(cells.specials)
    return np.array([*(at.get(level, unseen) for level in found), cells.count], np.uint16)[index]


def leaves(goods: Floats, bads: Floats, *, most: int, least: float) -> npt.NDArray[np.int64]:
    """Merge cells to at most `most` leaves of weight `least`, by how the outcome differs."""
    from plainscore.scorecard.binning import _kernel_bins

    if len(goods) <= most:
        return np.arange(len(goods) + 1)
    good, bad = (np.concatenate([[0.0], np.cumsum(part)]) for part in (goods, bads))
    bounds: npt.NDArray[np.int64] = _kernel_bins.grow_leaves(good, bad, most, least)
    return bounds


def _tail(cells: int, special: Floats) -> npt.NDArray[np.int64]:
    return np.arange(cells, cells + len(special) + 2)


def _regroup(weights: Floats, table: npt.NDArray[np.int64]) -> Floats:
    return np.bincount(table, weights=weights, minlength=int(table.max()) + 1).astype(np.float64)


def limits_of(characteristic: Characteristic) -> tuple[float, float]:
    """Return the least and the most value in range; infinities are always outside."""
    largest = float(np.finfo(np.float64).max)
    low = -largest if characteristic.least is None else float(characteristic.least)
    high = largest if characteristic.most is None else float(characteristic.most)
    return low, high


def _count(
    numbers: npt.NDArray[Any], edges: Floats, low: float, high: float, special: Floats, sample: Sample
) -> tuple[Codes, Floats, Floats]:
    from plainscore.scorecard import _kernel

    codes = np.empty(len(numbers), np.uint16)
    _kernel.assign(numbers, edges, low, high, special, codes)
    return codes, *tallied(codes, sample, len(edges) + len(special) + 3)


def _level_cells(
    characteristic: Characteristic, kind: Kind, values: Any, sample: Sample, *, rare_share: float
) -> Cells:
    """Give each level a cell, in the order of their names; rare ones share one."""
    index, found = as_levels(characteristic.id, values, kind)
    _check_texts(characteristic.id, found)
    codes = characteristic.special_codes.items()
    specials = tuple(sorted((level_text(characteristic.id, code, "levels"), text) for code, text in codes))
    goods, bads = tallied(np.where(index < 0, len(found), index), sample, len(found) + 1)
    is_special = {code: at for at, (code, _) in enumerate(specials)}
    seen = goods + bads > 0  # a categorical column may declare levels that nobody has
    usual = [at for at, level in enumerate(found) if level not in is_special and seen[at]]
    groups, rare = _named_groups(characteristic, kind, usual, found, goods + bads, rare_share=rare_share)
    groups = groups or [()]  # nobody has a level: one cell that stays empty
    cells = len(groups)
    table = np.full(len(found) + 1, cells, np.int64)  # the last entry serves index -1: missing
    for code, at in is_special.items():
        if code in found:
            table[found.index(code)] = cells + 1 + at
    for cell, members in enumerate(groups):
        table[list(members)] = cell
    size = cells + len(specials) + 2
    _check_cells(characteristic, size)
    return Cells(
        characteristic,
        kind,
        np.empty(0),
        tuple(tuple(sorted(found[at] for at in members)) for members in groups),
        specials,
        table.astype(np.uint16)[index],
        np.bincount(table, weights=goods, minlength=size).astype(np.float64),
        np.bincount(table, weights=bads, minlength=size).astype(np.float64),
        rare,
        float((goods + bads)[usual].max(initial=0.0) / (goods + bads).sum()),
    )


def _check_texts(name: str, levels: Sequence[str]) -> None:
    """Refuse a level that holds half of a surrogate pair, which no card's bytes can."""
    for level in levels:
        try:
            level.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                f"Column {name!r} has level {level!r}, a text cut in the middle of a character. Read the "
                "column again in its encoding, or rename the level."
            ) from error


def _named_groups(
    characteristic: Characteristic,
    kind: Kind,
    usual: list[int],
    found: list[str],
    rows: Floats,
    *,
    rare_share: float,
) -> tuple[list[tuple[int, ...]], tuple[str, ...]]:
    """Return the levels of each cell by name; pooled are those below `rare_share` and all beyond the most."""
    if characteristic.cuts is not None:
        return _fixed_groups(characteristic, usual, found), ()
    share = rows / rows.sum()
    by_size = sorted(usual, key=lambda at: (-rows[at], found[at]))
    rare = set(by_size[MOST_LEVELS - 1 :]) if len(by_size) > MOST_LEVELS else set()
    if kind == "levels":
        rare |= {at for at in usual if share[at] < rare_share}
    pooled = rare if len(rare) > 1 else set()
    groups: list[tuple[int, ...]] = [(at,) for at in usual if at not in pooled]
    if pooled:
        groups.append(tuple(sorted(pooled, key=lambda at: found[at])))
    return sorted(groups, key=lambda group: found[group[0]]), tuple(sorted(found[at] for at in pooled))


def arranged(cells: Cells, order: npt.NDArray[np.int64]) -> Cells:
    """Return the cells of levels in another order; only neighbours can share a bin."""
    states = np.arange(cells.count, len(cells.goods))
    place = np.empty(len(cells.goods), np.int64)
    whole = np.concatenate([order, states])
    place[whole] = np.arange(len(whole))
    return replace(
        cells,
        levels=tuple(cells.levels[at] for at in order),
        codes=place.astype(np.uint16)[cells.codes],
        goods=cells.goods[whole],
        bads=cells.bads[whole],
    )


def by_risk(cells: Cells, smoothing: float) -> Cells:
    """Return the cells of levels from the riskiest to the safest; like ones by name."""
    if not cells.levels or cells.characteristic.cuts is not None:
        return cells
    woe = weight_of_evidence(
        cells.goods[: cells.count],
        cells.bads[: cells.count],
        all_goods=float(cells.goods.sum()),
        all_bads=float(cells.bads.sum()),
        smoothing=max(smoothing, 1e-9),
    )
    return arranged(cells, np.argsort(woe, kind="stable"))


def counted(cells: Cells, codes: npt.NDArray[Any], sample: Sample) -> Cells:
    """Return the cells with the counts of some rows, each cell its own code.

    Parameters
    ----------
    cells : Cells
        Where the column is cut.
    codes : uint16 (rows,)
        The cell of each row.
    sample : Sample
        Outcome and weight of the rows.
    """
    size = len(cells.goods)
    goods, bads = tallied(codes, sample, size)
    return replace(cells, codes=np.arange(size).astype(np.uint16), goods=goods, bads=bads)


def _fixed_groups(
    characteristic: Characteristic, usual: list[int], found: list[str]
) -> list[tuple[int, ...]]:
    at = {found[index]: index for index in usual}
    named = [tuple(cut) if isinstance(cut, tuple) else (str(cut),) for cut in characteristic.cuts or ()]
    flat = [level for group in named for level in group]
    listed = set(flat)
    if len(listed) < len(flat):
        raise InputError(f"Characteristic {characteristic.id!r} lists a level in two groups. Keep it in one.")
    rest = tuple(sorted(index for level, index in at.items() if level not in listed))
    groups = [tuple(at[level] for level in group if level in at) for group in named]
    return [group for group in [*groups, rest] if group]
