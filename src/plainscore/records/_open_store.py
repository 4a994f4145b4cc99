"""The store: opened once, asked and changed for one lender at a time."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError

from plainscore.log import checked_name
from plainscore.records._change import Change, lock_people
from plainscore.records._clock import Clock, SystemClock, datetime_of, microseconds, moment_of_change
from plainscore.records._copying import copy_store
from plainscore.records._database import Database
from plainscore.records._ending_keys import end_marked_keys
from plainscore.records._erasing import end_term
from plainscore.records._errors import (
    ConflictError,
    KeyStillThereError,
    LenderError,
    RecordsError,
    SchemaError,
)
from plainscore.records._keys import PERSON_KEYS, Keys
from plainscore.records._leaves import append_leaves, moment_now, read_head
from plainscore.records._pseudonymous_change import pseudonymous_change
from plainscore.records._questions import Questions
from plainscore.records._reapplying import Reapplied, ToReapply, reapply, to_reapply
from plainscore.records._row_kinds import LENDER
from plainscore.records._store_log import Standing, StoreLog
from plainscore.records._store_rows import NAME
from plainscore.records._store_version import prepare
from plainscore.records._tables import LENDERS
from plainscore.records._terms_of_keeping import AT_ONCE, PastTerm, count_past_term, people_past_term
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
        """Destroy the keys of those who were erased, or whose term ended, and still have one.

        Called at every start: whoever erases may be stopped between the change and the key.

        Returns
        -------
        int
            People of whom a journal, or a row that was replaced, still holds something, since somebody reads
            it: call again. Until it is done, no change can name them.
        """
        return end_marked_keys(self.database, self.keys)

    def now(self) -> datetime:
        """Return the moment that a change made now would have, in UTC.

        Raises
        ------
        ClockError
            When the clock is behind the store.
        """
        with self.database.reading() as connection:
            return datetime_of(moment_now(self.clock, connection))

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

    def copy_to(self, file: Path) -> str:
        """Write the store as it is now to a new file while others go on, and return a checkpoint over it.

        Raises
        ------
        NotAFileError
            When it is in PostgreSQL.
        FullError
            When the disk has no room; nothing is left.
        """
        return copy_store(self.database, file, clock=self.clock, keys=self.keys)

    def to_reapply(self, later: Collection[tuple[str, str]] = ()) -> ToReapply:
        """Return whom `reapply` would end again; nothing is changed."""
        return to_reapply(self.database, keys=self.keys, later=later)

    def reapply(self, later: Collection[tuple[str, str]] = ()) -> Reapplied:
        """End again what was ended after the moment that this store was put back to; see `reapply`."""
        done = reapply(self.database, clock=self.clock, keys=self.keys, later=later)
        if self.end_keys():
            raise KeyStillThereError(_STILL_THERE)
        return done

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

        On a file changes take turns, so a block waits for no other change of its process. The end of the
        block waits for the commit, which may keep decisions of those in line behind it too.

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
            with store.database.changing((number, person) for person in people) as writing:
                unit = Unit(
                    database=store.database,
                    connection=writing.connection,
                    lender=number,
                    name=self.lender,
                    keys=store.keys,
                    moment=0,
                )
                versions = lock_people(unit, set(people))
                head = read_head(unit.connection)
                unit.moment = moment_of_change(store.clock, changes=head.changes, newest=head.moment)
                if store.database.file is not None and writing.committed is None:
                    writing.committed = head.size
                change = Change(unit, versions=versions, committed=writing.committed)
                try:
                    yield change
                finally:
                    change.end()
                change.finish()
                writing.last = not change.only_decides
        except IntegrityError:
            if change is None:
                raise
            with store.database.reading() as connection:
                said = change.collision(connection)
            # Without its cause, which quotes the row.
            raise ConflictError(said) from None
        if change.erased:
            _end_keys_now(store)

    def standing(self, decision_id: str) -> Standing:
        """Return where a decision stands in the log; see `StoreLog.standing`."""
        decision = self.ask.decision(decision_id)
        return self._store.log.standing(self.ask.leaves("decision", decision.id)[-1], decision.moment)

    def past_term(self, before: datetime) -> PastTerm:
        """Count whose decisions, letters and appeals were all kept before a moment, and what those are."""
        number = self._store.lender_number(self.lender)
        with self._store.database.snapshot() as connection:
            return count_past_term(connection, number or 0, microseconds(before))

    def end_terms(self, before: datetime) -> PastTerm:
        """End the term of everybody whom `past_term` counts, and return what it counted before.

        Their decisions, what followed them and their appeals are emptied as an erasure empties them, each
        with a leaf in the log, and marked; then their key of proof is destroyed, at the next start at the
        latest. What was sealed with it cannot be read from then on, in no backup either that is of later
        keys. It is done some people at a time: who was stopped starts again.

        Raises
        ------
        KeyStillThereError
            When it is kept, and a key could not be destroyed yet.
        """
        store, number = self._store, self._enrolled()
        told = self.past_term(before)
        cut, last = microseconds(before), ""
        while True:
            with store.database.reading() as connection:
                wanted = people_past_term(number, cut, after=last).limit(AT_ONCE)
                people = list(connection.execute(wanted).scalars())
            if not people:
                break
            with pseudonymous_change(
                store.database,
                clock=store.clock,
                keys=store.keys,
                lender=number,
                name=self.lender,
                people=people,
            ) as unit:
                # Again, now that nobody else can decide about them.
                still = unit.connection.execute(people_past_term(number, cut, among=people)).scalars()
                for person in list(still):
                    end_term(unit, person)
            last = people[-1]
        _end_keys_now(store)
        return told

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
                    moment = moment_now(store.clock, connection)
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
