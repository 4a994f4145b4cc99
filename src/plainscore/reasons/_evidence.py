"""The records behind a reason, each with the exact score without it and had it been in order.

The same derivation runs on the same case with a record left out or replaced: nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, islice
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.characteristics import DATES, NOT_APPLICABLE, TOO_FEW, Entry, derive
from plainscore.history import ADDED_SCHEMA, LEFT_OUT_SCHEMA, Edits, History
from plainscore.scorecard import Card

Key = tuple[str, date]
Ints = npt.NDArray[np.int64]

MOST_PAIRS: Final = 800
MOST_TRIPLES: Final = 600
"""Sets tried when no record matters alone, the likeliest first: bounds the work for long histories."""

MOST_SHOWN: Final = 24
"""Records listed for one reason; the whole list is in the decision record's statements."""


@dataclass(frozen=True, slots=True)
class Row:
    """One month of one account that a reason's expression reads."""

    account_id: str
    month: date
    k: int
    arrears: int | None
    event: str | None
    due: int | None
    paid: int | None
    balance: int | None
    credit_limit: int | None
    past_due: int | None

    @property
    def key(self) -> Key:
        """What an edit names: the account and the month."""
        return self.account_id, self.month


@dataclass(frozen=True, slots=True)
class Weighed:
    """A record with what it weighs: the exact score without it, and had it been in order.

    `in_order` is None where the record was in order already.
    """

    row: Row
    without: int
    in_order: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind one reason.

    Attributes
    ----------
    kind : str
        ``statements``: each record matters by itself. ``set``: these matter only together, and
        `without_all` is the score without them. ``all``: no one to three records matter; these
        are the adverse ones among those read, or all of them where none is. ``dates``: opening dates. ``absence``: something is missing, and no record is to blame.
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
    """Weighs the records of one case: every question is a batch of hypothetical cases."""

    def __init__(self, history: History, card: Card, case: pa.Table, entries: Sequence[Entry]) -> None:
        self._history = history
        self._card = card
        self._case = case
        self._entries = tuple(entries)
        values = derive(history, case, self._entries)
        self._value = {entry.id: values[entry.id][0].as_py() for entry in entries}
        self._score = int(self._scored(values)[0])
        self._points = {name: int(points[0]) for name, points in self._all_points(values).items()}

    def evidence(self, reasons: Sequence[Entry]) -> dict[str, Evidence]:
        """Return the evidence of each reason, weighing every record they read in one batch."""
        reads = {entry.id: self._rows(entry) for entry in reasons if self._blames_records(entry)}
        rows = {row.key: row for found in reads.values() for row in found}
        alone, points = self._without([(key,) for key in rows])
        in_order = self._in_order([row for row in rows.values() if _can_be_mended(row)])
        place = {key: at for at, key in enumerate(rows)}
        answer = {}
        for entry in reasons:
            if entry.reads == DATES:
                answer[entry.id] = Evidence("dates", (), None, 0)
            elif entry.id not in reads:
                answer[entry.id] = Evidence("absence", (), None, 0)
            else:
                weighed = [
                    Weighed(row, int(alone[place[row.key]]), in_order.get(row.key)) for row in reads[entry.id]
                ]
                gains = [points[entry.id][place[row.key]] > self._points[entry.id] for row in reads[entry.id]]
                answer[entry.id] = self._judge(entry, weighed, gains)
        return answer

    def _blames_records(self, entry: Entry) -> bool:
        value = self._value[entry.id]
        return entry.reads != DATES and value is not None and value not in (TOO_FEW, NOT_APPLICABLE)

    def _judge(self, entry: Entry, weighed: list[Weighed], gains: list[bool]) -> Evidence:
        """Choose what to show: records that matter alone, else the smallest set, else all of them."""
        # A record whose removal would lower the score does not speak against the person.
        against = [w for w, gain in zip(weighed, gains, strict=True) if gain and w.without > self._score]
        read = len(weighed)
        if against:
            against.sort(key=lambda w: (-w.without, w.row.k, w.row.account_id))
            return Evidence("statements", tuple(against[:MOST_SHOWN]), None, read)
        likely = sorted(weighed, key=lambda w: _likelihood(w.row))
        for size, most in ((2, MOST_PAIRS), (3, MOST_TRIPLES)):
            found = self._smallest(entry, likely, size, most)
            if found is not None:
                return found
        adverse = [w for w in likely if w.in_order is not None and w.without >= self._score]
        return Evidence("all", tuple((adverse or likely)[:MOST_SHOWN]), None, read)

    def _smallest(self, entry: Entry, likely: list[Weighed], size: int, most: int) -> Evidence | None:
        sets = list(islice(combinations(likely, size), most))
        if not sets:
            return None
        scores, points = self._without([tuple(w.row.key for w in chosen) for chosen in sets])
        better = [
            at
            for at in range(len(sets))
            if points[entry.id][at] > self._points[entry.id] and scores[at] > self._score
        ]
        if not better:
            return None
        best = max(better, key=lambda at: (scores[at], -at))
        return Evidence("set", sets[best], int(scores[best]), len(likely))

    def _rows(self, entry: Entry) -> list[Row]:
        select = f""",
        read AS (SELECT * FROM months WHERE {entry.reads})
        SELECT a.account_id, last_day(make_date(m.mi // 12, m.mi % 12 + 1, 1)) AS month, m.k, m.arrears, m.event,
               m.due, m.paid, m.balance, m.credit_limit, m.past_due
        FROM read m JOIN account a USING (acc) ORDER BY a.account_id, m.k"""
        return [_row(found) for found in self._history.query(self._case, select).to_pylist()]

    def _without(self, sets: Sequence[Sequence[Key]]) -> tuple[Ints, dict[str, Ints]]:
        """Return the score, and the points of each characteristic, without each set of records."""
        if not sets:
            return np.empty(0, np.int64), {
                one.id: np.empty(0, np.int64) for one in self._card.characteristics
            }
        numbers = [at for at, chosen in enumerate(sets) for _ in chosen]
        keys = [key for chosen in sets for key in chosen]
        left_out = pa.table(
            [numbers, [account for account, _ in keys], [month for _, month in keys]], schema=LEFT_OUT_SCHEMA
        )
        values = derive(self._history, self._copies(len(sets)), self._entries, edits=Edits(left_out=left_out))
        return self._scored(values), self._all_points(values)

    def _in_order(self, rows: Sequence[Row]) -> dict[Key, int]:
        """Return the score had each record been reported in order: paid as due, nothing late."""
        if not rows:
            return {}
        columns = {
            "case_id": list(range(len(rows))),
            "account_id": [row.account_id for row in rows],
            "month": [row.month for row in rows],
            "due": [row.due for row in rows],
            "paid": [None if row.paid is None else max(row.paid, row.due or 0) for row in rows],
            "balance": [row.balance for row in rows],
            "credit_limit": [row.credit_limit for row in rows],
            "past_due": [None if row.past_due is None else 0 for row in rows],
            "arrears": [0] * len(rows),
        }
        fields = [ADDED_SCHEMA.field(name) for name in columns]
        added = pa.table([pa.array(columns[f.name], f.type) for f in fields], schema=pa.schema(fields))
        values = derive(self._history, self._copies(len(rows)), self._entries, edits=Edits(added=added))
        return {row.key: int(score) for row, score in zip(rows, self._scored(values), strict=True)}

    def _copies(self, count: int) -> pa.Table:
        copies = self._case.take(pa.array(np.zeros(count, np.int64)))
        return copies.set_column(0, copies.schema.field(0), pa.array(np.arange(count)))

    def _scored(self, values: pa.Table) -> Ints:
        return self._card.score({one.id: values[one.id].to_numpy() for one in self._card.characteristics})

    def _all_points(self, values: pa.Table) -> dict[str, Ints]:
        places = self._card.positions({c.id: values[c.id].to_numpy() for c in self._card.characteristics})
        return {
            one.id: np.array([each.points for each in one.attributes])[places[one.id]]
            for one in self._card.characteristics
        }


def _row(found: dict[str, object]) -> Row:
    values = dict(found)
    month = values["month"]
    values["month"] = month.date() if hasattr(month, "date") else month
    return Row(**values)  # type: ignore[arg-type]


def _can_be_mended(row: Row) -> bool:
    short = row.paid is not None and row.due is not None and row.paid < row.due
    return bool(row.arrears) or row.event is not None or bool(row.past_due) or short


def _likelihood(row: Row) -> tuple[int, int, int, str]:
    """Sort key: the worst and newest records first, since those are likeliest to matter."""
    return (-(5 if row.event else row.arrears or 0), -(row.balance or 0), row.k, row.account_id)
