"""Checking proofs without the log, as RFC 9162 writes it down (sections 2.1.3.2 and 2.1.4.2).

A proof ties a leaf, or an earlier log, to a root *of a given size*: take both from one signed checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence

from plainscore.log._errors import ProofError
from plainscore.log._hashes import EMPTY_ROOT, HASH_BYTES, node_hash


def verify_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf stands in the log that a checkpoint was made over; return quietly if it does.

    Parameters
    ----------
    leaf : bytes
        The leaf's hash, from `leaf_hash`.
    index : int
        Its place; the first leaf is 0.
    size, root
        Of the log, both from one checkpoint.
    proof : sequence of bytes
        What `inclusion_proof` gave.

    Raises
    ------
    ProofError
        Where anything of it does not fit.
    """
    if not 0 <= index < size:
        raise ProofError(f"no leaf stands at index {index} in a log of {size} leaves")
    _hashes_only([leaf, root, *proof])
    place, last, value = index, size - 1, leaf
    for other in proof:
        if last == 0:
            raise ProofError(
                f"the proof for leaf {index} holds more hashes than a log of {size} leaves needs"
            )
        if place % 2 or place == last:
            value = node_hash(other, value)
            place, last = _to_the_left_edge(place, last)
        else:
            value = node_hash(value, other)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError(f"the proof for leaf {index} holds fewer hashes than a log of {size} leaves needs")
    if value != root:
        raise ProofError(
            f"the proof does not lead from this leaf at index {index} to the root of the log of {size} "
            "leaves: the leaf, its place, the proof or the checkpoint is another one"
        )


def verify_consistency(
    *, first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that a later log begins with an earlier one, leaf by leaf; return quietly if it does.

    Parameters
    ----------
    first, first_root
        Size and root of the earlier log, both from one checkpoint.
    second, second_root
        Of the later log, likewise.
    proof : sequence of bytes
        What `consistency_proof` gave. None for equal sizes, or from an empty log.

    Raises
    ------
    ProofError
        Where anything of it does not fit: leaves that the first log had are not in the second as they were.
    """
    if not 0 <= first <= second:
        raise ProofError(f"a log of {second} leaves does not begin with one of {first}: leaves are missing")
    _hashes_only([first_root, second_root, *proof])
    if first == 0 or first == second:
        _same_or_empty(first, second, first_root, second_root, proof)
        return
    if not proof:
        raise ProofError(
            f"from {first} to {second} leaves a proof of consistency is not empty, and this one is"
        )
    hashes = list(proof) if first & (first - 1) else [first_root, *proof]  # a power of two: one whole subtree
    place, last = first - 1, second - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    old = new = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            raise ProofError(f"the proof from {first} to {second} leaves holds more hashes than it needs")
        if place % 2 or place == last:
            old, new = node_hash(other, old), node_hash(other, new)
            place, last = _to_the_left_edge(place, last)
        else:
            new = node_hash(new, other)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError(f"the proof from {first} to {second} leaves holds fewer hashes than it needs")
    if old != first_root or new != second_root:
        raise ProofError(
            f"the log of {second} leaves does not begin with that of {first}: a leaf was changed, moved, "
            "added between or taken away, or the proof or a checkpoint is another one"
        )


def _same_or_empty(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    if proof:
        raise ProofError(
            f"from {first} to {second} leaves a proof of consistency is empty, and this one is not"
        )
    if first == 0 and first_root != EMPTY_ROOT:
        raise ProofError("the root of the earlier log is not that of an empty log, and it has no leaves")
    if first == second and first_root != second_root:
        raise ProofError(f"two logs of {first} leaves have different roots: they are not the same log")


def _to_the_left_edge(place: int, last: int) -> tuple[int, int]:
    """Go up past the levels where the right edge has no neighbour of its own."""
    while place and not place % 2:
        place, last = place >> 1, last >> 1
    return place, last


def _hashes_only(values: Sequence[bytes]) -> None:
    for value in values:
        if len(value) != HASH_BYTES:
            raise ProofError(f"a hash of the log has {HASH_BYTES} bytes, and one of {len(value)} was given")
