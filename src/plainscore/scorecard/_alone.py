"""A column looked at alone, before anything is fitted: how strong it is, and whether it names its rows.

Columns are cut without a look at the outcome, then judged by information value less what chance brings, and
by the AUC on pairs of rows that were left out. So a column of noise, or of many rare levels, gains nothing by
its number of values.

References
----------
Airola, A. et al. (2011). An experimental comparison of cross-validation techniques for estimating the area
under the ROC curve. Computational Statistics & Data Analysis 55: leave-pair-out is nearly unbiased.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._named_arrays import kind_of
from plainscore.scorecard._read_columns import as_levels, as_months, as_numbers
from plainscore.scorecard._values import level_text
from plainscore.scorecard.binning._characteristic import Characteristic, Kind
from plainscore.scorecard.binning._prebin import Sample, limits_of, number_codes, tallied
from plainscore.scorecard.binning._woe import information

Floats = npt.NDArray[np.float64]

CELLS: Final = 24
"""Most cells of like weight that a column of numbers is looked at in."""
STEPS: Final = 16_384
"""Steps of like width by which cells are found without a sort, where the column is even enough."""
ROWS_A_CELL: Final = 40
"""Rows that a cell has where there are fewer cells for it: thin cells look strong by chance."""
FEWEST_ROWS: Final = 50
"""Rows below which nothing is said of identifiers, nor of how strong a column is."""
FEWEST_OF_EACH: Final = 5
"""Good and bad rows below which nothing is said of how strong a column is: few fall together by chance."""
REPEATS: Final = 12.0
"""Repeated values that so many whole numbers from so narrow a range must have by chance; without any they
were given out one by one. The chance of none at all is then below exp(-12)."""
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")
_ID_WORDS: Final = frozenset({"id", "ids", "uuid", "guid", "编号"})
_LAST_WORDS: Final = frozenset({"key", "no", "nr", "num", "number", "ref", "reference", "numero", "número"})


@dataclass(frozen=True)
class Alone:
    """A column looked at alone.

    `iv` is the information value less what chance brings; `auc` that of pairs of rows left out; `identifier`
    says why it looks like one, or is empty.
    """

    column: str
    states: int
    iv: float
    auc: float
    equals: bool
    identifier: str
    distinct: int


def look_at(
    columns: Mapping[str, Any],
    bad: npt.NDArray[np.bool_],
    weight: Floats,
    said: Sequence[Characteristic],
) -> list[Alone]:
    """Look at every declared column alone.

    Parameters
    ----------
    columns : mapping of str to column
        The table.
    bad : bool (rows,)
        The outcome.
    weight : float64 (rows,)
        Weight of every row.
    said : sequence of Characteristic
        What was declared of the columns to look at.

    Returns
    -------
    list of Alone
        In the order of `said`.
    """
    sample = Sample(bad, weight)
    return [_look(one, columns[one.id], sample) for one in said]


@dataclass(frozen=True)
class _States:
    """A column in states: `values` of them are values, the others missing, special codes or out of range.

    `present` counts rows with a value, `distinct` their different values; `identifier` as in `Alone`.
    """

    codes: npt.NDArray[Any]
    size: int
    values: int
    present: int
    distinct: int
    identifier: str


def _look(said: Characteristic, values: Any, sample: Sample) -> Alone:
    kind = said.kind or kind_of(said.id, values)
    levels = kind in ("levels", "boolean")
    found = _level_states(said, kind, values) if levels else _number_states(said, kind, values)
    goods, bads = tallied(found.codes, sample, found.size)
    there = goods + bads > 0
    states = int(there.sum())
    if states < 2:
        return Alone(said.id, states, 0.0, 0.5, False, "", found.distinct)
    rows = int((~sample.bad).sum()), int(sample.bad.sum())
    if sum(rows) < FEWEST_ROWS or min(rows) < FEWEST_OF_EACH:
        return Alone(said.id, states, 0.0, 0.5, False, found.identifier, found.distinct)
    equals = _equals(found, goods, bads)
    goods, bads = goods[there], bads[there]
    chance = (states - 1) * (1 / rows[0] + 1 / rows[1])
    known = {"all_goods": sample.goods, "all_bads": sample.bads, "smoothing": 1.0}
    iv = max(float(information(goods, bads, **known).sum()) - chance, 0.0)
    return Alone(said.id, states, iv, pair_auc(goods, bads), equals, found.identifier, found.distinct)


def _equals(found: _States, goods: Floats, bads: Floats) -> bool:
    """Return whether a column is the outcome: two values, one of them all the bads, or a value and none."""
    if ((goods > 0) & (bads > 0)).any():
        return False
    good_value, bad_value = bool(goods[: found.values].any()), bool(bads[: found.values].any())
    if good_value and bad_value:  # values part the classes, and do so alone where there are two of them
        return found.distinct == 2 and not (goods[found.values :].any() or bads[found.values :].any())
    good_none, bad_none = bool(goods[found.values :].any()), bool(bads[found.values :].any())
    return good_none != bad_none or found.distinct == 0


def _level_states(said: Characteristic, kind: Kind, values: Any) -> _States:
    index, levels = as_levels(said.id, values, kind)
    codes = {level_text(said.id, code, "levels") for code in said.special_codes}
    usual = np.array([level not in codes for level in levels], np.bool_)
    place = np.empty(len(levels) + 1, np.int64)  # special codes after the levels, and missing last
    place[np.argsort(~usual, kind="stable")] = np.arange(len(levels))
    place[-1] = len(levels)
    states = place[index]
    count = np.bincount(states, minlength=len(levels) + 1)[: int(usual.sum())]
    present, distinct = int(count.sum()), int((count > 0).sum())
    why = _text_identifier(said.id, present, distinct) if kind == "levels" else ""
    return _States(states, len(levels) + 1, len(count), present, distinct, why)


def _number_states(said: Characteristic, kind: Kind, values: Any) -> _States:
    from plainscore.scorecard import _kernel

    numbers = as_months(said.id, values) if kind == "month" else as_numbers(said.id, values)
    special = np.array([code for code, _ in number_codes(said, kind)], np.float64)
    low, high = limits_of(said)
    inside = (numbers >= low) & (numbers <= high)
    for code in special:
        inside &= numbers != code
    some = numbers[inside].astype(np.float64, copy=False)
    edges, distinct, width = _cut(some, max(4, min(CELLS, len(some) // ROWS_A_CELL)))
    codes = np.empty(len(numbers), np.uint16)
    _kernel.assign(numbers, edges, low, high, special, codes)
    why = _number_identifier(said.id, len(some), distinct, width) if kind == "number" and width else ""
    cells = len(edges) + 1
    return _States(codes, cells + len(special) + 2, cells, len(some), distinct, why)


def _cut(some: Floats, most: int) -> tuple[Floats, int, float]:
    """Return edges of at most `most` cells of like weight, how many values differ, and the range if whole.

    The range is 0 where values are not all whole. There values are counted only until there are more of
    them than cells: a full sort would be most of the time that is spent on a column.
    """
    if len(some) == 0:
        return np.empty(0), 0, 0.0
    places = (np.arange(1, most) * len(some)) // most
    least, largest = float(some.min()), float(some.max())
    whole = bool((some == np.rint(some)).all())
    width = largest - least + 1.0 if whole else 0.0
    if whole and width <= 4.0 * len(some):
        counts = np.bincount((some - least).astype(np.int64))
        there = np.flatnonzero(counts)
        values: Floats = there + np.float64(least)
        edges = values[np.searchsorted(np.cumsum(counts[there]), places, side="right")]
        return _edges(edges, values, most), len(values), width
    if not whole:
        edges = _even_edges(some, least, largest, places)
        if len(edges) == len(places):
            return edges, most, width
    some = np.sort(some)
    values = some[np.concatenate([[True], some[1:] != some[:-1]])]
    return _edges(some[places], values, most), len(values), width


def _even_edges(some: Floats, least: float, largest: float, places: npt.NDArray[np.int64]) -> Floats:
    """Return edges of cells of like weight, to the nearest of many steps of like width, once each."""
    span = largest - least
    if not 0 < span < np.inf:
        return np.empty(0)
    step = ((some - least) * (STEPS / span)).astype(np.int64)
    until = np.cumsum(np.bincount(step, minlength=STEPS + 1))
    above = np.unique(np.searchsorted(until, places, side="right"))
    return np.asarray(least + above[above > 0] * (span / STEPS), np.float64)


def _edges(edges: Floats, values: Floats, most: int) -> Floats:
    """Return edges once each, above the least value; every value its own cell where they are few."""
    found = values[1:] if len(values) <= most else np.unique(edges)
    return np.asarray(found[found > values[0]], np.float64)


def _text_identifier(name: str, present: int, distinct: int) -> str:
    """Say why a column of texts looks like an identifier; empty where it does not."""
    if present < FEWEST_ROWS:
        return ""
    if distinct >= 0.95 * present or (_is_id_name(name) and distinct >= 0.5 * present):
        return (
            f"Column {name!r} looks like an identifier: {distinct:,} texts in {present:,} rows. "
            "It cannot tell of anyone new: leave it out."
        )
    return ""


def _number_identifier(name: str, rows: int, distinct: int, width: float) -> str:
    """Say why a column of whole numbers looks like an identifier; empty where it does not.

    Amounts repeat by chance: of n numbers out of a range of r, at least n^2 / 2r pairs are alike. Numbers
    that are given out one by one never are.
    """
    if rows < FEWEST_ROWS or distinct < 0.5 * rows:
        return ""
    by_chance = rows * rows / (2.0 * width)
    given_out = by_chance >= REPEATS and rows - distinct <= 0.02 * by_chance
    if _is_id_name(name) or given_out or (_ends_as_id(name) and distinct >= 0.99 * rows):
        return (
            f"Column {name!r} looks like an identifier: {distinct:,} whole numbers in {rows:,} rows"
            + (", hardly any of them twice. " if distinct >= 0.99 * rows else ". ")
            + "It cannot tell of anyone new: leave it out."
        )
    return ""


def _is_id_name(name: str) -> bool:
    return bool(_ID_WORDS.intersection(word.lower() for word in _WORDS.findall(name)))


def _ends_as_id(name: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(name)]
    return bool(words) and words[-1] in _LAST_WORDS


def pair_auc(goods: Floats, bads: Floats) -> float:
    """Return the AUC of states ranked by their bad rate, each pair of a good and a bad row judged without it.

    Parameters
    ----------
    goods, bads : float64 (states,)
        Weight of good and bad rows in each state.

    Returns
    -------
    float
        0.5 on average over samples where states tell nothing, however many there are; lower where all states
        happen to be alike. A pair in one state counts half.

    Examples
    --------
    >>> round(pair_auc(np.array([90.0, 10.0]), np.array([10.0, 90.0])), 2)
    0.9
    >>> pair_auc(np.array([1.0, 0.0] * 250), np.array([0.0, 1.0] * 250))
    0.5
    """
    all_goods, all_bads = float(goods.sum()), float(bads.sum())
    if not (all_goods > 0 and all_bads > 0):
        return 0.5
    share = all_bads / (all_goods + all_bads)
    left = (
        np.maximum(goods + bads - 1.0, 0.0) + 1.0
    )  # with one row of the average kind, as weights of evidence
    without_bad = np.round((np.maximum(bads - 1.0, 0.0) + share) / left, 12)
    without_good = np.round((bads + share) / left, 12)
    order = np.argsort(without_good, kind="stable")
    ranked, below = without_good[order], np.concatenate([[0.0], np.cumsum(goods[order])])
    under = below[np.searchsorted(ranked, without_bad, "left")]
    upto = below[np.searchsorted(ranked, without_bad, "right")]
    own = goods * (np.sign(without_bad - without_good) + 1.0) / 2.0  # a state against itself is counted apart
    won = (under + upto) / 2.0 - own + goods / 2.0
    return float(bads @ won / (all_goods * all_bads))
