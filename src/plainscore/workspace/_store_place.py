"""Where a workspace keeps its store and its keys, and the clock that the store goes by."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from plainscore.files import private_folder, write_together
from plainscore.workspace._errors import NotAWorkspaceError, UpgradeError

if TYPE_CHECKING:
    from plainscore.records import Clock, Keys, LenderStore, Store

STORE: Final = "PLAINSCORE_STORE"
"""Environment variable that names a store elsewhere, as ``postgresql://...``: an address holds a password,
which belongs in no file of the workspace."""

PEOPLE_KEYS: Final = "PLAINSCORE_PEOPLE_KEYS"
"""Environment variable that names where the keys of people are, beside a store elsewhere."""

KEY_FILE: Final = "keys.json"
PEOPLE_FILE: Final = "people.sqlite"
"""Files of the folder of keys; a sample has the second alone."""

FOLDERS: Final = ("decisions", "notices", "appeals", "corrections")
"""Folders of data/ in which records were kept before there was a store."""

MARK: Final = "folders"
BEGUN, DONE = "being taken in", "taken in"
"""The row of the store that says how far those folders were taken into it."""

_OPEN: WeakValueDictionary[tuple[str, str], Store] = WeakValueDictionary()
"""Stores that this process has open: some versions of SQLite let a process open one once."""


def store_url(root: Path) -> str | Path:
    """Return where the store of a workspace is: data/records.sqlite, or what `STORE` names."""
    return os.environ.get(STORE) or root / "data" / "records.sqlite"


def has_store(root: Path) -> bool:
    """Return whether a workspace has a store already; one elsewhere is taken to be there."""
    url = store_url(root)
    return not isinstance(url, Path) or url.is_file()


def check_taken_in(root: Path, store: LenderStore | None) -> None:
    """Refuse to work beside records of before there was a store, which nobody would see.

    Parameters
    ----------
    root : Path
        The workspace.
    store : LenderStore or None
        Its store; None where there is none yet.

    Raises
    ------
    UpgradeError
        When a folder holds records that were not, or not wholly, taken into the store.
    """
    patterns = ("*.json", "*.parquet")
    if not any(next((root / "data" / name).glob(pattern), None) for name in FOLDERS for pattern in patterns):
        return
    if store is None or _mark_of(store) != DONE:
        msg = (
            f"{root.name}/data keeps decisions, letters or appeals in folders, as an earlier version did. "
            "Take them into the store with `plainscore upgrade`; they stay as they are."
        )
        raise UpgradeError(msg)


def _mark_of(store: LenderStore) -> str | None:
    from plainscore.records import UnknownRowError

    try:
        return str(store.ask.row("current", MARK).columns["value"])
    except UnknownRowError:
        return None


def open_workspace_store(root: Path, *, clock: Clock, sample: bool) -> Store:
    """Open the store of a workspace, and make it, with its keys, where there is none.

    Parameters
    ----------
    root : Path
        The workspace.
    clock : Clock
        What tells the moment of a change.
    sample : bool
        Whether its keys are the published ones, which protect nobody.

    Raises
    ------
    plainscore.records.RecordsError
        When the store or its keys cannot be opened.
    NotAWorkspaceError
        When there is a store, and its keys are gone.
    """
    from plainscore.records import open_store

    url = store_url(root)
    place = (str(url), repr(clock))
    found = _OPEN.get(place)
    if found is None:
        keys = _keys(root, sample=sample)
        if isinstance(url, Path):
            private_folder(url.parent)
        _OPEN[place] = found = open_store(url, clock=clock, keys=keys)
    return found


def key_folder(root: Path) -> Path:
    """Return the folder of a workspace's keys: backed up apart from the store, and never published."""
    return root / "keys"


def _keys(root: Path, *, sample: bool) -> Keys:
    from plainscore.records import create_keys, open_keys, open_sample_keys

    folder = key_folder(root)
    people: str | Path = os.environ.get(PEOPLE_KEYS) or folder / PEOPLE_FILE
    if sample:
        make_key_folder(folder)
        return open_sample_keys(people)
    file = folder / KEY_FILE
    if file.is_file():
        return open_keys(file, people)
    if has_store(root) and isinstance(store_url(root), Path):
        msg = (
            f"{root.name}/data has a store, and {root.name}/keys has no keys.json, without which nothing in "
            "it can be read. Restore the folder keys/ from its own backup."
        )
        raise NotAWorkspaceError(msg)
    make_key_folder(folder)
    return create_keys(file, people)


def make_key_folder(folder: Path) -> None:
    """Make the folder of keys where there is none: for its owner alone, and kept out of version control."""
    if folder.is_dir():
        return
    private_folder(folder)
    # Whatever is published of a workspace, its keys are not.
    write_together({folder / ".gitignore": b"*\n"})


def clock_of(start: datetime | None) -> Clock:
    """Return the clock of a workspace: that of this machine, or of a sample, which begins at `start`."""
    from plainscore.records import FixedClock, SystemClock

    return SystemClock() if start is None else FixedClock(start)
