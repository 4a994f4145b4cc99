"""A backup is whole, of one moment, and without its keys."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_bank import StepClock, backed_up, body, is_erased, keep, opened, restored
from small_records import a_decision, a_dispute

from plainscore.records import FullError
from plainscore.workspace import BackupError, NotAWorkspaceError, Workspace
from plainscore.workspace import _back_up as back_up_module
from plainscore.workspace import _backup_folder as folder_module
from plainscore.workspace import _restore as restore_module

ROOT = Path(__file__).parents[2]


def test_a_backup_restores_to_the_same(root: Path, folder: Path) -> None:
    """Store, deliveries and model come back, verify, and go on; what was kept later is not there."""
    keep(root, a_decision("first"), a_dispute("d"))
    backup = backed_up(root)
    keep(root, a_decision("later"))
    found = restored(folder / "again", backup)
    assert (found.erased, found.terms_ended, found.checkpoints) == (0, 0, 0)
    assert found.leaves == backup.leaves
    assert body(folder / "again", "first") == a_decision("first").body
    with pytest.raises(Exception, match="no decision"):
        is_erased(folder / "again", "later")
    for name in ("model", "data"):
        for path in (root / name).iterdir():
            if not path.name.startswith("records.sqlite"):
                assert (folder / "again" / name / path.name).read_bytes() == path.read_bytes()
    keep(folder / "again", a_decision("next"))
    assert opened(folder / "again").verify_log([backup.folder / "checkpoint.txt"]).holds
    assert not (folder / "again" / restore_module.PARTIAL).exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_a_backup_is_its_owners_and_has_no_key(root: Path, folder: Path) -> None:
    """Files are 0600 and folders 0700, whatever the mask; no key is in the backup, and no name in either."""
    keep(root, a_decision("first", body=b"what she said"), a_dispute("d"))
    before = os.umask(0)
    try:
        backup = backed_up(root)
        restored(folder / "again", backup)
    finally:
        os.umask(before)
    for place in (backup.folder, backup.keys, folder / "again"):
        for path in (place, *place.rglob("*")):
            expected = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == expected, path.name
    keys = json.loads((root / "keys" / "keys.json").read_bytes())["keys"]
    for path in (one for one in backup.folder.rglob("*") if one.is_file()):
        data = path.read_bytes()
        assert not [key for versions in keys.values() for key in versions.values() if key.encode() in data]
        assert b"person_keys" not in data
        assert b"what she said" not in data
    assert {path.name for path in backup.keys.iterdir()} == {"backup.json", "keys.json", "people.sqlite"}


@pytest.mark.parametrize(
    ("folder_name", "keys_name", "says"),
    [
        ("b", "b", "must not hold its keys"),
        ("b", "b/keys", "must not hold its keys"),
        ("k/b", "k", "must not hold its keys"),
        ("b/../b", "b/x/../keys", "must not hold its keys"),
        ("bank/data/b", "k", "outside data/ and keys/"),
        ("b", "bank/keys/k", "outside data/ and keys/"),
        ("there", "k", "is there already"),
        ("b", "there", "is there already"),
    ],
)
def test_a_place_that_cannot_be_is_refused(
    root: Path, folder: Path, folder_name: str, keys_name: str, says: str
) -> None:
    """Keys inside the backup, a backup among what is backed up, a folder that is there: nothing is left."""
    keep(root, a_decision("first"))
    (folder / "there").mkdir()
    before = sorted(path.name for path in folder.rglob("*"))
    with pytest.raises(BackupError, match=says):
        opened(root).back_up(folder / folder_name, keys=folder / keys_name)
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_where_nothing_was_kept_there_is_nothing_to_back_up(root: Path, folder: Path) -> None:
    """A workspace without a store says so."""
    with pytest.raises(NotAWorkspaceError, match="Nothing was ever kept"):
        backed_up(root)
    assert sorted(path.name for path in folder.iterdir()) == ["bank"]


FAULTS: dict[str, Callable[[pytest.MonkeyPatch, Any], None]] = {
    "the store": lambda patch, raises: patch.setattr("plainscore.records.Store.copy_to", raises),
    "people's keys": lambda patch, raises: patch.setattr("plainscore.records.Keys.copy_people_to", raises),
    "a file": lambda patch, raises: patch.setattr(back_up_module, "copy_file", raises),
    "the list": lambda patch, raises: patch.setattr(back_up_module, "write_list", raises),
    "the disk": lambda patch, raises: patch.setattr(folder_module, "sync_folder", raises),
}


@pytest.mark.parametrize("where", FAULTS)
def test_a_backup_that_fails_is_not_there(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Whatever cannot be written, neither folder is there, nor a part of it; the next try succeeds."""
    keep(root, a_decision("first"))

    def full(*_words: Any, **_more: Any) -> None:
        raise FullError("The disk is full.")

    with monkeypatch.context() as patch:
        FAULTS[where](patch, full)
        with pytest.raises(FullError):
            backed_up(root)
    assert sorted(path.name for path in folder.iterdir()) == ["bank"]
    restored(folder / "again", backed_up(root))


def test_the_second_folder_that_cannot_appear_takes_the_first_back(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the keys have appeared and the backup cannot, they go again."""
    keep(root, a_decision("first"))
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if path.name == ".backup1.partial":
            raise OSError("no room")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError, match="no room"):
        backed_up(root)
    assert sorted(path.name for path in folder.iterdir()) == ["bank"]


WORK = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
from plainscore.workspace import Workspace
_, _, what, root, backup, keys = sys.argv
print("begun", flush=True)
if what == "backup":
    Workspace.open(root).back_up(backup, keys=keys)
else:
    Workspace.restore(root, backup, keys=keys)
"""


@pytest.mark.parametrize("waits", [(0.05,), pytest.param((0.0, 0.02, 0.1, 0.2), marks=pytest.mark.slow)])
@pytest.mark.parametrize("what", ["backup", "restore"])
def test_kill_9_leaves_nothing_half_done(
    root: Path, folder: Path, what: str, waits: tuple[float, ...]
) -> None:
    """Killed at any moment there is no backup, or no store; the next try does it as the first would have."""
    StepClock.moment = max(StepClock.moment, datetime.now(UTC) - timedelta(days=1))
    keep(root, *(a_decision(str(n), body=os.urandom(20_000)) for n in range(30)))
    done = backed_up(root, "0")
    target, backup, keys = (
        (root, folder / "b", folder / "k") if what == "backup" else (folder / "again", done.folder, done.keys)
    )
    worlds, source = str(ROOT / "tests" / "worlds"), str(ROOT / "src")
    for wait in waits:
        process = subprocess.Popen(
            [sys.executable, "-c", WORK, worlds, what, str(target), str(backup), str(keys)],
            env={**os.environ, "PYTHONPATH": source},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if what == "backup":
            for place in (backup, keys):  # whole, or not there
                assert not place.exists() or (place / "backup.json").is_file()
                shutil.rmtree(place, ignore_errors=True)
        else:
            assert not list((target / "data").glob("records.sqlite*")) or opened(target).verify_log().holds
            shutil.rmtree(target / "keys", ignore_errors=True)
            for path in (target / "data").glob("records.sqlite*"):
                path.unlink()
    if what == "backup":
        made = Workspace.open(root, clock=StepClock()).back_up(backup, keys=keys)
        assert made.leaves == done.leaves
    else:
        restored(target, done)
        assert opened(target).verify_log().holds


def test_a_backup_while_files_change_is_of_one_moment(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import in the middle begins the copying of files anew; where it never ends, that is said."""
    keep(root, a_decision("first"))
    copy, changes = back_up_module.copy_file, [2]

    def changing(source: Path, target: Path) -> None:
        copy(source, target)
        if source.name == "statements.parquet" and changes[0]:
            changes[0] -= 1
            other = source.with_name("other")
            other.write_bytes(b"of another import")
            other.replace(source)

    monkeypatch.setattr(back_up_module, "copy_file", changing)
    backup = backed_up(root)
    found = backup.folder / "workspace" / "data" / "statements.parquet"
    assert found.read_bytes() == b"of another import"
    changes[0] = 1_000
    with pytest.raises(BackupError, match="Try again"):
        backed_up(root, "2")
    assert not (root.parent / "backup2").exists()
