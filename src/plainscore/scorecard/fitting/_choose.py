"""Which columns go on the card: one at a time, each tested given those already chosen.

Columns are seen in coarse cells of like weight that never look at the outcome. At every step the columns
chosen so far are fitted together, every other column is tested for what they leave unexplained
(`_evidence`), and the one whose test is clearest is taken. None is taken that passes no test at the level.
At the end each chosen column is tested once more given all the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting._evidence import NOTHING, Evidence, evidence
from plainscore.scorecard.fitting._rows import Rows

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

RIDGE: Final = 1.0
"""Average rows by which each coarse attribute is drawn to no effect: next to nothing, but a fit exists."""
TOGETHER: Final = 40
"""Columns that are looked at together; of more, those that tell most by themselves."""
_ROUNDS: Final = 12
_SETTLED: Final = 1e-6


@dataclass(frozen=True)
class Coarse:
    """Columns in coarse cells.

    Parameters
    ----------
    codes : uint8 (rows, columns)
        Coarse cell of each row, C order.
    bins : tuple of int
        How many cells of each column are ordered; 0 for levels.
    sizes : tuple of int
        How many cells each column has, states included.
    """

    codes: Bytes
    bins: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def starts(self) -> Ints:
        """Where each column's cells begin."""
        return np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)

    def of(self, columns: Sequence[int]) -> Coarse:
        """Return some columns."""
        return Coarse(
            np.ascontiguousarray(self.codes[:, list(columns)]),
            tuple(self.bins[at] for at in columns),
            tuple(self.sizes[at] for at in columns),
        )

    def at(self, rows: Ints) -> Coarse:
        """Return some rows."""
        return replace(self, codes=np.ascontiguousarray(self.codes[rows]))


@dataclass(frozen=True)
class Step:
    """A fit of some columns: log odds of good of every coarse cell."""

    columns: tuple[int, ...]
    intercept: float
    table: Floats


@dataclass(frozen=True)
class Chosen:
    """The columns that were chosen in the order they came, the evidence for each, and the fit of each size.

    `before` is the evidence given the columns chosen before, `others` given all other chosen ones, `rest`
    that of columns which were not chosen, given those which were.
    """

    columns: tuple[int, ...]
    kept: tuple[int, ...]
    before: Mapping[int, Evidence]
    others: Mapping[int, Evidence]
    rest: Mapping[int, Evidence]
    weak: Mapping[int, Evidence]
    steps: tuple[Step, ...]
    screened: frozenset[int] = frozenset()

    def until(self, level: float) -> tuple[int, ...]:
        """Return the columns that came before the first one over a level, those that are kept among them."""
        out = list(self.kept)
        for at in self.columns:
            if at in out:
                continue
            if at not in self.before or self.before[at].p > level:
                break
            out.append(at)
        return tuple(out)

    def stayed(self, at: int) -> str:
        """Say why a column stayed."""
        p = f"p = {self.others[at].p:.2g} given the other characteristics"
        return f"Kept by the modeller: {p}." if at in self.kept else f"Stayed: {p}."

    def left(self, at: int, level: float) -> str:
        """Say why a column left."""
        p = self.rest[at].p
        if at in self.screened:
            return f"of very many columns, {TOGETHER} tell more by themselves (p = {p:.2g} alone)."
        if at in self.weak:
            return f"beside what came after it, it adds nothing beyond chance (p = {self.weak[at].p:.2g})."
        if p > level:
            return f"it adds nothing beyond chance to the others (p = {p:.2g}, over {level:g})."
        return f"the card has its size, and others add more (p = {p:.2g})."

    def tests(self, at: int) -> dict[str, float | None]:
        """Return the chances for the log: when it entered, given all others, and left out."""
        return {
            name: round(found[at].p, 7) if at in found else None
            for name, found in (("entered", self.before), ("others", self.others), ("rest", self.rest))
        }


@dataclass(frozen=True)
class _State:
    """A fit of the chosen columns with what tests need: residual sums and covariances of all cells."""

    step: Step
    sums: Floats
    bend: Floats
    meat: Floats
    noise: float


def choose_columns(
    coarse: Coarse, rows: Rows, *, level: float, most: int, kept: Sequence[int] = ()
) -> Chosen:
    """Choose columns one at a time by what they add to those chosen before.

    Parameters
    ----------
    coarse : Coarse
        All columns.
    rows : Rows
        Outcome of each row, and how many copies it stands for. Weights of a sampling play no part: a test
        counts rows. With groups the residuals of one person are taken together.
    level : float
        Level of each test.
    most : int
        Most columns.
    kept : sequence of int
        Columns that are taken first, whatever the tests say.
    """
    if len(coarse.sizes) <= TOGETHER:
        return _choose_among(coarse, rows, level, most, kept)
    alone = {at: _alone(coarse, rows, at) for at in range(len(coarse.sizes))}
    ranked = sorted(alone, key=lambda at: (at not in kept, alone[at].log_p, at))
    some = sorted(ranked[:TOGETHER])
    found = _choose_among(coarse.of(some), rows, level, most, [some.index(at) for at in kept])
    return _placed(coarse, found, some, {at: alone[at] for at in ranked[TOGETHER:]})


def _alone(coarse: Coarse, rows: Rows, at: int) -> Evidence:
    """Test a column by itself: this screens where there are very many, and admits none."""
    own = coarse.of([at])
    sample = Sample(rows.bad, rows.count.astype(np.float64))
    return _tested(own, _fitted(own, sample, [], None, rows.group), [])[0]


def _placed(coarse: Coarse, found: Chosen, some: Sequence[int], screened: Mapping[int, Evidence]) -> Chosen:
    """Return a choice among some columns in the numbering of all."""

    def named(evidence: Mapping[int, Evidence]) -> dict[int, Evidence]:
        return {some[at]: each for at, each in evidence.items()}

    cells, steps = cells_of(coarse, some), []
    for step in found.steps:
        table = np.zeros(int(coarse.starts[-1]))
        table[cells] = step.table
        steps.append(Step(tuple(some[at] for at in step.columns), step.intercept, table))
    return Chosen(
        tuple(some[at] for at in found.columns),
        tuple(some[at] for at in found.kept),
        named(found.before),
        named(found.others),
        {**named(found.rest), **screened},
        named(found.weak),
        tuple(steps),
        frozenset(screened),
    )


def _choose_among(coarse: Coarse, rows: Rows, level: float, most: int, kept: Sequence[int]) -> Chosen:
    """Choose columns of which all can be seen together."""
    sample = Sample(rows.bad, rows.count.astype(np.float64))
    chosen: list[int] = list(kept)
    before: dict[int, Evidence] = {}
    weak: dict[int, Evidence] = {}
    state = _fitted(coarse, sample, chosen, None, rows.group)
    steps = [state.step]
    while True:
        rest = _tested(coarse, state, chosen)
        passing = [at for at, found in rest.items() if found.p <= level and at not in weak]
        if passing and len(chosen) < most:
            best = min(passing, key=lambda at: (rest[at].log_p, at))
            before[best] = rest[best]
            chosen.append(best)
            state = _fitted(coarse, sample, chosen, state.step, rows.group)
            steps.append(state.step)
            continue
        others = _given_others(coarse, state, chosen)
        over = [at for at in chosen if others[at].p > level and at not in kept]
        if not over:
            return Chosen(tuple(chosen), tuple(kept), before, others, rest, weak, tuple(steps))
        # What came early may say nothing beside what came later.
        out = max(over, key=lambda at: (others[at].log_p, at))
        weak[out] = others[out]
        chosen.remove(out)
        state = _fitted(coarse, sample, chosen, state.step, rows.group)


def forced_columns(coarse: Coarse, columns: Sequence[int]) -> Chosen:
    """Return columns that somebody else chose, with no evidence for or against any."""
    every = dict.fromkeys(range(len(coarse.sizes)), NOTHING)
    rest = {at: found for at, found in every.items() if at not in columns}
    return Chosen(tuple(columns), (), {}, every, rest, {}, ())


def _fitted(
    coarse: Coarse, sample: Sample, chosen: Sequence[int], start: Step | None, group: Ints | None
) -> _State:
    """Fit the chosen columns by Newton's method on their cells, nearly without a penalty."""
    from plainscore.scorecard.fitting import _kernel_shape as kernel

    starts = coarse.starts
    noise = sample.goods * sample.bads / float(sample.weight.sum()) ** 2
    cells = cells_of(coarse, chosen)
    table = np.zeros(int(starts[-1]))
    if start is not None:
        table[cells] = start.table[cells]
    intercept = float(np.log(sample.goods / sample.bads)) if start is None else start.intercept
    own = np.ascontiguousarray(coarse.codes[:, list(chosen)]) if chosen else coarse.codes[:, :0]
    at = np.array([starts[one] for one in chosen], np.int64)
    ridge = np.concatenate([[0.0], np.full(len(cells), RIDGE * noise)])
    for _ in range(_ROUNDS if len(cells) else 0):
        _, sums = kernel.gradient_of(own, at, table, intercept, sample.bad, sample.weight)
        bend = kernel.curvature_of(own, at, table, intercept, sample.weight)
        whole = _with_intercept(bend[np.ix_(cells, cells)], coarse.sizes[chosen[0]])
        slope = np.concatenate([[sums[cells[: coarse.sizes[chosen[0]]]].sum()], sums[cells]])
        here = np.concatenate([[0.0], table[cells]])
        move = np.linalg.solve(whole + np.diag(ridge), slope - ridge * here)
        move *= min(1.0, 2.0 / max(float(np.abs(move).max()), 1e-12))
        intercept += float(move[0])
        table[cells] += move[1:]
        if float(np.abs(move @ (slope - ridge * here))) < _SETTLED:
            break
    _, sums = kernel.gradient_of(coarse.codes, starts[:-1], table, intercept, sample.bad, sample.weight)
    bend = kernel.curvature_of(coarse.codes, starts[:-1], table, intercept, sample.weight)
    meat = bend if group is None else _by_person(coarse, sample, table, intercept, group)
    return _State(Step(tuple(chosen), intercept, table), sums, bend, meat, noise)


def cells_of(coarse: Coarse, chosen: Sequence[int]) -> Ints:
    """Return the places of the cells of some columns."""
    starts = coarse.starts
    return np.concatenate(
        [np.zeros(0, np.int64), *(np.arange(starts[at], starts[at + 1]) for at in chosen)]
    ).astype(np.int64)


def _with_intercept(bend: Floats, first: int) -> Floats:
    """Return the curvature with a row for the intercept: the sum over one column's cells."""
    line = bend[:first].sum(axis=0)
    out = np.empty((len(bend) + 1, len(bend) + 1))
    out[1:, 1:] = bend
    out[0, 1:] = out[1:, 0] = line
    out[0, 0] = line[:first].sum()
    return out


def _by_person(coarse: Coarse, sample: Sample, table: Floats, intercept: float, group: Ints) -> Floats:
    """Return the covariance of the residual sums with the residuals of each person taken together."""
    from scipy.sparse import coo_array

    places = coarse.codes + coarse.starts[:-1]
    eta = intercept + table[places].sum(axis=1)
    left = sample.weight * (~sample.bad - 1.0 / (1.0 + np.exp(-eta)))
    columns = places.shape[1]
    shape = (int(group.max()) + 1, len(table))
    entries = (np.repeat(left, columns), (np.repeat(group, columns), places.ravel()))
    people = coo_array(entries, shape=shape).tocsr()
    return np.asarray((people.T @ people).toarray(), np.float64)


def _tested(coarse: Coarse, state: _State, chosen: Sequence[int]) -> dict[int, Evidence]:
    """Test every column that is not chosen."""
    starts, taken = coarse.starts, cells_of(coarse, chosen)
    whole = _TakenUp(coarse, state, taken)
    out = {}
    for at in range(len(coarse.sizes)):
        if at not in chosen:
            own = np.arange(starts[at], starts[at + 1])
            out[at] = evidence(state.sums[own], whole.left_over(own), coarse.bins[at], state.noise)
    return out


def _given_others(coarse: Coarse, state: _State, chosen: Sequence[int]) -> dict[int, Evidence]:
    """Test each chosen column given all the others, at the fit that the quadratic at hand has without it."""
    if not chosen:
        return {}
    starts, cells = coarse.starts, cells_of(coarse, chosen)
    everyone = _TakenUp(coarse, state, cells)
    inverse = np.linalg.inv(everyone.whole)
    here = np.concatenate([[0.0], state.step.table[cells]])
    out = {}
    for at in chosen:
        own = np.arange(starts[at], starts[at + 1])
        places = 1 + np.flatnonzero((cells >= starts[at]) & (cells < starts[at + 1]))
        others = np.setdiff1d(np.arange(len(here)), places)
        # How the others move as this column's cells go, by the blocks of the inverse (no fit without it is
        # solved).
        moves = -inverse[np.ix_(others, places)] @ np.linalg.inv(inverse[np.ix_(places, places)])
        moved = np.zeros(len(here))
        moved[places] = -here[places]
        moved[others] = moves @ here[places]
        sums = state.sums[own] - everyone.lines[:, own].T @ moved
        left = everyone.left_by(own, others, np.asarray(moves, np.float64))
        out[at] = evidence(sums, left, coarse.bins[at], state.noise)
    return out


class _TakenUp:
    """What a fit of the intercept and the chosen cells takes up of the residual sums of every cell."""

    def __init__(self, coarse: Coarse, state: _State, taken: Ints) -> None:
        first = coarse.sizes[
            0
        ]  # each row falls in one cell of the first column, so these sum to the intercept's

        def lines_of(matrix: Floats) -> tuple[Floats, Floats]:
            lines = np.concatenate([matrix[:first].sum(axis=0)[None, :], matrix[taken]])
            corner = np.concatenate([lines[:, :first].sum(axis=1)[:, None], lines[:, taken]], axis=1)
            return lines, corner

        self.lines, corner = lines_of(state.bend)
        self.whole = corner + np.diag(np.concatenate([[0.0], np.full(len(taken), RIDGE * state.noise)]))
        self._moves = np.linalg.solve(self.whole, self.lines)
        self._meat = state.meat
        self._meat_lines, self._meat_corner = lines_of(state.meat)

    def left_over(self, own: Ints) -> Floats:
        """Return the covariance of a column's sums without what is taken up of them."""
        return self.left_by(own, np.arange(len(self.whole)), np.asarray(self._moves[:, own], np.float64))

    def left_by(self, own: Ints, others: Ints, moves: Floats) -> Floats:
        """Return the same where only some of the parameters take up, each as `moves` says."""
        cross = moves.T @ self._meat_lines[np.ix_(others, own)]
        inner = moves.T @ self._meat_corner[np.ix_(others, others)] @ moves
        out = self._meat[np.ix_(own, own)] - cross - cross.T + inner
        return np.asarray((out + out.T) / 2)
