"""A log of some leaves with checkpoints, for tests that alter it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from plainscore.log import Checkpoint, LogKey, MemoryNodes, append, key_from_seed, leaf_bytes, leaf_hash, sign


@dataclass(frozen=True)
class Log:
    """Leaves, signed checkpoints and the key that signed them; the last checkpoint covers all leaves."""

    key: LogKey
    entries: list[bytes]
    notes: list[str]

    def until(self, size: int) -> Log:
        """Return the log as it was when it had so many leaves, checkpoints included."""
        notes = [note for note in self.notes if int(note.split("\n")[1]) <= size]
        return Log(self.key, self.entries[:size], notes)


def made(key: LogKey, entries: list[bytes], sizes: list[int]) -> Log:
    """Return a log of these leaves, with a checkpoint at each size."""
    nodes, notes, done = MemoryNodes(), [], 0
    for number, size in enumerate(sizes):
        root = append(nodes, done, [leaf_hash(entry) for entry in entries[done:size]])
        done = size
        time = datetime(2026, 1, 31, 23, 59, tzinfo=UTC) + timedelta(days=number)
        notes.append(sign(Checkpoint(key.name, size, root, time), key))
    return Log(key, entries, notes)


@pytest.fixture(scope="session")
def log() -> Log:
    """Give a log of 137 leaves with five checkpoints."""
    draw = random.Random(9162)
    entries = [
        leaf_bytes(
            draw.choice(["decision", "letter", "appeal"]),
            str(number),
            draw.randbytes(32),
            draw.choice([None, draw.randbytes(32).hex()]),
            draw.randbytes(16),
        )
        for number in range(137)
    ]
    return made(key_from_seed("bank.example/plainscore", bytes(range(32))), entries, [0, 1, 40, 96, 137])
