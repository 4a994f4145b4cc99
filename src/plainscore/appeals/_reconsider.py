"""A decision made again with a record corrected, and nothing else changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from plainscore.appeals._appeal_types import AppealRecord
from plainscore.appeals._correction import corrected, wanted_of
from plainscore.appeals._standing import settled_at
from plainscore.characteristics import Entry
from plainscore.decisions import (
    DecisionContent,
    DecisionRecord,
    ExcludedRecord,
    record_decision,
    stored_case,
    stored_ledger,
)
from plainscore.history import SEEN_BLANKED, cases_table, open_history
from plainscore.ledger import STATEMENTS, TABLES, MemoryLedger, StatementRow
from plainscore.reasons import assess, possible_of
from plainscore.scorecard import ALL_APPLICANTS, Card
from plainscore.scoring import score_cases

if TYPE_CHECKING:
    from plainscore.validation import Calibration


def reconsider(
    newest: DecisionRecord,
    first: DecisionRecord,
    appeals: Sequence[AppealRecord],
    card: Card,
    entries: Sequence[Entry],
    *,
    made_at: datetime,
    calibration: Calibration | None = None,
) -> DecisionRecord:
    """Return what a decision would have been had the corrected records been right from the start.

    The decision's own stored rows, dates, purpose and card are taken, and each record that an upheld appeal
    corrected stands as it should have been, in its place. Nothing that became known since is mixed in, and
    no consent that ended since is asked for. Where a dispute was open, both readings are scored again.

    Parameters
    ----------
    newest : DecisionRecord
        The decision that the new one takes the place of.
    first : DecisionRecord
        The decision that `newest` goes back to, whose stored rows are taken: `newest` itself where it is
        not a reconsideration.
    appeals : sequence of AppealRecord
        Every upheld appeal in the order of settling, the present one last.
    card : Card
        The card that `first` was made under.
    entries : sequence of Entry
        Definitions, at least those of the card.
    made_at : datetime.datetime
        Moment of the reconsideration.
    calibration : Calibration, optional
        Score to PD; by the card's scale otherwise.

    Returns
    -------
    DecisionRecord
        With ``reconsiders``: id and moment of `first`, and whether its stored rows give
        today what they gave then, without which more than the records would differ.
    """
    case = replace(stored_case(first), disputed="set aside")
    ledger = reconsidered_ledger(first, appeals)
    content = assess(
        ledger,
        open_history(ledger),
        card,
        case,
        entries,
        baseline=_baseline(first),
        calibration=calibration,
        possible=possible_of(first),
    )
    content["coverage"]["excluded"] = _excluded(first, content)
    content["reconsiders"] = {
        "id": first["id"],
        "made_at": first["made_at"],
        "same_rules": _read_alike(first, card, entries),
    }
    return record_decision(content, made_at=made_at, replaces=newest["id"])


def reconsidered_ledger(first: DecisionRecord, appeals: Sequence[AppealRecord]) -> MemoryLedger:
    """Return the rows that a decision stored, each as the upheld appeals say it should have been.

    A corrected row keeps the moment at which it was reported: a version of a later moment would not have
    been known to the decision, and would change nothing. A correction that the decision saw is left out.
    """
    held = stored_ledger(first)
    rows: dict[tuple[str, date], StatementRow] = {
        (row["account_id"], row["month"]): row for row in held.table("statements").to_pylist()
    }
    for appeal in appeals:
        place = (appeal["account_id"], date.fromisoformat(appeal["month"]))
        row = rows.get(place)
        # A version as late as the correction is the correction, or what was reported after it.
        if row is not None and row["reported_at"] < settled_at(appeal):
            rows[place] = {**corrected(row, wanted_of(appeal)), "statement_id": appeal["correction"]}
    statements = pa.Table.from_pylist(list(rows.values()), schema=STATEMENTS.schema)
    return MemoryLedger({name: held.table(name) for name in TABLES} | {"statements": statements})


def _baseline(record: DecisionRecord) -> str:
    """Return the baseline that a decision's reasons were asked to be measured against."""
    if "baseline" not in record:
        return ALL_APPLICANTS
    return record["baseline"].get("instead_of", record["baseline"]["name"])


def _excluded(first: DecisionRecord, content: DecisionContent) -> list[ExcludedRecord]:
    """Return what was not counted: of rows that were not seen, so not stored, as then; of others as now."""
    then = [one for one in first["coverage"]["excluded"] if one["reason"] not in SEEN_BLANKED]
    merged: dict[str, ExcludedRecord] = {}
    for one in [*then, *content["coverage"]["excluded"]]:
        before = merged.get(one["reason"])
        merged[one["reason"]] = {**one, "rows": one["rows"] + (before["rows"] if before else 0)}
    return [merged[reason] for reason in sorted(merged)]


def _read_alike(first: DecisionRecord, card: Card, entries: Sequence[Entry]) -> bool:
    """Whether a decision's stored rows, uncorrected, give today what they gave then."""
    history, case = open_history(stored_ledger(first)), stored_case(first)
    scored = score_cases(history, card, cases_table([case]), entries)
    refusal = first["refusal"]["code"] if first["refusal"] else None
    if scored.coverage["refusal"][0].as_py() != refusal:
        return False
    if refusal is not None:
        return True
    values = {part["id"]: None if part["value"] is None else float(part["value"]) for part in first["parts"]}
    found = {name: scored.values[name][0].as_py() for name in values}
    return values == found and int(scored.scores[0]) == first["score"]
