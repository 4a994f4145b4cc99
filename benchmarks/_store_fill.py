"""Fill a store to a million decisions: rows of measured sizes, straight into the tables.

What is sealed is random bytes of the lengths that kept rows have, since that is what sealed bytes look like;
ids, pseudonyms and salts are random too. Such rows answer questions by their columns, and open for nobody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from random import Random
from typing import Any

from sqlalchemy import Table, func, select, update

from benchmarks._store_load import A_RUN, APPEALED, DISPUTED, WAITING
from benchmarks._timing import Tell
from plainscore.records import Store
from plainscore.records import _tables as t

AT_ONCE = 100_000
MONTHS = 24
NO_TERM = 2**31 - 1


def fill(store: Store, *, to: int, card: str, tell: Tell) -> None:
    """Add decisions, each with inputs, touches, what followed and leaves, until there are so many."""
    with store.database.reading() as connection:
        first = connection.execute(select(func.max(t.DECISIONS.c.number))).scalar_one() + 1
        sealed = int(connection.execute(select(func.avg(func.length(t.DECISIONS.c.sealed)))).scalar_one())
        inputs = int(connection.execute(select(func.avg(func.length(t.INPUTS.c.sealed)))).scalar_one())
        position = connection.execute(select(t.LOG_HEAD.c.size)).scalar_one()
        newest = connection.execute(select(func.max(t.DECISIONS.c.month))).scalar_one()
        moment = connection.execute(select(t.LOG_HEAD.c.moment)).scalar_one()
    random = Random(3)
    indexes = [index for table in t.METADATA.sorted_tables for index in table.indexes]
    with store.database.writing() as connection:
        for index in indexes:  # made again at the end, which takes a tenth of the time
            index.drop(connection)
    for start in range(first, to + 1, AT_ONCE):
        rows: dict[str, list[tuple[Any, ...]]] = {}
        for number in range(start, min(start + AT_ONCE, to + 1)):
            month = newest - (to - number) * MONTHS // to
            for table, row in _rows(
                number, random, (sealed, inputs), position, month, moment, bytes.fromhex(card)
            ):
                rows.setdefault(table.name, []).append(row)
                position += table is t.LOG_LEAVES
        _write(store, rows)
        tell(f"{min(start + AT_ONCE - 1, to):,} of {to:,} decisions")
    with store.database.writing() as connection:
        for index in indexes:
            index.create(connection)
        connection.execute(update(t.LOG_HEAD).values(size=position))
        if store.database.file is None:
            connection.exec_driver_sql(f"SELECT setval('decision_numbers', {to + 1})")


def _rows(
    number: int,
    random: Random,
    lengths: tuple[int, int],
    position: int,
    month: int,
    moment: int,
    card: bytes,
) -> Iterator[tuple[Table, tuple[Any, ...]]]:
    sealed, inputs = lengths
    noise = os.urandom(sealed + inputs + 400)
    own = sha256(b"%d" % number).digest()
    person = sha256(b"person %d" % (number // 3)).digest()[:16]
    inputs_id, request, outcome = noise[:16], noise[16:32], noise[32:64]
    if number % 3 == 0:
        yield t.PEOPLE, (1, person, number % 5, None, 1, None, 1)
    yield t.INPUTS, (1, inputs_id, 1, moment, person, noise[400 : 400 + inputs])
    reasons = " ".join(f"reason_{random.randrange(40)}" for _ in range(4))
    yield (
        t.DECISIONS,
        (
            number, 1, own, 1, moment, None, noise[96:112], person, inputs_id, "lending", month,
            month - 1, card, random.randrange(300, 850), None, reasons, noise[64:79], own, 0,
            f"run {number // A_RUN}", request, noise[-sealed:],
        ),
    )  # fmt: skip
    for account in range(4 if number % 5 else 3):
        key = sha256(person + bytes([account])).digest()[:16]
        yield t.TOUCHES, (1, key, number, month - 40, noise[100:105])
    code = "refused" if random.random() < 0.3 else "approved"
    yield (
        t.SEQUELS,
        (1, outcome, 1, moment, None, noise[112:128], person, own, "outcome", code, month, noise[80:120]),
    )
    leaves = [("inputs", inputs_id), ("decision", own), ("sequel", outcome)]
    for table, kind, row in _of_a_few(number, (1, moment, None, noise[112:128], person), own):
        yield table, row
        leaves.append((kind, row[1]))
    for place, (kind, row_id) in enumerate(leaves):
        salt = os.urandom(48)
        decision = own if kind in NAMES_ONE else None
        yield (
            t.LOG_LEAVES,
            (position + place, 1, kind, row_id, 1, salt[:32], decision, salt[32:]),
        )


NAMES_ONE = ("sequel", "appeal")
"""Kinds whose leaf names a decision."""


def _of_a_few(number: int, same: tuple[Any, ...], own: bytes) -> Iterator[tuple[Table, str, tuple[Any, ...]]]:
    """Yield what a few decisions have: an appeal, a dispute of the person, something that waits."""
    person = same[-1]
    if number % APPEALED == 0:
        open_now = number % (10 * APPEALED) == 0
        state = "open" if open_now else "rejected"
        row = (1, os.urandom(32), *same, own, state, int(open_now), NO_TERM, os.urandom(240))
        yield t.APPEALS, "appeal", row
    if number % DISPUTED == 0:
        account = sha256(person + bytes([0])).digest()[:16]
        yield (
            t.OVERLAY,
            "overlay",
            (1, os.urandom(32), *same, "dispute", account, os.urandom(240)),
        )
    if number % WAITING == 0:
        open_now = number % (10 * WAITING) == 0
        state = "waiting" if open_now else "done"
        yield (
            t.TASKS,
            "task",
            (1, os.urandom(32), *same, None, "offer", state, int(open_now), NO_TERM, os.urandom(40)),
        )


def _write(store: Store, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    with store.database.writing() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        if store.database.file is not None:
            raw.execute("PRAGMA cache_size=-2000000")
            for name, some in rows.items():
                marks = ", ".join("?" * len(some[0]))
                raw.executemany(f"INSERT INTO {name} VALUES ({marks})", some)
            return
        with raw.cursor() as cursor:
            for name, some in rows.items():
                with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                    for row in some:
                        copy.write_row(row)
