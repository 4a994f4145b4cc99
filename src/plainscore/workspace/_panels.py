"""Public panels as workspaces, and one report of what cards on them reach."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from plainscore.coverage import cover
from plainscore.history import open_history
from plainscore.outcomes import BAD, INDETERMINATE, derive_outcomes
from plainscore.panels import Panel, read_bureau_balance, read_taiwan, write_panel
from plainscore.workspace._build import Built, Progress, build, quiet
from plainscore.workspace._errors import WorkspaceError
from plainscore.workspace._folder import Folder
from plainscore.workspace._packaged import packaged
from plainscore.workspace._population import case_grid
from plainscore.workspace._recipe import Recipe
from plainscore.workspace._workspace import Workspace, open_workspace

FILES: Final = {"taiwan": "taiwan.csv.gz", "bureau": "bureau_balance_dev.parquet"}
READERS: Final = {"taiwan": read_taiwan, "bureau": read_bureau_balance}

_GROUPS: Final = (("1", 1, 1), ("2", 2, 2), ("3-4", 3, 4), ("5 or more", 5, 10_000))
_REPLICATES: Final = 500


def panel_recipe(name: str) -> str:
    """Return the recipe of a panel, as TOML."""
    return packaged(f"{name}_recipe.toml")


def init_panel(name: str, source: Path, root: Path) -> tuple[Workspace, Panel]:
    """Make a workspace from the file of a public panel.

    Raises
    ------
    WorkspaceError
        When the folder has a recipe already.
    plainscore.panels.PanelError
        When the file is not what the panel's importer reads.
    """
    if (root / "model" / "recipe.toml").exists():
        msg = f"{root.name} is a workspace already. Choose another folder."
        raise WorkspaceError(msg)
    panel = READERS[name](source)
    write_panel(panel, root)
    for folder in ("model", "reports"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "model" / "recipe.toml").write_text(panel_recipe(name), "utf-8")
    (root / "model" / "lender.toml").write_text(packaged("sample_lender.toml"), "utf-8")
    return open_workspace(root), panel


@dataclass(frozen=True, slots=True)
class Result:
    """One card on one panel."""

    title: str
    recipe: Recipe
    built: Built


def panel_report(source: Path, *, progress: Progress = quiet) -> str:
    """Build cards on the public panels and return the report as Markdown.

    Parameters
    ----------
    source : Path
        Folder with the panels' files (`FILES`).
    progress : callable
        Told in words what is being done.
    """
    with tempfile.TemporaryDirectory() as folder:
        progress("Reading the Taiwan panel")
        taiwan, taiwan_panel = init_panel("taiwan", source / FILES["taiwan"], Path(folder) / "taiwan")
        progress("Reading the bureau-balance panel")
        bureau, bureau_panel = init_panel("bureau", source / FILES["bureau"], Path(folder) / "bureau")
        results = [
            _result("Taiwan, default next month", taiwan, taiwan.recipe, progress),
            _result("Taiwan, default next month, joint fit", taiwan, _joint(taiwan.recipe), progress),
        ]
        results += [_result(title, bureau, recipe, progress) for title, recipe in _variants(bureau.recipe)]
        progress("Comparing scopes of the outcome")
        scopes = _scopes(bureau)
    return _markdown(results, scopes, [taiwan_panel, bureau_panel])


def _result(title: str, workspace: Folder, recipe: Recipe, progress: Progress) -> Result:
    progress(title)
    # The report says nothing of reasons, and a challenger of each card would take longer than the card.
    quick = replace(recipe, validation=replace(recipe.validation, agreement=False))
    return Result(title, recipe, build(workspace.ledger, quick, workspace.model))


def _joint(recipe: Recipe) -> Recipe:
    return replace(recipe, fit=recipe.fit.with_options(method="shape"))


def _variants(recipe: Recipe) -> list[tuple[str, Recipe]]:
    worse = replace(recipe.outcome, bad_arrears=3, indeterminate_arrears=2)
    one = replace(recipe.outcome, scope="one open account")
    return [
        ("Bureau balance, new 31+ on any account", recipe),
        ("Bureau balance, new 31+ on any account, joint fit", _joint(recipe)),
        ("Bureau balance, new 61+ on any account", replace(recipe, outcome=worse)),
        ("Bureau balance, new 31+ on one open account", replace(recipe, outcome=one)),
    ]


@dataclass(frozen=True, slots=True)
class Scope:
    """Bad rates of one outcome scope by number of open accounts, with intervals by person."""

    name: str
    rows: list[tuple[str, int, int, str]]


def _scopes(workspace: Folder) -> list[Scope]:
    """Bad rate by how many accounts are open, for both scopes, among people not already bad."""
    history = open_history(workspace.ledger)
    recipe = workspace.recipe
    cases = case_grid(workspace.ledger, recipe.population)
    refusal = cover(history, cases, floor=recipe.floor)["refusal"]
    cases = cases.filter(refusal.is_null())
    select = """,
    held AS (SELECT n, count(CASE WHEN open AND newest_k < 6 THEN 1 END) AS open_accounts,
                    max(CASE WHEN open THEN arrears_now END) AS behind FROM accounts GROUP BY n)
    SELECT b.case_id, coalesce(h.open_accounts, 0) AS open_accounts, coalesce(h.behind, 0) AS behind
    FROM batch b LEFT JOIN held h USING (n) ORDER BY b.n"""
    held = history.query(cases, select)
    accounts, behind = held["open_accounts"].to_numpy(), held["behind"].to_numpy()
    person = _numbers(cases["subject_id"])
    found = []
    for scope in ("any account", "one open account"):
        definition = replace(recipe.outcome, scope=scope)
        outcome = derive_outcomes(history, cases, definition)["outcome"].to_numpy(zero_copy_only=False)
        counts = (outcome != INDETERMINATE) & (behind < recipe.outcome.already_bad_arrears)
        rows = []
        for name, least, most in _GROUPS:
            inside = counts & (accounts >= least) & (accounts <= most)
            bad = outcome[inside] == BAD
            rows.append((name, int(inside.sum()), int(bad.sum()), _rate(bad, person[inside])))
        found.append(Scope(scope, rows))
    return found


def _numbers(subjects: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = (
        subjects.combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    )
    return found


def _rate(bad: npt.NDArray[np.bool_], person: npt.NDArray[np.int64]) -> str:
    """Return a bad rate with a 95% percentile interval from resampling people."""
    if not len(bad):
        return "no cases"
    _, index = np.unique(person, return_inverse=True)
    bads = np.bincount(index, weights=bad)
    cases = np.bincount(index)
    random = np.random.default_rng(1)
    drawn = random.integers(0, len(cases), (_REPLICATES, len(cases)))
    rates = bads[drawn].sum(axis=1) / cases[drawn].sum(axis=1)
    low, high = np.percentile(rates, [2.5, 97.5])
    return f"{bad.mean():.2%} [{low:.2%}, {high:.2%}]"


def _markdown(results: Sequence[Result], scopes: Sequence[Scope], panels: Sequence[Panel]) -> str:
    lines = [
        "# Cards on public panels",
        "",
        "Made by `plainscore panels FOLDER`. Each panel becomes a ledger and goes through the same gate,",
        'with grants on the basis "research release": the results are for model development and',
        "demonstration only. AUC, Gini and KS are from 5-fold cross-validation by person (binning,",
        "selection, fit and points inside each fold); intervals are 95%, from a bootstrap by person.",
        "Scores are the integer points. Cards are weights of evidence with logistic regression, or the",
        "joint fit of all attribute weights where it says so.",
        "",
        "| card | cases | people | bads | characteristics | AUC | Gini | KS | AUC by fold |",
        "|---|--:|--:|--:|--:|---|---|---|---|",
        *(_row(result) for result in results),
        "",
        "## Who is in each build",
        "",
    ]
    for result in results:
        if result.recipe.fit.option("method") == "shape":  # the same cases as the row before
            continue
        lines += [f"**{result.title}.** {result.recipe.bad_means()}", "", "| step | cases |", "|---|--:|"]
        lines += [_step(step) for step in result.built.population.waterfall]
        lines += [""]
    lines += _scope_lines(scopes)
    lines += ["## What was assumed", ""]
    for panel in panels:
        lines += [f"**{panel.name}**", "", *(f"- {sentence}" for sentence in panel.assumptions), ""]
        if panel.bad_rows:
            lines += [f"- Rows of the file that were left out: {len(panel.bad_rows)}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def _row(result: Result) -> str:
    crossed = result.built.validation["cross_validation"]
    cells = [
        result.title,
        f"{crossed['cases']:,}",
        f"{crossed['people']:,}",
        f"{crossed['bads']:,}",
        str(len(result.built.card.characteristics)),
        *(_interval(crossed[name]) for name in ("auc", "gini", "ks")),
        ", ".join(crossed["auc_by_fold"]),
    ]
    return f"| {' | '.join(cells)} |"


def _interval(found: Mapping[str, str]) -> str:
    return f"{float(found['value']):.4f} [{float(found['low']):.4f}, {float(found['high']):.4f}]"


def _step(step: Mapping[str, Any]) -> str:
    return f"| {step['label']} | {'−' if step['kind'] == 'removed' else ''}{step['cases']:,} |"


def _scope_lines(scopes: Sequence[Scope]) -> list[str]:
    lines = [
        '## "Any account" favours people with few accounts',
        "",
        "Share of cases with a new 31+ within 12 months, by how many accounts are open at the as-of date.",
        'With "any account" a person with more accounts has more chances to be bad; with one open account,',
        "drawn by a fixed hash, everybody has one.",
        "",
        f"| open accounts | {' | '.join(f'cases, {s.name} | bads | bad rate' for s in scopes)} |",
        f"|---|{'--:|--:|---|' * len(scopes)}",
    ]
    for place, (name, *_rest) in enumerate(scopes[0].rows):
        cells = [f"{s.rows[place][1]:,} | {s.rows[place][2]:,} | {s.rows[place][3]}" for s in scopes]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""]
