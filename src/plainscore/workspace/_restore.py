"""A workspace put back from a backup: checked before it is used, and with what was erased since erased again.

What was erased or reached its term after the backup stands in it still. It is ended again before anybody can
open the store: by what the keys say (`plainscore.records.Store.reapply` has the reasoning), and by the export
of a later log where the keys are as old as the backup. So the best keys to restore with are the latest: those
of the workspace itself where they outlived its store, or else those of the last backup. With keys of the
backup's own day alone, and no later log, nothing tells of later erasures, and `Restored` says so.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plainscore.files import private_folder, sync_folder
from plainscore.workspace._back_up import CHECKPOINT, FILES, KEYS_SCHEMA, SCHEMA, STORE
from plainscore.workspace._backup_folder import copy_file, read_list, sha256_of
from plainscore.workspace._errors import BackupError
from plainscore.workspace._put_back import later_leaves, refuse_altered
from plainscore.workspace._recipe import read_recipe
from plainscore.workspace._store_place import (
    KEY_FILE,
    PEOPLE_FILE,
    clock_of,
    has_store,
    key_folder,
    make_key_folder,
    store_url,
)
from plainscore.workspace._store_place import STORE as STORE_VARIABLE

if TYPE_CHECKING:
    from plainscore.records import Clock, Keys, Reapplied, Verification

PARTIAL: Final = ".restore.partial"


@dataclass(frozen=True, slots=True)
class Restored:
    """A workspace that was put back.

    Attributes
    ----------
    made_at : str
        Moment of the backup: what was kept later is not in it.
    rows, leaves : int
        Rows that agree with the log, and leaves of the log, what was ended again included.
    erased, terms_ended : int
        People who were erased after the backup, and whose term ended after it: ended again.
    keys_made_at : str or None
        Moment of the keys, if they are of a backup: of later erasures only a log that was given has told.
    checkpoints : int
        Checkpoints that were given and agree, beside the backup's own.
    """

    made_at: str
    rows: int
    leaves: int
    erased: int
    terms_ended: int
    keys_made_at: str | None
    checkpoints: int


def restore(
    root: Path,
    folder: Path,
    *,
    keys: Path,
    checkpoints: Sequence[Path] = (),
    since: Path | None = None,
    clock: Clock | None = None,
) -> Restored:
    """Put a workspace back from a backup, into a folder that has no store; whole, or as it was.

    Parameters
    ----------
    root : Path
        The workspace; made where it is absent. Of the files beside the store, those that it has must be the
        backup's own.
    folder : Path
        The backup.
    keys : Path
        The latest keys that there are: those of a backup, or the folder ``keys`` of the workspace itself.
    checkpoints : sequence of Path
        Signed checkpoints that were kept elsewhere: a backup that is older than one of them, or another, is
        refused.
    since : Path, optional
        An export of a later log (``plainscore log export``): who was erased by then is erased again.
    clock : Clock, optional
        As that of a workspace.

    Raises
    ------
    BackupError
        When there is a store, a file would be written over, or the backup is not what was backed up.
    plainscore.records.KeyFileError
        When the keys are older than the backup, or another store's.
    """
    root, folder, keys = root.resolve(), folder.resolve(), keys.resolve()
    in_place = keys == key_folder(root)
    listed = read_list(folder, SCHEMA)
    of_keys = None if in_place else read_list(keys, KEYS_SCHEMA)["made_at"]
    _check_place(root, folder, in_place=in_place)
    notes = [path.read_text("utf-8") for path in (folder / CHECKPOINT, *checkpoints)]
    start = read_recipe(folder / FILES / "model" / "recipe.toml").sample.clock
    sample = start is not None
    with _staging(root) as staged:
        _stage(staged, folder, keys, in_place=in_place, sample=sample)
        report = _verified(staged, notes, sample=sample)
        done, report = _ended_again(
            staged, notes, report, sample=sample, since=since, clock=clock or clock_of(start)
        )
        if in_place:
            _end_in_place(keys, done, sample=sample)
        _put(root, folder, staged, in_place=in_place)
    return Restored(
        listed["made_at"],
        report.rows,
        report.size,
        len(done.erased),
        len(done.terms_ended),
        of_keys,
        report.checkpoints - 1,
    )


def _check_place(root: Path, folder: Path, *, in_place: bool) -> None:
    """Refuse to write over anything."""
    if not isinstance(store_url(root), Path):
        msg = (
            f"{STORE_VARIABLE} names a store elsewhere, and a backup is of a file. Put a store in PostgreSQL "
            "back with pg_restore and then call `plainscore reapply`, or unset the variable."
        )
        raise BackupError(msg)
    if has_store(root):
        msg = (
            f"{root.name} has a store, and a restore never writes over one. Restore into another folder, or "
            "move data/records.sqlite away first."
        )
        raise BackupError(msg)
    if not in_place and any((key_folder(root) / name).exists() for name in (KEY_FILE, PEOPLE_FILE)):
        msg = (
            f"{root.name} has keys, and a restore never writes over them. Where they are this store's, they "
            f"are the ones to restore with: --keys {key_folder(root).name}."
        )
        raise BackupError(msg)
    for path, target in _files(root, folder):
        if target.exists() and not (target.is_file() and sha256_of(target) == sha256_of(path)):
            msg = (
                f"{target.relative_to(root)} is there and is not the backup's, and a restore writes over "
                "nothing. Restore into an empty folder, or move the file away first."
            )
            raise BackupError(msg)


def _files(root: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
    beside = folder / FILES
    for path in sorted(beside.rglob("*")):
        if path.is_file():
            yield path, root / path.relative_to(beside)


@contextmanager
def _staging(root: Path) -> Iterator[Path]:
    """Give a folder in which everything is made ready; nobody looks for a store there."""
    staged = root / PARTIAL
    shutil.rmtree(staged, ignore_errors=True)  # of a restore that was stopped
    was_there = root.is_dir()
    private_folder(staged)
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        if not was_there:
            with suppress(OSError):  # unless something is restored in it
                root.rmdir()


def _stage(staged: Path, folder: Path, keys: Path, *, in_place: bool, sample: bool) -> None:
    copy_file(folder / STORE, staged / "records.sqlite")
    ready = key_folder(staged)
    make_key_folder(ready)
    if in_place:
        # Keys in use may have a journal, which a copy of the file would leave behind.
        opened = _opened(keys, sample=sample)
        try:
            opened.copy_people_to(ready / PEOPLE_FILE)
        finally:
            opened.close()
    else:
        copy_file(keys / PEOPLE_FILE, ready / PEOPLE_FILE)
    if (keys / KEY_FILE).is_file():
        copy_file(keys / KEY_FILE, ready / KEY_FILE)


def _opened(folder: Path, *, sample: bool) -> Keys:
    from plainscore.records import open_keys, open_sample_keys

    if not (folder / PEOPLE_FILE).is_file():
        msg = (
            f"{folder.name} has no {PEOPLE_FILE}: it is not a folder of keys. Give the latest that there are."
        )
        raise BackupError(msg)
    people = folder / PEOPLE_FILE
    return open_sample_keys(people) if sample else open_keys(folder / KEY_FILE, people)


def _verified(staged: Path, notes: Sequence[str], *, sample: bool) -> Verification:
    """Compare the copy with its log and with checkpoints, before anything of it is believed."""
    from plainscore.records import verify_copy

    keys = _opened(key_folder(staged), sample=sample)
    try:
        report = verify_copy(staged / "records.sqlite", keys=keys, checkpoints=notes)
    finally:
        keys.close()
    refuse_altered(report, "The backup is not restored.")
    return report


def _ended_again(
    staged: Path,
    notes: Sequence[str],
    report: Verification,
    *,
    sample: bool,
    since: Path | None,
    clock: Clock,
) -> tuple[Reapplied, Verification]:
    """End again what was ended after the backup, and return whom, with the state that it is in now."""
    from plainscore.records import open_store

    keys = _opened(key_folder(staged), sample=sample)
    with open_store(staged / "records.sqlite", clock=clock, keys=keys) as store:
        later = set() if since is None else later_leaves(since, store.log.public_key, report)
        done = store.reapply(later)
        again = store.verify(notes)
    return done, again


def _end_in_place(folder: Path, done: Reapplied, *, sample: bool) -> None:
    """Destroy, in keys that stay where they are, those of whom a later log has told."""
    keys = _opened(folder, sample=sample)
    try:
        ended = [keys.destroy(done.erased, "use"), keys.destroy(done.terms_ended, "proof")]
    finally:
        keys.close()
    if not all(ended):
        msg = (
            "Somebody has the keys open, so that those of the erased could not be destroyed. Close it first."
        )
        raise BackupError(msg)


def _put(root: Path, folder: Path, staged: Path, *, in_place: bool) -> None:
    """Put everything where it belongs; the store last, which is what makes the workspace one that has kept.

    Whoever is stopped in between begins again: what stands there is the backup's, and its keys are then given
    as those of the workspace.
    """
    for path, target in _files(root, folder):
        if not target.exists():
            partial = staged / "file"
            copy_file(path, partial)
            private_folder(target.parent)
            partial.rename(target)
    if not in_place:
        own = key_folder(root)
        if own.is_dir():
            (own / ".gitignore").unlink(missing_ok=True)
        (key_folder(staged) / f"{PEOPLE_FILE}.lock").unlink(missing_ok=True)
        key_folder(staged).rename(own)
    target = root / "data" / "records.sqlite"
    private_folder(target.parent)
    (staged / "records.sqlite").rename(target)
    for changed in (target.parent, root):
        sync_folder(changed)
