"""Changes of one process take turns; those who wait are kept by one commit, and are still changes apart."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from small_records import LENDER, Place, a_decision, a_dispute, a_sequel, erase, hex_id, keep
from sqlalchemy import event
from waiting_writers import commits, decide, decided, in_line
from write_faults import InjectedError, engines_of, fault_at, state_of

from plainscore.records import (
    ConflictError,
    CurrentRow,
    DefinitionRow,
    RecordsError,
    RowError,
    Store,
    UnsureError,
)
from plainscore.records import _turns as turns_module

NAMES = ("anna", "bert", "cleo")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a transaction be left to whoever waits, however slow this machine is."""
    monkeypatch.setattr(turns_module, "MOST_WAIT", 60.0)


def test_those_who_wait_are_kept_by_one_commit_in_their_order(sqlite_store: Store) -> None:
    """Three changes that wait take one commit; moments and leaves have the order in which they came."""
    store = sqlite_store
    keep(store, CurrentRow(id="spare", value="0"))
    with (
        commits(store) as seen,
        in_line(store, *(decide(store, person, person) for person in NAMES)) as clients,
    ):
        pass
    assert [client.error for client in clients] == [None] * 3
    assert len(seen) == 1
    ask = store.of(LENDER).ask
    rows = [ask.row("decision", hex_id(person)) for person in NAMES]
    assert [row.moment for row in rows] == sorted(row.moment for row in rows)
    places = [ask.leaves("decision", row.id)[0].position for row in rows]
    assert places == sorted(places)
    assert store.verify([store.log.checkpoint()]).findings == []


def test_what_decisions_are_made_with_is_kept_once_among_them(sqlite_store: Store) -> None:
    """Of three that name the same card, the first keeps it, and the others only where that stays."""
    store, card = sqlite_store, DefinitionRow(kind="card", body=b"a card")
    keep(store, CurrentRow(id="spare", value="0"))

    def act(name: str, fails: bool) -> Callable[[], None]:
        def decide_by_card() -> None:
            with store.of(LENDER).change(people=[name]) as change:
                change.add(card, a_decision(name, name))
                if fails:
                    raise ZeroDivisionError

        return decide_by_card

    acts = [act("anna", False), act("bert", True), act("cleo", False), act("dora", False)]
    with in_line(store, *acts) as clients:
        pass
    assert [client.kept for client in clients] == [True, False, True, True]
    assert store.of(LENDER).ask.row("definition", card.id).body == card.body
    assert len(store.of(LENDER).ask.leaves("definition", card.id)) == 1
    assert store.verify([store.log.checkpoint()]).findings == []


def test_nobody_is_told_before_the_commit(sqlite_store: Store) -> None:
    """Of changes that are kept together, the first is not told that it is kept before the last is done."""
    store = sqlite_store
    keep(store, CurrentRow(id="spare", value="0"))
    inside, go_on = threading.Event(), threading.Event()

    def last() -> None:
        with store.of(LENDER).change(people=["bert"]) as change:
            change.add(a_decision("of bert", "bert"))
            inside.set()
            assert go_on.wait(60)

    with in_line(store, decide(store, "of anna", "anna"), last) as clients:
        threading.Thread(target=lambda: (inside.wait(60), told.append(clients[0].kept), go_on.set())).start()
        told: list[bool] = []
    assert told == [False]
    assert [client.kept for client in clients] == [True, True]


def test_a_change_that_fails_is_undone_alone(sqlite_store: Store) -> None:
    """Whoever comes before and after it is kept, wherever in the line it stands."""
    store = sqlite_store

    def fail() -> None:
        with store.of(LENDER).change(people=["dora"]) as change:
            change.add(a_decision("of dora", "dora"))
            raise ZeroDivisionError

    acts = [decide(store, person, person) for person in NAMES[:2]]
    for at in range(3):
        names = [f"{person} {at}" for person in NAMES[:2]]
        acts = [decide(store, name, person) for name, person in zip(names, NAMES, strict=False)]
        with in_line(store, *acts[:at], fail, *acts[at:]) as clients:
            pass
        assert isinstance(clients.pop(at).error, ZeroDivisionError)
        assert all(client.kept for client in clients)
        assert {hex_id(name) for name in names} <= {
            row for rows in decided(store, *NAMES).values() for row in rows
        }
    assert decided(store, "dora") == {"dora": []}
    assert store.verify([store.log.checkpoint()]).findings == []


def test_the_loser_of_two_that_are_kept_together_is_told(sqlite_store: Store) -> None:
    """The same request is answered once, within one commit too, and the loser is told by what."""
    store = sqlite_store
    keep(store, CurrentRow(id="spare", value="0"))
    acts = [decide(store, "of anna", "anna", request="a"), decide(store, "of bert", "bert", request="a")]
    with commits(store) as seen, in_line(store, *acts) as clients:
        pass
    assert len(seen) == 1
    assert [client.kept for client in clients] == [True, False]
    assert isinstance(clients[1].error, ConflictError)
    assert f"answered by decision {hex_id('of anna')[:12]}" in str(clients[1].error)
    assert decided(store, "anna", "bert") == {"anna": [hex_id("of anna")], "bert": []}


def test_two_about_one_person_are_never_kept_by_one_commit(sqlite_store: Store) -> None:
    """Whoever comes second sees, also through the store's own questions, what the first has kept."""
    store = sqlite_store
    keep(store, CurrentRow(id="spare", value="0"))
    seen: list[int] = []

    def decide_again() -> None:
        with store.of(LENDER).change(people=["anna"]) as change:
            seen.append(len(decided(store, "anna")["anna"]))
            change.add(a_decision(f"{len(seen)} of anna"))

    acts = (decide_again, decide(store, "of bert", "bert"), decide_again)
    with commits(store) as kept, in_line(store, *acts):
        pass
    assert seen == [0, 1]
    assert len(kept) == 2


def lay_over(store: Store) -> None:
    """Lay something over the deliveries."""
    keep(store, a_dispute("laid over"))


def replace(store: Store) -> None:
    """Put a row in the place of another."""
    with store.of(LENDER).change() as change:
        change.replace(CurrentRow(id="spare", value="1"), was=1)


def empty(store: Store) -> None:
    """Erase somebody."""
    erase(store, "dora")


@pytest.mark.parametrize("act", [lay_over, replace, empty])
def test_what_others_build_on_is_kept_before_they_begin(
    sqlite_store: Store, act: Callable[[Store], None]
) -> None:
    """Whatever does more than decide ends its commit: nobody reads, and keeps in mind, what may be undone."""
    store = sqlite_store
    keep(store, CurrentRow(id="spare", value="0"))
    keep(store, a_decision("of dora", "dora"), people=("dora",))
    seen: list[int] = []

    def look() -> None:
        with store.of(LENDER).change(people=["bert"]) as change:
            seen.extend((change.ask.position(), store.of(LENDER).ask.position()))

    with in_line(store, decide(store, "of cleo", "cleo"), lambda: act(store), look) as clients:
        pass
    assert [client.error for client in clients] == [None] * 3
    assert seen[0] == seen[1] == store.of(LENDER).ask.position()


def test_the_log_ends_for_a_change_where_it_was_committed(sqlite_store: Store) -> None:
    """A change sees no position of the log that another, kept by the same commit, may still lose."""
    store = sqlite_store
    keep(store, CurrentRow(id="spare", value="0"))
    before, seen = store.of(LENDER).ask.position(), []

    def look() -> None:
        with store.of(LENDER).change(people=["bert"]) as change:
            seen.append((change.ask.position(), change.ask.overlay_since(0)[1]))
            change.add(a_decision("of bert", "bert"))

    with commits(store) as kept, in_line(store, decide(store, "of anna", "anna"), look):
        pass
    assert seen == [(before, before)]
    assert len(kept) == 1
    assert store.of(LENDER).ask.position() > before


def test_what_is_old_is_left_to_nobody(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a transaction has lasted for its time it is committed, whoever waits."""
    monkeypatch.setattr(turns_module, "MOST_WAIT", 0.0)
    with (
        commits(sqlite_store) as kept,
        in_line(sqlite_store, *(decide(sqlite_store, person, person) for person in NAMES)),
    ):
        pass
    assert len(kept) == 3 + 1  # and the lender, which is new


def test_a_commit_that_fails_keeps_nothing_and_tells_everybody(file_place: Place) -> None:
    """Each of those whom it was to keep is told that nothing was kept, and can try again at once."""
    with file_place.opened() as store:
        keep(store, CurrentRow(id="spare", value="0"))
        before, acts = state_of(store), [decide(store, person, person) for person in NAMES]

        def fail(_connection: Any) -> None:
            raise InjectedError

        event.listen(store.database.engine, "commit", fail)
        with in_line(store, *acts) as clients:
            pass
        event.remove(store.database.engine, "commit", fail)
        assert sorted(type(client.error).__name__ for client in clients) == [
            "InjectedError",
            "RecordsError",
            "RecordsError",
        ]
        assert all("Nothing of this change was kept" in str(client.error) for client in clients[:2])
        assert state_of(store) == before
        with in_line(store, *acts) as clients:
            pass
        assert all(client.kept for client in clients)
        assert store.verify([store.log.checkpoint()]).findings == []


def test_one_that_lost_to_what_was_not_kept_is_not_told_so(file_place: Place) -> None:
    """A conflict with a change that a failing commit undid is no conflict."""
    with file_place.opened() as store:
        keep(store, CurrentRow(id="spare", value="0"))

        def fail(_connection: Any) -> None:
            raise InjectedError

        with in_line(
            store,
            decide(store, "of anna", "anna", request="a"),
            decide(store, "of bert", "bert", request="a"),
            decide(store, "of cleo", "cleo"),
        ) as clients:
            event.listen(store.database.engine, "commit", fail)
        event.remove(store.database.engine, "commit", fail)
        assert type(clients[0].error) is RecordsError
        assert type(clients[1].error) is InjectedError


def test_a_fault_at_any_write_of_three_that_wait_is_whole_for_each(file_place: Place) -> None:
    """Whichever write fails, who was told that it is kept is in the store whole, and nobody else."""
    with file_place.opened() as store:
        keep(store, CurrentRow(id="spare", value="0"))
        at, kept_by_some = 0, 0
        while True:
            at += 1
            names = {person: f"{person} {at}" for person in NAMES}
            rows = {
                person: (a_decision(name, person), a_sequel(f"{name} outcome", name, person))
                for person, name in names.items()
            }

            def act(person: str, rows: dict[str, Any] = rows) -> Callable[[], None]:
                return lambda: keep(store, *rows[person], people=(person,))

            with in_line(store, *(act(person) for person in NAMES)) as clients:
                fault = fault_at(engines_of(store), at)
                reached = fault.__enter__()
            fault.__exit__(None, None, None)
            ask = store.of(LENDER).ask
            for client, (person, name) in zip(clients, names.items(), strict=True):
                there = {
                    hex_id(name) in {row.id for row in ask.decisions_of(person).rows},
                    len(ask.sequels_of(hex_id(name))) == 1,
                }
                assert there == {client.kept}, (at, person, client.error)
            assert store.verify([store.log.checkpoint()]).findings == []
            kept_by_some += 0 < sum(client.kept for client in clients) < len(clients)
            if reached[0] < at:
                break
        assert all(client.kept for client in clients)
        assert at > 20
        assert kept_by_some > 10


def test_others_that_write_have_a_turn_of_their_own(sqlite_store: Store) -> None:
    """What is not a change, such as growing the log's tree, is no part of a commit of changes."""
    store = sqlite_store
    keep(store, CurrentRow(id="spare", value="0"))
    acts = (decide(store, "of anna", "anna"), store.log.checkpoint, decide(store, "of bert", "bert"))
    with commits(store) as seen, in_line(store, *acts) as clients:
        pass
    assert [client.error for client in clients] == [None] * 3
    assert len(seen) == 3


def test_whoever_asks_again_stands_behind_those_who_wait(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that writes without a pause passes nobody over, who came before it asked again."""
    monkeypatch.setattr(turns_module, "MOST_WAIT", 0.0)
    store, order = sqlite_store, list[str]()
    keep(store, CurrentRow(id="spare", value="0"))

    def act(*names: str) -> Callable[[], None]:
        def each() -> None:
            for name in names:
                with store.of(LENDER).change(people=[name]) as change:
                    order.append(name)
                    change.add(a_decision(f"{name} {len(order)}", name))

        return each

    with in_line(store, act("anna", "anna", "anna"), act("bert"), act("cleo")) as clients:
        pass
    assert all(client.kept for client in clients)
    assert order == ["anna", "bert", "cleo", "anna", "anna"]


def test_whoever_is_interrupted_while_waiting_is_out_of_the_line(sqlite_store: Store) -> None:
    """Those behind go on."""
    turns, place = sqlite_store.database._turns, turns_module._Place(frozenset())
    assert turns is not None
    place.turn.wait = Mock(side_effect=KeyboardInterrupt)  # type: ignore[method-assign]
    with turns.alone(), pytest.raises(KeyboardInterrupt):
        turns._enter(place)
    assert list(turns._waiting) == []
    keep(sqlite_store, a_decision("first"))


def test_what_was_left_to_one_who_is_interrupted_is_committed(sqlite_store: Store) -> None:
    """Whoever is interrupted just when the turn came has it, and ends what the one before began."""
    turns, place = sqlite_store.database._turns, turns_module._Place(frozenset())
    assert turns is not None

    def given(*_: Any) -> None:
        place.left = turns._begun()
        turns._waiting.remove(place)
        raise KeyboardInterrupt

    place.turn.wait = given  # type: ignore[method-assign, assignment]
    turns._taken = True
    with pytest.raises(KeyboardInterrupt):
        turns._enter(place)
    assert place.left is not None
    assert place.left.ended.is_set()
    keep(sqlite_store, a_decision("first"))


def test_what_an_interrupted_commit_has_done_is_not_known(sqlite_store: Store) -> None:
    """Whoever was to be kept by a commit that was interrupted is told to ask first."""
    store = sqlite_store
    keep(store, CurrentRow(id="spare", value="0"))

    def interrupt(_connection: Any) -> None:
        raise KeyboardInterrupt

    with in_line(store, *(decide(store, person, person) for person in NAMES)) as clients:
        event.listen(store.database.engine, "commit", interrupt)
    event.remove(store.database.engine, "commit", interrupt)
    assert [type(client.error) for client in clients[:2]] == [UnsureError] * 2
    assert isinstance(clients[2].error, KeyboardInterrupt)
    keep(store, a_decision("first"))


def test_a_row_that_is_refused_is_no_hindrance(sqlite_store: Store) -> None:
    """A change whose rows cannot be kept is refused by name, and the others of its commit are kept."""
    store = sqlite_store
    keep(store, CurrentRow(id="spare", value="0"))

    def wrong() -> None:
        keep(store, a_decision("of bert", "bert", run="nobody began it"), people=("bert",))

    with commits(store) as seen, in_line(store, decide(store, "of anna", "anna"), wrong) as clients:
        pass
    assert clients[0].kept
    assert isinstance(clients[1].error, RowError)
    assert len(seen) == 1
