"""What was measured of the store on each database, kept as JSON, from which the report's part is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

ANSWERS = Path(__file__).resolve().parents[1] / "reports" / "benchmarks_store.json"

DATABASES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds: half of all calls at most `median`, 99 of 100 at most `late`."""

    median: float
    late: float


@dataclass(frozen=True, slots=True)
class Taken:
    """How long a question took.

    Attributes
    ----------
    all : Spread
        From asking until it was answered.
    processor : Spread
        What of this the asking thread itself worked: it does not wait for others of a busy machine. On
        PostgreSQL the server's part is not in it.
    """

    all: Spread
    processor: Spread


@dataclass(frozen=True, slots=True)
class Clients:
    """What clients that write at once got done.

    Attributes
    ----------
    number, batch : int
        How many clients, and how many decisions each keeps in one change.
    changes : float
        Changes kept a second, by all of them.
    each : Spread
        How long a change took, from asking for it until it was kept.
    """

    number: int
    batch: int
    changes: float
    each: Spread


@dataclass(frozen=True, slots=True)
class Kills:
    """What became of a writer that was killed (kill -9) and started again, round after round.

    Attributes
    ----------
    rounds : int
        Times that it was killed.
    told : int
        Decisions of which it had told that they were kept.
    lost, doubled : int
        Those that were not in the store afterwards; decisions that were there twice.
    findings : int
        Rows of the store that did not agree with the log.
    """

    rounds: int
    told: int
    lost: int
    doubled: int
    findings: int


@dataclass(frozen=True, slots=True)
class Edits:
    """How many changes of single values, made behind the store's back, its verification named."""

    tried: int
    noticed: int


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that was measured on one database.

    Attributes
    ----------
    machine, software : str
        What it was measured on, with the day; the database and its version.
    decisions, size : int
        How many decisions there were, and the bytes that the store took: indexes, log, tree and all.
    loaded : float
        Decisions kept a second in changes of a thousand.
    questions : dict of str to Taken
        By question, in words.
    clients : tuple of Clients
        One decision a change, and batches.
    leaves : int
        Of the log.
    grown : float
        Seconds in which the tree grew over all of them.
    proofs : dict of str to Taken
        By what is proved.
    kills : Kills
        Of a store of its own.
    edits : Edits
        Of a store of its own.
    """

    machine: str
    software: str
    decisions: int
    size: int
    loaded: float
    questions: dict[str, Taken]
    clients: tuple[Clients, ...]
    leaves: int
    grown: float
    proofs: dict[str, Taken]
    kills: Kills
    edits: Edits

    @property
    def bytes_each(self) -> float:
        """Bytes of the store for each decision."""
        return self.size / self.decisions


def spread(seconds: Sequence[float]) -> Spread:
    """Return median and 99th percentile, each by nearest rank."""
    ordered = sorted(seconds)
    return Spread(ordered[(len(ordered) - 1) // 2], ordered[-(-len(ordered) * 99 // 100) - 1])


def read_answers() -> dict[str, Answers]:
    """Return what was kept, by database; nothing of one that was never measured."""
    if not ANSWERS.is_file():
        return {}
    return {name: _read(kept) for name, kept in json.loads(ANSWERS.read_text("utf-8")).items()}


def keep_answers(answers: dict[str, Answers]) -> None:
    """Write what was measured, in the order of `DATABASES`."""
    ordered = {name: asdict(answers[name]) for name in DATABASES if name in answers}
    ANSWERS.write_text(json.dumps(ordered, indent=1) + "\n", "utf-8")


def _read(figures: dict[str, Any]) -> Answers:
    clients = tuple(Clients(**{**group, "each": Spread(**group["each"])}) for group in figures["clients"])
    taken = {
        name: {what: _taken(times) for what, times in figures[name].items()}
        for name in ("questions", "proofs")
    }
    kept = {
        "clients": clients,
        "kills": Kills(**figures["kills"]),
        "edits": Edits(**figures["edits"]),
        **taken,
    }
    return Answers(**{**figures, **kept})


def _taken(times: dict[str, dict[str, float]]) -> Taken:
    return Taken(Spread(**times["all"]), Spread(**times["processor"]))
