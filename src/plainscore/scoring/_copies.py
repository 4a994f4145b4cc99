"""Copies of cases, each with its own change to the records: the one place where such a copy is scored.

Evidence asks for the score without a month, or with one in order; a plan asks for the score with months to
come. Both are the same question: the same case, other records, the same derivation and the same card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.characteristics import Entry, derive_with
from plainscore.coverage import refusal_sums, refuses
from plainscore.history import CASE_SCHEMA, Edits, History
from plainscore.scorecard import Card
from plainscore.scoring._score_cases import floor_of, scores_of


@dataclass(frozen=True, slots=True)
class ScoredCopies:
    """Copies of cases, scored.

    Attributes
    ----------
    values : pyarrow.Table
        Characteristics, a row a copy.
    scores : array of int64
        Score of each copy; meaningless where it is refused.
    refused : array of bool
        Whether too little is left to score, or the person has a flag, which no edit lifts.
    """

    values: pa.Table
    scores: npt.NDArray[np.int64]
    refused: npt.NDArray[np.bool_]


class Copies:
    """Cases, to be scored again under changes to their records.

    Parameters
    ----------
    history : History
        The ledger, opened.
    card : Card
        The card.
    cases : pyarrow.Table
        Of ``CASE_SCHEMA``, sorted by case_id; a copy keeps the reading of disputed items that its case names.
    entries : sequence of Entry
        Definitions of the card's characteristics.
    """

    def __init__(self, history: History, card: Card, cases: pa.Table, entries: Sequence[Entry]) -> None:
        self._history, self._card, self._entries = history, card, tuple(entries)
        self._cases = cases

    @cached_property
    def as_of(self) -> tuple[date, ...]:
        """Month end that each case itself sees up to."""
        return tuple(self._cases["as_of"].to_pylist())

    def score(self, of: Sequence[int], as_of: Sequence[date], edits: Edits) -> ScoredCopies:
        """Score copies, all in one question: what copies see alike is summed up once.

        Parameters
        ----------
        of : sequence of int
            Which of the cases each copy is of, counted from 0; at least one copy.
        as_of : sequence of datetime.date
            Month end that each copy sees up to.
        edits : Edits
            What is left out of each copy or added to it; copies are numbered from 0, as `of` is.
        """
        floor = floor_of(self._card)
        places = np.asarray(of, np.int64)
        copies = self._copied(places, as_of)
        values, left = derive_with(self._history, copies, self._entries, refusal_sums(floor), edits=edits)
        refused = refuses(copies, left, floor) | self._flagged[places]
        return ScoredCopies(values, scores_of(self._card, values), refused)

    @cached_property
    def _flagged(self) -> npt.NDArray[np.bool_]:
        return np.isin(self._cases["case_id"].to_numpy(), self._history.flagged(self._cases))

    def _copied(self, places: npt.NDArray[np.int64], as_of: Sequence[date]) -> pa.Table:
        copies = self._cases.take(pa.array(places))
        columns = {name: copies[name] for name in CASE_SCHEMA.names}
        columns["case_id"] = pa.array(np.arange(len(as_of)))
        columns["as_of"] = pa.array(as_of, pa.date32())
        return pa.table(columns, schema=CASE_SCHEMA)
