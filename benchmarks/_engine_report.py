"""The part of the report on the scorecard engine beside its peers."""

from __future__ import annotations

from benchmarks import _engine_bench, _engine_text, _install_bench, _value_text
from benchmarks._report import Section
from benchmarks._timing import Tell


def run_quick(tell: Tell) -> list[Section]:
    """Return the sections on the smallest table, without the public sets."""
    speed = _engine_bench.measure(_engine_bench.QUICK_SIZES, tell)
    return [*_engine_text.sections(speed), _install_bench.measure(tell)]


def run(tell: Tell) -> list[Section]:
    """Return every section."""
    speed = _engine_bench.measure(_engine_bench.SIZES, tell)
    return [
        *_engine_text.sections(speed),
        _value_text.measure(tell),
        _install_bench.measure(tell),
    ]
