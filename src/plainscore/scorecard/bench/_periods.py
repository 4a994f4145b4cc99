"""Every attribute period by period: rows, bad rate with interval, and weight of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._rates import jeffreys_interval
from plainscore.scorecard.bench._counts import Counts, counted
from plainscore.scorecard.bench._seen import (
    Ints,
    Seen,
    candidates_of,
    card_of,
    check_level,
    one_of,
    period_codes,
    see,
)
from plainscore.scorecard.binning._woe import weight_of_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame

    from plainscore.scorecard._estimator import Scorecard
    from plainscore.scorecard.card._card import Card
    from plainscore.scorecard.card._points_table import CardCharacteristic


def by_period(
    model: Card | Scorecard,
    X: Any,
    y: Any,
    periods: Any,
    *,
    characteristics: Sequence[str] | None = None,
    sample_weight: npt.ArrayLike | None = None,
    bad: Any = None,
    groups: npt.ArrayLike | None = None,
    weights_are: str = "counts",
    level: float = 0.95,
    smoothing: float = 1.0,
) -> DataFrame:
    """Return every attribute of every characteristic in every period.

    Parameters
    ----------
    model : Card or fitted Scorecard
        Whose attributes. A `Scorecard` has those of its candidates that left too.
    X, y
        Rows and their outcome, as in `Scorecard.fit`.
    periods : array of shape (rows,)
        When each row was seen. Dates are taken by month; texts and numbers as they are, in their order.
    characteristics : sequence of str, optional
        Which to show; by default all of the card.
    sample_weight : float array of shape (rows,), optional
        Weights of the rows; `weights_are` says what they mean, as in `stability`.
    bad : label, optional
        The bad label of `y`, as in `Scorecard`.
    groups : array of shape (rows,), optional
        Whose row each is: intervals are by person then.
    weights_are : {"counts", "sampling"}
        What a weight is.
    level : float
        Coverage of the intervals.
    smoothing : float
        Imaginary average rows in every attribute's weight of evidence (see `Scorecard`).

    Returns
    -------
    DataFrame
        One row a characteristic, attribute and period: ``characteristic``, ``attribute``, ``kind``,
        ``period``, ``points`` (of the card; absent for a candidate that left), ``rows``, ``share`` (of the
        period), ``bads``, ``bad_rate``, ``low`` and ``high`` (Jeffreys interval, of effective cases where
        there are groups or sampling weights), ``cases`` (those effective cases) and ``woe`` (in that
        period).

    Raises
    ------
    InputError
        If the rows, the periods or an option cannot be used.

    References
    ----------
    Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial proportion.
    Statistical Science 16(2).

    Examples
    --------
    >>> from plainscore.scorecard import Scorecard
    >>> late = np.repeat([0, 1, 2, 3], 250)
    >>> bad = np.arange(1000) % 20 < late * 4 + 2
    >>> model = Scorecard().fit({"late": late}, bad)
    >>> found = by_period(model, {"late": late}, bad, np.arange(1000) % 2 + 2024)
    >>> found[["attribute", "period", "rows", "bad_rate"]].head(2).values.tolist()
    [['under 1', '2024', 125.0, 0.104], ['under 1', '2025', 125.0, 0.104]]
    """
    import pandas as pd

    level = check_level(level)
    parts = chosen_parts(model, characteristics)
    seen = see(model, parts, X, y, sample_weight, bad=bad, groups=groups, weights_are=weights_are)
    when, names = period_codes(periods, len(seen.sample.bad))
    on = {one.id for one in card_of(model).characteristics}
    frames = [_frame(one, seen, when, names, level, smoothing, one.id in on) for one in parts]
    return pd.concat(frames, ignore_index=True)


def chosen_parts(
    model: Card | Scorecard, characteristics: Sequence[str] | None
) -> tuple[CardCharacteristic, ...]:
    """Return the characteristics that are asked for, those of the card where none are."""
    if characteristics is None:
        return card_of(model).characteristics
    return tuple(one_of(candidates_of(model), name) for name in characteristics)


def cells_of(seen: Seen, one: CardCharacteristic, when: Ints, periods: int) -> Counts:
    """Count the attributes of a characteristic in every period.

    Returns
    -------
    Counts
        Arrays of shape (periods, attributes).
    """
    width = len(one.attributes)
    found = counted(seen, when * width + seen.codes[one.id], periods * width)
    shape = (periods, width)
    return Counts(found.rows.reshape(shape), found.bads.reshape(shape), found.cases.reshape(shape))


def _frame(
    one: CardCharacteristic,
    seen: Seen,
    when: Ints,
    names: Sequence[str],
    level: float,
    smoothing: float,
    on_card: bool,
) -> DataFrame:
    import pandas as pd

    found = cells_of(seen, one, when, len(names))
    low, high = jeffreys_interval(found.bad_cases, found.cases, level=level)
    woe = np.stack([
        weight_of_evidence(rows - bads, bads, all_goods=float((rows - bads).sum()),
                           all_bads=float(bads.sum()), smoothing=smoothing)
        if 0 < bads.sum() < rows.sum() else np.full(len(rows), np.nan)
        for rows, bads in zip(found.rows, found.bads, strict=True)
    ])  # fmt: skip
    width = len(one.attributes)
    with np.errstate(invalid="ignore"):
        share = found.rows / found.rows.sum(axis=1, keepdims=True)
    columns = {
        "characteristic": one.id,
        "attribute": np.repeat([each.label for each in one.attributes], len(names)),
        "kind": np.repeat([each.kind for each in one.attributes], len(names)),
        "period": list(names) * width,
        "points": np.repeat([each.points if on_card else None for each in one.attributes], len(names)),
        "rows": found.rows.T.ravel(),
        "share": share.T.ravel(),
        "bads": found.bads.T.ravel(),
        "bad_rate": found.rate.T.ravel(),
        "low": low.T.ravel(),
        "high": high.T.ravel(),
        "cases": found.cases.T.ravel(),
        "woe": woe.T.ravel(),
    }
    return pd.DataFrame(columns)
