"""The report in its parts: which there are, and how some are written while the others are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks._report import join, part_of, parts_of

REPORT = Path(__file__).resolve().parents[1] / "reports" / "benchmarks.md"

STORE: Final = "store"
"""The part that `make bench` keeps as it is: `make bench-store` writes it, and needs room for databases."""

TITLES: Final = {
    "accuracy": "Benchmarks of accuracy on public data",
    "honesty": "Benchmarks of honesty",
    "engine": "Benchmarks of the scorecard engine",
    "ledger": "Benchmarks from the ledger on",
    STORE: "The store at a million decisions",
}


def kept_parts(names: Sequence[str]) -> dict[str, str]:
    """Return the parts of the report that are not to be measured now; refuse to lose what it holds.

    A part that the report never had is not there to be lost.

    Raises
    ------
    SystemExit
        If some parts alone are measured, and the report has no parts, or one that is not known here.
    """
    if not REPORT.is_file():
        return {}
    report = REPORT.read_text("utf-8")
    there = parts_of(report)
    strange = [name for name in there if name not in TITLES]
    whole = set(names) >= set(TITLES) - {STORE}
    if not whole and (not there or strange):
        what = f"a part {strange[0]!r} that is not known" if strange else "no part to keep"
        raise SystemExit(
            f"The report {REPORT.name} has {what}, so writing it would lose what it holds. "
            "Run `python -m benchmarks` without --only once, or remove the report."
        )
    return {name: part_of(report, name) or "" for name in there if name in TITLES and name not in names}


def write_parts(parts: Mapping[str, str]) -> None:
    """Write the report from its parts, in the order of `TITLES`."""
    REPORT.write_text(join({name: parts[name] for name in TITLES if name in parts}), "utf-8")
