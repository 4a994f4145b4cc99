"""How sure an information value is.

The information value is the stability index between goods and bads: without any difference, value over
(1/goods + 1/bads) is about a chi-square with attributes - 1 degrees of freedom, and with a difference about
a noncentral one. Its interval is that noncentral chi-square turned round, of the value with half a case
added to goods and bads of every attribute, which keeps it honest for few bads: of 500 samples each with 12
to 1,900 bads and values of 0 to 1.07, it covers 93% to 99%. A percentile bootstrap is no help: a resample
adds the same bias once more, and its interval never covers a value of 0.

What chance alone stays under is drawn, not approximated: goods and bads of as many cases over the attributes
of both together, and the value counted as it was.

With groups, or sampling weights, the covariance between groups takes the place of the counts, with
Satterthwaite's scale and degrees of freedom, and a case is as many rows as that covariance says.

References
----------
Yurdakul, B. and Naranjo, J. (2020). Statistical properties of the population stability index. Journal of
Risk Model Validation 14(4). Rao, J. N. K. and Scott, A. J. (1981). The analysis of categorical data from
complex sample surveys. Journal of the American Statistical Association 76. Kullback, S. (1959). Information
Theory and Statistics, chapter 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.bench._counts import totals
from plainscore.scorecard.bench._seen import Floats, Ints, Seen
from plainscore.scorecard.binning._woe import information

HALF: Final = 0.5
"""Cases added to goods and bads of every attribute in what the interval is of."""
DRAWS: Final = 2000
TINY: Final = 1e-12
"""What the inverse gives where there is no lower end."""


@dataclass(frozen=True)
class Information:
    """An information value, its interval, and what chance alone stays under."""

    value: float
    low: float
    high: float
    chance: float


def information_of_counts(
    goods: npt.ArrayLike, bads: npt.ArrayLike, *, smoothing: float, level: float, scale: float = 1.0
) -> Information:
    """Return the information value of counts of independent rows.

    Parameters
    ----------
    goods, bads : array of shape (attributes,)
        Weight of both; those without either do not count.
    smoothing : float
        As in `weight_of_evidence`.
    level : float
        Coverage of the interval, and share of samples without any difference that lie under ``chance``.
    scale : float
        Rows that a weight of 1 is worth.
    """
    good, bad = np.asarray(goods, np.float64), np.asarray(bads, np.float64)
    degrees = float(((good + bad) > 0).sum() - 1)
    factor = 1.0 / (good.sum() * scale) + 1.0 / (bad.sum() * scale)
    return _told(good, bad, smoothing, level, _Spread(factor, degrees, 1.0 / scale))


def information_of_rows(
    seen: Seen, codes: Ints, attributes: int, *, smoothing: float, level: float
) -> Information:
    """Return the information value of rows that may be of the same people, or weighted."""
    weight, bad = seen.sample.weight, seen.sample.bad
    goods = totals(codes, weight * ~bad, attributes)
    bads = totals(codes, weight * bad, attributes)
    if seen.who is None and seen.whole:
        return information_of_counts(goods, bads, smoothing=smoothing, level=level)
    return _told(goods, bads, smoothing, level, _between_groups(seen, codes, goods, bads))


@dataclass(frozen=True)
class _Spread:
    """The chi-square of a value without a difference: its scale, its degrees of freedom, and rows a case."""

    factor: float
    degrees: float
    rows: float


def _value(goods: Floats, bads: Floats, smoothing: float) -> float:
    total = {"all_goods": float(goods.sum()), "all_bads": float(bads.sum())}
    there = (goods + bads) > 0
    return float(information(goods[there], bads[there], **total, smoothing=max(smoothing, 1e-9)).sum())


def _told(goods: Floats, bads: Floats, smoothing: float, level: float, spread: _Spread) -> Information:
    from scipy.special import chndtrinc

    value = _value(goods, bads, smoothing)
    if spread.degrees <= 0:
        return Information(value, value, value, 0.0)
    added, there = HALF * spread.rows, (goods + bads) > 0
    good, bad = ((each[there] + added) / (each[there] + added).sum() for each in (goods, bads))
    scaled = float(((good - bad) * np.log(good / bad)).sum()) / spread.factor
    tail = (1.0 - level) / 2.0
    low, high = (spread.factor * float(chndtrinc(scaled, spread.degrees, p)) for p in (1.0 - tail, tail))
    low = low if low > TINY else 0.0
    # Less than chance gives on average would have no upper end: the value seen is one.
    return Information(
        value, min(low, value), max(high, value), _chance(goods, bads, smoothing, level, spread)
    )


def _chance(goods: Floats, bads: Floats, smoothing: float, level: float, spread: _Spread) -> float:
    """Return what the value stays under at `level` where goods and bads fall into the attributes alike."""
    rng = np.random.default_rng(0)
    share = (goods + bads)[(goods + bads) > 0] / (goods + bads).sum()
    cases = [max(round(float(each.sum()) / spread.rows), 1) for each in (goods, bads)]
    good, bad = (rng.multinomial(each, share, size=DRAWS) for each in cases)
    total = {"all_goods": float(cases[0]), "all_bads": float(cases[1])}
    drawn = information(good, bad, **total, smoothing=max(smoothing / spread.rows, 1e-9)).sum(axis=1)
    return float(np.quantile(drawn, level))


def _between_groups(seen: Seen, codes: Ints, goods: Floats, bads: Floats) -> _Spread:
    """Return scale and degrees of freedom from how the difference of shares varies between groups."""
    from scipy.sparse import coo_array

    people = np.arange(len(codes)) if seen.who is None else seen.who
    weight, bad = seen.sample.weight, seen.sample.bad
    shares = goods / goods.sum(), bads / bads.sum()
    there = (goods + bads) > 0
    part = np.where(bad, -weight / bads.sum(), weight / goods.sum())
    shape = (int(people.max()) + 1, len(goods))
    table = coo_array((part, (people, codes)), shape=shape).tocsr()
    # What each group adds to the difference of shares, less what it adds to the two totals.
    both = np.column_stack([
        totals(people, weight * ~bad, shape[0]) / goods.sum(),
        totals(people, weight * bad, shape[0]) / bads.sum(),
    ])  # fmt: skip
    level = np.stack([shares[0], -shares[1]])
    cross = np.asarray(table.T @ both)
    spread = np.asarray((table.T @ table).todense()) - cross @ level - (cross @ level).T
    spread += level.T @ (both.T @ both) @ level
    some = int(np.count_nonzero(both.sum(axis=1)))
    expected = (goods + bads)[there] / (goods + bads).sum()
    scaled = spread[np.ix_(there, there)] / np.sqrt(np.outer(expected, expected)) * (some / max(some - 1, 1))
    first, second = float(np.trace(scaled)), float((scaled * scaled).sum())
    plain = (1.0 / goods.sum() + 1.0 / bads.sum()) * (there.sum() - 1)
    if not first > 0:
        return _Spread(1.0, 0.0, 1.0)
    return _Spread(second / first, first**2 / second, first / plain)
