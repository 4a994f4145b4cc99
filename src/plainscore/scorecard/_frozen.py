"""From fitted weights to a frozen card and its build log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard import _log
from plainscore.scorecard._baseline import baseline_of, rows_between, score_of_rows
from plainscore.scorecard._build import (
    Wanted,
    at_least_neutral,
    card_characteristic,
    make_card,
    points_for,
    rounding_report,
)
from plainscore.scorecard._by_hand import ByHand, set_by_hand
from plainscore.scorecard._fit import Whole
from plainscore.scorecard._labels import Label
from plainscore.scorecard._one_thread import one_thread
from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.card._card import Card
from plainscore.scorecard.card._points_table import ALL_APPLICANTS, NEAR_CUT_OFF, CardCharacteristic
from plainscore.scorecard.fitting._fitted import Draw
from plainscore.scorecard.fitting._grids import FittedGrid
from plainscore.scorecard.fitting._points import Rounded
from plainscore.scorecard.fitting._purified import purified
from plainscore.scorecard.fitting._select import pair_counts
from plainscore.scorecard.fitting._with_grids import coded_rows

Floats = npt.NDArray[np.float64]
Options = Mapping[str, Any]


@dataclass(frozen=True)
class Frozen:
    """A card, its build log, all candidates in a card's terms, and the score of each row it was fitted on."""

    card: Card
    log: dict[str, Any]
    candidates: tuple[CardCharacteristic, ...]
    scored: npt.NDArray[np.int64]


@one_thread()
def freeze(whole: Whole, options: Options, outcome: Mapping[str, Label]) -> Frozen:
    """Round weights to points on the scale asked for, and freeze them into a card.

    Parameters
    ----------
    whole : Whole
        The fit.
    options : mapping
        The options of `Scorecard`, by name.
    outcome : mapping of {"good", "bad"} to label
        What the labels were called.
    """
    fitted, draw = whole.fitted, whole.draw
    kept, sample = coded_rows(fitted, draw), draw.sample
    counts, _ = pair_counts([*kept, *fitted.grids], sample)
    grids = {grid.pair: grid.weights for grid in fitted.grids}
    wanted = Wanted(*(options[name] for name in ("low", "high", "base_score", "base_odds", "pdo")))
    rounded, scale = points_for(kept, fitted.weights, grids, fitted.intercept, counts, wanted)
    rounded = at_least_neutral(rounded, kept, whole.floored)
    told = purified(rounded, list(grids), [one.goods + one.bads for one in kept])
    by_hand = set_by_hand(kept, list(grids), told, scale)
    card = make_card(
        by_hand.kept,
        list(grids),
        by_hand.rounded,
        by_hand.scale,
        name=options["name"],
        purpose=options["purpose"],
        population=_population(draw, options),
        revalidate_by=options["revalidate_by"],
        coverage=options["coverage"] or {},
    )
    card = _with_baselines(card, kept, fitted.grids, sample, options)
    log = {
        "schema": _log.SCHEMA,
        "card_id": card.id,
        "method": options["method"],
        "options": _log.plain(options),
        "outcome": dict(outcome),
        "population": _log.population_log(draw.rows),
        **whole.log(),
        **_fit_log(whole, card, kept, counts, rounded, told, by_hand, options["smoothing"]),
    }
    candidates = tuple(
        card_characteristic(one.binned, np.zeros(len(one.woe), np.int64)) for one in fitted.candidates
    )
    return Frozen(card, log, candidates, score_of_rows(card, kept))


def _fit_log(
    whole: Whole,
    card: Card,
    kept: Sequence[Binned],
    counts: Floats,
    rounded: Rounded,
    told: Rounded,
    by_hand: ByHand,
    smoothing: float,
) -> dict[str, Any]:
    """Return what the log says of columns, weights, points and tables."""
    fitted, sample = whole.fitted, whole.draw.sample
    exact, close = _log.points_log(kept, told)
    found = dict(fitted.log)
    tables = found.pop("grids_path", [])
    cells = [grid.weights.ravel() for grid in fitted.grids]
    return {
        "characteristics": [_log.characteristic_log(one, sample, smoothing) for one in fitted.candidates],
        **found,
        "scale": asdict(card.scale),
        "by_hand": by_hand.log,
        "unrounded_points": exact,
        "near_half": close,
        "rounding": rounding_report(rounded, fitted.intercept, [*fitted.weights, *cells], counts),
        "grids": {"path": tables, "tables": _log.grids_log(card, fitted.grids)},
    }


def _population(draw: Draw, options: Options) -> dict[str, Any]:
    return {
        "text": options["population"],
        "from": options["population_from"],
        "to": options["population_to"],
        "cases": draw.rows.copies,
        "goods": draw.rows.copies - draw.rows.bads,
        "bads": draw.rows.bads,
    }


def _with_baselines(
    card: Card, kept: Sequence[Binned], grids: Sequence[FittedGrid], sample: Sample, options: Options
) -> Card:
    """Add the mean points of everyone fitted, and of those near the cut-off."""
    text, date = options["population"] or "development population", options["population_to"]
    parts: list[Binned | FittedGrid] = [*kept, *grids]
    rows = [one.goods + one.bads for one in parts]
    baselines = {ALL_APPLICANTS: baseline_of(card, rows, text, date)}
    if options["near"] is not None:
        low, high = options["near"]
        rows = rows_between(card, parts, sample, low, high)
        baselines[NEAR_CUT_OFF] = baseline_of(card, rows, f"scores from {low} to under {high}", date)
    return replace(card, baselines=baselines)
