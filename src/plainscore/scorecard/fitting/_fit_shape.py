"""The joint fit: all weights together under their shapes, then few attributes, then few characteristics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import ConstraintError
from plainscore.scorecard.binning._binning import Binned, Choice, merge_cells
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._prebin import Cells, Sample, cut_cells, even
from plainscore.scorecard.fitting._fitted import Candidate, Fitted, Options
from plainscore.scorecard.fitting._path import Rung, give_up_in_turn, parameters_of
from plainscore.scorecard.fitting._select import attribute_woe, held_to_best
from plainscore.scorecard.fitting._shape import (
    Block,
    Problem,
    ShapeFit,
    attribute_rows,
    fit_shape,
    split_blocks,
    with_blocks,
)
from plainscore.scorecard.fitting._trend import settle_trends

Floats = npt.NDArray[np.float64]

SHAPE_CELLS: Final = 32
"""Cells of like weight per characteristic; twice as many gain nothing on the public sets and half lose."""


def fit_shapes(
    said: Sequence[Characteristic], columns: Mapping[str, Any], sample: Sample, options: Options
) -> Fitted:
    """Fit all attribute weights together, choose characteristics, then merge attributes and fit again."""
    cells = cut_all(said, columns, sample, options)
    problem = whole_problem(cells, sample, options)
    full, notes = fit_with_trends(problem, [one.direction for one in said], options.penalty)
    rungs = give_up_in_turn(full, _fewest(options, len(said)))
    size, path = _size(said, columns, sample, options, len(rungs[0].kept))
    rung = _rung_of(rungs, size)
    if not rung.kept:
        raise _nothing_left(options)
    kept = list(rung.kept)
    part = sub_problem(problem, full.steps.blocks, kept)
    fit = fit_shape(part, options.penalty, parameters_of(rung, full.steps.blocks))
    binned = [
        _merged(cells[at], block, weights, rows, options, sample)
        for at, block, weights, rows in zip(
            kept, part.blocks, split_blocks(part, fit.table), attribute_rows(part), strict=True
        )
    ]
    binned, final, weights = _settle_bins(binned, part.blocks, cells, kept, sample, options)
    weights = [held_to_best(one, values) for one, values in zip(binned, weights, strict=True)]
    decisions = _decisions(said, rungs, rung)
    flat = [place for place, values in enumerate(weights) if not np.ptp(values) > 0]
    for place in reversed(flat):
        decisions[kept[place]] = "Left: once its bins were merged, no weight was left."
        del kept[place], binned[place], weights[place]
    if not kept:
        raise _nothing_left(options)
    return Fitted(
        binned,
        weights,
        final.intercept,
        _candidates(said, cells, kept, binned, notes, decisions, sample, options),
        {
            "model": {
                "penalty": options.penalty,
                "rounds": final.rounds,
                "intercept": final.intercept,
                "log_likelihood": final.log_likelihood,
                "weights": {one.id: values.tolist() for one, values in zip(binned, weights, strict=True)},
            },
            "path": path,
        },
    )


def _nothing_left(options: Options) -> ConstraintError:
    return ConstraintError(
        f"No characteristic is left for the card: at penalty {options.penalty:g} no step outweighs "
        "the noise. Lower the penalty, or give more rows."
    )


def cut_all(
    said: Sequence[Characteristic], columns: Mapping[str, Any], sample: Sample, options: Options
) -> list[Cells]:
    """Cut every column into cells of like weight."""
    group = partial(even, most=SHAPE_CELLS)
    return [
        cut_cells(
            one,
            columns[one.id],
            sample,
            group=group,
            smoothing=options.limits.smoothing,
            rare_share=options.rare_share,
        )
        for one in said
    ]


def whole_problem(cells: Sequence[Cells], sample: Sample, options: Options) -> Problem:
    """Lay all columns side by side, without shapes yet."""
    codes = np.ascontiguousarray(np.column_stack([one.codes for one in cells]).astype(np.uint8))
    blocks = tuple(Block(one.count, len(one.goods), "none", 0, _thin(one, options)) for one in cells)
    return Problem(codes, blocks, sample)


def _thin(cells: Cells, options: Options) -> tuple[int, ...]:
    rows = cells.goods + cells.bads
    return tuple(at for at in range(cells.count, len(rows)) if rows[at] < options.min_special)


def fit_with_trends(problem: Problem, declared: Sequence[str], penalty: float) -> tuple[ShapeFit, list[str]]:
    """Fit without shape where none is declared, settle the shapes by that evidence, and fit again."""
    held = [
        replace(block, trend=said if said in ("ascending", "descending") else "none")
        for block, said in zip(problem.blocks, declared, strict=True)
    ]
    free = fit_shape(with_blocks(problem, held), penalty)
    trends = settle_trends(problem, free, declared)
    fit = fit_shape(with_blocks(problem, [one.block for one in trends]), penalty, free.theta)
    return fit, [one.note for one in trends]


def sub_problem(problem: Problem, blocks: Sequence[Block], kept: Sequence[int]) -> Problem:
    """Return the problem with some characteristics only."""
    return Problem(
        np.ascontiguousarray(problem.codes[:, list(kept)]), tuple(blocks[at] for at in kept), problem.sample
    )


def _fewest(options: Options, count: int) -> int:
    if options.path:
        return min(3, count)
    return count if options.rules.max_characteristics is None else options.rules.max_characteristics


def _size(
    said: Sequence[Characteristic], columns: Mapping[str, Any], sample: Sample, options: Options, most: int
) -> tuple[int, list[dict[str, Any]]]:
    if options.path:
        from plainscore.scorecard.fitting._crossval import choose_size

        return choose_size(said, columns, sample, options)
    return _fewest(options, most), []


def _rung_of(rungs: Sequence[Rung], size: int) -> Rung:
    return next((rung for rung in rungs if len(rung.kept) <= size), rungs[-1])


def _merged(
    cells: Cells, block: Block, weights: Floats, rows: Floats, options: Options, sample: Sample
) -> Binned:
    """Merge cells into the few bins that keep most of the fitted shape, within the limits.

    A further bin must bring a chi-square of the penalty squared, as a step must.
    """
    limits = options.limits
    if cells.characteristic.cuts is not None:
        return merge_cells(cells, Choice(np.arange(cells.count + 1), block.trend, 0.0), limits.smoothing)
    from plainscore.scorecard import _kernel
    from plainscore.scorecard.binning._binning import SHAPES

    n = cells.count
    noise = sample.goods * sample.bads / float(sample.weight.sum()) ** 2
    mass, held = _runs(rows[:n] * noise), _runs(rows[:n] * noise * weights[:n])
    goods, bads = _runs(cells.goods[:n]), _runs(cells.bads[:n])
    slack = 1e-9 * float(sample.weight.sum())
    fits = (
        np.triu(np.ones(mass.shape, np.bool_), 1)
        & (goods >= limits.min_goods - slack)
        & (bads >= limits.min_bads - slack)
        & (goods + bads >= limits.min_share * float(sample.weight.sum()) - slack)
        & (mass > 0)
    )
    mean = np.divide(held, mass, out=np.zeros_like(mass), where=fits)
    value = np.where(fits, mass * mean**2 - options.penalty**2, -np.inf)
    sign, turns = SHAPES[block.trend]
    _, bounds = _kernel.best_bins(np.round(mean, 12), value, min(limits.max_bins, n), sign, turns)
    if len(bounds) == 0:
        bounds = np.array([0, n])
    return merge_cells(cells, Choice(bounds, block.trend, 0.0), limits.smoothing)


def _runs(part: Floats) -> Floats:
    total = np.concatenate([[0.0], np.cumsum(part)])
    return np.asarray(total[None, :] - total[:, None])


def _settle_bins(
    binned: list[Binned],
    blocks: Sequence[Block],
    cells: Sequence[Cells],
    kept: Sequence[int],
    sample: Sample,
    options: Options,
) -> tuple[list[Binned], ShapeFit, list[Floats]]:
    """Fit on the merged bins, and merge again those that the fit leaves equal."""
    while True:
        shaped = [
            Block(
                one.bins,
                len(one.goods),
                one.trend,
                _turn(one, block, cells[at]),
                block.neutral_from(one.bins),
            )
            for one, block, at in zip(binned, blocks, kept, strict=True)
        ]
        codes = np.ascontiguousarray(np.column_stack([one.codes for one in binned]))
        problem = Problem(codes, tuple(shaped), sample)
        fit = fit_shape(problem, options.penalty)
        weights = split_blocks(problem, fit.table)
        merged = [
            _merge_equal(one, values, cells[at], options.limits.smoothing)
            for at, one, values in zip(kept, binned, weights, strict=True)
        ]
        if [one.bins for one in merged] == [one.bins for one in binned]:
            return binned, fit, weights
        binned = merged


def _turn(binned: Binned, block: Block, cells: Cells) -> int:
    """Return the bin that holds the cell at which the joint fit turns."""
    if binned.trend not in ("peak", "valley"):
        return 0
    return int(np.searchsorted(_bounds(binned, cells), block.turn, side="right")) - 1


def _merge_equal(binned: Binned, weights: Floats, cells: Cells, smoothing: float) -> Binned:
    if binned.characteristic.cuts is not None:
        return binned
    same = np.abs(np.diff(weights[: binned.bins])) < 1e-9
    if not same.any():
        return binned
    bounds = _bounds(binned, cells)
    return merge_cells(
        cells, Choice(np.delete(bounds, np.flatnonzero(same) + 1), binned.trend, 0.0), smoothing
    )


def _bounds(binned: Binned, cells: Cells) -> npt.NDArray[np.int64]:
    """Return the bounds of bins over the cells they were merged from."""
    if not binned.groups:
        inner = np.searchsorted(cells.edges, np.array(binned.edges)) + 1
        return np.concatenate([[0], inner, [cells.count]]).astype(np.int64)
    of = {level: at for at, group in enumerate(binned.groups) for level in group}
    owner = [of[levels[0]] for levels in cells.levels]
    inside = [at for at, (a, b) in enumerate(pairwise(owner), start=1) if a != b]
    return np.array([0, *inside, cells.count], np.int64)


def _decisions(said: Sequence[Characteristic], rungs: Sequence[Rung], rung: Rung) -> list[str]:
    left = {each.left: each for each in rungs}
    out = []
    for at, _ in enumerate(said):
        if at in rung.kept:
            out.append("Stayed.")
        elif at in left:
            out.append(
                f"Left: giving it up cost the least, {left[at].cost:.2f} in penalised log likelihood, "
                f"when {len(left[at].kept) + 1} characteristics were in."
            )
        else:
            out.append("Left: beside the others none of its steps outweighs the penalty.")
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
