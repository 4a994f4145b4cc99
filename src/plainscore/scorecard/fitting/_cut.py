"""The joint fit's problem: columns in even cells, laid side by side, each under the shape it is fitted in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np

from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._prebin import Cells, Sample, check_count, cut_cells, even
from plainscore.scorecard.fitting._fitted import Options
from plainscore.scorecard.fitting._shape import SETTLED, Block, Problem, ShapeFit, fit_shape, with_blocks
from plainscore.scorecard.fitting._trend import settle_trends

SHAPE_CELLS: Final = 32
"""Cells of like weight per characteristic; twice as many gain nothing on the public sets and half lose."""


def cut_all(
    said: Sequence[Characteristic], columns: Mapping[str, Any], sample: Sample, options: Options
) -> list[Cells]:
    """Cut every column into cells of like weight."""
    return [cut_even(one, columns[one.id], sample, options) for one in said]


def cut_even(said: Characteristic, values: Any, sample: Sample, options: Options) -> Cells:
    """Cut a column into cells of like weight; the order of levels alone looks at the outcome."""
    return cut_cells(
        said,
        values,
        sample,
        group=partial(even, most=SHAPE_CELLS),
        smoothing=options.limits.smoothing,
        rare_share=options.rare_share,
    )


def whole_problem(cells: Sequence[Cells], sample: Sample, options: Options) -> Problem:
    """Lay all columns side by side, without shapes yet."""
    for one in cells:
        check_count(one.characteristic, len(one.goods))
    # Column by column: side by side as they come, the wider codes would be the fit's peak of memory.
    codes = np.empty((len(sample.bad), len(cells)), np.uint8)
    for at, one in enumerate(cells):
        codes[:, at] = one.codes
    blocks = tuple(Block(one.count, len(one.goods), "none", 0, _thin(one, options)) for one in cells)
    return Problem(codes, blocks, sample)


def _thin(cells: Cells, options: Options) -> tuple[int, ...]:
    rows = cells.goods + cells.bads
    return tuple(at for at in range(cells.count, len(rows)) if rows[at] < options.min_special)


def fit_with_trends(
    problem: Problem, declared: Sequence[str], penalty: float, *, settled: float = SETTLED
) -> tuple[ShapeFit, list[str]]:
    """Fit without shape where none is declared, settle the shapes by that evidence, and fit again."""
    held = [
        replace(block, trend=said if said in ("ascending", "descending") else "none")
        for block, said in zip(problem.blocks, declared, strict=True)
    ]
    free = fit_shape(with_blocks(problem, held), penalty, settled=settled)
    trends = settle_trends(problem, free, declared)
    fit = fit_shape(with_blocks(problem, [one.block for one in trends]), penalty, free.theta, settled=settled)
    return fit, [one.note for one in trends]
