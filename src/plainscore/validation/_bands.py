"""Score bands, and what they show: the distribution, the gains table, rank order and concentration."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from plainscore.validation._errors import ValidationError
from plainscore.validation._intervals import effective_counts, jeffreys_interval
from plainscore.validation._numbers import Floats, Ints
from plainscore.validation._scored_sample import Sample

FEWEST_BARS = 6


@dataclass(frozen=True)
class Band:
    """Cases with scores in from_score..to_score, both included; low and high bound the bad rate."""

    from_score: int
    to_score: int
    cases: int
    people: int
    goods: float
    bads: float
    rate: float
    low: float
    high: float


def quantile_edges(scores: npt.ArrayLike, *, bands: int = 10) -> Ints:
    """Choose scores that cut the cases into about `bands` equal parts; equal edges are merged.

    Returns
    -------
    array of int64
        First score of each band but the lowest, ascending.

    Examples
    --------
    >>> quantile_edges(np.arange(100), bands=4).tolist()
    [25, 50, 75]
    """
    found = np.sort(np.asarray(scores))
    if found.size == 0:
        raise ValidationError("there are no scores to cut into bands: give at least one case")
    cuts = found[[found.size * i // bands for i in range(1, bands)]]
    edges = np.unique(np.ceil(cuts).astype(np.int64))
    above: Ints = edges[edges > found[0]]
    return above


def even_edges(low: int, high: int, *, bars: int = 11) -> Ints:
    """Choose round, even bar edges over a card's range; never fewer than six bars.

    Returns
    -------
    array of int64
        Bar edges, one more than there are bars; the first is at or below `low`, the last above `high`.

    Examples
    --------
    >>> even_edges(300, 850).tolist()
    [300, 350, 400, 450, 500, 550, 600, 650, 700, 750, 800, 850, 900]
    """
    rough = max((high - low) / bars, 1)
    power = 10 ** math.floor(math.log10(rough))
    step: int = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    while (high - low) / step < FEWEST_BARS and step > 1:
        step = step // 2
    first = low // step * step
    return np.arange(first, high + step + 1, step, dtype=np.int64)


def bands(cases: Sample, edges: npt.ArrayLike, *, low: int, high: int) -> list[Band]:
    """Count each band between `edges` (first scores of all bands but the lowest) within low..high."""
    cuts = np.asarray(edges, dtype=np.int64)
    place = np.searchsorted(cuts, cases.scores, side="right")
    starts, ends = [low, *cuts.tolist()], [*(cuts - 1).tolist(), high]
    return [
        _band(cases.select(place == i), start, end)
        for i, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _band(cases: Sample, start: int, end: int) -> Band:
    total = float(cases.weights.sum())
    rate = cases.bad_weight / total if total else float("nan")
    low, high = jeffreys_interval(*effective_counts(cases.weights, cases.bad_weight))
    return Band(
        from_score=start,
        to_score=end,
        cases=len(cases),
        people=cases.people,
        goods=cases.good_weight,
        bads=cases.bad_weight,
        rate=rate,
        low=float(low),
        high=float(high),
    )


def inversions(found: list[Band]) -> list[tuple[Band, Band]]:
    """Give the neighbouring bands in which the bad rate rises with the score, empty bands passed over."""
    held = [b for b in found if b.cases]
    return [(one, two) for one, two in pairwise(held) if two.rate > one.rate]


def gains(found: list[Band]) -> list[tuple[float, float, float]]:
    """Give (share of cases, share of bads, lift) at or below each band, from the riskiest up.

    Examples
    --------
    >>> rows = gains([Band(300, 499, 9, 9, 5, 5, 0.5, 0.2, 0.8), Band(500, 850, 9, 9, 10, 0, 0, 0, 0.2)])
    >>> rows[0]
    (0.5, 1.0, 2.0)
    """
    cases = np.cumsum([b.goods + b.bads for b in found])
    bads = np.cumsum([b.bads for b in found])
    if not len(found) or bads[-1] <= 0:
        raise ValidationError("no band has a bad case, and there is nothing to gain: report the counts alone")
    share_cases, share_bads = cases / cases[-1], bads / bads[-1]
    lift = np.divide(share_bads, share_cases, out=np.full(len(found), np.nan), where=share_cases > 0)
    return [(float(a), float(b), float(c)) for a, b, c in zip(share_cases, share_bads, lift, strict=True)]


def herfindahl(counts: npt.ArrayLike) -> float:
    """Give how far cases crowd into few bands: 0 when spread evenly, 1 when all are in one.

    References
    ----------
    European Central Bank (2019). Instructions for reporting the validation results of internal models,
    section 2.5.5.3: 1 + ln((CV^2 + 1) / K) / ln K, CV the coefficient of variation of the shares.

    Examples
    --------
    >>> herfindahl([10, 10, 10, 10]), herfindahl([40, 0, 0, 0])
    (0.0, 1.0)
    """
    found: Floats = np.asarray(counts, dtype=np.float64)
    bands_n = found.size
    if bands_n < 2 or found.sum() <= 0:
        raise ValidationError("concentration needs two bands or more and at least one case: use more bands")
    shares = found / found.sum()
    squared = bands_n * float(((shares - 1.0 / bands_n) ** 2).sum())
    return 1.0 + math.log((squared + 1.0) / bands_n) / math.log(bands_n)
