"""A copy of a store: of one moment while others write, whole or not there, and compared before it is used."""

from __future__ import annotations

import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from small_records import LENDER, Place, a_decision, a_dispute, erase, hex_id, keep, one_of_each

from plainscore.log import read_checkpoint
from plainscore.records import FullError, NotAFileError, SchemaError, Store, verify_copy
from plainscore.records import _copying as copying_module
from plainscore.records import _sqlite as sqlite_module
from plainscore.records._database import Database


def test_a_copy_is_the_store_of_a_moment(sqlite_store: Store, folder: Path) -> None:
    """It verifies against a checkpoint over just its leaves, and no journal or lock is beside it."""
    keep(sqlite_store, *one_of_each())
    copy = folder / "copies" / "copy.sqlite"
    copy.parent.mkdir()
    note = sqlite_store.copy_to(copy)
    keep(sqlite_store, a_decision("second"))
    assert [one.name for one in copy.parent.iterdir()] == ["copy.sqlite"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    before = copy.read_bytes()
    report = verify_copy(copy, keys=sqlite_store.keys, checkpoints=[note])
    assert (report.findings, report.checkpoints) == ([], 1)
    assert read_checkpoint(note, sqlite_store.log.public_key).size == report.size == report.covered
    assert report.size < sqlite_store.of(LENDER).ask.position()
    assert copy.read_bytes() == before


def test_a_copy_while_others_write_is_whole(sqlite_store: Store, folder: Path) -> None:
    """Copies that are taken between and during changes verify, each of them."""
    keep(sqlite_store, *one_of_each())
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            keep(sqlite_store, a_decision(str(number)), a_dispute(str(number)))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(2):
            note = sqlite_store.copy_to(folder / f"{number}.sqlite")
            report = verify_copy(folder / f"{number}.sqlite", keys=sqlite_store.keys, checkpoints=[note])
            assert report.findings == []
            assert report.covered == report.size
    finally:
        stop.set()
        writer.join()


def test_what_was_erased_is_not_in_a_copy(sqlite_store: Store, folder: Path) -> None:
    """Neither a row that was emptied nor room that was freed goes into a copy."""
    keep(sqlite_store, a_decision("first", reasons=("a_reason_of_hers_alone",)))
    with sqlite_store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM tallies")
    sqlite_store.copy_to(folder / "before.sqlite")
    erase(sqlite_store)
    sqlite_store.copy_to(folder / "after.sqlite")
    assert b"a_reason_of_hers_alone" in (folder / "before.sqlite").read_bytes()
    assert b"a_reason_of_hers_alone" not in (folder / "after.sqlite").read_bytes()


def test_a_copy_that_is_there_is_not_written_over(sqlite_store: Store, folder: Path) -> None:
    """A file of that name stays as it is."""
    keep(sqlite_store, a_decision("first"))
    (folder / "copy.sqlite").write_bytes(b"something")
    with pytest.raises(FileExistsError):
        sqlite_store.copy_to(folder / "copy.sqlite")
    assert (folder / "copy.sqlite").read_bytes() == b"something"


@pytest.mark.parametrize("where", ["the copy", "the checkpoint"])
def test_a_copy_that_fails_is_not_there(
    sqlite_store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """When the disk is full while it is written or signed, nothing is left, and the store goes on."""
    keep(sqlite_store, a_decision("first"))
    copy = folder / "copies" / "copy.sqlite"
    copy.parent.mkdir()

    def full(*_words: Any, **_more: Any) -> None:
        raise FullError("make room")

    with monkeypatch.context() as patch:
        if where == "the copy":
            patch.setattr(sqlite_module.os, "fsync", full)
        else:
            patch.setattr(copying_module.StoreLog, "checkpoint", full)
        with pytest.raises(FullError):
            sqlite_store.copy_to(copy)
    assert list(copy.parent.iterdir()) == []
    sqlite_store.copy_to(copy)
    keep(sqlite_store, a_decision("second"))


def test_an_altered_copy_is_found(sqlite_store: Store, folder: Path) -> None:
    """A row that was changed in a copy is named, and what is no store is refused."""
    keep(sqlite_store, *one_of_each())
    note = sqlite_store.copy_to(folder / "copy.sqlite")
    database = Database(folder / "copy.sqlite")
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE decisions SET score = 850")
    database.close()
    report = verify_copy(folder / "copy.sqlite", keys=sqlite_store.keys, checkpoints=[note])
    assert [(one.what, one.kind) for one in report.findings] == [("altered", "decision")]
    sqlite_store.keys.copy_people_to(folder / "of keys.sqlite")
    with pytest.raises(SchemaError, match="is not a store"):
        verify_copy(folder / "of keys.sqlite", keys=sqlite_store.keys, checkpoints=[])


def test_postgresql_says_what_its_tool_is(place: Place, folder: Path) -> None:
    """A server's database is copied by its own tool, which the sentence names; nothing is left."""
    if place.is_file:
        pytest.skip("a file is copied")
    with place.opened() as store:
        keep(store, a_decision("first"))
        for copying in (store.copy_to, store.keys.copy_people_to):
            with pytest.raises(NotAFileError, match="pg_dump"):
                copying(folder / "copy.sqlite")
        assert not (folder / "copy.sqlite").exists()
        assert store.of(LENDER).ask.row("decision", hex_id("first")).body is not None
