"""Two who do something at once, and what is checked of every pair."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from plainscore.casework import Desk
from plainscore.records import LenderStore


@contextmanager
def met(parties: int) -> Iterator[None]:
    """Let each of some threads look at the store as it is, and none change it before all have looked."""
    barrier = threading.Barrier(parties)
    arrived: set[int] = set()

    def waiting(changes: Callable[..., Any]) -> Callable[..., Any]:
        def wait(self: LenderStore, *words: Any, **how: Any) -> Any:
            if threading.get_ident() not in arrived:
                arrived.add(threading.get_ident())
                barrier.wait(timeout=60)
            return changes(self, *words, **how)

        return wait

    with pytest.MonkeyPatch.context() as patch:
        for name in ("change", "end_terms"):
            patch.setattr(LenderStore, name, waiting(getattr(LenderStore, name)))
        yield


def at_once(*acts: Callable[[], Any]) -> tuple[list[Any], list[Exception]]:
    """Do things at once; return what those who won have, and what the others were told."""
    results: list[Any] = []
    told: list[Exception] = []

    def work(act: Callable[[], Any]) -> None:
        try:
            results.append(act())
        except Exception as error:
            told.append(error)

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    with met(len(acts)):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return results, told


def meanwhile(act: Callable[[], Any]) -> tuple[threading.Thread, list[Exception]]:
    """Do something beside what is being done, until it is done or must wait for that."""
    told: list[Exception] = []

    def work() -> None:
        try:
            act()
        except Exception as error:
            told.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=1)
    return thread, told


def assert_says(error: Exception, sentence: str) -> None:
    """Check what an error says."""
    with pytest.raises(type(error), match=sentence):
        raise error


def check_nothing_is_double(desk: Desk) -> None:
    """Check that no decision was followed twice, and that what is laid over the ledger is there once."""
    records = [one.record for one in desk.decisions.all()]
    replaced = [one["replaces"] for one in records if one["replaces"]]
    assert len(set(replaced)) == len(replaced)
    numbers = desk.ledger.table("statements")["statement_id"].to_pylist()
    assert len(set(numbers)) == len(numbers)
