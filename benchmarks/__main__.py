"""Run the benchmarks: ``python -m benchmarks [--quick] [--only PART] [--reuse FOLDER [--ours]]``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks import _accuracy_report, _engine_report, _fill, _honesty_report, _ledger_report
from benchmarks._kept import Kept
from benchmarks._machine import describe, load
from benchmarks._parts import TITLES, kept_parts, write_parts
from benchmarks._report import Section, compose, join
from benchmarks._timing import Tell

Run = Callable[[Tell, Kept], list[Section]]


def timed(run: Callable[[Tell], list[Section]]) -> Run:
    """Return a run that takes nothing from earlier ones: times are of one machine at one moment."""
    return lambda tell, kept: run(tell)


WHOLE: Final[dict[str, Run]] = {
    "accuracy": _accuracy_report.run,
    "honesty": _honesty_report.run,
    "engine": timed(_engine_report.run),
    "ledger": timed(_ledger_report.run),
}
QUICK: Final[dict[str, Run]] = {
    "accuracy": _accuracy_report.run_quick,
    "honesty": _honesty_report.run_quick,
    "engine": timed(_engine_report.run_quick),
    "ledger": timed(_ledger_report.run_quick),
}


def main() -> None:
    """Measure; write the report, or with --quick print a smaller run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smaller sizes only, printed")
    parser.add_argument("--only", choices=list(WHOLE), help="one part; the report keeps the others")
    parser.add_argument(
        "--reuse",
        type=Path,
        metavar="FOLDER",
        help="keep answers on accuracy and honesty there, and take those that nothing has changed since",
    )
    parser.add_argument(
        "--fill",
        type=Path,
        metavar="FOLDER",
        help="only measure what is not ours, for --reuse; writes no report",
    )
    parser.add_argument(
        "--ours",
        action="store_true",
        help="on accuracy and honesty measure ours alone; the others are as the folder of --reuse has them",
    )
    said = parser.parse_args()
    if said.ours and said.reuse is None:
        parser.error("--ours needs --reuse FOLDER: that is where the answers of the others are.")
    if said.fill is not None:
        with progress() as tell:
            _fill.fill(said.fill, tell)
        return
    names = [said.only] if said.only else list(WHOLE)
    runs = QUICK if said.quick else WHOLE
    kept = {} if said.quick else kept_parts(names)
    closed = _fill.not_ours() if said.ours else frozenset()
    parts = {name: measure(TITLES[name], runs[name], Kept(said.reuse, closed)) for name in names}
    if said.quick:
        print(join(parts))
    else:
        write_parts(kept | parts)


def measure(title: str, run: Run, kept: Kept) -> str:
    """Return one part of the report, showing progress."""
    load_before = load()
    with progress() as tell:
        sections = run(tell, kept)
    return compose(title, describe(load_before), sections)


@contextmanager
def progress() -> Iterator[Tell]:
    """Show what is under way, for as long as it lasts."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()) as shown:
        task = shown.add_task("starting", total=None)
        yield lambda text: shown.update(task, description=text)


if __name__ == "__main__":
    main()
