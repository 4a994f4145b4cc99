"""The tree is that of RFC 9162 at every size, and its store is asked once and written once."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.log import (
    EMPTY_ROOT,
    MemoryNodes,
    Node,
    NodeError,
    Place,
    append,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_count,
    root_of,
    verify_consistency,
    verify_inclusion,
)

MOST = 300

# An oracle: section 2.1 of RFC 9162 as the text has it, by recursion over lists of entries.


def k_of(n: int) -> int:
    """Return the largest power of two smaller than n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(d: Sequence[bytes]) -> bytes:
    """MTH(D_n), section 2.1.1."""
    if not d:
        return sha256().digest()
    if len(d) == 1:
        return sha256(b"\x00" + d[0]).digest()
    k = k_of(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D_n), section 2.1.3.1."""
    if len(d) == 1:
        return []
    k = k_of(len(d))
    if m < k:
        return [*path(m, d[:k]), mth(d[k:])]
    return [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: Sequence[bytes], b: bool) -> list[bytes]:
    """SUBPROOF(m, D_n, b), section 2.1.4.1; PROOF(m, D_n) is that with b true."""
    if m == len(d):
        return [] if b else [mth(d)]
    k = k_of(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


ENTRIES = [f"entry {number}".encode() for number in range(MOST)]
HASHES = [leaf_hash(entry) for entry in ENTRIES]


class CountedNodes(MemoryNodes):
    """Nodes that count the calls."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[int] = []
        self.writes: list[int] = []

    def get(self, level: int, index: int) -> bytes:
        """Return one hash; counted only through `get_many`."""
        return super().get(level, index)

    def get_many(self, places: Sequence[Place]) -> list[bytes]:
        """Count and pass on."""
        self.reads.append(len(places))
        return super().get_many(places)

    def put_many(self, items: Sequence[Node]) -> None:
        """Count and pass on."""
        self.writes.append(len(items))
        super().put_many(items)


@pytest.fixture(scope="module")
def grown() -> MemoryNodes:
    """Give the nodes of all entries, appended one by one."""
    nodes = MemoryNodes()
    for size, value in enumerate(HASHES):
        append(nodes, size, [value])
    return nodes


@given(st.lists(st.integers(0, 40), max_size=15))
def test_leaves_may_come_in_any_portions(portions: list[int]) -> None:
    """After every portion the root is the oracle's, and the nodes kept are as many as the tree has."""
    nodes, size = CountedNodes(), 0
    for more in portions:
        more = min(more, MOST - size)
        root = append(nodes, size, HASHES[size : size + more])
        size += more
        assert root == mth(ENTRIES[:size]) == root_of(nodes, size)
    assert sum(nodes.writes) == node_count(size)


@given(st.integers(0, MOST))
def test_every_earlier_root_comes_out_of_the_later_log(grown: MemoryNodes, size: int) -> None:
    """The root over the first leaves is that which the log had when it was so long."""
    assert root_of(grown, size) == mth(ENTRIES[:size])


@given(st.data())
def test_inclusion_proofs_are_those_of_the_rfc(grown: MemoryNodes, data: st.DataObject) -> None:
    """Any leaf in a log of any size has the oracle's path, and the path is accepted."""
    size = data.draw(st.integers(1, MOST))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(grown, index, size)
    assert proof == path(index, ENTRIES[:size])
    verify_inclusion(HASHES[index], index=index, size=size, proof=proof, root=mth(ENTRIES[:size]))


@given(st.data())
def test_consistency_proofs_are_those_of_the_rfc(grown: MemoryNodes, data: st.DataObject) -> None:
    """Any two sizes have the oracle's proof, and it is accepted; from an empty log it is empty."""
    second = data.draw(st.integers(0, MOST))
    first = data.draw(st.integers(0, second))
    proof = consistency_proof(grown, first, second)
    assert proof == ([] if first == 0 else subproof(first, ENTRIES[:second], True))
    verify_consistency(
        first=first,
        second=second,
        first_root=mth(ENTRIES[:first]),
        second_root=mth(ENTRIES[:second]),
        proof=proof,
    )


@pytest.mark.parametrize("size", [0, 1, 255, 256, 299])
def test_the_store_is_asked_once_and_written_once(size: int) -> None:
    """However large the log, appending reads at most once and writes once, and a proof reads once."""
    nodes = CountedNodes()
    append(nodes, 0, HASHES[:size])
    nodes.reads, nodes.writes = [], []
    append(nodes, size, [leaf_hash(b"new"), leaf_hash(b"newer")])
    assert len(nodes.reads) <= 1
    assert len(nodes.writes) == 1
    for asked in (lambda: inclusion_proof(nodes, size // 2, size + 2), lambda: root_of(nodes, size + 2)):
        nodes.reads = []
        asked()
        assert len(nodes.reads) == 1
    nodes.reads = []
    consistency_proof(nodes, size + 1, size + 2)
    assert len(nodes.reads) == 1


def test_no_question_asks_for_more_than_is_promised() -> None:
    """A proof in a log of nearly 2**63 leaves asks for no more than the 128 places that `Nodes` names."""

    class Endless:
        most = 0

        def get(self, level: int, index: int) -> bytes:
            return bytes(32)

        def get_many(self, places: Sequence[Place]) -> list[bytes]:
            self.most = max(self.most, len(places))
            return [bytes(32) for _ in places]

        def put_many(self, items: Sequence[Node]) -> None:
            raise AssertionError("nothing is written by a proof")

    nodes, huge = Endless(), 2**63 - 1
    for index in (0, 1, huge // 3, 2**62 - 1, huge - 1):
        inclusion_proof(nodes, index, huge)
        consistency_proof(nodes, index + 1, huge)
    root_of(nodes, huge)
    assert 60 < nodes.most <= 128


def test_appending_nothing_changes_nothing() -> None:
    """No leaves, no write; the root is that of before."""
    nodes = CountedNodes()
    assert append(nodes, 0, []) == EMPTY_ROOT
    root = append(nodes, 0, HASHES[:5])
    assert append(nodes, 5, []) == root
    assert len(nodes.writes) == 1


def test_a_size_that_is_not_the_log_s_is_refused() -> None:
    """Who appends to another size than the log has writes nothing: two writers cannot both win."""
    nodes = MemoryNodes()
    root = append(nodes, 0, HASHES[:5])
    for size in (-1, 0, 3, 4, 6, 8):
        with pytest.raises(NodeError):
            append(nodes, size, [leaf_hash(b"new")])
        assert root_of(nodes, 5) == root
        with pytest.raises(NodeError, match="holds no node"):
            root_of(nodes, 6)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (3, 2), (0, 6)])
def test_no_proof_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    """A leaf outside the size, or a size beyond the log, is refused in a sentence."""
    nodes = MemoryNodes()
    append(nodes, 0, HASHES[:5])
    with pytest.raises(NodeError, match="log"):
        inclusion_proof(nodes, index, size)


@pytest.mark.parametrize(("first", "second"), [(-1, 5), (4, 3), (1, 6)])
def test_no_proof_between_sizes_that_are_none(first: int, second: int) -> None:
    """Sizes below zero, in the wrong order or beyond the log are refused in a sentence."""
    nodes = MemoryNodes()
    append(nodes, 0, HASHES[:5])
    with pytest.raises(NodeError, match="log"):
        consistency_proof(nodes, first, second)


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33)])
def test_a_hash_of_another_length_is_refused(wrong: bytes) -> None:
    """Only hashes of 32 bytes enter the tree, and only such are taken from a store."""
    nodes = MemoryNodes()
    with pytest.raises(NodeError, match="32 bytes"):
        append(nodes, 0, [bytes(32), wrong])
    with pytest.raises(NodeError, match="32 bytes"):
        nodes.put_many([(0, 0, wrong)])

    class Short(MemoryNodes):
        def get_many(self, places: Sequence[Place]) -> list[bytes]:
            return [wrong for _ in places]

    with pytest.raises(NodeError, match="came back"):
        root_of(Short(), 3)


@pytest.mark.parametrize(
    "items",
    [
        [(0, 2, bytes(32)), (0, 1, bytes(32))],
        [(0, 2, bytes(32)), (0, 4, bytes(32))],
        [(0, 2, bytes(32)), (1, 0, bytes(32))],
        [(0, 2, bytes(32)), (0, -1, bytes(32))],
    ],
)
def test_nodes_in_memory_are_only_added(items: list[Node]) -> None:
    """A node that is kept is never written again, no gap is left, and of a refused call nothing is kept."""
    nodes = MemoryNodes()
    append(nodes, 0, HASHES[:2])
    with pytest.raises(NodeError, match="each once"):
        nodes.put_many(items)
    with pytest.raises(NodeError, match="holds no node at level 0 and index 2"):
        nodes.get(0, 2)
    assert nodes.get_many([(0, 0), (0, 1)]) == HASHES[:2]


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (0, 2), (9, 0)])
def test_a_place_that_is_not_there_is_named(place: Place) -> None:
    """A node that nobody kept is an error, never an empty answer."""
    nodes = MemoryNodes()
    append(nodes, 0, HASHES[:2])
    with pytest.raises(NodeError, match=f"level {place[0]} and index {place[1]}"):
        nodes.get(*place)
