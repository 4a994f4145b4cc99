"""Where things are in a workspace: a folder with data/, model/, reports/ and a recipe."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plainscore.workspace._errors import NotAWorkspaceError

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.scorecard import Card
    from plainscore.workspace._recipe import Recipe


@dataclass(frozen=True)
class Folder:
    """Where things are in a workspace, and the reading of them.

    Parameters
    ----------
    root : Path
        The folder that holds data/, model/ and reports/.
    """

    root: Path

    @property
    def data(self) -> Path:
        """Folder of the ledger: data/sample where there is one, else data/ itself."""
        sample = self.root / "data" / "sample"
        return sample if sample.is_dir() else self.root / "data"

    @property
    def model(self) -> Path:
        """Folder of the recipe, the card and what belongs to them."""
        return self.root / "model"

    @property
    def reports(self) -> Path:
        """Folder of reports."""
        return self.root / "reports"

    @property
    def decisions(self) -> Path:
        """Folder of decision records."""
        return self.root / "data" / "decisions"

    @property
    def appeals(self) -> Path:
        """Folder of appeals."""
        return self.root / "data" / "appeals"

    @property
    def corrections(self) -> Path:
        """Folder of corrections made in this workspace, each a later version of a statement."""
        return self.root / "data" / "corrections"

    @property
    def notices(self) -> Path:
        """Folder of letters, each a record and its page."""
        return self.root / "data" / "notices"

    @property
    def card_path(self) -> Path:
        """The published card."""
        return self.model / "scorecard.json"

    @cached_property
    def recipe(self) -> Recipe:
        """The recipe; raises RecipeError."""
        from plainscore.workspace._recipe import read_recipe

        return read_recipe(self.model / "recipe.toml")

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger as it was read in, without corrections made here."""
        from plainscore.ledger import ParquetLedger

        if not (self.data / "statements.parquet").is_file():
            msg = (
                f"{self.root.name}/data has no statements.parquet. "
                "Bring a ledger in with `plainscore import`."
            )
            raise NotAWorkspaceError(msg)
        return ParquetLedger(self.data)

    @cached_property
    def card(self) -> Card:
        """The published card; raises NotAWorkspaceError where none is built yet."""
        from plainscore.scorecard import Card

        if not self.card_path.is_file():
            msg = f"{self.root.name}/model has no scorecard.json yet. Build it with `plainscore build`."
            raise NotAWorkspaceError(msg)
        return Card.from_json(self.card_path.read_bytes())

    def published_validation(self) -> dict[str, Any]:
        """Return the published validation; empty where there is none.

        Raises
        ------
        NotAWorkspaceError
            When the file is no JSON object.
        """
        path = self.reports / "validation.json"
        if not path.is_file():
            return {}
        try:
            found = json.loads(path.read_bytes())
        except ValueError:
            found = None
        if not isinstance(found, dict):
            msg = "reports/validation.json cannot be read. Write it again with `plainscore build`."
            raise NotAWorkspaceError(msg)
        return found


def root_of(folder: Path) -> Path:
    """Return the root of the workspace in a folder, as an absolute path.

    Raises
    ------
    NotAWorkspaceError
        When the folder has no model/recipe.toml.
    """
    root = folder.resolve()
    if not (root / "model" / "recipe.toml").is_file():
        msg = (
            f"{root.name or root} is not a workspace: it has no model/recipe.toml. "
            "Make one with `plainscore init`."
        )
        raise NotAWorkspaceError(msg)
    return root
