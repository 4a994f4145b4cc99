"""A restore believes nothing that it has not checked, and brings nothing back that was ended since."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_bank import backed_up, body, erase, is_erased, keep, lose, opened, restored
from small_records import a_decision, a_dispute, an_appeal, hex_id

from plainscore.records import ErasedError, FullError, KeyFileError
from plainscore.workspace import BackupError
from plainscore.workspace import _backup_folder as folder_module
from plainscore.workspace import _restore as restore_module


def change_of(name: str) -> Callable[[Path], object]:
    """Return what changes a byte of a file."""

    def change(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / name).write_bytes(data)

    return change


HARM: dict[str, tuple[Callable[[Path], object], str]] = {
    "a changed store": (change_of("store/records.sqlite"), r"store/records\.sqlite was changed"),
    "a changed delivery": (change_of("workspace/data/consents.parquet"), "consents.parquet was changed"),
    "a missing file": (
        lambda folder: (folder / "workspace" / "model" / "scorecard.json").unlink(),
        "scorecard.json is missing",
    ),
    "a file too many": (
        lambda folder: (folder / "workspace" / "model" / "more.toml").write_text(""),
        "more.toml is one too many",
    ),
    "a link": (
        lambda folder: (folder / "workspace" / "link").symlink_to(folder / "checkpoint.txt"),
        "has a link",
    ),
    "no list": (lambda folder: (folder / "backup.json").unlink(), "is not a backup"),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_backup_that_was_changed_is_refused(root: Path, folder: Path, harm: str) -> None:
    """A file that was changed, is missing, or was put in, is named, and nothing is restored."""
    keep(root, a_decision("first"))
    backup = backed_up(root)
    do, says = HARM[harm]
    do(backup.folder)
    with pytest.raises(BackupError, match=says):
        restored(folder / "again", backup)
    assert not (folder / "again").exists()


def test_a_store_that_was_changed_with_its_list_is_refused(root: Path, folder: Path) -> None:
    """Whoever changes a row and the list of hashes too is found out by the log."""
    from plainscore.records._database import Database

    keep(root, a_decision("first"))
    backup = backed_up(root)
    database = Database(backup.folder / "store" / "records.sqlite")
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE decisions SET score = 850")
    database.close()
    told = json.loads((backup.folder / "backup.json").read_bytes())
    (backup.folder / "backup.json").unlink()
    folder_module.write_list(
        backup.folder, told["schema"], {name: told[name] for name in ("made_at", "leaves")}
    )
    with pytest.raises(BackupError, match=r"not restored\. The decision .* was altered"):
        restored(folder / "again", backup)
    assert not (folder / "again").exists()


def test_an_older_backup_than_a_checkpoint_is_refused(root: Path, folder: Path) -> None:
    """A checkpoint that left the machine after the backup shows that the backup is a rollback."""
    keep(root, a_decision("first"))
    opened(root).write_checkpoint(folder / "before.txt")
    backup = backed_up(root)
    keep(root, a_decision("later"))
    opened(root).write_checkpoint(folder / "after.txt")
    with pytest.raises(BackupError, match="the store is older than the checkpoint"):
        restored(folder / "again", backup, checkpoints=[folder / "before.txt", folder / "after.txt"])
    assert not (folder / "again").exists()
    assert restored(folder / "again", backup, checkpoints=[folder / "before.txt"]).checkpoints == 1


def test_nothing_is_written_over(root: Path, folder: Path) -> None:
    """A store, keys and a file that is not the backup's each stop a restore, and stay."""
    keep(root, a_decision("first"))
    backup = backed_up(root)
    with pytest.raises(BackupError, match="has a store"):
        restored(root, backup)
    lose(root)
    with pytest.raises(BackupError, match="--keys keys"):
        restored(root, backup)
    shutil.rmtree(root / "keys")
    (root / "model" / "scorecard.json").write_bytes(b"another card")
    with pytest.raises(BackupError, match=r"model/scorecard\.json is there and is not the backup's"):
        restored(root, backup)
    assert (root / "model" / "scorecard.json").read_bytes() == b"another card"
    assert not (root / "keys").exists()
    (root / "model" / "scorecard.json").write_bytes(b"{}")
    restored(root, backup)
    assert body(root, "first") == a_decision("first").body


def test_keys_of_another_store_are_refused(root: Path, folder: Path) -> None:
    """Keys that did not sign the checkpoint do not open the backup."""
    keep(root, a_decision("first"))
    backup = backed_up(root)
    shutil.copytree(root / "model", folder / "other" / "model")
    keep(folder / "other", a_decision("first"))
    other = backed_up(folder / "other", "2")
    with pytest.raises(BackupError, match="A checkpoint does not count"):
        restored(folder / "again", backup, keys=other.keys)
    assert not (folder / "again").exists()


# What was ended after the backup


@pytest.mark.parametrize("which", ["later keys", "keys in place", "a later log"])
def test_who_was_erased_after_the_backup_is_erased_in_it(root: Path, folder: Path, which: str) -> None:
    """By later keys, by the workspace's own, or by a later log: of the erased nothing comes back."""
    keep(root, a_decision("first"), a_dispute("d"))
    keep(root, a_decision("only decisions", "bert"), person="bert")
    keep(root, a_decision("of carla", "carla"), a_dispute("c", "carla"), person="carla")
    backup = backed_up(root)
    erase(root)
    erase(root, "bert")
    keep(root, a_decision("later", "carla"), person="carla")
    target, how = folder / "again", {}
    if which == "later keys":
        how = {"keys": backed_up(root, "2").keys}
    elif which == "a later log":
        opened(root).export_log(folder / "log")
        how = {"since": folder / "log"}
    else:
        lose(root)
        target, how = root, {"keys": root / "keys"}
    found = restored(target, backup, **how)
    assert (found.erased, found.terms_ended) == (2, 0)
    assert (found.keys_made_at is None) is (which == "keys in place")
    assert [is_erased(target, one) for one in ("first", "only decisions", "of carla")] == [True, True, False]
    ask = opened(target).records().ask
    assert ask.overlay_of("anna") == ()
    assert [one.body for one in ask.overlay_of("carla")] == [b"not mine"]
    with pytest.raises(ErasedError):
        ask.row("overlay", hex_id("d"))
    assert body(target, "first") == a_decision("first").body  # proof lasts for its term
    checked = opened(target).verify_log([backup.folder / "checkpoint.txt"])
    assert (checked.findings, checked.erased, checked.checkpoints) == ((), 2, 1)
    assert opened(target).store.keys.of([ask.pseudonym("anna")], "use") == {}


def test_a_term_that_ended_after_the_backup_is_ended_in_it(root: Path, folder: Path) -> None:
    """A backup brings nothing back that has reached its term, while its keys are later ones."""
    keep(root, a_decision("first"))
    backup = backed_up(root)
    ours = opened(root).records()
    ours.end_terms(ours.now())
    found = restored(folder / "again", backup, keys=backed_up(root, "2").keys)
    assert (found.erased, found.terms_ended) == (0, 1)
    with pytest.raises(ErasedError):
        body(folder / "again", "first")


def test_an_appeal_that_was_open_in_the_backup_holds_no_erasure_back(root: Path, folder: Path) -> None:
    """It was settled before the erasure, which the backup does not know; the erasure stands."""
    keep(root, a_decision("first"), an_appeal("first"))
    backup = backed_up(root)
    with opened(root).records().change(people=["anna"]) as change:
        change.replace(an_appeal("first", state="rejected", open=False), was=1)
    erase(root)
    assert restored(folder / "again", backup, keys=backed_up(root, "2").keys).erased == 1
    assert opened(folder / "again").records().ask.open_appeals().rows == ()


def test_keys_that_are_older_than_the_backup_are_refused(root: Path, folder: Path) -> None:
    """Keys of an earlier day lack those of who came since: that erases nobody, it is refused."""
    keep(root, a_decision("first"), a_dispute("d"))
    older = backed_up(root)
    keep(root, a_decision("of bert", "bert"), person="bert")
    newer = backed_up(root, "2")
    with pytest.raises(KeyFileError, match="older than the store"):
        restored(folder / "again", newer, keys=older.keys)
    assert not (folder / "again").exists()


def test_a_log_that_is_not_a_later_one_is_refused(root: Path, folder: Path) -> None:
    """An older export, another log's and an altered one tell nothing."""
    keep(root, a_decision("first"))
    opened(root).export_log(folder / "older")
    keep(root, a_decision("second"))
    backup = backed_up(root)
    with pytest.raises(BackupError, match="not of a later log"):
        restored(folder / "again", backup, since=folder / "older")
    keep(root, a_decision("third"))
    opened(root).export_log(folder / "log")
    leaves = (folder / "log" / "leaves.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "log" / "leaves.jsonl").write_bytes(b"".join([leaves[0], *leaves[2:], leaves[1]]))
    with pytest.raises(BackupError, match="not a later state of the log that is put back"):
        restored(folder / "again", backup, since=folder / "log")
    assert not (folder / "again").exists()


def test_a_restore_that_fails_leaves_the_folder_as_it_was(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails before the store stands there, there is no store, and the next try succeeds."""
    keep(root, a_decision("first"))
    backup = backed_up(root)

    def full(*_words: Any, **_more: Any) -> None:
        raise FullError("The disk is full.")

    for name in ("_stage", "_verified", "_ended_again", "_put"):
        with monkeypatch.context() as patch:
            patch.setattr(restore_module, name, full)
            with pytest.raises(FullError):
                restored(folder / "again", backup)
        assert not (folder / "again").exists()
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if Path(target).name == "records.sqlite":
            raise OSError("no room")
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fails)
        with pytest.raises(OSError, match="no room"):
            restored(folder / "again", backup)
    assert not list((folder / "again" / "data").glob("records.sqlite*"))
    restored(folder / "again", backup, keys=folder / "again" / "keys")
    assert body(folder / "again", "first") == a_decision("first").body


def test_postgresql_is_told_of_its_own_tool(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the store elsewhere a restore is refused, and so would a backup be."""
    keep(root, a_decision("first"))
    backup = backed_up(root)
    monkeypatch.setenv("PLAINSCORE_STORE", "postgresql://server/store")
    with pytest.raises(BackupError, match="PLAINSCORE_STORE names a store elsewhere"):
        restored(folder / "again", backup)
