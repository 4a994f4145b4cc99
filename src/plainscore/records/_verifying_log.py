"""Verification of the log: every leaf against the tree, and the tree against checkpoints kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, select

from plainscore.log import (
    EMPTY_ROOT,
    AlteredLogError,
    Checkpoint,
    CheckpointError,
    Node,
    NodeError,
    Place,
    PublicKey,
    append,
    read_checkpoint,
    root_of,
)
from plainscore.records._leaves import read_head
from plainscore.records._store_log import StoredNodes, leaf_hashes
from plainscore.records._tables import LOG_TREE
from plainscore.records._verification import Finding, Verification

AT_ONCE: Final = 4_000


class Edge:
    """The nodes at the growing edge of a tree: all that `append` reads, whatever the size."""

    def __init__(self) -> None:
        self._held: dict[Place, bytes] = {}

    def get(self, level: int, index: int) -> bytes:
        """Return one hash of 32 bytes."""
        try:
            return self._held[level, index]
        except KeyError:
            raise NodeError(f"the log holds no node at level {level} and index {index}") from None

    def get_many(self, places: Sequence[Place]) -> list[bytes]:
        """Return a hash for each place, in the order asked."""
        return [self.get(level, index) for level, index in places]

    def put_many(self, items: Sequence[Node]) -> None:
        """Keep those of the new nodes that stand below no other."""
        held = self._held | {(level, index): value for level, index, value in items}
        self._held = {
            (level, index): value
            for (level, index), value in held.items()
            if (level + 1, index // 2) not in held
        }


def verify_log(
    connection: Connection, report: Verification, key: PublicKey, checkpoints: Sequence[str]
) -> None:
    """Work the root out again, and compare it with the tree that is kept and with checkpoints."""
    size = read_head(connection).size
    grown = connection.execute(select(LOG_TREE.c.size)).scalar_one()
    told = list(_read(report, key, checkpoints, size))
    try:
        roots = _roots(connection, size, {grown, *(one.size for one in told)})
        kept = root_of(StoredNodes(connection), grown)
    except (AlteredLogError, NodeError) as error:
        report.findings.append(Finding("deleted", "log", "", str(error)))
        return
    report.size, report.root = size, roots[size]
    if kept != roots[grown]:
        report.findings.append(
            Finding("altered", "log", "", "Leaves of the log are not those that its tree was grown over.")
        )
    for one in told:
        if one.root != roots[one.size]:
            report.findings.append(
                Finding(
                    "altered",
                    "log",
                    str(one.size),
                    f"The first {one.size} leaves of the log are not those of the checkpoint of "
                    f"{one.time:%Y-%m-%d %H:%M:%S} UTC.",
                )
            )
        else:
            report.checkpoints += 1


def _read(
    report: Verification, key: PublicKey, checkpoints: Sequence[str], size: int
) -> Iterator[Checkpoint]:
    for text in checkpoints:
        try:
            one = read_checkpoint(text, key)
        except CheckpointError as error:
            report.findings.append(
                Finding("altered", "checkpoint", "", f"A checkpoint does not count: {error}.")
            )
            continue
        if one.size > size:
            report.findings.append(
                Finding(
                    "deleted",
                    "log",
                    str(size),
                    f"The checkpoint of {one.time:%Y-%m-%d %H:%M:%S} UTC has {one.size} leaves, and the log "
                    f"{size}: the store is older than the checkpoint.",
                )
            )
            continue
        yield one


def _roots(connection: Connection, size: int, wanted: set[int]) -> dict[int, bytes]:
    """Return the roots over the first leaves, for each of the sizes and for all."""
    edge, roots, at, root = Edge(), {0: EMPTY_ROOT}, 0, EMPTY_ROOT
    for stop in sorted({*wanted, size}):
        while at < stop:
            hashes = leaf_hashes(connection, first=at, end=min(stop, at + AT_ONCE))
            root = append(edge, at, hashes)
            at += len(hashes)
        roots[stop] = root
    return roots
