"""What changed between two decisions, and why: the records, the points they moved, the score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Json:
    """Return what changed from one decision to the next.

    Returns
    -------
    dict
        ``score`` and ``refusal`` before and after (the one None where the other is not), ``parts`` whose
        points moved with both values and points, and ``records``: statements that are new, gone or another
        version. Where both are scored under one card the sum of the parts' changes is the change of the
        score.
    """
    return {
        "card_id": after["card_id"],
        "same_card": before["card_id"] == after["card_id"],
        "score": {"before": before.get("score"), "after": after.get("score")},
        "refusal": {"before": before.get("refusal"), "after": after.get("refusal")},
        "parts": _parts(before, after),
        "records": _records(before, after),
    }


def _parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Json]:
    earlier = {part["id"]: part for part in before.get("parts", [])}
    moved = []
    for part in after.get("parts", []):
        old = earlier.get(part["id"])
        if old is None or (old["points"] == part["points"] and old["value"] == part["value"]):
            continue
        moved.append(
            {
                "id": part["id"],
                "label": part["label"],
                "value_before": old["value_text"],
                "value_after": part["value_text"],
                "points_before": old["points"],
                "points_after": part["points"],
            }
        )
    return moved


def _records(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Json]:
    def rows(record: Mapping[str, Any]) -> dict[tuple[str, str], Json]:
        return {(row["account_id"], row["month"]): row for row in record["inputs"]["statements"]}

    old, new = rows(before), rows(after)
    changed = []
    for key in sorted(old.keys() | new.keys()):
        earlier, later = old.get(key), new.get(key)
        if earlier is not None and later is not None and earlier["statement_id"] == later["statement_id"]:
            continue
        changed.append({"account_id": key[0], "month": key[1], "before": earlier, "after": later})
    return changed
