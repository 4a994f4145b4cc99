"""Where things are in a workspace: a folder with data/, model/, reports/ and a recipe."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plainscore.workspace._errors import AlteredModelError, NotAWorkspaceError
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
    from plainscore.validation import Calibration
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
        """The ledger as it was read in, without corrections made here; every file as import wrote it."""
        from plainscore.ledger import checked_ledger

        if not (self.data / "statements.parquet").is_file():
            msg = (
                f"{self.root.name}/data has no statements.parquet. "
                "Bring a ledger in with `plainscore import`."
            )
            raise NotAWorkspaceError(msg)
        return checked_ledger(self.data)

    @cached_property
    def card(self) -> Card:
        """The published card, by the id that was published with it.

        Raises
        ------
        NotAWorkspaceError
            When none is built yet.
        plainscore.scorecard.CardError
            When its file is not a card.
        AlteredModelError
            When it is not the card of the build log or of the validation report.
        """
        card = self.card_as_it_stands()
        for name, published in self.published_ids().items():
            if published != card.id:
                another = f"names {published[:12]}" if published else "does not say which card was built"
                msg = (
                    f"model/scorecard.json is card {card.id[:12]}, and {name} {another}: one of them was "
                    "changed or exchanged since the build, and nothing is scored. Restore model/ and "
                    "reports/ from a backup, or build again with `plainscore build`."
                )
                raise AlteredModelError(msg)
        return card

    def card_as_it_stands(self) -> Card:
        """Return the card in the folder, whether or not it is the one that was published."""
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

    def published_ids(self) -> dict[str, str | None]:
        """Return the id of the card by each file that was published with it; None where a file does not say.

        The build log is one of them also where it is missing; the validation report only where it is there.
        """
        paths = [self.model / "build.json", self.reports / "validation.json"]
        return {
            path.relative_to(self.root).as_posix(): _card_id(path)
            for path in paths
            if path.is_file() or path.parent == self.model
        }

    @cached_property
    def calibration(self) -> Calibration | None:
        """Score to PD by the id that was published with it; None where there is none.

        Raises
        ------
        AlteredModelError
            When it is not the calibration of the validation report.
        """
        path = self.model / "calibration.json"
        if not path.is_file():
            return None
        from plainscore.validation import Calibration

        found = Calibration.from_json(json.loads(path.read_bytes()))
        if self.published_validation().get("calibration", {}).get("id") != found.id:
            msg = (
                "model/calibration.json is not the calibration that reports/validation.json measures: one of "
                "them was changed or exchanged since the build, and no probability is given. Restore model/ "
                "and reports/ from a backup, or build again with `plainscore build`."
            )
            raise AlteredModelError(msg)
        return found

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


def _card_id(path: Path) -> str | None:
    """Return the id of a card that a file says; None where it says none."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    found = content.get("card_id") if isinstance(content, dict) else None
    return found if isinstance(found, str) else None


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
