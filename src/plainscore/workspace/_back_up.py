"""A backup of a workspace: the store of one moment, its checkpoint, deliveries and model; keys apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plainscore.decisions import moment_text
from plainscore.files import private_folder, write_together
from plainscore.ledger import MANIFEST
from plainscore.log import read_checkpoint
from plainscore.workspace._backup_folder import copy_file, whole_folders, write_list
from plainscore.workspace._errors import BackupError, NotAWorkspaceError
from plainscore.workspace._folder import Folder
from plainscore.workspace._store_place import KEY_FILE, PEOPLE_FILE, key_folder

SCHEMA: Final = "plainscore/backup/1"
KEYS_SCHEMA: Final = "plainscore/keys-backup/1"
STORE: Final = "store/records.sqlite"
CHECKPOINT: Final = "checkpoint.txt"
FILES: Final = "workspace"
"""Folder of a backup with what stands beside the store, by the paths that it has in the workspace."""

TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made.

    Attributes
    ----------
    folder, keys : Path
        The two folders.
    leaves : int
        Leaves of the log in it.
    files, size : int
        Files of the first folder, and their bytes together.
    """

    folder: Path
    keys: Path
    leaves: int
    files: int
    size: int


def back_up(workspace: Folder, folder: Path, *, keys: Path) -> Backup:
    """Write a backup of a workspace to a folder, and its keys to another, while others work on.

    The store is of one moment, and the checkpoint is over just its leaves. Keys are copied after it: a key is
    kept before what it seals, so whatever the copy holds has its key, but for whom was erased in between; the
    keys then say so, and a restore erases them again.

    Parameters
    ----------
    workspace : Folder
        The workspace.
    folder, keys : Path
        Folders that are not there yet, neither inside the other. Whoever has both can read what is sealed,
        and whoever keeps both in one place keeps what was erased as well.

    Raises
    ------
    BackupError
        When the folders cannot be had so; nothing is left of either.
    NotAWorkspaceError
        When nothing was ever kept.
    plainscore.records.NotAFileError
        When the store, or people's keys, are in PostgreSQL; the message names the tool for it.
    """
    folder, keys = folder.resolve(), keys.resolve()
    _check_apart(workspace.root, folder, keys)
    if workspace.records_if_any() is None:
        msg = f"Nothing was ever kept in {workspace.root.name}: there is no store to back up yet."
        raise NotAWorkspaceError(msg)
    store = workspace.store
    with whole_folders(folder, keys) as (partial, keys_partial):
        private_folder((partial / STORE).parent)
        note = store.copy_to(partial / STORE)
        write_together({partial / CHECKPOINT: note.encode()})
        store.keys.copy_people_to(keys_partial / PEOPLE_FILE)
        # Last: a key that was added meanwhile may have wrapped what was just copied.
        if (own := key_folder(workspace.root) / KEY_FILE).is_file():
            copy_file(own, keys_partial / KEY_FILE)
        _copy_files(workspace, partial / FILES)
        checkpoint = read_checkpoint(note, store.log.public_key)
        about = {"made_at": moment_text(checkpoint.time), "leaves": checkpoint.size}
        write_list(keys_partial, KEYS_SCHEMA, about)
        listed = write_list(partial, SCHEMA, about)["files"].values()
    return Backup(folder, keys, checkpoint.size, len(listed), sum(one["bytes"] for one in listed))


def _check_apart(root: Path, folder: Path, keys: Path) -> None:
    if folder == keys or folder in keys.parents or keys in folder.parents:
        msg = (
            "The folder of the keys cannot be the backup's, or inside it, or around it: a backup of the "
            "store must not hold its keys. Give --keys a place of its own, best on another machine."
        )
        raise BackupError(msg)
    for one in (folder, keys):
        if root / "data" in one.parents or key_folder(root) in one.parents:
            msg = f"{one.name} would be among what is backed up. Give a folder outside data/ and keys/."
            raise BackupError(msg)


def _copy_files(workspace: Folder, target: Path) -> None:
    """Copy the deliveries, the model and the report that vouches for its calibration, of one moment."""
    for _ in range(TRIES):
        before = {path: _stamp(path) for path in _beside_the_store(workspace)}
        for path in before:
            copy_file(path, target / path.relative_to(workspace.root))
        # Whoever writes one puts another file in its place.
        if {path: _stamp(path) for path in _beside_the_store(workspace)} == before:
            return
        for path in before:
            (target / path.relative_to(workspace.root)).unlink()
    msg = "An import or a build is at work, and the files change while they are copied. Try again after it."
    raise BackupError(msg)


def _beside_the_store(workspace: Folder) -> Iterator[Path]:
    deliveries = (*workspace.data.glob("*.parquet"), workspace.data / MANIFEST)
    report = workspace.reports / "validation.json"
    for path in sorted((*deliveries, *workspace.model.rglob("*"), report)):
        if path.is_file() and not path.name.startswith("."):
            yield path


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
