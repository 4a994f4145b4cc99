"""What would change a score: steps a person can take, and the exact score of every month to come."""

from __future__ import annotations

from plainscore.whatif._assumptions import MAYBE_TIME_BARRED, Assumptions
from plainscore.whatif._errors import PathError, StepError, WishError
from plainscore.whatif._path import LONGEST, find_path
from plainscore.whatif._project import Month, Projection, due_each_month, project
from plainscore.whatif._score import Ahead
from plainscore.whatif._search import Outcome, Reached, cheapest, levels_of, plans
from plainscore.whatif._standing import PRIORITY, Standing, standings
from plainscore.whatif._steps import Clear, Plan, Reduce, Step, check_plan, cost
from plainscore.whatif._words import DayOf, Money, MonthOf, digits_of, said

__all__ = [
    "LONGEST",
    "MAYBE_TIME_BARRED",
    "PRIORITY",
    "Ahead",
    "Assumptions",
    "Clear",
    "DayOf",
    "Money",
    "Month",
    "MonthOf",
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
    "digits_of",
    "due_each_month",
    "find_path",
    "levels_of",
    "plans",
    "project",
    "said",
    "standings",
]
