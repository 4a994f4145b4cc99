"""Single values changed behind the store's back, one at a time, and whether `verify` names each."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, and_, func, select, update

from benchmarks._store_answers import Edits
from benchmarks._store_load import LENDER, load
from benchmarks._store_places import Place
from benchmarks._timing import Tell
from plainscore.log import PublicKey
from plainscore.records import _tables as t
from plainscore.records._column_types import Hex
from plainscore.records._verifying import verify

DECISIONS: Final = 60
FAR: Final = 1_000_000
TOLD: Final = 50
EMPTY: Final = (None, b"", "")

IN_THE_LOG: Final = (
    t.INPUTS,
    t.DECISIONS,
    t.TOUCHES,
    t.SEQUELS,
    t.OVERLAY,
    t.APPEALS,
    t.TASKS,
    t.RUNS,
    t.LOG_LEAVES,
)
"""Tables whose every value the log covers, but for one."""

IN_NO_LEAF: Final = t.LOG_LEAVES.c.version
"""It helps to find a leaf; which version a row has follows from the leaves' order, and is checked so."""


class _UndoError(Exception):
    """Takes an edit back."""


def edit_again_and_again(place: Place, edits: int, tell: Tell) -> Edits:
    """Change one value of one row at a time, look whether it is named, and take it back."""
    random, noticed = Random(edits), 0
    with place.opened() as store:
        load(store.of(LENDER), DECISIONS, DECISIONS // 3, tell)
        checkpoint, key = store.log.checkpoint(), store.log.public_key
        for done in range(edits):
            if done % TOLD == 0:
                tell(f"edits, {done:,} of {edits:,}")
            try:
                with store.database.writing() as connection:
                    _edit(connection, random)
                    noticed += _is_named(connection, key, checkpoint)
                    raise _UndoError
            except _UndoError:
                continue
    return Edits(edits, noticed)


def _is_named(connection: Connection, key: PublicKey, checkpoint: str) -> bool:
    return bool(verify(connection, key=key, checkpoints=[checkpoint]).findings)


def _edit(connection: Connection, random: Random) -> None:
    table = random.choice(IN_THE_LOG)
    rows = connection.execute(select(func.count()).select_from(table)).scalar_one()
    order = list(table.primary_key.columns)
    wanted = select(table).order_by(*order).offset(random.randrange(rows)).limit(1)
    row = dict(connection.execute(wanted).mappings().one())
    told = [column for column in table.c if column is not IN_NO_LEAF and row[column.name] not in EMPTY]
    column = random.choice(told)
    _write(connection, table, row, {column.name: _another(column, row[column.name], random)})


def _write(connection: Connection, table: Table, row: dict[str, Any], changed: dict[str, Any]) -> None:
    this = and_(*(column == row[column.name] for column in table.primary_key.columns))
    connection.execute(update(table).where(this).values(**changed))


def _another(column: Column[Any], value: Any, random: Random) -> Any:
    """Return another value that the column can hold."""
    if isinstance(column.type, Hex):
        return _flipped(bytes.fromhex(value), random).hex()
    if isinstance(value, (bytes, memoryview)):
        return _flipped(bytes(value), random)
    if isinstance(value, int):
        return 1 - value if value in (0, 1) else value + FAR
    return f"{value}x"


def _flipped(value: bytes, random: Random) -> bytes:
    """Return bytes of which one bit is turned."""
    at = random.randrange(8 * len(value))
    turned = bytearray(value)
    turned[at // 8] ^= 1 << at % 8
    return bytes(turned)
