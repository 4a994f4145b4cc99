"""Timings that are fair to every contestant: in turns, after a warm-up, as medians."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Work = Callable[[], object]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Timing:
    """Repeated wall times of one piece of work.

    Attributes
    ----------
    seconds : tuple of float
        One per repetition.
    """

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median in seconds."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """95th percentile in seconds, by nearest rank."""
        ordered = sorted(self.seconds)
        return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]


def in_turns(contestants: Mapping[str, Work], rounds: int, tell: Tell) -> dict[str, Timing]:
    """Time each contestant `rounds` times, one after the other in every round.

    The order turns by one place each round, so that drift and the neighbour's leftovers hit all alike.
    """
    return each_in_turns({name: [work] * rounds for name, work in contestants.items()}, tell)


def each_in_turns(contestants: Mapping[str, Sequence[Work]], tell: Tell) -> dict[str, Timing]:
    """Time lists of work, the first of every contestant, then the second of every contestant, and so on."""
    names = list(contestants)
    taken: dict[str, list[float]] = {name: [] for name in names}
    rounds = len(contestants[names[0]])
    for number in range(rounds):
        for offset in range(len(names)):
            name = names[(number + offset) % len(names)]
            tell(f"{name}, {number + 1} of {rounds}")
            work = contestants[name][number]
            gc.collect(0)
            start = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - start)
    return {name: Timing(tuple(seconds)) for name, seconds in taken.items()}


def about(what: str, tell: Tell) -> Tell:
    """Return a way to tell that says first what it is about."""
    return lambda text: tell(f"{what}, {text}")


def warm_up(works: Mapping[str, Work], tell: Tell) -> None:
    """Run each once, untimed: first calls compile, allocate and fill caches."""
    for name, work in works.items():
        tell(f"{name}, warm-up")
        work()
