"""What differs between the decision before a correction and the one after it, and why."""

from __future__ import annotations

from dataclasses import dataclass

from plainscore.decisions import (
    DecisionRecord,
    Difference,
    PartChange,
    ReconsidersRecord,
    StoredStatement,
    difference,
)
from plainscore.language import LATENESS, Words
from plainscore.pages._language import Language
from plainscore.scoring import ScoreChange


@dataclass(frozen=True, slots=True)
class MonthChange:
    """A month of an account whose visible content differs, with the keys of the words for both."""

    account: str
    month: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """What a page says of the difference between two decisions."""

    before: int | None
    after: int | None
    headline: str
    compared: str
    reconsiders: str | None
    records: list[MonthChange]
    parts: list[PartChange]
    previous: DecisionRecord
    reason: Words | None


def before_and_after(previous: DecisionRecord, decision: DecisionRecord, lang: Language) -> BeforeAfter:
    """Give what the page says of the difference: the headline, the records and the points that changed."""
    change = difference(previous, decision)
    first = decision.get("reconsiders")
    return BeforeAfter(
        before=change.score.before,
        after=change.score.after,
        headline=_headline(change.score, lang),
        compared=lang.t(_compared(change, first)),
        reconsiders=lang.t("changes.reconsidered", day=lang.day(first["made_at"])) if first else None,
        records=_records(change, previous, decision, lang),
        parts=[part for part in change.parts if not part.in_both or part.points],
        previous=previous,
        reason=decision.get("correction"),
    )


def _compared(change: Difference, first: ReconsidersRecord | None) -> str:
    """Return the key of the sentence that says what else than the records may differ."""
    if not change.same_card:
        return "changes.other_card"
    if not first:
        return "changes.later"
    return "changes.same_card" if first["same_rules"] else "changes.mended"


def _headline(score: ScoreChange, lang: Language) -> str:
    before, after = score.before, score.after
    if score.points is None:
        key = "changes.now_scored" if before is None else "changes.now_refused"
        return lang.t(key, before=before, after=after) if (before, after) != (None, None) else ""
    if score.points == 0:
        return lang.t("changes.same", after=after)
    key = "changes.up" if score.points > 0 else "changes.down"
    return lang.many(key, abs(score.points), before=before, after=after)


def _records(
    change: Difference, previous: DecisionRecord, decision: DecisionRecord, lang: Language
) -> list[MonthChange]:
    """Set the account months side by side whose visible content differs.

    Where one of the two is a refusal, months that only the other saw are left out: that the gate is
    closed is the reason given, and a list of everything behind it would bury what was corrected. The gate of
    a reconsideration is that of the decision, so that nothing is left out.
    """
    refused = not decision.get("reconsiders") and (change.refusal_before or change.refusal_after)
    names = {**_names(previous, lang), **_names(decision, lang)}
    found = []
    for one in sorted(change.records, key=lambda one: (one.month, one.account_id)):
        if refused and (one.before is None or one.after is None):
            continue
        if one.says_otherwise:
            found.append(
                MonthChange(
                    account=names.get(one.account_id, one.account_id),
                    month=one.month,
                    before=reported(one.before),
                    after=reported(one.after),
                )
            )
    return found


def _names(decision: DecisionRecord, lang: Language) -> dict[str, str]:
    """Name each account by its kind and who reports it."""
    furnishers = {row["furnisher_id"]: row["name"] for row in decision["inputs"]["furnishers"]}
    return {
        row["account_id"]: lang.plain("kind", row["kind"])
        + lang.mark("comma")
        + furnishers.get(row["furnisher_id"], row["furnisher_id"])
        for row in decision["inputs"]["accounts"]
    }


def reported(row: StoredStatement | None) -> str | None:
    """Give the key of the words for what a statement says; None when there is no statement.

    Examples
    --------
    >>> reported({"arrears": 2, "retracted": False}), reported({"retracted": True}), reported(None)
    ('30-59 days late', 'retracted', None)
    """
    if row is None:
        return None
    if row["retracted"]:
        return "retracted"
    if row.get("arrangement"):
        return "arrangement"
    if row.get("event"):
        return row["event"]
    arrears = row.get("arrears")
    return "unknown" if arrears is None else LATENESS[arrears]
