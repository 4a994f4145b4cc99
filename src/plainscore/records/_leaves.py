"""Leaves of the log: every version of a row has one, put at its end by the last statement of a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import sqlite

from plainscore.log import leaf_bytes
from plainscore.records import _postgresql
from plainscore.records._clock import Clock, moment_of_change
from plainscore.records._database import Database
from plainscore.records._row_kinds import KINDS
from plainscore.records._tables import LOG_HEAD, LOG_LEAVES, TALLIES

_COUNTS = sqlite.insert(TALLIES)
ADD_TO_COUNTS: Final = _COUNTS.on_conflict_do_update(
    index_elements=list(TALLIES.primary_key.columns),
    set_={"count": TALLIES.c.count + _COUNTS.excluded["count"]},
)


@dataclass(frozen=True, slots=True)
class NewLeaf:
    """A leaf that has no position yet: a row's kind, id, version and hash, its decision, and a salt."""

    kind: str
    row: bytes
    version: int
    row_hash: bytes
    decision: str | None
    salt: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log: how many leaves and changes there are, and the newest moment."""

    origin: str
    size: int
    changes: int
    moment: int


def read_head(connection: Connection) -> Head:
    """Return the end of the log."""
    row = connection.execute(select(LOG_HEAD).where(LOG_HEAD.c.id == 1)).one()
    return Head(row.origin, row.size, row.changes, row.moment)


def moment_now(clock: Clock, connection: Connection) -> int:
    """Return the moment of a change that is made now; raises ClockError where the clock is behind the log."""
    head = read_head(connection)
    return moment_of_change(clock, changes=head.changes, newest=head.moment)


def append_leaves(
    database: Database,
    connection: Connection,
    *,
    lender: int,
    moment: int,
    leaves: Sequence[NewLeaf],
    counts: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Put leaves at the end of the log, in their order, and add to what is counted; a change's last act.

    Both are what everybody writes to, and waits for until whoever came first has committed.
    """
    if database.file is None:
        _postgresql.append_leaves(connection, lender=lender, moment=moment, leaves=leaves, counts=counts)
        return
    if counts:
        connection.execute(ADD_TO_COUNTS, list(counts))
    head = read_head(connection)
    rows = [
        {
            "position": position,
            "lender": lender,
            "kind": leaf.kind,
            "row": leaf.row,
            "version": leaf.version,
            "row_hash": leaf.row_hash,
            "decision": leaf.decision,
            "salt": leaf.salt,
        }
        for position, leaf in enumerate(leaves, head.size)
    ]
    database.insert(connection, LOG_LEAVES, rows)
    connection.execute(
        update(LOG_HEAD)
        .where(LOG_HEAD.c.id == 1)
        .values(size=head.size + len(rows), changes=head.changes + 1, moment=max(moment, head.moment))
    )


def entry(kind: str, row: bytes, row_hash: bytes, decision: str | None, salt: bytes) -> bytes:
    """Return a leaf as it enters the tree."""
    row_id = KINDS[kind].row_text(row)
    return leaf_bytes(kind, row_id, bytes(row_hash), row_id if kind == "decision" else decision, bytes(salt))
