"""A letter as a record: every field that its rule pack requires, the words it carries, and the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from plainscore.characteristics import Entry
from plainscore.decisions import DecisionRecord
from plainscore.language import LANGUAGES, mark
from plainscore.notices._computed import SHORTEST_CARD, arithmetic, day_of
from plainscore.notices._demonstration import is_research, why_demonstration
from plainscore.notices._errors import NoticeError
from plainscore.notices._facts import MORE_FACTS, Facts
from plainscore.notices._letter_fields import Occasion, fields_of, lists_of, require
from plainscore.notices._letter_types import (
    ContactRecord,
    LetterFields,
    LetterRecord,
    ListsRecord,
    NotesRecord,
    SaidRecord,
    SendByRecord,
    SumRecord,
)
from plainscore.notices._letter_words import word
from plainscore.notices._refusal import check_blame, recorded
from plainscore.notices._statements import aside, ended, filled, statements_of
from plainscore.rules import (
    NOTICE_FIELDS,
    Notice,
    RulePack,
    Statement,
    UnknownRuleError,
    stale_rules,
)
from plainscore.scorecard import Card

SCHEMA: Final = "plainscore/notice/1"

_ABOUT_SCORE: Final = ("notice.score_disclosure", "notice.risk_based_pricing")

_ABOUT_RECORDS: Final = "notice.adverse_data"
"""A furnisher's letter about its records: no score and no sum belong into it."""

TERMS: Final[Mapping[str, str]] = {
    "notice.counteroffer": "notice.adverse_action",
    "notice.right_to_reasons": "notice.adverse_action",
}
"""The term by which a letter goes out, where it is not the letter's namesake: 12 CFR 1002.9(a)(1)(i) gives 30
days for a counteroffer and for a refusal without reasons too. The 90 days of (iv) are for what may follow."""


def write_notice(
    decision: DecisionRecord,
    card: Card,
    pack: RulePack,
    notice_id: str,
    facts: Facts,
    entries: Sequence[Entry],
    *,
    occasion: Occasion | None = None,
    language: str = "en",
) -> LetterRecord:
    """Write a letter from a decision record.

    Nothing is typed again: score, reasons, sum and records are those of the record, and the reasons of a
    denial and the key factors of the score are two lists, each against its own baseline.

    Parameters
    ----------
    decision : DecisionRecord
        The decision.
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
        Day, term, furnisher, distribution; for a letter of refusal, who refused and when.
    language : str
        One in which the pack has every word of the letter; see `letter_languages`.

    Returns
    -------
    LetterRecord
        The letter.

    Raises
    ------
    MissingFieldError
        When something that the pack requires is not there; names all of it.
    UnrecordedRefusalError
        When a letter of refusal does not come with who refused and when.
    NoticeError
        When the language has no words for it, the record and the card do not fit, a characteristic of
        the card is defined no more, the refusal is dated before the decision or after the letter, or the
        score cannot be why the application was refused.
    """
    notice = pack.notice(notice_id)
    _check_language(pack, notice, language)
    _check_kind(notice_id, facts, decision)
    _check_defined(decision, card, entries)
    occasion = occasion or Occasion()
    decided = occasion.decided or day_of(decision)
    day = occasion.letter_date or decided
    refused = recorded(notice_id, occasion.refused_by, occasion.refused_on, decided=decided, day=day)
    statements = statements_of(pack, notice, facts, decision, language)
    required = [name for name in notice.fields if not aside(name, facts, decision)]
    wanted = dict.fromkeys([*required, *(name for one in statements for name in one.placeholders)])
    lists = lists_of(decision, card, entries, facts, language)
    policy, reasons = facts.text("policy_reason", language), lists["principal_reasons"]["texts"]
    check_blame(notice_id, decision, policy, occasion.cut_off, reasons)
    fields = fields_of(list(wanted), decision, lists, pack, facts, occasion, language, notice)
    require(list(wanted), fields, pack, notice_id)
    contacts = _contacts(pack, notice, facts, language)
    sheet = _sheet(notice_id, decision, entries, language)
    demonstration = [*why_demonstration(decision, facts), *occasion.demonstration]
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
        "notes": _notes(lists),
        "statements": [_said(one, fields, language) for one in statements],
        "contacts": contacts,
        "arithmetic": sheet,
        "below": occasion.below,
        "card": _numbers(decision, language),
        "card_id": decision["card_id"],
        "decision_id": decision["id"],
        "records": _records(sheet, facts, language),
        "appeal": _appeal(sheet, pack, facts, language),
        "allowed": word("text.no_network", language),
        "research": word("text.research", language) if is_research(decision) else "",
        "refused": refused,
        "demonstration": bool(demonstration),
        "demonstration_because": demonstration,
        "sent": None,
        "in_log": occasion.in_log,
        "send_by": None if demonstration else _send_by(pack, notice_id, occasion, day),
        "look_at": [*_unreached(contacts), *_doubtful(pack, notice_id, statements, day)],
    }


def _said(one: Statement, fields: LetterFields, language: str) -> SaidRecord:
    return {"id": one.id, "text": filled(one, fields, language), "source": one.source}


def _check_language(pack: RulePack, notice: Notice, language: str) -> None:
    """Refuse a language in which the pack lacks words of the letter, naming those in which it has them."""
    if language not in letter_languages(pack, notice):
        can = ", ".join(letter_languages(pack, notice))
        msg = f"Rule pack {pack.id!r} has no words for {notice.id!r} in {language!r}. It has them in {can}."
        raise NoticeError(msg)


def _notes(lists: ListsRecord) -> NotesRecord:
    notes: NotesRecord = {"principal_reasons": lists["principal_reasons"]["note"]}
    if "key_factors" in lists:
        notes["key_factors"] = lists["key_factors"]["note"]
    return notes


def _sheet(
    notice_id: str, decision: DecisionRecord, entries: Sequence[Entry], language: str
) -> SumRecord | None:
    """Return the sum of a letter about a score; None for every other letter."""
    if decision["refusal"] or notice_id == _ABOUT_RECORDS:
        return None
    return arithmetic(decision, entries, language)


def _numbers(decision: DecisionRecord, language: str) -> str:
    return word(
        "text.card",
        language,
        name=decision["card_name"],
        card=decision["card_id"][:SHORTEST_CARD],
        decision=decision["id"][:SHORTEST_CARD],
    )


def _check_kind(notice_id: str, facts: Facts, decision: DecisionRecord) -> None:
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


def _check_defined(decision: DecisionRecord, card: Card, entries: Sequence[Entry]) -> None:
    """Refuse a card with a characteristic that has no words any more: cards outlive catalogues."""
    if decision["refusal"]:
        return
    held = {entry.id for entry in entries}
    if missing := [one.id for one in card.characteristics if one.id not in held]:
        msg = (
            f"The card of this decision has {', '.join(map(repr, missing))}, of which there is no "
            "definition. Put it back among the workspace's own characteristics."
        )
        raise NoticeError(msg)


def _doubtful(pack: RulePack, notice_id: str, statements: Sequence[Statement], on: date) -> list[str]:
    """Return what to look at before the letter is sent: rules that it rests on and that are in doubt."""
    used = {notice_id, *(one.id for one in statements)}
    versions = tuple(rule for rule in pack.versions if rule.id in used)
    return list(stale_rules(replace(pack, versions=versions), on))


def letter_languages(pack: RulePack, notice: Notice) -> tuple[str, ...]:
    """Return the languages in which the pack has every word of a letter."""
    held = [set(pack.statement(name).languages) for name in notice.statements]
    return tuple(one for one in LANGUAGES if all(one in languages for languages in held))


def _contacts(pack: RulePack, notice: Notice, facts: Facts, language: str) -> list[ContactRecord]:
    found: list[ContactRecord] = []
    for role in notice.contacts:
        own = facts.text(role, language) if role in NOTICE_FIELDS or role in MORE_FACTS else None
        agency = facts.text("agency_name", language) if role == "regulator" else None
        if own or agency:
            address = facts.text("agency_address", language) if agency else None
            text = own or ", ".join(part for part in (agency, address) if part)
            found.append(_contact(role, text, language, reached=True))
            continue
        found += [
            _contact(role, one.in_full or one.name, language, reached=bool(one.in_full))
            for one in pack.contacts(role)
        ]
    return found


def _contact(role: str, text: str, language: str, *, reached: bool) -> ContactRecord:
    return {"role": role, "heading": word(f"contact.{role}", language), "text": text, "reached": reached}


def _unreached(contacts: Sequence[ContactRecord]) -> list[str]:
    """Name the contacts that the letter can only call by what they are: how to reach them is not known."""
    return [
        f"The letter names {one['text']!r} without a way to reach it: give {one['role']!r} in the lender's "
        "facts."
        for one in contacts
        if not one["reached"]
    ]


def _records(sheet: SumRecord | None, facts: Facts, language: str) -> str:
    """Say where the records are seen; of points and a score only where the letter has them."""
    contact = facts.text("records_contact", language) or word("text.records_default", language)
    key = "text.records" if sheet else "text.records_no_score"
    return word(key, language, records_contact=ended(contact, language))


def _appeal(sheet: SumRecord | None, pack: RulePack, facts: Facts, language: str) -> str:
    """Say how to appeal and by when there is an answer; of a sum and a score only where there is one."""
    contact = facts.text("appeal_contact", language) or word("text.appeal_default", language)
    key = "text.appeal" if sheet else "text.appeal_no_score"
    text = word(key, language, appeal_contact=ended(contact, language))
    try:
        term = pack.deadline("appeal.answer")
    except UnknownRuleError:
        return text
    unit = word(f"{'unit_one' if term.value == 1 else 'unit'}.{term.unit}", language)
    return text + mark("gap", language) + word("text.appeal_term", language, value=term.value, unit=unit)


def _send_by(pack: RulePack, notice_id: str, occasion: Occasion, day: date) -> SendByRecord | None:
    """Return by when the letter must go out, where the pack sets a term and its start is known."""
    if occasion.started is None:
        return None
    try:
        term = pack.deadline(TERMS.get(notice_id, notice_id))
    except UnknownRuleError:
        return None
    due = term.due(occasion.started)
    return {"due": due.isoformat(), "late": day > due, "rule": term.id, "source": term.source}
