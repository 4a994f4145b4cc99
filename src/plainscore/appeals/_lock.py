"""One reviewer at a time: a lock of the operating system, which ends with the process that holds it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Final

from plainscore.appeals._errors import BeingDecidedError
from plainscore.files import OWNER_ALONE, private_folder

NAME: Final = "deciding.lock"
_FAR: Final = 1 << 30
"""Byte that Windows locks: far behind the names, which others must be able to read."""


@contextmanager
def one_reviewer(folder: Path, appeal_id: str, name: str) -> Iterator[None]:
    """Decide an appeal while nobody else decides one in this folder.

    There is one lock for all of a folder's appeals, not one for each: appeals about different records of a
    person renew the same decision, and each must go on from what the other left.

    Parameters
    ----------
    folder : Path
        Folder of the appeals.
    appeal_id, name : str
        Which appeal is decided and by whom, for whoever is turned away meanwhile.

    Raises
    ------
    BeingDecidedError
        When somebody else is deciding now.
    """
    private_folder(folder)
    # Whoever decides is named in it.
    (folder / NAME).touch(mode=OWNER_ALONE)
    with (folder / NAME).open("a+b", buffering=0) as file:
        if not _lock(file):
            raise BeingDecidedError(_busy(file, appeal_id))
        try:
            file.truncate(0)
            file.write(f"{appeal_id}\n{' '.join(name.split())}".encode(errors="replace"))
            yield
        finally:
            with suppress(OSError):
                file.truncate(0)
            _unlock(file)


def _busy(file: FileIO, appeal_id: str) -> str:
    """Return who decides now, as far as the file says it."""
    file.seek(0)
    other, _, name = file.read().decode("utf-8", "replace").partition("\n")
    who = f"{name!r} is" if name.strip() else "Somebody else is"
    if other in ("", appeal_id):
        return (
            f"{who} deciding appeal {appeal_id} now. Look at it again in a moment: `plainscore appeal list`."
        )
    return (
        f"{who} deciding appeal {other} now, and two appeals may concern the same decision. "
        f"Decide appeal {appeal_id} again in a moment."
    )


if sys.platform == "win32":
    import msvcrt

    def _lock(file: FileIO) -> bool:
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _unlock(file: FileIO) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: FileIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: FileIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
