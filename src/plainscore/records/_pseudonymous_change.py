"""A change about people whom the store knows by pseudonym alone: a term ends, or a store is restored."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from plainscore.records._change import lock_pseudonyms
from plainscore.records._leaves import append_leaves, moment_now
from plainscore.records._unit import Unit

if TYPE_CHECKING:
    from plainscore.records._clock import Clock
    from plainscore.records._database import Database
    from plainscore.records._keys import Keys


@contextmanager
def pseudonymous_change(
    database: Database, *, clock: Clock, keys: Keys, lender: int, name: str, people: Collection[str]
) -> Iterator[Unit]:
    """Lock people, and keep what the block writes about them with its leaves, or nothing of it.

    Parameters
    ----------
    database, clock, keys
        Those of the store.
    lender, name
        The lender's number and name.
    people : collection of str
        Pseudonyms.

    Raises
    ------
    KeyStillThereError
        When a key of somebody among them is still to be destroyed.
    """
    with database.writing() as connection:
        unit = Unit(database=database, connection=connection, lender=lender, name=name, keys=keys, moment=0)
        lock_pseudonyms(unit, people)
        unit.moment = moment_now(clock, connection)
        yield unit
        if unit.leaves:
            append_leaves(database, connection, lender=lender, moment=unit.moment, leaves=unit.leaves)
