"""The command line as a person runs it: what it says, where, and with which status."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from moving_clock import MovingClock


@dataclass(frozen=True)
class Said:
    """What a command said: exit status, standard output and standard error."""

    status: int
    out: str
    err: str


@pytest.fixture
def own(small: Path, cast: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the small workspace as a lender's own, with keys of its own, at the moment of its cast."""
    recipe = small / "model" / "recipe.toml"
    recipe.write_text(recipe.read_text("utf-8").partition("[sample]")[0], "utf-8")
    clock = MovingClock(cast.at)
    monkeypatch.setattr("plainscore.workspace._folder.clock_of", lambda start: clock)
    return small


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
