"""A store put back by its database's own means ends again what was ended since, once somebody says so."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from databases import BOTH, server_tool
from small_bank import body, erase, is_erased, keep, opened
from small_records import a_decision, a_dispute
from write_faults import state_of

from plainscore.records import ErasedError, KeyFileError
from plainscore.workspace import BackupError, NotAWorkspaceError
from plainscore.workspace._store_place import PEOPLE_KEYS, STORE

Copy = Callable[[], Callable[[], None]]
"""Takes a copy of a database, and returns what puts it back."""


@pytest.fixture
def database(request: pytest.FixtureRequest, root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the database that the store of the workspace is in."""
    name = str(getattr(request, "param", "sqlite"))
    if name == "postgresql":
        new_database = request.getfixturevalue("postgresql")
        monkeypatch.setenv(STORE, new_database())
        monkeypatch.setenv(PEOPLE_KEYS, new_database())
        with opened(root).store:
            yield name
    else:
        yield name


def copied(root: Path, place: str, target: Path) -> Callable[[], None]:
    """Copy the store (or, by the other variable, the keys), and return what puts the copy back."""
    if url := os.environ.get(place):
        dump, restore = server_tool("pg_dump"), server_tool("pg_restore")
        subprocess.run([dump, "--format=custom", f"--file={target}", url], check=True, capture_output=True)
        words = [restore, "--clean", "--if-exists", f"--dbname={url}", str(target)]
        return lambda: void(subprocess.run(words, check=True, capture_output=True))
    file = root / ("data/records.sqlite" if place == STORE else "keys/people.sqlite")
    target.mkdir()
    opened(root).store.close()
    for one in file.parent.glob(f"{file.name}*"):  # with its journal, as a volume has them
        shutil.copy(one, target)

    def put_back() -> None:
        opened(root).store.close()
        for one in file.parent.glob(f"{file.name}*"):
            one.unlink()
        for one in target.iterdir():
            shutil.copy(one, file.parent)

    return put_back


def void(_: object) -> None:
    """Give nothing back."""


@BOTH
def test_who_was_erased_since_is_erased_again_by_the_keys(database: str, root: Path, folder: Path) -> None:
    """Shown first, and nothing changes; then whoever was ended is ended again, and nobody else."""
    keep(root, a_decision("first"), a_dispute("d"))
    keep(root, a_decision("of bert", "bert"), person="bert")
    keep(root, a_decision("of carla", "carla"), person="carla")
    put_back = copied(root, STORE, folder / "copy")
    opened(root).write_checkpoint(folder / "note.txt")
    erase(root)
    ours = opened(root).records()
    with ours.change(people=["bert", "carla"]) as change:
        change.add(a_decision("later", "carla"))
    put_back()
    assert not is_erased(root, "first")

    before = state_of(opened(root).store)
    found = opened(root).to_reapply(checkpoints=[folder / "note.txt"])
    assert (found.erased, found.terms_ended, found.checkpoints) == (1, 0, 1)
    assert state_of(opened(root).store) == before

    done = opened(root).reapply(checkpoints=[folder / "note.txt"])
    assert (done.erased, done.terms_ended, done.checkpoints) == (1, 0, 1)
    assert done.leaves > found.leaves
    assert [is_erased(root, one) for one in ("first", "of bert", "of carla")] == [True, False, False]
    assert opened(root).records().ask.overlay_of("anna") == ()
    assert body(root, "first") == a_decision("first").body  # proof lasts for its term
    assert opened(root).verify_log([folder / "note.txt"]).findings == ()
    assert (opened(root).to_reapply().erased, opened(root).reapply().erased) == (0, 0)


@BOTH
def test_a_term_that_ended_since_is_ended_again(database: str, root: Path, folder: Path) -> None:
    """What has reached its term is in no copy of before either, once it is ended again."""
    keep(root, a_decision("first"))
    put_back = copied(root, STORE, folder / "copy")
    ours = opened(root).records()
    ours.end_terms(ours.now())
    put_back()
    assert opened(root).to_reapply().terms_ended == 1
    assert opened(root).reapply().terms_ended == 1
    with pytest.raises(ErasedError):
        body(root, "first")


@BOTH
def test_with_keys_that_were_put_back_too_a_later_log_tells(database: str, root: Path, folder: Path) -> None:
    """Keys of the same day tell nothing of what came after; an export of a later log does."""
    keep(root, a_decision("first"), a_dispute("d"))
    keep(root, a_decision("of bert", "bert"), person="bert")
    both = [copied(root, place, folder / place) for place in (STORE, PEOPLE_KEYS)]
    opened(root).export_log(folder / "older")
    keep(root, a_decision("second", "bert"), person="bert")
    erase(root)
    opened(root).export_log(folder / "log")
    for put_back in both:
        put_back()
    assert opened(root).to_reapply().erased == 0
    assert opened(root).to_reapply(since=folder / "log").erased == 1
    assert opened(root).reapply(since=folder / "log").erased == 1
    assert [is_erased(root, one) for one in ("first", "of bert")] == [True, False]
    with pytest.raises(BackupError, match="not of a later log"):
        opened(root).to_reapply(since=folder / "older")


@BOTH
def test_an_older_state_than_a_checkpoint_is_refused(database: str, root: Path, folder: Path) -> None:
    """A checkpoint of later shows a rollback: nobody is ended again, and nothing changes."""
    keep(root, a_decision("first"))
    put_back = copied(root, STORE, folder / "copy")
    erase(root)
    opened(root).write_checkpoint(folder / "after.txt")
    put_back()
    before = state_of(opened(root).store)
    for verb in (opened(root).to_reapply, opened(root).reapply):
        with pytest.raises(BackupError, match=r"Nobody is ended again\. .* older than the checkpoint"):
            verb(checkpoints=[folder / "after.txt"])
    assert state_of(opened(root).store) == before


def test_a_store_that_was_changed_is_refused(root: Path, folder: Path) -> None:
    """A row that was edited in the copy stops it, and is named."""
    keep(root, a_decision("first"))
    with opened(root).store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE decisions SET score = 850")
    with pytest.raises(BackupError, match=r"Nobody is ended again\. The decision .* was altered"):
        opened(root).reapply()


def test_keys_that_are_older_than_the_store_are_refused(root: Path, folder: Path) -> None:
    """Keys of an earlier day lack those of who came since: that ends nobody."""
    keep(root, a_decision("first"))
    put_back = copied(root, PEOPLE_KEYS, folder / "keys")
    keep(root, a_decision("of bert", "bert"), person="bert")
    put_back()
    with pytest.raises(KeyFileError, match="older than the store"):
        opened(root).to_reapply()


def test_a_workspace_that_kept_nothing_says_so(root: Path) -> None:
    """Where there is no store there is nobody to end again."""
    with pytest.raises(NotAWorkspaceError, match="Nothing was ever kept"):
        opened(root).to_reapply()
