"""How many characteristics a jointly fitted card needs, by cross-validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._columns import take_rows
from plainscore.scorecard.binning._characteristic import Characteristic
from plainscore.scorecard.binning._prebin import Cells, Sample, codes_in, tallied
from plainscore.scorecard.fitting._crossval import FEWEST, area, folds, smallest_as_good
from plainscore.scorecard.fitting._cut import cut_even, fit_with_trends, whole_problem
from plainscore.scorecard.fitting._fitted import Options
from plainscore.scorecard.fitting._path import give_up_in_turn
from plainscore.scorecard.fitting._shape import ROUGHLY

Rows = npt.NDArray[np.int64]


def choose_size(
    said: Sequence[Characteristic],
    columns: Mapping[str, Any],
    cells: Sequence[Cells],
    sample: Sample,
    options: Options,
) -> tuple[int | None, list[dict[str, Any]]]:
    """Return the smallest number of characteristics that is as good as the best, and the path.

    None where there are too few rows to tell.
    """
    parts = folds(sample)
    if not parts:
        return None, []
    aucs = [_fold_aucs(said, columns, cells, sample, options, train, test) for train, test in parts]
    return smallest_as_good(aucs, "size")


def _fold_aucs(
    said: Sequence[Characteristic],
    columns: Mapping[str, Any],
    cells: Sequence[Cells],
    sample: Sample,
    options: Options,
    train: Rows,
    test: Rows,
) -> dict[int, float]:
    part = Sample(sample.bad[train], sample.weight[train])
    both = [
        _cut_again(one, columns[one.characteristic.id], part, options, train, test)
        if one.levels
        else (_on_rows(one, part, train), one.codes[test])
        for one in cells
    ]
    problem = whole_problem([inside for inside, _ in both], part, options)
    fit, _ = fit_with_trends(problem, [one.direction for one in said], options.penalty, settled=ROUGHLY)
    places = problem.starts[:-1] + np.column_stack([outside for _, outside in both])
    out = {}
    for rung in give_up_in_turn(fit, min(FEWEST, len(said))):
        risk = -(rung.theta[0] + fit.steps.weights(rung.theta)[places].sum(axis=1))
        out[len(rung.kept)] = area(sample.bad[test], risk, sample.weight[test])
    return out


def _on_rows(cells: Cells, part: Sample, rows: Rows) -> Cells:
    """Return the cells with the counts of some rows; their edges were cut without a look at the outcome."""
    codes = cells.codes[rows]
    goods, bads = tallied(codes, part, len(cells.goods))
    return replace(cells, codes=codes, goods=goods, bads=bads)


def _cut_again(
    cells: Cells, values: Any, part: Sample, options: Options, train: Rows, test: Rows
) -> tuple[Cells, npt.NDArray[np.uint16]]:
    """Cut levels by the risk of the rows to fit on alone: their order looks at the outcome."""
    inside = cut_even(cells.characteristic, take_rows(values, train), part, options)
    return inside, codes_in(inside, take_rows(values, test))
