"""Files and folders that their owner alone may read, whatever the process's mask says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

OWNER_ALONE: Final = 0o600
"""Permissions of a file about people. Where a system has no such bits, its own rules stand."""

OWNERS_FOLDER: Final = 0o700
"""Permissions of a folder for such files."""


def private_file(path: Path) -> Path:
    """Make an empty file that its owner alone may read and write, before anything is in it.

    What lies under the name goes first: its permissions, or whatever a link there points to, are not those of
    a new file.

    Parameters
    ----------
    path : Path
        The file; its folder must be there.

    Returns
    -------
    Path
        The same, to be opened for writing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = private_file(Path(folder) / "scores.csv")
    ...     oct(made.stat().st_mode & 0o077), made.stat().st_size
    ('0o0', 0)
    """
    path.unlink(missing_ok=True)
    path.touch(mode=OWNER_ALONE, exist_ok=False)
    # The process's mask may have taken away what the owner needs.
    path.chmod(OWNER_ALONE)
    return path


def private_folder(folder: Path) -> list[Path]:
    """Make a folder where there is none, and those above it, each for its owner alone.

    A folder that is there stays as it is: who made it has settled who may look into it.

    Returns
    -------
    list of Path
        The folder, and every folder that got a new name in it.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=OWNERS_FOLDER, exist_ok=True)
        one.chmod(OWNERS_FOLDER)
    # What is there and is not a folder is named here, as the system names it.
    folder.mkdir(exist_ok=True)
    return [folder, *(one.parent for one in missing)]
