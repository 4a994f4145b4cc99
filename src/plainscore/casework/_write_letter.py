"""A letter written from a kept decision and its outcome, with the lender's facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from plainscore.casework._as_of import day_there
from plainscore.casework._desk import Desk
from plainscore.casework._outcome_types import COUNTEROFFER, REFUSED, SAYS_NO, OutcomeRecord
from plainscore.decisions import DecisionRecord, moment_of
from plainscore.notices import (
    LEAST_BARS,
    Facts,
    InLogRecord,
    LetterRecord,
    NoticeError,
    Occasion,
    Text,
    UnrecordedRefusalError,
    read_facts,
    says_no,
    write_notice,
)
from plainscore.rules import Notice, RulePack, load_pack

DENIALS: Final = ("notice.adverse_action", "notice.rejection", "notice.refusal")
"""Letters of refusal: the first of them that a pack has is written where no other is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWish:
    """What letter to write.

    Attributes
    ----------
    notice_id : str
        As ``notice.adverse_action``, with or without ``notice.``; empty for the pack's letter of refusal.
    pack_id : str
        The pack whose letter it is; the decision's own where empty.
    language : str
        Language of the letter.
    facts : mapping of str to text
        Facts of this application, over those of the lender.
    day : datetime.date, optional
        Day of the letter; where absent the day of the outcome that it tells of, and for another letter the
        day of the decision, in the lender's time zone.
    started : datetime.date, optional
        Day that starts the term for sending it; that of the application where the outcome names one.
    furnisher_id : str
        For a notice of adverse data: whose records.
    """

    notice_id: str = ""
    pack_id: str = ""
    language: str = "en"
    facts: Mapping[str, Text]
    day: date | None = None
    started: date | None = None
    furnisher_id: str = ""


def letter_about(
    desk: Desk,
    decision: DecisionRecord,
    wish: LetterWish,
    outcome: OutcomeRecord | None,
    *,
    standing: InLogRecord | None = None,
) -> LetterRecord:
    """Write a letter about a decision and what became of its application, kept or not.

    Parameters
    ----------
    desk : Desk
        Where it is written.
    decision : DecisionRecord
        The decision.
    wish : LetterWish
        Which letter, in which language, with which facts.
    outcome : OutcomeRecord or None
        What became of the application so far.
    standing : InLogRecord, optional
        Where the decision stands in the log, where it is kept.

    Raises
    ------
    plainscore.notices.NoticeError
        When the letter cannot be written as asked; a letter of refusal where no refusal is recorded.
    """
    facts = read_facts(desk.workspace.model / "lender.toml").with_texts(_facts(wish, outcome))
    zone = _zone(facts)
    decided = _day(decision, zone)
    settled = None if outcome is None else date.fromisoformat(outcome["on"])
    pack_id = wish.pack_id or decision["case"]["pack"]
    latest = wish.day or max(decided, settled or decided)
    notice_id = _notice_id(wish.notice_id, load_pack(pack_id, on=latest))
    tells_of = _told_outcome(notice_id, decision, outcome)
    day = latest if tells_of else wish.day or decided
    pack = load_pack(pack_id, on=day)
    started = _started(wish, outcome)
    _check_days(decided, day, started)
    card = desk.card(decision["card_id"])
    shape = _distribution(desk, decision)
    if not (shape or decision["refusal"]):
        _check_without_shape(pack, notice_id)
    return write_notice(
        decision,
        card,
        pack,
        notice_id,
        facts,
        desk.entries,
        occasion=Occasion(
            letter_date=day,
            decided=decided,
            started=started,
            furnisher_id=wish.furnisher_id,
            distribution=shape,
            below=None if decision["refusal"] or not shape else _below(shape, int(decision["score"])),
            refused_by=tells_of["decided_by"] if tells_of else "",
            refused_on=date.fromisoformat(tells_of["on"]) if tells_of else None,
            cut_off=_cut_off(desk, decision) if says_no(notice_id) else None,
            demonstration=tuple(desk.workspace.demonstrates(card)),
            in_log=standing,
        ),
        language=wish.language,
    )


def _facts(wish: LetterWish, outcome: OutcomeRecord | None) -> dict[str, Text]:
    """Return the facts of an application: those that were given, and the policy that was recorded."""
    if outcome is None or outcome["policy"] is None:
        return dict(wish.facts)
    if "policy_reason" in wish.facts and wish.facts["policy_reason"] != outcome["policy"]:
        msg = "The outcome names the rule of policy that decided. Leave policy_reason out of the letter."
        raise NoticeError(msg)
    return {**wish.facts, "policy_reason": outcome["policy"]}


def _told_outcome(
    notice_id: str, decision: DecisionRecord, outcome: OutcomeRecord | None
) -> OutcomeRecord | None:
    """Return the outcome that a letter tells of; None for a letter that says no to nothing."""
    if not says_no(notice_id):
        return None
    wanted = COUNTEROFFER if notice_id == "notice.counteroffer" else REFUSED
    if outcome is None or outcome["outcome"] not in SAYS_NO:
        so_far = "no outcome is recorded" if outcome is None else f"it is {outcome['outcome']}"
        msg = (
            f"Letter {notice_id!r} says no to an application, and of decision {decision['id'][:12]} "
            f"{so_far}: a score refuses nobody. Record the outcome first, with `plainscore outcome`."
        )
        raise UnrecordedRefusalError(msg)
    if outcome["outcome"] != wanted:
        msg = (
            f"Letter {notice_id!r} tells of an application that is {wanted}, and this one is "
            f"{outcome['outcome']}. Write the letter of that."
        )
        raise NoticeError(msg)
    return outcome


def _started(wish: LetterWish, outcome: OutcomeRecord | None) -> date | None:
    """Return the day that terms run from: that of the application, as it was recorded."""
    applied = outcome["applied_on"] if outcome else None
    if applied is None:
        return wish.started
    if wish.started is not None and wish.started.isoformat() != applied:
        msg = (
            f"The outcome says that the application is of {applied}, and the letter of {wish.started}. "
            "Leave the day out: terms run from the application."
        )
        raise NoticeError(msg)
    return date.fromisoformat(applied)


def _check_days(decided: date, day: date, started: date | None) -> None:
    """Refuse a letter from before its decision, and a decision from before its application."""
    if day < decided:
        msg = (
            f"The letter is dated {day}, before its decision of {decided}. Give the day on which it goes out."
        )
        raise NoticeError(msg)
    if started is not None and started > decided:
        msg = (
            f"The term begins on {started}, after the decision of {decided}. Give the day of the application."
        )
        raise NoticeError(msg)


def _cut_off(desk: Desk, decision: DecisionRecord) -> int | None:
    """Return the lowest score that passes; None where the recipe names none, or is of another card."""
    if decision["card_id"] != desk.workspace.card.id:
        return None
    return desk.workspace.terms.cut_off


def decided_on(desk: Desk, decision: DecisionRecord) -> date:
    """Return the day of a decision, in the lender's time zone."""
    return _day(decision, _zone(read_facts(desk.workspace.model / "lender.toml")))


def letter_ids(pack_id: str, on: date) -> list[str]:
    """Return the letters that a pack has on a day."""
    return [rule.id for rule in load_pack(pack_id, on=on).rules if isinstance(rule, Notice)]


def _notice_id(wanted: str, pack: RulePack) -> str:
    held = {rule.id for rule in pack.rules if isinstance(rule, Notice)}
    name = wanted or next((one for one in DENIALS if one in held), "")
    if not name:
        msg = f"Rule pack {pack.id!r} has no letter of refusal that is known here. Name one with --letter."
        raise NoticeError(msg)
    return name if name.startswith("notice.") else f"notice.{name}"


def _zone(facts: Facts) -> str:
    return facts.text("time_zone", "en") or "UTC"


def _day(decision: DecisionRecord, zone: str) -> date:
    """Return the day of a decision where the lender is."""
    return day_there(moment_of(decision["made_at"]), zone)


def _check_without_shape(pack: RulePack, notice_id: str) -> None:
    """Refuse a letter that shows how others score where nothing is published of the decision's card."""
    if "score_distribution" in pack.notice(notice_id).fields:
        msg = (
            f"Letter {notice_id!r} shows how other people score, and reports/validation.json says that of "
            "another card than the decision's, or of none. Decide again under the published card."
        )
        raise NoticeError(msg)


def _distribution(desk: Desk, decision: DecisionRecord) -> tuple[tuple[int, int, float], ...]:
    """Return the published shares of people by score, ends that hold nobody left out.

    None where what is published is of another card: its scores are not those of the decision.
    """
    published = desk.workspace.published_validation()
    held = published.get("distribution")
    if not held or published.get("card_id") != decision["card_id"]:
        return ()
    edges, shares = held["edges"], [float(share) for share in held["samples"][0]["shares"]]
    bars = [(low, high - 1, share) for low, high, share in zip(edges, edges[1:], shares, strict=False)]
    while len(bars) > LEAST_BARS and bars[-1][2] == 0:
        bars.pop()
    while len(bars) > LEAST_BARS and bars[0][2] == 0:
        bars.pop(0)
    low, high = int(decision["low"]), int(decision["high"])
    bars = [(first, last, share) for first, last, share in bars if last >= low and first <= high]
    bars[0] = (low, *bars[0][1:])
    bars[-1] = (bars[-1][0], high, bars[-1][2])
    return tuple(bars)


def _below(bars: tuple[tuple[int, int, float], ...], score: int) -> float:
    """Return the share of people in bars that end below a score."""
    return sum(share for _, last, share in bars if last < score)
