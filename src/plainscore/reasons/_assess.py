"""One person's score with everything that explains it: the content of a decision record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from plainscore.characteristics import NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.consent import GrantRow
from plainscore.coverage import REFUSALS
from plainscore.decisions import (
    DECISION_SCHEMA,
    BaselineRecord,
    ConsentRecord,
    DecisionContent,
    GainRecord,
    PartRecord,
    PdRecord,
    ReasonRecord,
    StoredInputs,
    stored_text,
)
from plainscore.history import EXCLUSIONS, VIEWS, Case, ExcludedRow, History, cases_table
from plainscore.language import Words
from plainscore.ledger import Ledger
from plainscore.reasons._claims import (
    best_state,
    earns_more_above,
    earns_more_below,
    good_holds,
    is_state,
    reason_holds,
)
from plainscore.reasons._evidence_records import day_text, evidence_record, moment_text
from plainscore.reasons._factors import (
    BEST_ATTRIBUTE,
    Factor,
    Reason,
    factors,
    favourable_factors,
)
from plainscore.reasons._part_shares import Shares, shares_of
from plainscore.reasons._person import Person, person_of
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
from plainscore.reasons._record_evidence import Evidence, Weighing
from plainscore.reasons._told import told_of
from plainscore.scorecard import ALL_APPLICANTS, Card, shared_cells
from plainscore.scoring import Scored, card_entries, score_cases

if TYPE_CHECKING:
    from plainscore.validation import Calibration


def assess(
    ledger: Ledger,
    history: History,
    card: Card,
    case: Case,
    entries: Sequence[Entry],
    *,
    baseline: str = ALL_APPLICANTS,
    calibration: Calibration | None = None,
    possible: Possible | None = None,
) -> DecisionContent:
    """Score one person and explain the score down to the records.

    Parameters
    ----------
    ledger, history
        The ledger, and the same opened.
    card : Card
        The card.
    case : Case
        Whom, for whom, as of when.
    entries : sequence of Entry
        Definitions, at least those of the card.
    baseline : str
        Which of the card's baselines the reasons are measured against, or `BEST_ATTRIBUTE`. Where no
        factor lost a point or more against it, the reasons are measured against the best attributes, and
        the record says so.
    calibration : Calibration, optional
        Score to PD; by the card's scale otherwise.
    possible : mapping of str to frozenset of str, optional
        Characteristic to the labels of its attributes that development cases had. Best, worst and range of
        the record, and what its sentences call possible, are over these and the person's own. Where absent,
        over every attribute of the card.

    Returns
    -------
    DecisionContent
        A decision record without id and moment: integers, strings, None, lists and dicts only.

    References
    ----------
    12 CFR 1002.9(b)(2) and comment 9(b)(2)-5; CJEU C-203/22, paragraphs 58 to 62.
    """
    batch = cases_table([case])
    scored = score_cases(history, card, batch, entries)
    seen = history.months(scored.cases)
    person = person_of(ledger, case, seen)
    record = _frame(card, case, scored, history, person, possible or {})
    told = told_of(card, scored, entries, baseline=baseline, possible=possible)[0]
    if told is None:
        refusal = scored.coverage["refusal"][0].as_py()
        reason = REFUSALS[refusal]
        record["refusal"] = {"code": refusal, "sentence": dict(reason.sentence), "route": dict(reason.route)}
        return record
    used = card_entries(card, entries)
    by_id = {entry.id: entry for entry in used}
    values = {entry.id: scored.values[entry.id][0].as_py() for entry in used}
    found = factors(card, values, baseline=baseline, possible=possible)
    score = int(scored.scores[0])
    low, high = possible_range(card, possible or {}, {f.characteristic.id: f.attribute for f in found})
    cells = shared_cells(card, values)
    parts = [
        _part(one, by_id[one.characteristic.id], possible, shares_of(one, by_id, cells)) for one in found
    ]
    weighing = Weighing(history, card, scored.cases, used, values=scored.values)
    evidence = weighing.evidence([by_id[reason.lead.characteristic.id] for reason in told.reasons])
    reasons = [
        _reason(reason, by_id, evidence[reason.lead.characteristic.id], person) for reason in told.reasons
    ]
    return {
        **record,
        "low": low,
        "high": high,
        "score": score,
        **probability(card, score, calibration),
        "base_points": card.base_points,
        "parts": parts,
        "baseline": baseline_record(card, told.baseline, instead_of=baseline),
        "comparison": baseline_record(card, baseline, instead_of=baseline),
        "reasons": reasons,
        "favourable": [_gain(one, by_id[one.characteristic.id]) for one in favourable_factors(found)],
    }


def _frame(
    card: Card, case: Case, scored: Scored, history: History, person: Person, possible: Possible
) -> DecisionContent:
    low, high = possible_range(card, possible)
    row = {name: scored.coverage[name][0].as_py() for name in scored.coverage.column_names}
    excluded: list[ExcludedRow] = history.excluded(scored.cases).to_pylist()
    frame: DecisionContent = {
        "schema": DECISION_SCHEMA,
        "views": VIEWS,
        "card_id": card.id,
        "card_name": card.name,
        "case": {
            "subject_id": case.subject_id,
            "recipient_id": case.recipient_id,
            "purpose": case.purpose,
            "pack": case.pack,
            "as_of": case.as_of.isoformat(),
            "known_at": moment_text(case.known_at),
            "used_at": moment_text(case.used_at),
            "disputed": scored.cases["disputed"][0].as_py(),
        },
        "refusal": None,
        "low": low,
        "high": high,
        "coverage": {
            "accounts": row["accounts"],
            "months": row["months"],
            "kinds": [kind for kind in row["kinds"].split(",") if kind],
            "first_month": day_text(row["first_month"]),
            "last_month": day_text(row["last_month"]),
            "excluded": [
                {"reason": e["reason"], "says": EXCLUSIONS[e["reason"]], "rows": e["rows"]} for e in excluded
            ],
        },
        "consents": [_consent(grant, person) for grant in person.grants],
        "inputs": _inputs(person.tables),
    }
    if case.case_id in scored.readings:
        both = scored.readings[case.case_id]
        frame["dispute"] = {"set_aside": both.set_aside, "as_reported": both.as_reported}
    return frame


def _inputs(tables: Mapping[str, pa.Table]) -> StoredInputs:
    """Return the person's rows as a replay needs them: nulls left out, dates and moments as text."""
    rows = {
        name: [
            {key: stored_text(value) for key, value in row.items() if value is not None}
            for row in table.to_pylist()
        ]
        for name, table in tables.items()
    }
    return cast(StoredInputs, rows)


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


def _consent(grant: GrantRow, person: Person) -> ConsentRecord:
    furnishers = {row["furnisher_id"]: row["name"] for row in person.tables["furnishers"].to_pylist()}
    return {
        "consent_id": grant["consent_id"],
        "purpose": grant["purpose"],
        "recipient_id": grant["recipient_id"],
        "basis": grant["basis"],
        "valid_from": moment_text(grant["starts"]),
        "valid_to": None if grant["ends"] is None else moment_text(grant["ends"]),
        "furnisher": furnishers.get(grant["furnisher_id"]),
        "data_from": day_text(grant["data_from"]),
        "data_to": day_text(grant["data_to"]),
    }
