"""How fast the log grows and proves, in memory: ``python -m benchmarks._log_bench [--leaves 1000000]``."""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from plainscore.log import (
    MemoryNodes,
    append,
    audit,
    consistency_proof,
    inclusion_proof,
    leaf_bytes,
    leaf_hash,
    root_of,
    verify_inclusion,
)

ROUNDS: Final = 10_000
PORTIONS: Final = (1, 50, 1_000)
"""Leaves at a time: one decision, and batches of them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one log gave.

    Attributes
    ----------
    leaves : int
        In the log.
    written : float
        Leaves written as canonical JSON and hashed, a second.
    appended : dict of int to float
        Leaves appended a second, by how many come at a time.
    proofs : dict of str to tuple of float
        Median and 99th percentile in milliseconds, by what was asked.
    audited : float
        Leaves audited a second.
    """

    leaves: int
    written: float
    appended: dict[int, float]
    proofs: dict[str, tuple[float, float]]
    audited: float


def measure(leaves: int, rounds: int = ROUNDS) -> Measured:
    """Build a log of so many leaves in memory, and ask it for proofs at random places."""
    draw = random.Random(leaves)
    began = time.perf_counter()
    entries = [_entry(number) for number in range(leaves)]
    hashes = [leaf_hash(entry) for entry in entries]
    written = leaves / (time.perf_counter() - began)
    appended = {}
    for portion in PORTIONS:
        nodes = MemoryNodes()
        began = time.perf_counter()
        for size in range(0, leaves, portion):
            root = append(nodes, size, hashes[size : size + portion])
        appended[portion] = leaves / (time.perf_counter() - began)
    places = [draw.randrange(leaves) for _ in range(rounds)]
    proofs = [inclusion_proof(nodes, index, leaves) for index in places]
    found = {
        "inclusion proof": _each(lambda index: inclusion_proof(nodes, index, leaves), places),
        "inclusion proof at an earlier size": _each(
            lambda index: inclusion_proof(nodes, index // 2, index + 1), places
        ),
        "consistency proof": _each(lambda index: consistency_proof(nodes, index + 1, leaves), places),
        "root": _each(lambda index: root_of(nodes, index + 1), places),
        "check of an inclusion proof": _each(
            lambda at: verify_inclusion(
                hashes[places[at]], index=places[at], size=leaves, proof=proofs[at], root=root
            ),
            range(rounds),
        ),
    }
    began = time.perf_counter()
    if audit(entries, []).root != root:
        raise AssertionError("the audit of the log that was built finds another root")
    return Measured(leaves, written, appended, found, leaves / (time.perf_counter() - began))


def text(measured: Measured) -> str:
    """Return the figures as lines of text."""
    lines = [f"{measured.leaves:,} leaves", f"leaves written and hashed: {measured.written:,.0f} a second"]
    lines += [f"appended {n:,} at a time: {rate:,.0f} a second" for n, rate in measured.appended.items()]
    lines += [
        f"{what}: median {median:.3f} ms, 99th percentile {most:.3f} ms"
        for what, (median, most) in measured.proofs.items()
    ]
    return "\n".join([*lines, f"audited: {measured.audited:,.0f} leaves a second"])


def _entry(number: int) -> bytes:
    row = sha256(number.to_bytes(8)).digest()
    return leaf_bytes("decision", str(number), row, row.hex(), os.urandom(16))


def _each(work: Callable[[int], object], asked: Sequence[int]) -> tuple[float, float]:
    """Return median and 99th percentile of one call, in milliseconds."""
    taken = []
    for one in asked:
        began = time.perf_counter_ns()
        work(one)
        taken.append(time.perf_counter_ns() - began)
    taken.sort()
    return taken[len(taken) // 2] / 1e6, taken[len(taken) * 99 // 100] / 1e6


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks._log_bench", description=__doc__)
    parser.add_argument("--leaves", type=int, default=1_000_000)
    print(text(measure(parser.parse_args().leaves)))
