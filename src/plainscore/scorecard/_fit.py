"""The whole of a fit: canonical rows, the procedure, its estimate, the chance test, the final level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from plainscore.scorecard._choice import cannot_keep
from plainscore.scorecard._errors import InputError
from plainscore.scorecard._intake import Intake
from plainscore.scorecard._one_thread import one_thread
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._pooled import state_at
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.binning._sample import counted_weights
from plainscore.scorecard.fitting._again import chosen_again
from plainscore.scorecard.fitting._cut import cut_all
from plainscore.scorecard.fitting._few import level_of
from plainscore.scorecard.fitting._fit_shape import fit_shapes
from plainscore.scorecard.fitting._fit_woe import cut_finest, fit_woe
from plainscore.scorecard.fitting._fitted import Draw, Fitted, Options, Procedure, Table, make_table
from plainscore.scorecard.fitting._honest import (
    Chance,
    Estimate,
    chance_of,
    estimate_of,
    refuse_chance,
    trusted,
)
from plainscore.scorecard.fitting._with_grids import with_grids

METHODS: Final[Mapping[str, tuple[Any, Procedure]]] = {
    "shape": (cut_all, fit_shapes),
    "woe": (cut_finest, fit_woe),
}
"""How each method cuts columns into cells that never see the outcome, and what it does with them."""

IN_SAMPLE: Final = (
    "Information values, bad rates, weights of evidence, p-values and the log likelihood are of the rows "
    "that the card was fitted on."
)


@dataclass(frozen=True)
class Whole:
    """A fit with what is known of it: its draw of the table, its estimate, and the test against chance."""

    fitted: Fitted
    draw: Draw
    estimate: Estimate | None
    chance: Chance | None
    slope: float
    price: dict[str, Any]
    halves: dict[str, Any]
    floored: Mapping[str, tuple[float | str | None, ...]]
    weighed: Sample

    def log(self) -> dict[str, Any]:
        """Return what the build log says."""
        return {
            "estimate": None if self.estimate is None else self.estimate.log(),
            "chance": None if self.chance is None else self.chance.log(),
            "slope_from_estimate": self.slope,
            "in_sample": IN_SAMPLE,
            **({"unknown": self.price} if self.price else {}),
            **({"chosen_in_halves": self.halves} if self.halves else {}),
        }


@one_thread()
def fit_whole(
    taken: Intake,
    method: str,
    options: Options,
    *,
    weights_are: str,
    held_out: bool,
    choice_halves: int = 0,
) -> Whole:
    """Fit a card's weights, and say what they can be expected to do.

    Parameters
    ----------
    taken : Intake
        Columns and outcome.
    method : str
        One of `METHODS`.
    options : Options
        How to bin, fit and select.
    weights_are : str
        What sample weights mean (see `counted_weights`).
    held_out : bool
        Whether the procedure is repeated on rows that are held out, and tested against chance.
    choice_halves : int
        On how many random halves the procedure is repeated, to count which columns it chooses.

    Raises
    ------
    ConstraintError
        If no characteristic is left, or the card is no better than chance.
    """
    cut, procedure = METHODS[method]
    if options.max_grids:
        procedure = with_grids(procedure)
    count, unit = counted_weights(taken.sample.weight, weights_are)
    weighed = taken.sample if weights_are == "counts" else Sample(taken.sample.bad, count * unit)
    cells, codes = cut(taken.said, taken.columns, weighed, rare_share=options.rare_share)
    table = make_table(taken.said, cells, codes, Sample(taken.sample.bad, unit), count, taken.group)
    del codes, count, unit  # the table holds what is needed of them
    estimate, chance = None, None
    if held_out:
        estimate = estimate_of(table, procedure, options)
        chance = chance_of(table, procedure, options, estimate)
        if not chance.passed:
            raise refuse_chance(table, estimate)
    draw = table.drawn_whole()
    fitted = procedure(draw, options)
    _check_kept(fitted, options)
    slope = 1.0 if estimate is None else trusted(estimate)
    if slope != 1.0:
        total = fitted.log_odds(draw.rows.codes)
        fitted = fitted.scaled(
            slope, slope * fitted.intercept + level_of(total, draw.sample, slope).intercept
        )
    price = _price(table, procedure, options, fitted, estimate)
    halves = chosen_again(table, procedure, options, choice_halves) if choice_halves else {}
    return Whole(fitted, draw, estimate, chance, slope, price, halves, options.floored, weighed)


def _check_kept(fitted: Fitted, options: Options) -> None:
    """Refuse a card without a column that must stay: nothing can be earned for it, or it repeats another."""
    stayed = {one.id for one in fitted.kept}
    for one in fitted.candidates:
        if one.binned.id in options.keep and one.binned.id not in stayed:
            raise cannot_keep(one.binned.id, one.decision)


def floored_columns(
    unknown: str | Mapping[str, Any], said: list[Characteristic]
) -> dict[str, tuple[float | str | None, ...]]:
    """Return the states of each column that earn no less than neutral points; None is the missing value."""
    every = {one.id: (None, *one.special_codes) for one in said}
    if isinstance(unknown, str):
        return every if unknown == "neutral" else {}
    strange = sorted(set(unknown) - set(every))
    if strange:
        raise InputError(f"unknown names column {strange[0]!r}, which may not enter the card. Mend the name.")
    out: dict[str, tuple[float | str | None, ...]] = {}
    for name, states in unknown.items():
        words = {"neutral": every[name], "fitted": ()}
        wanted = words[states] if isinstance(states, str) else tuple(states)
        for code in wanted:
            if code not in every[name]:
                raise InputError(
                    f"unknown names state {code!r} of {name!r}, which is not among its special codes. "
                    "Name it there."
                )
        out[name] = wanted
    return out


def _price(
    table: Table, procedure: Procedure, options: Options, fitted: Fitted, estimate: Estimate | None
) -> dict[str, Any]:
    """Say what it costs that not knowing earns no less than neutral, and what was seen of those not known."""
    if not options.floored:
        return {}
    out: dict[str, Any] = {}
    if estimate is not None:
        free = estimate_of(table, procedure, replace(options, floored={}))
        out["auc_neutral"], out["auc_fitted"] = estimate.auc, free.auc
    rows = table.rows
    weight = rows.sample.weight
    risk = 1.0 / (1.0 + np.exp(fitted.log_odds(rows.codes)))
    states = []
    for at, one in zip(fitted.columns, fitted.kept, strict=True):
        for code in options.floored.get(one.id, ()):
            said = one.characteristic
            place = one.bins + state_at(said, code, one.specials)
            some = one.codes[rows.codes[:, at]] == place
            held = float(weight[some].sum())
            states.append(
                {
                    "id": one.id,
                    "state": said.missing if code is None else said.special_codes[code],
                    "rows": held,
                    "observed": float(weight[some & rows.bad].sum()) / held if held else None,
                    "predicted": float((weight * risk)[some].sum()) / held if held else None,
                }
            )
    out["states"] = states
    return out
