"""Copies of a store in a file: taken while others write, and compared with their log before they are used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from plainscore.log import key_from_seed
from plainscore.records._clock import Clock
from plainscore.records._database import Database
from plainscore.records._errors import SchemaError
from plainscore.records._keys import Keys
from plainscore.records._leaves import read_head
from plainscore.records._sqlite import lock_beside
from plainscore.records._store_log import StoreLog
from plainscore.records._store_version import version_of
from plainscore.records._verification import Verification
from plainscore.records._verifying import verify


def copy_store(database: Database, file: Path, *, clock: Clock, keys: Keys) -> str:
    """Write a store as it is now to a new file, and return a signed checkpoint over just its leaves.

    The tree is grown and signed over the copy, so that no leaf of a later change is in the checkpoint.

    Raises
    ------
    NotAFileError
        When the store is in PostgreSQL.
    FullError
        When the disk has no room; the file is then not there.
    """
    database.copy_to(file)
    copy = Database(file)
    try:
        return StoreLog(copy, clock=clock, keys=keys).checkpoint()
    except BaseException:
        file.unlink()
        raise
    finally:
        copy.close()
        lock_beside(file).unlink(missing_ok=True)


def verify_copy(file: Path, *, keys: Keys, checkpoints: Sequence[str]) -> Verification:
    """Compare a copy with its log and with checkpoints; nothing of it is used or changed, and no key ends.

    Raises
    ------
    SchemaError
        When the file is not a store.
    """
    database = Database(file)
    try:
        with database.snapshot() as connection:
            if version_of(connection) is None:
                raise SchemaError(f"{file.name} is not a store: it has none of its tables.")
            key = key_from_seed(read_head(connection).origin, keys.file.newest("log")[1])
            return verify(connection, key=key.public, checkpoints=checkpoints)
    finally:
        database.close()
        lock_beside(file).unlink(missing_ok=True)
