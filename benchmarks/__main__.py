"""Run the benchmarks: ``python -m benchmarks [--quick] [--only engine|ledger]``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks import _engine_report, _ledger_report
from benchmarks._machine import describe, load
from benchmarks._report import Section, compose, join, part_of
from benchmarks._timing import Tell

REPORT = Path(__file__).resolve().parents[1] / "reports" / "benchmarks.md"
Run = Callable[[Tell], list[Section]]

TITLES: Final = {"engine": "Benchmarks of the scorecard engine", "ledger": "Benchmarks from the ledger on"}
WHOLE: Final[dict[str, Run]] = {"engine": _engine_report.run, "ledger": _ledger_report.run}
QUICK: Final[dict[str, Run]] = {"engine": _engine_report.run_quick, "ledger": _ledger_report.run_quick}


def main() -> None:
    """Measure; write the report, or with --quick print a smaller run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smaller sizes only, printed")
    parser.add_argument("--only", choices=list(TITLES), help="one part; the report keeps the other")
    said = parser.parse_args()
    names = [said.only] if said.only else list(TITLES)
    runs = QUICK if said.quick else WHOLE
    kept = {} if said.quick else kept_parts(names)
    parts = {name: measure(TITLES[name], runs[name]) for name in names}
    if said.quick:
        print(join(parts))
    else:
        both = kept | parts
        REPORT.write_text(join({name: both[name] for name in TITLES if name in both}), "utf-8")


def measure(title: str, run: Run) -> str:
    """Return one part of the report, showing progress."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    load_before = load()
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()) as progress:
        task = progress.add_task("starting", total=None)
        sections = run(lambda text: progress.update(task, description=text))
    return compose(title, describe(load_before), sections)


def kept_parts(names: list[str]) -> dict[str, str]:
    """Return the parts of the report that are not to be measured now; refuse to lose what it holds.

    Raises
    ------
    SystemExit
        If there is a report, and a part that should be kept cannot be found in it.
    """
    if not REPORT.is_file():
        return {}
    report = REPORT.read_text("utf-8")
    kept = {name: part_of(report, name) for name in TITLES if name not in names}
    for name, text in kept.items():
        if text is None:
            raise SystemExit(
                f"The report {REPORT.name} has no part {name!r} to keep, so writing it would lose what it "
                "holds. Run `python -m benchmarks` without --only once, or remove the report."
            )
    return {name: text for name, text in kept.items() if text is not None}


if __name__ == "__main__":
    main()
