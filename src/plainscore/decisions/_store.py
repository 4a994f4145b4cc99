"""Where decisions are kept: a protocol, and files in a folder that serve it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from plainscore.decisions._errors import AlteredDecisionError, DecisionError, UnknownDecisionError
from plainscore.decisions._record import Json, read_record, write_record

LEAST_PREFIX = 8


@runtime_checkable
class Decisions(Protocol):
    """Decisions kept for good: they are added and read, never changed."""

    def add(self, record: Mapping[str, Any]) -> None:
        """Keep a record; adding the same one again changes nothing."""
        ...

    def get(self, decision_id: str) -> Json:
        """Return the record with this id, or with an id that begins so; raises UnknownDecisionError."""
        ...

    def all(self) -> Iterator[Json]:
        """Yield every record, oldest first."""
        ...

    def touched_by(self, account_id: str, month: date) -> Iterator[Json]:
        """Yield the records that saw a month of an account, oldest first."""
        ...


class FileDecisions:
    """Decisions as files of a folder, one file each.

    Parameters
    ----------
    folder : Path
        Made when the first decision is added.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, decision_id: str) -> Path:
        """Return the file of a decision."""
        return self._folder / f"{decision_id}.json"

    def add(self, record: Mapping[str, Any]) -> None:
        """Keep a record; it appears whole or not at all, and is never written over.

        Raises
        ------
        AlteredDecisionError
            When its content does not give its id, or the file kept under that id was changed.
        """
        data = write_record(record)
        read_record(data)
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self.path(record["id"])
        if target.exists():
            self._read(target)
            return
        # Two writers of one id write the same bytes, since the id is their hash.
        partial = target.with_suffix(f".{os.getpid()}.partial")
        try:
            partial.write_bytes(data)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def get(self, decision_id: str) -> Json:
        """Return a record by its id or the first eight or more digits of it.

        Raises
        ------
        UnknownDecisionError
            When no decision, or more than one, has an id that begins so.
        AlteredDecisionError
            When the file was changed.
        """
        wanted = decision_id.lower()
        if len(wanted) < LEAST_PREFIX or not set(wanted) <= set("0123456789abcdef"):
            msg = f"A decision id is hexadecimal; give at least its first {LEAST_PREFIX} digits."
            raise UnknownDecisionError(msg)
        found = sorted(self._folder.glob(f"{wanted}*.json")) if self._folder.is_dir() else []
        if len(found) != 1:
            many = f"are {len(found)} decisions" if found else "is no decision"
            msg = f"There {many} whose id begins with {wanted[:12]}. `plainscore decisions` lists them."
            raise UnknownDecisionError(msg)
        return self._read(found[0])

    def all(self) -> Iterator[Json]:
        """Yield every record, oldest first."""
        yield from sorted((self.read(name) for name in self.ids()), key=lambda r: (r["made_at"], r["id"]))

    def ids(self) -> tuple[str, ...]:
        """Return the id of every file, whether or not it can still be read."""
        files = self._folder.glob("*.json") if self._folder.is_dir() else ()
        return tuple(sorted(path.stem for path in files))

    def read(self, name: str) -> Json:
        """Return the record in the file of one of `ids`; raises AlteredDecisionError."""
        return self._read(self.path(name))

    def touched_by(self, account_id: str, month: date) -> Iterator[Json]:
        """Yield the records that saw a month of an account, oldest first."""
        for record in self.all():
            seen = record["inputs"]["statements"]
            if any(row["account_id"] == account_id and row["month"] == month.isoformat() for row in seen):
                yield record

    @staticmethod
    def _read(path: Path) -> Json:
        try:
            record = read_record(path.read_bytes())
        except DecisionError as error:
            raise type(error)(f"{path.name}: {error}") from error
        if record["id"] != path.stem:
            msg = f"{path.name} holds decision {record['id'][:12]}. Give the file its decision's id as name."
            raise AlteredDecisionError(msg)
        return record
