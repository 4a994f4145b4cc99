"""Verification of the log: every leaf against the tree, and the tree against checkpoints kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, func, or_, select

from plainscore.log import (
    EMPTY_ROOT,
    AlteredLogError,
    Checkpoint,
    CheckpointError,
    Edge,
    NodeError,
    PublicKey,
    altered_nodes,
    append,
    node_count,
    read_checkpoint,
    root_of,
)
from plainscore.records._leaves import read_head
from plainscore.records._store_log import AlteredLeafError, StoredNodes, leaf_hashes
from plainscore.records._tables import LOG_LEAVES, LOG_NODES, LOG_TREE
from plainscore.records._verification import Finding, Verification

AT_ONCE: Final = 4_000


def verify_log(
    connection: Connection, report: Verification, key: PublicKey, checkpoints: Sequence[str]
) -> None:
    """Work the root out again, and compare it with the tree that is kept and with checkpoints."""
    size = read_head(connection).size
    grown = connection.execute(select(LOG_TREE.c.size)).scalar_one()
    _find_leaves_outside(connection, report, size)
    told = list(_read(report, key, checkpoints, size))
    try:
        roots = _roots(connection, size, {grown, *(one.size for one in told)})
        kept = root_of(StoredNodes(connection), grown)
    except (AlteredLogError, NodeError) as error:
        what = "altered" if isinstance(error, AlteredLeafError) else "deleted"
        report.findings.append(Finding(what, "log", "", str(error)))
        return
    report.size, report.root = size, roots[size]
    if kept != roots[grown]:
        report.findings.append(
            Finding("altered", "log", "", "Leaves of the log are not those that its tree was grown over.")
        )
    else:
        _find_altered_nodes(connection, report, grown)
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
            report.covered = max(report.covered, one.size)


def _find_leaves_outside(connection: Connection, report: Verification, size: int) -> None:
    """Find leaves that no tree over the log's leaves can hold: they would be proof of anything."""
    position = LOG_LEAVES.c.position
    outside = select(position).where(or_(position < 0, position >= size)).order_by(position)
    for place in connection.execute(outside).scalars():
        sentence = f"A leaf stands at position {place}, and the log has {size}: no change has written it."
        report.findings.append(Finding("inserted", "log", str(place), sentence))


def _find_altered_nodes(connection: Connection, report: Verification, grown: int) -> None:
    """Find kept nodes that are not those over their leaves: they spoil proofs, and no root shows it."""
    altered = list(altered_nodes(StoredNodes(connection), _leaf_hashes(connection, grown)))
    if altered:
        level, index = altered[0]
        sentence = (
            f"{len(altered)} of the tree's nodes are not those over its leaves, the first at level {level} "
            f"and index {index}: proofs that need them fail."
        )
        report.findings.append(Finding("altered", "log", f"{level}/{index}", sentence))
    there = connection.execute(select(func.count()).select_from(LOG_NODES)).scalar_one()
    if (more := there - node_count(grown)) > 0:
        sentence = f"The tree keeps {more} nodes more than its {grown} leaves have."
        report.findings.append(Finding("inserted", "log", "", sentence))


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


def _leaf_hashes(connection: Connection, end: int) -> Iterator[bytes]:
    for first in range(0, end, AT_ONCE):
        yield from leaf_hashes(connection, first=first, end=min(end, first + AT_ONCE))


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
