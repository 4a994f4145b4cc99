"""Writing files so that a reader sees old ones or new ones, never a part, whatever stops the writing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path


def write_together(files: Mapping[Path, bytes]) -> list[Path]:
    """Write files that belong together: none appears before the bytes of all are on the disk.

    When this returns, the files and their names are on the disk, and stay after a loss of power.

    Returns
    -------
    list of Path
        The files, in the order given.
    """
    partials = {path: path.with_name(f".{path.name}.{os.getpid()}.partial") for path in files}
    changed: dict[Path, None] = {}
    with ExitStack() as on_failure:
        for path, partial in partials.items():
            changed |= dict.fromkeys(_made(path.parent))
            on_failure.callback(partial.unlink, missing_ok=True)
            with partial.open("wb") as file:
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


def _made(folder: Path) -> list[Path]:
    """Make a folder where there is none; return it, and every folder above that got a name with it."""
    above = [one.parent for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return [folder, *above]
