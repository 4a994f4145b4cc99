"""The classic fit: best bins by information value, weights of evidence, logistic regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._binning import Binned, bin_column
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._prebin import FINEST, Sample, apart, cut_cells
from plainscore.scorecard.binning._why import Limits
from plainscore.scorecard.fitting._crossval import NO_PATH
from plainscore.scorecard.fitting._fitted import Candidate, Fitted, Options
from plainscore.scorecard.fitting._select import (
    Rules,
    Selection,
    attribute_woe,
    candidates,
    correlations,
    pair_counts,
    select,
)
from plainscore.scorecard.fitting._size_woe import choose_size

SEPARATED: Final = (
    "The likelihood has no maximum: characteristics separate good from bad perfectly, or repeat each other. "
    "Fitted with a small ridge; look for an outcome that leaked into a characteristic."
)


def fit_woe(
    said: Sequence[Characteristic], columns: Mapping[str, Any], sample: Sample, options: Options
) -> Fitted:
    """Bin every column exactly, select, and fit."""
    limits = options.limits
    binned = bin_columns(
        said, columns, sample, limits=limits, pre_bins=options.pre_bins, rare_share=options.rare_share
    )
    judged = [
        attribute_woe(one, sample, smoothing=limits.smoothing, min_special=options.min_special)
        for one in binned
    ]
    woe = [values for values, _ in judged]
    counts, starts = pair_counts(binned, sample)
    related = correlations(counts, starts, woe)
    found = candidates(binned, woe, related, options.rules)
    rules, path = _sized([binned[at] for at in found.kept], sample, options)
    chosen = select(found, binned, woe, related, sample, rules)
    if chosen.fit is None:
        reasons = "; ".join(f"{binned[at].id!r}: {text}" for at, text in list(chosen.decisions.items())[:5])
        raise ConstraintError(f"No characteristic is left for the card. {reasons}")
    beta = chosen.fit.beta
    kept = [binned[at] for at in chosen.kept]
    return Fitted(
        kept,
        [beta[place + 1] * woe[at] for place, at in enumerate(chosen.kept)],
        float(beta[0]),
        [Candidate(one, woe[at], judged[at][1], chosen.decisions[at]) for at, one in enumerate(binned)],
        {
            "model": model_log(kept, chosen),
            "same": chosen.same,
            "path": path,
            **({"path_note": NO_PATH} if options.path and not path else {}),
        },
    )


def bin_columns(
    said: Sequence[Characteristic],
    columns: Mapping[str, Any],
    sample: Sample,
    *,
    limits: Limits,
    pre_bins: int,
    rare_share: float,
) -> list[Binned]:
    """Return every column in its best bins."""
    cut = partial(
        cut_cells,
        sample=sample,
        group=apart,
        smoothing=limits.smoothing,
        rare_share=rare_share,
        finest=FINEST,
    )
    return [bin_column(cut(one, columns[one.id]), limits, pre_bins) for one in said]


def _sized(
    may_stay: Sequence[Binned], sample: Sample, options: Options
) -> tuple[Rules, list[dict[str, Any]]]:
    """Return the rules with the size that cross-validation chose, where it was asked to."""
    if not options.path or len(may_stay) < 2:
        return options.rules, []
    size, path = choose_size(
        may_stay,
        sample,
        smoothing=options.limits.smoothing,
        min_special=options.min_special,
        drop_wrong=options.rules.on_wrong_sign == "drop",
    )
    return replace(options.rules, max_characteristics=size), path


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
