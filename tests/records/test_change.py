"""A change is kept whole or not at all, whatever fails; the loser of a race is told what the winner did."""

from __future__ import annotations

from typing import Any

import pytest
from small_records import (
    DECEMBER,
    LENDER,
    Place,
    a_decision,
    a_dispute,
    a_sequel,
    a_task,
    an_appeal,
    hex_id,
    keep,
    one_of_each,
)
from write_faults import InjectedError, engines_of, fault_at, state_of

from plainscore.records import (
    ConflictError,
    CurrentRow,
    DecisionRow,
    DefinitionRow,
    ErasedError,
    HeldBackError,
    LenderError,
    RowError,
    RunRow,
    Store,
    Touch,
    UnknownRowError,
)


def everything(store: Store) -> None:
    """Make a change that writes in every way that there is."""
    with store.of(LENDER).change(people=["anna", "bert"]) as change:
        change.add(a_decision("second", follows=hex_id("first")), a_sequel("letter", "second", kind="letter"))
        change.add(DefinitionRow(kind="words", body=b"words"), a_decision("of bert", person="bert"))
        change.add(RunRow(id="morning", state="started", body=b""))
        change.replace(an_appeal("first", state="upheld", open=False), was=1)
        change.replace(RunRow(id="spare", state="void", body=b"{}", void=True), was=1)
        change.replace(CurrentRow(id="manifest", value="def"), was=1)
        change.add(a_dispute("correction", kind="correction"))


def test_a_fault_at_any_write_keeps_nothing_and_the_second_try_succeeds(place: Place) -> None:
    """Whichever write fails, nothing of the change is there, and the same change can be made at once."""
    with place.opened() as store:
        keep(store, *one_of_each())
        keep(store, RunRow(id="spare", state="started", body=b""), a_decision("in spare", run="spare"))
        engines = engines_of(store)
        before, at = state_of(store), 0
        while True:
            at += 1
            try:
                with fault_at(engines, at):
                    everything(store)
            except InjectedError:
                assert state_of(store) == before
                continue
            break
        assert at > 15
        assert state_of(store) != before
        assert store.verify().findings == []
        ask = store.of(LENDER).ask
        assert ask.newest(hex_id("first")).id == hex_id("second")
        assert ask.row("appeal", an_appeal("first").id).columns["state"] == "upheld"


def test_a_fault_at_any_write_of_an_erasure_is_made_good(place: Place) -> None:
    """An erasure that stops anywhere is undone as a whole, or its keys end at the next start."""
    with place.opened() as store:
        keep(store, a_decision("first"), a_dispute("dispute"))
        keys = store.keys.of([store.of(LENDER).ask.pseudonym("anna")], "use")
        assert len(keys) == 1
    at = 0
    while True:
        at += 1
        with place.opened() as store:
            ours = store.of(LENDER)
            engines = engines_of(store)
            try:
                with fault_at(engines, at), ours.change(people=["anna"]) as change:
                    change.erase("anna")
            except InjectedError:
                pass
            else:
                break
        with place.opened() as store:
            ours = store.of(LENDER)
            erased = ours.ask.decisions_of("anna").rows[0].erased is not None
            assert bool(store.keys.of([ours.ask.pseudonym("anna")], "use")) is not erased
            assert store.verify().findings == []
            if erased:
                break
    assert at > 5


def test_what_raises_inside_a_change_keeps_nothing(store: Store) -> None:
    """An error of the caller undoes the change and reaches the caller as it is."""

    def fail() -> None:
        with store.of(LENDER).change(people=["anna"]) as change:
            change.add(a_decision("first"))
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.of(LENDER).ask.decisions_of("anna").rows == ()


def test_rows_come_back_as_they_were_given(store: Store) -> None:
    """Bodies, inputs and index columns of every kind come back, and the log has a leaf for each."""
    keep(store, *one_of_each())
    ask = store.of(LENDER).ask
    first = ask.row("decision", hex_id("first"))
    assert first.body == a_decision("first").body
    assert (first.version, first.erased) == (1, None)
    assert first.columns["as_of"] == DECEMBER
    assert first.columns["reasons"] == ("paid_late", "used_much")
    assert first.columns["attributes"] == b"\x01\x02"
    assert ask.inputs_of(hex_id("first")) == b"what anna paid"
    assert ask.row("appeal", an_appeal("first").id).body == b"I paid in time"
    assert ask.row("run", "night").body == b"{}"
    assert ask.row("current", "manifest").columns["value"] == "abc"
    assert (
        ask.row("definition", DefinitionRow(kind="card", body=b'{"base": 500}').id).body == b'{"base": 500}'
    )
    # The lender, its inputs, and one row of each of eight kinds.
    assert ask.position() == 10
    assert [one.position for one in ask.leaves("decision", hex_id("first"))] == [5]


def test_a_definition_and_the_same_inputs_are_kept_once(store: Store) -> None:
    """What many decisions name is kept once, and has one leaf."""
    card = DefinitionRow(kind="card", body=b"a card")
    keep(store, card, a_decision("first"))
    size = store.of(LENDER).ask.position()
    keep(store, card, card, a_decision("second"))
    assert store.of(LENDER).ask.position() == size + 1
    assert store.of(LENDER).ask.inputs_of(hex_id("second")) == b"what anna paid"


def test_the_loser_is_told_what_the_winner_did(store: Store) -> None:
    """Of two who replace one version, the second is told what it is now, and nothing of theirs is kept."""
    keep(store, a_decision("first"), an_appeal("first"))
    ours = store.of(LENDER)
    with ours.change(people=["anna"]) as change:
        change.replace(an_appeal("first", state="rejected", open=False), was=1)

    def uphold() -> None:
        with ours.change(people=["anna"]) as change:
            change.add(a_decision("second"))
            change.replace(an_appeal("first", state="upheld", open=False), was=1)

    with pytest.raises(ConflictError, match=r"is 'rejected' since 2.* was first.*look at it again"):
        uphold()
    assert [one.id for one in ours.ask.decisions_of("anna").rows] == [hex_id("first")]
    assert ours.ask.row("appeal", an_appeal("first").id).version == 2


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (a_decision("first"), "Decision a7937b64b8ca was kept at"),
        (a_decision("other", request="r"), "The request was answered by decision a7937b64b8ca at"),
        (a_decision("other", follows=hex_id("first")), "was followed by .* somebody else was first"),
    ],
)
def test_a_collision_says_what_is_there(store: Store, second: DecisionRow, told: str) -> None:
    """An id, a request and the place behind a decision are taken once; the error says by whom."""
    keep(store, a_decision("first", request="r"), a_decision("follower", follows=hex_id("first")))
    with pytest.raises(ConflictError, match=told) as caught:
        keep(store, second)
    assert "anna" not in str(caught.value)
    assert store.verify().findings == []


def test_a_change_lets_a_decision_be_followed_once(store: Store) -> None:
    """Two that follow the same are refused as what they are: this change's own, not somebody else's."""
    keep(store, a_decision("first"))
    twice = [a_decision(name, follows=hex_id("first")) for name in ("second", "third")]
    with pytest.raises(RowError, match="one decision that follows a7937b64b8ca, and this one adds two"):
        keep(store, *twice)
    keep(store, twice[0], a_decision("third", follows=hex_id("second")))
    assert store.of(LENDER).ask.newest(hex_id("first")).id == hex_id("third")


def test_a_change_takes_nothing_after_its_block(store: Store) -> None:
    """What came too late to be kept is refused, after a change that was kept and after one that failed."""
    keep(store, a_decision("first"), an_appeal("first"))
    with store.of(LENDER).change(people=["anna"]) as kept:
        pass
    with pytest.raises(InjectedError), store.of(LENDER).change(people=["anna"]) as failed:
        raise InjectedError
    settled = an_appeal("first", state="rejected", open=False)
    for change in (kept, failed):
        for late in (
            lambda change: change.add(a_decision("late")),
            lambda change: change.replace(settled, was=1),
            lambda change: change.erase("anna"),
            lambda change: change.ask.newest(hex_id("first")),
        ):
            with pytest.raises(RowError, match=r"This change has ended.*Begin another"):
                late(change)
    assert store.of(LENDER).ask.row("appeal", settled.id).version == 1


def test_an_erasure_that_is_held_back_leaves_the_change(store: Store) -> None:
    """A caller that goes on after an open appeal held an erasure back keeps the rest of the change."""
    keep(store, a_decision("first"), an_appeal("first"))
    with store.of(LENDER).change(people=["anna"]) as change:
        with pytest.raises(HeldBackError):
            change.erase("anna")
        change.add(a_task("erase later"))
    assert [one.id for one in store.of(LENDER).ask.open_tasks().rows] == [hex_id("erase later")]


def test_a_request_is_answered_once(store: Store) -> None:
    """Whoever tries again asks by the same request first, and finds the answer."""
    keep(store, a_decision("first", request="run 7/anna"))
    answered = store.of(LENDER).ask.answered(["run 7/anna", "run 7/bert"])
    assert {request: kept.id for request, kept in answered.items()} == {"run 7/anna": hex_id("first")}


def test_a_change_names_its_people(store: Store) -> None:
    """A row about somebody whom the change did not lock is refused."""
    with pytest.raises(RowError, match="names everybody"), store.of(LENDER).change(people=["bert"]) as change:
        change.add(a_decision("first"))


@pytest.mark.parametrize(
    "row",
    [
        a_sequel("outcome", "absent"),
        an_appeal("absent"),
        a_decision("second", follows=hex_id("absent")),
        a_decision("second", run="absent"),
        a_sequel("outcome", "of bert"),
        an_appeal("of bert"),
        a_decision("second", follows=hex_id("of bert")),
        a_sequel("outcome", "first", kind="scored"),
    ],
)
def test_a_row_names_what_is_kept_of_the_same_person(store: Store, row: Any) -> None:
    """What names a decision or a run that is absent, or somebody else's, is refused."""
    keep(store, a_decision("first"), a_decision("of bert", person="bert"), people=("anna", "bert"))
    with pytest.raises(RowError):
        keep(store, row)
    assert store.verify().findings == []


def test_what_a_row_is_about_stays(store: Store) -> None:
    """Replacing a row cannot move it to another person or decision, nor make one that is not there."""
    keep(store, a_decision("first"), a_decision("second"), an_appeal("first"))
    ours = store.of(LENDER)
    moved = an_appeal("first", person="bert")
    with pytest.raises(RowError, match="somebody else"), ours.change(people=["anna", "bert"]) as change:
        change.replace(moved, was=1)
    with pytest.raises(RowError, match="another decision"), ours.change(people=["anna"]) as change:
        change.replace(
            type(moved)(
                id=moved.id, person="anna", decision=hex_id("second"), state="open", open=True, body=b""
            ),
            was=1,
        )
    with pytest.raises(UnknownRowError), ours.change(people=["anna"]) as change:
        change.replace(an_appeal("second"), was=1)


def test_an_overlay_row_raises_its_persons_version(store: Store) -> None:
    """Whoever looked at a person before a withdrawal sees that it is another version."""
    ours = store.of(LENDER)
    assert ours.ask.versions(["anna", "bert"]) == {"anna": 0, "bert": 0}
    keep(store, a_dispute("one"), a_dispute("two", person="bert"), people=("anna", "bert"))
    keep(store, a_dispute("three"))
    assert ours.ask.versions(["anna", "bert"]) == {"anna": 2, "bert": 1}
    with ours.change(people=["anna"]) as change:
        assert change.versions == {"anna": 2}


@pytest.mark.parametrize("name", ["", " ", "a\nb", " Sample Lender"])
def test_every_question_has_a_lender(store: Store, name: str) -> None:
    """A store without a lender answers nothing."""
    with pytest.raises(LenderError):
        store.of(name)


def test_another_lender_sees_nothing(store: Store) -> None:
    """The rows of one lender are to another as if they were not there, and people have another pseudonym."""
    keep(store, *one_of_each())
    other = store.of("Another Lender")
    for _ in range(2):  # before it has kept anything, and after
        ask = other.ask
        assert ask.decisions_of("anna").rows == ()
        assert ask.touched_by_account("account of anna") == ((), None)
        assert ask.touched_by_person("anna").rows == ()
        assert ask.overlay_since(0)[0] == ask.overlay_of("anna") == ()
        assert (
            ask.sequels_of(hex_id("first")) == ask.appeals_of(hex_id("first")) == ask.appeals_by("anna") == ()
        )
        assert ask.open_appeals().rows == ask.open_tasks().rows == ()
        assert ask.decisions_of_run("night").rows == ask.decisions_in(DECEMBER).rows == ()
        assert ask.answered(["night/anna"]) == {}
        assert ask.leaves("decision", hex_id("first")) == ()
        assert ask.versions(["anna"]) == {"anna": 0}
        assert not [
            one for one in ask.tallies(DECEMBER.replace(year=2000), DECEMBER.replace(year=2100)) if one.what
        ]
        for kind, row in (("decision", hex_id("first")), ("current", "manifest"), ("run", "night")):
            with pytest.raises(UnknownRowError):
                ask.row(kind, row)  # type: ignore[arg-type]
        for question in (ask.decision, ask.newest, ask.inputs_of):
            with pytest.raises(UnknownRowError):
                question(hex_id("first"))
        with pytest.raises(UnknownRowError), other.change() as change:
            change.replace(CurrentRow(id="manifest", value="mine"), was=1)
    ours = store.of(LENDER).ask
    assert ours.pseudonym("anna") != other.ask.pseudonym("anna")
    assert ours.pseudonym("anna") == store.of(LENDER).ask.pseudonym("anna")


def test_a_row_of_another_form_is_refused() -> None:
    """Ids, words and sizes have a form; the message never repeats what was given."""
    for wrong in (
        {"id": "anna"},
        {"use": "Lending to anna"},
        {"card": "anna"},
        {"follows": hex_id("d")},
        {"score": 2**31},
        {"score": None},
        {"refusal": "thin_file"},
        {"person": ""},
        {"body": bytes(2**24 + 1)},
        {"touches": (Touch(account="a", months=[]), Touch(account="a", months=[]))},
    ):
        with pytest.raises(RowError) as caught:
            a_decision("d", **wrong)  # type: ignore[arg-type]
        assert "anna" not in str(caught.value)


def test_an_erased_row_is_not_replaced(store: Store) -> None:
    """What was emptied stays as it is."""
    keep(store, a_decision("first"), an_appeal("first", state="rejected", open=False))
    ours = store.of(LENDER)
    with ours.change(people=["anna"]) as change:
        change.erase("anna")
    with pytest.raises(ErasedError), ours.change(people=["anna"]) as change:
        change.replace(an_appeal("first"), was=2)
