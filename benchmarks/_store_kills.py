"""A writer that is killed at any moment and started again, and whether it lost or doubled what it told of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

from benchmarks._store_answers import Kills
from benchmarks._store_load import LENDER, a_decision
from benchmarks._store_places import Place
from benchmarks._timing import Tell
from plainscore.records import LenderStore, Store

ROOT: Final = Path(__file__).resolve().parents[1]
PEOPLE: Final = 7
THREADS: Final = 4
"""Of the writer, so that changes wait for each other and are kept together."""
PAGE: Final = 500


def write(place: Place, first: int) -> None:
    """Keep decision after decision that was not kept yet, and tell of each once it is, until killed."""
    with place.opened() as store:
        threads = [
            threading.Thread(target=_write_on, args=(store.of(LENDER), first + thread))
            for thread in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _write_on(ours: LenderStore, first: int) -> None:
    random = Random(first)
    for n in count(first, THREADS):
        if not ours.ask.answered([_request(n)]):
            # Another id each time: that nothing is doubled is the request's doing, not the id's.
            row = a_decision(int.from_bytes(os.urandom(6), "big") * PEOPLE + n % PEOPLE, random, PEOPLE)
            with ours.change(people=[row.person]) as change:
                change.add(replace(row, request=_request(n)))
        os.write(sys.stdout.fileno(), f"{n}\n".encode())  # one line whole, whichever thread writes


def kill_again_and_again(place: Place, rounds: int, tell: Tell) -> Kills:
    """Kill a writer so many times, and compare what it told of with what is kept."""
    random, told, findings = Random(rounds), set[int](), 0
    lost, doubled = 0, 0
    with place.opened():
        pass
    for done in range(rounds):
        tell(f"kill -9, round {done + 1} of {rounds}, {len(told):,} decisions so far")
        told |= _one_round(place, next(n for n in count() if n not in told), random)
        with place.opened() as store:
            kept, answered = _kept(store.of(LENDER), max(told) + 1 + THREADS)
            lost, doubled = len(told - answered), kept - len(answered)
            findings += _findings(store)
    return Kills(rounds, len(told), lost, doubled, findings)


def _one_round(place: Place, first: int, random: Random) -> set[int]:
    """Start a writer, kill it some time after its first decision, and return those that it told of."""
    words = [place.url, place.keys_url, str(place.key_file), str(first)]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks._store_kills", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as told:
        begun = told.readline()
        time.sleep(random.random() / 5)
        os.kill(process.pid, signal.SIGKILL)
        lines = [begun, *told.read().split("\n")[:-1]]
    process.wait()
    return {int(line) for line in lines if line.strip()}


def _kept(ours: LenderStore, end: int) -> tuple[int, set[int]]:
    """Return how many decisions there are, and which requests before an end are answered."""
    kept, after = 0, None
    while True:
        page = ours.ask.decisions(after=after, limit=PAGE)
        kept, after = kept + len(page.rows), page.after
        if after is None:
            break
    answered: set[int] = set()
    for first in range(0, end, PAGE):
        numbers = {_request(n): n for n in range(first, min(first + PAGE, end))}
        answered |= {numbers[request] for request in ours.ask.answered(list(numbers))}
    return kept, answered


def _findings(store: Store) -> int:
    return len(store.verify([store.log.checkpoint()]).findings)


def _request(n: int) -> str:
    return f"request {n}"


if __name__ == "__main__":
    url, keys_url, key_file, begin = sys.argv[1:]
    write(Place(url, keys_url, Path(key_file)), int(begin))
