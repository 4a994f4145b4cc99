"""The end of a term: who and what has reached it, that nothing of it can be read, and that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_records import (
    LENDER,
    Place,
    a_decision,
    a_dispute,
    a_sequel,
    a_task,
    an_appeal,
    erase,
    hex_id,
    keep,
    one_of_each,
)
from sqlalchemy import select

from plainscore.records import BusyError, ErasedError, KeyStillThereError, Store
from plainscore.records._tables import PEOPLE

START = datetime(2026, 1, 15, 12, tzinfo=UTC)
MONTHS = timedelta(days=31)


class SetClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = START

    def now(self, changes: int) -> datetime:
        """Return what was set."""
        return self.moment


@contextmanager
def at_work(place: Place) -> Iterator[tuple[Store, SetClock]]:
    """Give a store whose clock is set by hand."""
    clock = SetClock()
    with place.opened(clock=clock) as store:
        yield store, clock


def settle(store: Store) -> None:
    """Settle the appeal and close the task of `one_of_each`."""
    with store.of(LENDER).change(people=["anna"]) as change:
        change.replace(an_appeal("first", state="upheld", open=False), was=1)
        change.replace(a_task("task", decision=hex_id("first"), state="done", open=False), was=1)


def test_what_has_reached_its_term_is_ended(place: Place) -> None:
    """Counted first, and changed by that in nothing; then emptied, logged, closed, and counted as ended."""
    with at_work(place) as (store, clock):
        ours = store.of(LENDER)
        keep(store, *one_of_each())
        settle(store)
        clock.moment += MONTHS
        keep(store, a_decision("of bert", "bert"), people=("bert",))
        cut = START + timedelta(seconds=1)
        told = ours.past_term(cut)
        assert (told.people, told.held_back) == (1, 0)
        assert (told.decisions, told.sequels, told.appeals) == (1, 1, 1)
        before = store.log.checkpoint()
        assert store.verify([before]).terms_ended == 0
        assert ours.ask.row("decision", hex_id("first")).body == a_decision("first").body

        assert ours.end_terms(cut) == told
        assert ours.past_term(cut).people == ours.end_terms(cut).people == 0
        for ended in (
            lambda: ours.ask.row("decision", hex_id("first")),
            lambda: ours.ask.inputs_of(hex_id("first")),
            lambda: ours.ask.sequels_of(hex_id("first")),
            lambda: ours.ask.row("appeal", an_appeal("first").id),
        ):
            with pytest.raises(ErasedError, match="the term has passed"):
                ended()
        (row,) = ours.ask.decisions_of("anna").rows
        assert (row.columns["score"], row.columns["reasons"], row.erased) == (None, (), clock.moment)
        assert ours.ask.appeals_by("anna") == ()
        assert ours.ask.touched_by_person("anna").rows == ()
        # What is sealed for use is another key's, and stays.
        assert ours.ask.overlay_of("anna")[0].body == b"not mine"
        assert ours.ask.tasks_by("anna")[0].columns["state"] == "done"
        assert ours.ask.row("decision", hex_id("of bert")).body is not None
        report = store.verify([before, store.log.checkpoint()])
        assert (report.findings, report.terms_ended, report.erased) == ([], 1, 0)


@pytest.mark.parametrize("open_row", ["appeal", "task"])
def test_what_is_open_holds_the_end_back(place: Place, open_row: str) -> None:
    """Somebody who waits for an answer is counted apart, and ends with the others once it is given."""
    row: Any = an_appeal("first") if open_row == "appeal" else a_task("task", decision=hex_id("first"))
    done: Any = (
        an_appeal("first", state="rejected", open=False)
        if open_row == "appeal"
        else a_task("task", decision=hex_id("first"), state="done", open=False)
    )
    with at_work(place) as (store, clock):
        ours, cut = store.of(LENDER), START + timedelta(seconds=1)
        keep(store, a_decision("first"), row)
        clock.moment += MONTHS
        told = ours.past_term(cut)
        assert (told.people, told.held_back, told.decisions) == (0, 1, 0)
        ours.end_terms(cut)
        assert ours.ask.row("decision", hex_id("first")).body is not None
        with ours.change(people=["anna"]) as change:
            change.replace(done, was=1)
        # An appeal that was settled is a newer record, and its own term begins; a task is none.
        assert ours.past_term(cut).people == (0 if open_row == "appeal" else 1)
        assert ours.past_term(clock.moment + timedelta(seconds=1)).people == 1


@pytest.mark.parametrize("newer", ["decision", "sequel", "appeal"])
def test_the_newest_record_of_a_person_begins_the_term(place: Place, newer: str) -> None:
    """One record within the term keeps all of that person, and it ends to the microsecond."""
    rows: dict[str, Any] = {
        "decision": a_decision("second"),
        "sequel": a_sequel("letter", "first", kind="letter"),
        "appeal": an_appeal("first", state="rejected", open=False),
    }
    with at_work(place) as (store, clock):
        ours = store.of(LENDER)
        keep(store, a_decision("first"))
        clock.moment += MONTHS
        keep(store, rows[newer])
        assert ours.past_term(clock.moment).people == 0
        assert ours.past_term(clock.moment + timedelta(microseconds=1)).people == 1


def test_an_erasure_does_not_begin_the_term_again(place: Place) -> None:
    """Of an emptied decision the month of keeping counts, not the day of the erasure; its proof then ends."""
    with at_work(place) as (store, clock):
        ours = store.of(LENDER)
        keep(store, a_decision("first"), a_sequel("letter", "first", kind="letter"))
        clock.moment += 6 * MONTHS
        erase(store)
        assert ours.ask.row("decision", hex_id("first")).body == a_decision("first").body
        assert ours.past_term(datetime(2026, 1, 31, 23, tzinfo=UTC)).people == 0
        assert ours.past_term(datetime(2026, 2, 1, tzinfo=UTC)).people == 1
        assert ours.end_terms(datetime(2026, 2, 1, tzinfo=UTC)).decisions == 1
        with pytest.raises(ErasedError):
            ours.ask.row("decision", hex_id("first"))
        report = store.verify()
        assert (report.findings, report.erased, report.terms_ended) == ([], 1, 1)


def test_who_comes_back_after_the_term_begins_anew(place: Place) -> None:
    """A later decision has a new key, also over the same inputs; what ended is not counted again."""
    with at_work(place) as (store, clock):
        ours = store.of(LENDER)
        keep(store, a_decision("first"), an_appeal("first", state="rejected", open=False))
        clock.moment += MONTHS
        ours.end_terms(clock.moment)
        clock.moment += MONTHS
        keep(store, a_decision("second"))
        assert ours.ask.row("decision", hex_id("second")).body == a_decision("second").body
        assert ours.ask.inputs_of(hex_id("second")) == b"what anna paid"
        assert ours.ask.appeals_by("anna") == ()
        for ended in (
            lambda: ours.ask.row("decision", hex_id("first")),
            lambda: ours.ask.inputs_of(hex_id("first")),
        ):
            with pytest.raises(ErasedError):
                ended()
        with pytest.raises(ErasedError, match="nothing is added"):
            keep(store, a_sequel("late", "first"))
        clock.moment += MONTHS
        told = ours.past_term(clock.moment)
        assert (told.people, told.decisions, told.appeals) == (1, 1, 0)
        ours.end_terms(clock.moment)
        with pytest.raises(ErasedError):
            ours.ask.row("decision", hex_id("second"))
        assert store.verify().findings == []


def test_a_term_whose_key_is_still_there_is_ended_by_the_next_start(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between the mark and the key, nothing is added about the person, and the next start ends it."""
    with at_work(place) as (store, clock):
        ours = store.of(LENDER)
        keep(store, a_decision("first"))
        clock.moment += MONTHS

        def busy(*_words: object) -> bool:
            raise BusyError("Nothing of this change was kept")

        with monkeypatch.context() as patch:
            patch.setattr(store.keys, "destroy", busy)
            with pytest.raises(KeyStillThereError):
                ours.end_terms(clock.moment)
            with pytest.raises(KeyStillThereError):
                keep(store, a_decision("second"))
        person = ours.ask.pseudonym("anna")
        assert len(store.keys.of([person], "proof")) == 1
    with place.opened() as store:
        assert store.keys.of([person], "proof") == {}
        assert list(store.keys.ended("proof")) == [person]
        keep(store, a_decision("second"))
        assert store.verify().findings == []


def test_many_are_ended_some_at_a_time(file_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after some of them, those are ended whole and the others are as they were."""
    from plainscore.records import _open_store as module

    monkeypatch.setattr(module, "AT_ONCE", 2)
    with at_work(file_place) as (store, clock):
        ours, people = store.of(LENDER), [f"person {n}" for n in range(5)]
        keep(store, *(a_decision(one, one) for one in people), people=tuple(people))
        clock.moment += MONTHS
        ends, real = [], module.end_term

        def stops(unit: Any, person: str) -> int:
            ends.append(person)
            if len(ends) == 4:
                raise KeyboardInterrupt
            return real(unit, person)

        with monkeypatch.context() as patch:
            patch.setattr(module, "end_term", stops)
            with pytest.raises(KeyboardInterrupt):
                ours.end_terms(clock.moment)
        assert ours.past_term(clock.moment).people == 3
        assert store.verify().findings == []
        assert store.end_keys() == 0
        assert ours.end_terms(clock.moment).people == 3
        assert len(store.keys.ended("proof")) == 5
        assert store.verify().terms_ended == 5


def test_another_lenders_rows_stay(place: Place) -> None:
    """A lender ends the terms of its own people alone."""
    with at_work(place) as (store, clock):
        keep(store, a_decision("first"))
        with store.of("Another").change(people=["anna"]) as change:
            change.add(a_decision("other"))
        clock.moment += MONTHS
        assert store.of(LENDER).end_terms(clock.moment).people == 1
        assert store.of("Another").ask.row("decision", hex_id("other")).body is not None
        assert store.of("Third").past_term(clock.moment).people == 0


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["decision", "sequel", "task", "close", "erase", "end", "dispute"]),
        st.integers(0, 2),
        st.integers(0, 45),
    ),
    max_size=14,
)


class Model:
    """What a lender has kept of three people, as it is to be."""

    def __init__(self, store: Store, clock: SetClock, lender: str) -> None:
        self._store, self._clock, self._lender = store, clock, store.of(lender)
        self.rows: dict[str, list[tuple[str, datetime, bool]]] = {f"person {n}": [] for n in range(3)}
        self.tasks: dict[str, list[str]] = {person: [] for person in self.rows}

    def do(self, what: str, person: str, name: str) -> None:
        """Do something about a person, where it can be done."""
        standing = [one for one, _, emptied in self.rows[person] if one.startswith("d") and not emptied]
        if what == "end":
            self.end()
        elif what == "decision":
            self.keep(person, a_decision(name, person), f"d{name}")
        elif what == "sequel" and standing:
            self.keep(person, a_sequel(f"s{name}", standing[-1][1:], person), f"s{name}")
        elif what == "dispute":
            self.keep(person, a_dispute(name, person), "")
        elif what == "task":
            self.keep(person, a_task(name, person), "")
            self.tasks[person].append(name)
        elif what == "close" and self.tasks[person]:
            done = a_task(self.tasks[person].pop(), person, state="done", open=False)
            with self._lender.change(people=[person]) as change:
                change.replace(done, was=1)
        elif what == "erase":
            with self._lender.change(people=[person]) as change:
                change.erase(person)
            self.tasks[person].clear()
            self.rows[person] = [(one, at, True) for one, at, _ in self.rows[person]]

    def keep(self, person: str, row: Any, told: str) -> None:
        """Keep a row, and what is to be known of it."""
        with self._lender.change(people=[person]) as change:
            change.add(row)
        if told:
            self.rows[person].append((told, self._clock.moment, False))

    def end(self) -> None:
        """End what was kept sixty days ago and earlier."""
        cut = self._clock.moment - timedelta(days=60)
        self._lender.end_terms(cut)
        for person, rows in self.rows.items():
            if not self.tasks[person] and all(past(row, cut) for row in rows):
                rows.clear()


def test_nothing_within_its_term_ends_and_nothing_past_it_opens(file_place: Place) -> None:
    """In whatever order: what a model says is kept opens, what ended does not, and all verifies."""
    numbers = count()
    with at_work(file_place) as (store, clock):

        @settings(max_examples=25)
        @given(events=EVENTS)
        def holds(events: list[tuple[str, int, int]]) -> None:
            lender = f"Lender {next(numbers)}"
            model = Model(store, clock, lender)
            for number, (what, who, days) in enumerate(events):
                clock.moment += timedelta(days=days, seconds=1)
                model.do(what, f"person {who}", f"{lender} {number}")
            kept = {hex_id(one[1:]) for rows in model.rows.values() for one, _, _ in rows if one[0] == "d"}
            ask = store.of(lender).ask
            for row in ask.decisions().rows:
                if row.id in kept:
                    assert ask.row("decision", row.id).body is not None
                else:
                    with pytest.raises(ErasedError):
                        ask.row("decision", row.id)
            assert kept <= {row.id for row in ask.decisions().rows}

        holds()
        assert store.verify().findings == []
        with store.database.reading() as connection:
            assert not connection.execute(select(PEOPLE).where(PEOPLE.c.proof_key_ended == 0)).all()


def past(row: tuple[str, datetime, bool], cut: datetime) -> bool:
    """Return whether a row is past the term: by its moment, or where it was emptied by its month."""
    _, moment, emptied = row
    if emptied:
        return (moment.year, moment.month) < (cut.year, cut.month)
    return moment < cut
