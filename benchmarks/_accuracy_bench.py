"""Repeated cross-validation of every contestant on the public sets, answers kept as they arrive."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks._digests import digest_of
from benchmarks._engine_contestants import PAIRS, RANKED, Contestant
from benchmarks._kept import Kept, digest_of_table
from benchmarks._public import SETS, public_folder, public_tables
from benchmarks._repeats import STRATIFIED, seeds_of, with_folds
from benchmarks._timing import Tell, about
from benchmarks.peers._tables import Table, write_table

LIMIT: Final = 3_600.0
"""Seconds that one repeat of one contestant on one set may take."""

Figures = dict[str, Any]


@dataclass(slots=True)
class Contest:
    """What every contestant reached.

    Attributes
    ----------
    sizes : dict of str to (int, int)
        Rows and columns of each set.
    figures : dict of (str, str) to {seed: figures}
        By set and label: the means over the folds of each repeat.
    why : dict of (str, str) to str
        By set and label: why repeats are lacking.
    """

    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    figures: dict[tuple[str, str], dict[int, Figures]] = field(default_factory=dict)
    why: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, name: str, one: Contestant) -> dict[int, Figures]:
        """Return the repeats of a contestant on a set that were measured."""
        return self.figures.get((name, one.label), {})


def measure(
    tell: Tell,
    kept: Kept,
    *,
    names: Sequence[str] = tuple(SETS),
    among: Sequence[Contestant] = RANKED,
    most: int | None = None,
) -> Contest | None:
    """Ask contestants for the repeats on every set that `kept` lacks; None where the sets are absent.

    `most` is the most repeats of anyone.
    """
    folder = public_folder()
    if folder is None:
        return None
    tables = public_tables(folder, names)
    contest = Contest({name: (len(each), len(each.columns)) for name, each in tables.items()})
    asked = [(one, name, seeds_of(one, name)[:most]) for one in among for name in tables]
    for one, name, seeds in sorted(asked, key=lambda each: _turn(*each, list(tables))):
        found, why = _ask(one, name, tables[name], seeds, about(name, tell), kept)
        contest.figures[name, one.label] = found
        if why:
            contest.why[name, one.label] = why
    return contest


def _turn(
    one: Contestant, name: str, seeds: Sequence[int], names: Sequence[str]
) -> tuple[bool, bool, int, int]:
    """Return when a contestant's turn on a set is, so that an interrupted run has as much as can be.

    The two small sets first; on them and on the others whoever has many repeats, who is quick; last of all
    the slowest, beside whom no goal is held.
    """
    return one is PAIRS, name not in STRATIFIED, -len(seeds), names.index(name)


def _ask(
    one: Contestant, name: str, table: Table, seeds: Iterable[int], tell: Tell, kept: Kept
) -> tuple[dict[int, Figures], str]:
    """Return a contestant's figures by seed, and why some are lacking."""
    found: dict[int, Figures] = {}
    lacking: dict[int, tuple[Table, str]] = {}
    for seed in seeds:
        folds = with_folds(table, name, seed)
        digest = digest_of(one, "accuracy", digest_of_table(folds))
        before = kept.find(one.label, f"{name} {seed}", digest)
        if before is None:
            lacking[seed] = folds, digest
        else:
            found[seed] = before
    if not lacking:
        return found, ""
    if one.label in kept.closed:
        return found, f"not asked for {len(lacking)} more"

    def heard(figures: Figures) -> None:
        for asked, answer in figures.items():
            if asked != "version":
                found[int(asked)] = answer
                kept.keep(one.label, f"{name} {asked}", lacking[int(asked)][1], answer)

    with tempfile.TemporaryDirectory(prefix="plainscore-benchmarks-") as scratch:
        files = [Path(scratch) / f"{seed}.npz" for seed in lacking]
        for file, (folds, _) in zip(files, lacking.values(), strict=True):
            write_table(file, folds)
        answer = one.ask("accuracy", [str(file) for file in files], LIMIT, tell, heard)
    return found, answer.why
