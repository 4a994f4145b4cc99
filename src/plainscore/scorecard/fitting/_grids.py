"""Two-way tables on top of a fitted card: which pairs, how many, and what each buys.

A pair is ranked by the chi-square of what the card leaves unexplained in the cells of its two
characteristics. Its table is fitted with a ridge, so that a cell with few rows says little, and held so
that no declared direction is broken for anyone. How many tables stay is settled on rows that they were
not fitted on.

References
----------
Lou, Y., Caruana, R., Gehrke, J., Hooker, G. (2013). Accurate intelligible models with pairwise
interactions. KDD.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard._errors import InputError
from plainscore.scorecard.binning._binning import Binned
from plainscore.scorecard.binning._prebin import Sample, tallied
from plainscore.scorecard.card._grid import attainable
from plainscore.scorecard.fitting._crossval import FOLDS, LEAST_OF_EACH, area, smallest_as_good
from plainscore.scorecard.fitting._held import DECLARED, hold_cells, slack_of
from plainscore.scorecard.fitting._rows import Rows, deal, summed, thinned
from plainscore.scorecard.fitting._shape import LEVELS, ROUGHLY, Block, Problem, fit_shape

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pair = tuple[int, int]

RIDGE: Final = 30.0
"""Information (rows times p (1 - p)) by which a cell is drawn to no change."""
RANK_ROWS: Final = 200_000
"""Copies, dealt by chance, on which pairs are ranked and the number of tables is settled."""
FOLD_PENALTY: Final = 0.5
"""Penalty of the characteristics' own weights where they are fitted again on part of the rows."""
MOST_CELLS: Final = 3_000
"""Cells of all tables: rounding weighs the rows of each two of them together."""
_ROUNDS: Final = 8
_KNOWN: Final = 1.0
"""Least information of a cell that counts in a pair's chi-square."""


@dataclass(frozen=True)
class FittedGrid:
    """A two-way table in log odds of good, with the codes of its cells."""

    pair: Pair
    weights: Floats
    codes: npt.NDArray[np.uint16]
    goods: Floats
    bads: Floats


@dataclass(frozen=True)
class Chosen:
    """The tables that stay, and the log of every number of tables tried."""

    grids: list[FittedGrid]
    log: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Rows:
    """The card so far on some rows: attribute codes, log odds, outcome and copies."""

    binned: Sequence[Binned]
    weights: Sequence[Floats]
    codes: npt.NDArray[np.uint8]
    offset: Floats
    rows: Rows

    @property
    def sample(self) -> Sample:
        return self.rows.sample

    def at(self, count: Ints) -> _Rows:
        """Return some copies."""
        some = np.flatnonzero(count)
        return _Rows(
            self.binned, self.weights, self.codes[some], self.offset[some], self.rows.at(some, count)
        )

    def cells(self, pair: Pair) -> npt.NDArray[np.uint16]:
        first, second = pair
        return self.codes[:, first].astype(np.uint16) * len(self.weights[second]) + self.codes[:, second]

    def shape(self, pair: Pair) -> tuple[int, int]:
        return len(self.weights[pair[0]]), len(self.weights[pair[1]])


def choose_grids(
    binned: Sequence[Binned], weights: Sequence[Floats], intercept: float, rows: Rows, most: int
) -> Chosen:
    """Return at most `most` two-way tables: as few as rows they were not fitted on cannot tell from the best.

    Parameters
    ----------
    binned : sequence of Binned
        The characteristics of the card; `codes` holds the attribute of each row.
    weights : sequence of float64 arrays
        Log odds of good of their attributes.
    intercept : float
        Log odds where every weight is 0.
    rows : Rows
        Outcome and copies of the rows.
    most : int
        Most tables; 0 for none.
    """
    if most == 0 or len(binned) < 2:
        return Chosen([])
    codes = np.ascontiguousarray(np.column_stack([one.codes for one in binned]))
    offset = np.full(len(codes), intercept)
    for at, values in enumerate(weights):
        offset += values[codes[:, at]]
    everyone = _Rows(binned, weights, codes, offset, rows)
    some = everyone.at(thinned(rows, RANK_ROWS))
    pairs = _in_turn(some, most)
    count, log = _how_many(some, len(pairs))
    for step, (pair, chi_square) in zip(log[1:], pairs, strict=False):
        step |= {"first": binned[pair[0]].id, "second": binned[pair[1]].id, "chi_square": chi_square}
    kept = [pair for pair, _ in pairs[:count]]
    return Chosen([_finished(everyone, pair, cells) for pair, cells in _fit(everyone, kept).items()], log)


def set_by_hand(binned: Binned) -> bool:
    """Return whether states are pooled or points fixed by hand, which a two-way table would undo."""
    return any(edit.what in ("pool", "fix") for edit in binned.characteristic.edits)


def _finished(rows: _Rows, pair: Pair, weights: Floats) -> FittedGrid:
    codes = rows.cells(pair)
    return FittedGrid(pair, weights, codes, *tallied(codes, rows.sample, weights.size))


def _in_turn(rows: _Rows, most: int) -> list[tuple[Pair, float]]:
    """Take one pair at a time, each the one that explains most of what is left."""
    taken: list[tuple[Pair, float]] = []
    tables: dict[Pair, Floats] = {}
    while len(taken) < most:
        ranked = _ranked(rows, tables)
        pair = next((pair for pair in ranked if _within_reach(rows, [*tables, pair])), None)
        if pair is None or ranked[pair] <= 0:
            break
        taken.append((pair, ranked[pair]))
        tables = _fit(rows, [each for each, _ in taken], start=tables)
    return taken


def _within_reach(rows: _Rows, pairs: Sequence[Pair]) -> bool:
    """Tell whether these tables can still be rounded together, and the range of scores be found."""
    if sum(int(np.prod(rows.shape(pair))) for pair in pairs) > MOST_CELLS:
        return False
    try:
        empty = {pair: np.zeros(rows.shape(pair)).tolist() for pair in pairs}
        attainable([values.tolist() for values in rows.weights], empty)
    except InputError:
        return False
    return True


def _log_odds(rows: _Rows, tables: Mapping[Pair, Floats]) -> Floats:
    eta = rows.offset.copy()
    for pair, cells in tables.items():
        eta += cells.ravel()[rows.cells(pair)]
    return eta


def _residuals(rows: _Rows, tables: Mapping[Pair, Floats]) -> tuple[Floats, Floats]:
    """Return what is left to explain in every row, and its curvature."""
    p = 1.0 / (1.0 + np.exp(-_log_odds(rows, tables)))
    weight = rows.sample.weight
    return weight * (~rows.sample.bad - p), weight * p * (1.0 - p)


def _ranked(rows: _Rows, tables: Mapping[Pair, Floats]) -> dict[Pair, float]:
    """Return the pairs not taken yet by the chi-square of their cells over what chance would give."""
    residual, curve = _residuals(rows, tables)
    gains = {}
    for pair in combinations(range(len(rows.binned)), 2):
        if pair in tables or any(set_by_hand(rows.binned[at]) for at in pair):
            continue
        cells, size = rows.cells(pair), int(np.prod(rows.shape(pair)))
        pull = np.bincount(cells, weights=residual, minlength=size)
        bend = np.bincount(cells, weights=curve, minlength=size)
        known = bend > _KNOWN
        held = bend[known] + RIDGE
        gains[pair] = float((pull[known] ** 2 / held).sum() - (bend[known] / held).sum())
    return dict(sorted(gains.items(), key=lambda item: (-item[1], item[0])))


def _fit(rows: _Rows, pairs: Sequence[Pair], start: dict[Pair, Floats] | None = None) -> dict[Pair, Floats]:
    """Fit tables together, one in turn, each held to what the declared directions leave it."""
    tables = {pair: (start or {}).get(pair, np.zeros(rows.shape(pair))) for pair in pairs}
    slack = slack_of(rows.binned, rows.weights, pairs)
    codes = {pair: rows.cells(pair) for pair in pairs}
    for _ in range(_ROUNDS):
        for pair in pairs:
            residual, curve = _residuals(rows, tables)
            size = tables[pair].size
            pull = np.bincount(codes[pair], weights=residual, minlength=size).reshape(tables[pair].shape)
            bend = np.bincount(codes[pair], weights=curve, minlength=size).reshape(tables[pair].shape)
            moved = tables[pair] + (pull - RIDGE * tables[pair]) / (bend + RIDGE)
            tables[pair] = hold_cells(moved, np.asarray(bend + RIDGE, np.float64), slack[pair])
    return tables


def _how_many(rows: _Rows, most: int) -> tuple[int, list[dict[str, Any]]]:
    """Return the fewest tables within one standard error of the best, and the AUC of every number.

    There are none where there are too few rows to tell.

    The characteristics' own weights are fitted again without each fold: weights that have seen a row
    leave less of it unexplained than there is, and tables would look worse than they are.
    """
    if min(rows.rows.bads, rows.rows.copies - rows.rows.bads) < FOLDS * LEAST_OF_EACH:
        return 0, []
    aucs = []
    for outside in deal(rows.rows, FOLDS).T:
        inside = rows.rows.count - outside
        refitted = _fitted_on(rows, inside)
        train, test = refitted.at(inside), refitted.at(outside)
        pairs = [pair for pair, _ in _in_turn(train, most)]
        aucs.append({count: _auc(train, test, pairs[:count]) for count in range(len(pairs) + 1)})
    return smallest_as_good(aucs, "tables")


def _fitted_on(rows: _Rows, some: Ints) -> _Rows:
    """Return the rows with the characteristics' own weights fitted on some of them."""
    blocks = tuple(
        Block(
            one.bins,
            len(one.goods),
            LEVELS if one.groups else one.trend if one.trend in DECLARED else "none",
        )
        for one in rows.binned
    )
    part = rows.at(some)
    problem = Problem(np.ascontiguousarray(part.codes), blocks, part.sample)
    fit = fit_shape(problem, FOLD_PENALTY, settled=ROUGHLY)
    offset = fit.intercept + summed(rows.codes, problem.starts[:-1], fit.table)
    return replace(rows, offset=offset)


def _auc(train: _Rows, test: _Rows, pairs: Sequence[Pair]) -> float:
    return area(test.sample.bad, -_log_odds(test, _fit(train, pairs)), test.sample.weight)
