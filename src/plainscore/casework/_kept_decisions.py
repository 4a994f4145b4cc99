"""Decisions as the store keeps them: the record byte for byte, and beside it what it was made with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from plainscore.casework._kept_rows import rows_of
from plainscore.decisions import DecisionRecord, UnknownDecisionError, read_record
from plainscore.log import canonical_json
from plainscore.records import DecisionRow, ErasedError, Touch, UnknownRowError

if TYPE_CHECKING:
    from plainscore.records import Kept, Questions
    from plainscore.scorecard import Card

SCHEMA: Final = "plainscore/kept-decision/1"
MOST_ATTRIBUTES: Final = 255


@dataclass(frozen=True, slots=True)
class Decision:
    """A use of a score.

    Attributes
    ----------
    record : DecisionRecord
        The decision record, plain JSON types.
    data : bytes
        The record as it is kept, JSON.
    kept_at : datetime.datetime or None
        When it was kept, by the store's clock; None for a look at the past, which is not kept.
    made_with : mapping of str to str
        What it was made with, beside the card: version of the software, and the hash of each definition
        that is kept. Empty for decisions of before there was a store.
    """

    record: DecisionRecord
    data: bytes
    kept_at: datetime | None
    made_with: Mapping[str, str]

    @property
    def id(self) -> str:
        """The decision's id, the SHA-256 of its record."""
        return self.record["id"]

    @property
    def score(self) -> int | None:
        """The score; None where one is refused."""
        return None if self.record["refusal"] else self.record["score"]

    @property
    def refusal(self) -> str | None:
        """The code of the refusal; None where there is a score."""
        return self.record["refusal"]["code"] if self.record["refusal"] else None

    @property
    def pd(self) -> float | None:
        """The probability of bad within the window; None where no score is given."""
        return None if self.record["refusal"] else float(self.record["pd"])

    @property
    def card_id(self) -> str:
        """The id of the card it was made under."""
        return self.record["card_id"]

    def reasons(self, language: str = "en") -> tuple[str, ...]:
        """Return the sentence of each reason, the largest loss first; none where no score is given."""
        return tuple(reason["text"][language] for reason in self.record.get("reasons", ()))


def decision_row(
    record: DecisionRecord,
    data: bytes,
    card: Card,
    *,
    use: str,
    made_with: Mapping[str, str],
    stands_on: DecisionRecord | None = None,
    run: str | None = None,
    request: str | None = None,
) -> DecisionRow:
    """Return the row that keeps a decision.

    Parameters
    ----------
    record : DecisionRecord
        The decision.
    data : bytes
        The same, as it is to be shown for good.
    card : Card
        The card that it names.
    use : str
        What it is for: ``lending``, ``test``.
    made_with : mapping of str to str
        As `Decision.made_with`.
    stands_on : DecisionRecord, optional
        For a reconsideration the decision whose stored rows it was made from: a month of them that an appeal
        took back can be brought back by another.
    run, request : str, optional
        The run that it was made in, and what it was asked by.
    """
    refusal = record["refusal"]
    body = {"schema": SCHEMA, "made_with": dict(made_with), "record": data.decode()}
    return DecisionRow(
        id=record["id"],
        person=record["case"]["subject_id"],
        use=use,
        body=canonical_json(body),
        as_of=date.fromisoformat(record["case"]["as_of"]),
        card=record["card_id"],
        score=None if refusal else record["score"],
        refusal=refusal["code"] if refusal else None,
        reasons=tuple(reason["id"] for reason in record.get("reasons", ())),
        attributes=_attributes(record, card),
        follows=record["replaces"],
        run=run,
        request=request,
        touches=_touches(record, stands_on or record),
    )


def _attributes(record: DecisionRecord, card: Card) -> bytes:
    """Return the place of each characteristic's attribute on the card, in the card's order."""
    labels = {part["id"]: part["attribute"] for part in record.get("parts", ())}
    if not labels:
        return b""
    places = []
    for one in card.characteristics:
        found = [attribute.label for attribute in one.attributes]
        places.append(min(found.index(labels[one.id]), MOST_ATTRIBUTES))
    return bytes(places)


def _touches(*records: DecisionRecord) -> tuple[Touch, ...]:
    """Return the accounts that decisions held, each with the months that they saw."""
    months: dict[str, set[date]] = {}
    for record in records:
        for account in record["inputs"]["accounts"]:
            months.setdefault(account["account_id"], set())
        for row in record["inputs"]["statements"]:
            months.setdefault(row["account_id"], set()).add(date.fromisoformat(row["month"]))
    return tuple(Touch(account=account, months=seen) for account, seen in sorted(months.items()))


def opened_decision(kept: Kept) -> Decision:
    """Return the decision in a row; raises AlteredDecisionError where its content does not give its id."""
    assert kept.body is not None, "the row was asked for with its body"
    body = json.loads(kept.body)
    data = body["record"].encode()
    return Decision(read_record(data), data, kept.moment, body["made_with"])


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
        return opened_decision(self._row(decision_id))

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
        return opened_decision(ask.row("decision", ask.newest(self._row(decision_id).id).id))

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
