"""Every question to the store, about somebody or something else each time, and how long each takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from random import Random
from typing import Any, Final

from benchmarks._store_answers import Taken, spread
from benchmarks._store_load import A_RUN, APPEALED, MONTHS, decision_id
from benchmarks._timing import Tell
from plainscore.records import Questions

REPEATS: Final = 1_000
WARM_UP: Final = 20


@dataclass(frozen=True, slots=True)
class Filled:
    """What the store holds: decisions that went through `change()`, of how many people, and all of them.

    Attributes
    ----------
    real, people, decisions : int
        Decisions that can be opened, the people of these, and all decisions.
    this_month : datetime.date
        The month in which all were made.
    laid_from : int
        Position of the log from which on something was laid over the deliveries last, through `change()`.
    """

    real: int
    people: int
    decisions: int
    this_month: date
    laid_from: int

    def some(self, random: Random) -> str:
        """Return the id of a decision that can be opened."""
        return decision_id(random.randrange(self.real))

    def person(self, random: Random) -> str:
        """Return somebody."""
        return f"person {random.randrange(self.people)}"

    def appealed(self, random: Random) -> int:
        """Return the number of a decision that was appealed."""
        return APPEALED * random.randrange(-(-self.real // APPEALED))


Ask = Callable[[Questions, Random], Any]


def questions(of: Filled) -> dict[str, tuple[str, Ask]]:
    """Return each question by the name it has in `Questions`: in words, and how it is asked."""
    month, runs = of.this_month, max(1, of.decisions // A_RUN)
    return {
        "row": ("a decision with its record", lambda ask, r: ask.row("decision", of.some(r))),
        "has": ("whether a decision is kept", lambda ask, r: ask.has("decision", of.some(r))),
        "decision": ("a decision by ten digits", lambda ask, r: ask.decision(of.some(r)[:10])),
        "sequel": (
            "an outcome by ten digits",
            lambda ask, r: ask.sequel(_id_of(f"outcome {r.randrange(of.real)}")[:10]),
        ),
        "inputs_of": ("what a decision was made from", lambda ask, r: ask.inputs_of(of.some(r))),
        "answered": (
            "whether a request was answered",
            lambda ask, r: ask.answered([f"request {r.randrange(of.real)}"]),
        ),
        "newest": ("the newest of a chain", lambda ask, r: ask.newest(of.some(r))),
        "decisions": (
            "all decisions, a page of 50",
            lambda ask, r: ask.decisions(after=(r.randrange(of.decisions),), limit=50),
        ),
        "decisions_of": ("a person's decisions", lambda ask, r: ask.decisions_of(of.person(r))),
        "decisions_in": (
            "a month's decisions, a page of 50",
            lambda ask, r: ask.decisions_in(month, after=(r.randrange(of.decisions),), limit=50),
        ),
        "decisions_of_run": (
            "a run's decisions, a page of 50",
            lambda ask, r: ask.decisions_of_run(f"run {r.randrange(runs)}", limit=50),
        ),
        "touched_by_account": (
            "what an account's month touches",
            lambda ask, r: ask.touched_by_account(f"{of.person(r)} account 1", month=MONTHS[50]),
        ),
        "touched_by_person": ("what a flag touches", lambda ask, r: ask.touched_by_person(of.person(r))),
        **_about_what_followed(of),
        **_about_people(of),
    }


def _about_what_followed(of: Filled) -> dict[str, tuple[str, Ask]]:
    month = of.this_month
    return {
        "sequels_of": ("what followed a decision", lambda ask, r: ask.sequels_of(of.some(r))),
        "sequels_in": (
            "a month's refusals, a page of 50",
            lambda ask, r: ask.sequels_in("outcome", "refused", month, limit=50),
        ),
        "sequels": ("all outcomes, a page of 50", lambda ask, r: ask.sequels("outcome", limit=50)),
        "appeals": (
            "all appeals, a page of 50",
            lambda ask, r: ask.appeals(after=(_id_of(f"{r.random()}"),), limit=50),
        ),
        "appeals_of": (
            "the appeals against a decision",
            lambda ask, r: ask.appeals_of(decision_id(of.appealed(r))),
        ),
        "open_appeals": ("open appeals, a page of 50", lambda ask, r: ask.open_appeals(limit=50)),
        "open_tasks": ("what waits, a page of 50", lambda ask, r: ask.open_tasks(limit=50)),
        "tallies": (
            "the counts of all months",
            lambda ask, r: ask.tallies(date(2000, 1, 1), date(2100, 1, 1)),
        ),
        "leaves": ("a decision's leaves", lambda ask, r: ask.leaves("decision", of.some(r))),
    }


def _about_people(of: Filled) -> dict[str, tuple[str, Ask]]:
    return {
        "appeals_by": (
            "a person's appeals",
            lambda ask, r: ask.appeals_by(f"person {of.appealed(r) % of.people}"),
        ),
        "tasks_by": ("what waits about a person", lambda ask, r: ask.tasks_by(of.person(r))),
        "overlay_of": ("what is laid over a person", lambda ask, r: ask.overlay_of(of.person(r))),
        "overlay_since": (
            "what was laid over last, 50 rows",
            lambda ask, r: ask.overlay_since(of.laid_from),
        ),
        "versions": (
            "the versions of 100 people",
            lambda ask, r: ask.versions([of.person(r) for _ in range(100)]),
        ),
        "position": ("how far the log has come", lambda ask, r: ask.position()),
    }


def measure(ask: Questions, of: Filled, tell: Tell, repeats: int = REPEATS) -> dict[str, Taken]:
    """Return how long each question takes, by its words."""
    asked = {}
    for words, question in questions(of).values():
        tell(words)
        asked[words] = measured_each(lambda random, question=question: question(ask, random), repeats)
    return asked


def measured_each(work: Callable[[Random], Any], repeats: int) -> Taken:
    """Return how long something takes that is about something else each time, after a warm-up."""
    random, taken, worked = Random(1), [], []
    for n in range(-WARM_UP, repeats):
        begin, processor = time.perf_counter(), time.thread_time()
        work(random)
        if n >= 0:
            worked.append(time.thread_time() - processor)
            taken.append(time.perf_counter() - begin)
    return Taken(spread(taken), spread(worked))


def _id_of(what: str) -> str:
    return sha256(what.encode()).hexdigest()
