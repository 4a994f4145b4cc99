"""Decisions as they are kept, by questions to the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from plainscore.casework._decision_bodies import Decision, opened_decision
from plainscore.casework._kept_rows import rows_of
from plainscore.decisions import UnknownDecisionError
from plainscore.records import ErasedError, UnknownRowError

if TYPE_CHECKING:
    from plainscore.records import Kept, Questions


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """What a list says of a decision, without opening it.

    Attributes
    ----------
    id : str
        Its id.
    kept_at : datetime.datetime
        When it was kept, by the store's clock.
    as_of : datetime.date or None
        The month that it is as of; None once its person is erased.
    score : int or None
        The score.
    refusal : str or None
        The code of the refusal, where there is no score.
    card_id : str or None
        The card.
    first : str
        The decision that its chain begins with: itself, where it took no other's place.
    """

    id: str
    kept_at: datetime
    as_of: date | None
    score: int | None
    refusal: str | None
    card_id: str | None
    first: str


def _line(kept: Kept) -> DecisionLine:
    columns = kept.columns
    return DecisionLine(
        id=kept.id,
        kept_at=kept.moment,
        as_of=columns["as_of"],
        score=columns["score"],
        refusal=columns["refusal"],
        card_id=columns["card"],
        first=columns["chain"],
    )


class KeptDecisions:
    """The decisions of a lender, by questions to its part of the store.

    Parameters
    ----------
    ask : Questions or None
        Of the store, or of a change; None where nothing was ever kept.
    """

    def __init__(self, ask: Questions | None) -> None:
        self._ask = ask

    def get(self, decision_id: str) -> Decision:
        """Return a decision by its id, or by the first eight digits of it or more.

        Raises
        ------
        UnknownDecisionError
            When no decision, or more than one, has an id that begins so.
        plainscore.records.ErasedError
            When the term for which it was kept has passed.
        """
        return opened_decision(self._asked(), self._row(decision_id))

    def all(self) -> Iterator[Decision]:
        """Yield every decision that can be read, in the order in which they were kept.

        Those that have reached the term of keeping are left out; `rows` has a line of them.
        """
        for row in self.rows():
            try:
                found = self.get(row.id)
            except ErasedError:
                continue
            yield found

    def rows(self) -> Iterator[DecisionLine]:
        """Yield a line of every decision in the order in which they were kept; none is opened."""
        if self._ask is not None:
            yield from map(_line, rows_of(self._ask.decisions))

    def of_person(self, person: str) -> Iterator[DecisionLine]:
        """Yield a line of every decision about a person in the order in which they were kept."""
        if self._ask is not None:
            yield from map(_line, rows_of(partial(self._ask.decisions_of, person)))

    def of_month(self, month: date) -> Iterator[DecisionLine]:
        """Yield a line of every decision that was kept in a month and is of no void run."""
        if self._ask is not None:
            yield from map(_line, rows_of(partial(self._ask.decisions_in, month)))

    def in_force(self, decision_id: str) -> Decision:
        """Return the newest decision of the chain that one belongs to."""
        ask = self._asked()
        return opened_decision(ask, ask.row("decision", ask.newest(self._row(decision_id).id).id))

    def is_newest(self, decision_id: str) -> bool:
        """Return whether a decision is in force: nothing took its place, and its run is not void."""
        try:
            return self._asked().newest(decision_id).id == decision_id
        except UnknownRowError:  # of its chain none is in force
            return False

    def is_void(self, decision_id: str) -> bool:
        """Return whether a decision was made in a run that is void."""
        ask = self._asked()
        run = ask.decision(decision_id).columns["run"]
        return run is not None and bool(ask.row("run", run).columns["void"])

    def _row(self, decision_id: str) -> Kept:
        ask = self._asked()
        try:
            return ask.row("decision", ask.decision(decision_id).id)
        except UnknownRowError as error:
            msg = f"{error} `plainscore decisions` lists them."
            raise UnknownDecisionError(msg) from error

    def _asked(self) -> Questions:
        if self._ask is None:
            msg = "No decision is kept here yet. `plainscore explain --subject ...` makes one."
            raise UnknownDecisionError(msg)
        return self._ask
