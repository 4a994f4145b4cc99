"""Questions: right by an oracle over all rows, each over an index, long answers in pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from inspect import signature
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_records import (
    DECEMBER,
    LENDER,
    a_decision,
    a_dispute,
    a_sequel,
    a_task,
    an_appeal,
    hex_id,
    keep,
    one_of_each,
)
from sqlalchemy import event

from plainscore.records import ConflictError, Questions, RowError, RunRow, Store, Touch, UnknownRowError
from plainscore.records._clock import month_number
from plainscore.records._questions import _has_bit

LONG_AGO, LATER = date(2000, 1, 1), date(2100, 1, 1)

QUESTIONS: dict[str, Callable[[Questions], Any]] = {
    "row": lambda ask: ask.row("decision", hex_id("first")),
    "has": lambda ask: ask.has("decision", hex_id("first")),
    "decision": lambda ask: ask.decision(hex_id("first")[:8]),
    "sequel": lambda ask: ask.sequel(hex_id("outcome")[:8]),
    "inputs_of": lambda ask: ask.inputs_of(hex_id("first")),
    "answered": lambda ask: ask.answered(["night/anna", "night/bert"]),
    "newest": lambda ask: ask.newest(hex_id("first")),
    "decisions": lambda ask: ask.decisions(after=(0,)),
    "decisions_of": lambda ask: ask.decisions_of("anna", after=(0, 0)),
    "decisions_in": lambda ask: ask.decisions_in(DECEMBER, after=(0,)),
    "decisions_of_run": lambda ask: ask.decisions_of_run("night", after=(0,)),
    "touched_by_account": lambda ask: ask.touched_by_account("account of anna", month=DECEMBER, after=(0,)),
    "touched_by_person": lambda ask: ask.touched_by_person("anna", after=(0, 0)),
    "sequels_of": lambda ask: ask.sequels_of(hex_id("first")),
    "sequels_in": lambda ask: ask.sequels_in("outcome", "approved", DECEMBER, after=(0, "00")),
    "sequels": lambda ask: ask.sequels("outcome", after=("", 0, 0, "00")),
    "appeals": lambda ask: ask.appeals(after=("00",)),
    "appeals_of": lambda ask: ask.appeals_of(hex_id("first")),
    "appeals_by": lambda ask: ask.appeals_by("anna"),
    "open_appeals": lambda ask: ask.open_appeals(after=(0, "00")),
    "open_tasks": lambda ask: ask.open_tasks(after=(0, "00")),
    "tasks_by": lambda ask: ask.tasks_by("anna"),
    "tallies": lambda ask: ask.tallies(LONG_AGO, LATER),
    "versions": lambda ask: ask.versions(["anna"]),
    "overlay_of": lambda ask: ask.overlay_of("anna"),
    "overlay_since": lambda ask: ask.overlay_since(0),
    "leaves": lambda ask: ask.leaves("decision", hex_id("first")),
}
IN_PAGES = {name for name in QUESTIONS if "after" in signature(getattr(Questions, name)).parameters}
"""Questions whose answers come in pages: none may read and sort all that it pages through."""

WITHOUT_STATEMENT = {"pseudonym"}
HEAD_ALONE = {"position"}


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Give the statements that are sent to the store."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _k: Any, text: str, parameters: Any, *_more: Any) -> None:
        seen.append((text, parameters))

    event.listen(store.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.database.engine, "before_cursor_execute", note)


def test_every_question_is_tried() -> None:
    """A question that is added is tried here too."""
    asked = {name for name in dir(Questions) if not name.startswith("_")}
    assert asked == set(QUESTIONS) | WITHOUT_STATEMENT | HEAD_ALONE


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_one_statement_over_an_index(store: Store, name: str) -> None:
    """No question reads a table from end to end, and none asks row by row."""
    keep(store, *one_of_each())
    ask = store.of(LENDER).ask
    ask.position()
    with statements(store) as seen:
        QUESTIONS[name](ask)
    # Where a position is asked for, the end of the log is read before.
    seen = [(text, parameters) for text, parameters in seen if "log_head" not in text and text != "BEGIN"]
    assert len(seen) == 1
    text, parameters = seen[0]
    with store.database.reading() as connection:
        if store.database.file is not None:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters).all()
            steps = [str(row[3]) for row in plan]
            assert steps
            assert not [step for step in steps if re.match(r"SCAN (?!CONSTANT)", step)], steps
            # By the lender alone is every row of the table, where there is one lender.
            assert not [step for step in steps if step.endswith("(lender=?)")], steps
            if name in IN_PAGES:
                assert not [step for step in steps if "TEMP B-TREE" in step], steps
        else:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            if name in IN_PAGES:
                connection.exec_driver_sql("SET LOCAL enable_sort = off")
            plan = connection.exec_driver_sql(f"EXPLAIN {text}", parameters).all()
            steps = [str(row[0]) for row in plan]
            assert not [step for step in steps if "Seq Scan" in step or "Disabled" in step], steps


def all_pages(question: Callable[..., Any], *words: Any, **more: Any) -> list[str]:
    """Return the ids of every page, two rows at a time."""
    found, after = [], None
    while True:
        page = question(*words, after=after, limit=2, **more)
        rows, after = page if isinstance(page, tuple) else (page.rows, page.after)
        found += [getattr(row, "decision", row).id for row in rows]
        assert len(rows) <= 2
        if after is None:
            return found


def test_pages_hold_every_row_once_and_in_order(store: Store) -> None:
    """Read two by two, an answer is what it is as a whole."""
    keep(store, RunRow(id="night", state="started", body=b""))
    for n in range(3):
        keep(store, *(a_decision(f"{n} {m}", run="night") for m in range(3)))
    keep(store, *(a_sequel(f"s{n}", f"0 {n % 3}") for n in range(5)))
    keep(store, *(an_appeal(f"{n} 0", due=None if n else DECEMBER) for n in range(3)))
    keep(store, *(a_task(f"t{n}", due=date(2026, 1, 7 - n)) for n in range(5)))
    ask = store.of(LENDER).ask
    expected = [hex_id(f"{n} {m}") for n in range(3) for m in range(3)]
    now = ask.decisions_of("anna").rows[0].moment.date()
    assert all_pages(ask.decisions_of, "anna") == expected
    assert all_pages(ask.touched_by_person, "anna") == expected
    assert all_pages(ask.touched_by_account, "account of anna") == expected
    assert all_pages(ask.decisions_of_run, "night") == expected
    assert all_pages(ask.decisions_in, now) == expected
    assert all_pages(ask.sequels_in, "outcome", "approved", now) == sorted(hex_id(f"s{n}") for n in range(5))
    assert all_pages(ask.open_tasks) == [hex_id(f"t{n}") for n in reversed(range(5))]
    assert all_pages(ask.open_appeals)[0] == an_appeal("0 0").id  # what has no term comes last
    assert len(set(all_pages(ask.open_appeals))) == 3


@pytest.mark.parametrize("limit", [0, -1, 10_001])
def test_a_page_has_a_size(sqlite_store: Store, limit: int) -> None:
    """An answer is never endless, and neither is a question."""
    with pytest.raises(RowError, match="ask in pages"):
        sqlite_store.of(LENDER).ask.decisions_of("anna", limit=limit)
    for question in (sqlite_store.of(LENDER).ask.answered, sqlite_store.of(LENDER).ask.versions):
        assert question([]) == {}
        with pytest.raises(RowError, match="ask in pages"):
            question(["anna"] * 10_001)


def test_a_beginning_names_one_decision(store: Store) -> None:
    """Eight digits are enough where one decision begins so; fewer, several and none are refused."""
    twin = "ab" * 31
    keep(store, a_decision("first"), a_decision("x", id=twin + "01"), a_decision("y", id=twin + "02"))
    ask = store.of(LENDER).ask
    assert ask.decision(hex_id("first")[:8].upper()).id == hex_id("first")
    assert ask.decision(hex_id("first")[:9]).id == hex_id("first")
    assert ask.decision(twin + "02").id == twin + "02"
    for wrong, told in (
        (twin[:20], "are several"),
        ("cd" * 8, "is no decision"),
        ("ab", "at least"),
        ("anna" * 3, "hexadecimal"),
        ("", "at least"),
        ("0" * 65, "at least"),
    ):
        with pytest.raises(UnknownRowError, match=told):
            ask.decision(wrong)


def test_only_the_newest_of_a_chain_is_touched(store: Store) -> None:
    """A correction touches the decision in force; those before it, and void runs, are left."""
    keep(
        store,
        RunRow(id="night", state="started", body=b""),
        a_decision("1"),
        a_decision("2", follows=hex_id("1")),
        a_decision("3", follows=hex_id("2")),
        a_decision("4", run="night"),
    )
    ours = store.of(LENDER)
    assert [ours.ask.newest(hex_id(str(n))).id for n in (1, 2, 3)] == [hex_id("3")] * 3
    assert [ours.ask.newest(hex_id(str(n))).columns["chain"] for n in (1, 4)] == [hex_id("1"), hex_id("4")]
    assert all_pages(ours.ask.touched_by_person, "anna") == [hex_id("3"), hex_id("4")]
    with ours.change() as change:
        change.replace(RunRow(id="night", state="void", body=b"", void=True), was=1)
    assert all_pages(ours.ask.touched_by_person, "anna") == [hex_id("3")]
    assert all_pages(ours.ask.touched_by_account, "account of anna") == [hex_id("3")]
    assert all_pages(ours.ask.decisions_of_run, "night") == [hex_id("4")]


def void(store: Store, *runs: str) -> None:
    """Make runs void."""
    with store.of(LENDER).change() as change:
        for run in runs:
            change.replace(RunRow(id=run, state="void", body=b"why", void=True), was=1)


def test_a_void_decision_does_not_hide_the_one_it_followed(store: Store) -> None:
    """Of a chain the newest that is not void is in force, and it is the one that is followed next."""
    keep(store, RunRow(id="night", state="done", body=b""), RunRow(id="dawn", state="done", body=b""))
    keep(store, a_decision("1"), a_decision("2", follows=hex_id("1"), run="night"))
    keep(store, a_decision("3", follows=hex_id("2"), run="dawn"), a_sequel("o3", "3"))
    ours = store.of(LENDER)
    for runs, standing in (((), "3"), (("dawn",), "2"), (("night",), "1")):
        void(store, *runs)
        assert {ours.ask.newest(hex_id(name)).id for name in "123"} == {hex_id(standing)}
        assert all_pages(ours.ask.touched_by_person, "anna") == [hex_id(standing)]
        assert all_pages(ours.ask.touched_by_account, "account of anna") == [hex_id(standing)]
    now = ours.ask.decisions_of("anna").rows[0].moment.date()
    assert ours.ask.sequels_in("outcome", "approved", now).rows == ()
    with pytest.raises(ConflictError, match=r"void: nothing follows it.*look at decision 6b86b273ff34"):
        keep(store, a_decision("4", follows=hex_id("3")))
    keep(store, a_decision("4", follows=hex_id("1")))
    assert ours.ask.newest(hex_id("2")).id == hex_id("4")
    with pytest.raises(ConflictError, match=r"Decision 6b86b273ff34 was followed by 4b227777d4dd at 2"):
        keep(store, a_decision("5", follows=hex_id("1")))
    assert store.verify().findings == []


def test_of_a_chain_that_is_void_nothing_is_the_newest(store: Store) -> None:
    """Where every decision of a chain is void none is in force, and a sentence says so."""
    keep(store, RunRow(id="night", state="done", body=b""))
    keep(store, a_decision("1", run="night"), a_decision("2", run="night", follows=hex_id("1")))
    void(store, "night")
    ours = store.of(LENDER)
    with pytest.raises(UnknownRowError, match=r"Decision 6b86b273ff34 and all of its chain .* are void"):
        ours.ask.newest(hex_id("1"))
    assert all_pages(ours.ask.touched_by_person, "anna") == []
    with pytest.raises(ConflictError, match="follow none, since all of the chain is void"):
        keep(store, a_decision("3", follows=hex_id("2")))
    keep(store, a_decision("3"))
    assert all_pages(ours.ask.touched_by_person, "anna") == [hex_id("3")]


def test_a_correction_touches_who_held_the_account_by_then(store: Store) -> None:
    """A statement touches decisions as of its month or later; whether they saw it is told exactly."""
    may, june, july = date(2025, 5, 31), date(2025, 6, 30), date(2025, 7, 31)
    for n, (as_of, months) in enumerate([(may, [may]), (july, [may, july]), (july, [june]), (None, [])]):
        seen = (Touch(account="a", months=months), Touch(account=f"other {n}", months=[june]))
        keep(store, a_decision(str(n), as_of=as_of, touches=seen))
    found, _ = store.of(LENDER).ask.touched_by_account("a", month=june)
    assert {one.decision.id: one.saw_month for one in found} == {
        hex_id("1"): False,
        hex_id("2"): True,
        hex_id("3"): False,  # a refusal that is as of no month
    }
    assert len(store.of(LENDER).ask.touched_by_account("a")[0]) == 4


@given(st.sets(st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 1, 1)), max_size=30))
def test_a_bitmap_holds_just_its_months(months: set[date]) -> None:
    """Of every month around, the bitmap knows whether it was seen."""
    first, bits = Touch(account="a", months=months).bitmap()
    numbers = {month_number(month) for month in months}
    span = range(min(numbers, default=5) - 3, max(numbers, default=5) + 20)
    assert {number for number in span if bits and _has_bit(bits, number - first)} == numbers


def test_counts_are_those_of_the_rows(store: Store) -> None:
    """Scored, refused, reasons and outcomes are counted by month, use and card."""
    keep(
        store,
        a_decision("1"),
        a_decision("2", reasons=("paid_late", "paid_late"), score=500),
        a_decision("3", score=None, refusal="thin_file", reasons=()),
        a_decision("4", use="test", card=None),
        a_sequel("o1", "1"),
        a_sequel("o2", "2", code="refused"),
        a_sequel("letter", "2", kind="letter", code=None),
    )
    told = {
        (one.use, one.card is None, one.what, one.code): one.count
        for one in store.of(LENDER).ask.tallies(LONG_AGO, LATER)
    }
    assert told == {
        ("lending", False, "scored", ""): 2,
        ("lending", False, "refused", "thin_file"): 1,
        ("lending", False, "reason", "paid_late"): 2,
        ("lending", False, "reason", "used_much"): 1,
        ("lending", False, "outcome", "approved"): 1,
        ("lending", False, "outcome", "refused"): 1,
        ("lending", False, "letter", ""): 1,
        ("test", True, "scored", ""): 1,
        ("test", True, "reason", "paid_late"): 1,
        ("test", True, "reason", "used_much"): 1,
    }


def test_a_void_run_counts_nowhere(store: Store) -> None:
    """A void run's decisions stay, count as nothing, take no more rows, and stay void."""
    ours = store.of(LENDER)
    keep(store, a_decision("before"), a_sequel("o0", "before"))
    before = ours.ask.tallies(LONG_AGO, LATER)
    keep(store, RunRow(id="night", state="done", body=b""))
    keep(store, a_decision("1", run="night"), a_decision("2", run="night", refusal="thin_file", score=None))
    keep(store, a_sequel("o1", "1"))
    assert ours.ask.tallies(LONG_AGO, LATER) != before
    with ours.change() as change:
        change.replace(RunRow(id="night", state="void", body=b"why", void=True), was=1)
    assert ours.ask.tallies(LONG_AGO, LATER) == before
    assert len(ours.ask.decisions_of_run("night").rows) == 2
    now = ours.ask.decisions_of("anna").rows[0].moment.date()
    assert all_pages(ours.ask.decisions_in, now) == [hex_id("before")]
    for row in (a_decision("3", run="night"), a_sequel("o2", "1")):
        with pytest.raises(ConflictError, match="is void"):
            keep(store, row)
    with pytest.raises(RowError, match="stays void"), ours.change() as change:
        change.replace(RunRow(id="night", state="done", body=b""), was=2)
    assert store.verify().findings == []


def test_a_run_that_is_added_void_takes_no_decision(store: Store) -> None:
    """A run is refused decisions when it is void, whenever it became so."""
    with pytest.raises(RowError, match="adds as void"):
        keep(store, RunRow(id="night", state="void", body=b"", void=True), a_decision("1", run="night"))
    keep(store, RunRow(id="night", state="void", body=b"", void=True))
    with pytest.raises(ConflictError, match="is void"):
        keep(store, a_decision("1", run="night"))
    assert store.of(LENDER).ask.decisions_of("anna").rows == ()


def test_the_overlay_is_read_from_a_position_on(store: Store) -> None:
    """A snapshot's position and what was laid over since then are everything, each row once."""
    ours = store.of(LENDER)
    keep(store, a_dispute("1"), a_decision("d"))
    rows, position = ours.ask.overlay_since(0)
    assert [one.id for one in rows] == [hex_id("1")]
    assert position == ours.ask.position()
    assert ours.ask.overlay_since(position) == ((), position)
    keep(store, *(a_dispute(str(n)) for n in range(2, 7)), a_decision("e"))
    found = []
    while True:
        rows, then = ours.ask.overlay_since(position, limit=2)
        found += [one.id for one in rows]
        if then == position:
            break
        position = then
    assert found == [hex_id(str(n)) for n in range(2, 7)]
    assert position == ours.ask.position()


def test_a_question_in_a_change_sees_what_it_replaced(store: Store) -> None:
    """Within a change, rows are as it has made them so far; outside, as they were."""
    keep(store, a_decision("first"), an_appeal("first"))
    ours = store.of(LENDER)
    with ours.change(people=["anna"]) as change:
        change.replace(an_appeal("first", state="upheld", open=False), was=1)
        assert change.ask.appeals_by("anna")[0].columns["state"] == "upheld"
        assert ours.ask.appeals_by("anna")[0].columns["state"] == "open"
    assert ours.ask.appeals_by("anna")[0].columns["state"] == "upheld"
