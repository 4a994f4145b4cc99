"""The part of the report from the ledger on: characteristics, and one person's score."""

from __future__ import annotations

from benchmarks import _decide_bench, _evidence_bench, _ledger_bench, _ledger_text, _path_bench, _score_bench
from benchmarks._ledgers import LARGE, SMALL
from benchmarks._report import Section
from benchmarks._timing import Tell


def run_quick(tell: Tell) -> list[Section]:
    """Return the method, the sections on the smaller ledger, and one score with its evidence and a path."""
    small = _ledger_text.section(_ledger_bench.measure(SMALL, tell))
    return [
        Section("How it is measured", _ledger_text.ABOUT.strip()),
        small,
        _score_bench.measure(SMALL, tell),
        _evidence_bench.measure(tell),
        _path_bench.measure(tell),
        _decide_bench.measure(tell),
    ]


def run(tell: Tell) -> list[Section]:
    """Return the same with the section on the larger ledger."""
    about, small, *one_person = run_quick(tell)
    return [about, small, _ledger_text.section(_ledger_bench.measure(LARGE, tell)), *one_person]
