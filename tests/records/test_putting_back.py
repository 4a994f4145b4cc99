"""A store that is put back to an earlier state ends again what was ended since, by its keys or by a log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_records import (
    LENDER,
    Place,
    a_decision,
    a_dispute,
    a_task,
    an_appeal,
    erase,
    hex_id,
    keep,
    one_of_each,
)
from sqlalchemy import delete, insert, select

from plainscore.log import read_leaf
from plainscore.records import ErasedError, KeyFileError, Store
from plainscore.records._keys import ENDED_KEYS, PERSON_KEYS
from plainscore.records._keys import METADATA as KEYS
from plainscore.records._tables import DECISIONS, METADATA, OVERLAY

START = datetime(2026, 1, 15, 12, tzinfo=UTC)


class StepClock:
    """A clock that goes on by a minute each time it is asked."""

    def __init__(self) -> None:
        self.moment = START

    def now(self, changes: int) -> datetime:
        """Return the next moment."""
        self.moment += timedelta(minutes=1)
        return self.moment


@contextmanager
def at_work(place: Place) -> Iterator[Store]:
    """Give a store whose clock goes on."""
    with place.opened(clock=StepClock()) as store:
        yield store


class State:
    """All rows of a store, or of its keys, at a moment, which can be put back on either database."""

    def __init__(self, database: Any, metadata: Any) -> None:
        self._database, self._tables = database, metadata.sorted_tables
        with database.snapshot() as connection:
            self._rows = {
                table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for table in self._tables
            }

    def put_back(self) -> None:
        """Make the database what it was."""
        with self._database.writing() as connection:
            for table in self._tables:
                connection.execute(delete(table))
                if rows := self._rows[table.name]:
                    connection.execute(insert(table), rows)


def of_store(store: Store) -> State:
    """Take a backup of a store."""
    return State(store.database, METADATA)


def of_keys(store: Store) -> State:
    """Take a backup of the keys of people."""
    return State(store.keys._database, KEYS)


def leaves_after(store: Store, position: int) -> set[tuple[str, str]]:
    """Return kind and id of the leaves of a log from a position on, as an export has them."""
    told = [read_leaf(entry) for entry in store.log.entries()]
    return {(one.kind, one.row_id) for one in told[position:]}


def is_erased(store: Store, name: str) -> bool:
    """Return whether a decision is emptied."""
    return store.of(LENDER).ask.decision(hex_id(name)).erased is not None


def test_an_erasure_after_the_backup_is_known_from_the_keys(place: Place) -> None:
    """Of whom the keys say that they ended nothing is left in the plain, and an open appeal holds nothing."""
    with at_work(place) as store:
        keep(store, *one_of_each())
        keep(store, a_decision("of bert", "bert"), people=("bert",))
        backup = of_store(store)
        note = store.log.checkpoint()
        with store.of(LENDER).change(people=["anna"]) as change:
            change.replace(an_appeal("first", state="rejected", open=False), was=1)
        erase(store)
        backup.put_back()
        assert not is_erased(store, "first")
        done = store.reapply()
        anna = store.of(LENDER).ask.pseudonym("anna")
        assert (list(done.erased), dict(done.terms_ended)) == ([anna], {})
        assert is_erased(store, "first")
        assert not is_erased(store, "of bert")
        assert store.of(LENDER).ask.overlay_of("anna") == ()
        assert store.of(LENDER).ask.open_appeals().rows == ()
        report = store.verify([note])
        assert (report.findings, report.erased, report.checkpoints) == ([], 1, 1)
        again = store.reapply()
        assert (dict(again.erased), dict(again.terms_ended)) == ({}, {})


def test_of_whom_there_are_decisions_alone_the_keys_know_too(place: Place) -> None:
    """Who had no key of the kind that an erasure ends is known as erased all the same."""
    with at_work(place) as store:
        keep(store, a_decision("first"))
        backup = of_store(store)
        erase(store)
        backup.put_back()
        store.reapply()
        assert is_erased(store, "first")
        # The proof stays until its term.
        assert store.of(LENDER).ask.row("decision", hex_id("first")).body == a_decision("first").body


def test_a_term_that_ended_after_the_backup_ends_again(place: Place) -> None:
    """What reached its term is emptied, and the overlay stays."""
    with at_work(place) as store:
        keep(store, a_decision("first"), a_dispute("d"))
        backup = of_store(store)
        store.of(LENDER).end_terms(store.now())
        backup.put_back()
        done = store.reapply()
        assert (len(done.erased), len(done.terms_ended)) == (0, 1)
        with pytest.raises(ErasedError):
            store.of(LENDER).ask.row("decision", hex_id("first"))
        assert store.of(LENDER).ask.overlay_of("anna")[0].body == b"not mine"
        assert store.verify().findings == []


def test_an_erasure_of_before_the_backup_is_not_done_twice(place: Place) -> None:
    """Who came back before the backup keeps what they said since."""
    with at_work(place) as store:
        keep(store, a_decision("first"), a_dispute("d"))
        erase(store)
        keep(store, a_decision("second"), a_dispute("after"))
        backup = of_store(store)
        keep(store, a_decision("third"))
        backup.put_back()
        assert dict(store.reapply().erased) == {}
        assert not is_erased(store, "second")
        assert store.of(LENDER).ask.overlay_of("anna")[0].id == hex_id("after")


def test_who_was_erased_and_came_back_after_the_backup_is_erased_in_it(place: Place) -> None:
    """A new key of somebody who came back opens nothing of before, and hides no erasure."""
    with at_work(place) as store:
        keep(store, a_decision("first"), a_dispute("d"))
        backup = of_store(store)
        erase(store)
        keep(store, a_dispute("after"))
        backup.put_back()
        assert len(store.reapply().erased) == 1
        assert is_erased(store, "first")
        assert store.of(LENDER).ask.overlay_of("anna") == ()


def test_keys_that_are_older_than_the_backup_are_refused(place: Place) -> None:
    """Who has no key, and of whom nothing says why, is not erased for that: the keys are refused."""
    with at_work(place) as store:
        keep(store, a_decision("first"), a_dispute("d"))
        keys = of_keys(store)
        keep(store, a_decision("of bert", "bert"), a_task("t", "bert"), people=("bert",))
        backup = of_store(store)
        keys.put_back()
        backup.put_back()
        with pytest.raises(KeyFileError, match=r"Rows of 1 people .* older than the store"):
            store.reapply()
        assert not is_erased(store, "of bert")
        assert not is_erased(store, "first")


@pytest.mark.parametrize("laid", [True, False])
def test_with_the_keys_of_the_backup_a_later_log_tells(place: Place, laid: bool) -> None:
    """Keys of the same day know of no later erasure; leaves of a later log do, and the key then ends."""
    with at_work(place) as store:
        rows = [a_decision("first"), *([a_dispute("d")] if laid else [])]
        keep(store, *rows)
        keep(store, a_decision("of bert", "bert"), a_dispute("b", "bert"), people=("bert",))
        backup, keys, size = of_store(store), of_keys(store), store.of(LENDER).ask.position()
        erase(store)
        keep(store, a_decision("later", "bert"), people=("bert",))
        later = leaves_after(store, size)
        backup.put_back()
        keys.put_back()
        assert dict(store.reapply().erased) == {}
        assert len(store.reapply(later).erased) == 1
        anna = store.of(LENDER).ask.pseudonym("anna")
        assert store.keys.of([anna], "use") == {}
        assert is_erased(store, "first")
        assert not is_erased(store, "of bert")
        assert store.verify().findings == []


def test_a_later_log_tells_of_a_term_too(place: Place) -> None:
    """Where the decisions have a further leaf and the overlay has none, the term ended, and its key ends."""
    with at_work(place) as store:
        keep(store, a_decision("first"), a_dispute("d"))
        backup, keys, size = of_store(store), of_keys(store), store.of(LENDER).ask.position()
        store.of(LENDER).end_terms(store.now())
        later = leaves_after(store, size)
        backup.put_back()
        keys.put_back()
        done = store.reapply(later)
        assert (len(done.erased), len(done.terms_ended)) == (0, 1)
        assert store.keys.of([store.of(LENDER).ask.pseudonym("anna")], "proof") == {}
        assert len(store.of(LENDER).ask.overlay_of("anna")) == 1


def test_a_leaf_of_some_rows_erases_nobody(place: Place) -> None:
    """A row of another lender may have the id of one of a person: only a leaf of each is an erasure."""
    with at_work(place) as store:
        keep(store, a_decision("first"), a_decision("second"), a_dispute("d"))
        done = store.reapply({("overlay", hex_id("d")), ("decision", hex_id("first"))})
        assert (dict(done.erased), dict(done.terms_ended)) == ({}, {})
        assert not is_erased(store, "first")


def test_stopped_in_the_middle_it_is_done_by_the_next(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some people at a time: each of them whole, and a second try ends the others."""
    from plainscore.records import _reapplying as module

    monkeypatch.setattr(module, "AT_ONCE", 1)
    names = ("anna", "bert", "carla")
    with at_work(place) as store:
        keep(store, *(a_decision(one, one) for one in names), people=names)
        backup = of_store(store)
        for one in names:
            erase(store, one)
        backup.put_back()
        real, done = module.empty_person, []

        def stops(unit: Any, person: str) -> int:
            if done:
                raise KeyboardInterrupt
            done.append(person)
            return real(unit, person)

        with monkeypatch.context() as patch:
            patch.setattr(module, "empty_person", stops)
            with pytest.raises(KeyboardInterrupt):
                store.reapply()
        assert sum(is_erased(store, one) for one in names) == 1
        assert store.verify().findings == []
        assert store.end_keys() == 0
        assert len(store.reapply().erased) == 2
        with store.database.reading() as connection:
            left = connection.execute(select(DECISIONS.c.id).where(DECISIONS.c.erased.is_(None))).all()
        assert left == []


def test_that_a_key_ended_is_kept_without_a_name(file_place: Place, folder: Path) -> None:
    """In the place of a key stands a pseudonym, what for and when; a copy of the keys has it."""
    with at_work(file_place) as store:
        keep(store, a_decision("first"), a_dispute("d"))
        erase(store)
        (kept,) = store.of(LENDER).ask.decisions_of("anna").rows
        assert kept.erased is not None
        store.keys.copy_people_to(folder / "copy.sqlite")
        with store.keys._database.reading() as connection:
            (row,) = connection.execute(select(ENDED_KEYS)).all()
            keys = connection.execute(select(PERSON_KEYS.c.purpose)).scalars().all()
        assert (row.person, row.purpose, list(keys)) == (
            store.of(LENDER).ask.pseudonym("anna"), "use", ["proof"]
        )  # fmt: skip
        assert b"anna" not in (folder / "copy.sqlite").read_bytes()
        assert bytes.fromhex(row.person) in (folder / "copy.sqlite").read_bytes()


EVENTS = st.lists(
    st.tuples(st.sampled_from(["decision", "dispute", "erase", "end"]), st.integers(0, 2)),
    min_size=1,
    max_size=10,
)


def do(store: Store, what: str, person: str, name: str) -> None:
    """Do something about a person."""
    with store.of(LENDER).change(people=[person]) as change:
        if what == "erase":
            change.erase(person)
        elif what != "end":
            change.add(a_decision(name, person) if what == "decision" else a_dispute(name, person))
    if what == "end":
        store.of(LENDER).end_terms(store.now())


def emptied(store: Store) -> dict[str, bool]:
    """Return by decision and overlay row whether it is emptied."""
    with store.database.reading() as connection:
        return {
            row.id: row.erased is not None
            for table in (DECISIONS, OVERLAY)
            for row in connection.execute(select(table.c.id, table.c.erased))
        }


def test_nobody_who_was_ended_comes_back_and_nobody_else_goes(file_place: Place) -> None:
    """A row of a backup is emptied by putting it back just where it was emptied in the store that was lost.

    Whatever was kept, erased and ended before the backup and after it, also of who came back in between.
    """
    with at_work(file_place) as store:
        empty, no_keys = of_store(store), of_keys(store)

        @settings(max_examples=20)
        @given(before=EVENTS, after=EVENTS)
        def holds(before: list[tuple[str, int]], after: list[tuple[str, int]]) -> None:
            empty.put_back()
            no_keys.put_back()
            store._numbers.clear()
            for number, (what, who) in enumerate(before):
                do(store, what, f"person {who}", f"before {number}")
            backup = of_store(store)
            for number, (what, who) in enumerate(after):
                do(store, what, f"person {who}", f"after {number}")
            lost = emptied(store)
            backup.put_back()
            there = set(emptied(store))
            store.reapply()
            assert emptied(store) == {row: gone for row, gone in lost.items() if row in there}
            assert store.verify().findings == []

        holds()
