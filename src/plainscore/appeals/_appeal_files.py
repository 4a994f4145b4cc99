"""Where appeals are kept: a protocol, and files in a folder that serve it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias, cast, runtime_checkable

from plainscore.appeals._appeal import SCHEMA
from plainscore.appeals._appeal_types import AppealRecord
from plainscore.appeals._errors import AlteredAppealError, UnknownAppealError
from plainscore.decisions import moment_of
from plainscore.files import write_together

State: TypeAlias = tuple[tuple[str, int, int, int], ...]


@runtime_checkable
class Appeals(Protocol):
    """Appeals by id; an appeal's newest state replaces the one before."""

    def put(self, appeal: AppealRecord) -> None:
        """Keep an appeal in its present state."""
        ...

    def get(self, appeal_id: str) -> AppealRecord:
        """Return an appeal; raises UnknownAppealError."""
        ...

    def all(self) -> Iterator[AppealRecord]:
        """Yield every appeal, oldest first."""
        ...


class FileAppeals:
    """Appeals as files of a folder, one file each.

    Parameters
    ----------
    folder : Path
        Made when the first appeal is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, appeal: AppealRecord) -> None:
        """Keep an appeal in its present state; the file is on the disk whole or not at all."""
        data = json.dumps(appeal, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write_together({self._folder / f"{appeal['id']}.json": data.encode()})

    def get(self, appeal_id: str) -> AppealRecord:
        """Return an appeal.

        Raises
        ------
        UnknownAppealError
            When there is none with this id.
        AlteredAppealError
            When its file cannot be read as an appeal.
        """
        path = self._folder / f"{appeal_id}.json"
        if not appeal_id.isalnum() or not path.is_file():
            msg = f"There is no appeal {appeal_id[:16]!r}. `plainscore appeal list` lists them."
            raise UnknownAppealError(msg)
        return self._read(path)

    def all(self) -> Iterator[AppealRecord]:
        """Yield every appeal, oldest first."""
        files = self._folder.glob("*.json") if self._folder.is_dir() else ()
        yield from sorted((self._read(path) for path in files), key=_oldest_first)

    def state(self) -> State:
        """Return what tells one state of the folder from every other; to ask costs no reading."""
        files = sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []
        # A file that is replaced is another file, written at another time.
        found = ((path.name, path.stat()) for path in files)
        return tuple((name, stat.st_ino, stat.st_mtime_ns, stat.st_size) for name, stat in found)

    @staticmethod
    def _read(path: Path) -> AppealRecord:
        try:
            appeal = json.loads(path.read_bytes())
        except ValueError as error:
            msg = f"{path.name} is not JSON. Restore it from a backup."
            raise AlteredAppealError(msg) from error
        if not isinstance(appeal, dict) or appeal.get("schema") != SCHEMA:
            msg = f"{path.name} does not have the schema {SCHEMA!r}. Restore it from a backup."
            raise AlteredAppealError(msg)
        return cast(AppealRecord, appeal)


def _oldest_first(appeal: AppealRecord) -> tuple[datetime, str]:
    return moment_of(appeal["made_at"]), appeal["id"]
