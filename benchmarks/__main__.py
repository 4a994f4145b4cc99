"""Run the benchmark: ``python -m benchmarks [--quick]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import _ledger_bench, _ledger_text, _score_bench
from benchmarks._ledgers import LARGE, SMALL
from benchmarks._machine import describe, load
from benchmarks._report import Section, compose
from benchmarks._timing import Tell

REPORT = Path(__file__).resolve().parents[1] / "reports" / "benchmarks.md"


def main() -> None:
    """Measure; write the report, or with --quick print the part on the smaller ledger."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="the ledger of 1 million statements only, printed"
    )
    quick = parser.parse_args().quick
    load_before = load()
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()) as progress:
        task = progress.add_task("starting", total=None)
        sections = run_quick(lambda text: progress.update(task, description=text))
        if not quick:
            sections[2:2] = run_large(lambda text: progress.update(task, description=text))
    text = compose(describe(load_before), sections)
    if quick:
        print(text)
    else:
        REPORT.write_text(text, "utf-8")


def run_quick(tell: Tell) -> list[Section]:
    """Return what is said of the method, the sections on the smaller ledger, and one score."""
    small = _ledger_text.section(_ledger_bench.measure(SMALL, tell))
    return [
        Section("How it is measured", _ledger_text.ABOUT.strip()),
        small,
        _score_bench.measure(SMALL, tell),
    ]


def run_large(tell: Tell) -> list[Section]:
    """Return the section on the larger ledger."""
    return [_ledger_text.section(_ledger_bench.measure(LARGE, tell))]


if __name__ == "__main__":
    main()
