"""The tree of RFC 9162, section 2.1, over the hashes of its complete subtrees: append, root and proofs.

Every function asks the store once and writes to it at most once, however large the log is.
"""

from __future__ import annotations

from collections.abc import Sequence

from plainscore.log._errors import NodeError
from plainscore.log._hashes import EMPTY_ROOT, HASH_BYTES, node_hash
from plainscore.log._nodes import Node, Nodes, Place

Range = tuple[int, int]
"""Leaves from the first number to before the second, whose hash is one of a proof."""


def append(nodes: Nodes, size: int, leaf_hashes: Sequence[bytes]) -> bytes:
    """Add leaves to a log, keep every node that they complete, and return the new root.

    Parameters
    ----------
    nodes : Nodes
        Read once (at most one node a level) and written once.
    size : int
        Leaves in the log before. Whoever calls makes sure that nobody else adds to the same size; nodes that
        are there already are refused.
    leaf_hashes : sequence of bytes
        Hashes of the new leaves in order, each from `leaf_hash`; none at all changes nothing.

    Returns
    -------
    bytes
        The root over all leaves, the new ones included.

    Raises
    ------
    NodeError
        Where the size is negative, a hash has not 32 bytes, or the nodes are not those of a log of this size.

    Examples
    --------
    >>> from plainscore.log import MemoryNodes, leaf_hash, root_of
    >>> nodes = MemoryNodes()
    >>> root = append(nodes, 0, [leaf_hash(b"a"), leaf_hash(b"b")])
    >>> root = append(nodes, 2, [leaf_hash(b"c")])
    >>> root == root_of(nodes, 3)
    True
    """
    for value in leaf_hashes:
        if len(value) != HASH_BYTES:
            raise NodeError(f"the hash of a leaf has {HASH_BYTES} bytes, and one of {len(value)} was given")
    places = _cover((0, _whole(size)))
    edge = dict(zip(places, _read(nodes, places), strict=True))
    new: list[Node] = []
    level, first, row = 0, size, list(leaf_hashes)
    while row:
        new += [(level, index, value) for index, value in enumerate(row, first)]
        if first % 2:  # the first new node completes one above together with the last old one
            row.insert(0, edge[level, first - 1])
            first -= 1
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        level, first = level + 1, first // 2
    if new:
        nodes.put_many(new)
    known = edge | {(at, index): value for at, index, value in new}
    return _folded([known[place] for place in _cover((0, size + len(leaf_hashes)))])


def root_of(nodes: Nodes, size: int) -> bytes:
    """Return the root over the first `size` leaves, of today's log or of any earlier one.

    Raises
    ------
    NodeError
        Where the size is negative, or the log has not so many leaves.
    """
    return _folded(_read(nodes, _cover((0, _whole(size)))))


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return the proof that a leaf stands at `index` in the log of `size` leaves.

    Parameters
    ----------
    nodes : Nodes
        Read once.
    index : int
        Place of the leaf; the first leaf is 0.
    size : int
        Of the log that the proof is for: that of the checkpoint that the reader holds.

    Returns
    -------
    list of bytes
        Hashes from the leaf to the root (RFC 9162, section 2.1.3.1), at most one for each doubling of size.

    Raises
    ------
    NodeError
        Where no leaf stands there in a log of this size, or the log has not so many leaves.

    Examples
    --------
    >>> from plainscore.log import MemoryNodes, leaf_hash, verify_inclusion
    >>> nodes, leaves = MemoryNodes(), [leaf_hash(one) for one in (b"a", b"b", b"c")]
    >>> root = append(nodes, 0, leaves)
    >>> proof = inclusion_proof(nodes, 2, 3)
    >>> verify_inclusion(leaves[2], index=2, size=3, proof=proof, root=root)
    """
    if not 0 <= index < size:
        raise NodeError(
            f"a log of {size} leaves has none at index {index}: the first is 0, the last {size - 1}"
        )
    start, end = 0, size
    ranges: list[Range] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return _hashes(nodes, ranges[::-1])


def consistency_proof(nodes: Nodes, first: int, second: int) -> list[bytes]:
    """Return the proof that the log of `second` leaves begins with the log of `first` leaves.

    Parameters
    ----------
    nodes : Nodes
        Read once.
    first, second : int
        Sizes of the earlier and of the later log, each that of a checkpoint.

    Returns
    -------
    list of bytes
        Hashes by RFC 9162, section 2.1.4.1; none where the sizes are equal, or the earlier log is empty.

    Raises
    ------
    NodeError
        Where the first size is negative or above the second, or the log has not so many leaves.
    """
    if not 0 <= first <= second:
        raise NodeError(
            f"no log of {second} leaves begins with one of {first}: give the earlier size first, and none "
            "below zero"
        )
    if first == 0:
        return []
    start, end = 0, second
    ranges: list[Range] = []
    while end != first:
        middle = start + _split(end - start)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # else this subtree is the whole earlier log, whose root the reader has
        ranges.append((start, end))
    return _hashes(nodes, ranges[::-1])


def node_count(size: int) -> int:
    """Return how many nodes a log of `size` leaves keeps.

    Examples
    --------
    >>> node_count(5)
    8
    """
    return 2 * _whole(size) - size.bit_count()


def _hashes(nodes: Nodes, ranges: Sequence[Range]) -> list[bytes]:
    """Return the hash over each range of leaves, with one question to the store."""
    covers = [_cover(one) for one in ranges]
    found = iter(_read(nodes, [place for cover in covers for place in cover]))
    return [_folded([next(found) for _ in cover]) for cover in covers]


def _cover(leaves: Range) -> list[Place]:
    """Return the complete subtrees over a range, the largest at the left, the smallest at the right."""
    start, end = leaves
    places = []
    while start < end:
        level = (end - start).bit_length() - 1
        places.append((level, start >> level))
        start += 1 << level
    return places


def _folded(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over neighbouring complete subtrees, each larger than those at its right."""
    if not hashes:
        return EMPTY_ROOT
    *above, value = hashes
    for left in reversed(above):
        value = node_hash(left, value)
    return value


def _read(nodes: Nodes, places: Sequence[Place]) -> list[bytes]:
    """Ask the store once, not at all for nothing, and take no answer that is not as many hashes."""
    found = nodes.get_many(places) if places else []
    if len(found) != len(places) or any(len(value) != HASH_BYTES for value in found):
        raise NodeError(f"{len(places)} hashes of {HASH_BYTES} bytes were asked for, and others came back")
    return found


def _split(size: int) -> int:
    """Return the largest power of two below a size of two or more."""
    return 1 << ((size - 1).bit_length() - 1)


def _whole(size: int) -> int:
    if size < 0:
        raise NodeError(f"a log has no fewer than 0 leaves, and {size} were asked for")
    return size
