"""Where appeals are kept: a protocol, and files in a folder that serve it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from plainscore.appeals._appeal import SCHEMA
from plainscore.appeals._errors import AlteredAppealError, UnknownAppealError

Json = dict[str, Any]


@runtime_checkable
class Appeals(Protocol):
    """Appeals by id; an appeal's newest state replaces the one before."""

    def put(self, appeal: Mapping[str, Any]) -> None:
        """Keep an appeal in its present state."""
        ...

    def get(self, appeal_id: str) -> Json:
        """Return an appeal; raises UnknownAppealError."""
        ...

    def all(self) -> Iterator[Json]:
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

    def put(self, appeal: Mapping[str, Any]) -> None:
        """Keep an appeal in its present state; the file appears whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{appeal['id']}.json"
        partial = target.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps(appeal, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
        partial.replace(target)

    def get(self, appeal_id: str) -> Json:
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

    def all(self) -> Iterator[Json]:
        """Yield every appeal, oldest first."""
        files = self._folder.glob("*.json") if self._folder.is_dir() else ()
        yield from sorted((self._read(path) for path in files), key=lambda a: (a["made_at"], a["id"]))

    @staticmethod
    def _read(path: Path) -> Json:
        try:
            appeal = json.loads(path.read_bytes())
        except ValueError as error:
            msg = f"{path.name} is not JSON. Restore it from a backup."
            raise AlteredAppealError(msg) from error
        if not isinstance(appeal, dict) or appeal.get("schema") != SCHEMA:
            msg = f"{path.name} does not have the schema {SCHEMA!r}. Restore it from a backup."
            raise AlteredAppealError(msg)
        return appeal
