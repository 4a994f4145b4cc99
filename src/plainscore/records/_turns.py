"""Writers of one process take turns on a file of SQLite, and those who wait are kept by one commit.

SQLite lets one write at a time, and its own waiting is a sleep and another try, so that somebody waits for
ever. Here they wait in the order in which they came. A commit waits for the disk: where somebody is next, a
change that is done may leave the transaction to the next one, each within a savepoint, and nobody is told
anything before the commit that ends it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine

MOST_WAIT: Final = 0.05
"""Seconds after which a transaction is left to nobody else: what is done waits no longer than these, and as
long as the last change takes that came in."""

Subjects = frozenset[Hashable]
"""What a change is about; two about the same are never kept by one commit."""


@dataclass(slots=True)
class Writing:
    """A transaction as a change has it.

    Attributes
    ----------
    connection : Connection
        In the transaction.
    committed : int or None
        Where the log ended when the transaction began; set by its first change. What lies beyond was written
        by others within it, and may be undone.
    last : bool
        Whether nobody else may be kept by the same commit, once this change is done: whoever comes next then
        sees what it did only once it is kept.
    """

    connection: Connection
    committed: int | None = None
    last: bool = True


class Joint:
    """One transaction of one or more changes.

    Attributes
    ----------
    error : BaseException or None
        Why it was not kept; set before `ended`.
    ended : threading.Event
        Set once it was kept or undone.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._writing = Writing(connection)
        self.error: BaseException | None = None
        self.ended = threading.Event()
        self._transaction = connection.begin()
        self._begun = time.monotonic()
        self._about: set[Hashable] = set()
        self._kept = 0

    def takes(self, about: Subjects) -> bool:
        """Whether another change may be kept with those that are in it."""
        young = time.monotonic() - self._begun < MOST_WAIT
        open_to_others = not self._writing.last and not self.ended.is_set()
        return open_to_others and young and self._about.isdisjoint(about)

    @contextmanager
    def part(self, about: Subjects) -> Iterator[Writing]:
        """Give the transaction to one change: where it fails, it alone is undone."""
        first, self._writing.last = not self._kept, True
        try:
            if not first:
                self._run("SAVEPOINT part")
            yield self._writing
            if not first:
                self._run("RELEASE part")
        except BaseException as error:
            self._undo(error, everything=first)
            raise
        self._kept += 1
        self._about |= about

    def commit(self) -> None:
        """Keep what is in it, or note why that failed; either way it has ended."""
        if self.ended.is_set():
            return
        try:
            self._transaction.commit()
        except BaseException as error:
            self._end(error)
        else:
            self._end(None)

    def _undo(self, error: BaseException, *, everything: bool) -> None:
        """Undo a change; and all others where it cannot be undone alone, as when SQLite has undone all."""
        try:
            if not everything:
                self._run("ROLLBACK TO part")
                self._run("RELEASE part")
                return
            self._transaction.rollback()
        except Exception:
            self._end(error)
        else:
            self._end(None)

    def _run(self, statement: str) -> None:
        # Not by SQLAlchemy's own savepoints: one whose release failed would not be rolled back.
        self._connection.exec_driver_sql(statement)

    def _end(self, error: BaseException | None) -> None:
        self.error = error
        try:
            with suppress(Exception):
                if error is not None:
                    # A commit that failed may leave the transaction open; with the connection it ends.
                    self._connection.invalidate()
                self._connection.close()
        finally:
            self.ended.set()


class _Place:
    """Somebody's place in the line, and the transaction that is left to them with the turn."""

    def __init__(self, about: Subjects | None) -> None:
        self.about = about
        self.turn = threading.Event()
        self.left: Joint | None = None


class Turns:
    """The line in which threads of this process wait to write.

    Parameters
    ----------
    engine : Engine
        Whose transactions take the lock of the file at their beginning.
    again : callable
        From an error that was met by another thread to one to raise in this one.
    """

    def __init__(self, engine: Engine, again: Callable[[BaseException], Exception]) -> None:
        self._engine = engine
        self._again = again
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[_Place] = deque()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait for the turn, and have it for the block."""
        self._enter(_Place(None))
        try:
            yield
        finally:
            self._pass_on(None)

    @contextmanager
    def together(self, about: Subjects) -> Iterator[Writing]:
        """Wait for the turn, and give a transaction for a change; its end waits for the commit.

        What a change raises is raised after the commit too: it may have been told of what others changed
        just before, and where that is not kept, it was told wrong.
        """
        own = self._enter(_Place(about))
        joint, raised = own.left, None
        try:
            joint = joint or self._begun()
            try:
                with joint.part(about) as writing:
                    yield writing
            except BaseException as error:
                raised = error
        finally:
            committed = self._pass_on(joint)
        joint.ended.wait()
        if joint.error is not None and joint.error is not raised:
            if committed:
                raise joint.error
            raise self._again(joint.error) from joint.error
        if raised is not None:
            raise raised

    def _begun(self) -> Joint:
        connection = self._engine.connect()
        try:
            return Joint(connection)
        except BaseException:
            connection.close()
            raise

    def _enter(self, own: _Place) -> _Place:
        with self._guard:
            if not self._taken:
                self._taken = True
                return own
            self._waiting.append(own)
        try:
            own.turn.wait()
        except BaseException:  # interrupted while it waited
            with self._guard:
                if own in self._waiting:
                    self._waiting.remove(own)
                    raise
            self._pass_on(own.left)
            raise
        return own

    def _pass_on(self, joint: Joint | None) -> bool:
        """Give the turn to the next, with the transaction where it may be left to them; else commit it.

        Returns
        -------
        bool
            Whether it was committed, or tried to be.
        """
        with self._guard:
            place = self._waiting[0] if self._waiting else None
            if joint and place and place.about is not None and joint.takes(place.about):
                place.left = joint
                self._waiting.popleft().turn.set()
                return False
        try:
            if joint is not None:
                joint.commit()
        finally:
            with self._guard:
                if self._waiting:
                    self._waiting.popleft().turn.set()
                else:
                    self._taken = False
        return True
