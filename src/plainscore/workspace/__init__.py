"""A workspace: a folder with data/, model/, reports/ and a recipe. Build it, decide in it, check it.

Promised: the names that docs/compatibility.md lists are kept from version to version; the others are for
other rooms, and a version may change them.
"""

from __future__ import annotations

from plainscore.casework import (
    DECIDED_AT_ONCE,
    NOT_IN_LEDGER,
    AlteredLetterError,
    Appeal,
    AppealWish,
    AskError,
    AsOfError,
    CaseworkError,
    Decision,
    DecisionLine,
    Desk,
    Letter,
    LetterWish,
    Outcome,
    OutcomeError,
    OutcomeWish,
    PersonExport,
    PersonScore,
    Retention,
    RunError,
    Scores,
    Task,
    TermError,
    UnknownLetterError,
    UnknownPersonError,
    WhatIf,
    lists_of_reasons,
)
from plainscore.decisions import Replay
from plainscore.files import with_outputs
from plainscore.intake import Imported
from plainscore.reasons import BEST_ATTRIBUTE
from plainscore.rules import month_end
from plainscore.workspace._back_up import Backup
from plainscore.workspace._bring_in import bring_in
from plainscore.workspace._build_card import Built, build, cross_validate, fit, frame
from plainscore.workspace._errors import (
    AlteredModelError,
    BackupError,
    FormError,
    NotAWorkspaceError,
    PeopleError,
    PopulationError,
    RecipeError,
    UpgradeError,
    WorkspaceError,
)
from plainscore.workspace._example_applicant import example_record, publish_example
from plainscore.workspace._export import FORMS, exported
from plainscore.workspace._folder import Folder
from plainscore.workspace._init import init_sample, init_workspace
from plainscore.workspace._log_verbs import NO_CHECKPOINT, LogCheck, LogProof
from plainscore.workspace._panel_workspaces import init_panel, panel_report
from plainscore.workspace._people_to_score import holders, read_people
from plainscore.workspace._population import DEVELOPMENT, OUT_OF_TIME, Population, assemble
from plainscore.workspace._publish import publish
from plainscore.workspace._published import Published, build_workspace
from plainscore.workspace._reapply import EndedAgain
from plainscore.workspace._recipe import Recipe, parse_recipe, read_recipe
from plainscore.workspace._recipe_fit import FitWish
from plainscore.workspace._restore import Restored, restore
from plainscore.workspace._rules_in_force import every_rule, in_doubt, packs_in_force
from plainscore.workspace._take_in_folders import TakenIn
from plainscore.workspace._verify import Check, Verification, verify
from plainscore.workspace._workspace import Workspace, open_workspace

__all__ = [
    "BEST_ATTRIBUTE",
    "DECIDED_AT_ONCE",
    "DEVELOPMENT",
    "FORMS",
    "NOT_IN_LEDGER",
    "NO_CHECKPOINT",
    "OUT_OF_TIME",
    "AlteredLetterError",
    "AlteredModelError",
    "Appeal",
    "AppealWish",
    "AsOfError",
    "AskError",
    "Backup",
    "BackupError",
    "Built",
    "CaseworkError",
    "Check",
    "Decision",
    "DecisionLine",
    "Desk",
    "EndedAgain",
    "FitWish",
    "Folder",
    "FormError",
    "Imported",
    "Letter",
    "LetterWish",
    "LogCheck",
    "LogProof",
    "NotAWorkspaceError",
    "Outcome",
    "OutcomeError",
    "OutcomeWish",
    "PeopleError",
    "PersonExport",
    "PersonScore",
    "Population",
    "PopulationError",
    "Published",
    "Recipe",
    "RecipeError",
    "Replay",
    "Restored",
    "Retention",
    "RunError",
    "Scores",
    "TakenIn",
    "Task",
    "TermError",
    "UnknownLetterError",
    "UnknownPersonError",
    "UpgradeError",
    "Verification",
    "WhatIf",
    "Workspace",
    "WorkspaceError",
    "assemble",
    "bring_in",
    "build",
    "build_workspace",
    "cross_validate",
    "every_rule",
    "example_record",
    "exported",
    "fit",
    "frame",
    "holders",
    "in_doubt",
    "init_panel",
    "init_sample",
    "init_workspace",
    "lists_of_reasons",
    "month_end",
    "open_workspace",
    "packs_in_force",
    "panel_report",
    "parse_recipe",
    "publish",
    "publish_example",
    "read_people",
    "read_recipe",
    "restore",
    "verify",
    "with_outputs",
]
