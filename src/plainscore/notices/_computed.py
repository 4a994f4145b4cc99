"""What a letter takes from the decision itself: the score, two lists of reasons, the sum, the records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, NamedTuple

from plainscore.characteristics import Entry
from plainscore.decisions import DecisionRecord, PartRecord, StoredStatement
from plainscore.language import counted, in_language, mark, signed_of, status_words
from plainscore.notices._errors import NoticeError
from plainscore.notices._letter_types import LineOfSumRecord, SumRecord
from plainscore.notices._letter_words import word
from plainscore.reasons import possible_of, reasons_against, shared_reasons, told_words, value_words
from plainscore.rules import RulePack, months_after
from plainscore.scorecard import ALL_APPLICANTS, NEAR_CUT_OFF, Card

SHORTEST_CARD: Final = 12
"""Hexadecimal digits of an id that a letter shows."""


class Listed(NamedTuple):
    """Reasons in a language, and what they are measured against."""

    texts: list[str]
    baseline: str


def values_of(decision: DecisionRecord) -> dict[str, float | None]:
    """Return the person's values as the record holds them."""
    return {part["id"]: None if part["value"] is None else float(part["value"]) for part in decision["parts"]}


def listed(
    decision: DecisionRecord, card: Card, entries: Sequence[Entry], baseline: str, language: str
) -> Listed:
    """Return the reasons of a decision against a baseline of its card, worked out from the record.

    Returns
    -------
    Listed
        The sentences; and the baseline, which is the best attribute where the one asked for names no reason.

    Raises
    ------
    NoticeError
        When the card is not the one that made the decision.
    """
    if card.id != decision["card_id"]:
        msg = "The card is not the one that made this decision. Give the card whose id the record names."
        raise NoticeError(msg)
    by_id = {entry.id: entry for entry in entries}
    shared = shared_reasons(by_id[one.id] for one in card.characteristics)
    values = values_of(decision)
    found, measured = reasons_against(
        card, values, baseline=baseline, shared=shared, possible=possible_of(decision)
    )
    leads = [reason.lead for reason in found]
    texts = [in_language(told_words(lead, by_id[lead.characteristic.id]), language) for lead in leads]
    return Listed(texts, measured)


def principal_baseline(card: Card) -> str:
    """Return what the reasons of a denial are measured against: people at or just above the cut-off.

    References
    ----------
    12 CFR 1002 comment 9(b)(2)-5, first method; all applicants, the second, where a card holds no other.
    """
    return NEAR_CUT_OFF if NEAR_CUT_OFF in card.baselines else ALL_APPLICANTS


def arithmetic(decision: DecisionRecord, entries: Sequence[Entry], language: str) -> SumRecord:
    """Return the sum that anyone can check by hand.

    Raises
    ------
    NoticeError
        When the parts do not add up to the score.
    """
    by_id = {entry.id: entry for entry in entries}
    values = values_of(decision)
    lines = [_line(part, by_id[part["id"]], values[part["id"]], language) for part in decision["parts"]]
    total = int(decision["base_points"]) + sum(int(line["points"]) for line in lines)
    if total != int(decision["score"]):
        msg = (
            f"The points of this decision add up to {total}, and its score is {decision['score']}. A letter "
            "is not written from a record that was changed: restore it from a backup."
        )
        raise NoticeError(msg)
    return {"base": int(decision["base_points"]), "lines": lines, "total": total}


def counts_two(decision: DecisionRecord) -> bool:
    """Whether the card of a decision with a score gives points to two things together."""
    return any(part.get("shared") for part in decision["parts"])


def _line(part: PartRecord, entry: Entry, value: float | None, language: str) -> LineOfSumRecord:
    line: LineOfSumRecord = {
        "label": in_language(part["label"], language),
        "value": in_language(value_words(entry, value), language),
        "points": int(part["points"]),
    }
    if part.get("shared"):
        line["shares"] = _shares(part, language)
    return line


def _shares(part: PartRecord, language: str) -> str:
    """Return the sum that a line itself is, where its points are partly those of two things together."""
    said = [word("head.own", language, points=signed_of(part["own"], language))]
    for share in part["shared"]:
        points, cell = (signed_of(count, language) for count in (share["points"], share["cell"]))
        said.append(
            word("head.with", language, other=in_language(share["label"], language), points=points, cell=cell)
        )
    return mark("between", language).join(said)


def _is_adverse(row: StoredStatement) -> bool:
    return bool(row.get("arrears") or row.get("event"))


def _usable(row: StoredStatement, adverse: Collection[tuple[str, str]], pack: RulePack, on: date) -> bool:
    """Whether a record may be used on a day; `adverse` holds account and month of every adverse one."""
    end = date.fromisoformat(row["month"])
    while (row["account_id"], months_after(end, 1).isoformat()) in adverse:
        end = months_after(end, 1)
    return on <= pack.obsolescence(row.get("event") or "late").last_usable(end)


def adverse_items(
    decision: DecisionRecord, furnisher_id: str, language: str, *, pack: RulePack, on: date
) -> tuple[str, list[str]]:
    """Return a furnisher's name, and its adverse records that the decision saw, the newest first.

    Records that are too old to be used on the day of the letter are left out: each counts from the end of
    its run of adverse months, the latest start that any clock of a pack has.

    Raises
    ------
    NoticeError
        When the decision saw no adverse record of that furnisher.
    """
    tables = decision["inputs"]
    names = {row["furnisher_id"]: row["name"] for row in tables["furnishers"]}
    theirs = {row["account_id"] for row in tables["accounts"] if row["furnisher_id"] == furnisher_id}
    found = [row for row in tables["statements"] if row["account_id"] in theirs and _is_adverse(row)]
    adverse = {(row["account_id"], row["month"]) for row in found}
    rows = [row for row in found if _usable(row, adverse, pack, on)]
    rows.sort(key=lambda row: (row["month"], row["account_id"]), reverse=True)
    if not rows:
        known = ", ".join(sorted(names)) or "none"
        msg = (
            f"This decision saw no adverse record of furnisher {furnisher_id!r} that may still be used. The "
            f"furnishers that it saw are {known}."
        )
        raise NoticeError(msg)
    colon = mark("colon", language)
    said = [
        row["month"][:7] + colon + in_language(status_words(row.get("arrears"), row.get("event")), language)
        for row in rows
    ]
    return str(names[furnisher_id]), said


def sources(decision: DecisionRecord) -> str:
    """Return who furnished the records that the decision saw."""
    return ", ".join(sorted(row["name"] for row in decision["inputs"]["furnishers"]))


def day_of(decision: DecisionRecord) -> date:
    """Return the day on which the decision was made."""
    return date.fromisoformat(str(decision["made_at"])[:10])


def explanation(decision: DecisionRecord, language: str) -> str:
    """Return how the decision came about and what can go wrong in it, without a full stop."""
    risks = word("text.risks_no_score" if decision["refusal"] else "text.risks", language)
    return criteria(decision, language) + mark("stop", language) + mark("gap", language) + risks


def criteria(decision: DecisionRecord, language: str) -> str:
    """Return what the decision went by, as a clause."""
    if decision["refusal"]:
        why = in_language(decision["refusal"]["sentence"], language)
        return word("text.explanation_refused", language, why=why[:1].lower() + why[1:].rstrip(".。"))
    count = len(decision["parts"])
    return word(counted("text.explanation", count), language, count=count)
