"""What the record of a decision says of a score: its parts, its reasons and what speaks for the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from plainscore.characteristics import NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.decisions import (
    BaselineRecord,
    DecisionContent,
    GainRecord,
    PartRecord,
    PdRecord,
    ReasonRecord,
)
from plainscore.language import Words
from plainscore.reasons._claims import (
    best_state,
    earns_more_above,
    earns_more_below,
    good_holds,
    is_state,
    reason_holds,
)
from plainscore.reasons._evidence_records import evidence_record
from plainscore.reasons._factors import (
    BEST_ATTRIBUTE,
    Factor,
    Reason,
    factors,
    favourable_factors,
)
from plainscore.reasons._part_shares import Shares, shares_of
from plainscore.reasons._person import Person
from plainscore.reasons._possible import Possible, possible_range
from plainscore.reasons._reason_words import (
    EARNS,
    HIGHER,
    LOWER,
    OTHER,
    action_words,
    attribute_words,
    label_words,
    only_state_words,
    reason_words,
    stated_words,
    value_words,
)
from plainscore.reasons._record_evidence import Evidence
from plainscore.reasons._told import Told
from plainscore.scorecard import Card, shared_cells

if TYPE_CHECKING:
    from plainscore.validation import Calibration


@dataclass(frozen=True)
class Explaining:
    """What a score is explained with: the same for everybody of a batch."""

    card: Card
    used: Sequence[Entry]
    baseline: str
    calibration: Calibration | None
    possible: Possible

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """The definitions by id."""
        return {entry.id: entry for entry in self.used}

    def with_score(
        self,
        frame: DecisionContent,
        score: int,
        values: Mapping[str, float | None],
        told: Told,
        evidence: Mapping[str, Evidence],
        person: Person,
    ) -> DecisionContent:
        """Return the record of a case with its score, and with all that explains it."""
        card, by_id = self.card, self.by_id
        found = factors(card, values, baseline=self.baseline, possible=self.possible)
        low, high = possible_range(card, self.possible, {f.characteristic.id: f.attribute for f in found})
        cells = shared_cells(card, values)
        parts = [
            _part(one, by_id[one.characteristic.id], self.possible, shares_of(one, by_id, cells))
            for one in found
        ]
        reasons = [
            _reason(reason, by_id, evidence[reason.lead.characteristic.id], person) for reason in told.reasons
        ]
        return {
            **frame,
            "low": low,
            "high": high,
            "score": score,
            **probability(card, score, self.calibration),
            "base_points": card.base_points,
            "parts": parts,
            "baseline": baseline_record(card, told.baseline, instead_of=self.baseline),
            "comparison": baseline_record(card, self.baseline, instead_of=self.baseline),
            "reasons": reasons,
            "favourable": [_gain(one, by_id[one.characteristic.id]) for one in favourable_factors(found)],
        }


def probability(card: Card, score: int, calibration: Calibration | None) -> PdRecord:
    """Return the PD of a score as a record holds it: by the calibration, or by the card's scale.

    Returns
    -------
    PdRecord
        ``pd``, a text; ``calibration``, what it stands on; and from a calibration ``pd_low`` and ``pd_high``.
    """
    if calibration is None:
        return {"pd": f"{float(card.pd(score)):.4f}", "calibration": "the card's scale"}
    middle, low, high = calibration.pd_text(score)
    return {"pd": middle, "pd_low": low, "pd_high": high, "calibration": calibration_text(calibration)}


def calibration_text(calibration: Calibration) -> str:
    """Return what a record says that a probability stands on."""
    return f"{calibration.population}, {calibration.date}"


def _part(factor: Factor, entry: Entry, possible: Possible | None, shares: Shares | None) -> PartRecord:
    one = factor.characteristic
    part: PartRecord = {
        "id": one.id,
        "family": one.family,
        "label": label_words(entry),
        "value": _number(factor.value),
        "value_text": value_words(entry, factor.value),
        "attribute": factor.attribute,
        "attribute_text": _attribute_text(factor, entry),
        "points": factor.points,
        "best": factor.best,
        "worst": factor.worst,
        "baseline": f"{float(factor.typical):.1f}",
    }
    if one.id in (possible or {}):
        part["possible"] = [each.label for each in factor.possible]
    if shares is not None:
        part["own"], part["shared"] = shares.own, shares.shared
    return part


def _attribute_text(factor: Factor, entry: Entry) -> Words:
    found = next(one for one in factor.characteristic.attributes if one.label == factor.attribute)
    return attribute_words(entry, found)


def _number(value: float | None) -> str | None:
    """Return a value as text that reads back to the same float: a record holds no floats."""
    return None if value is None else repr(float(value))


def baseline_record(card: Card, name: str, *, instead_of: str) -> BaselineRecord:
    """Return what points are compared with, and which baseline gave no reason where that is another."""
    if name == BEST_ATTRIBUTE:
        return {"name": name, "instead_of": instead_of} if instead_of != name else {"name": name}
    of = card.baselines[name]
    return {"name": name, "population": of.population, "date": of.date, "count": of.count}


def _reason(reason: Reason, by_id: Mapping[str, Entry], evidence: Evidence, person: Person) -> ReasonRecord:
    factor = reason.lead
    entry = by_id[factor.characteristic.id]
    made = _reason_of(factor, entry, evidence, person) | {"lost": f"{float(reason.lost):.1f}"}
    if len(reason.members) > 1:
        made["members"] = [
            {
                "id": one.characteristic.id,
                "label": label_words(by_id[one.characteristic.id]),
                "value_text": value_words(by_id[one.characteristic.id], one.value),
                "points": one.points,
                "lost": f"{float(one.lost):.1f}",
            }
            for one in reason.members
        ]
    return made


def _reason_of(factor: Factor, entry: Entry, evidence: Evidence, person: Person) -> ReasonRecord:
    return {
        "id": entry.id,
        "label": label_words(entry),
        "family": entry.family,
        "text": told_words(factor, entry),
        "value_text": value_words(entry, factor.value),
        "lost": f"{float(factor.lost):.1f}",
        "points": factor.points,
        "typical": f"{float(factor.typical):.1f}",
        "best": factor.best,
        "action": action_words(entry, factor.value),
        "recourse": bool(set(entry.action) - {"wait"}) and not _unknown(factor.value),
        "evidence": evidence_record(evidence, entry, person),
    }


def _unknown(value: float | None) -> bool:
    return value is None or value in (TOO_FEW, NOT_APPLICABLE)


def told_words(factor: Factor, entry: Entry) -> Words:
    """Return the catalogue's reason where it is true of the person, else the value as it stands."""
    value = factor.value
    if _unknown(value) or reason_holds(entry, factor):
        return reason_words(entry, value)
    return stated_words(entry, value, _closing(factor, entry))


def _closing(factor: Factor, entry: Entry) -> Words:
    """Return which values earn more than the person's: lower, higher, others, or a named state alone."""
    value, can = factor.value, factor.possible
    if value is not None and not is_state(entry, value):
        below, above = (earns(can, factor.points, value) for earns in (earns_more_below, earns_more_above))
        if below != above:
            return LOWER if below else HIGHER
    state = best_state(factor)
    if state is None or any(e.points > factor.points for e in can if e.kind in ("range", "levels")):
        return OTHER
    return only_state_words(attribute_words(entry, state))


def _gain(factor: Factor, entry: Entry) -> GainRecord:
    return {
        "id": entry.id,
        "label": label_words(entry),
        "family": entry.family,
        "text": dict(entry.good) if good_holds(entry, factor) else stated_words(entry, factor.value, EARNS),
        "value_text": value_words(entry, factor.value),
        "gain": f"{float(-factor.lost):.1f}",
        "points": factor.points,
    }
