"""A database, whichever of the two it is: reading, writing all or nothing, and errors as sentences."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, insert, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, TimeoutError

from plainscore.records import _postgresql, _sqlite
from plainscore.records._errors import (
    BusyError,
    FullError,
    NotAFileError,
    RecordsError,
    SchemaError,
    UnsureError,
)
from plainscore.records._turns import Turns, Writing

NOTHING_KEPT = "Nothing of this change was kept"
TRY_AGAIN = {"40001", "40P01", "55P03", "57014"}  # serialization, deadlock, lock and statement timeouts
NO_ROOM = {"53100", "53200"}


class Database:
    """One database: SQLite in a file of its own, or PostgreSQL.

    Parameters
    ----------
    url : str, Path or URL
        A path or ``sqlite:///path`` for a file; ``postgresql://...`` for a server.
    """

    def __init__(self, url: str | Path | URL) -> None:
        parsed = _parsed(url)
        self._lock: int | None = None
        self._turns: Turns | None = None
        self.file = file_of(parsed)
        if self.file is not None:
            self.engine, self._lock = _sqlite.sqlite_engine(self.file)
        else:
            self.engine = _postgresql.postgresql_engine(parsed)
        self._writing: Engine = self.engine.execution_options(**{_sqlite.WRITES: True})
        if self.file is not None:
            self._turns = Turns(self._writing, again=_for_another)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state where it asks one question."""
        with _in_sentences(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a connection that sees one state, however many questions it asks."""
        engine = self.engine
        if self.file is None:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with _in_sentences(), engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose writes are kept together at the end, or not at all.

        Raises
        ------
        BusyError
            When others held what it needs for too long.
        FullError
            When the disk has no room.
        UnsureError
            When the database went away during the commit.
        """
        turn = nullcontext() if self._turns is None else self._turns.alone()
        with turn, _in_sentences(), self._writing.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            except BaseException:
                transaction.rollback()
                raise
            try:
                transaction.commit()
            except BaseException as error:
                lost = isinstance(error, DBAPIError) and error.connection_invalidated
                # A commit that failed may leave the transaction open; with the connection it ends.
                connection.invalidate()
                if lost:
                    raise UnsureError(
                        "The database went away while a change was being kept, and whether it was is not "
                        "known. Ask for it by its request or its id before trying again."
                    ) from error
                raise

    @contextmanager
    def changing(self, about: Iterable[Hashable]) -> Iterator[Writing]:
        """Do as `writing` for a change; those who wait for the same file may be kept by one commit with it.

        Parameters
        ----------
        about : iterable of hashable
            What the change is about: of two about the same, the second begins when the first is kept.
        """
        if self._turns is None:
            with self.writing() as connection:
                yield Writing(connection)
            return
        with _in_sentences(), self._turns.together(frozenset(about)) as writing:
            yield writing

    def change_schema(self, connection: Connection) -> None:
        """Wait until nobody else changes tables; SQLite lets one write at a time anyway."""
        if self.file is None:
            _postgresql.lock_schema(connection)

    def insert_into(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return a statement that can be told what to do where a row is there already."""
        return sqlite.insert(table) if self.file is not None else postgresql.insert(table)

    def insert_new(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> set[Any]:
        """Insert those rows that are not there yet, and return the ids of these."""
        wanted = self.insert_into(table).on_conflict_do_nothing().returning(table.c.id)
        return set(connection.execute(wanted, list(rows)).scalars())

    @staticmethod
    def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows."""
        if rows:
            connection.execute(insert(table), list(rows))

    def forget(self, *tables: Table) -> bool:
        """See to it that what was deleted from tables is not read again, and return whether that is so.

        SQLite writes its journal into the file, where what was deleted is overwritten, and empties it.
        PostgreSQL vacuums: no question, dump or index finds it afterwards. Its write-ahead log, and what was
        archived of that, holds it for as long as that is kept.
        """
        with _in_sentences():
            if self.file is not None:
                return _sqlite.truncate_journal(self.engine)
            return _postgresql.vacuum(self.engine, [table.name for table in tables])

    def copy_to(self, file: Path) -> None:
        """Write what is kept now to a new file of SQLite, for its owner alone, while others read and write.

        Raises
        ------
        NotAFileError
            When it is a server's.
        FullError
            When the disk has no room; the file is then not there.
        """
        if self.file is None:
            raise NotAFileError(
                "It is in PostgreSQL, which has a tool of its own for this: pg_dump takes a copy of one "
                "moment while others write. Take the store first, then the keys of people, each to a place "
                "of its own, and the key file last. After pg_restore, `plainscore reapply` erases again who "
                "was erased since."
            )
        with _in_sentences():
            _sqlite.copy_into(self.engine, file)

    def close(self) -> None:
        """Close every connection and give the file free."""
        self.engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def file_of(url: str | Path | URL) -> Path | None:
    """Return the file of an address of SQLite, or None for a server's."""
    parsed = _parsed(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def _parsed(url: str | Path | URL) -> URL:
    if isinstance(url, Path) or (isinstance(url, str) and "://" not in url):
        return URL.create("sqlite", database=str(url))
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SchemaError("The store's address cannot be read: give a path, or postgresql://...") from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise SchemaError("The store is SQLite or PostgreSQL: give a path, or postgresql://...")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise SchemaError("A store in memory would keep nothing: give the path of a file.")
    return parsed


@contextmanager
def _in_sentences() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise  # a change knows what it collided with, and says so
    except TimeoutError as error:
        raise BusyError(f"Every connection to the database is in use. {NOTHING_KEPT}; try again.") from error
    except DBAPIError as error:
        raise _sentence(error) from error


def _for_another(error: BaseException) -> RecordsError:
    """Return what a change is told that was to be kept by a commit which another thread saw fail."""
    if isinstance(error, RecordsError):
        return type(error)(*error.args)
    if isinstance(error, DBAPIError):
        return _sentence(error)
    if isinstance(error, Exception):
        return RecordsError(f"The commit that was to keep this change failed. {NOTHING_KEPT}; try again.")
    return UnsureError(
        "The program was interrupted while a change was being kept, and whether it was is not known. Ask for "
        "it by its request or its id before trying again."
    )


def _sentence(error: DBAPIError) -> RecordsError:
    state = getattr(error.orig, "sqlstate", None) or ""
    said = str(error.orig)
    if "is full" in said or state in NO_ROOM:
        return FullError(f"The disk of the store is full. {NOTHING_KEPT}; make room, and try again.")
    if "is locked" in said or state in TRY_AGAIN:
        return BusyError(f"Others held what this change needs for too long. {NOTHING_KEPT}; try again.")
    if error.connection_invalidated:
        return BusyError(f"The database went away. {NOTHING_KEPT}; try again once it is back.")
    # The driver's own words may quote a row, which may be a person's.
    name = getattr(error.orig, "sqlite_errorname", None) or state or type(error.orig).__name__
    return RecordsError(f"The database refused a statement ({name}). {NOTHING_KEPT}.")
