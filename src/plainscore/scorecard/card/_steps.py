"""Points of numbers and months as a sum of steps: no look-up and no branch on the data.

A characteristic starts below every edge and takes a step at each edge that a value passes. A compiled
loop adds the steps in the columns' own floating-point type, in which whole points are exact, so that a
processor adds four or eight rows at once; large tables are shared out to threads, which changes nothing,
since sums of whole numbers do not depend on who adds them.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard.card._points_table import CardCharacteristic

Column = npt.NDArray[Any]
BLOCK: Final = 16_384
"""Rows at a time: their sums stay in the first-level cache while the columns stream past."""
SHARED: Final = 4 * BLOCK
"""Rows from which threads share the work: to start them takes a twentieth of it."""
_LINE: Final = 64
"""Rows that a share is a multiple of, so that threads write to different lines of the cache."""
LARGEST: Final = float(np.finfo(np.float64).max)
_EXACT: Final = 2**23
"""Points up to which sums are exact in 32-bit floats, with room to spare."""


@dataclass(frozen=True)
class Steps:
    """A characteristic's points as a start, a step at each edge, and changes for single values."""

    start: int
    edges: npt.NDArray[np.float64]
    steps: npt.NDArray[np.int32]
    codes: npt.NDArray[np.float64]
    changes: npt.NDArray[np.int32]
    empty: int

    @cached_property
    def reach(self) -> int:
        """Most that any partial sum can come to, either way."""
        parts = (self.start, self.empty, *self.steps.tolist(), *self.changes.tolist())
        return sum(abs(part) for part in parts)

    @cached_property
    def arguments(self) -> dict[str, tuple[Any, Any, Any, Any, Any, Any]]:
        """The kernel's arguments by the type that sums are made in."""
        return {kind: _in_type(self, kind) for kind in ("f4", "f8")}


def steps_of(one: CardCharacteristic) -> Steps:
    """Return a number's or month's points as steps, worked out once for each frozen characteristic."""
    kept: dict[str, Any] = vars(one)  # where a cached property would keep it, were this a method
    if "_steps" not in kept:
        kept["_steps"] = _worked_out(one)
    found: Steps = kept["_steps"]
    return found


def _worked_out(one: CardCharacteristic) -> Steps:
    bins = [each.points for each in one.bins]
    rest = one.attributes[-1].points
    low = -LARGEST if one.least is None else one.least
    high = LARGEST if one.most is None else one.most
    inside = [(edge, points) for edge, points in zip(one.edges, bins[1:], strict=True) if low < edge <= high]
    first = bins[sum(1 for edge in one.edges if edge <= low)]
    edges = np.array([low, *(edge for edge, _ in inside), math.nextafter(high, math.inf)])
    levels = np.array([rest, first, *(points for _, points in inside), rest], np.int32)
    specials = [each for each in one.attributes if each.kind == "special"]
    codes = np.array([each.code for each in specials], np.float64)
    plain = levels[np.searchsorted(edges, codes, side="right")]
    moving = np.diff(levels) != 0
    return Steps(
        rest,
        edges[moving],
        np.diff(levels)[moving],
        codes,
        np.array([each.points for each in specials], np.int32) - plain,
        one.attributes[len(bins)].points - rest,
    )


def _in_type(steps: Steps, kind: str) -> tuple[Any, Any, Any, Any, Any, Any]:
    """Return the kernel's arguments in the type that sums are made in.

    A 32-bit value passes a 64-bit edge when it passes the next 32-bit number from there up, and equals a
    code only when the code is a 32-bit number.
    """
    number = np.dtype(kind).type
    edges, codes = steps.edges, steps.codes
    if kind == "f4":
        with np.errstate(over="ignore"):
            near = edges.astype(np.float32)
            edges = np.where(near < edges, np.nextafter(near, np.float32(np.inf)), near)
            codes = np.where(codes.astype(np.float32) == codes, codes, np.nan).astype(np.float32)
    # The kernel takes two edges more than a multiple of four, and a code: steps of 0, and no value's code.
    more, no_code = (2 - len(edges)) % 4, 0 if len(codes) else 1
    return (
        number(steps.start),
        np.append(edges, np.full(more, np.inf, edges.dtype)),
        np.append(steps.steps, np.zeros(more, np.int32)).astype(kind),
        np.append(codes, np.full(no_code, np.nan, codes.dtype)),
        np.append(steps.changes, np.zeros(no_code, np.int32)).astype(kind),
        number(steps.empty),
    )


def add_all_steps(parts: Sequence[tuple[Column, Steps]], score: npt.NDArray[np.int32]) -> None:
    """Add the points of columns to `score`, in place."""
    try:
        from plainscore.scorecard._kernel import add_steps
    except ImportError:  # numba has no wheel for every machine that only scores
        for values, steps in parts:
            add_steps_numpy(values, steps, score)
        return
    exact = sum(steps.reach for _, steps in parts) < _EXACT
    groups = {
        kind: [(values, steps.arguments[kind]) for values, steps in parts if _sum_type(values, exact) == kind]
        for kind in sorted({_sum_type(values, exact) for values, _ in parts})
    }

    def work(start: int, stop: int) -> None:
        for kind, columns in groups.items():
            total = np.empty(BLOCK, kind)
            for at in range(start, stop, BLOCK):
                rows = slice(at, min(at + BLOCK, stop))
                part = total[: rows.stop - at]
                part.fill(0)
                for values, arguments in columns:
                    add_steps(values[rows], *arguments, part)
                np.add(score[rows], part, out=score[rows], casting="unsafe")

    share_out(work, len(score))


def share_out(work: Callable[[int, int], None], rows: int) -> None:
    """Call `work` on ranges of rows that cover all, in threads where there are many rows and processors."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if rows < SHARED or processors == 1:
        work(0, rows)
        return
    from concurrent.futures import ThreadPoolExecutor

    each = -(-rows // (processors * _LINE)) * _LINE
    with ThreadPoolExecutor(processors) as pool:
        for done in [pool.submit(work, at, min(at + each, rows)) for at in range(0, rows, each)]:
            done.result()


def _sum_type(values: Column, exact: bool) -> str:
    return "f4" if values.dtype == np.float32 and exact else "f8"


def add_steps_numpy(values: Column, steps: Steps, score: npt.NDArray[np.int32]) -> None:
    """Do what the compiled kernel does, with numpy alone."""
    levels = steps.start + np.concatenate([[0], np.cumsum(steps.steps)])
    absent = np.isnan(values)
    place = np.searchsorted(steps.edges, np.where(absent, -np.inf, values), side="right")
    score += levels[place].astype(np.int32)
    # Minus infinity lies below every edge, so an absent value stands at the start here.
    score[absent] += steps.empty
    for code, change in zip(steps.codes, steps.changes, strict=True):
        score[values == code] += change
