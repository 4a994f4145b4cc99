"""The records behind a reason, each with the exact score without it and had it been in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
import pyarrow as pa

from plainscore.characteristics import DATES, NOT_APPLICABLE, TOO_FEW, Entry, derive
from plainscore.history import History
from plainscore.reasons._claims import earns_more_above, earns_more_below
from plainscore.reasons._hypothetical import Hypothetical, Key, Row
from plainscore.scorecard import Card

MOST_SETS: Final = {2: 800, 3: 600}
"""Sets of each size tried when no record matters alone, among the likeliest: bounds the work for long
histories. Below 41 records every pair is tried, below 17 every three."""

MOST_SHOWN: Final = 24
"""Records listed for one reason; the whole list is in the decision record's statements."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A record with what it weighs: the exact score without it, and had it been in order.

    `without` is None where too little would be left to score; `in_order` is None where the record was in
    order already.
    """

    row: Row
    without: int | None
    in_order: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind one reason.

    Attributes
    ----------
    kind : str
        ``statements``: each record matters by itself. ``set``: these matter only together, and
        `without_all` is the score without them. ``all``: no record and no small set that was tried
        matters; these are the adverse ones among those read, or all of them where none is. ``dates``:
        opening dates. ``absence``: something is missing, and no record is to blame.
    records : tuple of Weighed
        The records, those that matter most first.
    without_all : int or None
        Exact score without all of a set.
    read : int
        How many records the expression reads; `records` may list fewer.
    """

    kind: str
    records: tuple[Weighed, ...]
    without_all: int | None
    read: int


class Weighing:
    """Weighs the records of one case: every question is a batch of hypothetical cases.

    Parameters
    ----------
    history : History
        The ledger, opened.
    card : Card
        The card.
    case : pyarrow.Table
        Of ``CASE_SCHEMA``, one row.
    entries : sequence of Entry
        Definitions of the card's characteristics.
    values : pyarrow.Table, optional
        The case's characteristics, where they are derived already.
    """

    def __init__(
        self,
        history: History,
        card: Card,
        case: pa.Table,
        entries: Sequence[Entry],
        *,
        values: pa.Table | None = None,
    ) -> None:
        self._again = Hypothetical(history, card, case, entries)
        values = derive(history, case, entries) if values is None else values
        self._on_card = {one.id: one for one in card.characteristics}
        self._value = {entry.id: values[entry.id][0].as_py() for entry in entries}
        self._score = int(self._again.scores(values)[0])
        self._points = {name: int(points[0]) for name, points in self._again.points(values).items()}

    def evidence(self, reasons: Sequence[Entry]) -> dict[str, Evidence]:
        """Return the evidence of each reason, weighing the records of all of them together."""
        reading = [entry for entry in reasons if self._blames_records(entry)]
        weighed, points = self._weigh(self._again.rows(reading))
        answer = {
            entry.id: Evidence("dates" if entry.reads == DATES else "absence", (), None, 0)
            for entry in reasons
            if entry not in reading
        }
        open_questions = []
        for entry in reading:
            against = self._against(entry, weighed[entry.id], points[entry.id])
            if against:
                read = len(weighed[entry.id])
                answer[entry.id] = Evidence("statements", tuple(against[:MOST_SHOWN]), None, read)
            elif self._is_lack(entry, weighed[entry.id]):
                answer[entry.id] = Evidence("absence", (), None, 0)
            else:
                open_questions.append(entry)
        answer |= self._together({entry.id: weighed[entry.id] for entry in open_questions})
        return {entry.id: answer[entry.id] for entry in reasons}

    def _blames_records(self, entry: Entry) -> bool:
        value = self._value[entry.id]
        return entry.reads != DATES and value is not None and value not in (TOO_FEW, NOT_APPLICABLE)

    def _weigh(
        self, reads: dict[str, list[Row]]
    ) -> tuple[dict[str, list[Weighed]], dict[str, dict[Key, int]]]:
        """Return each reason's records weighed, and the points of each reason without each record."""
        rows = {row.key: row for found in reads.values() for row in found}
        sets = [(key,) for key in rows]
        scores, points = self._again.without(sets)
        refused = self._again.refused_without(sets)
        in_order = self._again.in_order([row for row in rows.values() if row.adverse])
        known = {
            key: Weighed(row, None if refused[at] else int(scores[at]), in_order.get(key))
            for at, (key, row) in enumerate(rows.items())
        }
        weighed = {name: [known[row.key] for row in found] for name, found in reads.items()}
        by_key = {name: dict(zip(rows, points[name].tolist(), strict=True)) for name in reads}
        return weighed, by_key

    def _against(self, entry: Entry, weighed: list[Weighed], points: dict[Key, int]) -> list[Weighed]:
        """Return the records that lower both this reason's points and the score, the heaviest first."""
        found = [
            (w.without, w)
            for w in weighed
            if w.without is not None
            and w.without > self._score
            and points[w.row.key] > self._points[entry.id]
        ]
        return [w for _, w in sorted(found, key=lambda f: (-f[0], f[1].row.k, f[1].row.account_id))]

    def _is_lack(self, entry: Entry, weighed: list[Weighed]) -> bool:
        """Whether the reason is that there is too little of something good, and no adverse record's doing."""
        value, one = self._value[entry.id], self._on_card[entry.id]
        if entry.unit not in ("months", "accounts", "kinds"):
            return False
        if earns_more_below(one, value) or not earns_more_above(one, value):
            return False
        adverse = tuple(w.row.key for w in weighed if w.row.adverse)
        if not adverse:
            return True
        _, points = self._again.without([adverse])
        return int(points[entry.id][0]) <= self._points[entry.id]

    def _together(self, open_questions: dict[str, list[Weighed]]) -> dict[str, Evidence]:
        """Return the smallest set of two or three that matters for each reason, else all its records."""
        answer: dict[str, Evidence] = {}
        likely = {name: sorted(found, key=_likelihood) for name, found in open_questions.items()}
        for size, most in MOST_SETS.items():
            waiting = {name: found for name, found in likely.items() if name not in answer}
            tried = {name: _sets(found, size, most) for name, found in waiting.items()}
            keys = list(dict.fromkeys(_keys(chosen) for sets in tried.values() for chosen in sets))
            scores, points = self._again.without(keys)
            place = {key: at for at, key in enumerate(keys)}
            for name, sets in tried.items():
                better = [
                    (int(scores[at]), chosen)
                    for chosen in sets
                    for at in [place[_keys(chosen)]]
                    if points[name][at] > self._points[name] and scores[at] > self._score
                ]
                found = self._first_scored(sorted(better, key=lambda b: -b[0]))
                if found is not None:
                    answer[name] = Evidence("set", found[1], found[0], len(likely[name]))
        for name, found_all in likely.items():
            if name not in answer:
                adverse = [w for w in found_all if w.row.adverse]
                shown = tuple((adverse or found_all)[:MOST_SHOWN])
                answer[name] = Evidence("all", shown, None, len(found_all))
        return answer

    def _first_scored(
        self, better: Sequence[tuple[int, tuple[Weighed, ...]]]
    ) -> tuple[int, tuple[Weighed, ...]] | None:
        """Return the first set without which a score would still be given."""
        refused = self._again.refused_without([_keys(chosen) for _, chosen in better])
        left = np.flatnonzero(~refused)
        return better[int(left[0])] if len(left) else None


def _sets(likely: Sequence[Weighed], size: int, most: int) -> list[tuple[Weighed, ...]]:
    """Return every set of `size` among as many of the likeliest as make no more than `most` sets."""
    count = size
    while count < len(likely) and comb(count + 1, size) <= most:
        count += 1
    return list(combinations(likely[:count], size))


def _keys(chosen: Iterable[Weighed]) -> tuple[Key, ...]:
    return tuple(sorted(w.row.key for w in chosen))


def _likelihood(weighed: Weighed) -> tuple[int, int, int, str]:
    """Sort key: the worst and newest records first, since those are likeliest to matter."""
    row = weighed.row
    return (-(5 if row.event else row.arrears or 0), -(row.balance or 0), row.k, row.account_id)
