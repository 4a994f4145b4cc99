"""Erasure: what tells of a person in the plain is emptied, then the key of what is sealed for use ends.

Decisions, letters and appeals stay sealed with the person's other key for as long as they must be kept as
proof. At the end of that term they are emptied in the same way, and the other key ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Table, delete, func, select, update

from plainscore.records._errors import HeldBackError
from plainscore.records._row_kinds import DECISION, KINDS, Kind
from plainscore.records._tables import APPEALS, EARLIER, PEOPLE, TOUCHES
from plainscore.records._unit import Unit

ABOUT_PEOPLE: Final = ("decision", "sequel", "overlay", "appeal", "task")
AS_PROOF: Final = ("decision", "sequel", "appeal")
"""Kinds that are kept for a term."""

EMPTIED: Final = (*(KINDS[name].table for name in ABOUT_PEOPLE), EARLIER, TOUCHES)
"""Tables that an erasure takes something from."""


def erase_person(unit: Unit, person: str) -> int:
    """Empty what tells of a person in their rows' columns, and return how many rows that were.

    What their decisions touched and earlier versions of rows are deleted. That there is a row stays, with
    what `Kind.blanked` leaves.

    Raises
    ------
    HeldBackError
        When an appeal of the person is open.
    """
    held = unit.connection.execute(
        select(func.count()).where(
            APPEALS.c.lender == unit.lender, APPEALS.c.person == person, APPEALS.c.open == 1
        )
    ).scalar_one()
    if held:
        raise HeldBackError(
            "The person has an open appeal, and it needs what an erasure would take. Settle the appeal first."
        )
    return empty_person(unit, person)


def empty_person(unit: Unit, person: str) -> int:
    """Empty what tells of a person, whatever is open, and mark the key that ends; return the rows."""
    count = _empty_kinds(unit, person, ABOUT_PEOPLE)
    _mark(unit, person, erased=unit.moment, key_ended=0)
    return count


def end_term(unit: Unit, person: str) -> int:
    """Empty what was kept of a person as proof, and mark the key that ends with it; return the rows."""
    count = _empty_kinds(unit, person, AS_PROOF)
    _mark(unit, person, term_ended=unit.moment, proof_key_ended=0)
    return count


def _mark(unit: Unit, person: str, **marks: int) -> None:
    unit.connection.execute(
        update(PEOPLE)
        .where(PEOPLE.c.lender == unit.lender, PEOPLE.c.person == person)
        .values(version=PEOPLE.c.version + 1, **marks)
    )


def _empty_kinds(unit: Unit, person: str, names: Sequence[str]) -> int:
    count = 0
    for name in names:
        kind = KINDS[name]
        table = kind.table
        rows = (
            unit.connection.execute(
                select(table)
                .where(table.c.lender == unit.lender, table.c.person == person, table.c.erased.is_(None))
                .order_by(table.c.id)
                .with_for_update()
            )
            .mappings()
            .all()
        )
        for row in rows:
            _empty(unit, kind, dict(row))
        count += len(rows)
    # Earlier versions hold in the plain what the present ones held; their leaves stay in the log.
    unit.connection.execute(
        delete(EARLIER).where(
            EARLIER.c.lender == unit.lender, EARLIER.c.person == person, EARLIER.c.kind.in_(names)
        )
    )
    return count


def _empty(unit: Unit, kind: Kind, row: Mapping[str, Any]) -> None:
    changed: dict[str, Any] = dict.fromkeys(kind.blanked)
    changed |= {"version": row["version"] + 1, "moment": unit.moment, "erased": unit.moment}
    if "open" in row:
        changed["open"] = 0
    table: Table = kind.table
    unit.connection.execute(
        update(table).where(table.c.lender == unit.lender, table.c.id == row["id"]).values(**changed)
    )
    if kind is DECISION:
        unit.connection.execute(delete(TOUCHES).where(TOUCHES.c.decision == row["number"]))
    unit.log(kind, {**row, **changed})
