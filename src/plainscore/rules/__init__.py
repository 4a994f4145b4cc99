"""Rules as data: dated, sourced packs per jurisdiction, and the categories that are denied."""

from __future__ import annotations

from plainscore.rules._denied import DeniedCategory, denied_categories, denied_category, parse_denied
from plainscore.rules._packs import (
    ADVERSE_ITEMS,
    CLOCKS,
    STANDINGS,
    MalformedRulesError,
    Obsolescence,
    Rule,
    RulePack,
    RulesError,
    UnknownPackError,
    UnknownRuleError,
    add_months,
    load_pack,
    pack_ids,
    parse_pack,
)

__all__ = [
    "ADVERSE_ITEMS",
    "CLOCKS",
    "STANDINGS",
    "DeniedCategory",
    "MalformedRulesError",
    "Obsolescence",
    "Rule",
    "RulePack",
    "RulesError",
    "UnknownPackError",
    "UnknownRuleError",
    "add_months",
    "denied_categories",
    "denied_category",
    "load_pack",
    "pack_ids",
    "parse_denied",
    "parse_pack",
]
