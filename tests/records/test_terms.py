"""The end of a term: who and what has reached it, that nothing of it can be read, and that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
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
from plainscore.records._tables import DECISIONS, PEOPLE

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
        st.sampled_from(["decision", "sequel", "appeal", "task", "close", "erase", "end", "dispute"]),
        st.integers(0, 2),
        st.integers(0, 45),
    ),
    max_size=14,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_nothing_within_its_term_ends_and_nothing_past_it_opens(
    folder: Path, events: list[tuple[str, int, int]]
) -> None:
    """In whatever order: what a model says is kept opens, what ended does not, and all verifies."""
    name = str(len(list(folder.iterdir())))
    place = Place(f"{folder}/{name}/r.sqlite", f"{folder}/{name}/p.sqlite", folder / name / "k.json")
    with at_work(place) as (store, clock):
        ours = store.of(LENDER)
        model: dict[str, dict[str, Any]] = {
            f"person {n}": {"rows": [], "open": {}, "erased": False} for n in range(3)
        }
        for number, (what, who, days) in enumerate(events):
            clock.moment += timedelta(days=days, seconds=1)
            person = f"person {who}"
            of = model[person]
            standing = [one for one in of["rows"] if one[0] == "decision" and not one[3]]
            if what == "decision":
                keep(store, a_decision(f"d{number}", person), people=(person,))
                of["rows"].append(("decision", f"d{number}", clock.moment, False))
            elif what in ("sequel", "appeal", "task") and standing:
                name = standing[-1][1]
                if what == "sequel":
                    keep(store, a_sequel(f"s{number}", name, person), people=(person,))
                    of["rows"].append(("sequel", f"s{number}", clock.moment, False))
                elif what == "task":
                    keep(store, a_task(f"t{number}", person), people=(person,))
                    of["open"][f"t{number}"] = "task"
            elif what == "close" and of["open"]:
                name, _ = of["open"].popitem()
                with ours.change(people=[person]) as change:
                    change.replace(a_task(name, person, state="done", open=False), was=1)
            elif what == "dispute":
                keep(store, a_dispute(f"o{number}", person), people=(person,))
            elif what == "erase" and of["rows"]:
                erase(store, person)
                of["open"].clear()
                of["rows"] = [(kind, name, at, True) for kind, name, at, _ in of["rows"]]
            elif what == "end":
                cut = clock.moment - timedelta(days=60)
                ours.end_terms(cut)
                for one in model.values():
                    if one["rows"] and not one["open"] and all(past(row, cut) for row in one["rows"]):
                        one["rows"] = []
        kept = {
            hex_id(name) for one in model.values() for kind, name, _, _ in one["rows"] if kind == "decision"
        }
        with store.database.reading() as connection:
            there = set(connection.execute(select(DECISIONS.c.id)).scalars())
            assert not connection.execute(select(PEOPLE).where(PEOPLE.c.proof_key_ended == 0)).all()
        for one in there:
            if one in kept:
                assert ours.ask.row("decision", one).body is not None
            else:
                with pytest.raises(ErasedError):
                    ours.ask.row("decision", one)
        assert store.verify().findings == []


def past(row: tuple[str, str, datetime, bool], cut: datetime) -> bool:
    """Return whether a row is past the term: by its moment, or where it was emptied by its month."""
    _, _, moment, emptied = row
    if emptied:
        return (moment.year, moment.month) < (cut.year, cut.month)
    return moment < cut
