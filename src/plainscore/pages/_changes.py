"""What differs between the decision before a correction and the one after it, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plainscore.language import LATENESS
from plainscore.pages._language import Language

# What a correction may change in a month that a reader would call the record.
FIELDS = (
    "arrears",
    "event",
    "retracted",
    "arrangement",
    "balance",
    "credit_limit",
    "past_due",
    "paid",
    "due",
    "closed",
)
Record = Mapping[str, Any]


def changes(previous: Record, decision: Record, lang: Language) -> dict[str, Any]:
    """Give what the page says of the difference: the headline, the records and the points that changed."""
    before, after = _score(previous), _score(decision)
    first = decision.get("reconsiders")
    return {
        "before": before,
        "after": after,
        "headline": _headline(before, after, lang),
        "compared": lang.t(_compared(previous, decision)),
        "reconsiders": lang.t("changes.reconsidered", day=lang.day(first["made_at"])) if first else None,
        "records": _records(previous, decision, lang),
        "parts": _parts(previous, decision),
        "previous": previous,
        "reason": decision.get("correction"),
    }


def _compared(previous: Record, decision: Record) -> str:
    """Return the key of the sentence that says what else than the records may differ."""
    if previous.get("card_id") != decision.get("card_id"):
        return "changes.other_card"
    first = decision.get("reconsiders")
    if not first:
        return "changes.later"
    return "changes.same_card" if first["same_rules"] else "changes.mended"


def _score(decision: Record) -> int | None:
    return None if decision.get("refusal") else int(decision["score"])


def _headline(before: int | None, after: int | None, lang: Language) -> str:
    if before is None or after is None:
        key = "changes.now_scored" if before is None else "changes.now_refused"
        return lang.t(key, before=before, after=after) if (before, after) != (None, None) else ""
    if before == after:
        return lang.t("changes.same", after=after)
    key = "changes.up" if after > before else "changes.down"
    return lang.many(key, abs(after - before), before=before, after=after)


def _records(previous: Record, decision: Record, lang: Language) -> list[dict[str, Any]]:
    """Set the account months side by side whose visible content differs.

    Where one of the two is a refusal, months that only the other saw are left out: that the gate is
    closed is the reason given, and a list of everything behind it would bury what was corrected. The gate of
    a reconsideration is that of the decision, so that nothing is left out.
    """
    old, new = _by_month(previous), _by_month(decision)
    refused = not decision.get("reconsiders") and (previous.get("refusal") or decision.get("refusal"))
    names = {**_names(previous, lang), **_names(decision, lang)}
    found = []
    for key in sorted(set(old) | set(new), key=lambda k: (k[1], k[0])):
        before, after = old.get(key), new.get(key)
        if refused and (before is None or after is None):
            continue
        if before is None or after is None or any(before.get(f) != after.get(f) for f in FIELDS):
            found.append(
                {
                    "account": names.get(key[0], key[0]),
                    "month": key[1],
                    "before": reported(before),
                    "after": reported(after),
                }
            )
    return found


def _inputs(decision: Record, table: str) -> Sequence[Record]:
    return (decision.get("inputs") or {}).get(table) or ()


def _by_month(decision: Record) -> dict[tuple[str, str], Record]:
    rows = _inputs(decision, "statements")
    return {(str(row["account_id"]), str(row["month"])[:10]): row for row in rows}


def _names(decision: Record, lang: Language) -> dict[str, str]:
    """Name each account by its kind and who reports it."""
    furnishers = {row["furnisher_id"]: row["name"] for row in _inputs(decision, "furnishers")}
    return {
        str(row["account_id"]): lang.plain("kind", row["kind"])
        + lang.mark("comma")
        + str(furnishers.get(row["furnisher_id"], row["furnisher_id"]))
        for row in _inputs(decision, "accounts")
    }


def reported(row: Record | None) -> str | None:
    """Give the key of the words for what a statement says; None when there is no statement.

    Examples
    --------
    >>> reported({"arrears": 2, "event": None}), reported({"arrears": None}), reported(None)
    ('30-59 days late', 'unknown', None)
    """
    if row is None:
        return None
    if row.get("retracted"):
        return "retracted"
    if row.get("arrangement"):
        return "arrangement"
    if row.get("event"):
        return str(row["event"])
    arrears = row.get("arrears")
    return "unknown" if arrears is None else LATENESS[int(arrears)]


def _parts(previous: Record, decision: Record) -> list[dict[str, Any]]:
    old = {part["id"]: part for part in previous.get("parts") or ()}
    new = {part["id"]: part for part in decision.get("parts") or ()}
    found = []
    for name in [*new, *(n for n in old if n not in new)]:
        before, after = old.get(name), new.get(name)
        one, two = (int(p["points"]) if p else 0 for p in (before, after))
        if before is None or after is None or one != two:
            found.append({"part": after or before, "before": before, "after": after, "change": two - one})
    return found
