"""Decisions as large as measured ones: a core of 3.4 kB in JSON, 1.7 kB of inputs, 3.8 accounts."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from random import Random
from typing import Final

from benchmarks._timing import Tell
from plainscore.records import (
    AppealRow,
    DecisionRow,
    LenderStore,
    OverlayRow,
    RunRow,
    SequelRow,
    TaskRow,
    Touch,
)

LENDER: Final = "Sample Lender"
CARD: Final = sha256(b"card").hexdigest()
MONTHS: Final = [date(2020 + n // 12, n % 12 + 1, 28) for n in range(72)]
REASONS: Final = tuple(f"reason_{n}" for n in range(40))
A_RUN: Final = 10_000
APPEALED: Final = 100
DISPUTED: Final = 20
WAITING: Final = 50
"""Of so many decisions one is appealed; one person disputes a record; one thing waits for somebody."""


def decision_id(n: int) -> str:
    """Return the id of a decision by its number here."""
    return sha256(f"decision {n}".encode()).hexdigest()


def a_decision(n: int, random: Random, people: int, *, run: str | None = None) -> DecisionRow:
    """Return a decision as large as a measured one."""
    person = f"person {n % people}"
    values = {f"characteristic_{i:02}": random.randrange(100_000) for i in range(32)}
    core = json.dumps(
        {"values": values, "points": values, "evidence": [random.randrange(10**9) for _ in range(180)]}
    )
    accounts = 3 + (random.random() < 0.8)
    months = MONTHS[random.randrange(40) :]
    return DecisionRow(
        id=decision_id(n),
        person=person,
        use="lending",
        body=core.encode(),
        inputs=random.randbytes(700) + bytes(1_000),  # of columns of payments, about half repeats itself
        as_of=MONTHS[-1],
        card=CARD,
        score=random.randrange(300, 850),
        reasons=tuple(random.sample(REASONS, 4)),
        attributes=random.randbytes(15),
        request=f"request {n}",
        run=run,
        touches=tuple(Touch(account=f"{person} account {i}", months=months) for i in range(accounts)),
    )


def what_followed(
    n: int, row: DecisionRow, random: Random
) -> Iterator[SequelRow | AppealRow | OverlayRow | TaskRow]:
    """Yield the outcome of a decision, and of a few an appeal, a dispute or something that waits."""

    def new(what: str) -> str:
        return sha256(f"{what} {n}".encode()).hexdigest()

    code = random.choice(("approved", "approved", "refused"))
    yield SequelRow(
        id=new("outcome"), decision=row.id, person=row.person, kind="outcome", code=code, body=b"{}"
    )
    if n % APPEALED == 0:
        state = "open" if n % (10 * APPEALED) == 0 else "rejected"
        yield AppealRow(
            id=new("appeal"),
            decision=row.id,
            person=row.person,
            state=state,
            open=state == "open",
            body=random.randbytes(200),
        )
    if n % DISPUTED == 0:
        account = f"{row.person} account 0"
        yield OverlayRow(
            id=new("dispute"),
            person=row.person,
            kind="dispute",
            account=account,
            body=random.randbytes(200),
        )
    if n % WAITING == 0:
        state = "waiting" if n % (10 * WAITING) == 0 else "done"
        yield TaskRow(
            id=new("task"),
            person=row.person,
            kind="offer",
            state=state,
            open=state == "waiting",
            body=b"{}",
        )


def lay_over(ours: LenderStore, people: int, count: int = 50) -> int:
    """Lay disputes of some people over the deliveries, and return the position of the log before them."""
    position, random = ours.ask.position(), Random(2)
    chosen = [f"person {random.randrange(people)}" for _ in range(count)]
    rows = (
        OverlayRow(
            id=sha256(f"laid over {n}".encode()).hexdigest(),
            person=person,
            kind="dispute",
            account=f"{person} account 0",
            body=random.randbytes(200),
        )
        for n, person in enumerate(chosen)
    )
    with ours.change(people=set(chosen)) as change:
        change.add(*rows)
    return position


def load(ours: LenderStore, decisions: int, people: int, tell: Tell, batch: int = 1_000) -> float:
    """Keep decisions and what followed them in batches, and return how many were kept a second."""
    random, taken = Random(0), 0.0
    for first in range(0, decisions, batch):
        run = f"run {first // A_RUN}"
        numbers = range(first, min(first + batch, decisions))
        rows = [a_decision(n, random, people, run=run) for n in numbers]
        followed = [
            sequel for n, row in zip(numbers, rows, strict=True) for sequel in what_followed(n, row, random)
        ]
        begin = time.perf_counter()
        with ours.change(people={row.person for row in rows}) as change:
            if first % A_RUN == 0:
                change.add(RunRow(id=run, state="done", body=b""))
            change.add(*rows, *followed)
        taken += time.perf_counter() - begin
        tell(f"{first + len(rows):,} of {decisions:,} decisions through change()")
    return decisions / taken
