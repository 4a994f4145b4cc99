"""The log of the store: its tree, grown when somebody asks for it, its checkpoints and its proofs.

A change writes leaves, and nothing else of the log: everybody who commits waits for the log's end, so nothing
is computed there. The tree follows from the leaves; whoever asks for a checkpoint or a proof brings it up to
date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, insert, select, tuple_, update

from plainscore.log import (
    AlteredLogError,
    Checkpoint,
    LogKey,
    Node,
    NodeError,
    Place,
    PublicKey,
    append,
    consistency_proof,
    inclusion_proof,
    key_from_seed,
    leaf_hash,
    root_of,
    sign,
)
from plainscore.records._clock import Clock, datetime_of, moment_of_change
from plainscore.records._database import Database
from plainscore.records._keys import Keys
from plainscore.records._leaves import entry, read_head
from plainscore.records._tables import LOG_LEAVES, LOG_NODES, LOG_TREE

if TYPE_CHECKING:
    from plainscore.records._asks import LogLeaf

AT_ONCE: Final = 5_000


class AlteredLeafError(AlteredLogError):
    """A leaf has a form that no change has written."""


class StoredNodes:
    """The tree's nodes in the database, for the room of the log to read and add to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, level: int, index: int) -> bytes:
        """Return one hash of 32 bytes."""
        return self.get_many([(level, index)])[0]

    def get_many(self, places: Sequence[Place]) -> list[bytes]:
        """Return a hash for each place, in the order asked."""
        if not places:
            return []
        n = LOG_NODES.c
        rows = self._connection.execute(
            select(n.level, n.place, n.hash).where(tuple_(n.level, n.place).in_(list(places)))
        )
        found = {(row.level, row.place): bytes(row.hash) for row in rows}
        for level, index in places:
            if (level, index) not in found:
                raise NodeError(f"the log holds no node at level {level} and index {index}")
        return [found[place] for place in places]

    def put_many(self, items: Sequence[Node]) -> None:
        """Keep new nodes; the transaction makes them all or none."""
        self._connection.execute(
            insert(LOG_NODES),
            [{"level": level, "place": index, "hash": value} for level, index, value in items],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a row stands in the log, and the log up to it, signed: what its reader checks it by later.

    Nothing in it is random: who guesses a row that was erased cannot try the guess on it.

    Attributes
    ----------
    position : int
        Of the row's leaf; the first leaf of the log is 0.
    leaf : bytes
        The hash of that leaf.
    size : int
        Leaves up to it, itself included.
    root : bytes
        Their root.
    checkpoint : str
        A signed checkpoint over them.
    """

    position: int
    leaf: bytes
    size: int
    root: bytes
    checkpoint: str


class StoreLog:
    """The log of all lenders of a store: `Store.log`."""

    def __init__(self, database: Database, *, clock: Clock, keys: Keys) -> None:
        self._database = database
        self._clock = clock
        self._keys = keys

    @property
    def public_key(self) -> PublicKey:
        """What others check its checkpoints with."""
        return self._key().public

    def checkpoint(self) -> str:
        """Return a signed checkpoint over every leaf there is; it shows a rollback once it is kept elsewhere.

        Raises
        ------
        AlteredLogError
            When leaves that the tree was grown over are gone.
        """
        size = self._grown()
        with self._database.reading() as connection:
            head = read_head(connection)
            root = root_of(StoredNodes(connection), size)
        moment = moment_of_change(self._clock, changes=head.changes, newest=head.moment)
        return sign(Checkpoint(head.origin, size, root, datetime_of(moment)), self._key())

    def standing(self, leaf: LogLeaf, moment: datetime) -> Standing:
        """Return where a leaf stands, with a checkpoint that is the same bytes whenever it is asked for.

        Parameters
        ----------
        leaf : LogLeaf
            The leaf.
        moment : datetime.datetime
            That of the change which wrote it: the checkpoint says what the log was then, up to the leaf.

        Raises
        ------
        AlteredLogError
            When the tree was grown over another leaf at its place, or over leaves that are gone.
        """
        size, value = leaf.position + 1, leaf_hash(leaf.entry)
        self._grown()
        with self._database.reading() as connection:
            nodes, origin = StoredNodes(connection), read_head(connection).origin
            if nodes.get(0, leaf.position) != value:
                raise AlteredLogError(
                    f"leaf {leaf.position} is not the one that the log's tree was grown over: it was changed"
                )
            root = root_of(nodes, size)
        note = sign(Checkpoint(origin, size, root, moment), self._key())
        return Standing(position=leaf.position, leaf=value, size=size, root=root, checkpoint=note)

    def entries(self) -> Iterator[bytes]:
        """Yield the bytes of every leaf in order, for whoever checks them elsewhere."""
        with self._database.reading() as connection:
            end = read_head(connection).size
        for first in range(0, end, AT_ONCE):
            with self._database.reading() as connection:
                rows = _leaf_rows(connection, first=first, end=min(first + AT_ONCE, end))
            yield from map(_entry, rows)

    def inclusion(self, position: int, *, size: int) -> list[bytes]:
        """Return the proof that a leaf stands at a position of the log of a checkpoint's size.

        Raises
        ------
        NodeError
            When the log has no leaf there, or not so many.
        """
        self._grown()
        with self._database.reading() as connection:
            return inclusion_proof(StoredNodes(connection), position, size)

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Return the proof that the log of one checkpoint's size begins with that of an earlier one."""
        self._grown()
        with self._database.reading() as connection:
            return consistency_proof(StoredNodes(connection), first, second)

    def _key(self) -> LogKey:
        with self._database.reading() as connection:
            origin = read_head(connection).origin
        return key_from_seed(origin, self._keys.file.newest("log")[1])

    def _grown(self) -> int:
        """Bring the tree up to date, and return its size."""
        with self._database.reading() as connection:
            size = connection.execute(select(LOG_TREE.c.size)).scalar_one()
            end = read_head(connection).size
        while size < end:
            with self._database.writing() as connection:
                size = grow(connection)
        return int(size)


def grow(connection: Connection) -> int:
    """Add some of the leaves that are not in the tree yet, and return its size; one grows it at a time."""
    size = connection.execute(select(LOG_TREE.c.size).with_for_update()).scalar_one()
    end = read_head(connection).size
    hashes = leaf_hashes(connection, first=size, end=min(size + AT_ONCE, end))
    if hashes:
        append(StoredNodes(connection), size, hashes)
        connection.execute(update(LOG_TREE).where(LOG_TREE.c.id == 1).values(size=size + len(hashes)))
    return int(size) + len(hashes)


def leaf_hashes(connection: Connection, *, first: int, end: int) -> list[bytes]:
    """Return the hashes of the leaves from a position to before another.

    Raises
    ------
    AlteredLogError
        When one of them is gone, or has a form that no change writes.
    """
    rows = _leaf_rows(connection, first=first, end=end)
    return [leaf_hash(_entry(row)) for row in rows]


def _entry(row: Any) -> bytes:
    try:
        return entry(row.kind, row.row, row.row_hash, row.decision, row.salt)
    except (KeyError, ValueError):
        raise AlteredLeafError(
            f"The leaf at position {row.position} of the log has a form that no change writes: it was "
            "altered. Restore the store from a backup, and compare it with a checkpoint that was kept "
            "elsewhere."
        ) from None


def _leaf_rows(connection: Connection, *, first: int, end: int) -> list[Any]:
    """Return the rows of leaves from a position to before another; raises AlteredLogError for a gap."""
    leaf = LOG_LEAVES.c
    rows = connection.execute(
        select(leaf.position, leaf.kind, leaf.row, leaf.row_hash, leaf.decision, leaf.salt)
        .where(leaf.position >= first, leaf.position < end)
        .order_by(leaf.position)
    ).all()
    for position in range(first, end):
        if position - first >= len(rows) or rows[position - first].position != position:
            raise AlteredLogError(
                f"The leaf at position {position} of the log is gone. Restore the store from a backup, and "
                "compare it with a checkpoint that was kept elsewhere."
            )
    return list(rows)
