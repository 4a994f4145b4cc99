"""Keys that are to end, after the change that says so: destroyed at once, or at the next start."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, select, update

from plainscore.records._database import Database
from plainscore.records._erasing import EMPTIED
from plainscore.records._keys import Keys, Purpose
from plainscore.records._tables import PEOPLE

MARKS: Final[tuple[tuple[Purpose, Column[Any], Column[Any]], ...]] = (
    ("use", PEOPLE.c.key_ended, PEOPLE.c.erased),
    ("proof", PEOPLE.c.proof_key_ended, PEOPLE.c.term_ended),
)
"""For each key of a person: the column that is 0 while it is still to be destroyed, and the moment why."""


def end_marked_keys(database: Database, keys: Keys) -> int:
    """Destroy every key that a change has marked; return of how many people something is still to end."""
    return sum(_end(database, keys, *one) for one in MARKS)


def _end(database: Database, keys: Keys, purpose: Purpose, mark: Column[Any], since: Column[Any]) -> int:
    p = PEOPLE.c
    waiting = select(p.lender, p.person, since.label("since")).where(mark == 0).order_by(p.lender, p.person)
    with database.reading() as connection:
        if connection.execute(waiting.limit(1)).first() is None:
            return 0
    # Locked until the keys are gone: a second caller with an older list would destroy the new key of
    # somebody who came back after the first.
    with database.writing() as connection:
        people = connection.execute(waiting.with_for_update()).all()
        gone = keys.destroy({row.person: row.since for row in people}, purpose)
    # What was emptied must not stand in the journal either before the erasure counts as done.
    if not (database.forget(*EMPTIED) and gone):
        return len(people)
    with database.writing() as connection:
        for row in people:
            connection.execute(
                update(PEOPLE)
                .where(p.lender == row.lender, p.person == row.person)
                .where(mark == 0, since == row.since)
                .values({mark.name: 1})
            )
    return 0
