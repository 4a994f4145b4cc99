"""Edges that a person would choose: 80% and 4 years, where 82.323% and 50.2 months tell hardly more.

Every edge may move to numbers of fewer digits near it. Which of them do is settled exactly: of all
combinations that keep the information value, the rows of every bin and the order of bad rates, the one with
fewest digits in total is taken, and of those the one that keeps most information value. A bin's part of the
information value depends on its two edges alone, so this is dynamic programming over edges and digits.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._values import month_text, number_text
from plainscore.scorecard.binning._characteristic import Kind
from plainscore.scorecard.binning._edges import as_both_floats, is_short_whole
from plainscore.scorecard.binning._woe import information

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LOSS: Final = 0.005
"""Share of its information value that a characteristic may lose for shorter edges, all in all."""
SMOOTHING: Final = 1.0
_PLAIN: Final = 2
"""Digits that nobody minds: the log is silent about an edge that has no more."""
_PLAIN_MONTHS: Final = 3


@dataclass(frozen=True)
class _Counts:
    """The distinct values, rising; weight of goods and bads below each; and what has no value."""

    values: Floats
    goods: Floats
    bads: Floats
    absent: tuple[float, float]

    @property
    def whole(self) -> bool:
        """Whether every value is a whole number below 2^24."""
        return bool(is_short_whole(self.values).all())

    def information(self, goods: Floats, bads: Floats) -> Floats:
        """Return the part in the information value of bins with so many goods and bads."""
        all_goods, all_bads = self.goods[-1] + self.absent[0], self.bads[-1] + self.absent[1]
        return information(goods, bads, all_goods=all_goods, all_bads=all_bads, smoothing=SMOOTHING)


@dataclass(frozen=True)
class _Bounds:
    """What every bin must keep: its least rows, and between which bad rates it must stay."""

    rows: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class _Choices:
    """Where one edge may stand: the edge as it is, then shorter ones, with their places and digits."""

    edges: Floats
    places: Ints
    digits: Ints


def shorten(
    values: npt.NDArray[np.floating],
    edges: Floats,
    bad: Bools,
    weight: Floats,
    *,
    loss: float = LOSS,
    kind: Kind,
    unit: str = "",
    least_rows: float = 1.0,
) -> tuple[Floats, str]:
    """Return the edges in as few digits as the information value allows, and what it did not allow.

    Parameters
    ----------
    values : float array (rows,)
        The values that the edges bin: no special codes and nothing out of range; NaN where absent.
    edges : float64 (edges,)
        Rising edges; a bin begins at each.
    bad : bool (rows,)
        Whether a row is bad.
    weight : float64 (rows,)
        Weight of every row; one of weight 0 is not there.
    loss : float
        Share of the information value (of all rows, absent ones as a bin of their own) that may be lost.
    kind : str
        ``number`` or ``month``. Months, and whole numbers below 2^24, stay whole.
    unit : str
        Edges of a number of ``months`` go by years, else by half years, else by whole months; so do those
        of the kind ``month``. Digits are counted without noughts at either end, so that a share has as
        many as its per cent.
    least_rows : float
        Least weight of rows in a bin; a bin that has less now keeps what it has.

    Returns
    -------
    float64 (edges,), str
        The edges, each with no more digits than before; and a sentence for the log on edges that keep
        more digits than a person would choose because of `loss`, empty where there are none.

    Notes
    -----
    No bin becomes empty, no two neighbouring bins change the order of their bad rates, and every edge that
    moves parts the same rows in 32-bit floats. A second call with nothing left to lose (``loss=0``)
    changes nothing.

    Examples
    --------
    >>> values = np.arange(1000) / 997
    >>> bad = np.arange(1000) % 11 < 10 * values
    >>> shorten(values, np.array([0.4137, 0.8119]), bad, np.ones(1000), kind="number")
    (array([0.4, 0.8]), '')
    """
    counts = _count(values, bad, weight)
    if not len(edges) or not len(counts.values) or not _parted(counts):
        return edges, ""
    by_years = kind == "month" or unit.startswith("month")
    whole = kind == "month" or counts.whole
    most = _total(counts, _placed(counts, edges))
    found = edges
    while True:
        choices = _choices(counts, found, by_years=by_years, whole=whole)
        bounds = _bounds(counts, _placed(counts, found), least_rows)
        shorter = _fewest_digits(counts, choices, bounds, (1 - loss) * most)
        if (shorter == found).all():
            return found, _note(counts, choices, bounds, most, loss, kind=kind, unit=unit, by_years=by_years)
        found = shorter


def _parted(counts: _Counts) -> bool:
    return bool(counts.goods[-1] + counts.absent[0] > 0 and counts.bads[-1] + counts.absent[1] > 0)


def _count(values: npt.NDArray[np.floating], bad: Bools, weight: Floats) -> _Counts:
    """Sort once, so that the weight between any two values is a difference of two sums."""
    there = ~np.isnan(values) & (weight > 0)
    gone = np.isnan(values)
    absent = (float(weight[gone & ~bad].sum()), float(weight[gone & bad].sum()))
    some, bads, mass = values[there].astype(np.float64), bad[there], weight[there]
    order = np.argsort(some) if (mass == np.floor(mass)).all() else np.lexsort((bads, mass, some))
    rising = some[order]
    first = np.flatnonzero(np.append(True, rising[1:] != rising[:-1])[: len(rising)])
    good_sums, bad_sums = (
        np.concatenate([[0.0], np.cumsum(np.where(side, mass, 0.0)[order])]) for side in (~bads, bads)
    )
    ends = np.append(first, len(rising))
    return _Counts(rising[first], good_sums[ends], bad_sums[ends], absent)


def _placed(counts: _Counts, edges: Floats) -> Ints:
    """Return for each edge the first distinct value that it is not above, with both ends."""
    inner = np.searchsorted(counts.values, edges, side="left")
    return np.concatenate([[0], inner, [len(counts.values)]]).astype(np.int64)


def _total(counts: _Counts, places: Ints) -> float:
    """Return the information value, added up in the order in which `_fewest_digits` adds."""
    good, bad = np.diff(counts.goods[places]), np.diff(counts.bads[places])
    total = _absent_part(counts)
    for part in counts.information(good, bad):
        total += float(part)
    return total


def _absent_part(counts: _Counts) -> float:
    good, bad = (np.array([part]) for part in counts.absent)
    return float(counts.information(good, bad)[0])


def _bounds(counts: _Counts, places: Ints, least_rows: float) -> _Bounds:
    """Return what bins must keep; a bad rate stays on its side of the middle between two neighbours."""
    good, bad = np.diff(counts.goods[places]), np.diff(counts.bads[places])
    rows = good + bad
    low, high = np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
    known = np.flatnonzero(rows > 0)
    for before, after in itertools.pairwise(known):
        first, second = float(bad[before] / rows[before]), float(bad[after] / rows[after])
        under, over = (before, after) if first <= second else (after, before)
        middle = min(first, second) + abs(second - first) / 2
        middle = middle if middle < max(first, second) else min(first, second)
        high[under] = min(high[under], middle)
        low[over] = max(low[over], math.nextafter(middle, math.inf) if first != second else middle)
        if first == second:  # neither above nor below: both stay as they are
            low[under], high[over] = max(low[under], middle), min(high[over], middle)
    return _Bounds(np.minimum(rows, max(least_rows, np.nextafter(0.0, 1.0))), low, high)


# -- where an edge may stand --------------------------------------------------------------------


def _choices(counts: _Counts, edges: Floats, *, by_years: bool, whole: bool) -> list[_Choices]:
    fence = np.concatenate([[-np.inf], edges, [np.inf]])
    out = []
    for at, edge in enumerate(edges):
        digits = _digits(edge, by_years)
        near = _multiples_near(float(edge), by_years=by_years, whole=whole)
        near = near[(near > fence[at]) & (near < fence[at + 2])]
        costs = np.array([_digits(one, by_years) for one in near], np.int64)
        keep = (costs < digits) & _stands(counts, near)
        near, costs = near[keep], costs[keep]
        order = np.lexsort((near, np.abs(near - edge), costs))
        places = np.searchsorted(counts.values, near[order], side="left")
        _, first = np.unique(places, return_index=True)  # of those that part alike, the one of fewest digits
        taken = order[np.sort(first)]
        all_edges = np.concatenate([[edge], near[taken]])
        out.append(
            _Choices(all_edges, _placed(counts, all_edges)[1:-1], np.concatenate([[digits], costs[taken]]))
        )
    return out


def _digits(value: float, by_years: bool) -> int:
    """Return the number of digits without noughts at either end; of months, how far from whole years."""
    number = Decimal(repr(float(value))).normalize()
    if not by_years:
        return len(number.as_tuple().digits)
    if number % 6 == 0:
        return 1 if number % 12 == 0 else 2
    return _PLAIN_MONTHS + max(0, -int(number.as_tuple().exponent))


def _multiples_near(edge: float, *, by_years: bool, whole: bool) -> Floats:
    """Return the multiples of every step just under and over the edge, where it is none itself."""
    steps = [Decimal(12), Decimal(6), Decimal(1)] if by_years else []
    exact = Decimal(repr(edge)).normalize()
    finest = max(int(exact.as_tuple().exponent), 0 if whole else -22)
    coarsest = -1 if by_years else exact.adjusted() + 1
    steps += [Decimal(1).scaleb(power) for power in range(coarsest, finest - 1, -1)]
    found = set()
    for step in steps:
        under = (exact / step).to_integral_value(ROUND_FLOOR)
        found |= {float(under * step), float((under + 1) * step)}
    return np.array(sorted(found), np.float64) + 0.0


def _stands(counts: _Counts, near: Floats) -> Bools:
    """Return where an edge may stand: between two values in either float, or on a whole one below 2^24."""
    places = np.searchsorted(counts.values, near, side="left")
    inside = (places > 0) & (places < len(counts.values))
    at = np.clip(places, 1, max(len(counts.values) - 1, 1))
    if len(counts.values) < 2:
        return np.zeros(len(near), np.bool_)
    lower, upper = as_both_floats(counts.values[at - 1])[1], as_both_floats(counts.values[at])[0]
    on_whole = (near == counts.values[at]) & is_short_whole(near)
    return np.asarray(inside & (lower < near) & ((near < upper) | on_whole))


# -- which of them are taken --------------------------------------------------------------------


def _between(counts: _Counts, before: Ints, after: Ints, bounds: _Bounds, at: int) -> tuple[Floats, Bools]:
    """Return the information of bin number `at` for each pair of bounds, and whether it may be so."""
    good = counts.goods[after][None, :] - counts.goods[before][:, None]
    bad = counts.bads[after][None, :] - counts.bads[before][:, None]
    rows = good + bad
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(rows > 0, bad / rows, np.nan)
    in_order = np.isnan(rate) | ((rate >= bounds.low[at]) & (rate <= bounds.high[at]))
    may = (before[:, None] <= after[None, :]) & (rows >= bounds.rows[at]) & in_order
    return counts.information(np.maximum(good, 0.0), np.maximum(bad, 0.0)), may


def _fewest_digits(counts: _Counts, choices: Sequence[_Choices], bounds: _Bounds, floor: float) -> Floats:
    """Return the edges of fewest digits whose information value is at least `floor`, the most of them."""
    size = sum(int(one.digits[0]) for one in choices) + 1
    best = np.full((1, size), -np.inf)
    best[0, 0] = _absent_part(counts)
    before, last = np.zeros(1, np.int64), np.full(1, -np.inf)
    backs = []
    for at, one in enumerate(choices):
        parts, may = _between(counts, before, one.places, bounds, at)
        may &= last[:, None] < one.edges[None, :]
        parts = np.where(may, parts, -np.inf)
        after = np.full((len(one.edges), size), -np.inf)
        back = np.zeros((len(one.edges), size), np.int64)
        for choice, digits in enumerate(one.digits):
            sums = best + parts[:, choice, None]
            back[choice, digits:] = sums.argmax(axis=0)[: size - digits]
            after[choice, digits:] = sums.max(axis=0)[: size - digits]
        backs.append(back)
        best, before, last = after, one.places, one.edges
    parts, may = _between(counts, before, np.array([len(counts.values)]), bounds, len(choices))
    best = best + np.where(may, parts, -np.inf)
    enough = np.flatnonzero(best.max(axis=0) >= floor)
    if not len(enough):
        return np.array([one.edges[0] for one in choices])
    total = int(enough[0])
    choice = int(best[:, total].argmax())
    edges = []
    for one, back in zip(choices[::-1], backs[::-1], strict=True):
        edges.append(float(one.edges[choice]))
        choice, total = int(back[choice, total]), total - int(one.digits[choice])
    return np.array(edges[::-1])


# -- what was not allowed -----------------------------------------------------------------------


def _note(
    counts: _Counts,
    choices: Sequence[_Choices],
    bounds: _Bounds,
    most: float,
    loss: float,
    *,
    kind: Kind,
    unit: str,
    by_years: bool,
) -> str:
    """Say which edges keep many digits, and what the best shorter one would have cost."""
    plain = _PLAIN_MONTHS if by_years else _PLAIN
    places = np.concatenate([[0], [one.places[0] for one in choices], [len(counts.values)]]).astype(np.int64)
    parts = []
    for at, one in enumerate(choices):
        if one.digits[0] <= plain:
            continue
        left, left_may = _between(counts, places[at : at + 1], one.places, bounds, at)
        right, right_may = _between(counts, one.places, places[at + 2 : at + 3], bounds, at + 1)
        sums = np.where(left_may[0] & right_may[:, 0], left[0] + right[:, 0], -np.inf)
        other = int(sums[1:].argmax()) + 1 if len(sums) > 1 else 0
        if other and np.isfinite(sums[other]):
            kept = _total(counts, places) - float(sums[0]) + float(sums[other])
            lost = 1 - kept / most if most > 0 else 0.0
            texts = (_shown(float(one.edges[pick]), kind, unit) for pick in (0, other))
            parts.append("{} is kept, since {} would bring it to {:.1%}".format(*texts, lost))
    if not parts:
        return ""
    return f"Shorter edges may cost {loss:.1%} of the information value: {'; '.join(parts)}."


def _shown(edge: float, kind: Kind, unit: str) -> str:
    if kind == "month":
        return month_text(edge)
    if unit.startswith(("share", "change in share")):
        return f"{format((Decimal(repr(edge)) * 100).normalize(), 'f')}%"
    return number_text(edge)
