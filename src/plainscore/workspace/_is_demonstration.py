"""Whether a workspace's letters are demonstrations: its card or its ledger comes with this program."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from plainscore.scorecard import Card
from plainscore.workspace._packaged import packaged

if TYPE_CHECKING:
    from plainscore.workspace._folder import Folder

RECIPES: Final = ("sample_recipe.toml", "taiwan_recipe.toml", "bureau_recipe.toml")
"""Recipes that come with this program: no card of one of them is for decisions about people."""


@cache
def _purposes() -> frozenset[str]:
    return frozenset(str(tomllib.loads(packaged(name))["purpose"]) for name in RECIPES)


def shows_only(workspace: Folder, card: Card) -> Iterator[str]:
    """Yield why a letter about a score of `card` is a demonstration, in sentences; nothing where it is not.

    What the decision and the lender's facts say of it is not asked here: see
    ``plainscore.notices.write_notice``.
    """
    known = card.purpose in _purposes()
    if known:
        yield f"The purpose of the card is {card.purpose!r}."
    if workspace.data.name == "sample":
        yield "The ledger is the simulated one in data/sample."
    elif workspace.recipe.sample.clock is not None and not known:
        yield "The workspace is a sample: its clock is fixed, and its keys are published."
