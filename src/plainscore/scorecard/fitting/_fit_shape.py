"""The joint fit: all weights together under their shapes, then few characteristics, then few attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._binning import Binned, Choice, merge_cells
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._prebin import Cells, Sample
from plainscore.scorecard.binning._why import one_cell_note
from plainscore.scorecard.fitting._crossval import NO_PATH
from plainscore.scorecard.fitting._cut import cut_all, fit_with_trends, whole_problem
from plainscore.scorecard.fitting._few import merge_weights, relevel
from plainscore.scorecard.fitting._fitted import Candidate, Fitted, Options
from plainscore.scorecard.fitting._path import Rung, give_up_in_turn, parameters_of
from plainscore.scorecard.fitting._select import attribute_woe, held_to_best
from plainscore.scorecard.fitting._shape import (
    Block,
    Problem,
    attribute_rows,
    split_blocks,
)
from plainscore.scorecard.fitting._size_shape import choose_size
from plainscore.scorecard.fitting._steady import steady_weights

Floats = npt.NDArray[np.float64]

NO_STEP: Final = "beside the others none of its steps outweighs the penalty."
NOTHING_MERGED: Final = "once its bins were merged, no weight was left."
NO_WEIGHT: Final = 1e-9
"""Spread of a characteristic's weights, in log odds, that is the last digits of a sum and not a weight."""


def fit_shapes(
    said: Sequence[Characteristic], columns: Mapping[str, Any], sample: Sample, options: Options
) -> Fitted:
    """Fit all attribute weights together, choose characteristics, steady the weights, merge attributes."""
    cells = cut_all(said, columns, sample, options)
    problem = whole_problem(cells, sample, options)
    full, notes = fit_with_trends(problem, [one.direction for one in said], options.penalty)
    size, path = choose_size(said, columns, cells, sample, options) if options.path else (None, [])
    size = _most(options, len(said)) if size is None else size
    rungs = give_up_in_turn(full, size)
    rung = _rung_of(rungs, size)
    decisions = _decisions(cells, rungs, rung)
    if not rung.kept:
        raise _nothing_left(said, decisions, options)
    kept = list(rung.kept)
    part = sub_problem(problem, full.steps.blocks, kept)
    steady = steady_weights(
        part, options.penalty, parameters_of(rung, full.steps.blocks), most=options.resamples
    )
    few = [
        merge_weights(cells[at], block, weights, rows, options, sample)
        for at, block, weights, rows in zip(
            kept, part.blocks, split_blocks(part, steady.table), attribute_rows(part), strict=True
        )
    ]
    flat = [place for place, (one, values) in enumerate(few) if not _speaks(one, values, options)]
    for place in reversed(flat):
        decisions[kept[place]] = f"Left: {' '.join(few[place][0].notes) or NOTHING_MERGED}"
        del kept[place], few[place]
    if not kept:
        raise _nothing_left(said, decisions, options)
    level = relevel([one for one, _ in few], [weights for _, weights in few], sample)
    binned = [one for one, _ in few]
    weights = [held_to_best(one, level.slope * values) for one, values in few]
    return Fitted(
        binned,
        weights,
        level.intercept,
        _candidates(said, cells, kept, binned, notes, decisions, sample, options),
        {
            "model": {
                "penalty": options.penalty,
                "resamples": steady.resamples,
                "intercept": level.intercept,
                "slope_after_merging": level.slope,
                "log_likelihood": level.log_likelihood,
                "weights": {one.id: values.tolist() for one, values in zip(binned, weights, strict=True)},
            },
            "path": path,
            **({"path_note": NO_PATH} if options.path and not path else {}),
        },
    )


def _speaks(binned: Binned, weights: Floats, options: Options) -> bool:
    """Return whether weights differ between attributes that enough people are in.

    Where they do not, all that is left is the distance to attributes that are neutral for want of rows,
    and the range of a card must not be spread over that.
    """
    rows = binned.goods + binned.bads
    known = rows > 0
    known[binned.bins :] &= rows[binned.bins :] >= options.min_special
    held = held_to_best(binned, weights)[known]
    return bool(len(held) > 1 and np.ptp(held) > NO_WEIGHT)


def _nothing_left(
    said: Sequence[Characteristic], decisions: Sequence[str], options: Options
) -> ConstraintError:
    reasons = " ".join(f"{one.id!r}: {text}" for one, text in list(zip(said, decisions, strict=True))[:5])
    return ConstraintError(
        f"No characteristic is left for the card. {reasons} Lower the penalty ({options.penalty:g}) or the "
        "limit that is named, or give more rows."
    )


def sub_problem(problem: Problem, blocks: Sequence[Block], kept: Sequence[int]) -> Problem:
    """Return the problem with some characteristics only."""
    return Problem(
        np.ascontiguousarray(problem.codes[:, list(kept)]), tuple(blocks[at] for at in kept), problem.sample
    )


def _most(options: Options, count: int) -> int:
    most = options.rules.max_characteristics
    return count if most is None else most


def _rung_of(rungs: Sequence[Rung], size: int) -> Rung:
    return next((rung for rung in rungs if len(rung.kept) <= size), rungs[-1])


def _decisions(cells: Sequence[Cells], rungs: Sequence[Rung], rung: Rung) -> list[str]:
    left = {each.left: each for each in rungs}
    out = []
    for at, one in enumerate(cells):
        if at in rung.kept:
            out.append("Stayed.")
        elif at in left:
            out.append(
                f"Left: giving it up cost the least, {left[at].cost:.2f} in penalised log likelihood, "
                f"when {len(left[at].kept) + 1} characteristics were in."
            )
        else:
            out.append(f"Left: {one_cell_note(one) or NO_STEP}")
    return out


def _candidates(
    said: Sequence[Characteristic],
    cells: Sequence[Cells],
    kept: Sequence[int],
    binned: Sequence[Binned],
    notes: Sequence[str],
    decisions: Sequence[str],
    sample: Sample,
    options: Options,
) -> list[Candidate]:
    final = dict(zip(kept, binned, strict=True))
    out = []
    for at, one in enumerate(cells):
        shown = final.get(at) or merge_cells(
            one, Choice(np.array([0, one.count]), "none", 0.0), options.limits.smoothing
        )
        woe, thin = attribute_woe(
            shown, sample, smoothing=options.limits.smoothing, min_special=options.min_special
        )
        out.append(Candidate(shown, woe, [notes[at], *thin], decisions[at]))
    return out
