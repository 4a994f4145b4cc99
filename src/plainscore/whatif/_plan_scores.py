"""The exact score of every month of a plan: the same derivation and the same card, on statements to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.characteristics import Entry
from plainscore.history import ADDED_SCHEMA, Edits, History
from plainscore.rules import months_after
from plainscore.scorecard import Card
from plainscore.scoring import Copies
from plainscore.whatif._account_standing import Standing
from plainscore.whatif._project import Month, Projection

Ints = npt.NDArray[np.int64]

NO_SCORE: Final = -1
"""Stands where a month to come would have no score, such as when no account is reported any more."""


class PlanScores:
    """The scores of the months to come of one case, under one plan or another.

    Parameters
    ----------
    history : History
        The ledger, opened.
    card : Card
        The card.
    case : pyarrow.Table
        Of ``CASE_SCHEMA``, one row: the case as it is now.
    entries : sequence of Entry
        Definitions of the card's characteristics.
    standings : mapping of str to Standing
        Where the accounts stand.
    """

    def __init__(
        self,
        history: History,
        card: Card,
        case: pa.Table,
        entries: Sequence[Entry],
        standings: Mapping[str, Standing],
    ) -> None:
        self._copies = Copies(history, card, case, entries)
        (self._as_of,) = self._copies.as_of
        self._standings = standings

    def by_month(self, asked: Sequence[tuple[Projection, Sequence[int]]]) -> list[Ints]:
        """Return the score in each asked month of each projection, all in one batch; or `NO_SCORE`."""
        pairs = [(projection, ahead) for projection, months in asked for ahead in months]
        if not pairs:
            return [np.empty(0, np.int64) for _ in asked]
        month_ends = [months_after(self._as_of, ahead) for _, ahead in pairs]
        scored = self._copies.score([0] * len(pairs), month_ends, Edits(added=self._added(pairs)))
        found = np.where(scored.refused, NO_SCORE, scored.scores)
        ends = np.cumsum([len(months) for _, months in asked])
        return [np.asarray(part) for part in np.split(found, ends[:-1])]

    def _added(self, pairs: Sequence[tuple[Projection, int]]) -> pa.Table:
        """Return the statements of every case: each month up to its own."""
        written: dict[int, tuple[dict[str, npt.NDArray[Any]], Ints]] = {}
        parts: dict[str, list[npt.NDArray[Any]]] = {}
        for number, (projection, ahead) in enumerate(pairs):
            if id(projection) not in written:
                written[id(projection)] = self._columns(projection.months)
            columns, at = written[id(projection)]
            count = int(np.searchsorted(at, ahead, side="right"))
            parts.setdefault("case_id", []).append(np.full(count, number))
            for name, values in columns.items():
                parts.setdefault(name, []).append(values[:count])
        arrays = {name: np.concatenate(found) for name, found in parts.items()}
        return pa.table(
            {
                field.name: pa.array(arrays[field.name], field.type, from_pandas=True)
                for field in ADDED_SCHEMA
            },
            schema=ADDED_SCHEMA,
        )

    def _columns(self, months: Sequence[Month]) -> tuple[dict[str, npt.NDArray[Any]], Ints]:
        """Return a projection's statements as columns, and the month of each, rising."""
        ends = {ahead: months_after(self._as_of, ahead) for ahead in {month.ahead for month in months}}
        rows = [self._row(month, ends[month.ahead]) for month in months]
        columns = {
            field.name: np.array([row[field.name] for row in rows], object)
            for field in ADDED_SCHEMA
            if field.name != "case_id"
        }
        return columns, np.array([month.ahead for month in months], np.int64)

    def _row(self, month: Month, day: date) -> dict[str, Any]:
        standing = self._standings[month.account_id]
        return {
            "account_id": month.account_id,
            "month": day,
            "due": month.due,
            "paid": month.paid,
            "balance": month.balance,
            "credit_limit": standing.credit_limit,
            "past_due": month.past_due,
            "arrears": month.arrears,
            "event": standing.event,
            "event_date": standing.event_date,
            "first_delinquency": standing.first_delinquency,
            "arrangement": standing.arrangement,
            "closed": day if month.ends else None,
        }
