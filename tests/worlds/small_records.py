"""Rows for tests of the store, and a store on either database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from plainscore.records import (
    AppealRow,
    Clock,
    CurrentRow,
    DecisionRow,
    DefinitionRow,
    OverlayRow,
    RunRow,
    SequelRow,
    Store,
    TaskRow,
    Touch,
    create_keys,
    open_keys,
    open_store,
)

LENDER = "Sample Lender"
DECEMBER = date(2025, 12, 31)
CARD = hashlib.sha256(b"a card").hexdigest()


@dataclass(frozen=True)
class Place:
    """Where a store of a test and its keys are."""

    url: str
    keys_url: str
    key_file: Path

    @property
    def is_file(self) -> bool:
        """Whether it is SQLite."""
        return "://" not in self.url

    @contextmanager
    def opened(self, *, clock: Clock | None = None) -> Iterator[Store]:
        """Give the store, made on the first call, and close it."""
        if self.key_file.exists():
            keys = open_keys(self.key_file, self.keys_url)
        else:
            keys = create_keys(self.key_file, self.keys_url)
        with open_store(self.url, keys=keys, clock=clock) as store:
            yield store


def hex_id(name: str) -> str:
    """Return an id of 64 digits."""
    return hashlib.sha256(name.encode()).hexdigest()


def a_decision(name: str, person: str = "anna", **other: Any) -> DecisionRow:
    """Return a decision that saw one account."""
    told: dict[str, Any] = {
        "id": hex_id(name),
        "person": person,
        "use": "lending",
        "body": f"the record of {name}, about {person}".encode(),
        "inputs": f"what {person} paid".encode(),
        "as_of": DECEMBER,
        "card": CARD,
        "score": 600,
        "reasons": ("paid_late", "used_much"),
        "attributes": b"\x01\x02",
        "touches": (Touch(account=f"account of {person}", months=[date(2025, 10, 31), DECEMBER]),),
    }
    return DecisionRow(**{**told, **other})


def a_sequel(name: str, decision: str, person: str = "anna", **other: Any) -> SequelRow:
    """Return an outcome."""
    told: dict[str, Any] = {"kind": "outcome", "code": "approved", "body": b"by a person"}
    return SequelRow(id=hex_id(name), decision=hex_id(decision), person=person, **{**told, **other})


def an_appeal(decision: str, person: str = "anna", **other: Any) -> AppealRow:
    """Return an open appeal."""
    told: dict[str, Any] = {"state": "open", "open": True, "body": b"I paid in time", "due": date(2026, 3, 2)}
    return AppealRow(
        id=hex_id(f"appeal {decision}"), decision=hex_id(decision), person=person, **{**told, **other}
    )


def a_dispute(name: str, person: str = "anna", **other: Any) -> OverlayRow:
    """Return a dispute that is laid over the deliveries."""
    told: dict[str, Any] = {"kind": "dispute", "account": f"account of {person}", "body": b"not mine"}
    return OverlayRow(id=hex_id(name), person=person, **{**told, **other})


def a_task(name: str, person: str = "anna", **other: Any) -> TaskRow:
    """Return a task that waits for somebody."""
    told: dict[str, Any] = {"kind": "offer", "state": "waiting", "open": True, "body": b"call her"}
    return TaskRow(id=hex_id(name), person=person, **{**told, **other})


def one_of_each() -> tuple[Any, ...]:
    """Return rows of every kind about one person, each naming those before it."""
    return (
        DefinitionRow(kind="card", body=b'{"base": 500}'),
        CurrentRow(id="manifest", value="abc"),
        RunRow(id="night", state="started", body=b"{}"),
        a_decision("first", run="night", request="night/anna"),
        a_sequel("outcome", "first"),
        a_dispute("dispute"),
        an_appeal("first"),
        a_task("task", decision=hex_id("first")),
    )


def keep(store: Store, *rows: Any, people: tuple[str, ...] = ("anna",)) -> None:
    """Keep rows in one change."""
    with store.of(LENDER).change(people=people) as change:
        change.add(*rows)


def erase(store: Store, person: str = "anna") -> int:
    """Erase a person, and return the rows that it emptied."""
    with store.of(LENDER).change(people=[person]) as change:
        return change.erase(person)
