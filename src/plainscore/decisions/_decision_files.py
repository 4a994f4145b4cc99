"""Where decisions are kept: a protocol, and files in a folder that serve it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from plainscore.decisions._decision_types import DecisionRecord
from plainscore.decisions._errors import AlteredDecisionError, DecisionError, UnknownDecisionError
from plainscore.decisions._moment import moment_of
from plainscore.decisions._record import read_record, write_record
from plainscore.files import sync_folder, write_together

LEAST_PREFIX = 8


@runtime_checkable
class Decisions(Protocol):
    """Decisions kept for good: they are added and read, never changed."""

    def add(self, record: DecisionRecord) -> None:
        """Keep a record; adding the same one again changes nothing."""
        ...

    def get(self, decision_id: str) -> DecisionRecord:
        """Return the record with this id, or with an id that begins so; raises UnknownDecisionError."""
        ...

    def all(self) -> Iterator[DecisionRecord]:
        """Yield every record, oldest first."""
        ...

    def touched_by(self, account_id: str, month: date) -> Iterator[DecisionRecord]:
        """Yield the records that saw a month of an account, oldest first."""
        ...


class FileDecisions:
    """Decisions as files of a folder, one file each.

    Parameters
    ----------
    folder : Path
        Made when the first decision is added.
    renewed : collection of str, optional
        Ids of the decisions in force that took another's place; every one is in force where absent. Any
        other record that replaces one was left by an appeal that did not come to its end, and no reader
        here sees it.
    """

    def __init__(self, folder: Path, *, renewed: Collection[str] | None = None) -> None:
        self._folder = folder
        self._renewed = renewed

    def path(self, decision_id: str) -> Path:
        """Return the file of a decision."""
        return self._folder / f"{decision_id}.json"

    def add(self, record: DecisionRecord) -> None:
        """Keep a record; it is on the disk whole or not at all, and is never written over.

        Raises
        ------
        AlteredDecisionError
            When its content does not give its id, or the file kept under that id was changed.
        """
        data = write_record(record)
        read_record(data)
        target = self.path(record["id"])
        if target.exists():
            self._read(target)
            # Who wrote it may have been stopped before its name was on the disk.
            sync_folder(self._folder)
            return
        # Two writers of one id write the same bytes, since the id is their hash.
        write_together({target: data})

    def get(self, decision_id: str) -> DecisionRecord:
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
        found = [path for path in self._paths(f"{wanted}*.json") if self._shows(path)]
        if len(found) != 1:
            many = f"are {len(found)} decisions" if found else "is no decision"
            msg = f"There {many} whose id begins with {wanted[:12]}. `plainscore decisions` lists them."
            raise UnknownDecisionError(msg)
        return self._read(found[0])

    def all(self) -> Iterator[DecisionRecord]:
        """Yield every record, oldest first."""
        found = (self._read(path) for path in self._paths("*.json"))
        yield from sorted((record for record in found if self._stands(record)), key=_oldest_first)

    def ids(self) -> tuple[str, ...]:
        """Return the id of every file, whether or not it can still be read."""
        return tuple(path.stem for path in self._paths("*.json") if self._shows(path))

    def read(self, name: str) -> DecisionRecord:
        """Return the record in the file of one of `ids`; raises AlteredDecisionError."""
        return self._read(self.path(name))

    def touched_by(self, account_id: str, month: date) -> Iterator[DecisionRecord]:
        """Yield the records that saw a month of an account, oldest first."""
        for record in self.all():
            seen = record["inputs"]["statements"]
            if any(row["account_id"] == account_id and row["month"] == month.isoformat() for row in seen):
                yield record

    def _paths(self, pattern: str) -> list[Path]:
        return sorted(self._folder.glob(pattern)) if self._folder.is_dir() else []

    def _stands(self, record: DecisionRecord) -> bool:
        return record["replaces"] is None or self._renewed is None or record["id"] in self._renewed

    def _shows(self, path: Path) -> bool:
        """Whether a file is anybody's to read; one that was changed is, so that it is named."""
        try:
            return self._stands(self._read(path))
        except AlteredDecisionError:
            return True

    @staticmethod
    def _read(path: Path) -> DecisionRecord:
        try:
            record = read_record(path.read_bytes())
        except DecisionError as error:
            raise type(error)(f"{path.name}: {error}") from error
        if record["id"] != path.stem:
            msg = f"{path.name} holds decision {record['id'][:12]}. Give the file its decision's id as name."
            raise AlteredDecisionError(msg)
        return record


def _oldest_first(record: DecisionRecord) -> tuple[datetime, str]:
    return moment_of(record["made_at"]), record["id"]
