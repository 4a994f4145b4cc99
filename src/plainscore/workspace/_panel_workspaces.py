"""Public panels as workspaces, and the cards that the report on them is about."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from plainscore.casework import Progress, quiet
from plainscore.history import open_history
from plainscore.panels import (
    Panel,
    PanelCard,
    ScopeRates,
    panels_markdown,
    read_bureau_balance,
    read_taiwan,
    scope_rates,
    write_panel,
)
from plainscore.workspace._build_card import build
from plainscore.workspace._errors import WorkspaceError
from plainscore.workspace._folder import Folder
from plainscore.workspace._packaged import packaged
from plainscore.workspace._population import case_grid
from plainscore.workspace._recipe import Recipe
from plainscore.workspace._workspace import Workspace, open_workspace

FILES: Final = {"taiwan": "taiwan.csv.gz", "bureau": "bureau_balance_dev.parquet"}
READERS: Final = {"taiwan": read_taiwan, "bureau": read_bureau_balance}


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
        cards = [
            _card("Taiwan, default next month", taiwan, taiwan.recipe, progress),
            _card("Taiwan, default next month, joint fit", taiwan, _joint(taiwan.recipe), progress),
        ]
        cards += [_card(title, bureau, recipe, progress) for title, recipe in _variants(bureau.recipe)]
        progress("Comparing scopes of the outcome")
        scopes = _scopes(bureau)
    return panels_markdown(cards, scopes, [taiwan_panel, bureau_panel])


def _card(title: str, workspace: Folder, recipe: Recipe, progress: Progress) -> PanelCard:
    progress(title)
    # The report says nothing of reasons, and a challenger of each card would take longer than the card.
    quick = replace(recipe, validation=replace(recipe.validation, agreement=False))
    built = build(workspace.ledger, quick, workspace.model)
    return PanelCard(
        title=title,
        bad_means=recipe.bad_means(),
        joint=recipe.fit.option("method") == "shape",
        characteristics=len(built.card.characteristics),
        cross_validation=built.validation["cross_validation"],
        waterfall=built.population.waterfall,
    )


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


def _scopes(workspace: Folder) -> tuple[ScopeRates, ...]:
    """Return the bad rates of both scopes of the outcome on one panel."""
    recipe = workspace.recipe
    cases = case_grid(workspace.ledger, recipe.population)
    return scope_rates(open_history(workspace.ledger), cases, recipe.outcome, floor=recipe.floor)
