"""Who would be decided otherwise under another card: swap sets, and cut-offs at one approval rate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._discrimination import Estimate
from plainscore.scorecard._errors import InputError
from plainscore.scorecard._resample import Cells
from plainscore.scorecard.binning._sample import check_groups, check_sample
from plainscore.scorecard.strategy._costs import Costs
from plainscore.scorecard.strategy._given import FEWEST, Draws, quantiles, read_scores
from plainscore.scorecard.strategy._notebook_tables import page

if TYPE_CHECKING:
    from pandas import DataFrame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CLASSES: Final = ("refused by both", "swapped in", "swapped out", "approved by both")
"""By whether A approves (2) and B approves (1)."""
NEITHER, IN, OUT, BOTH = range(4)
ORDER: Final = [BOTH, IN, OUT, NEITHER]
GOOD, BAD, UNKNOWN = range(3)
_NOTHING: Final = Estimate(math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class SwapSet:
    """What changes when decisions move from card A to card B.

    Parameters
    ----------
    table : DataFrame
        One row a class (approved by both, swapped in, swapped out, refused by both): ``cases``, ``share``
        with its bounds, and with outcomes ``with_outcome`` and ``bad_rate`` of those, with its bounds.
    approval_rate, bad_rate, profit : Estimate or None
        B less A: share approved, bad rate of the approved, profit per applicant. None where no outcome or no
        costs were given; NaN where an approved case has no outcome, since then only bounds are known.
    bad_rate_bounds, profit_bounds : tuple of float or None
        Lowest and highest of the same differences over everything that the outcomes not known could be.
    level : float
        Coverage aimed at.
    """

    table: DataFrame
    approval_rate: Estimate
    bad_rate: Estimate | None
    profit: Estimate | None
    bad_rate_bounds: tuple[float, float] | None
    profit_bounds: tuple[float, float] | None
    level: float

    @property
    def sentence(self) -> str:
        """What the swap does, in words."""
        cases = self.table["cases"]
        told = [
            f"Card B swaps in {cases['swapped in']:,} cases and swaps out {cases['swapped out']:,} "
            f"(in brackets stand {self.level:.0%} intervals).",
            _told("approval rate", self.approval_rate, (math.nan, math.nan), 100, " points"),
        ]
        if self.bad_rate is not None and self.bad_rate_bounds is not None:
            name = "bad rate of the approved"
            told.append(_told(name, self.bad_rate, self.bad_rate_bounds, 100, " points"))
            absent = int(cases["swapped in"] - self.table.loc["swapped in", "with_outcome"])
            if absent:
                told.append(
                    f"{absent:,} of those swapped in have no outcome: what was refused was never seen, and "
                    "the bad rate of the rest does not speak for them (see `reject_inference`)."
                )
        if self.profit is not None and self.profit_bounds is not None:
            told.append(_told("profit per applicant", self.profit, self.profit_bounds, 1, ""))
        return " ".join(told)

    def __str__(self) -> str:
        return f"{self.table.to_string()}\n{self.sentence}"

    def _repr_html_(self) -> str:
        return page([self.table], [self.sentence])


@dataclass(frozen=True)
class _Cases:
    """Each row's class and outcome (2 where not known), weight above 0, and who it belongs to."""

    kind: Ints
    outcome: Ints
    weight: Floats
    who: Ints | None

    def people(self, some: Bools) -> int:
        """Return how many people have a row among some."""
        return int(some.sum()) if self.who is None else len(np.unique(self.who[some]))


def swap_set(
    score_a: npt.ArrayLike,
    cut_a: float,
    score_b: npt.ArrayLike,
    cut_b: float,
    y: npt.ArrayLike | None = None,
    sample_weight: npt.ArrayLike | None = None,
    *,
    known: npt.ArrayLike | None = None,
    costs: Costs | None = None,
    groups: npt.ArrayLike | None = None,
    bad: Any = None,
    rounds: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> SwapSet:
    """Return who is approved by both cards, swapped in, swapped out, and refused by both.

    Parameters
    ----------
    score_a, score_b : float array of shape (rows,)
        Scores of the same cases under either card; both rise with safety.
    cut_a, cut_b : float
        Each card approves from its cut-off on. `cut_off_at` finds cut-offs of one approval rate.
    y : array of shape (rows,), optional
        Outcomes as in `cut_off_table`.
    known : bool array of shape (rows,), optional
        Which rows have an outcome; what `y` holds elsewhere is not read. Those whom card A refused have none.
    sample_weight, groups, bad, rounds, level, seed
        As in `cut_off_table`.
    costs : Costs, optional
        What a good and a bad case bring; needs `y`.

    Returns
    -------
    SwapSet
        Print it for the table and a sentence.

    Raises
    ------
    InputError
        If scores differ in length, or anything else given cannot be used.

    References
    ----------
    Siddiqi, N. (2017). Intelligent Credit Scoring, 2nd edition. Wiley. The bounds where outcomes are absent:
    Manski, C. F. (1989). Anatomy of the selection problem. Journal of Human Resources 24.

    Examples
    --------
    >>> a, b = np.array([500, 600, 600, 700]), np.array([600, 500, 600, 700])
    >>> found = swap_set(a, 600, b, 600, [0, 1, 0, 1], rounds=50)
    >>> found.table[["cases", "bad_rate"]]
                      cases  bad_rate
    approved by both      2       0.5
    swapped in            1       0.0
    swapped out           1       1.0
    refused by both       0       NaN
    """
    draws = Draws(rounds, level, seed)
    first = read_scores("score_a", score_a)
    second = read_scores("score_b", score_b, len(first))
    cuts = read_scores("cut_a and cut_b", [cut_a, cut_b])
    if costs is not None and y is None:
        raise InputError("costs are given without outcomes, and profit comes from both. Give y too.")
    kind = (first >= cuts[0]) * 2 + (second >= cuts[1])
    cases = _read_cases(kind.astype(np.int64), y, known, sample_weight, bad=bad, groups=groups)
    cells = Cells(cases.kind * 3 + cases.outcome, cases.weight, 12)
    own = np.bincount(cells.cell, weights=cells.weight, minlength=12).astype(np.float64).reshape(1, 4, 3)
    drawn = np.concatenate(list(draws.counts(cells, cases.who))).reshape(-1, 4, 3)
    table = _table(cases, own, drawn, draws)
    changed = np.isin(cases.kind, (IN, OUT))
    firm = cases.people(changed) >= FEWEST
    approval = _estimate(_approval(own), _approval(drawn), draws, firm)
    if y is None:
        return SwapSet(table.iloc[ORDER], approval, None, None, None, None, level)
    table = table.assign(**_rate_columns(cases, own, drawn, draws)).iloc[ORDER]
    whole = not (own[0, [IN, OUT, BOTH], UNKNOWN] > 0).any()
    firm = all(cases.people(changed & (cases.outcome == one)) >= FEWEST for one in (GOOD, BAD))
    rate = _estimate(_bad_rate(own), _bad_rate(drawn), draws, firm) if whole else _NOTHING
    rates = _ends(_bad_rate, own)
    if costs is None:
        return SwapSet(table, approval, rate, None, rates, None, level)
    settled = not (own[0, [IN, OUT], UNKNOWN] > 0).any()
    profit = _estimate(_profit(own, costs), _profit(drawn, costs), draws, firm) if settled else _NOTHING
    profits = _ends(lambda counts: _profit(counts, costs), own)
    return SwapSet(table, approval, rate, profit, rates, profits, level)


def cut_off_at(
    score: npt.ArrayLike, approval_rate: float, sample_weight: npt.ArrayLike | None = None
) -> float:
    """Return the score whose approval rate, approving from it on, lies nearest to the one asked for.

    Cases of one score are decided alike, so that the rate is met only as nearly as the scores allow.

    Parameters
    ----------
    score : float array of shape (rows,)
        Rises with safety.
    approval_rate : float
        Above 0, at most 1.
    sample_weight : float array of shape (rows,), optional
        Weights of the rows.

    Returns
    -------
    float
        One of the scores; the higher where two are as near.

    Raises
    ------
    InputError
        If the rate is no share, or scores or weights cannot be used.

    Examples
    --------
    >>> cut_off_at([500, 550, 600, 650], 0.5)
    600.0
    """
    scores = read_scores("score", score)
    if not len(scores):
        raise InputError("score is empty, and a cut-off is one of the scores. Give at least one case.")
    weight = np.ones(len(scores)) if sample_weight is None else read_scores("sample_weight", sample_weight)
    if len(weight) != len(scores) or (weight < 0).any() or not weight.sum() > 0:
        raise InputError("sample_weight is one weight a row, none below 0 and some above. Give it so.")
    if not (isinstance(approval_rate, Real) and 0 < float(approval_rate) <= 1):
        raise InputError(f"approval_rate is {approval_rate!r}, and is a share above 0. Give 0.6, say.")
    values, place = np.unique(scores[weight > 0], return_inverse=True)
    rates = np.cumsum(np.bincount(place, weights=weight[weight > 0])[::-1])[::-1] / weight.sum()
    away = np.abs(rates - approval_rate)
    return float(values[np.flatnonzero(away <= away.min() + 1e-12)[-1]])


def _read_cases(kind: Ints, y: Any, known: Any, sample_weight: Any, *, bad: Any, groups: Any) -> _Cases:
    rows = len(kind)
    outcome = np.full(rows, UNKNOWN)
    weight = np.ones(rows) if sample_weight is None else read_scores("sample_weight", sample_weight, rows)
    if (weight < 0).any():
        raise InputError("sample_weight has a value below 0. Weights are finite and not negative.")
    if y is not None:
        there, is_bad = _read_sample(y, known, weight, bad=bad)
        outcome[there] = np.where(is_bad, BAD, GOOD)
    elif known is not None:
        raise InputError("known is given without outcomes. Give y too, or leave out known.")
    some = weight > 0
    who = None if groups is None else check_groups(groups, rows)[some]
    return _Cases(kind[some], outcome[some], weight[some], who)


def _read_known(known: Any, rows: int) -> Ints:
    mask = np.asarray(known)
    if mask.shape != (rows,) or mask.dtype != np.bool_:
        raise InputError(
            f"known has shape {mask.shape} and type {mask.dtype} for {rows} rows. Give one truth a row."
        )
    if not mask.any():
        raise InputError("known marks no row. Leave out y: counts and approval need no outcome.")
    return np.flatnonzero(mask)


def _read_sample(y: Any, known: Any, weight: Floats, *, bad: Any) -> tuple[Ints, Bools]:
    """Return the rows that have an outcome, and which of them are bad."""
    import pandas as pd

    rows = len(weight)
    if known is not None:
        there, values = _read_known(known, rows), np.asarray(y)
        if len(values) != rows:
            raise InputError(f"y has shape {values.shape} for {rows} rows. Give one value a row.")
        sample, _ = check_sample(len(there), values[there], weight[there], bad=bad)
        return there, sample.bad
    try:
        sample, _ = check_sample(rows, y, weight, bad=bad)
    except InputError as error:
        if y is not None and pd.isna(np.asarray(y, object)).any():
            raise InputError(f"{error} Or keep them, and mark those that have one: known=.") from error
        raise
    return np.arange(rows), sample.bad


def _table(cases: _Cases, own: Floats, drawn: Floats, draws: Draws) -> DataFrame:
    import pandas as pd

    low, high = quantiles(_shares(drawn), draws)
    sides = [(cases.kind == one, cases.kind != one) for one in range(4)]
    firm = np.array([min(map(cases.people, each)) for each in sides])
    columns: dict[str, Any] = {
        "cases": np.bincount(cases.kind, minlength=4),
        "share": _shares(own)[0],
        "share_low": np.where(firm >= FEWEST, low, np.nan),
        "share_high": np.where(firm >= FEWEST, high, np.nan),
    }
    return pd.DataFrame(columns, index=list(CLASSES))


def _rate_columns(cases: _Cases, own: Floats, drawn: Floats, draws: Draws) -> dict[str, Any]:
    """Return the columns that outcomes add: how many have one, and the bad rate of those."""
    known = cases.outcome != UNKNOWN
    low, high = quantiles(_rates(drawn), draws)
    fewest = [
        min(cases.people((cases.kind == one) & (cases.outcome == each)) for each in (GOOD, BAD))
        for one in range(4)
    ]
    sure = np.array(fewest) >= FEWEST
    return {
        "with_outcome": np.bincount(cases.kind[known], minlength=4),
        "bad_rate": _rates(own)[0],
        "bad_rate_low": np.where(sure, low, np.nan),
        "bad_rate_high": np.where(sure, high, np.nan),
    }


def _shares(counts: Floats) -> Floats:
    by_class: Floats = counts.sum(axis=2)
    by_class /= by_class.sum(axis=1, keepdims=True)
    return by_class


def _rates(counts: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        rates: Floats = counts[:, :, BAD] / (counts[:, :, GOOD] + counts[:, :, BAD])
    return rates


def _approval(counts: Floats) -> Floats:
    shares = _shares(counts)
    return shares[:, IN] - shares[:, OUT]


def _bad_rate(counts: Floats) -> Floats:
    def rate(others: int) -> Floats:
        some = counts[:, [BOTH, others]].sum(axis=1)
        share: Floats = some[:, BAD] / (some[:, GOOD] + some[:, BAD])
        return share

    with np.errstate(invalid="ignore"):
        change: Floats = rate(IN) - rate(OUT)
    return change


def _profit(counts: Floats, costs: Costs) -> Floats:
    moved = counts[:, IN] - counts[:, OUT]
    brought = moved[:, GOOD] * costs.profit_per_good - moved[:, BAD] * costs.loss_per_bad
    per_applicant: Floats = brought / counts.sum(axis=(1, 2))
    return per_applicant


def _ends(figure: Any, own: Floats) -> tuple[float, float]:
    """Return the least and the most of a figure over all that the unknown outcomes of a class could be.

    Each figure is monotone in how many of a class are bad, so that its ends lie where all or none are.
    """
    found = []
    for at in range(8):
        counts = own.copy()
        for place, kind in enumerate((IN, OUT, BOTH)):
            counts[:, kind, BAD if at >> place & 1 else GOOD] += counts[:, kind, UNKNOWN]
            counts[:, kind, UNKNOWN] = 0.0
        found.append(float(figure(counts)[0]))
    return min(found), max(found)


def _estimate(value: Floats, drawn: Floats, draws: Draws, firm: bool) -> Estimate:
    if not firm:
        return Estimate(float(value[0]), math.nan, math.nan)
    low, high = quantiles(drawn[:, None], draws)
    return Estimate(float(value[0]), float(low[0]), float(high[0]))


def _told(name: str, change: Estimate, bounds: tuple[float, float], times: float, unit: str) -> str:
    if math.isnan(change.value):
        low, high = (bound * times for bound in bounds)
        return f"Its {name} changes by {low:+.2f} to {high:+.2f}{unit}, whatever the unknown outcomes are."
    sure = f" ({change.low * times:+.2f} to {change.high * times:+.2f})" if math.isfinite(change.low) else ""
    return f"Its {name} changes by {change.value * times:+.2f}{unit}{sure}."
