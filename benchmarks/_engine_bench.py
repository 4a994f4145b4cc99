"""Measures of the scorecard engine: binning, fit, memory, scores and reasons, beside its peers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks._ask import Answer
from benchmarks._engine_contestants import NUMBERS, SHAPE, TIMED, WOE, Contestant
from benchmarks._machine import read_bandwidth
from benchmarks._synthetic import made_up_file
from benchmarks._timing import Tell, about

LIMIT: Final = 100.0
"""Seconds that one measurement may take."""

SIZES: Final = (10_000, 100_000, 1_000_000, 10_000_000)
QUICK_SIZES: Final = (10_000,)
LARGEST_TRIED: Final = 1_000_000
"""Above this a peer is asked only where ten times as many rows should finish within the limit."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Answers of all contestants.

    Attributes
    ----------
    sizes : tuple of int
        Numbers of rows.
    answers : dict of (str, int) to Answer
        By label and number of rows.
    bandwidth : float
        Bytes a second that one thread reads from memory.
    """

    sizes: tuple[int, ...]
    answers: dict[tuple[str, int], Answer]
    bandwidth: float

    def of(self, one: Contestant, rows: int) -> Answer:
        """Return a contestant's answer at a size."""
        return self.answers[one.label, rows]


def measure(sizes: tuple[int, ...], tell: Tell) -> Speed:
    """Ask every contestant at every size, one process at a time."""
    answers: dict[tuple[str, int], Answer] = {}
    for at, rows in enumerate(sizes):
        tell(f"making up {rows:,} applicants")
        file = made_up_file(rows)
        for one in (*TIMED, NUMBERS):
            before = answers[one.label, sizes[at - 1]] if at else None
            skipped = _not_tried(one, rows, sizes[at - 1] if at else 0, before)
            answers[one.label, rows] = skipped or one.ask(
                "speed", [str(file)], LIMIT, about(f"{rows:,} rows", tell)
            )
    return Speed(sizes, answers, read_bandwidth())


def _not_tried(one: Contestant, rows: int, fewer: int, before: Answer | None) -> Answer | None:
    """Return why a contestant is spared a size, from what it did at the one before."""
    if before is None or one in (WOE, SHAPE, NUMBERS):
        return None
    if before.why:
        return Answer.absent(before.why if "installed" in before.why else "not tried")
    foreseen = before.figures["fit"] * rows / fewer
    if rows > LARGEST_TRIED and foreseen > LIMIT:
        return Answer.absent(f"not tried: about {foreseen:,.0f} s")
    return None
