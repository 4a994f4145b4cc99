"""The characteristics of a workspace: the catalogue, the lender's own, and the lender's wording over both."""

from __future__ import annotations

from pathlib import Path

from plainscore.characteristics import Entry, catalogue, read_catalogue
from plainscore.reasons import override_texts, read_texts, require_texts
from plainscore.workspace._errors import RecipeError
from plainscore.workspace._recipe import Recipe


def recipe_entries(recipe: Recipe, folder: Path) -> tuple[Entry, ...]:
    """Return the catalogue and the lender's own entries, worded as the lender wants.

    Parameters
    ----------
    recipe : Recipe
        The recipe, which may name files of entries and of texts.
    folder : Path
        Folder of the recipe.

    Raises
    ------
    RecipeError
        When a file that the recipe names is not there.
    plainscore.characteristics.CharacteristicError
        When an entry is incomplete or its expression may not run.
    plainscore.reasons.TextError
        When a text has no place, or breaks a rule of wording.
    """
    entries = catalogue()
    if recipe.own_characteristics:
        own = read_catalogue(_beside(folder, "own_characteristics", recipe.own_characteristics))
        require_texts(own)
        entries = (*entries, *own)
    if recipe.texts:
        entries = override_texts(entries, read_texts(_beside(folder, "texts", recipe.texts)))
    return entries


def _beside(folder: Path, key: str, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        msg = f"{key} names {name}, which is not beside the recipe."
        raise RecipeError(msg)
    return path
