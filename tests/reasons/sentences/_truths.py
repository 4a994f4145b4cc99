"""What catalogue sentences say happened, against the months that the record keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from plainscore.characteristics import catalogue

from ._checks import Again

Row = Mapping[str, Any]
ENTRIES = {entry.id: entry for entry in catalogue()}


def happened(record: Any) -> list[tuple[int, Row]]:
    """Return each month in force with how many months before as-of it lies."""
    as_of = date.fromisoformat(record["case"]["as_of"])
    months = []
    for row in record["inputs"]["statements"]:
        at = date.fromisoformat(row["month"])
        months.append(((as_of.year - at.year) * 12 + as_of.month - at.month, row))
    return months


def _late(row: Row) -> bool:
    return (row.get("arrears") or 0) >= 2 or row.get("event") is not None


def _delayed(row: Row) -> bool:
    return (row.get("arrears") or 0) >= 1


def _short(row: Row) -> bool:
    return row.get("paid") is not None and row.get("due") is not None and row["paid"] < row["due"]


NEEDS: Mapping[str, Callable[[int, Row], bool]] = {
    "worst_6": lambda k, row: k < 6 and _delayed(row),
    "worst_24": lambda k, row: 6 <= k < 24 and _delayed(row),
    "slips_12": lambda k, row: k < 12 and _delayed(row),
    "late_n24": lambda k, row: k < 24 and _late(row),
    "late_accounts": lambda k, row: k < 24 and _late(row),
    "since_slip": lambda k, row: _delayed(row),
    "since_late": lambda k, row: _late(row),
    "since_serious": lambda k, row: (row.get("arrears") or 0) >= 4 or row.get("event") is not None,
    "paid_share": lambda k, row: k < 6 and _short(row),
    "full_12": lambda k, row: k < 12 and 10 * (row.get("balance") or 0) >= 9 * (row.get("credit_limit") or 1),
}
"""What some month must show for the catalogue's reason to be true of anybody."""

RULES_OUT: Mapping[str, Callable[[int, Row], bool]] = {
    name: NEEDS[name] for name in ("worst_6", "worst_24", "paid_share")
}
"""What no month may show for the catalogue's favourable sentence to be true."""


PARTLY = {"disputed", "too_old", "arrangement", "after_closure"}
"""Reasons for which a month stays in the record and counts in part or not at all."""


def truth_faults(again: Again) -> Iterator[str]:
    """Look for a month that shows a reason of the catalogue, and for one that speaks against a merit."""
    months = happened(again.record)
    set_aside = {one["reason"] for one in again.record["coverage"]["excluded"]} & PARTLY
    for reason in again.record["reasons"]:
        name, text = reason["id"], reason["text"]["en"]
        shown = any(NEEDS[name](k, row) for k, row in months) if name in NEEDS else True
        if text == ENTRIES[name].reason["en"] and not shown:
            yield f"{name}: no month shows {text!r}"
    for one in again.record["favourable"]:
        name, text = one["id"], one["text"]["en"]
        against = name in RULES_OUT and any(RULES_OUT[name](k, row) for k, row in months)
        if text == ENTRIES[name].good["en"] and against and not set_aside:
            yield f"{name}: a month speaks against {text!r}"


def coverage_faults(again: Again) -> Iterator[str]:
    """Count accounts, kinds, first and last month, and months known, in the record's own rows."""
    held, inputs = again.record["coverage"], again.record["inputs"]
    if held["accounts"] != len(inputs["accounts"]):
        yield f"{held['accounts']} accounts said, {len(inputs['accounts'])} kept"
    if set(held["kinds"]) != {row["kind"] for row in inputs["accounts"]}:
        yield f"kinds {held['kinds']}"
    months = sorted(row["month"] for row in inputs["statements"])
    if months and (held["first_month"], held["last_month"]) != (months[0], months[-1]):
        yield f"months from {held['first_month']} to {held['last_month']}"
    known = sum(
        row.get("arrears") is not None or row.get("event") is not None for row in inputs["statements"]
    )
    partly = sum(one["rows"] for one in held["excluded"] if one["reason"] in PARTLY)
    if not known - partly <= held["months"] <= known:
        yield f"{held['months']} known months said, {known} kept"


def consent_faults(again: Again) -> Iterator[str]:
    """Every month that was used has a consent of the record that covers it; no exclusion is of no rows."""
    record = again.record
    accounts = {row["account_id"]: row["furnisher_id"] for row in record["inputs"]["accounts"]}
    terms = record["inputs"]["consents"]
    shown = {one["consent_id"] for one in record["consents"]}
    for row in record["inputs"]["statements"]:
        if not any(
            one["consent_id"] in shown
            and one.get("account_id") in (None, row["account_id"])
            and one.get("furnisher_id") in (None, accounts[row["account_id"]])
            and (one.get("data_from") or row["month"]) <= row["month"] <= (one.get("data_to") or row["month"])
            for one in terms
        ):
            yield f"no shown consent covers {row['month']}"
            return
    if any(one["rows"] < 1 for one in record["coverage"]["excluded"]):
        yield "an exclusion of no rows is listed"
