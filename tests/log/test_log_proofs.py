"""A proof that was touched, or that belongs to something else, is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plainscore.log import (
    EMPTY_ROOT,
    MemoryNodes,
    ProofError,
    append,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

MOST = 40
LEAVES = [leaf_hash(bytes([number])) for number in range(MOST)]
NODES = MemoryNodes()
append(NODES, 0, LEAVES)
ROOTS = [root_of(NODES, size) for size in range(MOST + 1)]

SIZES = (1, 2, 3, 7, 8, 20, 33)


def flipped(value: bytes) -> Iterator[bytes]:
    """Yield the bytes with each single bit turned."""
    for at in range(8 * len(value)):
        yield (int.from_bytes(value) ^ (1 << at)).to_bytes(len(value))


def touched(proof: list[bytes]) -> Iterator[list[bytes]]:
    """Yield the proof with each single bit of it turned."""
    for at, value in enumerate(proof):
        for other in flipped(value):
            yield [*proof[:at], other, *proof[at + 1 :]]


def reshaped(proof: list[bytes]) -> Iterator[list[bytes]]:
    """Yield the proof longer, shorter, and with two of its hashes exchanged."""
    for extra in (EMPTY_ROOT, bytes(32), *proof):
        yield [*proof, extra]
        yield [extra, *proof]
    for at in range(len(proof)):
        yield proof[:at] + proof[at + 1 :]
        yield [*proof[:at], proof[at][:-1], *proof[at + 1 :]]
        yield [*proof[:at], proof[at] + b"\x00", *proof[at + 1 :]]
        for other in range(at):
            swapped = list(proof)
            swapped[at], swapped[other] = swapped[other], swapped[at]
            yield swapped


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_every_single_bit_of_an_inclusion_proof_counts(size: int, place: str) -> None:
    """With any bit of proof, leaf or root turned, or the proof in another shape, it is refused."""
    index = {"first": 0, "middle": size // 2, "last": size - 1}[place]
    leaf, root, proof = LEAVES[index], ROOTS[size], inclusion_proof(NODES, index, size)
    verify_inclusion(leaf, index=index, size=size, proof=proof, root=root)
    tried = 0
    for other in (*touched(proof), *reshaped(proof)):
        with pytest.raises(ProofError):
            verify_inclusion(leaf, index=index, size=size, proof=other, root=root)
        tried += 1
    for other_leaf in (*flipped(leaf), EMPTY_ROOT, b"", leaf[:-1]):
        with pytest.raises(ProofError):
            verify_inclusion(other_leaf, index=index, size=size, proof=proof, root=root)
    for other_root in (*flipped(root), EMPTY_ROOT, b"", root[:-1]):
        with pytest.raises(ProofError):
            verify_inclusion(leaf, index=index, size=size, proof=proof, root=other_root)
    assert tried > 256 * len(proof)


@pytest.mark.parametrize("first", [1, 2, 3, 4, 6, 7, 8, 20])
@pytest.mark.parametrize("second", [2, 5, 8, 9, 33])
def test_every_single_bit_of_a_consistency_proof_counts(first: int, second: int) -> None:
    """With any bit of proof or roots turned, or the proof in another shape, it is refused."""
    first, second = min(first, second), max(first, second)
    old, new, proof = ROOTS[first], ROOTS[second], consistency_proof(NODES, first, second)

    def check(old: bytes, new: bytes, proof: list[bytes]) -> None:
        verify_consistency(first=first, second=second, first_root=old, second_root=new, proof=proof)

    check(old, new, proof)
    for other in (*touched(proof), *reshaped(proof)):
        with pytest.raises(ProofError):
            check(old, new, other)
    for root in (*flipped(old), EMPTY_ROOT, b"", old[:-1]):
        with pytest.raises(ProofError):
            check(root, new, proof)
    for root in (*flipped(new), EMPTY_ROOT, b"", new[:-1]):
        with pytest.raises(ProofError):
            check(old, root, proof)


def test_a_leaf_is_nowhere_but_where_it_stands() -> None:
    """No proof of a log of a size shows a leaf at another index, and no other leaf at its own."""
    for size in SIZES:
        for index in range(size):
            proof = inclusion_proof(NODES, index, size)
            for other in (*range(-1, index), *range(index + 1, size + 2)):
                with pytest.raises(ProofError):
                    verify_inclusion(LEAVES[index], index=other, size=size, proof=proof, root=ROOTS[size])
                if 0 <= other < size:
                    with pytest.raises(ProofError):
                        verify_inclusion(LEAVES[other], index=index, size=size, proof=proof, root=ROOTS[size])


def test_a_node_does_not_pass_for_a_leaf() -> None:
    """The two halves of a node, taken as an entry, give another hash than the node has."""
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != ROOTS[2]
    with pytest.raises(ProofError, match="does not lead"):
        verify_inclusion(leaf_hash(left + right), index=0, size=1, proof=[], root=ROOTS[2])


def test_a_proof_is_as_long_as_the_size_asks() -> None:
    """A proof for one size is not passed off for another whose hashes would come out alike."""
    proof = inclusion_proof(NODES, 3, 4)
    with pytest.raises(ProofError, match="more hashes"):
        verify_inclusion(LEAVES[3], index=1, size=2, proof=proof, root=ROOTS[4])
    with pytest.raises(ProofError, match="fewer hashes"):
        verify_inclusion(LEAVES[0], index=0, size=4, proof=[LEAVES[1]], root=ROOTS[2])

    def check(first: int, second: int, later: int, proof: list[bytes]) -> None:
        verify_consistency(
            first=first, second=second, first_root=ROOTS[first], second_root=ROOTS[later], proof=proof
        )

    with pytest.raises(ProofError, match="more hashes"):
        check(1, 2, 4, consistency_proof(NODES, 1, 4))
    with pytest.raises(ProofError, match="fewer hashes"):
        check(1, 3, 2, consistency_proof(NODES, 1, 2))


def test_no_byte_moves_from_one_hash_to_the_next() -> None:
    """Hashes of other lengths that join to the same bytes are refused, in either proof."""
    first, second = LEAVES[:2]
    with pytest.raises(ProofError, match="32 bytes"):
        verify_inclusion(first + second[:1], index=0, size=2, proof=[second[1:]], root=ROOTS[2])
    proof = consistency_proof(NODES, 1, 2)
    with pytest.raises(ProofError, match="32 bytes"):
        verify_consistency(
            first=1,
            second=2,
            first_root=ROOTS[1] + proof[0][:1],
            second_root=ROOTS[2],
            proof=[proof[0][1:]],
        )


def test_a_log_that_shrank_or_was_rewritten_is_not_consistent() -> None:
    """No proof ties an earlier checkpoint to a shorter log, or to one whose early leaf is another."""
    other = MemoryNodes()
    append(other, 0, [leaf_hash(b"other"), *LEAVES[1:]])
    for first in range(1, 20):
        with pytest.raises(ProofError, match="leaves are missing"):
            verify_consistency(
                first=first + 1,
                second=first,
                first_root=ROOTS[first + 1],
                second_root=ROOTS[first],
                proof=[],
            )
        for second in range(first, 20):
            with pytest.raises(ProofError):
                verify_consistency(
                    first=first,
                    second=second,
                    first_root=ROOTS[first],
                    second_root=root_of(other, second),
                    proof=consistency_proof(other, first, second),
                )


def test_from_an_empty_log_and_between_equals_a_proof_is_empty() -> None:
    """Nothing is to be shown there, and more than nothing is refused, as is a root that does not fit."""
    for first, second in ((0, 0), (0, 5), (5, 5)):
        old, new = ROOTS[first], ROOTS[second]
        verify_consistency(first=first, second=second, first_root=old, second_root=new, proof=[])
        with pytest.raises(ProofError, match="is empty, and this one is not"):
            verify_consistency(first=first, second=second, first_root=old, second_root=new, proof=[old])
        with pytest.raises(ProofError):
            verify_consistency(first=first, second=second, first_root=ROOTS[3], second_root=new, proof=[])
    with pytest.raises(ProofError, match="not the same log"):
        verify_consistency(first=0, second=0, first_root=EMPTY_ROOT, second_root=ROOTS[1], proof=[])
