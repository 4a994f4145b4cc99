"""Changes that wait in line for a store in a file, and how many commits they took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from small_records import LENDER, a_decision, keep
from sqlalchemy import event

from plainscore.records import Store


class Client(threading.Thread):
    """A thread that makes a change; what came of it is in `error`, and in `kept` whether it was told so."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__()
        self.act = act
        self.kept = False
        self.error: BaseException | None = None

    def run(self) -> None:
        """Make the change."""
        try:
            self.act()
        except BaseException as error:
            self.error = error
        else:
            self.kept = True


def decide(store: Store, name: str, person: str, **other: Any) -> Callable[[], None]:
    """Return a change that keeps a decision."""
    return lambda: keep(store, a_decision(name, person, **other), people=(person,))


@contextmanager
def in_line(store: Store, *acts: Callable[[], Any]) -> Iterator[list[Client]]:
    """Let changes wait in this order while the block has the turn, and wait for all of them after it."""
    turns = store.database._turns
    assert turns is not None
    clients = [Client(act) for act in acts]
    with turns.alone():
        for number, client in enumerate(clients, 1):
            client.start()
            while len(turns._waiting) < number:
                time.sleep(0.001)
        yield clients
    for client in clients:
        client.join(60)
        assert not client.is_alive()


@contextmanager
def commits(store: Store) -> Iterator[list[int]]:
    """Give how many changes the store has had at each commit."""
    seen: list[int] = []

    def note(connection: Any) -> None:
        seen.append(connection.exec_driver_sql("SELECT changes FROM log_head").scalar_one())

    event.listen(store.database.engine, "commit", note)
    try:
        yield seen
    finally:
        event.remove(store.database.engine, "commit", note)


def decided(store: Store, *people: str) -> dict[str, list[str]]:
    """Return the ids of people's decisions."""
    return {person: [row.id for row in store.of(LENDER).ask.decisions_of(person).rows] for person in people}
