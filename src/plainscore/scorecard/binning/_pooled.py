"""States that a modeller pooled with a bin: counted there in every fit, and told apart again for the card."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard.binning._edit import State, standing, state_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plainscore.scorecard.binning._binning import Binned
    from plainscore.scorecard.binning._characteristic import Characteristic
    from plainscore.scorecard.binning._prebin import Cells, Sample
    from plainscore.scorecard.card._card import Card

Points = TypeVar("Points", npt.NDArray[np.float64], npt.NDArray[np.int64])


class Pooling(NamedTuple):
    """A state's attribute, and the bin that it is pooled with, as positions among the attributes."""

    state: int
    bin: int


def pool_cells(cells: Cells) -> Cells:
    """Return cells with the rows of pooled states counted in their bins.

    Whatever is fitted on these cells (bins, weights, folds) then treats the state as the bin.
    """
    table = _table(cells)
    if table is None:
        return cells
    size = len(cells.goods)
    return replace(
        cells,
        codes=table[cells.codes],
        goods=np.bincount(table, weights=cells.goods, minlength=size).astype(np.float64),
        bads=np.bincount(table, weights=cells.bads, minlength=size).astype(np.float64),
    )


def pool_codes(cells: Cells, codes: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """Return the codes of other rows of the column with pooled states in their bins."""
    table = _table(cells)
    return codes if table is None else table[codes]


def _table(cells: Cells) -> npt.NDArray[np.uint16] | None:
    pairs = poolings(cells.characteristic, cells.count, cells.specials, cells.levels)
    if not pairs:
        return None
    table = np.arange(len(cells.goods), dtype=np.uint16)
    for pair in pairs:
        table[pair.state] = pair.bin
    return table


def poolings(
    said: Characteristic,
    bins: int,
    specials: Sequence[tuple[float | str, str]],
    groups: Sequence[tuple[str, ...]],
) -> list[Pooling]:
    """Return which attributes are pooled with which bins; none for a group that no row is in."""
    if not said.edits:
        return []
    state = standing(said.edits)
    out = []
    for one, at in state.pooled.items():
        place = _place_of(state.cuts[at], groups) if state.levels else at
        if place is not None:
            out.append(Pooling(bins + state_at(said, one, specials), place))
    return out


def _place_of(group: Any, groups: Sequence[tuple[str, ...]]) -> int | None:
    """Return the group of levels that rows are in: those that nobody has are left out of a fit."""
    return next((at for at, found in enumerate(groups) if set(found) & set(group)), None)


def state_at(said: Characteristic, state: State, specials: Sequence[tuple[float | str, str]]) -> int:
    """Return a state's position after the bins: missing first, then the special codes by name."""
    if state is None:
        return 0
    names = [name for _, name in specials]
    return 1 + names.index(said.special_codes[state])


def poolings_of(binned: Binned) -> list[Pooling]:
    """Return which attributes of a binned characteristic share the points of which bins."""
    return poolings(binned.characteristic, binned.bins, binned.specials, binned.groups)


def pooled_attributes(declared: Iterable[Characteristic | str], card: Card) -> list[npt.NDArray[np.uint8]]:
    """Return which attribute each attribute of a card is counted as: itself, or its bin."""
    said = {one.id: one for one in declared if not isinstance(one, str)}
    out = []
    for one in card.characteristics:
        table = np.arange(len(one.attributes), dtype=np.uint8)
        specials = [(each.code or 0, each.label) for each in one.attributes if each.kind == "special"]
        groups = [each.levels for each in one.bins]
        if one.id in said:
            for pair in poolings(said[one.id], len(one.bins), specials, groups):
                table[pair.state] = pair.bin
        out.append(table)
    return out


def as_pooled(binned: Binned, values: Points) -> Points:
    """Return one value an attribute, with pooled states given that of their bin."""
    out = values.copy()
    for pair in poolings_of(binned):
        out[pair.state] = values[pair.bin]
    return out


def told_apart(binned: Binned, values: Any, sample: Sample) -> Binned:
    """Return a binned characteristic with pooled states counted in attributes of their own again.

    Codes stay those of the bins, whose points the states have.

    Parameters
    ----------
    binned : Binned
        As it was fitted, with pooled states counted in their bins.
    values : column
        The values that it was binned from, in any order.
    sample : Sample
        Their outcome and weight.

    Raises
    ------
    InputError
        If a state is pooled with levels that nobody has.
    """
    said = binned.characteristic
    if not said.edits or not standing(said.edits).pooled:
        return binned
    _check_there(binned)
    goods, bads = binned.goods.copy(), binned.bads.copy()
    for pair in poolings_of(binned):
        rows = _rows_of(binned, pair.state - binned.bins, values)
        for part, some in ((goods, ~sample.bad), (bads, sample.bad)):
            held = float(sample.weight[rows & some].sum())
            part[pair.state] += held
            part[pair.bin] -= held
    return replace(binned, goods=goods, bads=bads)


def _check_there(binned: Binned) -> None:
    state = standing(binned.characteristic.edits)
    for one, at in state.pooled.items():
        if state.levels and _place_of(state.cuts[at], binned.groups) is None:
            raise InputError(
                f"{state_text(one)} of {binned.id!r} is pooled with {state.text(at)!r}, and no row has one "
                "of these levels. Undo the pooling, or fit on rows that have them."
            )


def _rows_of(binned: Binned, state: int, values: Any) -> npt.NDArray[np.bool_]:
    """Return which rows are missing (state 0) or have a special code (1 and on)."""
    from plainscore.scorecard._read_columns import as_levels, as_months, as_numbers

    name, code = binned.id, None if state == 0 else binned.specials[state - 1][0]
    if binned.groups:
        index, levels = as_levels(name, values, binned.kind)
        wanted = -1 if code is None else levels.index(str(code)) if str(code) in levels else -2
        return np.asarray(index == wanted)
    numbers = as_months(name, values) if binned.kind == "month" else as_numbers(name, values)
    return np.asarray(np.isnan(numbers) if code is None else numbers == code)
