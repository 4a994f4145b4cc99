"""The rows of a fit in an order of their own: like rows merged, then dealt and exchanged as copies.

A card must not depend on where a row stands, nor on whether two like rows come as two or as one that counts
twice. So rows are put into the order of what they say, like rows are merged into counts, and whatever needs
chance (folds, resamples, an exchange of outcomes) draws among the *copies* in that order with a generator
that never sees the data. An order or a fold by a hash that contains the outcome would bias every estimate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

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
        Fine cell of each column; those of a column lie side by side, since columns are read one by one.
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
        return Sample(self.bad, self.unit if (count == 1).all() else self.unit * count)

    def at(self, places: Ints, count: Ints) -> Rows:
        """Return some rows, with another count of copies."""
        return Rows(
            _at(self.codes, places),
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


def _at(codes: Codes, places: Ints) -> Codes:
    """Return the cells of some rows, those of a column still side by side."""
    return np.take(codes.T, places, axis=1).T


def summed(codes: npt.NDArray[Any], starts: Ints, table: Floats) -> Floats:
    """Return for each row the sum of what a table holds at its cells, a column at a time.

    Parameters
    ----------
    codes : integer (rows, columns)
        The cell of each column.
    starts : int64 (columns,)
        Where each column's cells begin in the table.
    table : float64 (cells,)
        The cells of all columns.
    """
    out = np.zeros(len(codes))
    for at, start in enumerate(starts):
        out += table[start:][codes[:, at]]
    return out


def canonical(codes: Codes, sample: Sample, count: Ints, group: Ints | None = None) -> Rows:
    """Return like rows merged, in the order of what they say.

    Parameters
    ----------
    codes : uint16 (columns, rows)
        Fine cells, in the card's own order of columns. They are put in order where they are, and are the
        rows' from then on: both at once would be the most memory that a fit needs.
    sample : Sample
        Outcome, and the weight of one copy of each row.
    count : int64 (rows,)
        How many copies each row stands for.
    group : int64 (rows,), optional
        Whom each row is about, in any numbering.
    """
    order, new = _sorted(_packed(codes, sample))
    who = None
    if group is not None:
        key = np.empty(len(order), np.int64)
        key[order] = np.cumsum(new) - 1
        who = _numbered(group, key, sample.bad, count)
        order, new = _sorted([who * (int(key.max()) + 1) + key])
    starts = np.flatnonzero(new)
    first, copies = order[starts], np.add.reduceat(count[order], starts)
    del order, new
    for line in codes:
        line[: len(first)] = line[first]
    merged = codes[:, : len(first)]
    if 2 * len(first) < codes.shape[1]:
        merged = merged.copy()
    person = None if who is None else who[first]
    return Rows(merged.T, sample.bad[first], copies, sample.weight[first], person)


def _packed(codes: Codes, sample: Sample) -> list[npt.NDArray[np.uint64]]:
    """Return numbers whose order is that of the cells, then outcome, then weight: as many as need be."""
    parts: list[npt.NDArray[Any]] = [*codes, sample.bad]
    if (sample.weight != sample.weight[0]).any():
        parts.append(np.unique(sample.weight, return_inverse=True)[1].ravel())
    keys, room = [np.zeros(len(sample.bad), np.uint64)], 2**64
    for part in parts:
        size = int(part.max()) + 1
        if room < size:
            keys.append(np.zeros(len(sample.bad), np.uint64))
            room = 2**64
        room //= size
        keys[-1] *= np.uint64(size)
        np.add(keys[-1], part, out=keys[-1], dtype=np.uint64, casting="unsafe")
    return keys


def _sorted(keys: list[npt.NDArray[Any]]) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return rows in the order of their keys, and which of them, in that order, differ from the one before.

    The later keys are looked at only where the first is alike.
    """
    order = np.argsort(keys[0])
    line = keys[0][order]
    new = np.ones(len(line), np.bool_)
    new[1:] = line[1:] != line[:-1]
    alike = ~new
    alike[:-1] |= ~new[1:]
    at = np.flatnonzero(alike)
    if len(keys) > 1 and len(at):
        rows = order[at]
        rows = rows[np.lexsort([*(key[rows] for key in reversed(keys[1:])), line[at]])]
        order[at] = rows
        for key in keys[1:]:
            part = key[rows]
            new[at[1:]] |= part[1:] != part[:-1]
    return order, new


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
    out = np.zeros((len(rows.bad), parts), np.int64)
    if rows.group is not None:
        out[np.arange(len(rows.bad)), _parts_of_people(rows, rows.group, parts, seed)] = rows.count
        return out
    rng, dealt = np.random.default_rng(seed), 0
    for side in (np.flatnonzero(rows.bad), np.flatnonzero(~rows.bad)):
        owner = _copies(side, rows.count)
        part = np.empty(len(owner), np.int64)
        part[rng.permutation(len(owner))] = (dealt + np.arange(len(owner))) % parts
        out += np.bincount(owner * parts + part, minlength=out.size).reshape(out.shape)
        dealt += len(owner)
    return out


def first_part(rows: Rows, parts: int, seed: int = 0) -> Ints:
    """Return how many copies of each row the first of the parts holds that `deal` deals to."""
    if rows.group is not None:
        return np.where(_parts_of_people(rows, rows.group, parts, seed) == 0, rows.count, 0)
    out, rng, dealt = np.zeros(len(rows.bad), np.int64), np.random.default_rng(seed), 0
    for side in (np.flatnonzero(rows.bad), np.flatnonzero(~rows.bad)):
        owner = _copies(side, rows.count)
        rng.shuffle(owner)  # as `deal` puts them in order
        np.add.at(out, owner[-dealt % parts :: parts], 1)
        dealt += len(owner)
    return out


def _parts_of_people(rows: Rows, group: Ints, parts: int, seed: int) -> Ints:
    """Return the part that each row's person goes to: those with a bad row are dealt first."""
    rng = np.random.default_rng(seed)
    here = np.bincount(group, weights=rows.count) > 0  # some rows may have no copy, nor a person any
    has_bad = np.bincount(group, weights=rows.count * rows.bad) > 0
    part = np.zeros(len(here), np.int64)
    dealt = 0
    for side in (np.flatnonzero(has_bad), np.flatnonzero(here & ~has_bad)):
        part[rng.permutation(side)] = (dealt + np.arange(len(side))) % parts
        dealt += len(side)
    return part[group]


def _copies(side: Ints, count: Ints) -> Ints:
    """Return the row of each copy of some rows."""
    each = count[side]
    return side if (each == 1).all() else np.repeat(side, each)


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
        codes=_at(rows.codes, at),
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
    return first_part(rows, -(-rows.copies // most), seed)


def thinned_by_side(rows: Rows, most: int) -> Ints:
    """Return the count of each row among about `most` copies, of the rarer outcome as many as half of them.

    What a logistic regression says of the columns does not depend on how many of either outcome are drawn.
    With groups whole people are drawn, those with a bad row as one side.

    References
    ----------
    Prentice, R. L., Pyke, R. (1979). Logistic disease incidence models and case-control studies. Biometrika
    66.
    """
    side = rows.bad
    if rows.group is not None:
        side = (np.bincount(rows.group, weights=rows.count * rows.bad) > 0)[rows.group]
    sizes = [int(rows.count[part].sum()) for part in (side, ~side)]
    few = min(sizes)
    limits = [max(most // 2, most - few) if size > few else most // 2 for size in sizes]
    out = np.zeros_like(rows.count)
    for part, size, limit in zip((side, ~side), sizes, limits, strict=True):
        if size <= limit:
            out[part] = rows.count[part]
        elif rows.group is None:
            owner = _copies(np.flatnonzero(part), rows.count)
            np.random.default_rng(0).shuffle(owner)
            np.add.at(out, owner[:: -(-size // limit)], 1)
        else:
            own = replace(rows, codes=rows.codes[:, :0], count=rows.count * part)
            out += first_part(own, -(-size // limit))
    return out
