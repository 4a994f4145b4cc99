"""Many clients that write at once, in threads of one process, as a service has them."""

from __future__ import annotations

import threading
import time
from random import Random
from typing import Final

from benchmarks._store_answers import Clients, spread
from benchmarks._store_load import LENDER, a_decision
from plainscore.records import Store

NUMBER: Final = 16
FAR: Final = 1_000_000_000
"""Decisions of clients have numbers from here on, so that no two keep the same."""


def clients(store: Store, people: int, *, batch: int, seconds: float, number: int = NUMBER) -> Clients:
    """Let clients keep decisions for some seconds, so many in a change."""
    taken: list[float] = []
    errors: list[BaseException] = []
    begun = time.perf_counter()
    end = begun + seconds

    def work(client: int) -> None:
        ours, random = store.of(LENDER), Random(client)
        first = FAR * batch + client * 1_000_000
        while time.perf_counter() < end:
            rows = [a_decision(n, random, people) for n in range(first, first + batch)]
            first += batch
            begin = time.perf_counter()
            with ours.change(people={row.person for row in rows}) as change:
                change.add(*rows)
            taken.append(time.perf_counter() - begin)

    def watched(client: int) -> None:
        try:
            work(client)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=watched, args=(client,)) for client in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return Clients(number, batch, len(taken) / (time.perf_counter() - begun), spread(taken))
