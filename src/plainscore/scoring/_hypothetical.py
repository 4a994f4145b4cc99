"""One case scored again under hypothetical changes to its records: the same derivation, nothing estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.characteristics import NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.history import ADDED_SCHEMA, LEFT_OUT_SCHEMA, Edits, History, is_adverse
from plainscore.scorecard import Card, CardCharacteristic
from plainscore.scoring._copies import Copies
from plainscore.scoring._score_cases import columns_of, scores_of

Key = tuple[str, date]
Keys = tuple[Key, ...]
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
        return is_adverse(
            arrears=self.arrears, event=self.event, past_due=self.past_due, due=self.due, paid=self.paid
        )


@dataclass(frozen=True, slots=True)
class Weights:
    """What a case would be under changes to its records.

    Attributes
    ----------
    place : dict of tuple to int
        Where each set of records left out stands in the arrays.
    scores : array of int64
        The score without each set.
    refused : array of bool
        Whether too little would be left to score.
    points : dict of str to array of int64
        The points of each characteristic without each set. Where nothing is left to measure one by, its
        fewest: records do not speak against a person because there would be nothing without them.
    in_order : dict of Key to int
        The score had each record been reported in order.
    in_order_points : dict of str to dict of Key to int
        And the points of each characteristic then.
    """

    place: dict[Keys, int]
    scores: Ints
    refused: npt.NDArray[np.bool_]
    points: dict[str, Ints]
    in_order: dict[Key, int]
    in_order_points: dict[str, dict[Key, int]]


class Hypothetical:
    """One case, and as many copies of it as there are questions, each with its own change.

    Scores are the card's. The points of a characteristic are as `stands` has them: what it alone changes,
    with everything else of the case as it is.
    """

    def __init__(
        self,
        history: History,
        card: Card,
        case: pa.Table,
        entries: Sequence[Entry],
        stands: Sequence[CardCharacteristic],
    ) -> None:
        self._history = history
        self._card = card
        self._stands = tuple(stands)
        self._case = case
        self._copies = Copies(history, card, case, entries)

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
        table = self._history.query(self._case, select)
        columns = {name: table[name].to_pylist() for name in table.column_names}
        for name in ("month", "closed"):
            columns[name] = table[name].cast(pa.date32()).to_pylist()
        marked = zip(*(columns.pop(f"reads_{at}") for at in range(len(reasons))), strict=True)
        for values, read in zip(zip(*columns.values(), strict=True), marked, strict=True):
            row = Row(*values)
            for entry, reads_it in zip(reasons, read, strict=True):
                if reads_it:
                    found[entry.id].append(row)
        return found

    def dated(self, reasons: Sequence[Entry]) -> dict[str, frozenset[str]]:
        """Return, for each reason from dates, the accounts that its expression reads.

        An account is read where the expression applies to it alone and gives a value of it.
        """
        found: dict[str, set[str]] = {entry.id: set() for entry in reasons}
        for source in sorted({entry.source for entry in reasons}):
            asked = [entry for entry in reasons if entry.source == source]
            marks = ", ".join(
                f"coalesce(({entry.applies or 'true'}), false) AND ({entry.expression}) IS NOT NULL"
                f" AS reads_{at}"
                for at, entry in enumerate(asked)
            )
            select = f""",
            one AS (SELECT acc, {marks} FROM {source} GROUP BY acc)
            SELECT a.account_id, one.* EXCLUDE (acc) FROM one JOIN account a USING (acc)"""
            for row in self._history.query(self._case, select).to_pylist():
                for at, entry in enumerate(asked):
                    if row[f"reads_{at}"]:
                        found[entry.id].add(row["account_id"])
        return {name: frozenset(accounts) for name, accounts in found.items()}

    def weigh(self, sets: Sequence[Keys], in_order: Sequence[Row] = ()) -> Weights:
        """Return what the case would be without each set of records, and with each record in order.

        All in one question: it is planned once, and what copies see alike is summed up once.
        """
        known = {one.id: np.empty(0, np.int64) for one in self._card.characteristics}
        if not sets and not in_order:
            return Weights(
                {}, np.empty(0, np.int64), np.empty(0, np.bool_), known, {}, {name: {} for name in known}
            )
        edits = Edits(left_out=_left_out(sets), added=_put_in_order(in_order, first=len(sets)))
        count = len(sets) + len(in_order)
        copies = self._copies.score([self._copies.as_of] * count, edits)
        without, ordered = copies.values.slice(0, len(sets)), copies.values.slice(len(sets))
        keys_in_order = [row.key for row in in_order]
        return Weights(
            {keys: at for at, keys in enumerate(sets)},
            copies.scores[: len(sets)],
            copies.refused[: len(sets)],
            self._measured_points(without) if sets else known,
            dict(zip(keys_in_order, copies.scores[len(sets) :].tolist(), strict=True)),
            {
                name: dict(zip(keys_in_order, points.tolist(), strict=True))
                for name, points in self.points(ordered).items()
            },
        )

    def _measured_points(self, values: pa.Table) -> dict[str, Ints]:
        """Return the points of each row of values; the fewest where nothing is left to measure by."""
        points = self.points(values)
        for one in self._stands:
            unmeasured = np.isin(values[one.id].to_numpy(), (TOO_FEW, NOT_APPLICABLE))
            points[one.id] = np.where(unmeasured, one.worst, points[one.id])
        return points

    def scores(self, values: pa.Table) -> Ints:
        """Return the score of each row of values."""
        return scores_of(self._card, values)

    def points(self, values: pa.Table) -> dict[str, Ints]:
        """Return the points of each row of values, by characteristic."""
        places = self._card.positions(columns_of(self._card, values))
        return {
            one.id: np.array([each.points for each in one.attributes])[places[one.id]] for one in self._stands
        }


def _left_out(sets: Sequence[Keys]) -> pa.Table:
    numbers = [at for at, chosen in enumerate(sets) for _ in chosen]
    keys = [key for chosen in sets for key in chosen]
    columns = [numbers, [account for account, _ in keys], [month for _, month in keys]]
    return pa.table(columns, schema=LEFT_OUT_SCHEMA)


def _put_in_order(rows: Sequence[Row], *, first: int) -> pa.Table:
    """Return each record as it would have been reported in order: paid as due, nothing late."""
    columns = {
        "case_id": list(range(first, first + len(rows))),
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
    return pa.table([pa.array(columns[f.name], f.type) for f in fields], schema=pa.schema(fields))


def _last_day(number: str) -> str:
    return f"last_day(make_date({number} // 12, {number} % 12 + 1, 1))"
