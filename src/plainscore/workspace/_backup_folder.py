"""Folders of a backup: each appears whole or not at all, with a list of its files and the hash of each."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import plainscore
from plainscore.files import private_file, private_folder, sync_folder, write_together
from plainscore.workspace._errors import BackupError

LIST: Final = "backup.json"
AT_ONCE: Final = 1 << 20


@contextmanager
def whole_folders(*folders: Path) -> Iterator[tuple[Path, ...]]:
    """Give a folder to fill in the place of each, for its owner alone; all appear at the end, or none.

    The last appears first: the first is what says that the others are there.

    Raises
    ------
    BackupError
        When one is there already.
    """
    for folder in folders:
        if folder.exists():
            msg = f"{folder.name} is there already. Name a folder that is not: no two backups are mixed."
            raise BackupError(msg)
    partials = tuple(folder.with_name(f".{folder.name}.partial") for folder in folders)
    appeared: list[Path] = []
    try:
        for partial in partials:
            shutil.rmtree(partial, ignore_errors=True)  # of a backup that was stopped
            private_folder(partial)
        yield partials
        for partial in partials:
            for inside in (partial, *(one for one in partial.rglob("*") if one.is_dir())):
                sync_folder(inside)
        for partial, folder in reversed(list(zip(partials, folders, strict=True))):
            partial.rename(folder)
            appeared.append(folder)
            sync_folder(folder.parent)
    except BaseException:
        for folder in (*partials, *appeared):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def copy_file(source: Path, target: Path) -> None:
    """Copy a file for its owner alone; it is on the disk when this returns."""
    private_folder(target.parent)
    with source.open("rb") as read, private_file(target).open("wb") as written:
        shutil.copyfileobj(read, written, AT_ONCE)
        written.flush()
        os.fsync(written.fileno())


def write_list(folder: Path, schema: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Write the list of a folder's files, and return it."""
    content = {"schema": schema, "software": plainscore.__version__, **about, "files": _files(folder)}
    write_together({folder / LIST: json.dumps(content, indent=1, sort_keys=True).encode() + b"\n"})
    return content


def read_list(folder: Path, schema: str) -> dict[str, Any]:
    """Return the list of a folder's files, which are all there, and no other, and as they were.

    Raises
    ------
    BackupError
        When the folder is not such a backup, or a file of it is missing, was changed or is one too many.
    """
    file = folder / LIST
    try:
        content = json.loads(file.read_bytes())
        fits = content["schema"] == schema and isinstance(content["files"], dict)
    except (OSError, ValueError, KeyError, TypeError):
        fits = False
    if not fits:
        msg = f"{folder.name} is not a backup that can be used here: it has no {LIST} of the form {schema}."
        raise BackupError(msg)
    listed, found = content["files"], _files(folder)
    for name in sorted({*listed, *found}):
        if listed.get(name) != found.get(name):
            changed = "was changed" if name in listed else "is one too many"
            how = changed if name in found else "is missing"
            msg = f"{folder.name} is not what was backed up: {name} {how}. Take another backup."
            raise BackupError(msg)
    checked: dict[str, Any] = content
    return checked


def _files(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            msg = f"{folder.name} has a link, {path.name}: a backup holds the files themselves."
            raise BackupError(msg)
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != LIST:
            found[name] = {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
    return found


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()
