"""Deciding in a workspace: score, record, appeal, correct and score again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from plainscore.appeals import (
    FileAppeals,
    FileCorrections,
    challenge,
    correction,
    difference,
    review,
    version_in_force,
)
from plainscore.characteristics import Entry, catalogue, read_catalogue
from plainscore.decisions import FileDecisions, record_decision, stored_case
from plainscore.history import Case, History, open_history
from plainscore.reasons import assess
from plainscore.scorecard import ALL_APPLICANTS
from plainscore.workspace._folder import Workspace

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.validation import Calibration

Json = dict[str, Any]

SCORING: Final = "credit_scoring"


@dataclass(frozen=True)
class Desk:
    """A workspace at work: its ledger with corrections, opened once, and where records are kept."""

    workspace: Workspace

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger with the corrections made in this workspace."""
        return self.corrections.over(self.workspace.ledger)

    @cached_property
    def history(self) -> History:
        """The same, opened."""
        return open_history(self.ledger)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The catalogue, and the lender's own entries."""
        own = self.workspace.recipe.own_characteristics
        return (*catalogue(), *(read_catalogue(self.workspace.model / own) if own else ()))

    @cached_property
    def calibration(self) -> Calibration | None:
        """Score to PD, where the workspace has a calibration."""
        path = self.workspace.model / "calibration.json"
        if not path.is_file():
            return None
        from plainscore.validation import Calibration

        return Calibration.from_json(json.loads(path.read_bytes()))

    @property
    def decisions(self) -> FileDecisions:
        """Decision records."""
        return FileDecisions(self.workspace.decisions)

    @property
    def appeals(self) -> FileAppeals:
        """Appeals."""
        return FileAppeals(self.workspace.appeals)

    @property
    def corrections(self) -> FileCorrections:
        """Corrections made here."""
        return FileCorrections(self.workspace.corrections)

    def case(self, subject_id: str, *, at: datetime, as_of: date, purpose: str = SCORING) -> Case:
        """Return the case of one person for this workspace's lender, known and used at one moment."""
        population = self.workspace.recipe.population
        return Case(
            case_id=0,
            subject_id=subject_id,
            recipient_id=population.recipient_id,
            purpose=purpose,
            as_of=as_of,
            known_at=at,
            used_at=at,
            pack=population.pack,
        )

    def decide(self, case: Case, *, baseline: str = ALL_APPLICANTS, replaces: str | None = None) -> Json:
        """Score a person, record the decision and return the record."""
        content = assess(
            self.ledger,
            self.history,
            self.workspace.card,
            case,
            self.entries,
            baseline=baseline,
            calibration=self.calibration,
        )
        record = record_decision(content, made_at=case.used_at, replaces=replaces)
        self.decisions.add(record)
        return record


def open_appeal(
    desk: Desk,
    decision_id: str,
    *,
    account_id: str,
    month: date,
    says: str,
    wanted: Mapping[str, Any] | None,
    at: datetime,
    by: str,
) -> Json:
    """Record a challenge to one statement of a decision; see ``plainscore.appeals.challenge``."""
    appeal = challenge(
        desk.decisions.get(decision_id),
        account_id=account_id,
        month=month,
        says=says,
        wanted=wanted,
        made_at=at,
        received_by=by,
    )
    desk.appeals.put(appeal)
    return appeal


def settle_appeal(desk: Desk, appeal_id: str, *, uphold: bool, reason: str, by: str, at: datetime) -> Json:
    """Decide an appeal; where it is upheld, correct the record and score again every decision it touched.

    The correction is a later version of the statement. Each decision that saw that month is made again
    under the card of the workspace, with what is known now; the old record stays as it was, and the new
    one names it. Before, after and the difference are kept in the appeal.

    Returns
    -------
    dict
        The appeal, with ``rescored``: one entry per decision, old id, new id and the difference.

    Raises
    ------
    plainscore.appeals.AppealError
        When the reviewer, the reason or the correction breaks a rule.
    """
    settled = review(desk.appeals.get(appeal_id), uphold=uphold, reason=reason, decided_by=by, decided_at=at)
    if uphold:
        month = date.fromisoformat(settled["month"])
        old = version_in_force(desk.ledger, settled["account_id"], month)
        wanted = settled["wanted"]
        version = correction(old, None if wanted is None else _typed(wanted), reported_at=at)
        desk.corrections.add(version)
        after = Desk(desk.workspace)
        touched = [
            record
            for record in desk.decisions.touched_by(settled["account_id"], month)
            if not _replaced(desk, record["id"])
        ]
        # A moment later than the correction: known-at picks versions reported by then.
        settled["rescored"] = [_again(after, record, at + timedelta(microseconds=1)) for record in touched]
        settled["correction"] = version["statement_id"][0].as_py()
    desk.appeals.put(settled)
    return settled


def _again(desk: Desk, record: Json, at: datetime) -> Json:
    before = stored_case(record)
    case = Case(
        case_id=0,
        subject_id=before.subject_id,
        recipient_id=before.recipient_id,
        purpose=before.purpose,
        as_of=before.as_of,
        known_at=at,
        used_at=at,
        pack=before.pack,
    )
    baseline = record["baseline"]["name"] if record.get("baseline") else ALL_APPLICANTS
    renewed = desk.decide(case, baseline=baseline, replaces=record["id"])
    return {"before": record["id"], "after": renewed["id"], "difference": difference(record, renewed)}


def _replaced(desk: Desk, decision_id: str) -> bool:
    return any(record["replaces"] == decision_id for record in desk.decisions.all())


def _typed(wanted: Mapping[str, Any]) -> Json:
    """Return wanted values as the ledger types them: dates were kept as text."""
    return {
        key: date.fromisoformat(value) if key == "closed" and isinstance(value, str) else value
        for key, value in wanted.items()
    }


def utc_now() -> datetime:
    """Return the moment, in UTC, to the microsecond."""
    return datetime.now(UTC)
