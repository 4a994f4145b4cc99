"""Answers kept between runs, so that what has not changed need not be measured again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.peers._tables import Table


@dataclass(slots=True)
class Kept:
    """Answers by what was asked and by a digest of everything that decides the answer.

    Attributes
    ----------
    folder : Path, optional
        Where they lie, one file of JSON lines for each contestant or question; None to keep nothing.
    closed : set of str
        Contestants of which nothing new is asked: what is kept of them is all there is.
    measured, reused : dict of str to list of date
        By contestant or question: when the answers of this run were measured, those of this run and those
        of earlier ones.
    """

    folder: Path | None = None
    closed: frozenset[str] = frozenset()
    measured: dict[str, list[date]] = field(default_factory=dict)
    reused: dict[str, list[date]] = field(default_factory=dict)
    _read: dict[str, dict[tuple[str, str], dict[str, Any]]] = field(default_factory=dict)

    def find(self, who: str, what: str, digest: str) -> dict[str, Any] | None:
        """Return the figures of an answer, or None where there is none under this digest."""
        line = self._lines(who).get((what, digest))
        if line is None:
            return None
        self.reused.setdefault(who, []).append(date.fromisoformat(line["when"]))
        figures: dict[str, Any] = line["figures"]
        return figures

    def keep(self, who: str, what: str, digest: str, figures: dict[str, Any]) -> None:
        """Keep an answer that was measured just now."""
        today = datetime.now(UTC).date()
        self.measured.setdefault(who, []).append(today)
        line = {"what": what, "digest": digest, "when": today.isoformat(), "figures": figures}
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._file(who).open("a", encoding="utf-8") as out:
                # A line that was cut off must not take this one with it; an empty one is passed over.
                out.write(f"\n{json.dumps(line)}\n")

    def says(self, who: Iterable[str]) -> str:
        """Say which answers of some contestants or questions are of earlier runs, and from when."""
        old = {name: self.reused[name] for name in who if name in self.reused}
        if not old:
            return "Every answer was measured in this run."
        parts = [f"{name} ({_days(days)}{self._share(name)})" for name, days in old.items()]
        return (
            "Reused from an earlier run, where neither the contestant nor what it was asked has changed "
            f"since: {'; '.join(parts)}. All others were measured in this run."
        )

    def _share(self, name: str) -> str:
        new = len(self.measured.get(name, ()))
        return f", {len(self.reused[name])} of {len(self.reused[name]) + new} answers" if new else ""

    def _file(self, who: str) -> Path:
        if self.folder is None:
            msg = "Nothing is kept without a folder: name one with --reuse."
            raise ValueError(msg)
        return self.folder / f"{''.join(letter if letter.isalnum() else '-' for letter in who)}.jsonl"

    def _lines(self, who: str) -> dict[tuple[str, str], dict[str, Any]]:
        if who not in self._read:
            file = None if self.folder is None else self._file(who)
            texts = file.read_text("utf-8").splitlines() if file is not None and file.is_file() else []
            self._read[who] = {
                (line["what"], line["digest"]): line for line in map(_line, texts) if line is not None
            }
        return self._read[who]


def _line(text: str) -> dict[str, Any] | None:
    """Return a line, or None where a run was ended while it wrote."""
    try:
        found: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError:
        return None
    return found


def _days(days: list[date]) -> str:
    first, last = (f"{day:%d %B %Y}".lstrip("0") for day in (min(days), max(days)))
    return first if first == last else f"{first} to {last}"


def digest_of_files(files: Iterable[Path]) -> str:
    """Return a digest of the names and bytes of files, in their order."""
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)} ".encode() + content)
    return digest.hexdigest()


def digest_of_table(table: Table) -> str:
    """Return a digest of everything in a table."""
    digest = hashlib.sha256(repr((sorted(table.codes.items()), sorted(table.numbers))).encode())
    for name, values in [("bad", table.bad), ("fold", table.fold), *table.numbers.items()]:
        digest.update(f"{name} {values.dtype} ".encode() + values.tobytes())
    for name, (places, levels) in table.texts.items():
        digest.update(f"{name} {levels} {places.dtype} ".encode() + places.tobytes())
    return digest.hexdigest()
