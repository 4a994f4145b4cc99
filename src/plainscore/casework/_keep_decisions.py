"""A decision put into a change of the store, with everything that it takes to make it again for years."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import plainscore
from plainscore.casework._decision_bodies import Decision, short_body
from plainscore.casework._decision_rows import decision_row
from plainscore.casework._desk import Desk
from plainscore.characteristics import select_entries
from plainscore.decisions import DecisionRecord
from plainscore.log import canonical_json
from plainscore.records import DefinitionRow
from plainscore.scorecard import Card

if TYPE_CHECKING:
    from plainscore.records import Change

LENDING: Final = "lending"
"""The use of a score that decides on credit; others count apart."""


def keep_decision(
    desk: Desk,
    change: Change,
    record: DecisionRecord,
    card: Card,
    *,
    use: str = LENDING,
    stands_on: DecisionRecord | None = None,
    run: str | None = None,
    request: str | None = None,
    software: str = plainscore.__version__,
) -> Decision:
    """Add a decision to a change, with its card and its definitions, and return it.

    Parameters
    ----------
    desk : Desk
        Where it was made.
    change : Change
        A change that names its person.
    record : DecisionRecord
        The decision.
    card : Card
        The card that it names.
    stands_on : DecisionRecord, optional
        For a reconsideration the decision whose stored rows it was made from.
    use, run, request
        As ``plainscore.records.DecisionRow`` takes them.
    software : str
        Version of the software that made it.
    """
    kept = _definitions(desk, card)
    made_with = {"software": software, **{name: row.id for name, row in kept.items()}}
    named = DefinitionRow(kind="made_with", body=canonical_json(made_with))
    body, inputs = short_body(record, desk.common(card), named.id)
    row = decision_row(
        record, card, body=body, inputs=inputs, use=use, stands_on=stands_on, run=run, request=request
    )
    change.add(*kept.values(), named, row)
    return Decision(record, change.moment, made_with)


def _definitions(desk: Desk, card: Card) -> dict[str, DefinitionRow]:
    """Return what a decision is made with, by name: kept once, whatever decisions name it."""
    found = {
        "card": DefinitionRow(kind="card", body=card.to_json()),
        "entries": DefinitionRow(kind="entries", body=_entries(desk, card)),
        "common": DefinitionRow(kind="common", body=desk.common(card).to_json()),
    }
    if card.id == desk.workspace.card.id:
        files = {"calibration": "calibration.json", "facts": "lender.toml"}
        for name, file in files.items():
            path = desk.workspace.model / file
            if path.is_file():
                found[name] = DefinitionRow(kind=name, body=path.read_bytes())
    return found


def _entries(desk: Desk, card: Card) -> bytes:
    """Return the definitions of a card's characteristics, canonical JSON."""
    used = select_entries([one.id for one in card.characteristics], own=desk.entries)
    told = [asdict(entry) for entry in used]
    return canonical_json(told)
