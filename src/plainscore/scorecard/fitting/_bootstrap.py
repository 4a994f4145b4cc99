"""How sure each weight is: intervals from refits on resampled cases, with the bins held."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._named_arrays import missing_columns, named_columns
from plainscore.scorecard.binning._pooled import pooled_attributes
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.binning._sample import check_groups, check_rounds, check_sample
from plainscore.scorecard.binning._woe import weight_of_evidence
from plainscore.scorecard.card._batch import attribute_codes
from plainscore.scorecard.fitting._logistic import fit_logistic
from plainscore.scorecard.fitting._shape import LEVELS, Block, Problem, fit_shape, split_blocks

if TYPE_CHECKING:
    from pandas import DataFrame

    from plainscore.scorecard._estimator import Scorecard
    from plainscore.scorecard.card._points_table import CardCharacteristic

Floats = npt.NDArray[np.float64]


def weight_intervals(
    model: Scorecard,
    X: Any,
    y: Any,
    sample_weight: Any = None,
    *,
    bad: Any = None,
    groups: npt.ArrayLike | None = None,
    rounds: int = 200,
    level: float = 0.95,
    seed: int = 0,
) -> DataFrame:
    """Return an interval for every attribute's weight, by bootstrap.

    Every round gives each case (or each group, such as a person with several snapshots) a Poisson(1)
    weight and fits the weights again; bins, shapes and the choice of characteristics are held, so the
    intervals do not cover what choosing them adds.

    Parameters
    ----------
    model : Scorecard
        A fitted scorecard.
    X, y, sample_weight
        The rows it was fitted on, or others. Labels of the model's fit mean what they meant there.
    bad : label, optional
        The bad label of `y`; where it is given it decides. As in `Scorecard`.
    groups : array of shape (rows,), optional
        Rows that are resampled together.
    rounds, level, seed
        Number of refits, share of them inside the interval, and where the random numbers start.

    Returns
    -------
    DataFrame
        One row an attribute: ``characteristic``, ``attribute``, ``points``, and the mean and bounds of
        its weight over the refits, in log odds of good (``weight``, ``low``, ``high``) and the half
        width in points (``plus_minus``).

    Raises
    ------
    InputError
        If the data, `groups` or the options cannot be used, or nothing says which label is bad.

    Warns
    -----
    MoreBadsWarning
        If more rows are bad than good, weights apart.

    References
    ----------
    Efron, B., Tibshirani, R. (1993). An Introduction to the Bootstrap. Chapman & Hall.
    """
    import pandas as pd
    from sklearn.utils.validation import check_is_fitted

    check_is_fitted(model, "card_")
    check_rounds(rounds, level, seed)
    card = model.card_
    columns = named_columns(X)
    missing_columns([one.id for one in card.characteristics], columns)
    rows = len(next(iter(columns.values())))
    sample, _ = check_sample(rows, y, sample_weight, bad=bad, fitted=model)
    parts = [attribute_codes(one, columns[one.id]).astype(np.uint8) for one in card.characteristics]
    places = pooled_attributes(() if model.characteristics is None else model.characteristics, card)
    codes = np.ascontiguousarray(np.column_stack(parts))
    for at, place in enumerate(places):
        codes[:, at] = place[codes[:, at]]
    group = check_groups(groups, len(codes))
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(rounds):
        drawn = rng.poisson(1.0, group.max() + 1)[group] * sample.weight
        found.append(_refit(model, codes, Sample(sample.bad, drawn)))
    starts = np.cumsum([0, *(len(place) for place in places)])
    whose = np.concatenate([start + place for start, place in zip(starts[:-1], places, strict=True)])
    found = [weights[whose] for weights in found]  # a pooled state has the weight of its bin
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2], axis=0)
    factor = float(card.scale.pdo) / math.log(2)
    table = card.table()[["characteristic", "attribute", "points"]]
    spread = {"weight": np.mean(found, axis=0), "low": low, "high": high}
    return table.join(pd.DataFrame(spread)).assign(plus_minus=factor * (high - low) / 2)


def _refit(model: Scorecard, codes: npt.NDArray[np.uint8], sample: Sample) -> Floats:
    neutral, floored = _neutral(model), _floored(model)
    if model.method == "shape":
        blocks = tuple(
            _block(one, held, least)
            for one, held, least in zip(model.card_.characteristics, neutral, floored, strict=True)
        )
        problem = Problem(codes, blocks, sample)
        return np.concatenate(split_blocks(problem, fit_shape(problem, model.penalty).table))
    table = np.zeros((codes.shape[1], max(len(held) for held in neutral)))
    for at, (held, least) in enumerate(zip(neutral, floored, strict=True)):
        goods = np.bincount(codes[:, at], weights=sample.weight * ~sample.bad, minlength=len(held))
        bads = np.bincount(codes[:, at], weights=sample.weight * sample.bad, minlength=len(held))
        woe = weight_of_evidence(
            goods,
            bads,
            all_goods=sample.goods,
            all_bads=sample.bads,
            smoothing=max(model.smoothing, 1e-9),
        )
        woe = np.where(held, 0.0, woe)
        if least:
            bins = len(model.card_.characteristics[at].bins)
            rows = (goods + bads)[:bins]
            mean = float(np.average(woe[:bins], weights=rows if rows.sum() > 0 else None))
            woe[list(least)] = np.maximum(woe[list(least)], mean)
        table[at, : len(held)] = woe
    beta = fit_logistic(codes, table, sample.bad, sample.weight).beta[1:]
    return np.concatenate([beta[at] * table[at, : len(held)] for at, held in enumerate(neutral)])


def _neutral(model: Scorecard) -> list[npt.NDArray[np.bool_]]:
    """Return which special attributes of each characteristic were held at 0."""
    built = {one["id"]: one["attributes"] for one in model.log_["characteristics"]}
    return [
        np.array([row["woe"] == 0.0 and at >= len(one.bins) for at, row in enumerate(built[one.id])])
        for one in model.card_.characteristics
    ]


def _floored(model: Scorecard) -> list[tuple[int, ...]]:
    """Return which states of each characteristic earn no less than neutral."""
    named = {(one["id"], one["state"]) for one in model.log_.get("unknown", {}).get("states", ())}
    return [
        tuple(
            at
            for at, each in enumerate(one.attributes)
            if each.kind in ("missing", "special") and (one.id, each.label) in named
        )
        for one in model.card_.characteristics
    ]


def _block(one: CardCharacteristic, neutral: npt.NDArray[np.bool_], floored: tuple[int, ...]) -> Block:
    points = [each.points for each in one.bins]
    turn = points.index(min(points) if one.direction == "valley" else max(points))
    return Block(
        len(points),
        len(one.attributes),
        LEVELS if one.type in ("levels", "boolean") else one.direction,
        turn,
        tuple(int(at) for at in np.flatnonzero(neutral)),
        floored,
    )
