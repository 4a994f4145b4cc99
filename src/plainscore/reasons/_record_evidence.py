"""The records behind a reason, each with the exact score without it and had it been in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from plainscore.characteristics import DATES, NOT_APPLICABLE, TOO_FEW, Entry, derive
from plainscore.history import History
from plainscore.reasons._claims import earns_more_above, earns_more_below
from plainscore.scorecard import Card, CardCharacteristic, points_as_it_stands
from plainscore.scoring import Change, Hypothetical, Keys, Row, Weights, columns_of, points_of, scores_of

MOST_SETS: Final = {2: 800, 3: 600}
"""Sets of each size tried when no record matters alone, among the likeliest: bounds the work for long
histories. Below 41 records every pair is tried, below 17 every three."""

MOST_SHOWN: Final = 24
"""Records listed for one reason; the whole list is in the decision record's statements."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A record with what it weighs: the exact score without it, and had it been in order.

    `without` is None where too little would be left to score; `in_order` is None where the record was in
    order already. `elsewhere` says that `in_order` is higher, and the reason's own factor gives none of it.
    """

    row: Row
    without: int | None
    in_order: int | None
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind one reason.

    Attributes
    ----------
    kind : str
        ``statements``: each record matters by itself. ``set``: these matter only together, and
        `without_all` is the score without them. ``all``: no record and no small set that was tried
        matters; these are the adverse ones among those read, or all of them where none is. ``dates``:
        opening dates of `accounts`. ``absence``: something is missing, and no record is to blame.
    records : tuple of Weighed
        The records, those that matter most first.
    without_all : int or None
        Exact score without all of a set.
    read : int
        How many records the expression reads; `records` may list fewer.
    accounts : frozenset of str
        The accounts whose dates it reads, where it reads dates.
    """

    kind: Literal["statements", "set", "all", "dates", "absence"]
    records: tuple[Weighed, ...]
    without_all: int | None
    read: int
    accounts: frozenset[str] = frozenset()


class Weighing:
    """Weighs the records of cases: every question is asked once, as a batch of hypothetical copies of all.

    Parameters
    ----------
    history : History
        The ledger, opened.
    card : Card
        The card.
    cases : pyarrow.Table
        Of ``CASE_SCHEMA``, sorted by case_id, none of which is refused a score.
    entries : sequence of Entry
        Definitions of the card's characteristics.
    values : pyarrow.Table, optional
        The cases' characteristics, where they are derived already.
    """

    def __init__(
        self,
        history: History,
        card: Card,
        cases: pa.Table,
        entries: Sequence[Entry],
        *,
        values: pa.Table | None = None,
    ) -> None:
        values = derive(history, cases, entries) if values is None else values
        columns = {entry.id: values[entry.id].to_pylist() for entry in entries}
        each = [{name: column[at] for name, column in columns.items()} for at in range(len(cases))]
        places = card.positions(columns_of(card, values))
        scores = scores_of(card, values).tolist()
        stands = [points_as_it_stands(card, value) for value in each]
        self._again = Hypothetical(history, card, cases, entries, stands)
        self._cases = [
            _WeighedCase(
                value,
                score,
                {one.id: one for one in own},
                {one.id: int(points_of(one)[places[one.id][at]]) for one in own},
            )
            for at, (value, score, own) in enumerate(zip(each, scores, stands, strict=True))
        ]

    def evidence(self, reasons: Sequence[Sequence[Entry]]) -> list[dict[str, Evidence]]:
        """Return the evidence of each reason of each case, weighing the records of all of them together."""
        reading = [
            [entry for entry in own if case.blames_records(entry)]
            for case, own in zip(self._cases, reasons, strict=True)
        ]
        dated = self._again.dated([[entry for entry in own if entry.reads == DATES] for own in reasons])
        reads = self._again.rows(reading)
        parts = list(zip(self._cases, reading, reads, strict=True))
        alone = self._again.weigh([case.alone(own, read) for case, own, read in parts])
        first = [
            case.judged(own, read, weights) for (case, own, read), weights in zip(parts, alone, strict=True)
        ]
        sets = [{name: _likely_sets(found) for name, found in open_.items()} for _, open_ in first]
        keys = [list(dict.fromkeys(key for tried in own.values() for key in tried)) for own in sets]
        together = self._again.weigh([Change(own) for own in keys])
        answers = []
        for at, (case, (judged, open_)) in enumerate(zip(self._cases, first, strict=True)):
            absent = {entry.id: Evidence("absence", (), None, 0) for entry in reasons[at]}
            found = {
                name: Evidence("dates", (), None, 0, accounts)
                for name, accounts in dated[at].items()
                if accounts
            }
            sums = {
                name: case.smallest(name, sets[at][name], together[at], len(weighed)) or _all_of(weighed)
                for name, weighed in open_.items()
            }
            answer = absent | found | judged | sums
            answers.append({entry.id: answer[entry.id] for entry in reasons[at]})
        return answers


@dataclass(frozen=True, slots=True)
class _WeighedCase:
    """A case whose records are weighed: its values, its score, the card as it stands for it, its points."""

    value: Mapping[str, float | None]
    score: int
    on_card: Mapping[str, CardCharacteristic]
    points: Mapping[str, int]

    def blames_records(self, entry: Entry) -> bool:
        """Whether a reason may be the doing of records: its value was measured, and not from dates."""
        value = self.value[entry.id]
        return entry.reads != DATES and value is not None and value not in (TOO_FEW, NOT_APPLICABLE)

    def alone(self, reading: Sequence[Entry], reads: Mapping[str, list[Row]]) -> Change:
        """Return what is asked of single records: each that is read left out, and each adverse one in order.

        And without all the adverse ones of a reason where it may be a lack.
        """
        rows = {row.key: row for found in reads.values() for row in found}
        together = [_adverse(reads[entry.id]) for entry in reading if self._may_be_lack(entry)]
        sets = dict.fromkeys([*((key,) for key in rows), *(keys for keys in together if keys)])
        return Change(list(sets), [row for row in rows.values() if row.adverse])

    def judged(
        self, reading: Sequence[Entry], reads: Mapping[str, list[Row]], weights: Weights
    ) -> tuple[dict[str, Evidence], dict[str, list[Weighed]]]:
        """Return the evidence of the reasons that single records settle, and what is read of the others."""
        answer, open_questions = {}, {}
        for entry in reading:
            weighed = [self._weighed(entry, row, weights) for row in reads[entry.id]]
            against = self._against(entry, weighed, weights)
            if against:
                answer[entry.id] = Evidence("statements", tuple(against[:MOST_SHOWN]), None, len(weighed))
            elif self._is_lack(entry, _adverse(reads[entry.id]), weights):
                answer[entry.id] = Evidence("absence", (), None, 0)
            else:
                open_questions[entry.id] = weighed
        return answer, open_questions

    def _weighed(self, entry: Entry, row: Row, weights: Weights) -> Weighed:
        at = weights.place[row.key,]
        without = None if weights.refused[at] else int(weights.scores[at])
        in_order = weights.in_order.get(row.key)
        higher = in_order is not None and in_order > self.score
        own = higher and weights.in_order_points[entry.id][row.key] > self.points[entry.id]
        return Weighed(row, without, in_order, higher and not own)

    def _against(self, entry: Entry, weighed: list[Weighed], weights: Weights) -> list[Weighed]:
        """Return the records that lower both this reason's points and the score, the heaviest first."""
        points = weights.points[entry.id]
        found = [
            (w.without, w)
            for w in weighed
            if w.without is not None
            and w.without > self.score
            and points[weights.place[w.row.key,]] > self.points[entry.id]
        ]
        return [w for _, w in sorted(found, key=lambda f: (-f[0], f[1].row.k, f[1].row.account_id))]

    def _may_be_lack(self, entry: Entry) -> bool:
        """Whether the value earns more above it, and nothing below it."""
        value, one, points = self.value[entry.id], self.on_card[entry.id], self.points[entry.id]
        if value is None or entry.unit not in ("months", "accounts", "kinds"):
            return False
        return not earns_more_below(one.bins, points, value) and earns_more_above(one.bins, points, value)

    def _is_lack(self, entry: Entry, adverse: Keys, weights: Weights) -> bool:
        """Whether the reason is that there is too little of something good, and no adverse record's doing."""
        if not self._may_be_lack(entry):
            return False
        return not adverse or weights.points[entry.id][weights.place[adverse]] <= self.points[entry.id]

    def smallest(
        self, name: str, sets: dict[Keys, tuple[Weighed, ...]], weights: Weights, read: int
    ) -> Evidence | None:
        """Return the smallest set that matters; of those the one that raises the score most."""
        places = np.array([weights.place[keys] for keys in sets], np.int64)
        scores, points = weights.scores[places], weights.points[name][places]
        matters = (points > self.points[name]) & (scores > self.score) & ~weights.refused[places]
        if not matters.any():
            return None
        size = np.array([len(keys) for keys in sets])
        smallest = matters & (size == size[matters].min())
        best = int(np.argmax(np.where(smallest, scores, -1)))
        return Evidence("set", list(sets.values())[best], int(scores[best]), read)


def _adverse(rows: Sequence[Row]) -> Keys:
    return tuple(row.key for row in rows if row.adverse)


def _all_of(found: Sequence[Weighed]) -> Evidence:
    """Return the adverse records, or all of them where none is, the likeliest first."""
    likely = sorted(found, key=_likelihood)
    adverse = [w for w in likely if w.row.adverse]
    return Evidence("all", tuple((adverse or likely)[:MOST_SHOWN]), None, len(found))


def _likely_sets(found: Sequence[Weighed]) -> dict[Keys, tuple[Weighed, ...]]:
    """Return every set among as many of the likeliest as make no more than `MOST_SETS` of its size."""
    likely = sorted(found, key=_likelihood)
    sets: dict[Keys, tuple[Weighed, ...]] = {}
    for size, most in MOST_SETS.items():
        count = size
        while count < len(likely) and comb(count + 1, size) <= most:
            count += 1
        named = [(w.row.key, w) for w in likely[:count]]
        for chosen in combinations(named, size):
            sets[tuple(sorted([key for key, _ in chosen]))] = tuple(w for _, w in chosen)
    return sets


def _likelihood(weighed: Weighed) -> tuple[int, int, int, str]:
    """Sort key: the worst and newest records first, since those are likeliest to matter."""
    row = weighed.row
    return (-(5 if row.event else row.arrears or 0), -(row.balance or 0), row.k, row.account_id)
