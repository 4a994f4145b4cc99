"""Faults at each write of a store in turn, and all that stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, func, select

from plainscore.records import Store
from plainscore.records._tables import METADATA


class InjectedError(Exception):
    """A fault that a test makes."""


def engines_of(store: Store) -> list[Engine]:
    """Return the databases that a change of the store writes to: its own, and that of people's keys."""
    return [store.database.engine, store.keys._database.engine]


@contextmanager
def fault_at(engines: list[Engine], place: int) -> Iterator[list[int]]:
    """Let the write of this number fail, commits counted among them; give how many were reached."""
    seen = [0]

    def reach() -> None:
        seen[0] += 1
        if seen[0] == place:
            raise InjectedError

    def statement(_c: Any, _k: Any, text: str, *_more: Any) -> None:
        if not text.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN")):
            reach()

    def commit(_connection: Any) -> None:
        reach()

    for engine in engines:
        event.listen(engine, "before_cursor_execute", statement)
        event.listen(engine, "commit", commit)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", statement)
            event.remove(engine, "commit", commit)


def state_of(store: Store) -> list[Any]:
    """Return every row of every table but the keys of people, which may be written before."""
    with store.database.reading() as connection:
        return [
            sorted(map(repr, connection.execute(table.select())))
            for table in METADATA.sorted_tables
            if table.name != "people"
        ]


def counts_of(store: Store) -> dict[str, int]:
    """Return how many rows each table has."""
    with store.database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }


def tried_at_each_write(store: Store, act: Callable[[], Any]) -> tuple[Any, int]:
    """Do something with a fault at its first write, then at its second, until it has no write left to fail.

    After each fault nothing of it stands in the store.

    Returns
    -------
    tuple
        What the try without a fault gave, and how many faults there were.
    """
    before, place = state_of(store), 0
    while True:
        place += 1
        try:
            with fault_at(engines_of(store), place):
                return act(), place - 1
        except InjectedError:
            assert state_of(store) == before, f"a fault at write {place} left something half done"
