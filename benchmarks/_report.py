"""Markdown of the report: tables, and goals beside what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_MARK: Final = "<!-- part:"
_HEAD: Final = """\
`make bench` writes this page; `python -m benchmarks --only accuracy` (or `honesty`, `engine`, `ledger`)
writes one part again and keeps the others; `--quick` prints smaller runs. `--reuse FOLDER` keeps the
answers on accuracy and honesty, and takes those whose contestant and question have not changed since;
`--fill FOLDER` measures those of all others ahead, and with `--ours` ours alone are measured.
`make peers` installs the packages that the engine is compared with, each in an environment of its own.
`make bench-store` writes the part on the store, from what it measured on each database and keeps in
`reports/benchmarks_store.json`; measured on one, it keeps the figures of the other.
Nothing here is a test, and no test depends on a time.
"""


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure to reach, beside the figure measured.

    Attributes
    ----------
    says : str
        What is measured.
    goal, measured : str
        Both with their unit.
    met : bool
        Whether it is reached.
    """

    says: str
    goal: str
    measured: str
    met: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report.

    Attributes
    ----------
    title : str
        Heading.
    body : str
        Markdown below it.
    goals : tuple of Goal
        For the table at the head of the report.
    """

    title: str
    body: str
    goals: tuple[Goal, ...] = ()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose first column is words and whose others are figures."""
    marks = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, marks, *rows))


def milliseconds(seconds: float) -> str:
    """Return a time in ms with two or three figures."""
    thousand = seconds * 1000
    return f"{thousand:.0f} ms" if thousand >= 100 else f"{thousand:.1f} ms"


def millions(number: float) -> str:
    """Return a number in millions."""
    return f"{number / 1e6:.2f}M"


def seconds(value: float) -> str:
    """Return a time in the unit that suits it."""
    if value < 1e-3:
        return f"{value * 1e6:.0f} µs"
    if value < 1:
        return milliseconds(value)
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def ratio(value: float) -> str:
    """Return a ratio with three figures, or as many as it has before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def times(other: float, own: float) -> str:
    """Return how many times our time another takes."""
    return f"{other / own:.2f}"


def compose(title: str, machine: str, sections: Sequence[Section]) -> str:
    """Return one part of the report: what it was measured on, its goals, its sections."""
    goals = [goal for section in sections for goal in section.goals]
    rows = [[goal.says, goal.goal, goal.measured, "met" if goal.met else "**missed**"] for goal in goals]
    missed = sum(not goal.met for goal in goals)
    parts = [
        f"# {title}",
        machine,
        "## Goals",
        f"{len(goals) - missed} of {len(goals)} goals are met.",
        table(["what", "goal", "measured", ""], rows),
        *(f"## {section.title}\n\n{section.body}" for section in sections),
    ]
    return "\n\n".join(parts) + "\n"


def join(parts: Mapping[str, str]) -> str:
    """Return the whole report; a comment that no reader sees says where each part begins."""
    return "\n".join([_HEAD, *(f"{_mark(name)}\n\n{text}" for name, text in parts.items())])


def part_of(report: str, name: str) -> str | None:
    """Return one part of a report that `join` wrote, or None where it has no such part."""
    _, found, rest = report.partition(_mark(name))
    return rest.split(_MARK, 1)[0].strip() + "\n" if found else None


def parts_of(report: str) -> list[str]:
    """Return the names of the parts of a report that `join` wrote, in their order."""
    return [rest.split(" -->", 1)[0].strip() for rest in report.split(_MARK)[1:]]


def _mark(name: str) -> str:
    return f"{_MARK} {name} -->"
