"""Whatever is done to a log afterwards is found, by this package and by the stand-alone script."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plainscore.log import (
    AlteredLogError,
    CheckpointError,
    MemoryNodes,
    append,
    audit,
    key_from_seed,
    leaf_hash,
    read_checkpoint,
    sign,
    write_export,
)
from plainscore.log._verify_log import main

Edited = tuple[bytes, list[str]]
"""The bytes of the file of leaves, and the checkpoints beside it."""


def change(log: Any, draw: random.Random) -> Edited:
    """Turn one bit of a leaf."""
    at = draw.randrange(len(log.entries))
    entry = bytearray(log.entries[at])
    bit = draw.randrange(8 * len(entry))
    entry[bit // 8] ^= 1 << bit % 8
    return lines([*log.entries[:at], bytes(entry), *log.entries[at + 1 :]]), log.notes


def delete(log: Any, draw: random.Random) -> Edited:
    """Take away leaves that stand together."""
    start = draw.randrange(len(log.entries))
    end = draw.randrange(start + 1, len(log.entries) + 1)
    return lines(log.entries[:start] + log.entries[end:]), log.notes


def swap(log: Any, draw: random.Random) -> Edited:
    """Exchange two leaves."""
    first, second = draw.sample(range(len(log.entries)), 2)
    entries = list(log.entries)
    entries[first], entries[second] = entries[second], entries[first]
    return lines(entries), log.notes


def insert(log: Any, draw: random.Random) -> Edited:
    """Put a leaf, one's own or a copy, before one that is there."""
    at = draw.randrange(len(log.entries))
    new = draw.choice([draw.choice(log.entries), b"{}", b""])
    return lines([*log.entries[:at], new, *log.entries[at:]]), log.notes


def truncate(log: Any, draw: random.Random) -> Edited:
    """Cut the file anywhere; without its last line break alone it would hold the same leaves."""
    whole = lines(log.entries)
    return whole[: draw.randrange(len(whole) - 1)], log.notes


def roll_back(log: Any, draw: random.Random) -> Edited:
    """Bring back the log of an earlier moment, with the checkpoints of that moment."""
    earlier = log.until(draw.randrange(len(log.entries)))
    return lines(earlier.entries), earlier.notes


def forge(log: Any, draw: random.Random) -> Edited:
    """Change a leaf and sign all checkpoints anew, with another key of the same name."""
    return rewritten(log, draw, key_from_seed(log.key.name, draw.randbytes(32)))


def forge_with_the_key(log: Any, draw: random.Random) -> Edited:
    """Change a leaf and sign all checkpoints anew, with the log's own key."""
    return rewritten(log, draw, log.key)


def rewritten(log: Any, draw: random.Random, key: Any) -> Edited:
    """Return a log that is in order by itself."""
    at = draw.randrange(len(log.entries))
    entries = [*log.entries[:at], b'{"forged":true}', *log.entries[at + 1 :]]
    notes, nodes, done = [], MemoryNodes(), 0
    for note in log.notes:
        claim = read_checkpoint(note, log.key.public)
        root = append(nodes, done, [leaf_hash(entry) for entry in entries[done : claim.size]])
        done = claim.size
        notes.append(sign(type(claim)(claim.origin, claim.size, root, claim.time), key))
    return lines(entries), notes


def lines(entries: list[bytes]) -> bytes:
    """Return the file of leaves."""
    return b"".join(entry + b"\n" for entry in entries)


EDITS: list[Callable[[Any, random.Random], Edited]] = [
    change,
    delete,
    swap,
    insert,
    truncate,
    roll_back,
    forge,
    forge_with_the_key,
]


class Bench:
    """An export on which edits are tried, with the newest checkpoint kept outside of it."""

    def __init__(self, log: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.log, self.folder, self._monkeypatch = log, folder / "export", monkeypatch
        self.outside = folder / "kept.txt"
        self.outside.write_text(log.notes[-1], "utf-8")
        write_export(self.folder, log.entries, log.notes)

    def script(self, edited: Edited) -> int:
        """Return what the stand-alone script says of the edited export."""
        leaves, notes = edited
        (self.folder / "leaves.jsonl").write_bytes(leaves)
        for path in (self.folder / "checkpoints").iterdir():
            path.unlink()
        for number, note in enumerate(notes):
            (self.folder / "checkpoints" / f"{number}.txt").write_text(note, "utf-8")
        words = [str(self.folder), "--key", self.log.key.public.text, "--checkpoint", str(self.outside)]
        self._monkeypatch.setattr(sys, "argv", ["verify_log.py", *words])
        return main()

    def package(self, edited: Edited) -> bool:
        """Tell whether the package finds the edited log in order."""
        leaves, notes = edited
        entries = leaves.removesuffix(b"\n").split(b"\n") if leaves else []
        try:
            seen = [read_checkpoint(note, self.log.key.public) for note in (*notes, self.log.notes[-1])]
            return audit(entries, seen).covered == len(entries)
        except (AlteredLogError, CheckpointError):
            return False


@pytest.fixture
def bench(log: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Give an export to edit."""
    return Bench(log, tmp_path, monkeypatch)


def try_edits(bench: Bench, count: int) -> None:
    """Try so many edits, kind after kind, and fail with the seed of the first that is not found."""
    untouched = (lines(bench.log.entries), bench.log.notes)
    assert bench.script(untouched) == 0
    assert bench.package(untouched)
    for seed in range(count):
        edit = EDITS[seed % len(EDITS)]
        edited = edit(bench.log, random.Random(seed))
        assert edited != untouched, (edit.__name__, seed)
        assert bench.script(edited) == 1, (edit.__name__, seed)
        assert not bench.package(edited), (edit.__name__, seed)


def test_random_edits_are_found(bench: Bench) -> None:
    """Each of 56 random edits is found, by the script and by the package."""
    try_edits(bench, 56)


@pytest.mark.slow
def test_a_thousand_random_edits_are_found(bench: Bench) -> None:
    """Each of 1,000 random edits is found, by the script and by the package."""
    try_edits(bench, 1_000)


def test_without_a_checkpoint_outside_a_rollback_is_not_seen(bench: Bench) -> None:
    """What the checkpoint kept outside is for: the log of an earlier moment is in order by itself."""
    earlier = bench.log.until(96)
    bench.outside.write_text(earlier.notes[-1], "utf-8")
    assert bench.script((lines(earlier.entries), earlier.notes)) == 0


def test_what_was_added_after_the_newest_checkpoint_is_not_called_checked(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """Leaves that no checkpoint covers are told, with a status of their own."""
    assert bench.script((lines([*bench.log.entries, b"{}", b"{}"]), bench.log.notes)) == 3
    assert "leaves 138 to 139 are not checked" in capsys.readouterr().out
