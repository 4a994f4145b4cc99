"""Which columns go on the card: one at a time, each tested given those already chosen.

Columns are seen in coarse cells of like weight that never look at the outcome. At every step the columns
chosen so far are fitted together, every other column is tested for what they leave unexplained
(`_evidence`), and the one whose test is clearest is taken. None is taken that passes no test at the level.
At the end each chosen column is tested once more given all the others. Where many have passed, the level may
rise (`_level`) and the choice goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting._coarse import Coarsening
from plainscore.scorecard.fitting._evidence import NOTHING, Evidence, evidence
from plainscore.scorecard.fitting._level import level_for
from plainscore.scorecard.fitting._rows import Rows, thinned_by_side
from plainscore.scorecard.fitting._state import Coarse, State, Step, cells_of, fitted, moved
from plainscore.scorecard.fitting._taken_up import left_over, solved

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TOGETHER: Final = 40
"""Columns that are looked at together; of more, those that tell most by themselves."""
TESTED: Final = 50_000
"""Most copies that tests are on: what so many cannot tell from chance moves no score."""
STRAYED: Final = 0.4
"""Log odds by which an average row's may move on a curvature before rows are read again: the tests that
decide at the end are always on rows read again."""


@dataclass(frozen=True)
class Chosen:
    """The columns that were chosen in the order they came, the evidence for each, and the fit of each size.

    `before` is the evidence given the columns chosen before, `others` given all other chosen ones, `rest`
    that of columns which were not chosen, given those which were. `level` is what the tests were held to at
    last, `asked` what they would have been held to had few columns passed. `tested_on` is how many copies of
    rows the tests were on.
    """

    columns: tuple[int, ...]
    kept: tuple[int, ...]
    before: Mapping[int, Evidence]
    others: Mapping[int, Evidence]
    rest: Mapping[int, Evidence]
    weak: Mapping[int, Evidence]
    steps: tuple[Step, ...]
    level: float
    asked: float
    screened: frozenset[int] = frozenset()
    tested_on: int = 0

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
        if at in self.kept:
            return f"Kept by the modeller: {p}."
        wider = f", under {self.level:.2g}, since many pass" if self.others[at].p > self.asked else ""
        return f"Stayed: {p}{wider}."

    def left(self, at: int) -> str:
        """Say why a column left."""
        p, level = self.rest[at].p, self.level
        if at in self.screened:
            return f"of very many columns, {TOGETHER} tell more by themselves (p = {p:.2g} alone)."
        if at in self.weak:
            return f"beside what came after it, it adds nothing beyond chance (p = {self.weak[at].p:.2g})."
        if p > level:
            return f"it adds nothing beyond chance to the others (p = {p:.2g}, over {level:.2g})."
        return f"the card has its size, and others add more (p = {p:.2g})."

    def tests(self, at: int) -> dict[str, float | None]:
        """Return the chances for the log: when it entered, given all others, and left out."""
        return {
            name: round(found[at].p, 7) if at in found else None
            for name, found in (("entered", self.before), ("others", self.others), ("rest", self.rest))
        }


@dataclass(frozen=True)
class Asked:
    """What a choice is held to; `unseen` counts columns that were left out before it."""

    level: float
    most: int
    kept: tuple[int, ...]
    noise: float
    unseen: int = 0


def choose_columns(
    cells: Coarsening, rows: Rows, *, level: float, most: int, kept: Sequence[int] = (), noise: float = 0.0
) -> Chosen:
    """Choose columns one at a time by what they add to those chosen before.

    Parameters
    ----------
    cells : Coarsening
        The coarse cells of all columns.
    rows : Rows
        Outcome of each row, and how many copies it stands for. Weights of a sampling play no part: a test
        counts rows. With groups the residuals of one person are taken together.
    level : float
        Level of each test.
    most : int
        Most columns.
    kept : sequence of int
        Columns that are taken first, whatever the tests say.
    noise : float
        Share of noise among the chosen for which the level may rise where many pass; 0 for never.
    """
    asked = Asked(level, most, tuple(kept), noise)
    if rows.copies > TESTED:
        count = thinned_by_side(rows, TESTED)
        rows = rows.at(np.flatnonzero(count), count)
    found = _choose_of_many(cells.of(rows.codes), rows, asked)
    return replace(found, tested_on=rows.copies)


def _choose_of_many(coarse: Coarse, rows: Rows, asked: Asked) -> Chosen:
    """Choose among all columns, or of very many among those that tell most by themselves."""
    if len(coarse.sizes) <= TOGETHER:
        return _choose_among(coarse, rows, asked)
    alone = {at: _alone(coarse, rows, at) for at in range(len(coarse.sizes))}
    ranked = sorted(alone, key=lambda at: (at not in asked.kept, alone[at].log_p, at))
    some = sorted(ranked[:TOGETHER])
    kept = tuple(some.index(at) for at in asked.kept)
    found = _choose_among(coarse.of(some), rows, replace(asked, kept=kept, unseen=len(ranked) - TOGETHER))
    return _placed(coarse, found, some, {at: alone[at] for at in ranked[TOGETHER:]})


def _alone(coarse: Coarse, rows: Rows, at: int) -> Evidence:
    """Test a column by itself: this screens where there are very many, and admits none."""
    own = coarse.of([at])
    sample = Sample(rows.bad, rows.count.astype(np.float64))
    return _tested(own, fitted(own, sample, [], None, rows.group), [])[0]


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
        found.level,
        found.asked,
        frozenset(screened),
    )


def _choose_among(coarse: Coarse, rows: Rows, asked: Asked) -> Chosen:
    """Choose columns of which all can be seen together."""
    sample = Sample(rows.bad, rows.count.astype(np.float64))
    level, kept = asked.level, asked.kept
    chosen: list[int] = list(kept)
    before: dict[int, Evidence] = {}
    weak: dict[int, Evidence] = {}
    state = fitted(coarse, sample, chosen, None, rows.group)
    steps = [state.step]
    while True:
        rest = _tested(coarse, state, chosen)
        passing = [at for at, found in rest.items() if found.p <= level and at not in weak]
        if passing and len(chosen) < asked.most:
            best = min(passing, key=lambda at: (rest[at].log_p, at))
            before[best] = rest[best]
            chosen.append(best)
            state = moved(coarse, state, best)
            if state.strayed > STRAYED:
                state = fitted(coarse, sample, chosen, state, rows.group)
            steps.append(state.step)
            continue
        if state.strayed:
            state = fitted(coarse, sample, chosen, state, rows.group)
            steps[-1] = state.step
            continue
        others = _given_others(coarse, state, chosen)
        over = [at for at in chosen if others[at].p > level and at not in kept]
        if over:  # what came early may say nothing beside what came later
            out = max(over, key=lambda at: (others[at].log_p, at))
            weak[out] = others[out]
            chosen.remove(out)
            state = fitted(coarse, sample, chosen, state, rows.group)
            continue
        higher = _raised(level, others, rest, asked)
        if higher > level:
            level = higher
            weak = {at: found for at, found in weak.items() if found.p > level}
            continue
        return Chosen(tuple(chosen), kept, before, others, rest, weak, tuple(steps), level, asked.level)


def _raised(
    level: float, others: Mapping[int, Evidence], rest: Mapping[int, Evidence], asked: Asked
) -> float:
    """Return the level that the columns which pass now ask for, never a lower one than before."""
    passed = sum(found.p <= level for found in others.values())
    chances = [found.p for found in rest.values()]
    return max(level, level_for(asked.level, passed, chances, asked.unseen, asked.noise))


def forced_columns(cells: Coarsening, columns: Sequence[int]) -> Chosen:
    """Return columns that somebody else chose, with no evidence for or against any."""
    every = dict.fromkeys(range(cells.columns), NOTHING)
    rest = {at: found for at, found in every.items() if at not in columns}
    return Chosen(tuple(columns), (), {}, every, rest, {}, (), 1.0, 1.0)


def _tested(coarse: Coarse, state: State, chosen: Sequence[int]) -> dict[int, Evidence]:
    """Test every column that is not chosen."""
    rest = [at for at in range(len(coarse.sizes)) if at not in chosen]
    if not rest:
        return {}
    left = left_over(state.taken, state.meat)
    ends = np.cumsum([coarse.sizes[at] for at in rest])[:-1]
    moves = np.split(state.taken.moves(cells_of(coarse, rest)), ends, axis=1)
    return {
        at: evidence(state.sums[own], left(own, move), coarse.bins[at], state.noise)
        for at, own, move in zip(rest, _places(coarse, rest), moves, strict=True)
    }


def _given_others(coarse: Coarse, state: State, chosen: Sequence[int]) -> dict[int, Evidence]:
    """Test each chosen column given all the others, at the fit that the quadratic at hand has without it."""
    if not chosen:
        return {}
    taken, out = state.taken, {}
    left = left_over(taken, state.meat)
    inverse = solved(taken.lower, np.eye(len(taken.lower)))
    here = np.concatenate([[0.0], state.step.table[taken.cells]])
    for at, own in zip(chosen, _places(coarse, chosen), strict=True):
        places = 1 + np.flatnonzero((taken.cells >= own.start) & (taken.cells < own.stop))
        # How the others move as this column's cells go, by the blocks of the inverse (no fit without it is
        # solved).
        moves = -inverse[:, places] @ np.linalg.inv(inverse[np.ix_(places, places)])
        moves[places] = 0.0
        moved = moves @ here[places]
        moved[places] = -here[places]
        sums = state.sums[own] - taken.lines[:, own].T @ moved
        out[at] = evidence(sums, left(own, moves), coarse.bins[at], state.noise)
    return out


def _places(coarse: Coarse, columns: Sequence[int]) -> list[slice]:
    """Return where the cells of each of some columns are."""
    starts = coarse.starts.tolist()
    return [slice(starts[at], starts[at + 1]) for at in columns]
