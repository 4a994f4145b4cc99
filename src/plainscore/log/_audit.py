"""Checking a whole log: its leaves against checkpoints, and its nodes against its leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from plainscore.log._checkpoint import Checkpoint
from plainscore.log._errors import AlteredLogError, NodeError
from plainscore.log._hashes import leaf_hash
from plainscore.log._nodes import Node, Nodes, Place
from plainscore.log._tree import append

AT_ONCE: Final = 4_096
"""Leaves hashed between two looks at the store."""

ASKED: Final = 128
"""Places in one question to the store, as `Nodes.get_many` allows."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found to be in order.

    Attributes
    ----------
    size : int
        Leaves in the log.
    root : bytes
        Their root, computed from the leaves.
    covered : int
        Leaves under the newest checkpoint. A change to a later one could not be seen, nor could one that a
        checkpoint which left the machine does not cover.
    """

    size: int
    root: bytes
    covered: int


def audit(entries: Iterable[bytes], checkpoints: Sequence[Checkpoint]) -> Audit:
    """Compute the tree again from the leaves, and compare it with every checkpoint.

    Parameters
    ----------
    entries : iterable of bytes
        The leaves in order, as written.
    checkpoints : sequence of Checkpoint
        In any order, each from `read_checkpoint`, so that its signature was checked. Those kept outside are
        what shows that a log was rolled back.

    Raises
    ------
    AlteredLogError
        Where leaves are missing, or differ from those that a checkpoint was made over. The message names the
        span of leaves in which the first difference lies.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from plainscore.log import MemoryNodes
    >>> root = append(MemoryNodes(), 0, [leaf_hash(b"a"), leaf_hash(b"b")])
    >>> seen = Checkpoint("bank.example/log", 2, root, datetime(2026, 1, 31, tzinfo=UTC))
    >>> audit([b"a", b"b", b"c"], [seen]).covered
    2
    >>> audit([b"a", b"x", b"c"], [seen])
    Traceback (most recent call last):
        ...
    plainscore.log._errors.AlteredLogError: the log was altered: its first 2 leaves, ...
    """
    tree, hashes, size, good = Edge(), map(leaf_hash, entries), 0, 0
    root = append(tree, 0, [])
    for claim in sorted(checkpoints, key=lambda one: (one.size, one.time)):
        while size < claim.size and (more := list(islice(hashes, min(AT_ONCE, claim.size - size)))):
            root = append(tree, size, more)
            size += len(more)
        if size < claim.size:
            raise AlteredLogError(
                f"leaves were taken away from the log: it has {size}, and the checkpoint of "
                f"{_moment(claim)} was made over {claim.size}"
            )
        if root != claim.root:
            raise AlteredLogError(
                f"the log was altered: its first {size} leaves, of which {good} are in order, do not have "
                f"the root of the checkpoint of {_moment(claim)}"
            )
        good = size
    while more := list(islice(hashes, AT_ONCE)):
        root = append(tree, size, more)
        size += len(more)
    return Audit(size, root, good)


def altered_nodes(nodes: Nodes, leaf_hashes: Iterable[bytes]) -> Iterator[Place]:
    """Yield the place of every kept node that is not the one over its leaves, or that is not there.

    A node that was changed spoils the proofs that need it, and neither root nor leaves show it. What is kept
    beyond the tree is not looked for: `node_count` tells how many there are to be.

    Parameters
    ----------
    nodes : Nodes
        What is kept; only read.
    leaf_hashes : iterable of bytes
        Of all leaves in order, computed from the leaves.
    """
    tree, hashes, size = Edge(), iter(leaf_hashes), 0
    while more := list(islice(hashes, AT_ONCE)):
        append(tree, size, more)
        size += len(more)
        yield from _differing(nodes, tree.new)


class Edge:
    """The last node of each level, which is all that a growing tree reads, whatever its size.

    Attributes
    ----------
    new : list of Node
        The nodes added last.

    Examples
    --------
    >>> edge = Edge()
    >>> append(edge, 0, [leaf_hash(b"a")]) == leaf_hash(b"a")
    True
    """

    def __init__(self) -> None:
        self._last: dict[int, tuple[int, bytes]] = {}
        self.new: list[Node] = []

    def get(self, level: int, index: int) -> bytes:
        """Return one hash of 32 bytes; `NodeError` where it is not the last of its level."""
        held, value = self._last.get(level, (-1, b""))
        if held != index:
            raise NodeError(f"the node at level {level} and index {index} is not the last of its level")
        return value

    def get_many(self, places: Sequence[Place]) -> list[bytes]:
        """Return a hash for each place, in the order asked."""
        return [self.get(level, index) for level, index in places]

    def put_many(self, items: Sequence[Node]) -> None:
        """Keep the new nodes until the next come, and the last of each level."""
        self.new = list(items)
        self._last |= {level: (index, value) for level, index, value in items}


def _differing(nodes: Nodes, wanted: Sequence[Node]) -> Iterator[Place]:
    for at in range(0, len(wanted), ASKED):
        part = wanted[at : at + ASKED]
        places = [(level, index) for level, index, _ in part]
        try:
            found: Sequence[bytes | None] = nodes.get_many(places)
        except NodeError:  # at least one is not there: ask one by one
            found = [_or_none(nodes, place) for place in places]
        yield from (place for place, node, value in zip(places, part, found, strict=True) if node[2] != value)


def _or_none(nodes: Nodes, place: Place) -> bytes | None:
    try:
        return nodes.get(*place)
    except NodeError:
        return None


def _moment(claim: Checkpoint) -> str:
    return claim.time.isoformat(sep=" ", timespec="seconds")
