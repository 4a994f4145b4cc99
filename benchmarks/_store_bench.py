"""The store at a million decisions: its size, its questions, and decisions a second from many clients.

    python -m benchmarks._store_bench FOLDER
    python -m benchmarks._store_bench postgresql://... --keys postgresql://...

The first decisions go through `change()`, and those the questions are about; the rest are rows of the same
sizes, written straight into the tables (`_store_fill`). Records are as large as measured ones: a core of
3.4 kB in JSON, 1.7 kB of inputs in columns, 3.8 accounts, an outcome each.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from benchmarks._store_fill import fill
from plainscore.records import (
    DecisionRow,
    LenderStore,
    OverlayRow,
    Questions,
    RunRow,
    SequelRow,
    Store,
    Touch,
    create_keys,
    open_store,
)

LENDER = "Sample Lender"
MONTHS = [date(2020 + n // 12, n % 12 + 1, 28) for n in range(72)]
CARD = sha256(b"card").hexdigest()
REASONS = tuple(f"reason_{n}" for n in range(40))
REPEATS = 200


def a_row(n: int, random: Random, people: int) -> tuple[DecisionRow, SequelRow]:
    """Return a decision as large as a measured one, and its outcome."""
    person = f"person {n % people}"
    values = {f"characteristic_{i:02}": random.randrange(100_000) for i in range(32)}
    core = json.dumps(
        {"values": values, "points": values, "evidence": [random.randrange(10**9) for _ in range(180)]}
    )
    inputs = random.randbytes(700) + bytes(1_000)  # columns of what was paid: about half is said again
    accounts = 3 + (random.random() < 0.8)
    months = MONTHS[random.randrange(40) :]
    row = DecisionRow(
        id=sha256(f"decision {n}".encode()).hexdigest(),
        person=person,
        use="lending",
        body=core.encode(),
        inputs=inputs,
        as_of=MONTHS[-1],
        card=CARD,
        score=random.randrange(300, 850),
        reasons=tuple(random.sample(REASONS, 4)),
        attributes=random.randbytes(15),
        request=f"request {n}",
        run=f"run {n // 10_000}",
        touches=tuple(Touch(account=f"{person} account {i}", months=months) for i in range(accounts)),
    )
    outcome = SequelRow(
        id=sha256(f"outcome {n}".encode()).hexdigest(),
        decision=row.id,
        person=person,
        kind="outcome",
        code=random.choice(("approved", "approved", "refused")),
        body=b"{}",
    )
    return row, outcome


def load(ours: LenderStore, decisions: int, people: int, batch: int = 1_000) -> float:
    """Keep decisions in batches, and return the seconds that it took."""
    random, begin = Random(0), time.perf_counter()
    for first in range(0, decisions, batch):
        pairs = [a_row(n, random, people) for n in range(first, min(first + batch, decisions))]
        with ours.change(people={row.person for row, _ in pairs}) as change:
            if first % 10_000 == 0:
                change.add(RunRow(id=f"run {first // 10_000}", state="done", body=b""))
            change.add(*(row for row, _ in pairs), *(outcome for _, outcome in pairs))
        if first % 100_000 == 0:
            print(f"{first + batch:,} decisions, {time.perf_counter() - begin:.0f} s", flush=True)
    return time.perf_counter() - begin


def questions(
    decisions: int, people: int, total: int, this_month: date
) -> dict[str, Callable[[Questions, Random], Any]]:
    """Return a question of each kind, about somebody or something else each time."""

    def some(random: Random) -> str:
        return sha256(f"decision {random.randrange(decisions)}".encode()).hexdigest()

    def person(random: Random) -> str:
        return f"person {random.randrange(people)}"

    return {
        "a decision with its record": lambda ask, r: ask.row("decision", some(r)),
        "a decision by eight digits": lambda ask, r: ask.decision(some(r)[:10]),
        "what it was made from": lambda ask, r: ask.inputs_of(some(r)),
        "was this request answered": lambda ask, r: ask.answered([f"request {r.randrange(decisions)}"]),
        "the newest of a chain": lambda ask, r: ask.newest(some(r)),
        "a person's decisions": lambda ask, r: ask.decisions_of(person(r)),
        "touched by an account's month": lambda ask, r: ask.touched_by_account(
            f"{person(r)} account 1", month=MONTHS[50]
        ),
        "touched by a person": lambda ask, r: ask.touched_by_person(person(r)),
        "what followed a decision": lambda ask, r: ask.sequels_of(some(r)),
        "refusals of a month, 50": lambda ask, r: ask.sequels_in("outcome", "refused", this_month, limit=50),
        "a month's decisions, 50": lambda ask, r: ask.decisions_in(
            this_month, after=(r.randrange(total),), limit=50
        ),
        "a run's decisions, 50": lambda ask, r: ask.decisions_of_run(
            f"run {r.randrange(max(1, total // 10_000))}", limit=50
        ),
        "counts of all months": lambda ask, r: ask.tallies(date(2000, 1, 1), date(2100, 1, 1)),
        "open appeals": lambda ask, r: ask.open_appeals(limit=50),
        "open tasks": lambda ask, r: ask.open_tasks(limit=50),
        "a person's overlay": lambda ask, r: ask.overlay_of(person(r)),
        "the overlay's last rows": lambda ask, r: ask.overlay_since(ask.position() - 200),
        "versions of 100 people": lambda ask, r: ask.versions([person(r) for _ in range(100)]),
        "a decision's leaf": lambda ask, r: ask.leaves("decision", some(r)),
    }


def measure(
    ask: Questions, decisions: int, people: int, total: int, this_month: date
) -> dict[str, tuple[float, float]]:
    """Return median and 99th percentile of each question, in milliseconds."""
    found = {}
    for name, question in questions(decisions, people, total, this_month).items():
        random, taken = Random(1), []
        for _ in range(REPEATS):
            begin = time.perf_counter()
            question(ask, random)
            taken.append(1_000 * (time.perf_counter() - begin))
        taken.sort()
        found[name] = (taken[len(taken) // 2], taken[int(len(taken) * 0.99)])
    return found


def clients(
    store: Store, decisions: int, people: int, number: int = 16, seconds: float = 10.0
) -> list[float]:
    """Let clients keep one decision a change for some seconds, and return how long each change took."""
    taken: list[float] = []
    end = time.perf_counter() + seconds

    def work(client: int) -> None:
        ours, random, n = store.of(LENDER), Random(client), 0
        while (begin := time.perf_counter()) < end:
            row, _ = a_row(decisions + client * 1_000_000 + n, random, people)
            n += 1
            alone = DecisionRow(**{name: getattr(row, name) for name in row.__slots__ if name != "run"})
            with ours.change(people=[row.person]) as change:
                change.add(alone)
            taken.append(time.perf_counter() - begin)

    threads = [threading.Thread(target=work, args=(client,)) for client in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(taken)


def size_of(store: Store) -> int:
    """Return the bytes that the store takes, indexes and all."""
    store.database.forget()
    if store.database.file is not None:
        return store.database.file.stat().st_size
    with store.database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def main() -> None:
    """Load, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("where", help="a folder for SQLite, or the address of an empty PostgreSQL database")
    parser.add_argument("--keys", help="where the keys of people are; a new file where absent")
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--through-change", type=int, default=20_000)
    words = parser.parse_args()
    total, real = words.decisions, min(words.decisions, words.through_change)
    people = max(1, real // 3)
    with tempfile.TemporaryDirectory() as beside:
        where = words.where if "://" in words.where else str(Path(words.where) / "records.sqlite")
        keys = create_keys(Path(beside) / "keys.json", words.keys or Path(beside) / "people.sqlite")
        with open_store(where, keys=keys) as store:
            ours = store.of(LENDER)
            taken = load(ours, real, people)
            print(f"{real:,} decisions through change(), a thousand at once: {real / taken:,.0f} a second")
            with ours.change(people=["person 1"]) as change:
                flags = (
                    OverlayRow(id=f"{n:064x}", person="person 1", kind="flag", body=b"") for n in range(50)
                )
                change.add(*flags)
                this_month = change.moment.date()
            fill(store, to=total, card=CARD)
            _settle(store)
            print(f"size {size_of(store) / 1e9:.2f} GB, {size_of(store) / total:,.0f} bytes a decision")
            for name, (median, late) in measure(ours.ask, real, people, total, this_month).items():
                print(f"{name:32} {median:8.2f} ms, 99th {late:8.2f} ms", flush=True)
            each = clients(store, total, people)
            median, late = each[len(each) // 2], each[int(len(each) * 0.99)]
            print(
                f"16 clients, a decision a change: {len(each) / 10:.0f} a second, "
                f"median {1_000 * median:.0f} ms, 99th {1_000 * late:.0f} ms",
                flush=True,
            )
            begin = time.perf_counter()
            checkpoint = store.log.checkpoint()
            print(f"the tree grown to {checkpoint.split()[1]} leaves in {time.perf_counter() - begin:.0f} s")
            print(f"size with the tree {size_of(store) / 1e9:.2f} GB")


def _settle(store: Store) -> None:
    """Let the database look at what was written, as it does by itself in time."""
    with store.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if store.database.file is not None else "VACUUM ANALYZE")


if __name__ == "__main__":
    main()
