"""Reviewers in processes of their own: one decides an appeal, and whoever is killed leaves all or nothing."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from databases import BOTH

from plainscore.casework import Desk
from plainscore.workspace import Workspace

from ._at_once import check_nothing_is_double
from ._couple import appeal_of, decide, settle, store_of


@pytest.fixture
def here(root: Path) -> Iterator[Desk]:
    """Give a desk of this process, by the clock that the others go by."""
    desk = Workspace.open(root).desk
    yield desk
    store_of(desk).close()


REVIEWER = """
import sys
from plainscore.workspace import Workspace
root, by, uphold = sys.argv[1], sys.argv[2], sys.argv[3] == "uphold"
workspace = Workspace.open(root)
_ = workspace.card, workspace.entries, workspace.desk.history
print("ready", flush=True)
for line in sys.stdin:
    try:
        workspace.settle_appeal(line.strip(), uphold=uphold, reason="I looked at the receipt.", by=by)
        print("done", flush=True)
    except ValueError as error:
        print(f"{type(error).__name__} {error}", flush=True)
"""


@contextmanager
def reviewers(root: Path, *wishes: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Start a process for each reviewer, who decides every appeal that is put before them."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", REVIEWER, str(root), f"Reviewer {place}", wish],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for place, wish in enumerate(wishes)
    ]  # fmt: skip
    try:
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        yield started
    finally:
        for one in started:
            one.communicate()


def ask(one: subprocess.Popen[str], line: str) -> None:
    """Put an appeal before a reviewer."""
    assert one.stdin is not None
    one.stdin.write(line + "\n")
    one.stdin.flush()


def answer(one: subprocess.Popen[str]) -> str:
    """Wait for what a reviewer says."""
    assert one.stdout is not None
    return one.stdout.readline().strip()


def several_appeals(desk: Desk, cast: Any, count: int) -> list[str]:
    """Open appeals about different months of one decision."""
    decision = decide(desk, cast)
    rows = [row for row in decision.record["inputs"]["statements"] if row["account_id"] == cast.account]
    months = [date.fromisoformat(row["month"]) for row in rows[-count:]]
    return [appeal_of(desk, cast, decision, month=month).id for month in months]


@BOTH
@pytest.mark.slow
@pytest.mark.parametrize("other", ["uphold", "reject"])
def test_of_two_processes_one_decides(root: Path, here: Desk, cast: Any, other: str) -> None:
    """Of two processes that decide an appeal at once one wins, the other is told, and nothing is double."""
    opened = several_appeals(here, cast, 6)
    with reviewers(root, "uphold", other) as started:
        for place, name in enumerate(opened):
            for one in started[:: 1 if place % 2 else -1]:
                ask(one, name)
            said = sorted(answer(one) for one in started)
            assert said[1] == "done", said
            assert said[0].startswith("ReviewError"), said
    settled = [one.record for one in here.appeals.all()]
    won = [one for one in settled if one["status"] == "upheld"]
    assert {one["status"] for one in settled} <= {"upheld", "rejected"}
    assert len(list(here.decisions.all())) == 1 + len(won)
    check_nothing_is_double(here)


@BOTH
@pytest.mark.slow
def test_a_reviewer_who_is_killed_leaves_all_or_nothing(root: Path, here: Desk, cast: Any) -> None:
    """Killed at any moment of settling, a process leaves an appeal open or settled whole."""
    drawn = random.Random(5)
    opened = several_appeals(here, cast, 4)
    for name in opened:
        with reviewers(root, "uphold") as (one,):
            ask(one, name)
            time.sleep(drawn.random() * 1.5)
            one.send_signal(signal.SIGKILL)
        appeal = here.appeals.get(name)
        assert (appeal.status == "upheld") == bool(appeal.renewed)
        if appeal.status == "open":
            settle(here, appeal)
    assert len(list(here.decisions.all())) == 1 + len(opened)
    check_nothing_is_double(here)
    assert store_of(here).verify().findings == []
