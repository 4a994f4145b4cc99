"""The part of the report on honesty: made-up worlds whose truth is known."""

from __future__ import annotations

from benchmarks import _honesty_bench, _honesty_text
from benchmarks._kept import Kept
from benchmarks._report import Section
from benchmarks._timing import Tell


def run_quick(tell: Tell, kept: Kept) -> list[Section]:
    """Return three questions on the smallest worlds with a few seeds."""
    found = _honesty_bench.measure(tell, kept, _honesty_bench.QUICK, _honesty_bench.QUICK_SEEDS)
    return [_honesty_text.section(found, kept)]


def run(tell: Tell, kept: Kept) -> list[Section]:
    """Return every question with every seed."""
    found = _honesty_bench.measure(tell, kept, _honesty_bench.QUESTIONS, _honesty_bench.SEEDS)
    return [_honesty_text.section(found, kept)]
