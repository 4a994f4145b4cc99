"""One row a candidate: what it tells, how sure that is, what it repeats, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._discrimination import measures
from plainscore.scorecard._errors import InputError
from plainscore.scorecard._page import rows_per_weight
from plainscore.scorecard.bench._counts import totals
from plainscore.scorecard.bench._information import (
    Information,
    information_of_counts,
    information_of_rows,
)
from plainscore.scorecard.bench._seen import Seen, candidates_of, card_of, check_level, see
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._points_table import CardCharacteristic

if TYPE_CHECKING:
    from pandas import DataFrame

    from plainscore.scorecard._estimator import Scorecard

COLUMNS: Final = [
    "characteristic", "label", "on_card", "attributes", "iv", "iv_low", "iv_high", "iv_chance", "worst",
    "best", "coefficient", "standard_error", "p", "vif", "correlation", "correlated_with", "auc_lost",
    "chosen", "decision", "notes",
]  # fmt: skip


def characteristics_frame(
    model: Scorecard,
    X: Any = None,
    y: Any = None,
    *,
    sample_weight: npt.ArrayLike | None = None,
    bad: Any = None,
    groups: npt.ArrayLike | None = None,
    weights_are: str = "counts",
    level: float = 0.95,
) -> DataFrame:
    """Return one row a candidate characteristic, those that left as well.

    Parameters
    ----------
    model : fitted Scorecard
        Whose candidates, in its build log.
    X, y
        Rows to count on, as in `Scorecard.fit`; without them the counts of the build log are used, and
        correlations and ``auc_lost`` are absent.
    sample_weight, bad, groups, weights_are
        Of these rows, as in `by_period`. With `groups` intervals are by person.
    level : float
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        ``characteristic``, ``label``, ``on_card``, ``attributes`` (how many); ``iv`` with its interval
        ``iv_low`` to ``iv_high`` and ``iv_chance``, which a characteristic that tells nothing stays under
        with these bins at `level`; ``worst`` and ``best`` points that somebody got; ``coefficient``,
        ``standard_error``, ``p`` and ``vif`` where the method has them; ``correlation``, the largest of its
        weights of evidence with those of another candidate, and ``correlated_with`` which; ``auc_lost``,
        what the AUC on these rows loses without its points, the others unchanged; ``chosen``, the share of
        the random halves (``choice_halves``), else of the folds of the estimate, in which it came on the
        card; ``decision`` and
        ``notes`` of the build log. Absent values are NaN or None. Those on the card come first, in its
        order, then by information value.

    Raises
    ------
    InputError
        If `model` is a card alone, `y` is given without `X`, or the rows cannot be used.

    Notes
    -----
    Bins are held: the interval does not count in that they were chosen, so on the rows of the fit it is too
    high. On rows that were not fitted it is honest.

    References
    ----------
    Yurdakul, B. and Naranjo, J. (2020). Statistical properties of the population stability index. Journal of
    Risk Model Validation 14(4): the information value is that index between goods and bads.

    Examples
    --------
    >>> from plainscore.scorecard import Scorecard
    >>> late = np.repeat([0, 1, 2, 3], 250)
    >>> bad = np.arange(1000) % 20 < late * 4 + 2
    >>> found = characteristics_frame(Scorecard(method="woe").fit({"late": late}, bad))
    >>> found[["characteristic", "on_card", "iv", "iv_low", "iv_high"]].round(2).values.tolist()
    [['late', True, 0.96, 0.76, 1.27]]
    """
    import pandas as pd

    level = check_level(level)
    card = card_of(model)
    if isinstance(model, Card):
        raise InputError("A card does not know what was left out. Give the fitted Scorecard.")
    if X is None and y is not None:
        raise InputError("y is given without X. Give both, or neither for the counts of the fit.")
    parts = candidates_of(model)
    built = {one["id"]: one for one in model.log_["characteristics"]}
    if X is None:
        scale = rows_per_weight(model.log_)
        values = [_from_log(built[one.id], model.smoothing, level, scale) for one in parts]
        related, lost = {}, {}
    else:
        seen = see(model, parts, X, y, sample_weight, bad=bad, groups=groups, weights_are=weights_are)
        values = [
            information_of_rows(
                seen, seen.codes[one.id], len(one.attributes), smoothing=model.smoothing, level=level
            )
            for one in parts
        ]
        related, lost = _related(seen, parts, built), _lost(seen, card)
    coefficients = {row["id"]: row for row in model.log_.get("model", {}).get("coefficients", [])}
    chosen = _chosen(model.log_)
    count = len(card.characteristics)
    rows = [
        (*_told(one, at < count, value), *_fit(coefficients.get(one.id)),
         *related.get(one.id, (np.nan, None)), lost.get(one.id, np.nan), chosen.get(one.id, np.nan),
         built[one.id]["decision"], " ".join(built[one.id]["notes"]))
        for at, (one, value) in enumerate(zip(parts, values, strict=True))
    ]  # fmt: skip
    rows[count:] = sorted(rows[count:], key=lambda row: (-row[4], row[0]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _chosen(log: Mapping[str, Any]) -> dict[str, float]:
    """Return how often each column was chosen again, where the fit was asked to look."""
    if "chosen_in_halves" in log:
        again = log["chosen_in_halves"]
        return {name: times / again["halves"] for name, times in again["chosen"].items()}
    estimate = log.get("estimate") or {"chosen_in_folds": {}, "folds": 1}
    return {name: times / estimate["folds"] for name, times in estimate["chosen_in_folds"].items()}


def _told(one: CardCharacteristic, on_card: bool, value: Information) -> tuple[Any, ...]:
    points = [each.points for each in one.attributes if not each.empty] if on_card else [np.nan]
    known = (one.id, one.label, on_card, len(one.attributes))
    return (*known, value.value, value.low, value.high, value.chance, min(points), max(points))


def _from_log(built: Mapping[str, Any], smoothing: float, level: float, scale: float) -> Information:
    goods, bads = ([row[side] for row in built["attributes"]] for side in ("goods", "bads"))
    return information_of_counts(goods, bads, smoothing=smoothing, level=level, scale=scale)


def _fit(row: Mapping[str, Any] | None) -> tuple[float, ...]:
    if row is None:
        return (np.nan,) * 4
    inflation = row["variance_inflation"]
    return (row["estimate"], row["standard_error"], row["p"], np.nan if inflation is None else inflation)


def _related(
    seen: Seen, parts: Sequence[CardCharacteristic], built: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[float, str]]:
    """Return each candidate's largest correlation with another, of the fit's weights of evidence."""
    weight = seen.sample.weight / seen.sample.weight.sum()
    table = np.stack([
        np.array([row["woe"] for row in built[one.id]["attributes"]])[seen.codes[one.id]] for one in parts
    ])  # fmt: skip
    table -= (table @ weight)[:, None]
    spread = np.sqrt((table**2) @ weight)
    some = np.flatnonzero(spread > 0)
    if len(some) < 2:
        return {}
    table = table[some] / spread[some, None]
    found = (table * weight) @ table.T
    np.fill_diagonal(found, 0.0)
    best = np.abs(found).argmax(axis=1)
    return {
        parts[at].id: (float(found[place, best[place]]), parts[int(some[best[place]])].id)
        for place, at in enumerate(some.tolist())
    }


def _lost(seen: Seen, card: Card) -> dict[str, float]:
    """Return what the AUC loses where a characteristic, with its two-way tables, gives everyone the same."""
    points = {
        one.id: np.array([each.points for each in one.attributes])[seen.codes[one.id]]
        for one in card.characteristics
    }
    tables = [
        (grid, np.array(grid.points)[seen.codes[grid.first], seen.codes[grid.second]]) for grid in card.grids
    ]
    score = sum(points.values()) + sum((each for _, each in tables), np.zeros(len(seen.sample.bad), np.int64))
    whole = _auc(score, seen)
    out = {}
    for name, own in points.items():
        also = [each for grid, each in tables if name in (grid.first, grid.second)]
        out[name] = whole - _auc(score - own - sum(also, np.zeros_like(own)), seen)
    return out


def _auc(score: npt.NDArray[np.int64], seen: Seen) -> float:
    _, place = np.unique(score, return_inverse=True)
    cells = place * 2 + seen.sample.bad
    width = 2 * (int(place.max()) + 1)
    counts = totals(cells, seen.sample.weight, width)[None, :]
    return float(measures(counts)[0, 0])
