"""A workspace: a folder with data/, model/, reports/ and a recipe. Build it, decide in it, check it.

Promised: the names of `__all__` are kept from version to version.
"""

from __future__ import annotations

from plainscore.intake import Imported
from plainscore.reasons import BEST_ATTRIBUTE
from plainscore.rules import month_end
from plainscore.workspace._appeal_wish import Appeal, AppealWish, appeal_pages, bring_appeal
from plainscore.workspace._bring_in import bring_in
from plainscore.workspace._build_card import Built, build, cross_validate, fit, frame
from plainscore.workspace._decide import Desk, utc_now
from plainscore.workspace._errors import (
    AlteredLetterError,
    AlteredModelError,
    AskError,
    AsOfError,
    FormError,
    NotAWorkspaceError,
    PeopleError,
    PopulationError,
    RecipeError,
    UnknownLetterError,
    UnknownPersonError,
    WorkspaceError,
)
from plainscore.workspace._example_applicant import (
    example_letter,
    example_path,
    example_record,
    publish_example,
)
from plainscore.workspace._explain_person import Decision, explain
from plainscore.workspace._export import FORMS, exported
from plainscore.workspace._folder import Folder
from plainscore.workspace._init import init_sample, init_workspace
from plainscore.workspace._letters_kept import (
    Letter,
    kept_letters,
    letters_for,
    lists_of_reasons,
    notice,
    read_letter,
)
from plainscore.workspace._page_lender import page_lender
from plainscore.workspace._panel_workspaces import init_panel, panel_report
from plainscore.workspace._people_to_score import holders, read_people
from plainscore.workspace._population import DEVELOPMENT, OUT_OF_TIME, Population, assemble
from plainscore.workspace._publish import publish
from plainscore.workspace._published import Published, build_workspace
from plainscore.workspace._recipe import Recipe, parse_recipe, read_recipe
from plainscore.workspace._recipe_fit import FitWish
from plainscore.workspace._rules_in_force import every_rule, in_doubt, packs_in_force
from plainscore.workspace._score_people import NOT_IN_LEDGER, PersonScore, Scores, score_people
from plainscore.workspace._settle_appeals import open_appeal, settle_appeal
from plainscore.workspace._verify import Check, Verification, validate_again, verify
from plainscore.workspace._what_if import CUT_OFF, NEXT_BAND, WhatIf, path_for, whatif
from plainscore.workspace._workspace import Workspace, open_workspace
from plainscore.workspace._write_letter import LetterWish, keep_letter, letter_ids, write_letter
from plainscore.workspace._write_whole import with_outputs

__all__ = [
    "BEST_ATTRIBUTE",
    "CUT_OFF",
    "DEVELOPMENT",
    "FORMS",
    "NEXT_BAND",
    "NOT_IN_LEDGER",
    "OUT_OF_TIME",
    "AlteredLetterError",
    "AlteredModelError",
    "Appeal",
    "AppealWish",
    "AsOfError",
    "AskError",
    "Built",
    "Check",
    "Decision",
    "Desk",
    "FitWish",
    "Folder",
    "FormError",
    "Imported",
    "Letter",
    "LetterWish",
    "NotAWorkspaceError",
    "PeopleError",
    "PersonScore",
    "Population",
    "PopulationError",
    "Published",
    "Recipe",
    "RecipeError",
    "Scores",
    "UnknownLetterError",
    "UnknownPersonError",
    "Verification",
    "WhatIf",
    "Workspace",
    "WorkspaceError",
    "appeal_pages",
    "assemble",
    "bring_appeal",
    "bring_in",
    "build",
    "build_workspace",
    "cross_validate",
    "every_rule",
    "example_letter",
    "example_path",
    "example_record",
    "explain",
    "exported",
    "fit",
    "frame",
    "holders",
    "in_doubt",
    "init_panel",
    "init_sample",
    "init_workspace",
    "keep_letter",
    "kept_letters",
    "letter_ids",
    "letters_for",
    "lists_of_reasons",
    "month_end",
    "notice",
    "open_appeal",
    "open_workspace",
    "packs_in_force",
    "page_lender",
    "panel_report",
    "parse_recipe",
    "path_for",
    "publish",
    "publish_example",
    "read_letter",
    "read_people",
    "read_recipe",
    "score_people",
    "settle_appeal",
    "utc_now",
    "validate_again",
    "verify",
    "whatif",
    "with_outputs",
    "write_letter",
]
