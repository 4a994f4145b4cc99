"""The compiled loops of binning: the tree of pre-bins, the search over them, and the moving of cuts."""

from __future__ import annotations

from typing import Any

import numpy as np

from plainscore.scorecard._kernel import compiled

NEVER = -np.inf
TIE = 1e-9
_SWEEPS = 50


@compiled
def _deviance(good: float, bad: float) -> float:
    total = good + bad
    value = 0.0
    if good > 0.0:
        value -= good * np.log(good / total)
    if bad > 0.0:
        value -= bad * np.log(bad / total)
    return value


@compiled
def _best_split(goods: Any, bads: Any, first: int, last: int, least: float) -> tuple[int, float]:
    """Find the cut of cumulated cells [first, last) that lowers the deviance most."""
    whole = _deviance(goods[last] - goods[first], bads[last] - bads[first])
    best, gain = -1, 0.0
    for cut in range(first + 1, last):
        left_good, left_bad = goods[cut] - goods[first], bads[cut] - bads[first]
        right_good, right_bad = goods[last] - goods[cut], bads[last] - bads[cut]
        if left_good + left_bad < least or right_good + right_bad < least:
            continue
        found = whole - _deviance(left_good, left_bad) - _deviance(right_good, right_bad)
        if found > gain + 1e-12:
            best, gain = cut, found
    return best, gain


@compiled
def grow_leaves(goods: Any, bads: Any, most: int, least: float) -> Any:
    """Split cells best-first by deviance; return the sorted bounds of at most `most` leaves.

    `goods` and `bads` are cumulated, starting with 0.
    """
    cells = goods.shape[0] - 1
    firsts, lasts = np.zeros(most, np.int64), np.zeros(most, np.int64)
    cuts, gains = np.full(most, -1, np.int64), np.zeros(most)
    lasts[0] = cells
    cuts[0], gains[0] = _best_split(goods, bads, 0, cells, least)
    leaves = 1
    while leaves < most:
        pick = -1
        for leaf in range(leaves):
            if cuts[leaf] >= 0 and (pick < 0 or gains[leaf] > gains[pick]):
                pick = leaf
        if pick < 0:
            break
        firsts[leaves], lasts[leaves] = cuts[pick], lasts[pick]
        lasts[pick] = cuts[pick]
        for leaf in (pick, leaves):
            cuts[leaf], gains[leaf] = _best_split(goods, bads, firsts[leaf], lasts[leaf], least)
        leaves += 1
    bounds = np.empty(leaves + 1, np.int64)
    bounds[:leaves] = np.sort(firsts[:leaves])
    bounds[leaves] = cells
    return bounds


@compiled
def _rank(keys: Any, count: int, order: Any) -> None:
    """Write the places of the first `count` keys by rising key, ties as they stand, and sort the keys.

    Plain loops here and below: numpy's sort, search and indexing take four times as long to compile.
    """
    for at in range(count):
        key, place = keys[at], at
        while place > 0 and keys[place - 1] > key:
            keys[place], order[place] = keys[place - 1], order[place - 1]
            place -= 1
        keys[place], order[place] = key, at


@compiled
def _passed(keys: Any, count: int, key: float) -> int:
    """Return how many of the first `count` rising keys are below a key."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _highest(line: Any) -> float:
    best = NEVER
    for at in range(line.shape[0]):
        best = max(best, line[at])
    return best


@compiled
def _nothing(value: Any, most: int) -> Any:
    """Table over bins left, first and end, in which nothing is feasible."""
    n = value.shape[0] - 1
    best = np.empty((most + 1, n + 1, n + 1))
    for bins in range(most + 1):
        for first in range(n + 1):
            for end in range(n + 1):
                best[bins, first, end] = NEVER
    return best


@compiled
def _rising(woe: Any, value: Any, most: int, sign: float, falling: Any) -> Any:
    """Best value from bin [i, j) on, with k bins left, where ``sign * woe`` rises and may then fall.

    `falling` holds the best of the fall alone; where nothing in it is feasible, nothing falls.
    """
    n = woe.shape[0] - 1
    best = _nothing(value, most)
    for first in range(n):
        best[1, first, n] = value[first, n]
    keys, order, up, down = np.empty(n), np.empty(n, np.int64), np.empty(n), np.empty(n)
    for middle in range(n - 1, 0, -1):
        count = n - middle
        for k in range(count):
            keys[k] = sign * woe[middle, middle + 1 + k]
        _rank(keys, count, order)
        for bins in range(2, most + 1):
            rising, fallen = NEVER, NEVER
            for k in range(count):
                back = count - 1 - k
                rising = max(rising, best[bins - 1, middle, middle + 1 + order[back]])
                fallen = max(fallen, falling[bins - 1, middle, middle + 1 + order[k]])
                up[back], down[k] = rising, fallen
            for first in range(middle):
                if value[first, middle] == NEVER:
                    continue
                own = sign * woe[first, middle]
                tail = NEVER
                at = _passed(keys, count, own)
                if at < count:
                    tail = up[at]
                while at < count and keys[at] == own:
                    at += 1
                if at > 0:
                    tail = max(tail, down[at - 1])
                best[bins, first, middle] = value[first, middle] + tail
    return best


@compiled
def best_bins(woe: Any, value: Any, most: int, sign: float, turns: int) -> tuple[float, Any]:
    """Return the highest total value and its bounds; bounds are empty when nothing is feasible.

    Parameters
    ----------
    woe, value : float64 (n + 1, n + 1)
        For the bin of pre-bins [i, j): what the trend is judged on, and what is maximised
        (minus infinity where the bin breaks a limit).
    most : int
        Most bins.
    sign : float
        1 rises, -1 falls (first, when there is a turn), 0 no trend.
    turns : int
        How many turns the trend may take, 0 or 1.
    """
    n = woe.shape[0] - 1
    after = _nothing(value, most)
    if turns > 0:
        after = _rising(woe, value, most, -sign, after)
    table = _rising(woe, value, most, sign, after)  # with sign 0 all are ties, which any order rises in
    total, bins = NEVER, 0
    for k in range(1, most + 1):
        total = max(total, _highest(table[k, 0]))
    if total == NEVER:
        return total, np.zeros(0, np.int64)
    for k in range(most, 0, -1):  # the fewest bins within a tie
        if _highest(table[k, 0]) >= total - TIE:
            bins = k
    bounds = np.zeros(bins + 1, np.int64)
    first, done, last_woe, falling = 0, 0.0, 0.0, False
    for at in range(1, bins + 1):
        left = bins - at + 1
        for end in range(first + 1, n + 1):  # the lowest edge within a tie
            own = sign * woe[first, end]
            turned = falling
            if at > 1 and sign != 0.0:
                if falling and own > last_woe:
                    continue
                if not falling and own < last_woe:
                    if turns == 0:
                        continue
                    turned = True
            tail = after[left, first, end] if turned else table[left, first, end]
            if tail != NEVER and done + tail >= total - TIE:
                bounds[at] = end
                done += value[first, end]
                last_woe, falling = own, turned
                break
        first = bounds[at]
    return total, bounds


@compiled
def _keeps_trend(woe: Any, sign: float, turns: int) -> bool:
    falling = False
    for at in range(1, woe.shape[0]):
        step = sign * (woe[at] - woe[at - 1])
        if step < 0.0:
            if turns == 0:
                return False
            falling = True
        elif step > 0.0 and falling:
            return False
    return True


@compiled
def move_cuts(
    cuts: Any, goods: Any, bads: Any, cost: Any, least: Any, smoothing: float, sign: float, turns: int
) -> None:
    """Move each cut, one at a time, to where information value less its cost is highest, until none moves.

    Parameters
    ----------
    cuts : int64 (bins + 1,)
        Bounds over fine cells, changed in place; the first and the last stay.
    goods, bads : float64 (cells + 1,)
        Weight of good and bad rows over fine cells, cumulated, starting with 0.
    cost : float64 (cells + 1,)
        What a cut at each place costs, in information value.
    least : float64 (5,)
        What a bin must hold: rows, goods, bads; then the weight of all goods and of all bads.
    smoothing, sign, turns
        As in `weight_of_evidence` and `best_bins`.
    """
    bins = cuts.shape[0] - 1
    all_goods, all_bads = least[3], least[4]
    more_good = smoothing * all_goods / (all_goods + all_bads)
    more_bad = smoothing * all_bads / (all_goods + all_bads)
    woe, value = np.zeros(bins), np.zeros(bins)
    for at in range(bins):
        good, bad = goods[cuts[at + 1]] - goods[cuts[at]], bads[cuts[at + 1]] - bads[cuts[at]]
        woe[at] = np.log((good + more_good) / all_goods) - np.log((bad + more_bad) / all_bads)
        value[at] = (good / all_goods - bad / all_bads) * woe[at]
    trial = woe.copy()
    for _ in range(_SWEEPS):
        moved = False
        for at in range(1, bins):
            best, place = value[at - 1] + value[at] - cost[cuts[at]] + TIE, -1
            left_best, right_best, left_woe, right_woe = 0.0, 0.0, 0.0, 0.0
            for cut in range(cuts[at - 1] + 1, cuts[at + 1]):
                good, bad = goods[cut] - goods[cuts[at - 1]], bads[cut] - bads[cuts[at - 1]]
                if good < least[1] or bad < least[2] or good + bad < least[0]:
                    continue
                next_good, next_bad = goods[cuts[at + 1]] - goods[cut], bads[cuts[at + 1]] - bads[cut]
                if next_good < least[1] or next_bad < least[2] or next_good + next_bad < least[0]:
                    break
                if good + more_good <= 0.0 or bad + more_bad <= 0.0:
                    continue
                if next_good + more_good <= 0.0 or next_bad + more_bad <= 0.0:
                    break
                one = np.log((good + more_good) / (bad + more_bad) * (all_bads / all_goods))
                two = np.log((next_good + more_good) / (next_bad + more_bad) * (all_bads / all_goods))
                left = (good / all_goods - bad / all_bads) * one
                right = (next_good / all_goods - next_bad / all_bads) * two
                if left + right - cost[cut] <= best:
                    continue
                trial[at - 1], trial[at] = one, two
                if sign == 0.0 or _keeps_trend(trial, sign, turns):
                    best, place = left + right - cost[cut] + TIE, cut
                    left_best, right_best, left_woe, right_woe = left, right, one, two
            if place >= 0:
                moved = True
                cuts[at], value[at - 1], value[at] = place, left_best, right_best
                woe[at - 1], woe[at] = left_woe, right_woe
            trial[at - 1], trial[at] = woe[at - 1], woe[at]
        if not moved:
            break
