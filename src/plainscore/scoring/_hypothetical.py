"""Cases scored again under hypothetical changes to their records: the same derivation, nothing estimated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.characteristics import NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.history import ADDED_SCHEMA, LEFT_OUT_SCHEMA, Edits, History, is_adverse
from plainscore.scorecard import Card, CardCharacteristic
from plainscore.scoring._copies import Copies, ScoredCopies
from plainscore.scoring._score_cases import columns_of

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


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked of one case: the score without each set of records, and with each record in order."""

    sets: Sequence[Keys]
    in_order: Sequence[Row] = ()

    @property
    def copies(self) -> int:
        """How many copies of the case it takes."""
        return len(self.sets) + len(self.in_order)


class Hypothetical:
    """Cases, and as many copies of each as there are questions, each with its own change.

    Scores are the card's. The points of a characteristic are as `stands` has them for the case: what it
    alone changes, with everything else of the case as it is. Every question is asked once for all the cases.

    Parameters
    ----------
    history, card, cases, entries
        As `Copies` takes them.
    stands : sequence of sequence of CardCharacteristic
        For each case the card's characteristics as they stand for it.
    """

    def __init__(
        self,
        history: History,
        card: Card,
        cases: pa.Table,
        entries: Sequence[Entry],
        stands: Sequence[Sequence[CardCharacteristic]],
    ) -> None:
        self._history = history
        self._card = card
        self._stands = tuple(map(tuple, stands))
        self._cases = cases
        self._copies = Copies(history, card, cases, entries)

    def rows(self, reasons: Sequence[Sequence[Entry]]) -> list[dict[str, list[Row]]]:
        """Return, for each case and each of its reasons, the months that the reason's expression reads."""
        found: list[dict[str, list[Row]]] = [{entry.id: [] for entry in own} for own in reasons]
        asked = _each_once(reasons)
        if not asked:
            return found
        marks = ", ".join(f"({entry.reads}) AS reads_{at}" for at, entry in enumerate(asked))
        either = " OR ".join(f"({entry.reads})" for entry in asked)
        select = f""",
        read AS (SELECT *, {marks} FROM months WHERE {either})
        SELECT m.n, a.account_id, {_last_day("m.mi")} AS month, m.k, m.arrears, m.event, m.due, m.paid,
               m.balance, m.credit_limit, m.past_due, {_last_day("m.closed_month")} AS closed,
               {", ".join(f"m.reads_{at}" for at in range(len(asked)))}
        FROM read m JOIN account a USING (acc) ORDER BY m.n, a.account_id, m.k"""
        table = self._history.query(self._cases, select)
        columns = {name: table[name].to_pylist() for name in table.column_names}
        for name in ("month", "closed"):
            columns[name] = table[name].cast(pa.date32()).to_pylist()
        case = columns.pop("n")
        marked = zip(*(columns.pop(f"reads_{at}") for at in range(len(asked))), strict=True)
        for n, values, read in zip(case, zip(*columns.values(), strict=True), marked, strict=True):
            wanted = [
                found[n][entry.id]
                for entry, reads_it in zip(asked, read, strict=True)
                if reads_it and entry.id in found[n]
            ]
            if wanted:
                row = Row(*values)
                for rows in wanted:
                    rows.append(row)
        return found

    def dated(self, reasons: Sequence[Sequence[Entry]]) -> list[dict[str, frozenset[str]]]:
        """Return, for each case and each of its reasons from dates, the accounts that the expression reads.

        An account is read where the expression applies to it alone and gives a value of it.
        """
        found: list[dict[str, set[str]]] = [{entry.id: set() for entry in own} for own in reasons]
        every = _each_once(reasons)
        for source in sorted({entry.source for entry in every}):
            asked = [entry for entry in every if entry.source == source]
            marks = ", ".join(
                f"coalesce(({entry.applies or 'true'}), false) AND ({entry.expression}) IS NOT NULL"
                f" AS reads_{at}"
                for at, entry in enumerate(asked)
            )
            select = f""",
            one AS (SELECT n, acc, {marks} FROM {source} GROUP BY n, acc)
            SELECT a.account_id, one.* EXCLUDE (acc) FROM one JOIN account a USING (acc)"""
            for row in self._history.query(self._cases, select).to_pylist():
                for at, entry in enumerate(asked):
                    if row[f"reads_{at}"] and entry.id in found[row["n"]]:
                        found[row["n"]][entry.id].add(row["account_id"])
        return [{name: frozenset(accounts) for name, accounts in own.items()} for own in found]

    def weigh(self, changes: Sequence[Change]) -> list[Weights]:
        """Return, for each case, what it would be without each set of records, and with each record in order.

        All in one question: it is planned once, and what copies see alike is summed up once.
        """
        counts = np.array([change.copies for change in changes], np.int64)
        if not counts.any():
            return [self._nothing() for _ in changes]
        of = np.repeat(np.arange(len(changes)), counts).tolist()
        begins: Ints = np.cumsum(counts) - counts
        edits = Edits(left_out=_left_out(changes, begins), added=_put_in_order(changes, begins))
        as_of = self._copies.as_of
        scored = self._copies.score(of, [as_of[at] for at in of], edits)
        places = self._card.positions(columns_of(self._card, scored.values))
        return [
            self._weights(at, change, scored, places, slice(begin, begin + change.copies))
            for at, (change, begin) in enumerate(zip(changes, begins.tolist(), strict=True))
        ]

    def _nothing(self) -> Weights:
        known = {one.id: np.empty(0, np.int64) for one in self._card.characteristics}
        return Weights(
            {}, np.empty(0, np.int64), np.empty(0, np.bool_), known, {}, {name: {} for name in known}
        )

    def _weights(
        self, at: int, change: Change, scored: ScoredCopies, places: Mapping[str, Ints], part: slice
    ) -> Weights:
        """Return what its part of all the copies gives for a case."""
        if not change.copies:
            return self._nothing()
        parted = len(change.sets)
        keys = [row.key for row in change.in_order]
        scores = scored.scores[part]
        points = {one.id: points_of(one)[places[one.id][part]] for one in self._stands[at]}
        measured = {
            one.id: _measured(points[one.id][:parted], scored.values[one.id].to_numpy()[part][:parted], one)
            for one in self._stands[at]
        }
        return Weights(
            {keys: at for at, keys in enumerate(change.sets)},
            scores[:parted],
            scored.refused[part][:parted],
            measured,
            dict(zip(keys, scores[parted:].tolist(), strict=True)),
            {name: dict(zip(keys, found[parted:].tolist(), strict=True)) for name, found in points.items()},
        )


def points_of(one: CardCharacteristic) -> Ints:
    """Return the points of a characteristic's attributes, in its order."""
    return np.array([each.points for each in one.attributes])


def _measured(points: Ints, values: npt.NDArray[np.float64], one: CardCharacteristic) -> Ints:
    """Return points for values; the fewest where nothing is left to measure by."""
    return np.where(np.isin(values, (TOO_FEW, NOT_APPLICABLE)), one.worst, points)


def _each_once(reasons: Sequence[Sequence[Entry]]) -> list[Entry]:
    return list({entry.id: entry for own in reasons for entry in own}.values())


def _left_out(changes: Sequence[Change], begins: Ints) -> pa.Table:
    named = [
        (begin + at, key)
        for change, begin in zip(changes, begins.tolist(), strict=True)
        for at, keys in enumerate(change.sets)
        for key in keys
    ]
    columns = [
        [number for number, _ in named],
        [account for _, (account, _) in named],
        [month for _, (_, month) in named],
    ]
    return pa.table(columns, schema=LEFT_OUT_SCHEMA)


def _put_in_order(changes: Sequence[Change], begins: Ints) -> pa.Table:
    """Return each record as it would have been reported in order: paid as due, nothing late."""
    rows = [row for change in changes for row in change.in_order]
    columns = {
        "case_id": [
            begin + len(change.sets) + at
            for change, begin in zip(changes, begins.tolist(), strict=True)
            for at in range(len(change.in_order))
        ],
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
