"""An old decision made again from its stored inputs, under its own card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from plainscore.characteristics import Entry, derive, select_entries
from plainscore.decisions._errors import ReplayError
from plainscore.history import Case, cases_table, open_history
from plainscore.ledger import TABLES, MemoryLedger
from plainscore.scorecard import Card


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay gave.

    Attributes
    ----------
    score : int or None
        The score, the same as recorded; None for a decision that refused one.
    values : dict of str to float or None
        The characteristics, the same as recorded.
    """

    score: int | None
    values: dict[str, float | None]


def replay(record: Mapping[str, Any], card: Card, *, own: Sequence[Entry] = ()) -> Replay:
    """Make a decision again from the rows that it stored.

    Parameters
    ----------
    record : mapping
        A decision record.
    card : Card
        The card that it names.
    own : sequence of Entry
        A lender's own definitions, where the card uses them.

    Raises
    ------
    ReplayError
        When the card is another, or values, points or the score come out differently.
    """
    if card.id != record["card_id"]:
        msg = (
            f"Decision {record['id'][:12]} was made under card {record['card_id'][:12]}, not {card.id[:12]}."
        )
        raise ReplayError(msg)
    history = open_history(stored_ledger(record))
    entries = select_entries([one.id for one in card.characteristics], own=own)
    row = derive(history, cases_table([stored_case(record)]), entries).to_pylist()[0]
    values = {entry.id: row[entry.id] for entry in entries}
    if record["refusal"] is not None:
        return Replay(None, values)
    _compare(record, card, values)
    return Replay(card.score_one(values), values)


def _compare(record: Mapping[str, Any], card: Card, values: Mapping[str, float | None]) -> None:
    found = card.attributes_one(values)
    for part in record["parts"]:
        stored = None if part["value"] is None else float(part["value"])
        if stored != values[part["id"]] or part["points"] != found[part["id"]].points:
            msg = (
                f"Decision {record['id'][:12]} does not replay: {part['id']} was {part['value']} "
                f"for {part['points']} points, and is now {values[part['id']]} for {found[part['id']].points}."
            )
            raise ReplayError(msg)
    if card.score_one(values) != record["score"]:
        msg = f"Decision {record['id'][:12]} does not replay: score {record['score']}, now {card.score_one(values)}."
        raise ReplayError(msg)


def stored_case(record: Mapping[str, Any]) -> Case:
    """Return the case of a decision record."""
    said = record["case"]
    return Case(
        case_id=0,
        subject_id=said["subject_id"],
        recipient_id=said["recipient_id"],
        purpose=said["purpose"],
        as_of=date.fromisoformat(said["as_of"]),
        known_at=_moment(said["known_at"]),
        used_at=_moment(said["used_at"]),
        pack=said["pack"],
        disputed=said["disputed"],
    )


def stored_ledger(record: Mapping[str, Any]) -> MemoryLedger:
    """Return the ledger of one person that a decision record stored."""
    tables = {}
    for name, table in TABLES.items():
        rows = record["inputs"][name]
        columns = [
            pa.array([_value(row.get(field.name), field.type) for row in rows], field.type)
            for field in table.schema
        ]
        tables[name] = pa.table(columns, schema=table.schema)
    return MemoryLedger(tables)


def _value(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_date(kind):
        return date.fromisoformat(value)
    return _moment(value) if pa.types.is_timestamp(kind) else value


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
