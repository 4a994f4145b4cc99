"""A workspace: a folder with data/, model/, reports/ and a recipe. Build it, decide in it, check it."""

from __future__ import annotations

from plainscore.workspace._ahead import CUT_OFF, NEXT_BAND, look_ahead
from plainscore.workspace._appeals import open_appeal, settle_appeal
from plainscore.workspace._build import Built, build, cross_validate, fit, frame
from plainscore.workspace._decide import Desk, utc_now
from plainscore.workspace._errors import (
    AsOfError,
    NotAWorkspaceError,
    PopulationError,
    RecipeError,
    UnknownPersonError,
    WorkspaceError,
)
from plainscore.workspace._example import example_letter, example_path, example_record, publish_example
from plainscore.workspace._files import with_outputs
from plainscore.workspace._folder import Workspace, open_workspace
from plainscore.workspace._import import Imported, bring_in
from plainscore.workspace._init import init_sample, init_workspace
from plainscore.workspace._lender import page_lender
from plainscore.workspace._letters import LetterWish, keep_letter, letter_ids, write_letter
from plainscore.workspace._panels import init_panel, panel_report
from plainscore.workspace._population import DEVELOPMENT, OUT_OF_TIME, Population, assemble
from plainscore.workspace._publish import publish
from plainscore.workspace._recipe import Recipe, parse_recipe, read_recipe
from plainscore.workspace._scores import PersonScore, Scores, score_people
from plainscore.workspace._verify import Check, verify

__all__ = [
    "CUT_OFF",
    "DEVELOPMENT",
    "NEXT_BAND",
    "OUT_OF_TIME",
    "AsOfError",
    "Built",
    "Check",
    "Desk",
    "Imported",
    "LetterWish",
    "NotAWorkspaceError",
    "PersonScore",
    "Population",
    "PopulationError",
    "Recipe",
    "RecipeError",
    "Scores",
    "UnknownPersonError",
    "Workspace",
    "WorkspaceError",
    "assemble",
    "bring_in",
    "build",
    "cross_validate",
    "example_letter",
    "example_path",
    "example_record",
    "fit",
    "frame",
    "init_panel",
    "init_sample",
    "init_workspace",
    "keep_letter",
    "letter_ids",
    "look_ahead",
    "open_appeal",
    "open_workspace",
    "page_lender",
    "panel_report",
    "parse_recipe",
    "publish",
    "publish_example",
    "read_recipe",
    "score_people",
    "settle_appeal",
    "utc_now",
    "verify",
    "with_outputs",
    "write_letter",
]
