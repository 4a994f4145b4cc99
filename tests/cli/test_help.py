"""Help is instant, every command has it, and a mistyped one is guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import plainscore
from plainscore.cli._main import COMMANDS

HEAVY = (
    "numpy",
    "pandas",
    "pyarrow",
    "duckdb",
    "sklearn",
    "scipy",
    "shap",
    "numba",
    "rich",
    "jinja2",
    "sqlglot",
    "sqlalchemy",
    "alembic",
    "cryptography",
)

SUBCOMMANDS = [(name,) for name in COMMANDS] + [
    (group, name)
    for group, names in {
        "appeal": ("open", "decide", "page", "list"),
        "log": ("verify", "checkpoint", "export", "key", "prove"),
        "records": ("export",),
    }.items()
    for name in names
]


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--version"], []])
def test_help_imports_no_engine(run_apart: Callable[..., Any], words: list[str]) -> None:
    """Help and the version are given without importing anything heavy."""
    code = (
        "import sys\n"
        f"sys.argv = ['plainscore', *{words!r}]\n"
        "from plainscore.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('imported', sorted(set(sys.modules) & set({HEAVY!r})))\n"
    )
    said = run_apart("-c", code)
    assert said.status == 0, said.err
    assert said.out.rstrip().endswith("imported []")


def test_help_lists_every_command_with_a_line(run: Callable[..., Any]) -> None:
    """The list of commands names each with what it does, in the order of a person's work."""
    said = run("--help")
    assert said.status == 0
    listed = said.out.split("Commands:")[1]
    places = [listed.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


@pytest.mark.parametrize("words", SUBCOMMANDS, ids=" ".join)
def test_every_command_has_help(run: Callable[..., Any], words: tuple[str, ...]) -> None:
    """Every command and subcommand explains itself."""
    said = run(*words, "--help")
    assert said.status == 0
    assert said.out.startswith(f"Usage: plainscore {' '.join(words)} ")
    assert len(said.out.splitlines()) > 4


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("verfy", "Did you mean 'verify'?"), ("scor", "Did you mean 'score'?"), ("xyzzy", "--help` lists them")],
)
def test_a_mistyped_command_is_guessed(run: Callable[..., Any], typed: str, hint: str) -> None:
    """A command that does not exist is named with the nearest one that does."""
    said = run(typed)
    assert said.status == 2
    assert f"There is no command '{typed}'" in said.err
    assert hint in said.err


def test_the_version_is_the_packages(run: Callable[..., Any]) -> None:
    """The version printed is the one installed."""
    assert run("--version").out.strip() == f"plainscore, version {plainscore.__version__}"


def test_the_module_runs_too(run_apart: Callable[..., Any]) -> None:
    """`python -m plainscore` is the same command line."""
    said = run_apart("-m", "plainscore", "--version")
    assert (said.status, said.out.strip()) == (0, f"plainscore, version {plainscore.__version__}")
