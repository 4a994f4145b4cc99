"""The rows of a fit in an order of their own: like rows merged, then dealt and exchanged as copies.

A card must not depend on where a row stands, nor on whether two like rows come as two or as one that counts
twice. So rows are put into the order of what they say, like rows are merged into counts, and whatever needs
chance (folds, resamples, an exchange of outcomes) draws among the *copies* in that order with a generator
that never sees the data. An order or a fold by a hash that contains the outcome would bias every estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.binning._prebin import Sample

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Rows:
    """Distinct rows in canonical order.

    Parameters
    ----------
    codes : uint16 (rows, columns)
        Fine cell of each column.
    bad : bool (rows,)
        The outcome.
    count : int64 (rows,)
        How many copies there are of the row.
    unit : float64 (rows,)
        Weight of one copy.
    group : int64 (rows,), optional
        Whom the row is about, from 0 in canonical order; rows of different people are never merged.
    """

    codes: Codes
    bad: npt.NDArray[np.bool_]
    count: Ints
    unit: Floats
    group: Ints | None = None

    @cached_property
    def sample(self) -> Sample:
        """Outcome and weight of all copies."""
        return self.drawn(self.count)

    def drawn(self, count: Ints) -> Sample:
        """Return outcome and weight of some copies of each row."""
        return Sample(self.bad, self.unit * count)

    def at(self, places: Ints, count: Ints) -> Rows:
        """Return some rows, with another count of copies."""
        return Rows(
            self.codes[places],
            self.bad[places],
            count[places],
            self.unit[places],
            None if self.group is None else self.group[places],
        )

    @property
    def copies(self) -> int:
        """Number of copies."""
        return int(self.count.sum())

    @cached_property
    def bads(self) -> int:
        """Number of bad copies."""
        return int(self.count[self.bad].sum())


def canonical(
    codes: Sequence[npt.NDArray[np.uint16]], sample: Sample, count: Ints, group: Ints | None = None
) -> Rows:
    """Return like rows merged, in the order of what they say.

    Parameters
    ----------
    codes : sequence of uint16 (rows,)
        Fine cells, a column each, in the card's own order of columns.
    sample : Sample
        Outcome, and the weight of one copy of each row.
    count : int64 (rows,)
        How many copies each row stands for.
    group : int64 (rows,), optional
        Whom each row is about, in any numbering.
    """
    table = np.empty((len(sample.bad), len(codes)), np.uint16)
    for at, column in enumerate(codes):
        table[:, at] = column
    _, unit = np.unique(sample.weight, return_inverse=True)
    key = _ranks(table, sample.bad, unit.ravel())
    if group is None:
        _, first, where = np.unique(key, return_index=True, return_inverse=True)
        summed = np.bincount(where.ravel(), weights=count).astype(np.int64)
        return Rows(table[first], sample.bad[first], summed, sample.weight[first])
    order = _numbered(group, key, sample.bad, count)
    _, first, where = np.unique(np.column_stack([order, key]), axis=0, return_index=True, return_inverse=True)
    summed = np.bincount(where.ravel(), weights=count).astype(np.int64)
    return Rows(table[first], sample.bad[first], summed, sample.weight[first], order[first])


def _ranks(table: Codes, bad: npt.NDArray[np.bool_], unit: Ints) -> Ints:
    """Return the rank of each row among the distinct ones: by its cells, then outcome, then weight."""
    big = np.ascontiguousarray(np.column_stack([table, bad.astype(np.uint16)]).astype(">u2"))
    texts = big.view(np.dtype((np.void, big.shape[1] * 2))).ravel()
    _, key = np.unique(texts, return_inverse=True)
    key = key.ravel().astype(np.int64)
    if unit.any():
        _, key = np.unique(key * (int(unit.max()) + 1) + unit, return_inverse=True)
    return np.asarray(key.ravel(), np.int64)


def _numbered(group: Ints, key: Ints, bad: npt.NDArray[np.bool_], count: Ints) -> Ints:
    """Return people numbered by what their rows say: cases, bads, then the ranks of their rows."""
    _, who = np.unique(group, return_inverse=True)
    who = who.ravel()
    cases = np.bincount(who, weights=count)
    bads = np.bincount(who, weights=count * bad)
    order = np.lexsort([key, who])
    ends = np.cumsum(cases).astype(np.int64)[:-1]
    said = [part.tobytes() for part in np.split(np.repeat(key[order], count[order]).astype(">i8"), ends)]
    sorted_people = sorted(range(len(said)), key=lambda at: (cases[at], bads[at], said[at]))
    number = np.empty(len(said), np.int64)
    number[sorted_people] = np.arange(len(said))
    return np.asarray(number[who])


def deal(rows: Rows, parts: int, seed: int = 0) -> Ints:
    """Deal the copies to parts of like size, goods and bads apart; whole people where there are groups.

    Returns
    -------
    int64 (rows, parts)
        How many copies of each row each part holds.
    """
    rng = np.random.default_rng(seed)
    out = np.zeros((len(rows.bad), parts), np.int64)
    if rows.group is not None:
        here = np.bincount(rows.group, weights=rows.count) > 0  # some rows may have no copy, nor a person any
        has_bad = np.bincount(rows.group, weights=rows.count * rows.bad) > 0
        part = np.zeros(len(here), np.int64)
        dealt = 0
        for side in (np.flatnonzero(has_bad), np.flatnonzero(here & ~has_bad)):
            part[rng.permutation(side)] = (dealt + np.arange(len(side))) % parts
            dealt += len(side)
        out[np.arange(len(rows.bad)), part[rows.group]] = rows.count
        return out
    dealt = 0
    for side in (np.flatnonzero(rows.bad), np.flatnonzero(~rows.bad)):
        owner = np.repeat(side, rows.count[side])
        part = np.empty(len(owner), np.int64)
        part[rng.permutation(len(owner))] = (dealt + np.arange(len(owner))) % parts
        out += np.bincount(owner * parts + part, minlength=out.size).reshape(out.shape)
        dealt += len(owner)
    return out


def exchanged(rows: Rows, seed: int) -> Rows:
    """Return the rows with their outcomes exchanged at random.

    Without groups any two copies may exchange outcomes. With groups the whole history of a person goes to
    another with as many cases, so that what outcomes of one person have in common stays together.
    """
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(len(rows.bad)), rows.count)
    bad = rows.bad[owner]
    free = rows.group is None
    bad = bad[rng.permutation(len(bad))] if free else _histories(rows.group[owner], bad, rng)  # type: ignore[index]
    pair = owner * 2 + bad
    found, count = np.unique(pair, return_counts=True)
    at = found // 2
    return replace(
        rows,
        codes=rows.codes[at],
        bad=found % 2 == 1,
        count=count.astype(np.int64),
        unit=rows.unit[at],
        group=None if rows.group is None else rows.group[at],
    )


def _histories(group: Ints, bad: npt.NDArray[np.bool_], rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    order = np.argsort(group, kind="stable")
    cases = np.bincount(group)
    start = np.concatenate([[0], np.cumsum(cases)[:-1]])
    out = np.empty_like(bad)
    for size in np.unique(cases):
        people = np.flatnonzero(cases == size)
        places = order[start[people][:, None] + np.arange(size)]
        # Within a person in any order, since rows stand in canonical order.
        history = rng.permuted(bad[places], axis=1)
        out[places] = history[rng.permutation(len(people))]
    return out


def thinned(rows: Rows, most: int, seed: int = 0) -> Ints:
    """Return the count of each row among about `most` copies (of people, where there are groups)."""
    if rows.copies <= most:
        return rows.count
    return deal(rows, -(-rows.copies // most), seed)[:, 0]
