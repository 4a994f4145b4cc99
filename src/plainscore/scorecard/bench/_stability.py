"""Whether the people scored are still those of development: indices of the score and the characteristics."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard._intake import as_fitted
from plainscore.scorecard._named_arrays import missing_columns, named_columns
from plainscore.scorecard.bench._index import Index, Side, holm, stability_index
from plainscore.scorecard.bench._seen import (
    Floats,
    Ints,
    card_of,
    check_level,
    people_of,
    weights_are_counts,
)
from plainscore.scorecard.binning._sample import _check_weight
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._html import STYLE

if TYPE_CHECKING:
    from pandas import DataFrame

    from plainscore.scorecard._estimator import Scorecard

WATCH: Final = 0.10
SHIFT: Final = 0.25
TENTHS: Final = 10
SCORE: Final = "score"

_WORDS: Final = {
    "within chance": "no more than chance gives with so many cases",
    "small": "beyond chance, and under 0.10: small",
    "watch": "beyond chance, 0.10 to 0.25: watch",
    "shift": "beyond chance, above 0.25: another population",
}


@dataclass(frozen=True)
class Stability:
    """How far two populations are apart.

    Parameters
    ----------
    index : DataFrame
        One row for the score, then one a characteristic: ``part``, ``index`` (PSI of the score, CSI of a
        characteristic), ``chance`` (what chance alone stays under at `level`), ``p`` (the chance of as
        much), ``p_holm`` (corrected over the characteristics), ``points`` (by how much the mean points
        moved) and ``verdict``: ``within chance``, ``small``, ``watch`` or ``shift``.
    score : DataFrame
        The score's bins, tenths of the base: ``from``, ``to``, rows and shares of both, and each bin's
        part of the index.
    attributes : DataFrame
        The same for every attribute: ``characteristic``, ``attribute``, ``points``, rows and shares of
        both, its part of the index, and the part of ``points`` that it moved.
    level : float
        The level of ``chance``.
    """

    index: DataFrame
    score: DataFrame
    attributes: DataFrame
    level: float

    def _repr_html_(self) -> str:
        lines = "".join(
            f"<tr><td>{escape(str(row['part']))}</td>{_number(row['index'], '.3f')}"
            f"{_number(row['chance'], '.3f')}{_number(row['points'], '+.1f')}"
            f"<td>{escape(_WORDS[str(row['verdict'])])}</td></tr>"
            for _, row in self.index.iterrows()
        )
        names = ("index", f"chance, {100 * self.level:g}%", "points moved")
        head = "".join(f'<th scope="col" class="n">{name}</th>' for name in names)
        return (
            f'<div class="plainscore">{STYLE}<table><caption>Population stability</caption><thead><tr>'
            f'<th scope="col"></th>{head}<th scope="col">reading</th></tr></thead><tbody>{lines}</tbody>'
            "</table></div>"
        )


def _number(value: float, how: str) -> str:
    return f'<td class="n">{value:{how}}</td>'


def stability(
    model: Card | Scorecard,
    X_base: Any,
    X_now: Any,
    *,
    weight_base: npt.ArrayLike | None = None,
    weight_now: npt.ArrayLike | None = None,
    groups_base: npt.ArrayLike | None = None,
    groups_now: npt.ArrayLike | None = None,
    weights_are: str = "counts",
    level: float = 0.95,
) -> Stability:
    """Return the population stability index of the score and of each characteristic, with what chance gives.

    The score is cut into tenths of the base, fewer where many score alike; a characteristic stands in its
    attributes. Half a case is added to every bin: half a row where rows are independent.

    Parameters
    ----------
    model : Card or fitted Scorecard
        Whose score and attributes.
    X_base, X_now : table of shape (rows, columns)
        The population that is compared with, such as the rows of the fit, and the one of now.
    weight_base, weight_now : float array of shape (rows,), optional
        Weights of the rows.
    groups_base, groups_now : array of shape (rows,), optional
        Whose row each is. Rows of one person are alike: without this, chance is taken for a shift. That some
        people are in both populations is not used, which makes the limit wider than need be.
    weights_are : {"counts", "sampling"}
        ``counts``: a weight of two is two rows. ``sampling``: a row of weight two stands for two people and
        is one that was seen.
    level : float
        Share of samples without any shift whose index is under ``chance``.

    Returns
    -------
    Stability

    Raises
    ------
    InputError
        If a table, a weight, a group or an option cannot be used.

    References
    ----------
    Yurdakul, B. and Naranjo, J. (2020). Statistical properties of the population stability index. Journal of
    Risk Model Validation 14(4). Siddiqi, N. (2017). Intelligent Credit Scoring, 2nd edition (0.10 and 0.25).

    Examples
    --------
    >>> from plainscore.scorecard import Scorecard
    >>> late = np.repeat([0, 1, 2, 3], 250)
    >>> bad = np.arange(1000) % 20 < late * 4 + 2
    >>> model = Scorecard().fit({"late": late}, bad)
    >>> found = stability(model, {"late": late}, {"late": late[::10]})
    >>> found.index[["part", "index", "chance", "verdict"]].round(3).values.tolist()
    [['score', 0.0, 0.086, 'within chance'], ['late', 0.0, 0.086, 'within chance']]
    """
    level = check_level(level)
    card = card_of(model)
    base, one = _side(model, card, X_base, weight_base, groups_base, weights_are, "X_base")
    now, other = _side(model, card, X_now, weight_now, groups_now, weights_are, "X_now")
    sides = (one, other)
    edges = _tenths(card.score(base), one.weight)
    places = [np.searchsorted(edges, card.score(each), side="right") for each in (base, now)]
    whole = stability_index(places[0], places[1], len(edges) + 1, sides, level=level)
    codes = [card.positions(each) for each in (base, now)]
    parts = {
        each.id: stability_index(
            codes[0][each.id], codes[1][each.id], len(each.attributes), sides, level=level
        )
        for each in card.characteristics
    }
    moved = float(
        np.average(card.score(now), weights=other.weight) - np.average(card.score(base), weights=one.weight)
    )
    return Stability(
        _index_frame(card, whole, parts, moved, level),
        _score_frame(card, edges, whole),
        _attribute_frame(card, parts),
        level,
    )


def _side(
    model: Any, card: Card, X: Any, weight: Any, groups: Any, weights_are: str, name: str
) -> tuple[dict[str, Any], Side]:
    columns = named_columns(X if isinstance(model, Card) else as_fitted(X, model))
    missing_columns([one.id for one in card.characteristics], columns)
    rows = len(next(iter(columns.values())))
    checked = _check_weight(rows, weight)
    if not checked.sum() > 0:
        raise InputError(f"{name} has no rows of any weight, and shares need some. Give it rows.")
    return columns, Side(checked, people_of(groups, checked), weights_are_counts(weights_are, checked))


def _tenths(score: Ints, weight: Floats) -> Floats:
    """Return the lowest scores of all tenths but the first, each once."""
    values, place = np.unique(score, return_inverse=True)
    below = np.cumsum(np.bincount(place, weights=weight)) / weight.sum()
    at = np.searchsorted(below, np.arange(1, TENTHS) / TENTHS, side="right")
    edges = np.unique(values[np.minimum(at, len(values) - 1)]).astype(np.float64)
    above: Floats = edges[edges > values[0]]
    return above


def _verdict(value: float, p: float, level: float) -> str:
    if p >= 1 - level:
        return "within chance"
    return "small" if value < WATCH else "watch" if value < SHIFT else "shift"


def _index_frame(card: Card, whole: Index, parts: dict[str, Index], moved: float, level: float) -> DataFrame:
    import pandas as pd

    corrected = holm([each.p for each in parts.values()])
    rows = [(SCORE, whole.value, whole.chance, whole.p, whole.p, moved)]
    for one, found, p in zip(card.characteristics, parts.values(), corrected, strict=True):
        points = float(_points_moved(found, [each.points for each in one.attributes]).sum())
        rows.append((one.id, found.value, found.chance, found.p, float(p), points))
    frame = pd.DataFrame(rows, columns=["part", "index", "chance", "p", "p_holm", "points"])
    verdicts = [_verdict(row[1], row[4], level) for row in rows]
    return frame.assign(verdict=verdicts)


def _points_moved(found: Index, points: npt.ArrayLike) -> Floats:
    shares = found.now / found.now.sum() - found.base / found.base.sum()
    return np.asarray(shares * np.asarray(points, np.float64))


def _shares(found: Index) -> dict[str, Floats]:
    return {
        "rows_base": found.base,
        "rows_now": found.now,
        "share_base": found.base / found.base.sum(),
        "share_now": found.now / found.now.sum(),
        "part": found.parts,
    }


def _score_frame(card: Card, edges: Floats, whole: Index) -> DataFrame:
    import pandas as pd

    bounds = [float(card.scale.low), *edges.tolist(), float(card.scale.high) + 1]
    ends = {"from": np.array(bounds[:-1]).astype(int), "to": np.array(bounds[1:]).astype(int)}
    return pd.DataFrame(ends | _shares(whole))


def _attribute_frame(card: Card, parts: dict[str, Index]) -> DataFrame:
    import pandas as pd

    frames = []
    for one in card.characteristics:
        found = parts[one.id]
        points = [each.points for each in one.attributes]
        named = {
            "characteristic": one.id,
            "attribute": [each.label for each in one.attributes],
            "points": points,
        }
        frames.append(pd.DataFrame(named | _shares(found) | {"points_moved": _points_moved(found, points)}))
    return pd.concat(frames, ignore_index=True)
