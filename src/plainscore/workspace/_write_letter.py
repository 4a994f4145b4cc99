"""Letters of a workspace: written from a kept decision, with the lender's facts, and kept in their turn."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from plainscore.decisions import DecisionRecord
from plainscore.notices import (
    LEAST_BARS,
    Facts,
    LetterRecord,
    NoticeError,
    Occasion,
    Text,
    read_facts,
    says_no,
    write_notice,
)
from plainscore.rules import Notice, RulePack, load_pack
from plainscore.workspace._as_of import day_there
from plainscore.workspace._decide import Desk
from plainscore.workspace._is_demonstration import shows_only
from plainscore.workspace._publish import json_bytes
from plainscore.workspace._write_whole import write_together

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
        Day of the letter; where absent the day of the refusal that it tells of, and for another letter the
        day of the decision, in the lender's time zone.
    started : datetime.date, optional
        Day that starts the term for sending it.
    furnisher_id : str
        For a notice of adverse data: whose records.
    refused_by : str
        For a letter of refusal: name or role of who refused. Kept in the letter's record, never printed.
    refused_on : datetime.date, optional
        For a letter of refusal: the day of it, in the lender's time zone.
    """

    notice_id: str = ""
    pack_id: str = ""
    language: str = "en"
    facts: Mapping[str, Text]
    day: date | None = None
    started: date | None = None
    furnisher_id: str = ""
    refused_by: str = ""
    refused_on: date | None = None


def write_letter(desk: Desk, decision_id: str, wish: LetterWish) -> LetterRecord:
    """Write a letter about a kept decision; see ``plainscore.notices.write_notice``.

    Raises
    ------
    plainscore.notices.NoticeError
        When the letter cannot be written as asked.
    """
    decision = desk.decisions.get(decision_id)
    _check_in_force(desk, decision)
    return letter_about(desk, decision, wish)


def letter_about(desk: Desk, decision: DecisionRecord, wish: LetterWish) -> LetterRecord:
    """Write a letter about a decision, kept or not; see `write_letter`.

    Decisions that are kept are not asked about it: the published example stands by itself.
    """
    facts = read_facts(desk.workspace.model / "lender.toml").with_texts(wish.facts)
    zone = _zone(facts)
    decided = _day(decision, zone)
    day = wish.day or max(decided, wish.refused_on or decided)
    _check_days(decided, day, wish.started)
    pack = load_pack(wish.pack_id or decision["case"]["pack"], on=day)
    notice_id = _notice_id(wish.notice_id, pack)
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
            started=wish.started,
            furnisher_id=wish.furnisher_id,
            distribution=shape,
            below=None if decision["refusal"] or not shape else _below(shape, int(decision["score"])),
            refused_by=wish.refused_by,
            refused_on=wish.refused_on,
            cut_off=_cut_off(desk, decision) if says_no(notice_id) else None,
            demonstration=tuple(shows_only(desk.workspace, card)),
        ),
        language=wish.language,
    )


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


def _check_in_force(desk: Desk, decision: DecisionRecord) -> None:
    """Refuse a letter about a decision that an appeal has replaced: its score and reasons hold no more."""
    for one in desk.decisions.all():
        if one["replaces"] == decision["id"]:
            msg = (
                f"Decision {decision['id'][:12]} was replaced by {one['id'][:12]}: its score and "
                "reasons hold no more. Write about that one; letters written before are in data/notices."
            )
            raise NoticeError(msg)


def _cut_off(desk: Desk, decision: DecisionRecord) -> int | None:
    """Return the lowest score that passes; None where the recipe names none, or is of another card."""
    if decision["card_id"] != desk.workspace.card.id:
        return None
    return desk.workspace.recipe.scale.cut_off


def keep_letter(desk: Desk, letter: LetterRecord, page: str) -> str:
    """Keep a letter as it was written; return its id, the SHA-256 of its record and its page."""
    record = json_bytes(letter)
    number = letter_number(record, page.encode())
    folder = desk.workspace.notices
    write_together({folder / f"{number}.json": record, folder / f"{number}.html": page.encode()})
    return number


def letter_number(record: bytes, page: bytes) -> str:
    """Return the id of a letter, from the bytes of its record and of its page."""
    return hashlib.sha256(record + page).hexdigest()


def decided_on(desk: Desk, decision: DecisionRecord) -> date:
    """Return the day of a decision, in the lender's time zone."""
    return _day(decision, _zone(read_facts(desk.workspace.model / "lender.toml")))


def letter_ids(pack_id: str, on: date) -> list[str]:
    """Return the letters that a pack has on a day."""
    return [rule.id for rule in load_pack(pack_id, on=on).rules if isinstance(rule, Notice)]


def _notice_id(said: str, pack: RulePack) -> str:
    held = {rule.id for rule in pack.rules if isinstance(rule, Notice)}
    name = said or next((one for one in DENIALS if one in held), "")
    if not name:
        msg = f"Rule pack {pack.id!r} has no letter of refusal that is known here. Name one with --letter."
        raise NoticeError(msg)
    return name if name.startswith("notice.") else f"notice.{name}"


def _zone(facts: Facts) -> str:
    return facts.text("time_zone", "en") or "UTC"


def _day(decision: DecisionRecord, zone: str) -> date:
    """Return the day of a decision where the lender is."""
    return day_there(datetime.fromisoformat(str(decision["made_at"])), zone)


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
