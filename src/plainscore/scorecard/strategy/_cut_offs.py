"""What each cut-off would have meant: who is approved, at what bad rate, at which odds, for what profit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._resample import Cells
from plainscore.scorecard.strategy._costs import Costs
from plainscore.scorecard.strategy._given import (
    FEWEST,
    Draws,
    Judged,
    quantiles,
    read_judged,
    read_scores,
)

if TYPE_CHECKING:
    from pandas import DataFrame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PARTS: Final = 20
"""Parts of about as many cases each, between which the default cut-offs lie."""


def cut_off_table(
    score: npt.ArrayLike,
    y: npt.ArrayLike,
    sample_weight: npt.ArrayLike | None = None,
    *,
    costs: Costs | None = None,
    groups: npt.ArrayLike | None = None,
    cut_offs: npt.ArrayLike | None = None,
    bad: Any = None,
    rounds: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> DataFrame:
    """Return what approving every case at or above a cut-off would have meant, one row a cut-off.

    Parameters
    ----------
    score : float array of shape (rows,)
        Rises with safety. Rows that the card was not fitted on, or the figures flatter it.
    y : array of shape (rows,)
        1 or True for bad, 0 or False for good, or two labels as `read_outcome` reads them.
    sample_weight : float array of shape (rows,), optional
        Weights of the rows. They weigh what is drawn, and do not change how often it is drawn.
    costs : Costs, optional
        What a good and a bad case bring. Without them there is no profit column.
    groups : array of shape (rows,), optional
        Who each row belongs to. Whole groups are drawn then.
    cut_offs : float array, optional
        By default 19 scores that part the rows into twentieths, fewer where they coincide.
    bad : label, optional
        The bad label of `y`, as in `Scorecard`.
    rounds, level, seed
        Resamples, coverage aimed at, and where the random numbers start.

    Returns
    -------
    DataFrame
        ``cut_off``, ascending; ``cases`` approved; then of each figure its value and, as ``_low`` and
        ``_high``, its percentile interval: ``approval_rate``; ``bad_rate_approved`` and
        ``bad_rate_refused``; ``marginal_odds`` of good to bad from this cut-off to below the next, who would
        be refused first if it were raised; ``goods_approved`` and ``bads_refused`` as shares of all goods
        and all bads; and with costs ``profit``, per applicant. A figure of nobody is NaN. Bounds are NaN
        where they would rest on fewer than 5 people on either side of the figure, of whom a bootstrap says
        nothing.

    Raises
    ------
    InputError
        If scores, outcome, weights, groups, cut-offs or options cannot be used.

    References
    ----------
    Siddiqi, N. (2017). Intelligent Credit Scoring, 2nd edition. Wiley. Thomas, L. C., Crook, J. N. and
    Edelman, D. B. (2017). Credit Scoring and Its Applications, 2nd edition. SIAM. Davison, A. C. and
    Hinkley, D. V. (1997). Bootstrap Methods and their Application, section 5.3.

    Examples
    --------
    >>> score = np.repeat([500, 550, 600, 650], 100)
    >>> y = np.arange(400) % 100 < np.repeat([40, 20, 10, 5], 100)
    >>> found = cut_off_table(score, y, costs=Costs(100, 500), cut_offs=[550, 600])
    >>> found[["cut_off", "approval_rate", "bad_rate_approved", "marginal_odds", "profit"]].round(3)
       cut_off  approval_rate  bad_rate_approved  marginal_odds  profit
    0    550.0           0.75              0.117          4.000    22.5
    1    600.0           0.50              0.075         12.333    27.5
    """
    import pandas as pd

    draws = Draws(rounds, level, seed)
    rows = read_judged(score, y, sample_weight, bad=bad, groups=groups)
    cuts = _read_cut_offs(cut_offs, rows.score)
    banded = into_bands(rows, cuts)
    own = _figures(banded.own, costs)
    drawn: dict[str, list[Floats]] = {name: [] for name in own}
    for part in draws.counts(banded.cells, rows.who):
        for name, each in _figures(part, costs).items():
            drawn[name].append(each)
    firm = _firm(rows, banded, own)
    columns: dict[str, Any] = {"cut_off": cuts, "cases": _approved_rows(banded)}
    for name, value in own.items():
        low, high = quantiles(np.concatenate(drawn[name]), draws)
        low, high = (np.where(firm[name], bound, np.nan) for bound in (low, high))
        shown = value[0]
        if name == "marginal_odds":  # drawn as a bad rate, whose quantiles have no infinity among them
            shown, low, high = _odds(shown), _odds(high), _odds(low)
        columns |= {name: shown, f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(columns)


@dataclass(frozen=True)
class Banded:
    """Rows by band between cut-offs: band 0 lies below the first, and cell 2k + 1 holds band k's bads."""

    band: Ints
    cells: Cells
    own: Floats
    cut_offs: Floats


def into_bands(rows: Judged, cut_offs: Floats) -> Banded:
    """Return the band of every row and the weight in each cell, of shape (1, 2 x bands)."""
    band = np.searchsorted(cut_offs, rows.score, side="right").astype(np.int64)
    cells = Cells(band * 2 + rows.bad, rows.weight, 2 * (len(cut_offs) + 1))
    own = np.bincount(cells.cell, weights=cells.weight, minlength=cells.count)[None, :]
    return Banded(band, cells, own.astype(np.float64), cut_offs)


def approved(counts: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """Return the weight of goods and of bads at or above each cut-off, both (samples, cut-offs)."""
    goods, bads = counts[:, 0::2], counts[:, 1::2]
    return _from_above(goods), _from_above(bads)


def profit_of(counts: npt.NDArray[Any], costs: Costs) -> Floats:
    """Return the profit per applicant of each cut-off, (samples, cut-offs)."""
    goods, bads = approved(counts)
    total: Floats = goods * costs.profit_per_good - bads * costs.loss_per_bad
    total /= counts.sum(axis=1, keepdims=True)
    return total


def _from_above(by_band: npt.NDArray[Any]) -> Floats:
    summed: Floats = np.cumsum(by_band[:, :0:-1], axis=1, dtype=np.float64)[:, ::-1]
    return summed


def _figures(counts: npt.NDArray[Any], costs: Costs | None) -> dict[str, Floats]:
    goods, bads = approved(counts)
    all_goods = counts[:, 0::2].sum(axis=1, keepdims=True)
    all_bads = counts[:, 1::2].sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        refused_goods, refused_bads = all_goods - goods, all_bads - bads
        found = {
            "approval_rate": (goods + bads) / (all_goods + all_bads),
            "bad_rate_approved": bads / (goods + bads),
            "bad_rate_refused": refused_bads / (refused_goods + refused_bads),
            "marginal_odds": counts[:, 3::2] / (counts[:, 2::2] + counts[:, 3::2]),
            "goods_approved": goods / all_goods,
            "bads_refused": refused_bads / all_bads,
        }
    if costs is not None:
        found["profit"] = profit_of(counts, costs)
    return found


def _odds(bad_rate: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return (1.0 - bad_rate) / bad_rate


def _firm(rows: Judged, banded: Banded, figures: dict[str, Floats]) -> dict[str, Bools]:
    """Return for which cut-offs a figure rests on enough people of both kinds that it compares."""
    people, cuts = rows.people, len(banded.cut_offs)
    size = int(people.max()) + 1
    good, bad = (_people(banded.band[some], people[some], size, cuts) for some in (~rows.bad, rows.bad))
    anyone = _people(banded.band, people, size, cuts)
    sides = {
        "approval_rate": (anyone[0], anyone[1]),
        "bad_rate_approved": (good[0], bad[0]),
        "bad_rate_refused": (good[1], bad[1]),
        "marginal_odds": (good[2], bad[2]),
        "goods_approved": (good[0], good[1]),
        "bads_refused": (bad[0], bad[1]),
        "profit": (good[0], bad[0]),
    }
    return {name: np.minimum(*sides[name]) >= FEWEST for name in figures}


def _people(band: Ints, people: Ints, size: int, cuts: int) -> tuple[Ints, Ints, Ints]:
    """Return how many people have a row at or above each cut-off, below it, and in the band at it."""
    top, bottom = np.full(size, -1), np.full(size, cuts + 1)
    np.maximum.at(top, people, band)
    np.minimum.at(bottom, people, band)
    bands = np.arange(1, cuts + 1)
    here = np.unique(people * (cuts + 1) + band) % (cuts + 1)
    above = np.count_nonzero(top >= 0) - np.searchsorted(np.sort(top[top >= 0]), bands, side="left")
    below = np.searchsorted(np.sort(bottom), bands, side="left")
    return above, below, np.bincount(here, minlength=cuts + 1)[1:]


def _approved_rows(banded: Banded) -> Ints:
    counted = np.bincount(banded.band, minlength=len(banded.cut_offs) + 1)
    return np.cumsum(counted[:0:-1])[::-1]


def _read_cut_offs(cut_offs: Any, score: Floats) -> Floats:
    if cut_offs is None:
        shares = np.arange(1, PARTS) / PARTS
        return np.unique(np.quantile(score, shares, method="higher"))
    cuts = np.sort(read_scores("cut_offs", cut_offs))
    if len(cuts) == 0:
        raise InputError("cut_offs is empty. Give at least one score, or None for twentieths of the rows.")
    twice = cuts[1:][cuts[1:] == cuts[:-1]]
    if len(twice):
        raise InputError(f"cut_offs holds {twice[0]:g} twice. Give each cut-off once.")
    return cuts
