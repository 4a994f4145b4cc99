"""Neighbouring bins whose order of bad rates turns between periods, beyond what chance gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard.bench._counts import Counts
from plainscore.scorecard.bench._index import holm
from plainscore.scorecard.bench._periods import cells_of
from plainscore.scorecard.bench._seen import Floats, card_of, period_codes, see

if TYPE_CHECKING:
    from pandas import DataFrame

    from plainscore.scorecard._estimator import Scorecard
    from plainscore.scorecard.card._card import Card
    from plainscore.scorecard.card._points_table import CardCharacteristic

COLUMNS: Final = [
    "characteristic", "first", "attribute", "next_attribute", "period", "rows", "bad_rate", "next_rows",
    "next_bad_rate", "p", "p_holm", "finding", "sentence",
]  # fmt: skip
ALMOST: Final = 1e-6
"""What products and quotients of whole counts may be off."""
BEYOND: Final = 0.05
TURNS, THROUGHOUT = "turns", "against the points throughout"


def turning(
    model: Card | Scorecard,
    X: Any,
    y: Any,
    periods: Any,
    *,
    sample_weight: npt.ArrayLike | None = None,
    bad: Any = None,
    groups: npt.ArrayLike | None = None,
    weights_are: str = "counts",
    level: float = 0.05,
    over: str = "characteristic",
) -> DataFrame:
    """Return the neighbouring bins whose bad rates stand against their points in a period, beyond chance.

    In every period every two neighbouring bins with different points are compared: Fisher's exact test
    gives the chance of bad rates so far against the order of the points if the rates are alike or in that
    order, and is doubled, for two sides. Holm's correction is over the pairs and periods of a characteristic:
    where every order holds, at most `level` of such characteristics have any finding. The test is exact, so
    that small counts never make one.

    Parameters
    ----------
    model : Card or fitted Scorecard
        Whose bins.
    X, y
        Rows and their outcome, as in `Scorecard.fit`.
    periods : array of shape (rows,)
        When each row was seen, as in `by_period`.
    sample_weight, bad, weights_are
        As in `by_period`. Weights that are not counts go into the test as the number of cases they are
        worth.
    groups : array of shape (rows,), optional
        Whose row each is: counts go into the test as the number of independent cases they are worth.
    level : float
        The chance of any finding for a characteristic whose order holds.
    over : {"characteristic", "card"}
        What Holm's correction is over: the pairs of one characteristic, or of the whole card.

    Returns
    -------
    DataFrame
        One row a finding: ``characteristic``, ``first`` (the lower bin's place, as `merge_bins` takes it),
        both attributes, ``period``, rows and bad rate of both, ``p``, ``p_holm``, ``finding`` (``turns``, or
        ``against the points throughout`` where most other periods stand against the points as well, and all
        of them together beyond chance, which is no turn in time) and ``sentence``: what was seen and what
        to do, good as the reason of an edit.

    Raises
    ------
    InputError
        If the rows, the periods or an option cannot be used.

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical Society 98. Holm,
    S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6.

    Examples
    --------
    >>> from plainscore.scorecard import Scorecard
    >>> late = np.repeat([0, 1, 2, 3], 500)
    >>> old = np.arange(2000) % 2 == 0
    >>> turned = np.where(~old & (late == 2), 3, np.where(~old & (late == 3), 2, late))  # 2 and 3, in the new
    >>> bad = np.arange(2000) // 2 % 20 < np.array([1, 4, 7, 12])[turned] + (late == 3) * 3
    >>> model = Scorecard().fit({"late": late}, bad)
    >>> turning(model, {"late": late}, bad, np.where(old, "2024", "2025"))["sentence"].tolist()
    ["In 2025 '2 to under 3' had ...% bad and '3 or more' ...%, against their points ..."]
    """
    import pandas as pd

    if over not in ("characteristic", "card"):
        raise InputError(f"over is {over!r}. Give 'characteristic' or 'card'.")
    if not isinstance(level, float) or not 0 < level < 1:
        raise InputError(f"level is {level!r}, and must be above 0 and below 1. Give 0.05, say.")
    parts = card_of(model).characteristics
    seen = see(model, parts, X, y, sample_weight, bad=bad, groups=groups, weights_are=weights_are)
    when, names = period_codes(periods, len(seen.sample.bad))
    counts = [cells_of(seen, one, when, len(names)) for one in parts]
    chances = [against(found, _points(one)) for one, found in zip(parts, counts, strict=True)]
    if over == "card":
        flat = holm(np.concatenate([each.ravel() for each in chances]))
        ends = np.cumsum([each.size for each in chances])[:-1]
        corrected = [
            part.reshape(each.shape) for part, each in zip(np.split(flat, ends), chances, strict=True)
        ]
    else:
        corrected = [holm(each.ravel()).reshape(each.shape) for each in chances]
    rows = [
        _row(one, found, names, int(at), int(pair), (float(p[at, pair]), float(held[at, pair])))
        for one, found, p, held in zip(parts, counts, chances, corrected, strict=True)
        for at, pair in np.argwhere(held < level)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _points(one: CardCharacteristic) -> Floats:
    return np.array([each.points for each in one.bins], np.float64)


def against(found: Counts, points: Floats) -> Floats:
    """Return the two-sided chance of bad rates so far against the order of the points, per neighbouring pair.

    Parameters
    ----------
    found : Counts
        Arrays of shape (periods, attributes), bins first.
    points : float64 (bins,)
        Higher is safer.

    Returns
    -------
    float64 (periods, bins - 1)
        NaN for a pair with equal points, which claims no order, and where no order could have been seen:
        a bin without rows, or both with bads or goods alone. Given those counts it takes no part in Holm's
        correction.
    """
    from scipy.stats import hypergeom

    bins = len(points)
    rows = np.floor(found.cases[:, :bins] + ALMOST)
    exact = np.nan_to_num(found.rate[:, :bins]) * rows
    safer_first = points[:-1] > points[1:]
    # Effective counts are seldom whole: rounded in favour of the card's order.
    up, down = np.ceil(exact - ALMOST), np.floor(exact + ALMOST)
    left = _pick(safer_first, (rows[:, :-1], down[:, :-1]), (rows[:, 1:], down[:, 1:]))
    right = _pick(safer_first, (rows[:, 1:], up[:, 1:]), (rows[:, :-1], up[:, :-1]))
    (safe, safe_bads), (risky, risky_bads) = left, right
    chance = hypergeom.sf(safe_bads - 1, safe + risky, safe_bads + risky_bads, safe)
    bads, both = safe_bads + risky_bads, safe + risky
    nothing = (safe == 0) | (risky == 0) | (bads == 0) | (bads == both)
    out = np.where(nothing | (points[:-1] == points[1:]), np.nan, np.minimum(2.0 * chance, 1.0))
    return np.asarray(out, np.float64)


def _pick(
    first: npt.NDArray[np.bool_], one: tuple[Floats, Floats], other: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    return np.where(first, one[0], other[0]), np.where(first, one[1], other[1])


def _row(
    one: CardCharacteristic,
    found: Counts,
    names: list[str],
    at: int,
    pair: int,
    chance: tuple[float, float],
) -> tuple[Any, ...]:
    first, second = one.bins[pair], one.bins[pair + 1]
    rates, rows = found.rate[at, pair : pair + 2], found.rows[at, pair : pair + 2]
    others = Counts(*(np.delete(part, at, axis=0)[:, pair : pair + 2] for part in
                      (found.rows, found.bads, found.cases)))  # fmt: skip
    points = np.array([first.points, second.points], np.float64)
    also, finding = _others(others, points)
    seen = (
        f"In {names[at]} {first.label!r} had {rates[0]:.1%} bad and {second.label!r} {rates[1]:.1%}, against "
        f"their points (chance of as much: {chance[1]:.2g}), as in {also} of {len(names) - 1} other periods"
    )
    act = "merge the two" if finding == TURNS else "no turn in time: look at what it is correlated with"
    return (one.id, pair, first.label, second.label, names[at], float(rows[0]), float(rates[0]),
            float(rows[1]), float(rates[1]), *chance, finding, f"{seen}; {act}.")  # fmt: skip


def _others(others: Counts, points: Floats) -> tuple[int, str]:
    """Count the other periods whose rates stand against the points, and say whether this one turns.

    Where most do, and all of them together beyond chance, the points were never in the order of the rates:
    they are points beside the other characteristics, and time has no part in it.
    """
    off = (others.rate[:, 0] - others.rate[:, 1]) * (points[0] - points[1]) > 0
    also = int(np.count_nonzero(off))
    whole = Counts(*(part.sum(axis=0)[None, :] for part in (others.rows, others.bads, others.cases)))
    together = against(whole, points)[0, 0] if len(off) else np.nan
    return also, THROUGHOUT if 2 * also > len(off) and together < BEYOND else TURNS
