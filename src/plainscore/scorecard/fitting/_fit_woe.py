"""The classic fit: tested columns, best bins, weights of evidence, logistic regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._binning import Binned, bin_column
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._grouping import even
from plainscore.scorecard.binning._prebin import Cells, Sample
from plainscore.scorecard.binning._why import one_cell_note
from plainscore.scorecard.fitting._beyond import card_columns
from plainscore.scorecard.fitting._coarse import coarsening
from plainscore.scorecard.fitting._cut import cut_columns, floored_states
from plainscore.scorecard.fitting._fitted import Candidate, Draw, Fitted, Options
from plainscore.scorecard.fitting._rows import Codes
from plainscore.scorecard.fitting._select import (
    Selection,
    attribute_woe,
    candidates,
    correlations,
    floored,
    pair_counts,
    select,
)

Floats = npt.NDArray[np.float64]

SEPARATED: Final = (
    "The likelihood has no maximum: characteristics separate good from bad perfectly, or repeat each other. "
    "Fitted with a small ridge; look for an outcome that leaked into a characteristic."
)


CELLS: Final = 200
"""Cells of like weight that bins are chosen among; the outcome has no part in them."""


def cut_finest(
    said: Sequence[Characteristic], columns: Mapping[str, Any], sample: Sample, *, rare_share: float
) -> tuple[list[Cells], Codes]:
    """Cut every column as finely as bins may be chosen; no cell looks at the outcome."""
    group = partial(even, most=CELLS)
    return cut_columns(said, columns, sample, group=group, rare_share=rare_share)


def fit_woe(draw: Draw, options: Options) -> Fitted:
    """Choose characteristics, bin them exactly, and fit."""
    limits, sample, cells = options.limits, draw.sample, draw.cells()
    chosen, path, wider = card_columns(draw, coarsening(cells, draw.rows), options, fit_woe)
    binned = [bin_column(one, limits, options.pre_bins) for one in cells]
    judged = [
        attribute_woe(one, sample, smoothing=limits.smoothing, min_special=options.min_special)
        for one in binned
    ]
    woe = [
        floored(one, values, floored_states(each, options), each.count)
        for one, each, (values, _) in zip(binned, cells, judged, strict=True)
    ]
    out = Selection(sorted(chosen.columns), None)
    for at in chosen.rest:
        out.decisions[at] = f"Left: {one_cell_note(cells[at]) or chosen.left(at)}"
    rows = {at: replace(binned[at], codes=binned[at].codes[draw.rows.codes[:, at]]) for at in out.kept}
    if out.kept:
        counts, starts = pair_counts(list(rows.values()), sample)
        related = correlations(counts, starts, [woe[at] for at in out.kept])
        candidates(out, binned, woe, related, options.rules)
        select(out, rows, woe, sample, options.rules)
    if out.fit is None:
        reasons = "; ".join(f"{binned[at].id!r}: {text}" for at, text in sorted(out.decisions.items())[:5])
        raise ConstraintError(f"No characteristic is left for the card. {reasons}")
    for at in out.kept:
        out.decisions[at] = chosen.stayed(at)
    beta, notes = out.fit.beta, [said for _, said in judged]
    return Fitted(
        out.kept,
        [binned[at] for at in out.kept],
        [_within(binned[at], beta[place + 1] * woe[at]) for place, at in enumerate(out.kept)],
        float(beta[0]),
        [
            Candidate(one, woe[at], notes[at], out.decisions[at], chosen.tests(at))
            for at, one in enumerate(binned)
        ],
        {
            "model": model_log([binned[at] for at in out.kept], out),
            "same": out.same,
            **path.log(),
            "wider": wider,
            "level_of_tests": round(chosen.level, 7),
            "tested_on": chosen.tested_on,
        },
    )


def _within(binned: Binned, weights: Floats) -> Floats:
    """Return weights in which an attribute that nobody fell in earns no less and no more than somebody did.

    Where states are capped at the best bin, all who were seen can lie on one side of the average; the range
    of a card must not be spread over the distance to it.
    """
    seen = binned.goods + binned.bads > 0
    return np.where(seen, weights, np.clip(weights, weights[seen].min(), weights[seen].max()))


def model_log(kept: Sequence[Binned], chosen: Selection) -> dict[str, Any]:
    """List the coefficients with their standard errors."""
    fit = chosen.fit
    if fit is None:
        return {"coefficients": []}
    names = ["intercept", *(one.id for one in kept)]
    inflation = [None, *(chosen.inflation[at] for at in chosen.kept)]
    return {
        "log_likelihood": fit.log_likelihood,
        "steps": fit.steps,
        "ridge": chosen.ridge,
        "notes": [SEPARATED] if chosen.ridge > 0 else [],
        "coefficients": [
            {
                "id": name,
                "estimate": float(fit.beta[at]),
                "standard_error": float(fit.errors[at]),
                "z": float(fit.z[at]),
                "p": float(fit.p[at]),
                "variance_inflation": inflation[at],
            }
            for at, name in enumerate(names)
        ],
    }
