"""Rules as data: dated, sourced packs per jurisdiction, and the categories that are denied.

An inner door: other rooms use these names, and a version may change them.
"""

from __future__ import annotations

from plainscore.rules._calendar import OBSERVED, Calendar, Holiday, add_months, month_end, months_after
from plainscore.rules._changes import Change, changes, parse_changes
from plainscore.rules._denied import DeniedCategory, denied_categories, denied_category, parse_denied
from plainscore.rules._errors import MalformedRulesError, RulesError, UnknownPackError, UnknownRuleError
from plainscore.rules._fields import NOTICE_FIELDS
from plainscore.rules._kinds import (
    ADVERSE_ITEMS,
    CLOCKS,
    DEADLINE_UNITS,
    ROLES,
    ByPerson,
    Contact,
    Deadline,
    Limit,
    Notice,
    Obsolescence,
    Statement,
)
from plainscore.rules._load import load_pack, pack_ids, parse_pack
from plainscore.rules._pack import RulePack, stale_rules
from plainscore.rules._rule import STANDINGS, Rule
from plainscore.rules._rules_page import rules_markdown

__all__ = [
    "ADVERSE_ITEMS",
    "CLOCKS",
    "DEADLINE_UNITS",
    "NOTICE_FIELDS",
    "OBSERVED",
    "ROLES",
    "STANDINGS",
    "ByPerson",
    "Calendar",
    "Change",
    "Contact",
    "Deadline",
    "DeniedCategory",
    "Holiday",
    "Limit",
    "MalformedRulesError",
    "Notice",
    "Obsolescence",
    "Rule",
    "RulePack",
    "RulesError",
    "Statement",
    "UnknownPackError",
    "UnknownRuleError",
    "add_months",
    "changes",
    "denied_categories",
    "denied_category",
    "load_pack",
    "month_end",
    "months_after",
    "pack_ids",
    "parse_changes",
    "parse_denied",
    "parse_pack",
    "rules_markdown",
    "stale_rules",
]
