"""The store in one file: SQLite, how it is opened, and who may open it.

Write-ahead logging has a fault in most versions (the WAL-reset fault: two connections that write or
checkpoint at once may lose what was committed). Where the installed one has it, one process with one
connection has the file.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from plainscore.records._errors import SecondProcessError

MENDED: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The first versions without the fault: from the first on, and in the series of each of the others."""

PATIENCE: Final = 30.0
"""Seconds that a change waits for those of other processes."""

OWNER_ALONE: Final = 0o600
WRITES: Final = "plainscore_writes"


def driver() -> ModuleType:
    """Return pysqlite3, whose SQLite is new, or the standard library's where it has no wheel."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    found: ModuleType = dbapi2
    return found


def has_reset_fault(version: tuple[int, ...]) -> bool:
    """Whether a version of SQLite may lose what two connections commit.

    Examples
    --------
    >>> has_reset_fault((3, 40, 1)), has_reset_fault((3, 44, 6)), has_reset_fault((3, 51, 2))
    (True, False, True)
    """
    return version < MENDED[0] and not any(version[:2] == one[:2] and version >= one for one in MENDED[1:])


def sqlite_engine(file: Path) -> tuple[Engine, int | None]:
    """Return an engine over a file, which is made for its owner alone, and a lock where it needs one.

    Raises
    ------
    SecondProcessError
        When the installed SQLite has the WAL-reset fault and another process has the file.
    """
    module = driver()
    _make_private(file)
    alone = has_reset_fault(module.sqlite_version_info)
    lock = _held_alone(file, module.sqlite_version) if alone else None

    def connect() -> Any:
        connection = module.connect(
            str(file), timeout=PATIENCE, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-16384"):
            connection.execute(f"PRAGMA {setting}").fetchall()
        return connection

    engine = create_engine(
        "sqlite://",
        module=module,
        creator=connect,
        poolclass=QueuePool,
        pool_size=1 if alone else 8,
        max_overflow=0 if alone else 24,
        pool_timeout=PATIENCE,
        hide_parameters=True,  # an error's text must not hold what a row holds
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") == "AUTOCOMMIT":
            return  # what vacuums or empties the journal is no transaction
        # A read that became a write later could not get the lock once another had written in between.
        writes = options.get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine, lock


def truncate_journal(engine: Engine) -> bool:
    """Write the journal into the file and empty it, so that what was erased stands in neither.

    It waits for those who read; where one reads for too long, the journal is as it was, and the answer is no.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    return not busy


def copy_into(engine: Engine, file: Path) -> None:
    """Write the state of this moment to a file that is not there yet; where it fails, there is none."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE))
    try:
        # Not the backup of pages, which begins again with each change that another process makes.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
        with file.open("rb+") as written:
            os.fsync(written.fileno())
    except BaseException:
        file.unlink()
        raise


def _make_private(file: Path) -> None:
    """Make the file before SQLite does; its journals take their mode from it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE))


def lock_beside(file: Path) -> Path:
    """Return the lock of a file, which stays where it was made once."""
    return file.with_name(f"{file.name}.lock")


def _held_alone(file: Path, version: str) -> int:
    """Take the lock beside the file for as long as this process lives; say who has it where it is taken."""
    beside = lock_beside(file)
    handle = os.open(beside, os.O_CREAT | os.O_RDWR, OWNER_ALONE)
    try:
        _lock(handle)
    except OSError:
        holder = os.read(handle, 100).decode(errors="replace").strip() or "another process"
        os.close(handle)
        raise SecondProcessError(
            f"{file.name} is open in {holder}, and SQLite {version} is safe for one process alone (it has "
            "the WAL-reset fault). Close that one, install pysqlite3, or use PostgreSQL."
        ) from None
    os.truncate(handle, 0)
    os.write(handle, f"process {os.getpid()}\n".encode())
    return handle


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows, where pysqlite3 has a wheel, so that no lock is asked for
        return
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
