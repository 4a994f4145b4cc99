"""What would change a score: steps a person can take, and the exact score of every month to come."""

from __future__ import annotations

from plainscore.paths._assumptions import MAYBE_TIME_BARRED, Assumptions
from plainscore.paths._errors import PathError, StepError, WishError
from plainscore.paths._path import LONGEST, find_path
from plainscore.paths._project import Month, Projection, due_each_month, project
from plainscore.paths._score import Ahead
from plainscore.paths._search import Outcome, Reached, cheapest, levels_of, plans
from plainscore.paths._standing import PRIORITY, Standing, standings
from plainscore.paths._steps import Clear, Plan, Reduce, Step, check_plan, cost
from plainscore.paths._words import said

__all__ = [
    "LONGEST",
    "MAYBE_TIME_BARRED",
    "PRIORITY",
    "Ahead",
    "Assumptions",
    "Clear",
    "Month",
    "Outcome",
    "PathError",
    "Plan",
    "Projection",
    "Reached",
    "Reduce",
    "Standing",
    "Step",
    "StepError",
    "WishError",
    "cheapest",
    "check_plan",
    "cost",
    "due_each_month",
    "find_path",
    "levels_of",
    "plans",
    "project",
    "said",
    "standings",
]
