"""Where things are in a workspace: a folder with data/, model/, reports/ and a recipe."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plainscore.workspace._errors import NotAWorkspaceError
from plainscore.workspace._store_place import (
    check_taken_in,
    clock_of,
    has_store,
    open_workspace_store,
)

if TYPE_CHECKING:
    from plainscore.casework import Terms
    from plainscore.characteristics import Entry
    from plainscore.ledger import Ledger
    from plainscore.records import Clock, LenderStore, Store
    from plainscore.scorecard import Card
    from plainscore.workspace._recipe import Recipe


@dataclass(frozen=True)
class Folder:
    """Where things are in a workspace, and the reading of them.

    Parameters
    ----------
    root : Path
        The folder that holds data/, model/ and reports/.
    clock : Clock, optional
        What tells the moment of a change; where absent that of this machine, or the one of a sample.
    """

    root: Path
    clock: Clock | None = field(default=None, compare=False)

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
    def pages(self) -> Path:
        """Folder of the pages that appeals end in."""
        return self.root / "data" / "appeals"

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

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The catalogue and the lender's own entries, worded as the lender wants."""
        from plainscore.workspace._entries import recipe_entries

        return recipe_entries(self.recipe, self.model)

    @property
    def terms(self) -> Terms:
        """What the lender decides by, beside its card."""
        from plainscore.casework import Terms

        population = self.recipe.population
        return Terms(
            recipient_id=population.recipient_id,
            pack=population.pack,
            known_lag_days=population.known_lag_days,
            cut_off=self.recipe.scale.cut_off,
        )

    def demonstrates(self, card: Card) -> Iterable[str]:
        """Yield why a letter about a score of a card is a demonstration; nothing where it is not."""
        from plainscore.workspace._is_demonstration import shows_only

        return shows_only(self, card)

    def open_store(self) -> Store:
        """Return the store, made with its keys where there is none, whatever is still to be taken into it."""
        start = self.recipe.sample.clock
        clock = self.clock or clock_of(start)
        return open_workspace_store(self.root, clock=clock, sample=start is not None)

    @cached_property
    def store(self) -> Store:
        """The store, made with its keys where there is none.

        Raises
        ------
        UpgradeError
            When records of before there was a store are still to be taken into it.
        """
        if not has_store(self.root):
            check_taken_in(self.root, None)
        store = self.open_store()
        check_taken_in(self.root, store.of(self.terms.recipient_id))
        return store

    def records(self) -> LenderStore:
        """Return the lender's part of the store, which is made where there is none."""
        return self.store.of(self.terms.recipient_id)

    def records_if_any(self) -> LenderStore | None:
        """Return the lender's part of the store, or None where nothing was ever kept."""
        if "store" not in self.__dict__ and not has_store(self.root):
            check_taken_in(self.root, None)
            return None
        return self.records()

    def now(self) -> datetime:
        """Return the present moment by the store's clock, in UTC."""
        kept = self.records_if_any()
        if kept is not None:
            return kept.now()
        return (self.clock or clock_of(self.recipe.sample.clock)).now(0)

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
