"""Deciding in a workspace: score, record, appeal, correct and score again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from plainscore.appeals import (
    ChallengeError,
    CorrectedLedger,
    FileAppeals,
    FileCorrections,
    challenge,
    correction,
    difference,
    review,
    version_in_force,
)
from plainscore.characteristics import Entry
from plainscore.decisions import FileDecisions, record_decision, stored_case
from plainscore.history import Case, History, open_history
from plainscore.ledger import TABLES
from plainscore.reasons import assess
from plainscore.scorecard import ALL_APPLICANTS, Card
from plainscore.workspace._as_of import check_ended, day_there, latest_month, lender_zone
from plainscore.workspace._entries import recipe_entries
from plainscore.workspace._errors import NotAWorkspaceError, UnknownPersonError
from plainscore.workspace._files import write_whole
from plainscore.workspace._folder import Workspace
from plainscore.workspace._possible import occurred

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from plainscore.ledger import Ledger
    from plainscore.validation import Calibration

Json = dict[str, Any]

SCORING: Final = "credit_scoring"


@dataclass(frozen=True)
class Desk:
    """A workspace at work: its ledger with corrections, opened once, and where records are kept.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    pending : pyarrow.Table, optional
        A correction to work with that is not kept yet.
    """

    workspace: Workspace
    pending: pa.Table | None = None

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger with the corrections made in this workspace."""
        kept = self.corrections.over(self.workspace.ledger)
        return kept if self.pending is None else CorrectedLedger(kept, self.pending)

    @cached_property
    def history(self) -> History:
        """The same, opened."""
        return open_history(self.ledger)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The catalogue and the lender's own entries, worded as the lender wants."""
        return recipe_entries(self.workspace.recipe, self.workspace.model)

    @cached_property
    def people(self) -> frozenset[str]:
        """Everybody whom a table of the ledger names: as a holder, in a consent, a dispute or a flag."""
        named = (name for name, table in TABLES.items() if "subject_id" in table.schema.names)
        return frozenset(one for name in named for one in self.ledger.table(name)["subject_id"].to_pylist())

    @cached_property
    def zone(self) -> str:
        """The time zone in which the lender counts days; UTC where model/lender.toml says none."""
        return lender_zone(self.workspace.model)

    @cached_property
    def calibration(self) -> Calibration | None:
        """Score to PD, where the workspace has a calibration."""
        path = self.workspace.model / "calibration.json"
        if not path.is_file():
            return None
        from plainscore.validation import Calibration

        return Calibration.from_json(json.loads(path.read_bytes()))

    def card(self, card_id: str) -> Card:
        """Return the card with this id: the published one, or an earlier one that decisions were made under.

        Raises
        ------
        NotAWorkspaceError
            When it is neither.
        """
        if self.workspace.card.id == card_id:
            return self.workspace.card
        path = self._card_path(card_id)
        if not path.is_file():
            msg = (
                f"Card {card_id[:12]} is not the published one, and data/decisions/cards has it no more. "
                "Restore it from a backup."
            )
            raise NotAWorkspaceError(msg)
        return Card.from_json(path.read_bytes(), card_id)

    def _card_path(self, card_id: str) -> Path:
        return self.workspace.decisions / "cards" / f"{card_id}.json"

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

    def as_of(self, at: datetime) -> date:
        """Return the month end that a score is as of where none is asked for.

        It follows from the moment and the recipe's ``known_lag_days`` alone, so that nobody's records move
        another person's score; see `latest_month`.
        """
        return latest_month(day_there(at, self.zone), self.workspace.recipe.population.known_lag_days)

    def case(
        self, subject_id: str, *, at: datetime, as_of: date | None = None, purpose: str = SCORING
    ) -> Case:
        """Return the case of one person for this workspace's lender, known and used at one moment.

        Parameters
        ----------
        subject_id : str
            The person.
        at : datetime.datetime
            The moment, with a time zone.
        as_of : datetime.date, optional
            Month end seen up to, of a month that has ended at the moment; that of `as_of` where absent.
        purpose : str
            Purpose that consent must cover.

        Raises
        ------
        UnknownPersonError
            When no table of the ledger names the person.
        AsOfError
            When the month has not ended on the day of the moment, where the lender is.
        """
        population = self.workspace.recipe.population
        case = Case(
            case_id=0,
            subject_id=subject_id,
            recipient_id=population.recipient_id,
            purpose=purpose,
            as_of=self.as_of(at) if as_of is None else as_of,
            known_at=at,
            used_at=at,
            pack=population.pack,
        )
        self._check(case)
        return case

    def _check(self, case: Case) -> None:
        """Refuse a case about nobody of the ledger, or about a month that has not ended."""
        if case.subject_id not in self.people:
            msg = (
                "This person is not in this ledger: no account, consent, dispute or flag names them. Check "
                "the id, or import the person's records."
            )
            raise UnknownPersonError(msg)
        check_ended(case.as_of, day_there(case.known_at, self.zone), self.zone)

    def decide(self, case: Case, *, baseline: str = ALL_APPLICANTS) -> Json:
        """Score a person, keep the decision and return its record; see `consider`."""
        record = self.consider(case, self.workspace.card, baseline=baseline)
        self.keep(record)
        return record

    def consider(self, case: Case, card: Card, *, baseline: str, replaces: str | None = None) -> Json:
        """Score a person and return the record of a decision, which is not kept.

        Raises
        ------
        UnknownPersonError, AsOfError
            As for `case`.
        """
        self._check(case)
        # A calibration belongs to the card that it was fitted on.
        published = card.id == self.workspace.card.id
        content = assess(
            self.ledger,
            self.history,
            card,
            case,
            self.entries,
            baseline=baseline,
            calibration=self.calibration if published else None,
            possible=occurred(self.workspace, card),
        )
        return record_decision(content, made_at=case.used_at, replaces=replaces)

    def keep(self, record: Json) -> None:
        """Keep a decision, and its card, which a later build would write over."""
        path = self._card_path(record["card_id"])
        if not path.is_file():
            write_whole(path, self.card(record["card_id"]).to_json())
        self.decisions.add(record)


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
    if any(kept["id"] == appeal["id"] for kept in desk.appeals.all()):
        msg = f"Appeal {appeal['id']} about this record was made at this moment already."
        raise ChallengeError(msg)
    desk.appeals.put(appeal)
    return appeal


def settle_appeal(desk: Desk, appeal_id: str, *, uphold: bool, reason: str, by: str, at: datetime) -> Json:
    """Decide an appeal; where it is upheld, correct the record and score again every decision it touched.

    The correction is a later version of the statement. Each decision that saw that month is made again
    under its own card, with what is known now; the old record stays as it was, and the new one names it.
    Before, after and the difference are kept in the appeal. Nothing is written before everything is made.

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
        wrong = version_in_force(desk.ledger, settled["account_id"], month)
        wanted = settled["wanted"]
        version = correction(wrong, None if wanted is None else _typed(wanted), reported_at=at)
        after = Desk(desk.workspace, pending=version)
        # A moment later than the correction: known-at picks versions reported by then.
        moment = at + timedelta(microseconds=1)
        again = [(old, _again(after, old, moment)) for old in _touched(desk, settled["account_id"], month)]
        desk.corrections.add(version)
        for _, renewed in again:
            desk.keep(renewed)
        settled["rescored"] = [
            {"before": old["id"], "after": renewed["id"], "difference": difference(old, renewed)}
            for old, renewed in again
        ]
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
    return desk.consider(case, desk.card(record["card_id"]), baseline=baseline, replaces=record["id"])


def _touched(desk: Desk, account_id: str, month: date) -> list[Json]:
    """Return the decisions that saw a month and that no later one has replaced."""
    replaced = {record["replaces"] for record in desk.decisions.all()}
    return [one for one in desk.decisions.touched_by(account_id, month) if one["id"] not in replaced]


def _typed(wanted: Mapping[str, Any]) -> Json:
    """Return wanted values as the ledger types them: dates were kept as text."""
    return {
        key: date.fromisoformat(value) if key == "closed" and isinstance(value, str) else value
        for key, value in wanted.items()
    }


def utc_now() -> datetime:
    """Return the moment, in UTC, to the microsecond."""
    return datetime.now(UTC)
