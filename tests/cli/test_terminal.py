"""Whatever the terminal can show, and whenever somebody stops a command, nobody reads a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.cli._terminal_text import nearest

AT = "2026-01-31T23:59:00Z"
TERMINALS = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


def on(terminal: str, *words: object) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a process of its own, on a terminal of a kind."""
    usual = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))
    }
    return subprocess.run(
        [sys.executable, "-m", "plainscore", *map(str, words)],
        env={**usual, "PYTHONPATH": os.environ.get("PYTHONPATH", ""), **TERMINALS[terminal]},
        capture_output=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("terminal", TERMINALS)
def test_a_terminal_without_every_character(small_root: Path, terminal: str) -> None:
    """What a terminal does not have is written by the nearest that it has."""
    said = on(terminal, "show", "-w", small_root)
    assert (said.returncode, said.stderr) == (0, b"")
    assert said.stdout.decode("cp1252" if terminal == "cp1252" else "ascii")
    if terminal != "cp1252":
        assert " - base points " in said.stdout.decode("ascii")


@pytest.mark.slow
@pytest.mark.parametrize("terminal", TERMINALS)
@pytest.mark.parametrize("language", ["es", "zh"])
def test_words_and_data(small_root: Path, cast: Any, terminal: str, language: str) -> None:
    """Words fit the terminal, in any language; data is UTF-8 wherever it goes, and so loses nothing."""
    who = ("-w", small_root, "--subject", cast.late, "--at", AT)
    words = on(terminal, "whatif", *who, "--months", 2, "--language", language)
    assert (words.returncode, b"Traceback" in words.stderr) == (0, False), words.stderr
    said = on(terminal, "whatif", *who, "--months", 2, "--json")
    assert json.loads(said.stdout.decode())["says"][language]
    assert not set(json.loads(said.stdout.decode())["says"]["zh"]) <= set(map(chr, range(128)))


@given(st.characters(codec="utf-8"))
def test_the_nearest_is_ascii(character: str) -> None:
    """Every character has one, of signs that any terminal has, and none stands for nothing."""
    assert nearest(character)
    assert nearest(character).isascii()
    if character.isascii():
        assert nearest(character) == character


def a_library_that_is_stopped(*_: Any, **__: Any) -> None:
    """Do as DuckDB does over a table of Arrow: the interrupt comes out as an error with another name."""
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt as error:
        raise duckdb.InvalidInputException("a filter failed: KeyboardInterrupt") from error


def a_long_question(*_: Any, **__: Any) -> None:
    """Let DuckDB work for hours, and stop it soon."""
    threading.Timer(0.5, signal.raise_signal, [signal.SIGINT]).start()
    duckdb.sql("SELECT sum(hash(a.range + b.range)) FROM range(10000000) a, range(10000000) b").fetchall()


@pytest.fixture
def usual_handler() -> Iterator[None]:
    """Let Ctrl-C do what it does in Python, also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("usual_handler")
@pytest.mark.parametrize("work", [a_library_that_is_stopped, a_long_question])
def test_who_stops_a_command_reads_no_traceback(
    run: Callable[..., Any], small_root: Path, monkeypatch: pytest.MonkeyPatch, work: Callable[..., None]
) -> None:
    """Ctrl-C ends a command with one word and status 130, also inside a library that renames it."""
    monkeypatch.setattr("plainscore.workspace.Workspace.people", work)
    said = run("score", "-w", small_root, "--all", "--at", AT)
    assert (said.status, said.out, said.err.splitlines()[-1]) == (130, "", "Stopped.")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_fault_keeps_its_traceback(
    run: Callable[..., Any], small_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same error without anybody stopping it is a fault, and is not called otherwise."""

    def broken(*_: Any) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("plainscore.workspace.Workspace.people", broken)
    with pytest.raises(RuntimeError, match="Query interrupted"):
        run("score", "-w", small_root, "--all", "--at", AT)


def test_whoever_has_a_handler_keeps_it(run: Callable[..., Any]) -> None:
    """A program that calls the command line and handles Ctrl-C itself goes on doing so."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert run("--version").status == 0
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
