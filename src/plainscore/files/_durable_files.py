"""Writing files so that a reader sees old ones or new ones, never a part, whatever stops the writing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from plainscore.files._private_files import private_file, private_folder


def write_together(files: Mapping[Path, bytes]) -> list[Path]:
    """Write files that belong together, for their owner alone: none appears before all are on the disk.

    When this returns, the files and their names are on the disk, and stay after a loss of power. A folder
    that is made for them is its owner's alone too.

    Returns
    -------
    list of Path
        The files, in the order given.
    """
    return _write(files, private_folder, private_file)


def publish_together(files: Mapping[Path, bytes]) -> list[Path]:
    """Write files that belong together and are for others to read, as `write_together` does.

    Only what says nothing about a person is published: their permissions are those that the process's mask
    leaves.

    Returns
    -------
    list of Path
        The files, in the order given.
    """
    return _write(files, _folder, lambda path: path)


def _write(
    files: Mapping[Path, bytes], made: Callable[[Path], list[Path]], ready: Callable[[Path], Path]
) -> list[Path]:
    partials = {path: path.with_name(f".{path.name}.{os.getpid()}.partial") for path in files}
    changed: dict[Path, None] = {}
    with ExitStack() as on_failure:
        for path, partial in partials.items():
            changed |= dict.fromkeys(made(path.parent))
            on_failure.callback(partial.unlink, missing_ok=True)
            with ready(partial).open("wb") as file:
                file.write(files[path])
                file.flush()
                os.fsync(file.fileno())
        for path, partial in partials.items():
            partial.replace(path)
        on_failure.pop_all()
        for folder in changed:
            sync_folder(folder)
    return list(files)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system lets a folder be opened for that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _folder(folder: Path) -> list[Path]:
    """Make a folder where there is none; return it, and every folder above that got a name with it."""
    above = [one.parent for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return [folder, *above]
