"""One case scored again under hypothetical changes to its records: the same derivation, nothing estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.characteristics import NOT_APPLICABLE, TOO_FEW, Entry, derive
from plainscore.coverage import cover
from plainscore.history import ADDED_SCHEMA, LEFT_OUT_SCHEMA, Edits, History
from plainscore.reasons._score import floor_of
from plainscore.scorecard import Card

Key = tuple[str, date]
Ints = npt.NDArray[np.int64]


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
    closed: date | None = None

    @property
    def key(self) -> Key:
        """What an edit names: the account and the month."""
        return self.account_id, self.month

    @property
    def adverse(self) -> bool:
        """Whether the record shows anything late, short or written off."""
        short = self.paid is not None and self.due is not None and self.paid < self.due
        return bool(self.arrears) or self.event is not None or bool(self.past_due) or short


class Hypothetical:
    """One case, and as many copies of it as there are questions, each with its own change."""

    def __init__(self, history: History, card: Card, case: pa.Table, entries: Sequence[Entry]) -> None:
        self._history = history
        self._card = card
        self._case = case
        self._entries = tuple(entries)

    def rows(self, reasons: Sequence[Entry]) -> dict[str, list[Row]]:
        """Return, for each reason, the months that its expression reads, in one question for all."""
        if not reasons:
            return {}
        marks = ", ".join(f"({entry.reads}) AS reads_{at}" for at, entry in enumerate(reasons))
        either = " OR ".join(f"({entry.reads})" for entry in reasons)
        select = f""",
        read AS (SELECT *, {marks} FROM months WHERE {either})
        SELECT a.account_id, {_last_day("m.mi")} AS month, m.k, m.arrears, m.event, m.due, m.paid,
               m.balance, m.credit_limit, m.past_due, {_last_day("m.closed_month")} AS closed,
               {", ".join(f"m.reads_{at}" for at in range(len(reasons)))}
        FROM read m JOIN account a USING (acc) ORDER BY a.account_id, m.k"""
        found: dict[str, list[Row]] = {entry.id: [] for entry in reasons}
        for values in self._history.query(self._case, select).to_pylist():
            read = [values.pop(f"reads_{at}") for at in range(len(reasons))]
            row = Row(**values | {name: _as_date(values[name]) for name in ("month", "closed")})
            for entry, reads_it in zip(reasons, read, strict=True):
                if reads_it:
                    found[entry.id].append(row)
        return found

    def without(self, sets: Sequence[Sequence[Key]]) -> tuple[Ints, dict[str, Ints]]:
        """Return the score, and the points of each characteristic, without each set of records.

        Where nothing is left to measure a characteristic by, its points are given as its fewest: records
        do not speak against a person because there would be nothing without them.
        """
        if not sets:
            nothing = np.empty(0, np.int64)
            return nothing, {one.id: nothing for one in self._card.characteristics}
        edits = _left_out(sets)
        values = derive(self._history, self._copies(len(sets)), self._entries, edits=edits)
        points = self.points(values)
        for one in self._card.characteristics:
            unmeasured = np.isin(values[one.id].to_numpy(), (TOO_FEW, NOT_APPLICABLE))
            points[one.id] = np.where(unmeasured, one.worst, points[one.id])
        return self.scores(values), points

    def refused_without(self, sets: Sequence[Sequence[Key]]) -> npt.NDArray[np.bool_]:
        """Return whether too little would be left to score without each set of records."""
        if not sets:
            return np.empty(0, np.bool_)
        copies, floor = self._copies(len(sets)), floor_of(self._card)
        left = cover(self._history, copies, floor=floor, edits=_left_out(sets))
        refused: npt.NDArray[np.bool_] = pc.is_valid(left["refusal"]).to_numpy()
        return refused

    def in_order(self, rows: Sequence[Row]) -> dict[Key, int]:
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
            "closed": [row.closed for row in rows],
        }
        fields = [ADDED_SCHEMA.field(name) for name in columns]
        added = pa.table([pa.array(columns[f.name], f.type) for f in fields], schema=pa.schema(fields))
        values = derive(self._history, self._copies(len(rows)), self._entries, edits=Edits(added=added))
        return {row.key: int(score) for row, score in zip(rows, self.scores(values), strict=True)}

    def scores(self, values: pa.Table) -> Ints:
        """Return the score of each row of values."""
        return self._card.score(self._columns(values))

    def points(self, values: pa.Table) -> dict[str, Ints]:
        """Return the points of each row of values, by characteristic."""
        places = self._card.positions(self._columns(values))
        return {
            one.id: np.array([each.points for each in one.attributes])[places[one.id]]
            for one in self._card.characteristics
        }

    def _columns(self, values: pa.Table) -> dict[str, npt.NDArray[np.float64]]:
        return {one.id: values[one.id].to_numpy() for one in self._card.characteristics}

    def _copies(self, count: int) -> pa.Table:
        copies = self._case.take(pa.array(np.zeros(count, np.int64)))
        return copies.set_column(0, copies.schema.field(0), pa.array(np.arange(count)))


def _left_out(sets: Sequence[Sequence[Key]]) -> Edits:
    numbers = [at for at, chosen in enumerate(sets) for _ in chosen]
    keys = [key for chosen in sets for key in chosen]
    columns = [numbers, [account for account, _ in keys], [month for _, month in keys]]
    return Edits(left_out=pa.table(columns, schema=LEFT_OUT_SCHEMA))


def _last_day(number: str) -> str:
    return f"last_day(make_date({number} // 12, {number} % 12 + 1, 1))"


def _as_date(moment: object) -> object:
    return moment.date() if hasattr(moment, "date") else moment
