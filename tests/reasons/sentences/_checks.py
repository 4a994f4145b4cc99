"""What the record says of points, worked out again from the card alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from plainscore.characteristics import catalogue
from plainscore.scorecard import Attribute, CardCharacteristic

from ._people import Told

NEVER, NOTHING, FEW = -9_999_001, -9_999_002, -9_999_003
ENTRIES = {entry.id: entry for entry in catalogue()}
BEST = "best attribute"
COMPARES = {
    "en": r"than (is )?(typical|usual|average|most)|above average",
    "es": r"(de|que) lo habitual|de los habituales|que la media|mayor(ía)? de lo",
    "zh": r"一般水平|一般情况|平均水平|多数人",
}


class Again:
    """The points of one record again: what is possible, what is lost against what, in exact fractions."""

    def __init__(self, told: Told) -> None:
        self.told, self.record = told, told.record
        self.parts = {part["id"]: part for part in self.record["parts"]}
        self.card = {one.id: one for one in told.card.characteristics}
        self.can = {name: self._can(self.card[name], part) for name, part in self.parts.items()}
        self.best = {name: max(e.points for e in held) for name, held in self.can.items()}
        self.worst = {name: min(e.points for e in held) for name, held in self.can.items()}

    def _can(self, one: CardCharacteristic, part: Any) -> list[Attribute]:
        held = self.told.possible.get(one.id)
        return [e for e in one.attributes if held is None or e.label in held or e.label == part["attribute"]]

    def mean(self, name: str, baseline: str) -> Fraction:
        """Return the average points of a characteristic under a baseline."""
        if baseline == BEST:
            return Fraction(self.best[name])
        held = self.told.card.baselines[baseline]
        return Fraction(held.sums[name], held.count)

    def lost(self, name: str, baseline: str) -> Fraction:
        """Return what a part lost against a baseline."""
        return self.mean(name, baseline) - self.parts[name]["points"]

    @property
    def measured(self) -> str:
        """The baseline that the reasons must be measured against."""
        asked = self.told.asked
        losing = any(
            self.lost(name, asked) >= 1 and self.parts[name]["points"] < self.best[name]
            for name in self.parts
        )
        return asked if losing else BEST


def points_faults(again: Again) -> Iterator[str]:
    """Hold sum, range, best, worst, reasons and gains of the record to the card."""
    record, parts = again.record, again.parts
    base = again.told.card.base_points
    if record["score"] != base + sum(part["points"] for part in parts.values()):
        yield "the points do not add up to the score"
    if (record["low"], record["high"]) != (base + sum(again.worst.values()), base + sum(again.best.values())):
        yield f"the range {record['low']} to {record['high']} is not that of possible attributes"
    for name, part in parts.items():
        if (part["worst"], part["best"]) != (again.worst[name], again.best[name]):
            yield f"{name}: worst and best are not over possible attributes"
        if part["baseline"] != f"{float(again.mean(name, again.told.asked)):.1f}":
            yield f"{name}: the average is not that of the baseline"
    yield from _reason_faults(again)
    yield from _gain_faults(again)


def _reason_faults(again: Again) -> Iterator[str]:
    record, measured = again.record, again.measured
    if record["baseline"]["name"] != measured:
        yield f"reasons are measured against {record['baseline']['name']}, not {measured}"
    lost = {name: again.lost(name, measured) for name in again.parts}
    wanted = sorted(
        (name for name in lost if lost[name] >= 1 and again.parts[name]["points"] < again.best[name]),
        key=lambda name: -lost[name],
    )[:4]
    if [reason["id"] for reason in record["reasons"]] != wanted:
        yield f"reasons {[reason['id'] for reason in record['reasons']]}, wanted {wanted}"
    for reason in record["reasons"]:
        if reason["lost"] != f"{float(lost[reason['id']]):.1f}":
            yield f"{reason['id']}: lost {reason['lost']}"
        for language, pattern in COMPARES.items():
            if measured == BEST and re.search(pattern, reason["text"][language]):
                yield f"{reason['id']}: compared with people where people are not the baseline"
        yield from _closing_faults(again, reason)


def _closing_faults(again: Again, reason: Any) -> Iterator[str]:
    """Hold what a reason says of values that earn more to the possible attributes."""
    name, text, part = reason["id"], reason["text"]["en"], again.parts[reason["id"]]
    more = [e for e in again.can[name] if e.points > part["points"]]
    value = float(part["value"]) if part["value"] is not None else None
    ranges = [e for e in more if e.kind == "range"]
    if "Lower values" in text and not any(e.to is not None and e.to <= value for e in ranges):
        yield f"{name}: no lower value earns more"
    if "Higher values" in text and not any(e.from_ is not None and e.from_ > value for e in ranges):
        yield f"{name}: no higher value earns more"
    if "Other values" in text and not ranges:
        yield f"{name}: no other value earns more"
    only = re.search(r'Only "(.+)" earns more points', text)
    if only and (ranges or only[1] not in {e.label for e in more}):
        yield f"{name}: it is not so that only {only[1]} earns more"


def _gain_faults(again: Again) -> Iterator[str]:
    record, asked = again.record, again.told.asked
    gain = {name: -again.lost(name, asked) for name in again.parts}
    wanted = sorted((n for n in gain if gain[n] >= 1 and _parts_people(again, n)), key=lambda n: -gain[n])[:4]
    if [one["id"] for one in record["favourable"]] != wanted:
        yield f"gains {[one['id'] for one in record['favourable']]}, wanted {wanted}"
    for one in record["favourable"]:
        if one["gain"] != f"{float(gain[one['id']]):.1f}":
            yield f"{one['id']}: gained {one['gain']}"


def _parts_people(again: Again, name: str) -> bool:
    known = {
        e.points
        for e in again.can[name]
        if e.kind == "range" or (e.kind == "special" and e.code not in (NOTHING, FEW))
    }
    return len(known) > 1


def value_faults(again: Again) -> Iterator[str]:
    """Hold the English words of every value to the value."""
    for name, part in again.parts.items():
        entry, said = ENTRIES[name], part["value_text"]["en"]
        value = None if part["value"] is None else float(part["value"])
        if value in (NEVER, NOTHING, FEW) or (value == 0 and entry.zero):
            wanted = {NEVER: entry.never, NOTHING: entry.absence, FEW: "too few known months", 0: entry.zero}[
                value
            ]
            if said != wanted:
                yield f"{name}: {said!r} for the state {wanted!r}"
        elif value is not None and entry.unit in ("months", "accounts", "kinds", "times"):
            number, unit = said.split(" ")
            if round(value, 1) != float(number) or unit != (entry.unit if value != 1 else entry.unit[:-1]):
                yield f"{name}: {said!r} for {value}"
        elif value is not None and _is_other_share(entry.unit, said, value):
            yield f"{name}: {said!r} for {value}"


def _is_other_share(unit: str, said: str, value: float) -> bool:
    """Whether a share is said as another than it is, to the nearest percent."""
    if not unit.startswith("share") or said.startswith(("more", "less")):
        return False
    return abs(float(said.rstrip("%")) - 100 * value) > 0.5001


def evidence_faults(again: Again) -> Iterator[str]:
    """Hold the sentence about a reason's records to the rows that stand below it."""
    score = again.record["score"]
    for reason in again.record["reasons"]:
        found, rows = reason["evidence"], reason["evidence"]["records"]
        kind, says = found["kind"], found["says"]["en"]
        without = [row.get("score_without") for row in rows]
        one = len(rows) == 1
        if kind == "statements" and not all(s is not None and s > score for s in without):
            yield f"{reason['id']}: a listed record does not lower the score by itself"
        if kind == "set" and not (len(rows) in (2, 3) and found["score_without_all"] > score):
            yield f"{reason['id']}: the set does not lower the score"
        if kind == "all" and one and without[0] is not None and says.startswith("Taking out one of"):
            yield f"{reason['id']}: plural over one record"
        if kind == "absence" and rows:
            yield f"{reason['id']}: an absence lists records"
        if (
            kind not in ("absence",)
            and bool(re.search(r"these records|your accounts|Each of|one of", says)) == one
        ):
            yield f"{reason['id']}: {says!r} over {len(rows)} rows"
        if kind not in ("dates", "absence") and not found["read"] >= len(rows) > 0:
            yield f"{reason['id']}: {len(rows)} rows of {found['read']} read"
