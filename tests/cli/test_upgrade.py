"""What an earlier version kept in folders is taken into the store by a command, and not passed over."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from editions import DECISIONS, LETTERS, put_all

Run = Callable[..., Any]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Give a workspace that keeps the records of every edition in folders."""
    return put_all(tmp_path / "old")


def test_folders_are_taken_in_once_and_stay(run: Run, old: Path) -> None:
    """Before, every command that reads records names the upgrade; after it they come back byte for byte."""
    for words in (
        ["decisions"],
        ["letters"],
        ["appeal", "list"],
        ["log", "verify"],
        ["tasks"],
        ["explain", "--subject", "S1"],
    ):
        said = run(*words, "-w", old)
        assert said.status == 1, words
        assert "Take them into the store with `plainscore upgrade`" in said.err
    assert not (old / "data" / "records.sqlite").exists()
    said = run("upgrade", "-w", old)
    assert said.status == 0, said.err
    counts = re.search(r"([\d,]+) decisions, ([\d,]+) letters, ([\d,]+) appeals, (\d+) corrections", said.out)
    assert counts is not None
    assert [int(one) for one in counts.groups()[:2]] == [len(DECISIONS), len(LETTERS)]
    for path in (DECISIONS[0], DECISIONS[-1]):
        assert run("decisions", path.stem, "--json", "-w", old).out == path.read_text("utf-8")
        assert (old / "data" / "decisions" / path.name).read_bytes() == path.read_bytes()
    letter = LETTERS[-1]
    assert run("letters", letter.stem, "--json", "-w", old).out == letter.read_text("utf-8")
    assert "replays" in run("replay", DECISIONS[0].stem, "-w", old).out
    assert run("upgrade", "-w", old).status == 0, "what is kept already is not kept twice"


def test_a_folder_that_was_altered_is_not_taken_in(run: Run, old: Path) -> None:
    """Where one file is not what was kept, nothing is taken in, and the file is named."""
    path = min((old / "data" / "decisions").glob("*.json"))
    path.write_bytes(path.read_bytes().replace(b'"pack": "', b'"pack": "x', 1))
    said = run("upgrade", "-w", old)
    assert said.status == 1
    assert path.name in said.err
    assert "Nothing was taken in" in said.err
    assert "plainscore upgrade" in run("decisions", "-w", old).err
