"""New workspaces: an empty one for a lender, and this repository's sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from plainscore.ledger import ParquetLedger
from plainscore.workspace import Recipe, WorkspaceError, init_sample, init_workspace

ROOT = Path(__file__).parents[2]


def test_an_empty_workspace_has_a_recipe_that_is_read(tmp_path: Path) -> None:
    """The starter recipe is a recipe: a lender edits it, and need not mend it first."""
    workspace = init_workspace(tmp_path / "mine")
    assert isinstance(workspace.recipe, Recipe)
    assert {path.name for path in (tmp_path / "mine").iterdir()} == {"data", "model", "reports"}
    assert sorted(path.name for path in workspace.model.iterdir()) == ["lender.toml", "recipe.toml"]


@pytest.mark.parametrize("ending", ["2024-02-29", "2025-12-31", "2026-06-30"])
def test_the_starter_dates_are_month_ends_that_leave_a_window(tmp_path: Path, ending: str) -> None:
    """As-of dates end twelve months before the newest month, so that each has its outcome."""
    recipe = init_workspace(tmp_path / "mine", ending=ending).recipe
    assert len(recipe.population.as_of) == 9
    assert max(recipe.population.as_of).isoformat()[:7] == f"{int(ending[:4]) - 1}{ending[4:7]}"
    assert recipe.split.out_of_time_from in recipe.population.as_of


def test_a_workspace_is_not_written_over(tmp_path: Path) -> None:
    """Where there is a recipe, neither kind of workspace is made, and the recipe stays."""
    workspace = init_workspace(tmp_path / "mine")
    (workspace.model / "recipe.toml").write_text("# mine")
    for make in (init_workspace, init_sample):
        with pytest.raises(WorkspaceError, match="mine is a workspace already"):
            make(tmp_path / "mine")
    assert (workspace.model / "recipe.toml").read_text() == "# mine"


def test_the_sample_is_this_repositorys(tmp_path: Path) -> None:
    """The sample written from its seed is the committed ledger, row for row, with the committed recipe."""
    workspace = init_sample(tmp_path / "sample")
    assert workspace.ledger.fingerprint() == ParquetLedger(ROOT / "data" / "sample").fingerprint()
    assert (workspace.model / "recipe.toml").read_bytes() == (ROOT / "model" / "recipe.toml").read_bytes()
