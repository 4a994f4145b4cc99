"""An erasure hides at once, and leaves nothing that can be read; decisions stay as sealed proof."""

from __future__ import annotations

from datetime import date
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
    erase,
    hex_id,
    keep,
    one_of_each,
)
from sqlalchemy import event, select

from plainscore.records import (
    BusyError,
    ErasedError,
    HeldBackError,
    KeyStillThereError,
    Store,
)
from plainscore.records import _postgresql as postgresql_module
from plainscore.records import _sqlite as sqlite_module
from plainscore.records._database import Database
from plainscore.records._keys import PERSON_KEYS
from plainscore.records._row_kinds import KINDS, KindName, row_hash, row_text
from plainscore.records._tables import LOG_LEAVES, TOUCHES


def settle(store: Store) -> None:
    """Settle the appeal of `one_of_each`."""
    with store.of(LENDER).change(people=["anna"]) as change:
        change.replace(an_appeal("first", state="rejected", open=False), was=1)


def test_an_erasure_empties_what_is_in_the_plain(store: Store) -> None:
    """Index columns are empty, touches are forgotten, and the overlay shows no more of the person."""
    keep(store, *one_of_each(), a_decision("of bert", person="bert"), people=("anna", "bert"))
    settle(store)
    assert erase(store) == 5
    ask = store.of(LENDER).ask
    (kept,) = ask.decisions_of("anna").rows
    assert kept.erased is not None
    assert kept.version == 2
    assert kept.columns["reasons"] == ()
    assert ask.touched_by_account("account of anna") == ((), None)
    assert ask.touched_by_person("anna").rows == ()
    assert ask.overlay_of("anna") == ()
    assert ask.open_tasks().rows == ()
    assert ask.sequels_in("outcome", "approved", kept.moment.date()).rows == ()
    with store.database.reading() as connection:
        for table in ("touches", "earlier"):
            count = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            assert count == (1 if table == "touches" else 0)  # bert's
    assert ask.touched_by_person("bert").rows[0].id == hex_id("of bert")


OF_EVERY_ROW = {"lender", "id", "version", "moment", "erased", "person", "sealed"}
STAYS = {
    "decision": {"number", "inputs", "use", "month", "chain", "step", "run", "request"},
    "sequel": {"decision", "kind", "month"},
    "overlay": set(),
    "appeal": {"decision", "open"},
    "task": {"decision", "open"},
}


@pytest.mark.parametrize("kind", STAYS)
def test_of_an_erased_row_no_column_stays_but_these(store: Store, kind: KindName) -> None:
    """What stays is named here, column by column; every other one is empty, and nothing of it is open."""
    keep(store, *one_of_each())
    settle(store)
    table = KINDS[kind].table
    with store.database.reading() as connection:
        before = dict(connection.execute(select(table)).mappings().one())
    erase(store)
    with store.database.reading() as connection:
        row = dict(connection.execute(select(table)).mappings().one())
    assert {name for name, value in row.items() if value is not None} == OF_EVERY_ROW | STAYS[kind]
    assert row.get("open", 0) == 0
    # Each of those that are empty held something, but for the refusal of a decision that was scored.
    assert {name for name in row if before[name] is None} <= {"erased", "refusal"}
    kept = store.of(LENDER).ask.decision(hex_id("first"))
    assert "blind" not in kept.columns


@pytest.mark.parametrize("kind", STAYS)
def test_what_an_erasure_empties_cannot_be_tried_back(store: Store, kind: KindName) -> None:
    """The leaf of before does not tell whether a guess at what was emptied is right."""
    keep(store, *one_of_each())
    settle(store)
    table = KINDS[kind].table
    with store.database.reading() as connection:
        before = dict(connection.execute(select(table)).mappings().one())
    touches = touches_of(store) if kind == "decision" else {}
    erase(store)
    with store.database.reading() as connection:
        after = dict(connection.execute(select(table)).mappings().one())
        leaves = set(connection.execute(select(LOG_LEAVES.c.row_hash)).scalars())
    leaves = {bytes(leaf) for leaf in leaves}
    assert row_hash(row_text(KINDS[kind], before, touches)) in leaves
    # Whoever has the store knows all but what was emptied, and guesses that right.
    guess = before | {name: after[name] for name in after if name == "blind"}
    assert row_hash(row_text(KINDS[kind], guess, touches)) not in leaves


def touches_of(store: Store) -> dict[str, tuple[int, bytes]]:
    """Return what the one decision touches, as its hash has it."""
    t = TOUCHES.c
    with store.database.reading() as connection:
        return {
            row.account: (row.first, bytes(row.months))
            for row in connection.execute(select(t.account, t.first, t.months))
        }


def test_postgresql_takes_an_ended_key_out_of_its_table(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes of an ended key are in no page of their table, and every emptied table is vacuumed."""
    if place.is_file:
        pytest.skip("PostgreSQL keeps what was deleted until it is vacuumed")
    monkeypatch.setattr(postgresql_module, "READERS_PATIENCE", 0.2)
    vacuumed: list[str] = []
    with place.opened() as store:
        keep(store, a_dispute("d"))
        keep(store, a_dispute("b", "bert"), people=("bert",))
        anna = store.of(LENDER).ask.pseudonym("anna")
        with store.keys._database.reading() as connection:
            mine = PERSON_KEYS.c.person == anna
            wrapped = bytes(connection.execute(select(PERSON_KEYS.c.wrapped).where(mine)).scalar_one())
        assert wrapped in file_of_table(store.keys._database, "person_keys")
        with store.database.snapshot() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM decisions").scalar_one()
            with pytest.raises(KeyStillThereError):
                erase(store)

        @event.listens_for(store.database.engine, "before_cursor_execute")
        def note(_c: Any, _k: Any, text: str, *_more: Any) -> None:
            if text.startswith("VACUUM"):
                vacuumed.append(text.split('"')[1])

        assert store.end_keys() == 0
        assert wrapped not in file_of_table(store.keys._database, "person_keys")
        assert set(vacuumed) == {
            "decisions", "sequels", "overlay", "appeals", "tasks", "earlier", "touches"
        }  # fmt: skip


def file_of_table(database: Database, table: str) -> bytes:
    """Return the bytes of a table's file as they are on the disk."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        read = "SELECT pg_read_binary_file(pg_relation_filepath(%(t)s))"
        return bytes(connection.exec_driver_sql(read, {"t": table}).scalar_one())


def test_what_was_sealed_for_use_cannot_be_read_again(store: Store) -> None:
    """What was sealed for use is gone; decisions, letters and appeals open while their own key lasts."""
    keep(store, *one_of_each())
    settle(store)
    erase(store)
    ask = store.of(LENDER).ask
    person = ask.pseudonym("anna")
    assert store.keys.of([person], "use") == {}
    for kind, name in (("overlay", "dispute"), ("task", "task")):
        with pytest.raises(ErasedError):
            ask.row(kind, hex_id(name))  # type: ignore[arg-type]
    assert ask.row("decision", hex_id("first")).body == a_decision("first").body
    assert ask.inputs_of(hex_id("first")) == b"what anna paid"
    assert ask.sequels_of(hex_id("first"))[0].body == b"by a person"
    store.keys.destroy({person: 0}, "proof")
    for ended in (lambda: ask.row("decision", hex_id("first")), lambda: ask.inputs_of(hex_id("first"))):
        with pytest.raises(ErasedError):
            ended()


def test_an_erasure_is_in_the_log(store: Store) -> None:
    """Every emptied row has a leaf, so that verification counts who was erased and finds nothing."""
    keep(store, *one_of_each())
    settle(store)
    before = store.log.checkpoint()
    erase(store)
    report = store.verify([before, store.log.checkpoint()])
    assert (report.findings, report.erased, report.checkpoints) == ([], 1, 2)
    assert len(store.of(LENDER).ask.leaves("appeal", an_appeal("first").id)) == 3


def test_an_open_appeal_holds_an_erasure_back(store: Store) -> None:
    """Whoever has an open appeal is not erased until it is settled."""
    keep(store, *one_of_each())
    with pytest.raises(HeldBackError, match="Settle the appeal first"):
        erase(store)
    assert store.of(LENDER).ask.decisions_of("anna").rows[0].columns["score"] == 600
    settle(store)
    assert erase(store) > 0


def test_an_erasure_whose_key_is_still_there_is_not_called_undone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the key cannot be destroyed yet, the erasure is called kept, and the next start ends it."""
    with place.opened() as store:
        keep(store, a_decision("first"), a_dispute("d"))

        def busy(*_words: object) -> bool:
            raise BusyError("Nothing of this change was kept")

        with monkeypatch.context() as patch:
            patch.setattr(store.keys, "destroy", busy)
            with pytest.raises(KeyStillThereError, match="The erasure is kept"):
                erase(store)
        assert store.of(LENDER).ask.decisions_of("anna").rows[0].erased is not None
        person = store.of(LENDER).ask.pseudonym("anna")
        assert len(store.keys.of([person], "use")) == 1
    with place.opened() as store:
        assert store.keys.of([person], "use") == {}


def test_a_reader_holds_the_last_step_of_an_erasure_up(
    file_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody reads an older state, the journal holds it: the erasure says so, and ends later."""
    monkeypatch.setattr(sqlite_module, "PATIENCE", 0.2)
    with file_place.opened() as store:
        keep(store, a_decision("first"), a_dispute("d"))
        with store.database.snapshot() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM decisions").scalar_one()
            with pytest.raises(KeyStillThereError):
                erase(store)
        assert store.end_keys() == 0
        assert file_place.key_file.with_name("records.sqlite-wal").stat().st_size < 20_000


def test_counts_stay_after_an_erasure(store: Store) -> None:
    """How many were scored is nobody's personal data: it stays."""
    keep(store, a_decision("first"), a_sequel("outcome", "first"))
    span = (date(2000, 1, 1), date(2100, 1, 1))
    before = store.of(LENDER).ask.tallies(*span)
    erase(store)
    assert store.of(LENDER).ask.tallies(*span) == before


def test_the_file_holds_no_word_of_a_person(file_place: Place) -> None:
    """Ids of people and accounts and what rows say are never in a file or its journal, erased or not."""
    secrets = [b"Anna Muster", b"account-4711", b"I paid in time", b"paid in full in May", b"not mine at all"]
    with file_place.opened() as store:
        keep(
            store,
            a_decision("first", "Anna Muster", body=b"paid in full in May", touches=()),
            an_appeal("first", "Anna Muster"),
            a_dispute("d", "Anna Muster", account="account-4711", body=b"not mine at all"),
            a_task("t", "Anna Muster"),
            people=("Anna Muster",),
        )
        files = sorted(file_place.key_file.parent.iterdir())
        assert {"records.sqlite", "records.sqlite-wal", "people.sqlite", "keys.json"} <= {
            f.name for f in files
        }
        for file in files:
            data = file.read_bytes()
            assert not [secret for secret in secrets if secret in data], file.name


def test_an_erasure_leaves_no_index_column_in_the_file(file_place: Place) -> None:
    """What stood in the plain is in neither the file nor its journal afterwards."""
    with file_place.opened() as store:
        rare = a_decision("first", reasons=("a_reason_of_hers_alone",), as_of=DECEMBER)
        keep(store, rare, a_decision("of bert", person="bert"), people=("anna", "bert"))
        keep(store, a_sequel("s", "first", code="an_outcome_of_hers_alone"))

        def found() -> set[str]:
            return {
                word
                for word in ("a_reason_of_hers_alone", "an_outcome_of_hers_alone")
                for file in file_place.key_file.parent.glob("records.sqlite*")
                if word.encode() in file.read_bytes()
            }

        # The count by reason and outcome keeps the word; without it, nothing would.
        with store.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM tallies")
        assert len(found()) == 2
        erase(store)
        assert found() == set()
