"""An old decision made again from its stored inputs, under its own card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from plainscore.characteristics import Entry, derive, select_entries
from plainscore.consent import compile_grants
from plainscore.coverage import Floor, cover
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
        The score, the same as recorded; None for a decision that refused one, for the same reason.
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
        When the card is another, or values, points, the score or the refusal come out differently.
    """
    if card.id != record["card_id"]:
        msg = (
            f"Decision {record['id'][:12]} was made under card {record['card_id'][:12]}, not {card.id[:12]}."
        )
        raise ReplayError(msg)
    history = open_history(stored_ledger(record))
    entries = select_entries([one.id for one in card.characteristics], own=own)
    cases = cases_table([stored_case(record)])
    row = derive(history, cases, entries).to_pylist()[0]
    values = {entry.id: row[entry.id] for entry in entries}
    _compare_refusal(record, cover(history, cases, floor=_floor(card))["refusal"][0].as_py())
    if record["refusal"] is not None:
        return Replay(None, values)
    _compare(record, card, values)
    return Replay(card.score_one(values), values)


def _floor(card: Card) -> Floor:
    return Floor(**{name: int(months) for name, months in card.coverage.items()})


def _compare_refusal(record: Mapping[str, Any], found: str | None) -> None:
    recorded = None if record["refusal"] is None else record["refusal"]["code"]
    if recorded == "empty" and found == "no_consent" and _granted(record):
        # A record of an empty history holds no account, so that its grant has nothing left to reach.
        return
    if found != recorded:
        said = [f"refused ({code})" if code else "scored" for code in (recorded, found)]
        msg = f"Decision {record['id'][:12]} does not replay: it was {said[0]}, and is now {said[1]}."
        raise ReplayError(msg)


def _granted(record: Mapping[str, Any]) -> bool:
    """Whether a stored consent is in force for the case's recipient, purpose and moment."""
    case = stored_case(record)
    return any(
        (grant["recipient_id"], grant["purpose"]) == (case.recipient_id, case.purpose)
        and grant["starts"] <= case.used_at
        and (grant["ends"] is None or case.used_at < grant["ends"])
        for grant in compile_grants(stored_ledger(record).table("consents")).to_pylist()
    )


def _compare(record: Mapping[str, Any], card: Card, values: Mapping[str, float | None]) -> None:
    found = card.attributes_one(values)
    for part in record["parts"]:
        stored = None if part["value"] is None else float(part["value"])
        if stored != values[part["id"]] or part["points"] != found[part["id"]].points:
            msg = (
                f"Decision {record['id'][:12]} does not replay: {part['id']} was {part['value']} for "
                f"{part['points']} points, and is now {values[part['id']]} for {found[part['id']].points}."
            )
            raise ReplayError(msg)
    score = card.score_one(values)
    if score != record["score"]:
        msg = f"Decision {record['id'][:12]} does not replay: score {record['score']}, now {score}."
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
