"""An appeal is decided whole or not at all, whatever stops the writing, and by one reviewer."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from plainscore.appeals import BeingDecidedError, one_reviewer
from plainscore.decisions import stored_ledger
from plainscore.ledger import write_ledger
from plainscore.workspace import Desk, LetterWish, _settle_appeals, open_workspace, write_letter

from ._people import Json, again, appeal_of, decide, seen, settle


class Death(BaseException):
    """The process ends here: nothing that comes after it happens."""


@dataclass
class Disk:
    """A disk that counts what is done to it and fails at one place.

    Attributes
    ----------
    fails_at : int
        Number of the action that fails; 0 for none.
    dies : bool
        Whether the process ends there, so that nothing is done after it either.
    done : list of str
        What was done, in order.
    renamed : list of Path
        Files that were put in place.
    """

    fails_at: int = 0
    dies: bool = False
    done: list[str] = field(default_factory=list)
    renamed: list[Path] = field(default_factory=list)

    def act(self, what: str, action: Callable[[], Any], half: Callable[[], Any] | None = None) -> Any:
        """Do something, or fail in doing it."""
        gone = self.dies and 0 < self.fails_at <= len(self.done)
        self.done.append(what)
        if gone:
            raise Death
        if len(self.done) == self.fails_at:
            if half is not None:
                half()
            raise Death if self.dies else OSError(errno.ENOSPC, "No space left on device")
        return action()


@contextmanager
def counted(disk: Disk) -> Iterator[Disk]:
    """Let every file that is written go through a disk."""
    opening, replacing, syncing, removing = Path.open, Path.replace, os.fsync, Path.unlink

    class Written:
        """A file open for writing; a write that fails leaves a half."""

        def __init__(self, file: Any) -> None:
            self._file = file

        def __enter__(self) -> Written:
            return self

        def __exit__(self, *_: object) -> None:
            self._file.close()

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

        def write(self, data: bytes) -> Any:
            write = self._file.write
            return disk.act("write", lambda: write(data), lambda: write(data[: len(data) // 2]))

    def open_(path: Path, mode: str = "r", *rest: Any, **how: Any) -> Any:
        if mode.startswith("r") or path.name.endswith(".lock"):
            return opening(path, mode, *rest, **how)
        return Written(disk.act("open", lambda: opening(path, mode, *rest, **how)))

    def replace_(path: Path, target: Path) -> Path:
        disk.renamed.append(target)
        return Path(disk.act("replace", lambda: replacing(path, target)))

    def unlink(path: Path, missing_ok: bool = False) -> None:
        disk.act("unlink", lambda: removing(path, missing_ok=missing_ok))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", open_)
        patch.setattr(Path, "replace", replace_)
        patch.setattr(Path, "unlink", unlink)
        patch.setattr(os, "fsync", lambda fd: disk.act("fsync", lambda: syncing(fd)))
        yield disk


def files_of(root: Path) -> dict[Path, bytes]:
    """Return every whole file of a workspace's data, without what a stopped writing leaves."""
    return {
        path: path.read_bytes()
        for path in (root / "data").rglob("*")
        if path.is_file() and path.suffix not in (".partial", ".lock")
    }


@dataclass(frozen=True)
class Stage:
    """A workspace with two decisions and an appeal that touches both, in the person's part of the ledger."""

    root: Path
    old: Json
    appeal_id: str


@pytest.fixture(scope="module")
def stage(small_root: Path, cast: Any, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Give that workspace, to be copied."""
    root = tmp_path_factory.mktemp("stage") / "stage"
    for name in ("data", "model", "reports"):
        shutil.copytree(small_root / name, root / name)
    old = decide(Desk(open_workspace(root)), cast)
    # The person's own rows alone, because the ledger is opened again after every fault.
    write_ledger(stored_ledger(old), root / "data")
    desk = Desk(open_workspace(root))
    assert decide(desk, cast)["score"] == old["score"]
    for path in desk.workspace.decisions.glob("*.json"):
        path.unlink()
    old = decide(desk, cast)
    decide(desk, cast, minutes=5)
    return Stage(root, old, appeal_of(desk, cast, old))


def letter(desk: Desk, decision_id: str) -> str:
    """Return which decision a letter about one would be about, or why there is none."""
    try:
        facts: Any = {"applicant_name": "A", "applicant_address": "B", "credit_requested": "C"}
        said_no: Any = {
            "refused_by": "credit desk",
            "refused_on": date(2026, 2, 10),
            "day": date(2026, 2, 10),
        }
        return str(write_letter(desk, decision_id, LetterWish(facts=facts, **said_no))["decision_id"])
    except ValueError as error:
        return str(error)


def look(root: Path, cast: Any, stage: Stage) -> Json:
    """Return all that the workspace tells after the appeal, and the letter about the first decision."""
    desk = Desk(open_workspace(root))
    found = seen(desk, cast, cast.at + timedelta(days=3))
    return found | {"letter": letter(desk, stage.old["id"])}


def test_every_write_is_counted(stage: Stage, cast: Any, tmp_path: Path) -> None:
    """The disk of these tests sees all: whatever is new after settling was put in place through it."""
    root = Path(shutil.copytree(stage.root, tmp_path / "w"))
    before = files_of(root)
    with counted(Disk()) as disk:
        settle(Desk(open_workspace(root)), stage.appeal_id, cast.at + timedelta(days=2))
    changed = {path for path, data in files_of(root).items() if before.get(path) != data}
    assert changed == set(disk.renamed)
    assert disk.renamed[-1] == root / "data" / "appeals" / f"{stage.appeal_id}.json", "the commit comes last"
    assert len(changed) == 4, "two decisions, the correction, the appeal"
    last = len(disk.done) - disk.done[::-1].index("replace")
    assert disk.done[last - 2 :] == ["fsync", "replace", "fsync"], "the bytes, the name, the folder"


@pytest.mark.parametrize(
    "dies", [pytest.param(False, id="disk full", marks=pytest.mark.slow), pytest.param(True, id="death")]
)
def test_a_fault_at_any_write_changes_all_or_nothing(
    stage: Stage, cast: Any, tmp_path: Path, dies: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a fault at each write in turn the appeal is open and nothing changed, or settled and all is.

    Where it is open it can be decided either way: a rejection leaves no correction in force.
    """
    at = cast.at + timedelta(days=2)
    # What is written is the same each time, so it is worked out once.
    monkeypatch.setattr(_settle_appeals, "_reconsidered", once(_settle_appeals._reconsidered))
    clean = Path(shutil.copytree(stage.root, tmp_path / "clean"))
    nothing = look(clean, cast, stage)
    with counted(Disk()) as whole:
        settle(Desk(open_workspace(clean)), stage.appeal_id, at)
    everything = look(clean, cast, stage)
    assert nothing["score"] <= cast.in_order == everything["score"]
    assert nothing["ledger"] != everything["ledger"]
    assert "was replaced by" in everything["letter"] != nothing["letter"]
    outcomes = {"open": 0, "upheld": 0}
    for k in range(1, len(whole.done) + 1):
        root = Path(shutil.copytree(stage.root, tmp_path / f"{k}"))
        with counted(Disk(fails_at=k, dies=dies)), pytest.raises((OSError, Death)):
            settle(Desk(open_workspace(root)), stage.appeal_id, at)
        status = again(Desk(open_workspace(root))).appeals.get(stage.appeal_id)["status"]
        outcomes[status] += 1
        found = look(root, cast, stage)
        assert found == (nothing if status == "open" else everything), (k, whole.done[k - 1])
        if status == "open":
            check_it_can_be_decided(root, stage, cast, k, everything)
        shutil.rmtree(root)
    assert outcomes == {"open": len(whole.done) - 1, "upheld": 1}, "the last folder alone comes after"


def once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that works its answer out the first time, and gives it whoever asks later."""
    kept: list[Any] = []

    def asked(*args: Any) -> Any:
        if not kept:
            kept.append(function(*args))
        return kept[0]

    return asked


def check_it_can_be_decided(root: Path, stage: Stage, cast: Any, k: int, everything: Json) -> None:
    """Uphold the appeal after the odd faults and reject it after the even ones."""
    settle(Desk(open_workspace(root)), stage.appeal_id, cast.at + timedelta(days=2), uphold=bool(k % 2))
    found = look(root, cast, stage)
    if k % 2:
        assert found == everything
        return
    assert found["score"] == stage.old["score"], "no correction in force"
    assert len(found["decisions"]) == len(found["ids"]) == 2
    assert found["letter"] == stage.old["id"]


TWO = """
import sys
from datetime import datetime
from pathlib import Path
from plainscore.appeals import AppealError
from plainscore.workspace import Desk, open_workspace, settle_appeal

root, by, uphold = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "uphold"
desk = Desk(open_workspace(root))
_ = desk.workspace.card, desk.entries, desk.history
print("ready", flush=True)
for line in sys.stdin:
    appeal_id, at = line.split()
    try:
        settle_appeal(
            desk, appeal_id, uphold=uphold, reason="I looked at the receipt.", by=by,
            at=datetime.fromisoformat(at),
        )
        print("done", flush=True)
    except AppealError as error:
        print(f"{type(error).__name__} {error}", flush=True)
"""


@contextmanager
def reviewers(root: Path, *wishes: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Start a process for each reviewer, who decides every appeal that is put before them."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", TWO, str(root), f"Reviewer {place}", wish],
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


def answers(started: list[subprocess.Popen[str]]) -> list[str]:
    """Wait for what each reviewer says."""
    return [one.stdout.readline().strip() for one in started if one.stdout is not None]


def several_appeals(desk: Desk, cast: Any, count: int) -> tuple[Json, list[tuple[str, Any]]]:
    """Open appeals about different months of one decision; return them with the moments to settle at."""
    old = decide(desk, cast)
    rows = [row for row in old["inputs"]["statements"] if row["account_id"] == cast.account][-count:]
    opened = []
    for place, row in enumerate(rows):
        month = type(cast.month).fromisoformat(row["month"])
        at = cast.at + timedelta(hours=1 + place)
        opened.append((appeal_of(desk, cast, old, month=month, wanted={"arrears": 0}, at=at), place))
    return old, opened


@pytest.mark.parametrize("other", [pytest.param("uphold", marks=pytest.mark.slow), "reject"])
def test_of_two_reviewers_one_decides(desk: Desk, cast: Any, other: str) -> None:
    """Of two processes that decide an appeal at once one wins, the other is told, and nothing is double."""
    old, opened = several_appeals(desk, cast, 6)
    with reviewers(desk.workspace.root, "uphold", other) as started:
        for name, place in opened:
            at = (cast.at + timedelta(days=2, hours=place)).isoformat()
            # Whose turn comes first changes, so that either may be ahead.
            for one in started[:: 1 if place % 2 else -1]:
                ask(one, f"{name} {at}")
            said = answers(started)
            assert sorted(text.split()[0] for text in said)[1:] == ["done"], said
            (told,) = (text for text in said if text != "done")
            assert told.startswith(("ReviewError", "BeingDecidedError")), told
    check_single(again(desk), old)


def check_single(desk: Desk, old: Json) -> None:
    """Each upheld appeal has one correction, and every decision was renewed by one other at most."""
    settled = list(desk.appeals.all())
    assert {one["status"] for one in settled} <= {"upheld", "rejected"}
    won = [one for one in settled if one["status"] == "upheld"]
    assert len(list(desk.workspace.corrections.glob("*.parquet"))) == len(won)
    records = list(desk.decisions.all())
    assert len(records) == 1 + len(won)
    replaced = [one["replaces"] for one in records if one["replaces"]]
    assert len(set(replaced)) == len(replaced)
    (newest,) = (one for one in records if one["id"] not in replaced)
    changed = {row["account_id"]: row for row in newest["inputs"]["statements"]}
    assert changed
    stored = {row["statement_id"] for row in newest["inputs"]["statements"]}
    assert {one["correction"] for one in won} <= stored, "the last has the corrections of all"
    assert old["id"] in {one["id"] for one in records}


@pytest.mark.slow
def test_two_appeals_of_one_person_at_once(desk: Desk, cast: Any) -> None:
    """Two processes decide appeals about one decision at once: each in its turn, and none undoes another."""
    old, opened = several_appeals(desk, cast, 6)
    with reviewers(desk.workspace.root, "uphold", "uphold") as started:
        for (first, place), (second, _) in zip(opened[::2], opened[1::2], strict=True):
            waiting = {0: first, 1: second}
            while waiting:
                at = (cast.at + timedelta(days=2, hours=place)).isoformat()
                for number, name in waiting.items():
                    ask(started[number], f"{name} {at}")
                said = dict(zip(waiting, answers([started[n] for n in waiting]), strict=True))
                assert "done" in said.values()
                assert all(t == "done" or t.startswith("BeingDecidedError") for t in said.values()), said
                waiting = {number: name for number, name in waiting.items() if said[number] != "done"}
    assert {one["status"] for one in again(desk).appeals.all()} == {"upheld"}
    check_single(again(desk), old)


def test_who_comes_second_is_told_who_decides(desk: Desk, cast: Any) -> None:
    """While somebody decides, the next is turned away by name; when that ends, so does the lock."""
    name = appeal_of(desk, cast, decide(desk, cast))
    folder, at = desk.workspace.appeals, cast.at + timedelta(days=2)
    told = {
        (name, "Cem  Kaya"): f"^'Cem Kaya' is deciding appeal {name} now",
        ("ffff0000ffff0000", "Cem"): "^'Cem' is deciding appeal ffff0000ffff0000 now, and two appeals",
        (name, ""): f"^Somebody else is deciding appeal {name} now",
    }
    for (other, who), sentence in told.items():
        with one_reviewer(folder, other, who), pytest.raises(BeingDecidedError, match=sentence):
            settle(desk, name, at)
    with pytest.raises(Death), one_reviewer(folder, name, "Cem"):
        raise Death
    assert settle(desk, name, at)["status"] == "upheld"


def test_a_lost_correction_stops_every_score(desk: Desk, cast: Any) -> None:
    """Where the correction of an upheld appeal is gone, nobody is scored as if that had not been won."""
    settled = settle(desk, appeal_of(desk, cast, decide(desk, cast)), cast.at + timedelta(days=2))
    (path,) = desk.workspace.corrections.iterdir()
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(ValueError, match=f"{path.name} does not hold the correction {settled['correction']}"):
        _ = again(desk).ledger
    path.write_bytes(kept)
    assert settled["correction"] in again(desk).ledger.table("statements")["statement_id"].to_pylist()
