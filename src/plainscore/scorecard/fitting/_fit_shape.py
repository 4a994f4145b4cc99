"""The joint fit: columns chosen by tests, all weights together under their shapes, then few attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._binning import Binned, Choice, merge_cells
from plainscore.scorecard.binning._prebin import Cells, Sample
from plainscore.scorecard.binning._why import one_cell_note
from plainscore.scorecard.fitting._bag import bagged_weights
from plainscore.scorecard.fitting._beyond import card_columns
from plainscore.scorecard.fitting._choose import Chosen
from plainscore.scorecard.fitting._coarse import coarsening
from plainscore.scorecard.fitting._cut import fit_with_trends, problem_of
from plainscore.scorecard.fitting._few import Level, level_of, merge_weights
from plainscore.scorecard.fitting._fitted import Candidate, Draw, Fitted, Options
from plainscore.scorecard.fitting._rows import Codes, summed
from plainscore.scorecard.fitting._select import attribute_woe, held_to_best
from plainscore.scorecard.fitting._shape import split_blocks, with_blocks

Floats = npt.NDArray[np.float64]

Left = tuple[Binned, float]

NOTHING_MERGED: Final = "once its bins were merged, no weight was left."
NO_WEIGHT: Final = 1e-9
"""Spread of a characteristic's weights, in log odds, that is the last digits of a sum and not a weight."""
LITTLE: Final = 0.01
"""Share of the card's range below which a characteristic is not worth its place: it hardly moves a score,
and yet would ask for records, a line on every card and a word in every explanation."""


def fit_shapes(draw: Draw, options: Options) -> Fitted:
    """Choose characteristics, fit all attribute weights together, steady them, and merge attributes."""
    said, sample, cells = draw.table.said, draw.sample, draw.cells()
    chosen, path, wider = card_columns(draw, coarsening(cells, draw.rows), options, fit_shapes)
    kept = sorted(chosen.columns)
    if not kept:
        raise _nothing_left(draw, _decisions(draw, cells, chosen, {}, options), options)
    part = problem_of([cells[at] for at in kept], draw.rows.codes, kept, sample, options)
    fit, notes = fit_with_trends(part, [said[at].direction for at in kept], options.penalty)
    part = with_blocks(part, fit.steps.blocks)
    steady = bagged_weights(part, draw.rows, options.penalty, fit.theta, most=options.resamples)
    few = [
        merge_weights(cells[at], block, values, options, sample)
        for at, block, values in zip(kept, part.blocks, split_blocks(part, steady.table), strict=True)
    ]
    unmerged = None if steady.unseen is None else summed(part.codes, part.starts[:-1], steady.table)
    del part  # a byte a row and column
    flat: dict[int, Left] = {}
    spreads = [_spread(one, values, options) for one, values in few]
    for at, (one, _), spread in zip(kept, few, spreads, strict=True):
        if spread <= NO_WEIGHT or (spread < LITTLE * sum(spreads) and at not in chosen.kept):
            flat[at] = one, spread / max(sum(spreads), NO_WEIGHT)
    stay = [place for place, at in enumerate(kept) if at not in flat]
    decisions = _decisions(draw, cells, chosen, flat, options)
    if not stay:
        raise _nothing_left(draw, decisions, options)
    weights, level = _levelled(
        {kept[place]: few[place] for place in stay}, draw.rows.codes, sample, unmerged, steady.unseen
    )
    binned = [few[place][0] for place in stay]
    final = {kept[place]: one for place, one in zip(stay, binned, strict=True)}
    candidates = _candidates(
        draw, cells, final, dict(zip(kept, notes, strict=True)), chosen, decisions, options
    )
    log = {
        "penalty": options.penalty,
        "halves": steady.halves,
        "intercept": level.intercept,
        "slope_after_merging": level.slope,
        "log_likelihood": level.log_likelihood,
        "weights": {one.id: values.tolist() for one, values in zip(binned, weights, strict=True)},
    }
    return Fitted(
        [kept[place] for place in stay],
        binned,
        weights,
        level.intercept,
        candidates,
        {
            "model": log,
            **path.log(),
            "wider": wider,
            "level_of_tests": round(chosen.level, 7),
            "tested_on": chosen.tested_on,
        },
    )


def _levelled(
    few: Mapping[int, tuple[Binned, Floats]],
    codes: Codes,
    sample: Sample,
    unmerged: Floats | None,
    unseen: Floats | None,
) -> tuple[list[Floats], Level]:
    """Bring merged weights to the level of log odds: give back what merging took, not what was overstated.

    Parameters
    ----------
    few : mapping of int to (Binned, float64 (attributes,))
        Merged weights by column.
    codes : uint16 (rows, all columns)
        Fine cell of each row.
    sample : Sample
        Outcome and weight of each row.
    unmerged : float64 (rows,), optional
        Log odds of each row by the weights before they were merged, where there is `unseen`.
    unseen : float64 (rows,), optional
        Log odds of each row by fits that did not see it.
    """
    total = np.zeros(len(codes))
    for at, (one, values) in few.items():
        total += values[one.codes][codes[:, at]]
    level = level_of(total, sample)
    if unseen is not None and unmerged is not None:
        overstated = level_of(unseen, sample).slope / level_of(unmerged, sample).slope
        level = level_of(total, sample, level.slope * min(overstated, 1.0))
    return [held_to_best(one, level.slope * values) for one, values in few.values()], level


def _spread(binned: Binned, weights: Floats, options: Options) -> float:
    """Return by how much weights differ between attributes that enough people are in, in log odds.

    Where they do not, all that is left is the distance to attributes that are neutral for want of rows,
    and the range of a card must not be spread over that.
    """
    rows = binned.goods + binned.bads
    known = rows > 0
    known[binned.bins :] &= rows[binned.bins :] >= options.min_special
    held = held_to_best(binned, weights)[known]
    return float(np.ptp(held)) if len(held) > 1 else 0.0


def _nothing_left(draw: Draw, decisions: Sequence[str], options: Options) -> ConstraintError:
    pairs = list(zip(draw.table.said, decisions, strict=True))[:5]
    reasons = " ".join(f"{one.id!r}: {text}" for one, text in pairs)
    return ConstraintError(
        f"No characteristic is left for the card. {reasons} Give more rows, raise max_p "
        f"({options.level:g}), or name columns in keep."
    )


def _decisions(
    draw: Draw, cells: Sequence[Cells], chosen: Chosen, flat: Mapping[int, Left], options: Options
) -> list[str]:
    """Say of every column why it stayed or left."""
    out = []
    for at, one in enumerate(cells):
        if at in flat:
            out.append(f"Left: {_little(*flat[at])}")
        elif at in chosen.columns:
            out.append(chosen.stayed(at))
        else:
            out.append(f"Left: {one_cell_note(one) or chosen.left(at)}")
    return out


def _little(binned: Binned, share: float) -> str:
    """Say why a characteristic that was chosen is not on the card after all."""
    if share > NO_WEIGHT:
        return (
            f"beside the others it has {share:.2%} of the card's range, "
            f"and a place on the card asks for {LITTLE:.0%}."
        )
    return " ".join(binned.notes) or NOTHING_MERGED


def _candidates(
    draw: Draw,
    cells: Sequence[Cells],
    final: Mapping[int, Binned],
    notes: Mapping[int, str],
    chosen: Chosen,
    decisions: Sequence[str],
    options: Options,
) -> list[Candidate]:
    out = []
    smoothing = options.limits.smoothing
    for at, one in enumerate(cells):
        whole = Choice(np.array([0, one.count]), "none", 0.0)
        shown = final.get(at) or merge_cells(one, whole, smoothing)
        woe, thin = attribute_woe(shown, draw.sample, smoothing=smoothing, min_special=options.min_special)
        said = [notes[at]] if at in notes else []
        out.append(Candidate(shown, woe, [*said, *thin], decisions[at], chosen.tests(at)))
    return out
