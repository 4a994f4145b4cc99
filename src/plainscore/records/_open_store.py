"""The store: opened once, asked and changed for one lender at a time."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, inspect, select, update
from sqlalchemy.exc import IntegrityError

from plainscore.log import checked_name
from plainscore.records._change import Change, lock_people
from plainscore.records._clock import Clock, SystemClock, datetime_of, moment_of_change
from plainscore.records._database import Database
from plainscore.records._erasing import EMPTIED
from plainscore.records._errors import (
    ConflictError,
    KeyStillThereError,
    LenderError,
    RecordsError,
    SchemaError,
)
from plainscore.records._keys import PERSON_KEYS, Keys
from plainscore.records._leaves import append_leaves, read_head
from plainscore.records._questions import Questions
from plainscore.records._row_kinds import LENDER
from plainscore.records._store_log import StoreLog
from plainscore.records._store_rows import NAME
from plainscore.records._store_version import prepare
from plainscore.records._tables import LENDERS, PEOPLE
from plainscore.records._unit import Unit
from plainscore.records._verification import Verification
from plainscore.records._verifying import verify

ORIGIN: Final = "plainscore"
_STILL_THERE: Final = (
    "The erasure is kept, and its last step is still to be done, which the next start of the store does: the "
    "key is not destroyed yet, or somebody reads what the journal still holds."
)


class Store:
    """The one store of a workspace: `open_store` opens it, `of` gives what belongs to a lender.

    Attributes
    ----------
    database : Database
        Where it is.
    keys : Keys
        What its rows are sealed with.
    clock : Clock
        What tells the moment of a change.
    """

    def __init__(self, database: Database, *, clock: Clock, keys: Keys) -> None:
        self.database = database
        self.clock = clock
        self.keys = keys
        self._numbers: dict[str, int] = {}
        self._guard = threading.Lock()

    def of(self, lender: str) -> LenderStore:
        """Return the store as one lender has it; no other lender's rows are in it.

        Raises
        ------
        LenderError
            When no lender is named.
        """
        if not NAME.fullmatch(lender):
            raise LenderError("Name the lender: every row and every question belongs to one.")
        return LenderStore(self, lender)

    def lender_number(self, lender: str) -> int | None:
        """Return a lender's number, or None where it has kept nothing yet."""
        with self._guard:
            known = self._numbers.get(lender)
        if known is not None:
            return known
        with self.database.reading() as connection:
            found = connection.execute(select(LENDERS.c.lender).where(LENDERS.c.id == lender)).scalar()
        if found is not None:
            with self._guard:
                self._numbers[lender] = int(found)
        return found

    def end_keys(self) -> int:
        """Destroy the keys of those who were erased and still have one.

        Called at every start: whoever erases may be stopped between the change and the key.

        Returns
        -------
        int
            People of whom a journal, or a row that was replaced, still holds something, since somebody reads
            it: call again. Until it is done, no change can name them.
        """
        p = PEOPLE.c
        waiting = select(p.lender, p.person, p.erased).where(p.key_ended == 0).order_by(p.lender, p.person)
        with self.database.reading() as connection:
            if connection.execute(waiting.limit(1)).first() is None:
                return 0
        # Locked until the keys are gone: a second caller with an older list would destroy the new key of
        # somebody who came back after the first.
        with self.database.writing() as connection:
            people = connection.execute(waiting.with_for_update()).all()
            gone = self.keys.destroy([row.person for row in people], "use")
        # What was emptied must not stand in the journal either before the erasure counts as done.
        if not (self.database.forget(*EMPTIED) and gone):
            return len(people)
        with self.database.writing() as connection:
            for row in people:
                connection.execute(
                    update(PEOPLE)
                    .where(p.lender == row.lender, p.person == row.person)
                    .where(p.key_ended == 0, p.erased == row.erased)
                    .values(key_ended=1)
                )
        return 0

    def now(self) -> datetime:
        """Return the moment that a change made now would have, in UTC.

        Raises
        ------
        ClockError
            When the clock is behind the store.
        """
        with self.database.reading() as connection:
            return datetime_of(_moment(self, connection))

    @property
    def log(self) -> StoreLog:
        """The log of every lender's rows."""
        return StoreLog(self.database, clock=self.clock, keys=self.keys)

    def verify(self, checkpoints: Sequence[str] = ()) -> Verification:
        """Compare every row with its leaf in the log, and the log with checkpoints that were kept elsewhere.

        Parameters
        ----------
        checkpoints : sequence of str
            Signed checkpoints. Without one, it would not be seen that the whole store is an older one.
        """
        key = self.log.public_key
        with self.database.snapshot() as connection:
            return verify(connection, key=key, checkpoints=checkpoints)

    def close(self) -> None:
        """Close the database, and that of the keys."""
        self.database.close()
        self.keys.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class LenderStore:
    """The store as one lender has it.

    Attributes
    ----------
    lender : str
        Its name.
    ask : Questions
        Questions about its rows.
    """

    def __init__(self, store: Store, lender: str) -> None:
        self.lender = lender
        self._store = store
        self.now = store.now
        self.ask = Questions(
            store.database.reading, lender=lender, number=lambda: store.lender_number(lender), keys=store.keys
        )

    @contextmanager
    def change(self, *, people: Collection[str] = ()) -> Iterator[Change]:
        """Make a change: what its block adds and replaces is kept at the end, all of it or nothing.

        Parameters
        ----------
        people : collection of str
            Everybody that the change is about, by the lender's own ids. They are locked before the moment is
            taken, so that a withdrawal and a decision about one person never cross.

        Yields
        ------
        Change
            With its moment and the people's versions; ask within the block by its `ask`, not by the store's.

        Raises
        ------
        ConflictError
            When somebody else was first.
        RowError
            When a row that was added cannot be kept as it was given.
        ErasedError
            When a row that was added names a decision that was erased.
        ClockError
            When the clock is behind the store.
        BusyError, FullError
            When the database could not; nothing was kept.
        UnsureError
            When the database went away during the commit.
        KeyStillThereError
            When an erasure is kept, and its key could not be destroyed yet; and where a change names somebody
            of whom that is so, since what it sealed would end with that key.
        """
        store, number = self._store, self._enrolled()
        change: Change | None = None
        try:
            with store.database.writing() as connection:
                unit = Unit(
                    database=store.database,
                    connection=connection,
                    lender=number,
                    name=self.lender,
                    keys=store.keys,
                    moment=0,
                )
                versions = lock_people(unit, set(people))
                unit.moment = _moment(store, connection)
                change = Change(unit, versions=versions)
                try:
                    yield change
                finally:
                    change.end()
                change.finish()
        except IntegrityError:
            if change is None:
                raise
            with store.database.reading() as connection:
                said = change.collision(connection)
            # Without its cause, which quotes the row.
            raise ConflictError(said) from None
        if change.erased:
            _end_keys_now(store)

    def _enrolled(self) -> int:
        """Return the lender's number, and keep the lender first where it is new."""
        store = self._store
        known = store.lender_number(self.lender)
        while known is None:
            try:
                with store.database.writing() as connection:
                    newest = connection.execute(
                        select(func.coalesce(func.max(LENDERS.c.lender), 0))
                    ).scalar_one()
                    moment = _moment(store, connection)
                    row = {"lender": newest + 1, "id": self.lender, "version": 1, "moment": moment}
                    unit = Unit(
                        database=store.database,
                        connection=connection,
                        lender=newest + 1,
                        name=self.lender,
                        keys=store.keys,
                        moment=moment,
                    )
                    store.database.insert(connection, LENDERS, [row])
                    unit.log(LENDER, row)
                    append_leaves(
                        store.database, connection, lender=newest + 1, moment=moment, leaves=unit.leaves
                    )
            except IntegrityError:
                pass  # another process kept this lender, or another one under that number, just now
            known = store.lender_number(self.lender)
        return known


def open_store(url: str | Path, *, clock: Clock | None = None, keys: Keys, origin: str = ORIGIN) -> Store:
    """Open the store at an address, and make it where there is none.

    Parameters
    ----------
    url : str or Path
        A path, such as ``data/records.sqlite`` (made with mode 0600), or ``postgresql://...``.
    clock : Clock, optional
        That of this machine where absent; `FixedClock` for a sample.
    keys : Keys
        Pseudonyms and people's keys; never in the store's own database. The store closes them with itself,
        also where it cannot be opened.
    origin : str
        The name of its log, for a store that is made now.

    Raises
    ------
    LogKeyError
        When `origin` cannot name a log: every checkpoint would be refused.
    SchemaError
        When the store is newer or older than this software, or the keys are in it.
    SecondProcessError
        When the installed SQLite is safe for one process alone, and another has the store.
    """
    database: Database | None = None
    try:
        checked_name(origin)
        database = Database(url)
        _refuse_keys(database)
        prepare(database, origin=origin)
        store = Store(database, clock=clock or SystemClock(), keys=keys)
        store.end_keys()
    except BaseException:
        if database is not None:
            database.close()
        keys.close()
        raise
    return store


def _refuse_keys(database: Database) -> None:
    """Refuse a database that holds keys of people, by whichever address either was opened."""
    with database.reading() as connection:
        if inspect(connection).has_table(PERSON_KEYS.name):
            raise SchemaError(
                "The keys of people cannot be in the store: a backup of it would hold both. Give each a "
                "database of its own."
            )


def _end_keys_now(store: Store) -> None:
    """Destroy the keys of whom a change has erased; the change is kept, and no error may say otherwise."""
    try:
        waiting = store.end_keys()
    except RecordsError as error:
        raise KeyStillThereError(_STILL_THERE) from error
    if waiting:
        raise KeyStillThereError(_STILL_THERE)


def _moment(store: Store, connection: Connection) -> int:
    head = read_head(connection)
    return moment_of_change(store.clock, changes=head.changes, newest=head.moment)
