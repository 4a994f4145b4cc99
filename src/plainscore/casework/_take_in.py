"""Records of before there was a store, put into it as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from plainscore.appeals import UPHELD, AppealRecord, dispute_of
from plainscore.casework._decision_bodies import whole_body
from plainscore.casework._decision_rows import decision_row
from plainscore.casework._keep_decisions import LENDING
from plainscore.casework._kept_appeals import old_appeal_row
from plainscore.casework._letters_kept import letter_row
from plainscore.casework._overlay_rows import CORRECTION, DISPUTE, overlay_row
from plainscore.casework._touched import holders_of
from plainscore.decisions import DecisionRecord, moment_of
from plainscore.records import (
    AppealRow,
    DecisionRow,
    DefinitionRow,
    OverlayRow,
    SequelRow,
)
from plainscore.scorecard import Card

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.records import KindName, LenderStore

PersonRow = DecisionRow | SequelRow | AppealRow | OverlayRow

AT_ONCE: Final = 200
"""Rows of one change: a change holds all that it writes in memory."""


@dataclass(frozen=True, slots=True)
class OldDecision:
    """A decision as it was kept in a file."""

    record: DecisionRecord
    data: bytes


@dataclass(frozen=True, slots=True)
class OldLetter:
    """A letter as it was kept in two files."""

    id: str
    decision_id: str
    data: bytes
    page: str


@dataclass(frozen=True, slots=True)
class OldAppeal:
    """An appeal as it was kept in a file."""

    record: AppealRecord
    data: bytes


@dataclass(frozen=True, slots=True)
class OldRecords:
    """What was kept in folders, every file checked.

    Attributes
    ----------
    decisions, letters, appeals, cards
        Each file of a kind.
    corrections : mapping
        The corrections that upheld appeals put in force, rows of ``statements`` by their number.
    """

    decisions: Sequence[OldDecision]
    letters: Sequence[OldLetter]
    appeals: Sequence[OldAppeal]
    cards: Sequence[Card]
    corrections: Mapping[str, Mapping[str, Any]]


def take_in(
    store: LenderStore, old: OldRecords, *, published: Card | None, ledger: Ledger | None
) -> tuple[str, ...]:
    """Keep old records in the store, byte for byte; what is kept already is passed over.

    Each names only what is among them: cards, decisions that another took the place of, corrections.

    Parameters
    ----------
    store : LenderStore
        Where to.
    old : OldRecords
        What was kept.
    published : Card or None
        The published card, which may be among those that decisions name.
    ledger : Ledger or None
        The ledger, which says who else holds an account; None where there is none any more.

    Returns
    -------
    tuple of str
        Decisions that were left out, since an appeal that did not come to its end left them.
    """
    upheld = [one.record for one in old.appeals if one.record["status"] == UPHELD]
    renewed = {again["after"] for one in upheld for again in one["rescored"]}
    decisions = sorted(old.decisions, key=lambda one: (moment_of(one.record["made_at"]), one.record["id"]))
    standing = [one for one in decisions if one.record["replaces"] is None or one.record["id"] in renewed]
    person = {one.record["id"]: one.record["case"]["subject_id"] for one in decisions}
    _keep(store, "definition", [DefinitionRow(kind="card", body=card.to_json()) for card in old.cards])
    _keep_decisions(store, old, standing, published)
    letters = [
        letter_row(person[one.decision_id], one.decision_id, one.data, one.page) for one in old.letters
    ]
    _keep(store, "sequel", letters)
    _keep(
        store,
        "appeal",
        [old_appeal_row(one.record, one.data, person[one.record["decision_id"]]) for one in old.appeals],
    )
    overlay = [row for one in old.appeals for row in _overlay(ledger, one.record, old, person)]
    _keep(store, "overlay", overlay)
    kept = {one.record["id"] for one in standing}
    return tuple(one.record["id"] for one in decisions if one.record["id"] not in kept)


def _keep_decisions(
    store: LenderStore, old: OldRecords, standing: Sequence[OldDecision], published: Card | None
) -> None:
    cards = {card.id: card for card in (*old.cards, *((published,) if published else ()))}
    records = {one.record["id"]: one.record for one in standing}
    chain: dict[str, str] = {}
    newest: dict[str, str] = {}
    rows = []
    for one in standing:
        record, earlier = one.record, one.record["replaces"]
        again = record.get("reconsiders")
        row = decision_row(
            record,
            cards[record["card_id"]],
            body=whole_body(one.data),
            use=LENDING,
            stands_on=records[again["id"]] if again else None,
        )
        first = record["id"] if earlier is None else chain[earlier]
        # An earlier edition could let two decisions take the place of one: the later follows the earlier.
        rows.append(row if earlier is None else replace(row, follows=newest[first]))
        chain[record["id"]], newest[first] = first, record["id"]
    _keep(store, "decision", rows)


def _overlay(
    ledger: Ledger | None, appeal: AppealRecord, old: OldRecords, person: Mapping[str, str]
) -> Iterator[OverlayRow]:
    """Yield the dispute that an appeal is, and the correction that it put in force, for each holder."""
    appellant = person[appeal["decision_id"]]
    others = set() if ledger is None else holders_of(ledger, appeal["account_id"])
    holders = others | {appellant}
    dispute = dispute_of(appeal, appellant)
    for holder in sorted(holders):
        yield overlay_row(DISPUTE, dispute, person=holder)
        if appeal["status"] == UPHELD:
            yield overlay_row(CORRECTION, old.corrections[appeal["correction"]], person=holder)


def _keep(store: LenderStore, kind: KindName, rows: Sequence[PersonRow | DefinitionRow]) -> None:
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        people = {row.person for row in some if not isinstance(row, DefinitionRow)}
        with store.change(people=people) as change:
            change.add(*(row for row in some if not change.ask.has(kind, row.id)))
