"""After an erasure: who comes back keeps what they say, and nothing is added to what was erased."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from typing import Any

import pytest
from small_records import (
    LENDER,
    a_decision,
    a_dispute,
    a_sequel,
    a_task,
    an_appeal,
    erase,
    hex_id,
    keep,
)

from plainscore.records import (
    Change,
    ErasedError,
    KeyStillThereError,
    RowError,
    Store,
)
from plainscore.records._keys import Purpose
from plainscore.records._row_kinds import OF_ROW


def test_who_comes_back_at_once_keeps_what_they_say(store: Store) -> None:
    """Between an erasure and the end of its key nothing is sealed with that key, however close it comes."""
    keep(store, a_dispute("before"))
    destroy, done = store.keys.destroy, threading.Event()

    def come_back() -> None:
        while not done.is_set():
            try:
                keep(store, a_dispute("after"))
            except KeyStillThereError:
                time.sleep(0.01)
            else:
                done.set()

    back = threading.Thread(target=come_back)

    def slowly(people: Mapping[str, int], purpose: Purpose) -> bool:
        back.start()
        done.wait(0.5)
        return destroy(people, purpose)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store.keys, "destroy", slowly)
        erase(store)
    back.join(30)
    assert [one.body for one in store.of(LENDER).ask.overlay_of("anna")] == [b"not mine"]


def test_a_second_caller_ends_no_key_of_who_came_back(store: Store) -> None:
    """Of two who end keys, the later one, with a list of before, does not reach a key that was made since."""
    keep(store, a_dispute("before"))
    destroy, waiting = store.keys.destroy, [True]
    first = threading.Thread(target=store.end_keys)

    def after_the_first(people: Mapping[str, int], purpose: Purpose) -> bool:
        if waiting and people:
            waiting.clear()
            first.start()
            first.join(0.5)
            with suppress(KeyStillThereError):
                if not first.is_alive():
                    keep(store, a_dispute("after"))
        return destroy(people, purpose)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store.keys, "destroy", after_the_first)
        erase(store)
        first.join(30)
    ours = store.of(LENDER).ask
    if not ours.overlay_of("anna"):
        keep(store, a_dispute("after"))
    assert [one.body for one in ours.overlay_of("anna")] == [b"not mine"]


def test_nobody_is_named_while_their_key_is_still_to_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that names somebody whose erasure is not done is refused, until it is."""
    keep(store, a_dispute("before"))
    with monkeypatch.context() as patch:
        patch.setattr(store.keys, "destroy", lambda *_words: False)
        with pytest.raises(KeyStillThereError, match="The erasure is kept"):
            erase(store)
    with pytest.raises(KeyStillThereError, match=r"not destroyed yet.*Nothing of this change was kept"):
        keep(store, a_dispute("early"))
    keep(store, a_dispute("of bert", person="bert"), people=("bert",))
    assert store.end_keys() == 0
    keep(store, a_dispute("after"))
    assert [one.id for one in store.of(LENDER).ask.overlay_of("anna")] == [hex_id("after")]


def test_an_erased_person_raises_their_version_and_may_come_back(store: Store) -> None:
    """A desk sees that the person moved; who consents again has a new key, and the old rows stay closed."""
    keep(store, a_dispute("before"))
    erase(store)
    ask = store.of(LENDER).ask
    assert ask.versions(["anna"]) == {"anna": 2}
    keep(store, a_dispute("after"))
    assert [one.id for one in ask.overlay_of("anna")] == [hex_id("after")]
    rows, _ = ask.overlay_since(0)
    assert [(one.id, one.body) for one in rows] == [(hex_id("before"), None), (hex_id("after"), b"not mine")]


FOLLOWERS: dict[str, Any] = {
    "decision": a_decision("second", follows=hex_id("first")),
    "outcome": a_sequel("outcome", "first"),
    "letter": a_sequel("letter", "first", kind="letter", code=None),
    "open appeal": an_appeal("first"),
    "settled appeal": an_appeal("first", state="rejected", open=False),
    "open task": a_task("task", decision=hex_id("first")),
    "done task": a_task("task", decision=hex_id("first"), state="done", open=False),
}


def test_every_row_that_names_a_decision_is_tried() -> None:
    """A kind of row that comes to name a decision is tried below."""
    names = {"decision", "follows"}
    naming = {row for row in OF_ROW if names & {one.name for one in fields(row)}}
    assert {type(row) for row in FOLLOWERS.values()} == naming


@pytest.mark.parametrize("name", FOLLOWERS)
def test_nothing_is_added_that_names_an_erased_decision(store: Store, name: str) -> None:
    """What follows a decision ends with its erasure: alone, beside other rows, and behind one of them."""
    keep(store, a_decision("first"), a_decision("of bert", "bert"), people=("anna", "bert"))
    erase(store)
    back = a_decision("back")
    keep(store, back, a_task("of nothing"))
    before = store.of(LENDER).ask.position()
    row = FOLLOWERS[name]
    beside = a_sequel("of another", "of bert", "bert")
    for rows in ((row,), (beside, row), (row, beside), (a_decision("third", follows=back.id), row)):
        with pytest.raises(ErasedError, match=r"^This decision was erased on 2.*Make a new decision"):
            keep(store, *rows, people=("anna", "bert"))
    ask = store.of(LENDER).ask
    assert ask.position() == before
    assert ask.newest(hex_id("first")).id == hex_id("first")
    assert ask.sequels_of(hex_id("first")) == ask.appeals_of(hex_id("first")) == ()
    assert [one.id for one in ask.open_tasks().rows] == [hex_id("of nothing")]
    assert store.verify().findings == []


@pytest.mark.parametrize("name", FOLLOWERS)
def test_what_names_a_decision_cannot_come_with_its_erasure(store: Store, name: str) -> None:
    """In one change with the erasure nothing is added, before it or after it, and nothing is erased."""
    keep(store, a_decision("first"))

    def together(change: Change, *, erasure_first: bool) -> None:
        if erasure_first:
            change.erase("anna")
        change.add(FOLLOWERS[name])
        if not erasure_first:
            change.erase("anna")

    for erasure_first in (True, False):
        with (
            pytest.raises(RowError, match="erases a person adds no rows"),
            store.of(LENDER).change(people=["anna"]) as change,
        ):
            together(change, erasure_first=erasure_first)
    assert store.of(LENDER).ask.decisions_of("anna").rows[0].erased is None
    assert store.verify().findings == []


def test_a_change_that_erases_adds_nothing_about_the_person(store: Store) -> None:
    """Rows added beside an erasure would be sealed with the key that it ends."""
    keep(store, a_decision("first"))

    def both() -> None:
        with store.of(LENDER).change(people=["anna"]) as change:
            change.erase("anna")
            change.add(a_dispute("late"))

    with pytest.raises(RowError, match="adds no rows"):
        both()
    assert store.of(LENDER).ask.decisions_of("anna").rows[0].erased is None
