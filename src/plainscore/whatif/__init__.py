"""What would change a score: steps a person can take, and the exact score of every month to come.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.whatif._account_standing import Standing
from plainscore.whatif._assumptions import Assumptions
from plainscore.whatif._errors import PathError, StepError, WishError
from plainscore.whatif._find_path import SCHEMA as PATH_SCHEMA
from plainscore.whatif._find_path import find_path, gain_of
from plainscore.whatif._path_types import LineRecord, PathRecord
from plainscore.whatif._path_words import path_words
from plainscore.whatif._plan_scores import PlanScores
from plainscore.whatif._plan_steps import Clear, Plan, Reduce, Step, check_plan, cost
from plainscore.whatif._project import Month, Projection, due_each_month, project
from plainscore.whatif._search import levels_of, plans

__all__ = [
    "PATH_SCHEMA",
    "Assumptions",
    "Clear",
    "LineRecord",
    "Month",
    "PathError",
    "PathRecord",
    "Plan",
    "PlanScores",
    "Projection",
    "Reduce",
    "Standing",
    "Step",
    "StepError",
    "WishError",
    "check_plan",
    "cost",
    "due_each_month",
    "find_path",
    "gain_of",
    "levels_of",
    "path_words",
    "plans",
    "project",
]
