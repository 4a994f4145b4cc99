"""Which columns stand on a card: those that pass their test, and more where rows that were held out say so.

A test at one in twenty keeps noise away, and with few rows it keeps away many small effects too, which
together may tell a good deal. Whether they do is seen on held-out rows: a wider choice is taken only where it
ranks them better by more than the standard error of the difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.fitting._choose import Chosen, choose_columns, forced_columns
from plainscore.scorecard.fitting._coarse import Coarsening
from plainscore.scorecard.fitting._crossval import FOLDS, LEAST_OF_EACH, area
from plainscore.scorecard.fitting._fitted import Draw, Options, Procedure
from plainscore.scorecard.fitting._rows import Ints, deal
from plainscore.scorecard.fitting._sizes import Path, most_columns, size_by_path

Floats = npt.NDArray[np.float64]

WIDER: Final = (0.3, 1.0)
"""Levels that are tried beside the strict one: what an information criterion would keep, and everything."""
FEW: Final = 2_000
"""Rows of the rarer outcome from which on what matters passes a test at one in twenty."""
FEWEST: Final = 3
"""Columns that pass, without which no more are looked for: what next to nothing passes is noise."""
SURE: Final = 1.0
"""Standard errors by which a wider choice must be better."""


def card_columns(
    draw: Draw, cells: Coarsening, options: Options, procedure: Procedure
) -> tuple[Chosen, Path, dict[str, float]]:
    """Return the columns of the card, the path of sizes, and what each wider level gained."""
    said = draw.table.said
    if options.forced is not None:
        return forced_columns(cells, options.forced), Path(None, []), {}
    first = [at for at, one in enumerate(said) if one.id in options.keep]
    path = size_by_path(draw.rows, cells, options, first)
    most = most_columns(options, path)
    chosen = choose_columns(cells, draw.rows, level=options.level, most=most, kept=first, noise=options.noise)
    if not _may_widen(draw, options, chosen):
        return chosen, path, {}
    gains = _gains(draw, cells, options, procedure, first, most)
    means = {level: float(gain.mean()) for level, gain in gains.items()}
    sure = [level for level, gain in gains.items() if means[level] > SURE * _error(gain)]
    if sure:
        level = max(sure, key=lambda one: (means[one], -one))
        chosen = choose_columns(cells, draw.rows, level=level, most=most, kept=first)
    return chosen, path, {f"{level:g}": mean for level, mean in means.items()}


def _may_widen(draw: Draw, options: Options, chosen: Chosen) -> bool:
    rarer = min(draw.rows.bads, draw.rows.copies - draw.rows.bads)
    return (
        options.beyond == "held_out"
        and not options.path
        and FOLDS * LEAST_OF_EACH <= rarer < FEW
        and len(chosen.columns) >= FEWEST
        and any(level > options.level for level in WIDER)
        and bool(chosen.rest)
    )


def _error(gain: Floats) -> float:
    return float(gain.std(ddof=1)) / math.sqrt(len(gain))


def _gains(
    draw: Draw, cells: Coarsening, options: Options, procedure: Procedure, first: Sequence[int], most: int
) -> dict[float, Floats]:
    """Return how much better each wider level ranks each fold; columns are chosen anew."""
    levels = [options.level, *(level for level in WIDER if level > options.level)]
    found = np.array(
        [_fold(draw, cells, options, procedure, first, most, levels, out) for out in deal(draw.rows, FOLDS).T]
    )
    return {level: found[:, at] - found[:, 0] for at, level in enumerate(levels) if at}


def _fold(
    draw: Draw,
    cells: Coarsening,
    options: Options,
    procedure: Procedure,
    first: Sequence[int],
    most: int,
    levels: Sequence[float],
    out: Ints,
) -> list[float]:
    """Return the AUC of one fold by each level, fitted without it."""
    rows = draw.rows
    inside = rows.count - out
    train, test = np.flatnonzero(inside), np.flatnonzero(out)
    part = Draw(draw.table, rows.at(train, inside))
    everything = choose_columns(cells, part.rows, level=1.0, most=most, kept=first)
    aucs: dict[tuple[int, ...], float] = {}
    order = []
    for level in levels:
        some = everything.until(level)
        order.append(some)
        if some not in aucs:
            eta = _log_odds(part, options, procedure, some, rows.codes[test])
            aucs[some] = area(rows.bad[test], -eta, rows.unit[test] * out[test])
    return [aucs[some] for some in order]


def _log_odds(
    part: Draw,
    options: Options,
    procedure: Procedure,
    columns: tuple[int, ...],
    codes: npt.NDArray[np.uint16],
) -> Floats:
    try:
        fitted = procedure(part, replace(options, forced=columns, resamples=0))
    except ConstraintError:
        return np.zeros(len(codes))
    return fitted.log_odds(codes)
