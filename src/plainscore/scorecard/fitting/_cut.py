"""The joint fit's problem: columns in graded cells, side by side, each under its shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np

from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._grouping import Grouping, graded
from plainscore.scorecard.binning._pooled import state_at
from plainscore.scorecard.binning._prebin import Cells, Sample, check_count, cut_cells
from plainscore.scorecard.fitting._fitted import Options
from plainscore.scorecard.fitting._rows import Codes
from plainscore.scorecard.fitting._shape import (
    LEVELS,
    SETTLED,
    Block,
    Problem,
    ShapeFit,
    fit_shape,
    with_blocks,
)
from plainscore.scorecard.fitting._trend import settle_trends

SHAPE_CELLS: Final = 32
"""Cells of like weight per characteristic, smaller ones at both ends apart."""
TAIL_ROWS: Final = 20.0
"""Weight of rows in the smallest cell, at either end."""


def cut_all(
    said: Sequence[Characteristic], columns: Mapping[str, Any], sample: Sample, *, rare_share: float
) -> tuple[list[Cells], Codes]:
    """Cut every column into cells of like weight, smaller at both ends; none looks at the outcome."""
    group = partial(graded, most=SHAPE_CELLS, least=TAIL_ROWS)
    return cut_columns(said, columns, sample, group=group, rare_share=rare_share)


def cut_columns(
    said: Sequence[Characteristic],
    columns: Mapping[str, Any],
    sample: Sample,
    *,
    group: Grouping,
    rare_share: float,
) -> tuple[list[Cells], Codes]:
    """Cut every column as `cut_cells` does.

    Returns
    -------
    list of Cells, uint16 (columns, rows)
        The cells of each column, each its own code, and the cell of every row, which is kept once: for many
        rows it is the most memory that a fit needs.
    """
    codes = np.empty((len(said), len(sample.bad)), np.uint16)
    out = []
    for line, one in zip(codes, said, strict=True):
        cells = cut_cells(one, columns[one.id], sample, group=group, rare_share=rare_share)
        line[:] = cells.codes
        out.append(replace(cells, codes=np.arange(len(cells.goods)).astype(np.uint16)))
    return out, codes


def problem_of(
    cells: Sequence[Cells], codes: Codes, columns: Sequence[int], sample: Sample, options: Options
) -> Problem:
    """Lay columns side by side, without shapes yet.

    Parameters
    ----------
    cells : sequence of Cells
        The columns, counted on the rows at hand.
    codes : uint16 (rows, all columns)
        The cell of each row.
    columns : sequence of int
        Which of them the columns are.
    sample : Sample
        Outcome and weight of each row.
    options : Options
        Which attributes are neutral for want of rows, and which are floored at neutral.
    """
    for one in cells:
        check_count(one.characteristic, len(one.goods))
    blocks = tuple(
        Block(
            one.count,
            len(one.goods),
            LEVELS if one.levels else "none",
            0,
            thin_states(one, options),
            floored_states(one, options),
        )
        for one in cells
    )
    own = np.empty((len(codes), len(columns)), np.uint8)
    for at, column in enumerate(columns):
        own[:, at] = codes[:, column]
    return Problem(own, blocks, sample)


def thin_states(cells: Cells, options: Options) -> tuple[int, ...]:
    """Return the missing, special and unseen attributes with too few rows to hold against anyone."""
    rows = cells.goods + cells.bads
    return tuple(at for at in range(cells.count, len(rows)) if rows[at] < options.min_special)


def floored_states(cells: Cells, options: Options) -> tuple[int, ...]:
    """Return the attributes that earn no less than neutral points."""
    said = cells.characteristic
    return tuple(
        cells.count + state_at(said, code, cells.specials) for code in options.floored.get(said.id, ())
    )


def fit_with_trends(
    problem: Problem, declared: Sequence[str], penalty: float, *, settled: float = SETTLED
) -> tuple[ShapeFit, list[str]]:
    """Fit without shape where none is declared, settle the shapes by that evidence, and fit again."""
    held = [
        replace(block, trend=said) if said in ("ascending", "descending") and block.trend != LEVELS else block
        for block, said in zip(problem.blocks, declared, strict=True)
    ]
    free = fit_shape(with_blocks(problem, held), penalty, settled=settled)
    trends = settle_trends(with_blocks(problem, held), free, declared)
    if all(one.block == before for one, before in zip(trends, held, strict=True)):
        return free, [one.note for one in trends]
    fit = fit_shape(with_blocks(problem, [one.block for one in trends]), penalty, free.theta, settled=settled)
    return fit, [one.note for one in trends]
