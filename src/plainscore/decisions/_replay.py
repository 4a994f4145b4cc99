"""An old decision made again from its stored inputs, under its own card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

import pyarrow as pa

from plainscore.characteristics import Entry, select_entries
from plainscore.consent import compile_grants
from plainscore.decisions._decision_types import DecisionRecord
from plainscore.decisions._errors import ReplayError
from plainscore.decisions._mended import CAN_BECOME, FIRST_VIEWS, Mend, mended_since
from plainscore.decisions._moment import moment_of
from plainscore.decisions._stored_values import stored_value
from plainscore.history import VIEWS, Case, cases_table, open_history
from plainscore.ledger import TABLES, LedgerRows, MemoryLedger
from plainscore.scorecard import Card, points_as_it_stands
from plainscore.scoring import score_as_read

_THIN: Final = ("thin_new", "thin_old")


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay gave.

    Attributes
    ----------
    score : int or None
        The score, the same as recorded; None for a decision that refused one, for the same reason.
    values : dict of str to float or None
        The characteristics, the same as recorded.
    mended : tuple of Mend
        What was mended since and can be why today's reading of the stored rows gives something else; empty
        where it gives the same.
    """

    score: int | None
    values: dict[str, float | None]
    mended: tuple[Mend, ...] = ()


def replay(record: DecisionRecord, card: Card, *, own: Sequence[Entry] = ()) -> Replay:
    """Make a decision again from what it stored.

    From its values: they give its points, and these its score. And from its rows: they give its values, or
    its refusal, or else a fault was mended since in how rows are read, which is named.

    Parameters
    ----------
    record : DecisionRecord
        The decision.
    card : Card
        The card that it names.
    own : sequence of Entry
        A lender's own definitions, where the card uses them.

    Raises
    ------
    ReplayError
        When the card is another, the values do not give the points and the score, or the rows give other
        values or another refusal than recorded, and no mend since then can be why.
    """
    if card.id != record["card_id"]:
        msg = (
            f"Decision {record['id'][:12]} was made under card {record['card_id'][:12]}, not {card.id[:12]}."
        )
        raise ReplayError(msg)
    recorded = _recorded(record)
    if record["refusal"] is None:
        _compare_points(record, card, recorded)
    entries = select_entries([one.id for one in card.characteristics], own=own)
    values, refusal = _derived(record, card, entries)
    try:
        _compare_refusal(record, refusal)
        if record["refusal"] is None:
            _compare_values(record, values)
    except ReplayError:
        if mended := _mended_since(record, entries, values, refusal):
            return Replay(record.get("score"), recorded, mended)
        raise
    return Replay(record.get("score"), values)


def _recorded(record: DecisionRecord) -> dict[str, float | None]:
    """Return the values that a record holds; none where it refused a score."""
    return {
        part["id"]: None if part["value"] is None else float(part["value"])
        for part in record.get("parts", [])
    }


def _views(record: DecisionRecord) -> int:
    """Return the reading that a record was made under; what only later records hold is of the present one."""
    later = "comparison" in record or "reconsiders" in record
    return int(record.get("views", VIEWS if later else FIRST_VIEWS))


def _mended_since(
    record: DecisionRecord,
    entries: Sequence[Entry],
    values: Mapping[str, float | None],
    refusal: str | None,
) -> tuple[Mend, ...]:
    """Return the mends that explain all that differs today; none where something is left unexplained."""
    code = None if record["refusal"] is None else record["refusal"]["code"]
    if code != refusal and not {code, refusal} <= CAN_BECOME:
        return ()
    ledger = stored_ledger(record)
    stored = cast(LedgerRows, {name: ledger.table(name).to_pylist() for name in TABLES})
    mends = mended_since(_views(record), stored, stored_case(record))
    recorded = _recorded(record)
    differs = [entry for entry in entries if entry.id in recorded and recorded[entry.id] != values[entry.id]]
    if any(not any(mend.can_change(entry) for mend in mends) for entry in differs):
        return ()
    if code != refusal:
        return mends
    return tuple(mend for mend in mends if any(mend.can_change(entry) for entry in differs))


def _derived(
    record: DecisionRecord, card: Card, entries: Sequence[Entry]
) -> tuple[dict[str, float | None], str | None]:
    """Return the values that the stored rows give today, and the code of the refusal."""
    history = open_history(stored_ledger(record))
    scored = score_as_read(history, card, cases_table([stored_case(record)]), entries)
    refusal: str | None = scored.coverage["refusal"][0].as_py()
    return {entry.id: scored.values[entry.id][0].as_py() for entry in entries}, refusal


def _compare_refusal(record: DecisionRecord, found: str | None) -> None:
    recorded = None if record["refusal"] is None else record["refusal"]["code"]
    if recorded == "empty" and found in ("no_consent", "consent_closed") and _granted(record):
        # A record of an empty history holds no account, so that its grant has nothing left to reach.
        return
    if recorded == "thin" and found in _THIN:
        # Until the two were told apart, one refusal said either.
        return
    if found != recorded:
        said = [f"refused ({code})" if code else "scored" for code in (recorded, found)]
        msg = f"Decision {record['id'][:12]} does not replay: it was {said[0]}, and is now {said[1]}."
        raise ReplayError(msg)


def _granted(record: DecisionRecord) -> bool:
    """Whether a stored consent is in force for the case's recipient, purpose and moment."""
    case, ledger = stored_case(record), stored_ledger(record)
    return any(
        (grant["recipient_id"], grant["purpose"]) == (case.recipient_id, case.purpose)
        and grant["starts"] <= case.used_at
        and (grant["ends"] is None or case.used_at < grant["ends"])
        for grant in compile_grants(ledger.table("consents"), ledger.table("closures")).to_pylist()
    )


def _compare_points(record: DecisionRecord, card: Card, values: Mapping[str, float | None]) -> None:
    """Check that the recorded values give the recorded points and score under the card."""
    if missing := [one.id for one in card.characteristics if one.id not in values]:
        msg = f"Decision {record['id'][:12]} does not replay: it holds no value of {missing[0]}."
        raise ReplayError(msg)
    at = card.positions_one(values)
    found = {one.id: one.attributes[at[one.id]] for one in points_as_it_stands(card, values)}
    for part in record["parts"]:
        if part["points"] != found[part["id"]].points:
            msg = (
                f"Decision {record['id'][:12]} does not replay: {part['id']} was {part['value']} for "
                f"{part['points']} points, and that value earns {found[part['id']].points}."
            )
            raise ReplayError(msg)
    score = card.score_one(values)
    if score != record["score"]:
        msg = f"Decision {record['id'][:12]} does not replay: score {record['score']}, now {score}."
        raise ReplayError(msg)


def _compare_values(record: DecisionRecord, values: Mapping[str, float | None]) -> None:
    """Check that the stored rows give the recorded values."""
    for name, stored in _recorded(record).items():
        if stored != values[name]:
            msg = (
                f"Decision {record['id'][:12]} does not replay: {name} was {stored}, and its stored rows "
                f"give {values[name]}."
            )
            raise ReplayError(msg)


def stored_case(record: DecisionRecord) -> Case:
    """Return the case of a decision record."""
    said = record["case"]
    return Case(
        case_id=0,
        subject_id=said["subject_id"],
        recipient_id=said["recipient_id"],
        purpose=said["purpose"],
        as_of=date.fromisoformat(said["as_of"]),
        known_at=moment_of(said["known_at"]),
        used_at=moment_of(said["used_at"]),
        pack=said["pack"],
        disputed=said["disputed"],
    )


def stored_ledger(record: DecisionRecord) -> MemoryLedger:
    """Return the ledger of one person that a decision record stored.

    A table that the contract has had only since then is empty.
    """
    tables = {}
    stored: Mapping[str, Any] = record["inputs"]
    for name, table in TABLES.items():
        rows = stored.get(name, [])
        columns = [
            pa.array([stored_value(row.get(field.name), field.type) for row in rows], field.type)
            for field in table.schema
        ]
        tables[name] = pa.table(columns, schema=table.schema)
    return MemoryLedger(tables)
