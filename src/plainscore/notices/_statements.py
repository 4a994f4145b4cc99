"""Which of a letter's words and fields are about something that took place, and the words filled in."""

from __future__ import annotations

from datetime import date
from typing import Final

from plainscore.decisions import DecisionRecord
from plainscore.language import DayOf, in_language, mark
from plainscore.notices._computed import sources
from plainscore.notices._facts import Facts
from plainscore.notices._letter_types import LetterFields
from plainscore.rules import (
    Notice,
    RulePack,
    Statement,
    UnknownRuleError,
)

_OF_SCORE: Final = frozenset(
    ("score", "score_low", "score_high", "score_date", "score_provider", "key_factors", "score_distribution")
)
_SAYS_SCORE: Final = frozenset(
    f"statement.{name}"
    for name in ("scoring", "score_in_decision", "score_used", "score_matters", "variation", "score")
)
_OF_BUREAU: Final = frozenset(("bureau_name", "bureau_address", "bureau_phone", "report_how_to_get"))
_SAYS_BUREAU: Final = frozenset(
    f"statement.{name}"
    for name in ("report_used", "free_report", "dispute", "bureau", "terms_set", "free_report_pricing")
)
_BLAMES_SCORE: Final = frozenset(
    f"statement.{name}" for name in ("scoring", "score_in_decision", "variation")
)
"""What a letter does not say where a rule of policy decided: 12 CFR 1002, comments 9(b)(2)-2 and -7."""

_SOURCE: Final = "statement.source"
"""What a letter says instead where the records came from furnishers themselves, in packs that have it."""


def aside(name: str, facts: Facts, decision: DecisionRecord) -> bool:
    """Whether a field is about something that did not take place: no score, no report, no database."""
    return (
        (name in _OF_SCORE and bool(decision["refusal"]))
        or (name in _OF_BUREAU and not (facts.uses_bureau and _asked(decision)))
        or (name.startswith("database_") and not (facts.uses_database and _asked(decision)))
        or (name == "sources" and not sources(decision))
    )


def _asked(decision: DecisionRecord) -> bool:
    """Whether anybody was asked for records: without a consent nobody may be."""
    return not (decision["refusal"] and decision["refusal"]["code"] == "no_consent")


def statements_of(
    pack: RulePack, notice: Notice, facts: Facts, decision: DecisionRecord, language: str
) -> list[Statement]:
    """Return the words of a letter that are about something that took place, in its order."""
    found: list[Statement] = []
    by_policy = facts.text("policy_reason", language) is not None
    for name in notice.statements:
        one = pack.statement(name)
        about_score = name in _SAYS_SCORE or set(one.placeholders) & _OF_SCORE
        about_bureau = name in _SAYS_BUREAU or set(one.placeholders) & _OF_BUREAU
        about_database = any(each.startswith("database_") for each in one.placeholders)
        if (about_score and decision["refusal"]) or (by_policy and name in _BLAMES_SCORE):
            continue
        if not _asked(decision) and (about_bureau or about_database):
            continue
        if "sources" in one.placeholders and not sources(decision):
            continue
        if about_bureau and not facts.uses_bureau:
            found += [] if any(held.id == _SOURCE for held in found) else _source(pack)
            continue
        if about_database and not facts.uses_database:
            continue
        found.append(one)
    return found


def _source(pack: RulePack) -> list[Statement]:
    try:
        return [pack.statement(_SOURCE)]
    except UnknownRuleError:
        return []


def filled(one: Statement, fields: LetterFields, language: str) -> str:
    """Return words with the letter's fields filled in; every one that they take up is there (`require`)."""
    values = {
        name: shown(name, value, language) for name, value in fields.items() if name in one.placeholders
    }
    text = in_language(one.languages, language)
    for name, value in values.items():
        if f"{{{name}}}." in text or f"{{{name}}}。" in text:
            values[name] = value.rstrip(".。")
    return text.format(**values)


def ended(text: str, language: str) -> str:
    """Return a text with a full stop, where the lender wrote none."""
    return text if text.endswith((".", "!", "?", "。", "！", "？")) else text + mark("stop", language)


def shown(name: str, value: object, language: str) -> str:
    """Return a field's value as a letter writes it within a sentence."""
    if isinstance(value, list):
        return mark("between", language).join(map(str, value))
    if name.endswith("_date") or name == "offer_until":
        try:
            return DayOf(date.fromisoformat(str(value)))(language)
        except ValueError:
            return str(value)
    return str(value)
