"""Where the hashes of complete subtrees are kept, and a place for them in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from plainscore.log._errors import NodeError
from plainscore.log._hashes import HASH_BYTES

Place = tuple[int, int]
"""Level and index of a node. Level 0 are the leaves; a node has the two at twice its index a level below."""

Node = tuple[int, int, bytes]
"""Level, index and hash of a node."""


class Nodes(Protocol):
    """The hashes of complete subtrees, which are written once and never change.

    A node at level *l* and index *i* is the hash over the leaves from *i* 2**l* to before *(i + 1) 2**l*; it
    is there as soon as the log has the last of them. What stands above an incomplete subtree is never kept,
    since the next leaf would change it.
    """

    def get(self, level: int, index: int) -> bytes:
        """Return one hash of 32 bytes; `NodeError` where it is not there."""
        ...

    def get_many(self, places: Sequence[Place]) -> list[bytes]:
        """Return a hash for each place, in the order asked; `NodeError` where one is not there.

        No call asks for more than 128 places.
        """
        ...

    def put_many(self, items: Sequence[Node]) -> None:
        """Keep new nodes, all of them or none; `NodeError` where one is there already.

        They come level by level, and within a level by index without a gap.
        """
        ...


class MemoryNodes:
    """Nodes in memory: 32 bytes each, two for every leaf.

    Examples
    --------
    >>> nodes = MemoryNodes()
    >>> nodes.put_many([(0, 0, bytes(32))])
    >>> nodes.get(0, 0) == bytes(32)
    True
    """

    def __init__(self) -> None:
        self._levels: list[bytearray] = []

    def get(self, level: int, index: int) -> bytes:
        """Return one hash of 32 bytes."""
        held = self._levels[level] if 0 <= level < len(self._levels) else b""
        found = bytes(held[HASH_BYTES * index : HASH_BYTES * (index + 1)]) if index >= 0 else b""
        if not found:
            raise NodeError(f"the log holds no node at level {level} and index {index}")
        return found

    def get_many(self, places: Sequence[Place]) -> list[bytes]:
        """Return a hash for each place, in the order asked."""
        return [self.get(level, index) for level, index in places]

    def put_many(self, items: Sequence[Node]) -> None:
        """Keep new nodes, all of them or none."""
        new: list[bytearray] = []
        for level, index, value in items:
            if len(value) != HASH_BYTES:
                raise NodeError(f"a node is a hash of {HASH_BYTES} bytes, and one of {len(value)} was given")
            while len(new) <= level:
                new.append(bytearray())
            held = len(self._levels[level]) if level < len(self._levels) else 0
            if HASH_BYTES * index != held + len(new[level]):
                raise NodeError(
                    f"the node at level {level} and index {index} does not follow those that are kept: "
                    "nodes are only added at the end, each once"
                )
            new[level] += value
        for level, added in enumerate(new):
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += added
