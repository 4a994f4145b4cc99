"""Markdown of the report: tables, and goals beside what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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


def times(other: float, own: float) -> str:
    """Return how many times our time another takes."""
    return f"{other / own:.2f}"


def compose(machine: str, sections: Sequence[Section]) -> str:
    """Return the whole report."""
    goals = [goal for section in sections for goal in section.goals]
    rows = [[goal.says, goal.goal, goal.measured, "met" if goal.met else "**missed**"] for goal in goals]
    missed = sum(not goal.met for goal in goals)
    parts = [
        "# Benchmarks",
        machine,
        "`make bench` writes this page (`python -m benchmarks`); `python -m benchmarks --quick` prints the "
        "smaller half. Nothing here is a test, and no test depends on a time.",
        "## Goals",
        f"{len(goals) - missed} of {len(goals)} goals are met.",
        table(["what", "goal", "measured", ""], rows),
        *(f"## {section.title}\n\n{section.body}" for section in sections),
    ]
    return "\n\n".join(parts) + "\n"
