"""A letter as a record: every field that its rule pack requires, the words it carries, and the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from plainscore.characteristics import Entry
from plainscore.notices._computed import (
    SHORTEST_CARD,
    adverse_items,
    arithmetic,
    day_of,
    explanation,
    listed,
    principal_baseline,
    sources,
)
from plainscore.notices._errors import MissingFieldError, NoticeError
from plainscore.notices._facts import Facts
from plainscore.notices._words import LANGUAGES, word
from plainscore.paths import DayOf
from plainscore.reasons import BEST_ATTRIBUTE
from plainscore.rules import (
    NOTICE_FIELDS,
    Contact,
    Notice,
    RulePack,
    Statement,
    UnknownRuleError,
    stale_rules,
)
from plainscore.scorecard import ALL_APPLICANTS, Card

Json = dict[str, Any]
Record = Mapping[str, Any]

SCHEMA: Final = "plainscore/notice/1"
LEAST_BARS: Final = 6
"""12 CFR 1022.74(d)(1)(ii)(E): a bar graph of the distribution has at least six bars."""

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

_ABOUT_SCORE: Final = ("notice.score_disclosure", "notice.risk_based_pricing")

_ABOUT_RECORDS: Final = "notice.adverse_data"
"""A furnisher's letter about its records: no score and no sum belong into it."""

_SOURCE: Final = "statement.source"
"""What a letter says instead where the records came from furnishers themselves, in packs that have it."""

_LEFT_TO_OPERATOR: Final = "operator"
"""A contact whose details say this is no contact yet: the lender names its own."""

_ROLE_OF: Final = {"ombudsman": "ombudsman", "debt_advice": "debt_advice"}

TERMS: Final[Mapping[str, str]] = {
    "notice.counteroffer": "notice.adverse_action",
    "notice.right_to_reasons": "notice.adverse_action",
}
"""The term by which a letter goes out, where it is not the letter's namesake: 12 CFR 1002.9(a)(1)(i) gives 30
days for a counteroffer and for a refusal without reasons too. The 90 days of (iv) are for what may follow."""

ACTIONS: Final = {
    "counteroffer": "counteroffer",
    "score_disclosure": "priced",
    "risk_based_pricing": "priced",
    "adverse_data": "reported",
}


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
    """

    letter_date: date | None = None
    decided: date | None = None
    started: date | None = None
    furnisher_id: str = ""
    distribution: tuple[tuple[int, int, float], ...] = ()
    below: float | None = None


def write_notice(
    decision: Record,
    card: Card,
    pack: RulePack,
    notice_id: str,
    facts: Facts,
    entries: Sequence[Entry],
    *,
    occasion: Occasion | None = None,
    language: str = "en",
) -> Json:
    """Write a letter from a decision record.

    Nothing is typed again: score, reasons, sum and records are those of the record, and the reasons of a
    denial and the key factors of the score are two lists, each against its own baseline.

    Parameters
    ----------
    decision : mapping
        Schema ``plainscore/decision/1``.
    card : Card
        The card that made it.
    pack : RulePack
        The rules in force on the day of the letter.
    notice_id : str
        Which letter of the pack, such as ``notice.adverse_action``.
    facts : Facts
        What only the lender knows.
    entries : sequence of Entry
        Definitions, at least those of the card.
    occasion : Occasion, optional
        Day, term, furnisher, distribution.
    language : str
        One in which the pack has every word of the letter; see `letter_languages`.

    Returns
    -------
    dict
        Schema ``plainscore/notice/1``.

    Raises
    ------
    MissingFieldError
        When something that the pack requires is not there; names all of it.
    NoticeError
        When the language has no words for it, or the record and the card do not fit.
    """
    notice = pack.notice(notice_id)
    if language not in letter_languages(pack, notice):
        can = ", ".join(letter_languages(pack, notice))
        msg = f"Rule pack {pack.id!r} has no words for {notice_id!r} in {language!r}. It has them in {can}."
        raise NoticeError(msg)
    _check_kind(notice_id, facts, decision)
    occasion = occasion or Occasion()
    statements = _statements(pack, notice, facts, decision)
    required = [name for name in notice.fields if not _aside(name, facts, decision)]
    wanted = dict.fromkeys([*required, *(name for one in statements for name in one.placeholders)])
    lists = _lists(decision, card, entries, facts, language)
    fields = _fields(list(wanted), decision, lists, pack, facts, occasion, language, notice)
    _require(required, fields, pack, notice_id)
    day = fields.get("letter_date") or day_of(decision).isoformat()
    return {
        "schema": SCHEMA,
        "notice": notice_id,
        "pack": pack.id,
        "rules_on": pack.on.isoformat(),
        "source": notice.source,
        "language": language,
        "title": word(f"title.{notice_id.removeprefix('notice.')}", language),
        "required": required,
        "fields": fields,
        "notes": {
            name: lists[name]["note"] for name in ("principal_reasons", "key_factors") if name in lists
        },
        "statements": [
            {"id": one.id, "text": _filled(one, fields, language), "source": one.source} for one in statements
        ],
        "contacts": _contacts(pack, notice, facts, language),
        "arithmetic": (
            None
            if decision["refusal"] or notice_id == _ABOUT_RECORDS
            else arithmetic(decision, entries, language)
        ),
        "below": occasion.below,
        "card": word(
            "text.card",
            language,
            name=decision["card_name"],
            card=decision["card_id"][:SHORTEST_CARD],
            decision=decision["id"][:SHORTEST_CARD],
        ),
        "card_id": decision["card_id"],
        "decision_id": decision["id"],
        "records": word(
            "text.records",
            language,
            records_contact=_ended(
                facts.text("records_contact", language) or word("text.records_default", language), language
            ),
        ),
        "appeal": _appeal(pack, facts, language),
        "allowed": word("text.no_network", language),
        "research": word("text.research", language) if _is_research(decision) else "",
        "send_by": _send_by(pack, notice_id, occasion, date.fromisoformat(day)),
        "look_at": _doubtful(pack, [notice_id, *(one.id for one in statements)], date.fromisoformat(day)),
    }


def _check_kind(notice_id: str, facts: Facts, decision: Record) -> None:
    """Refuse a letter about a score or a report that there was none of."""
    if notice_id in _ABOUT_SCORE and decision["refusal"]:
        msg = (
            f"Letter {notice_id!r} is about a score, and this decision has none. Write the letter of refusal."
        )
        raise NoticeError(msg)
    if notice_id == "notice.risk_based_pricing" and not facts.uses_bureau:
        msg = (
            f"Letter {notice_id!r} is sent because of a report of an agency, and the lender's facts say that "
            "none is used. It is not needed."
        )
        raise NoticeError(msg)


def _doubtful(pack: RulePack, used: Sequence[str], on: date) -> list[str]:
    """Return what to look at before the letter is sent: rules that it rests on and that are in doubt."""
    return [says for says in stale_rules(pack, on) if any(f"{name!r} " in says for name in used)]


def _is_research(decision: Record) -> bool:
    """Whether the records were released for research: then nothing about them is a real decision."""
    return any(consent["basis"] == "research release" for consent in decision["consents"])


def letter_languages(pack: RulePack, notice: Notice) -> tuple[str, ...]:
    """Return the languages in which the pack has every word of a letter."""
    held = [set(pack.statement(name).languages) for name in notice.statements]
    return tuple(one for one in LANGUAGES if all(one in languages for languages in held))


def _aside(name: str, facts: Facts, decision: Record) -> bool:
    """Whether a field is about something that did not take place: no score, no report, no database."""
    return (
        (name in _OF_SCORE and bool(decision["refusal"]))
        or (name in _OF_BUREAU and not (facts.uses_bureau and _asked(decision)))
        or (name.startswith("database_") and not (facts.uses_database and _asked(decision)))
        or (name == "sources" and not sources(decision))
    )


def _asked(decision: Record) -> bool:
    """Whether anybody was asked for records: without a consent nobody may be."""
    return not (decision["refusal"] and decision["refusal"]["code"] == "no_consent")


def _statements(pack: RulePack, notice: Notice, facts: Facts, decision: Record) -> list[Statement]:
    found: list[Statement] = []
    by_policy = facts.text("policy_reason", "en") is not None
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


def _lists(decision: Record, card: Card, entries: Sequence[Entry], facts: Facts, language: str) -> Json:
    """Return the reasons of the decision and the key factors of the score: two lists, two baselines."""
    policy = facts.text("policy_reason", language)
    if decision["refusal"]:
        sentence = decision["refusal"]["sentence"]
        texts = [str(sentence.get(language, sentence["en"]))]
        return {"principal_reasons": {"texts": texts, "note": ""}}
    keys = listed(decision, card, entries, ALL_APPLICANTS, language)
    if policy:
        # A denial by a rule gives that rule, and only the component that failed (12 CFR 1002, comments
        # 9(b)(2)-7 and -8).
        reasons = {"texts": [word("text.policy", language, policy_reason=policy)], "baseline": ""}
    else:
        reasons = listed(decision, card, entries, principal_baseline(card), language)
    return {
        name: found | {"note": _note(found, language)}
        for name, found in (("principal_reasons", reasons), ("key_factors", keys))
    }


def _note(found: Json, language: str) -> str:
    if not found["texts"]:
        return ""
    return word("text.best_note", language) if found["baseline"] == BEST_ATTRIBUTE else ""


def _fields(
    wanted: Sequence[str],
    decision: Record,
    lists: Json,
    pack: RulePack,
    facts: Facts,
    occasion: Occasion,
    language: str,
    notice: Notice,
) -> Json:
    held = _of_decision(decision, lists, occasion, language)
    if occasion.furnisher_id:
        day = occasion.letter_date or day_of(decision)
        name, items = adverse_items(decision, occasion.furnisher_id, language, pack=pack, on=day)
        held |= {"furnisher_name": name, "adverse_items": items}
    fields: Json = {}
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
    return {name: value for name, value in fields.items() if value is not None and value != ""}


def _of_decision(decision: Record, lists: Json, occasion: Occasion, language: str) -> Json:
    held: Json = {
        "letter_date": (occasion.letter_date or occasion.decided or day_of(decision)).isoformat(),
        "principal_reasons": lists["principal_reasons"]["texts"] or [word("text.none", language)],
        "explanation": explanation(decision, language),
        "sources": sources(decision),
    }
    if decision["refusal"]:
        return held | {"criteria": held["explanation"]}
    if 0 < len(occasion.distribution) < LEAST_BARS:
        msg = f"The distribution has {len(occasion.distribution)} bars; a letter shows {LEAST_BARS} or more."
        raise NoticeError(msg)
    return held | {
        "score": int(decision["score"]),
        "score_low": int(decision["low"]),
        "score_high": int(decision["high"]),
        "score_date": (occasion.decided or day_of(decision)).isoformat(),
        "key_factors": lists["key_factors"]["texts"] or [word("text.none", language)],
        "criteria": word("text.criteria", language, count=len(decision["parts"])),
        "score_distribution": [list(bar) for bar in occasion.distribution] or None,
    }


def _of_pack(name: str, pack: RulePack) -> str | None:
    """Return whom the pack itself names for a field, where it names somebody that can be reached."""
    if name not in _ROLE_OF:
        return None
    named = (_reached(one) for one in pack.contacts(_ROLE_OF[name]))
    return next((text for text in named if text), None)


def _reached(one: Contact) -> str:
    """Return a contact and how to reach it; empty where the pack leaves that to the lender."""
    return "" if _LEFT_TO_OPERATOR in one.details.lower() else f"{one.name}, {one.details}"


def _require(required: Sequence[str], fields: Mapping[str, Any], pack: RulePack, notice_id: str) -> None:
    if missing := [name for name in required if name not in fields]:
        listed_ = "; ".join(f"{name} ({NOTICE_FIELDS[name]})" for name in missing)
        msg = (
            f"Letter {notice_id!r} of rule pack {pack.id!r} requires {listed_}. Add it to the lender's "
            "facts, or give it with the letter."
        )
        raise MissingFieldError(msg)


def _filled(one: Statement, fields: Mapping[str, Any], language: str) -> str:
    if missing := [name for name in one.placeholders if name not in fields]:
        says = "; ".join(f"{name} ({NOTICE_FIELDS.get(name, 'a fact')})" for name in missing)
        msg = f"The words {one.id!r} of the letter need {says}. Add it to the lender's facts."
        raise MissingFieldError(msg)
    values = {
        name: shown(name, value, language) for name, value in fields.items() if name in one.placeholders
    }
    text = one.in_language(language)
    for name, value in values.items():
        if f"{{{name}}}." in text or f"{{{name}}}。" in text:
            values[name] = value.rstrip(".。")
    return text.format(**values)


def _ended(text: str, language: str) -> str:
    """Return a text with a full stop, where the lender wrote none."""
    return (
        text
        if text.endswith((".", "!", "?", "。", "！", "？"))
        else text + ("。" if language == "zh" else ".")
    )


def shown(name: str, value: Any, language: str) -> str:
    """Return a field's value as a letter writes it within a sentence."""
    if isinstance(value, list):
        return ("；" if language == "zh" else "; ").join(map(str, value))
    if name.endswith("_date") or name == "offer_until":
        try:
            return DayOf(date.fromisoformat(str(value)))(language)
        except ValueError:
            return str(value)
    return str(value)


def _contacts(pack: RulePack, notice: Notice, facts: Facts, language: str) -> list[Json]:
    found: list[Json] = []
    for role in notice.contacts:
        own = facts.text(role, language) if role in NOTICE_FIELDS else None
        agency = facts.text("agency_name", language) if role == "regulator" else None
        if own or agency:
            address = facts.text("agency_address", language) if agency else None
            text = own or ", ".join(part for part in (agency, address) if part)
            found.append({"role": role, "heading": word(f"contact.{role}", language), "text": text})
            continue
        found += [
            {
                "role": role,
                "heading": word(f"contact.{role}", language),
                "text": f"{one.name}, {one.details}"
                if _LEFT_TO_OPERATOR not in one.details.lower()
                else one.name,
            }
            for one in pack.contacts(role)
        ]
    return found


def _appeal(pack: RulePack, facts: Facts, language: str) -> str:
    contact = facts.text("appeal_contact", language) or word("text.appeal_default", language)
    text = word("text.appeal", language, appeal_contact=_ended(contact, language))
    try:
        term = pack.deadline("appeal.answer")
    except UnknownRuleError:
        return text
    unit = word(f"{'unit_one' if term.value == 1 else 'unit'}.{term.unit}", language)
    gap = "" if language == "zh" else " "
    return text + gap + word("text.appeal_term", language, value=term.value, unit=unit)


def _send_by(pack: RulePack, notice_id: str, occasion: Occasion, day: date) -> Json | None:
    """Return by when the letter must go out, where the pack sets a term and its start is known."""
    if occasion.started is None:
        return None
    try:
        term = pack.deadline(TERMS.get(notice_id, notice_id))
    except UnknownRuleError:
        return None
    due = term.due(occasion.started)
    return {"due": due.isoformat(), "late": day > due, "rule": term.id, "source": term.source}
