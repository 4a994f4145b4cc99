"""Leaves are held against checkpoints, and every kept node against the leaves below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.log import (
    EMPTY_ROOT,
    AlteredLogError,
    MemoryNodes,
    Node,
    NodeError,
    Place,
    altered_nodes,
    append,
    audit,
    leaf_hash,
    node_count,
    read_checkpoint,
    root_of,
)


class DamagedNodes:
    """Nodes of which one is not there, or is another."""

    def __init__(self, nodes: MemoryNodes, place: Place, value: bytes | None) -> None:
        self._nodes, self._place, self._value = nodes, place, value

    def get(self, level: int, index: int) -> bytes:
        """Return one hash, or what stands in its stead."""
        if (level, index) != self._place:
            return self._nodes.get(level, index)
        if self._value is None:
            raise NodeError("it is gone")
        return self._value

    def get_many(self, places: Sequence[Place]) -> list[bytes]:
        """Return hashes in the order asked."""
        assert 0 < len(places) <= 128
        return [self.get(*place) for place in places]

    def put_many(self, items: Sequence[Node]) -> None:
        """Refuse: an audit only reads."""
        raise AssertionError("an audit writes nothing")


@given(st.data())
def test_an_audit_of_an_untouched_log_is_quiet(log: Any, data: st.DataObject) -> None:
    """Any part of its checkpoints, in any order, fits the leaves; the newest says how many are covered."""
    notes = data.draw(st.lists(st.sampled_from(log.notes), unique=True))
    seen = [read_checkpoint(note, log.key.public) for note in notes]
    found = audit(iter(log.entries), seen)
    nodes = MemoryNodes()
    assert found.root == append(nodes, 0, [leaf_hash(entry) for entry in log.entries])
    assert found.size == 137
    assert found.covered == max((one.size for one in seen), default=0)


def test_an_empty_log_is_audited_too() -> None:
    """No leaves and no checkpoint: the empty root, and nothing covered."""
    found = audit([], [])
    assert (found.size, found.root, found.covered) == (0, EMPTY_ROOT, 0)


def test_an_audit_of_many_leaves_goes_in_portions() -> None:
    """Beyond one portion of leaves the root is that of the tree."""
    entries = [number.to_bytes(3) for number in range(9_000)]
    nodes = MemoryNodes()
    append(nodes, 0, [leaf_hash(entry) for entry in entries])
    assert audit(iter(entries), []).root == root_of(nodes, 9_000)
    assert list(altered_nodes(nodes, map(leaf_hash, entries))) == []


def test_an_audit_says_where_the_log_was_altered(log: Any) -> None:
    """The message names the checkpoint that does not fit, and how many leaves are still borne out."""
    seen = [read_checkpoint(note, log.key.public) for note in log.notes]
    entries = list(log.entries)
    entries[50] = entries[51]
    with pytest.raises(AlteredLogError, match="first 96 leaves, of which 40 are in order"):
        audit(entries, seen)
    with pytest.raises(AlteredLogError, match=r"has 100, and the checkpoint of 2026-02-04 .* over 137"):
        audit(log.entries[:100], seen)


@pytest.mark.parametrize("size", [1, 2, 5, 64, 100])
def test_every_altered_node_is_found(size: int) -> None:
    """Whichever node is another, or is gone, is named, and no other."""
    hashes = [leaf_hash(number.to_bytes(2)) for number in range(size)]
    nodes = MemoryNodes()
    append(nodes, 0, hashes)
    assert list(altered_nodes(nodes, hashes)) == []
    places = [(level, index) for level in range(size.bit_length()) for index in range(size >> level)]
    assert len(places) == node_count(size)
    for place in places:
        for value in (None, b"", bytes(32), nodes.get(*place)[::-1]):
            assert list(altered_nodes(DamagedNodes(nodes, place, value), iter(hashes))) == [place]
