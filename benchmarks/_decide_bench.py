"""Decisions a second on the sample: a look, the whole record with evidence, and kept in a store."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks._report import Goal, Section, milliseconds, table
from benchmarks._timing import Tell, each_in_turns, in_turns
from plainscore.workspace import DECIDED_AT_ONCE, Desk, Workspace

ROOT: Final = Path(__file__).resolve().parents[1]
RECORDS: Final = 600
BELOW: Final = 150
KEPT: Final = 300
ALONE: Final = 20
ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the sample: what is done with how many people, and how many a second are the goal."""

    name: str
    people: int
    goal: int
    work: Callable[[], object]


def measure(tell: Tell) -> Section:
    """Measure what a night takes, and one person alone."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "sample"
        for name in ("data", "model", "reports"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("records.sqlite*"))
        workspace = Workspace.open(root)
        tell("decisions: opening the sample")
        people = workspace.people()
        below = _below(workspace, people)
        asked = _asked(workspace, people, below)
        timings = in_turns(
            {one.name: one.work for one in asked}, ROUNDS, lambda text: tell(f"decisions: {text}")
        )
        alone = [partial(_records, workspace.desk, [one]) for one in people[:: len(people) // ALONE][:ALONE]]
        single = each_in_turns({"alone": alone}, lambda text: tell(f"decisions: {text}"))["alone"]
    rates = {one.name: one.people / timings[one.name].median for one in asked}
    rows = [[one.name, f"{one.people:,}", f"{rates[one.name]:,.0f}", f"{one.goal:,}"] for one in asked]
    body = (
        f"The sample, {len(people):,} people. Records are made {DECIDED_AT_ONCE} at once, bits equal to "
        f"one by one; medians of {ROUNDS}. One person alone, on an open desk: "
        f"{milliseconds(single.median)} ({milliseconds(single.p95)} in one of twenty)."
    )
    goals = [
        Goal(
            f"decisions: {one.name}",
            f"{one.goal:,} a second",
            f"{rates[one.name]:,.0f}",
            rates[one.name] >= one.goal,
        )
        for one in asked
    ]
    goals.append(
        Goal("one decision on an open desk", "50.0 ms", milliseconds(single.median), single.median <= 0.05)
    )
    head = ["", "people", "a second", "goal"]
    return Section("Decisions, many and one", f"{body}\n\n{table(head, rows)}", tuple(goals))


def _asked(workspace: Workspace, people: list[str], below: list[str]) -> list[Asked]:
    desk, number = workspace.desk, count()
    some = people[:: max(1, len(people) // RECORDS)][:RECORDS]

    def kept() -> object:
        return workspace.decide_many(some[:KEPT], run=f"benchmark {next(number)}")

    return [
        Asked("score, PD, reasons", len(people), 2_000, partial(workspace.score, people)),
        Asked("the whole record with evidence", len(some), 300, partial(_records, desk, some)),
        Asked("the same, all below the cut-off", len(below), 60, partial(_records, desk, below)),
        Asked("the same, kept in a store", len(some[:KEPT]), 300, kept),
    ]


def _below(workspace: Workspace, people: list[str]) -> list[str]:
    cut_off = workspace.terms.cut_off
    assert cut_off is not None, "the sample has a cut-off"
    rows = workspace.score(people).rows
    return [row.subject_id for row in rows if row.score is not None and row.score < cut_off][:BELOW]


def _records(desk: Desk, people: list[str]) -> None:
    for at in range(0, len(people), DECIDED_AT_ONCE):
        cases = [desk.case(one) for one in people[at : at + DECIDED_AT_ONCE]]
        desk.consider_many(cases, desk.workspace.card)
