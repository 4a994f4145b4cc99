"""What installing and importing each contestant costs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks._environments import OURS, REQUIREMENTS, Environment, peers
from benchmarks._report import Goal, Section, seconds, table
from benchmarks._timing import Tell

IMPORTS: Final = 5
_GOAL: Final = 0.3
_BARE: Final = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence")
"""What every fresh environment holds before anything is installed."""

_STATEMENTS: Final = {"interpret": "from interpret.glassbox import ExplainableBoostingClassifier"}
"""What brings in the estimator, where importing the package alone does not."""

SCORING_NEEDS: Final = ("import plainscore", "import plainscore.scorecard")
OUR_STATEMENTS: Final = (*SCORING_NEEDS, "from plainscore.scorecard import Scorecard")


@dataclass(frozen=True, slots=True)
class Installed:
    """One environment on disk.

    Attributes
    ----------
    packages : int
        Distributions beside pip and setuptools.
    megabytes : float
        Size of what they brought.
    """

    packages: int
    megabytes: float


def measure(tell: Tell) -> Section:
    """Measure every environment that is there; name those that are not."""
    # Ours from the working copy: its environment holds it as it was when that was made.
    here = Path(sys.executable)
    own = {}
    for statement in OUR_STATEMENTS:
        tell(statement)
        own[statement] = import_seconds(here, statement)
    rows = _own_rows(own)
    for one in peers():
        tell(f"installing and importing {one.name}")
        rows.append(_row(one))
    head = ["", "asked of pip", "packages", "added", f"import (median of {IMPORTS} fresh processes)"]
    body = (
        "Each in an environment of its own (`make peers`), everything it depends on counted. Seconds are of "
        f"whole processes; one that imports nothing takes {seconds(import_seconds(here, 'pass'))} here. Of "
        "Plainscore, the first two are what scoring with a card needs, the third what fitting one needs."
    )
    goals = [
        Goal(f"`{statement}`", seconds(_GOAL), seconds(took), took <= _GOAL)
        for statement, took in own.items()
        if statement in SCORING_NEEDS
    ]
    return Section("Installing and importing", f"{body}\n\n{table(head, rows)}", tuple(goals))


def _own_rows(own: dict[str, float]) -> list[list[str]]:
    """Return a row for each way to import ours, the first with what installing it takes."""
    size = _sizes(Environment(OURS))
    rows = [["", "", "", "", f"`{statement}` {seconds(took)}"] for statement, took in own.items()]
    rows[0][:4] = [OURS, "`.`", *size]
    return rows


def _row(one: Environment) -> list[str]:
    if not one.is_there:
        return [one.name, _asked(one), one.trouble, "", ""]
    statement = _STATEMENTS.get(one.name, f"import {one.name}")
    took = import_seconds(one.python, statement)
    return [one.name, _asked(one), *_sizes(one), f"`{statement}` {seconds(took)}"]


def _sizes(one: Environment) -> list[str]:
    if not one.is_there:
        return [one.trouble, ""]
    found = weigh(one)
    return [str(found.packages), f"{found.megabytes:,.0f} MB"]


def _asked(one: Environment) -> str:
    """Return what had to be asked of pip."""
    lines = (REQUIREMENTS / f"{one.name}.txt").read_text("utf-8").splitlines()
    named = [line for line in lines if line and not line.startswith("#")]
    why = " ".join(line.removeprefix("# ") for line in lines if line.startswith("#"))
    further = f" and {len(named) - 1} further pins by hand" if len(named) > 1 else ""
    return f"`{named[0]}`{further}{': ' if why else ''}{why}"


def weigh(one: Environment) -> Installed:
    """Count what an environment holds beside what every fresh one holds."""
    (site,) = one.folder.glob("**/site-packages")
    own = [path for path in site.iterdir() if not path.name.startswith(_BARE)]
    packages = sum(path.name.endswith(".dist-info") for path in own)
    return Installed(packages, sum(map(_size, own)) / 1e6)


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.lstat().st_size for file in path.rglob("*") if file.is_file())


def import_seconds(python: Path, statement: str) -> float:
    """Return the median time of fresh processes, after one that fills the disk's cache."""
    taken = []
    for _ in range(IMPORTS + 1):
        start = time.perf_counter()
        # -P: what is imported is what is installed, not a folder of that name here.
        subprocess.run([str(python), "-P", "-c", statement], check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])
