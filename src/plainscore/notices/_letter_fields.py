"""The fields of a letter: from the decision, from the lender's facts, from the pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from plainscore.characteristics import Entry
from plainscore.decisions import DecisionRecord
from plainscore.language import counted, in_language
from plainscore.notices._computed import (
    Listed,
    adverse_items,
    counts_two,
    criteria,
    day_of,
    explanation,
    listed,
    principal_baseline,
    sources,
)
from plainscore.notices._errors import MissingFieldError, NoticeError
from plainscore.notices._facts import Facts
from plainscore.notices._letter_types import InLogRecord, LetterFields, ListsRecord, ReasonsRecord
from plainscore.notices._letter_words import word
from plainscore.notices._refusal import ACTIONS
from plainscore.reasons import BEST_ATTRIBUTE
from plainscore.rules import NOTICE_FIELDS, Notice, RulePack
from plainscore.scorecard import ALL_APPLICANTS, Card

LEAST_BARS: Final = 6
"""12 CFR 1022.74(d)(1)(ii)(E): a bar graph of the distribution has at least six bars."""

_ROLES: Final = ("ombudsman", "debt_advice")
"""Fields that a pack's contacts of the same name may fill."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter is about, beside the decision.

    Attributes
    ----------
    letter_date : datetime.date, optional
        Day of the letter; the day of the decision where absent.
    decided : datetime.date, optional
        Day of the decision where the lender is; that of its moment in UTC where absent.
    started : datetime.date, optional
        Day that starts the term for sending it, such as the day the application was complete.
    furnisher_id : str
        For a notice of adverse data: whose records.
    distribution : tuple of (int, int, float)
        First and last score of each bar, and the share of people in it, rising.
    below : float, optional
        Share of people who score below the person.
    refused_by : str
        For a letter of refusal: name or role of who refused.
    refused_on : datetime.date, optional
        For a letter of refusal: the day of it, where the lender is.
    cut_off : int, optional
        Lowest score that the decision's card passes, where that is known.
    demonstration : tuple of str
        Why the letter is a demonstration, beside what the decision and the facts say of it.
    in_log : InLogRecord, optional
        Where the decision stands in the lender's log, where it is kept.
    """

    letter_date: date | None = None
    decided: date | None = None
    started: date | None = None
    furnisher_id: str = ""
    distribution: tuple[tuple[int, int, float], ...] = ()
    below: float | None = None
    refused_by: str = ""
    refused_on: date | None = None
    cut_off: int | None = None
    demonstration: tuple[str, ...] = ()
    in_log: InLogRecord | None = None


def lists_of(
    decision: DecisionRecord, card: Card, entries: Sequence[Entry], facts: Facts, language: str
) -> ListsRecord:
    """Return the reasons of the decision and the key factors of the score: two lists, two baselines."""
    policy = facts.text("policy_reason", language)
    # A denial by a rule gives that rule, and only the component that failed (12 CFR 1002, comments
    # 9(b)(2)-7 and -8).
    by_rule = [] if policy is None else [word("text.policy", language, policy_reason=policy)]
    if decision["refusal"]:
        sentence = decision["refusal"]["sentence"]
        texts = by_rule or [in_language(sentence, language)]
        return {"principal_reasons": {"texts": texts, "baseline": "", "note": ""}}
    keys = listed(decision, card, entries, ALL_APPLICANTS, language)
    if by_rule:
        reasons = Listed(by_rule, "")
    else:
        reasons = listed(decision, card, entries, principal_baseline(card), language)
    return {
        "principal_reasons": _noted(reasons, decision, language),
        "key_factors": _noted(keys, decision, language),
    }


def _noted(found: Listed, decision: DecisionRecord, language: str) -> ReasonsRecord:
    return {"texts": found.texts, "baseline": found.baseline, "note": _note(found, decision, language)}


def _note(found: Listed, decision: DecisionRecord, language: str) -> str:
    if not found.texts or found.baseline != BEST_ATTRIBUTE:
        return ""
    return word("text.best_note_two" if counts_two(decision) else "text.best_note", language)


def fields_of(
    wanted: Sequence[str],
    decision: DecisionRecord,
    lists: ListsRecord,
    pack: RulePack,
    facts: Facts,
    occasion: Occasion,
    language: str,
    notice: Notice,
) -> LetterFields:
    """Return the wanted fields that somebody fills: the lender's facts, else the decision, else the pack."""
    held = _of_decision(decision, lists, occasion, language)
    if occasion.furnisher_id:
        day = occasion.letter_date or day_of(decision)
        name, items = adverse_items(decision, occasion.furnisher_id, language, pack=pack, on=day)
        held |= {"furnisher_name": name, "adverse_items": items}
    fields: dict[str, object] = {}
    for name in wanted:
        own = facts.text(name, language)
        if name == "adverse_items" and own is not None:
            fields[name] = [item.strip() for item in own.split(";") if item.strip()]
            continue
        fields[name] = own if own is not None else held.get(name, _of_pack(name, pack))
    fields.setdefault("credit_requested", facts.text("credit_requested", language))
    if "action_taken" in fields and fields["action_taken"] is None and fields["credit_requested"]:
        action = ACTIONS.get(notice.id.removeprefix("notice."), "refused")
        fields["action_taken"] = word(
            f"action.{action}", language, credit_requested=fields["credit_requested"]
        )
    given = {name: value for name, value in fields.items() if value is not None and value != ""}
    return cast(LetterFields, given)


def _of_decision(
    decision: DecisionRecord, lists: ListsRecord, occasion: Occasion, language: str
) -> dict[str, object]:
    held: dict[str, object] = {
        "letter_date": (occasion.letter_date or occasion.decided or day_of(decision)).isoformat(),
        "principal_reasons": lists["principal_reasons"]["texts"],
        "explanation": explanation(decision, language),
        "sources": sources(decision),
    }
    if decision["refusal"]:
        return held | {"criteria": criteria(decision, language)}
    if 0 < len(occasion.distribution) < LEAST_BARS:
        msg = f"The distribution has {len(occasion.distribution)} bars; a letter shows {LEAST_BARS} or more."
        raise NoticeError(msg)
    count = len(decision["parts"])
    return held | {
        "score": int(decision["score"]),
        "score_low": int(decision["low"]),
        "score_high": int(decision["high"]),
        "score_date": (occasion.decided or day_of(decision)).isoformat(),
        "key_factors": lists["key_factors"]["texts"]
        or [word("text.none_two" if counts_two(decision) else "text.none", language)],
        "criteria": word(counted("text.criteria", count), language, count=count),
        "score_distribution": [list(bar) for bar in occasion.distribution] or None,
    }


def _of_pack(name: str, pack: RulePack) -> str | None:
    """Return whom the pack itself names for a field, where it names somebody that can be reached."""
    if name not in _ROLES:
        return None
    named = (one.in_full for one in pack.contacts(name))
    return next((text for text in named if text), None)


def require(wanted: Sequence[str], fields: LetterFields, pack: RulePack, notice_id: str) -> None:
    """Refuse a letter that lacks what its pack or its words ask for, naming all; raises MissingFieldError."""
    absent = [name for name in wanted if name not in fields]
    # What the lender did is worded from the credit asked for: that is what to give.
    if missing := [name for name in absent if name != "action_taken" or "credit_requested" not in absent]:
        listed_ = "; ".join(f"{name} ({NOTICE_FIELDS[name]})" for name in missing)
        msg = (
            f"Letter {notice_id!r} of rule pack {pack.id!r} requires {listed_}. Give what is of this "
            "application with the letter (--fact NAME=TEXT on the command line), and add what is always so "
            "to the lender's facts (model/lender.toml)."
        )
        raise MissingFieldError(msg)
