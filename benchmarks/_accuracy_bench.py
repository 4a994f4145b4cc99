"""Discrimination on two public sets, by five-fold cross-validation, beside every peer."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks._ask import Answer
from benchmarks._engine_contestants import FREE_TREES, JUDGED, RANKED, Contestant
from benchmarks._public import FOLDER, FOLDS, public_folder, public_tables, written
from benchmarks._report import Goal, Section, table
from benchmarks._timing import Tell, about

LIMIT: Final = 900.0
"""Seconds that all folds of one contestant may take on one set."""

_NEAR: Final = 0.003
Answers = dict[tuple[str, str], Answer]


def measure(tell: Tell) -> Section:
    """Cross-validate every contestant on both sets, or say that the sets are absent."""
    folder = public_folder()
    title = "Accuracy on public data"
    if folder is None:
        return Section(
            title,
            "Not measured: the public data folder is absent. Put it at `../shared/data`, or name it in "
            f"`{FOLDER}`.",
        )
    tables = public_tables(folder)
    answers: Answers = {}
    with tempfile.TemporaryDirectory(prefix="plainscore-benchmarks-") as scratch:
        for name, file in written(tables, Path(scratch)).items():
            for one in RANKED:
                answers[name, one.label] = one.ask("accuracy", file, LIMIT, about(name, tell))
    sizes = "; ".join(
        f"{name} {len(each):,} rows of {len(each.columns)} columns" for name, each in tables.items()
    )
    body = (
        f"{sizes} (Taiwan: repayment columns with ratios, no protected column). {FOLDS} shuffled folds with "
        "seed 0, at most 8 bins for every scorecard, each peer otherwise as it comes; the mean over folds. "
        f'Goals are held against "{JUDGED.label}" on both sets.'
    )
    return Section(title, f"{body}\n\n{_table(answers, list(tables))}", tuple(goals(answers, list(tables))))


def _table(answers: Answers, names: list[str]) -> str:
    head = [""]
    for name in names:
        head += [f"{name} AUC", "KS", "fit and score a fold"]
    rows = []
    for one in RANKED:
        row = [one.label]
        for name in names:
            found = answers[name, one.label]
            if "auc" in found.figures:
                row += [
                    f"{found.figures['auc']:.4f}",
                    f"{found.figures['ks']:.3f}",
                    f"{found.figures['fold_s']:.1f} s",
                ]
            else:
                row += [found.why, "", ""]
        rows.append(row)
    return table(head, rows)


def goals(answers: Answers, names: list[str]) -> list[Goal]:
    """Return for each set: ahead of every scorecard package, and near LightGBM without constraints."""
    packages = tuple(one for one in RANKED if one.is_scorecard and one.package)
    out = []
    for name in names:
        ours = answers[name, JUDGED.label].figures.get("auc")
        rival, tree = (_best(answers, name, among) for among in (packages, FREE_TREES))
        if ours is None:
            continue
        if rival is not None:
            label, auc = rival
            says = f"AUC on {name}, ahead of every scorecard package"
            out.append(Goal(says, f"over {auc:.4f} ({label})", f"{ours:.4f}", ours > auc))
        if tree is not None:
            label, auc = tree
            says = f"AUC on {name}, within {_NEAR} of LightGBM without constraints"
            out.append(Goal(says, f"{auc - _NEAR:.4f} ({label})", f"{ours:.4f}", ours >= auc - _NEAR))
    return out


def _best(answers: Answers, name: str, among: Sequence[Contestant]) -> tuple[str, float] | None:
    """Return who ranks best on a set, and how well; None where none of them answered."""
    found = {
        one.label: answers[name, one.label].figures["auc"]
        for one in among
        if "auc" in answers[name, one.label].figures
    }
    return max(found.items(), key=lambda each: each[1]) if found else None
