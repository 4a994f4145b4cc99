"""The command line as a person runs it: what it says, where, and with which status."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from moving_clock import MovingClock

CLOCK = "plainscore.workspace._folder.clock_of"


@dataclass(frozen=True)
class Said:
    """What a command said: exit status, standard output and standard error."""

    status: int
    out: str
    err: str


@pytest.fixture
def own(small: Path, cast: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the small workspace as a lender's own, with keys of its own, at the moment of its cast."""
    clock = MovingClock(cast.at)
    monkeypatch.setattr(CLOCK, lambda start: clock)
    return without_sample(small)


def without_sample(root: Path) -> Path:
    """Take the mark of a sample off a workspace's recipe."""
    recipe = root / "model" / "recipe.toml"
    recipe.write_text(recipe.read_text("utf-8").partition("[sample]")[0], "utf-8")
    return root


@dataclass(frozen=True)
class Decided:
    """A workspace with a kept decision about the person with the late record."""

    root: Path
    id: str

    def put_into(self, other: Path) -> str:
        """Give another copy of the workspace this one's store and keys; return the decision's id."""
        for path in (self.root / "data").glob("records.sqlite*"):
            shutil.copy2(path, other / "data")
        shutil.copytree(self.root / "keys", other / "keys", dirs_exist_ok=True)
        return self.id


def decide_in(root: Path, subject: str) -> Decided:
    """Score a person by the verb that `plainscore explain` asks, and keep the decision."""
    from plainscore.workspace import Workspace

    return Decided(root, Workspace.open(root).explain(subject).id)


@pytest.fixture(scope="session")
def decided(small_root: Path, cast: Any, tmp_path_factory: pytest.TempPathFactory) -> Decided:
    """Give a copy of the small workspace with a decision; copy its store, and leave it as it is."""
    return decide_in(copy_of(small_root, tmp_path_factory.mktemp("decided")), cast.late)


@pytest.fixture(scope="session")
def decided_own(small_root: Path, cast: Any, tmp_path_factory: pytest.TempPathFactory) -> Decided:
    """Give the same of a lender's own workspace."""
    root = without_sample(copy_of(small_root, tmp_path_factory.mktemp("decided_own")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CLOCK, lambda start: MovingClock(cast.at))
        return decide_in(root, cast.late)


def copy_of(source: Path, target: Path) -> Path:
    """Copy a workspace into a folder that is there."""
    return Path(shutil.copytree(source, target, dirs_exist_ok=True))


@pytest.fixture
def kept(decided: Decided, small: Path) -> str:
    """Give the id of a decision kept in the small workspace, about the person with the late record."""
    return decided.put_into(small)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command in this process, through the same entry point as the installed one."""
    from plainscore.cli import main

    def running(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["plainscore", *map(str, words)])
        capsys.readouterr()
        status = 0
        try:
            main()
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return running


@pytest.fixture(scope="session")
def run_apart() -> Callable[..., Said]:
    """Run Python in a process of its own, with warnings as errors."""

    def running(*words: object, folder: Path | None = None) -> Said:
        done = subprocess.run(
            [sys.executable, "-W", "error", *map(str, words)],
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return running
