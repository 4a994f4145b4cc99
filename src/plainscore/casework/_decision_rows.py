"""The row of the store that keeps a decision: what is sealed, and the columns that questions are asked of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from plainscore.decisions import DecisionRecord
from plainscore.records import DecisionRow, Touch

if TYPE_CHECKING:
    from plainscore.scorecard import Card

MOST_ATTRIBUTES: Final = 255


def decision_row(
    record: DecisionRecord,
    card: Card,
    *,
    body: bytes,
    use: str,
    inputs: bytes | None = None,
    stands_on: DecisionRecord | None = None,
    run: str | None = None,
    request: str | None = None,
) -> DecisionRow:
    """Return the row that keeps a decision.

    Parameters
    ----------
    record : DecisionRecord
        The decision.
    card : Card
        The card that it names.
    body, inputs : bytes
        What of it is sealed, as ``_decision_bodies`` writes it.
    use : str
        What it is for: ``lending``, ``test``.
    stands_on : DecisionRecord, optional
        For a reconsideration the decision whose stored rows it was made from: a month of them that an appeal
        took back can be brought back by another.
    run, request : str, optional
        The run that it was made in, and what it was asked by.
    """
    refusal = record["refusal"]
    return DecisionRow(
        id=record["id"],
        person=record["case"]["subject_id"],
        use=use,
        body=body,
        inputs=inputs,
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
