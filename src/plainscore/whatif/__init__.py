"""What would change a score: steps a person can take, and the exact score of every month to come.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.whatif._account_standing import PRIORITY, Standing, standings
from plainscore.whatif._assumptions import MAYBE_TIME_BARRED, Assumptions
from plainscore.whatif._errors import PathError, StepError, WishError
from plainscore.whatif._find_path import LONGEST, find_path, gain_of
from plainscore.whatif._find_path import SCHEMA as PATH_SCHEMA
from plainscore.whatif._path_types import LineRecord, PathRecord, StepRecord
from plainscore.whatif._path_words import path_words
from plainscore.whatif._plan_scores import PlanScores
from plainscore.whatif._plan_steps import Clear, Plan, Reduce, Step, check_plan, cost
from plainscore.whatif._project import Month, Projection, due_each_month, project
from plainscore.whatif._search import Reached, SearchResult, cheapest, levels_of, plans

__all__ = [
    "LONGEST",
    "MAYBE_TIME_BARRED",
    "PATH_SCHEMA",
    "PRIORITY",
    "Assumptions",
    "Clear",
    "LineRecord",
    "Month",
    "PathError",
    "PathRecord",
    "Plan",
    "PlanScores",
    "Projection",
    "Reached",
    "Reduce",
    "SearchResult",
    "Standing",
    "Step",
    "StepError",
    "StepRecord",
    "WishError",
    "cheapest",
    "check_plan",
    "cost",
    "due_each_month",
    "find_path",
    "gain_of",
    "levels_of",
    "path_words",
    "plans",
    "project",
    "standings",
]
