"""A desk: what scoring reads, where records are kept, and whose case is weighed at which moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from plainscore.casework._as_of import check_ended, day_there, latest_month, lender_zone
from plainscore.casework._errors import AsOfError, UnknownCardError, UnknownPersonError
from plainscore.casework._kept_appeals import KeptAppeals
from plainscore.casework._kept_decisions import KeptDecisions
from plainscore.casework._occurred_attributes import occurred
from plainscore.casework._snapshot import Snapshot, laid_since, take_snapshot
from plainscore.casework._workplace import Workplace
from plainscore.characteristics import Entry
from plainscore.decisions import Common, DecisionRecord, record_decision
from plainscore.history import Case, History
from plainscore.ledger import TABLES
from plainscore.reasons import assess_many, common_parts
from plainscore.records import UnknownRowError
from plainscore.scorecard import ALL_APPLICANTS, Card

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.records import LenderStore, Questions
    from plainscore.validation import Calibration

SCORING: Final = "credit_scoring"


@dataclass(eq=False)
class Desk:
    """A workplace at work.

    A desk works on a snapshot of the ledger, and never on a stale one: once something is laid over the
    deliveries, here or by another process, the next question is asked of a new snapshot.

    Parameters
    ----------
    workspace : Workplace
        Where the work is done.
    """

    workspace: Workplace
    _taken: tuple[Snapshot, int] | None = field(default=None, init=False, repr=False)
    _common: dict[str, Common] = field(default_factory=dict, init=False, repr=False)

    @property
    def ask(self) -> Questions | None:
        """Questions to the store; None where nothing was ever kept."""
        store = self.workspace.records_if_any()
        return None if store is None else store.ask

    @property
    def records(self) -> LenderStore:
        """The lender's part of the store, which is made where there is none."""
        return self.workspace.records()

    @property
    def snapshot(self) -> Snapshot:
        """The ledger in the present state of what is laid over it."""
        return self.snapshot_within(self.ask)

    def snapshot_within(self, ask: Questions | None) -> Snapshot:
        """Return the present state as a change sees it: asked within one, nothing can be laid over it after.

        Parameters
        ----------
        ask : Questions or None
            Those of the change.
        """
        taken = self._taken
        if taken is not None and ask is not None:
            laid, position = laid_since(ask, taken[1])
            taken = None if laid else (taken[0], position)
        self._taken = taken or take_snapshot(self.workspace.ledger, ask)
        return self._taken[0]

    @property
    def ledger(self) -> Ledger:
        """The ledger with the corrections of upheld appeals, and a dispute for each appeal."""
        return self.snapshot.ledger

    @property
    def history(self) -> History:
        """The same, opened."""
        return self.snapshot.history

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The catalogue and the lender's own entries, worded as the lender wants."""
        return self.workspace.entries

    @cached_property
    def people(self) -> frozenset[str]:
        """Everybody whom a table of the ledger names: as a holder, in a consent, a dispute or a flag."""
        named = (name for name, table in TABLES.items() if "subject_id" in table.schema.names)
        tables = (self.workspace.ledger.table(name) for name in named)
        return frozenset(one for table in tables for one in table["subject_id"].to_pylist())

    @cached_property
    def zone(self) -> str:
        """The time zone in which the lender counts days; UTC where model/lender.toml says none."""
        return lender_zone(self.workspace.model)

    @property
    def calibration(self) -> Calibration | None:
        """Score to PD, where the workspace has a calibration."""
        return self.workspace.calibration

    def calibration_of(self, card: Card) -> Calibration | None:
        """Return the calibration of a card: it belongs to the published one, that it was fitted on."""
        return self.calibration if card.id == self.workspace.card.id else None

    def common(self, card: Card) -> Common:
        """Return what the decisions under a card have in common, so that each is kept without it."""
        if card.id not in self._common:
            self._common[card.id] = common_parts(
                card,
                self.entries,
                baseline=ALL_APPLICANTS,
                calibration=self.calibration_of(card),
                possible=occurred(self.workspace, card),
            )
        return self._common[card.id]

    def card(self, card_id: str, ask: Questions | None = None) -> Card:
        """Return the card with this id: the published one, or an earlier one that decisions were made under.

        Parameters
        ----------
        card_id : str
            The card.
        ask : Questions, optional
            Those of a change, where one is being made.

        Raises
        ------
        UnknownCardError
            When it is neither.
        """
        if self.workspace.card.id == card_id:
            return self.workspace.card
        asked = ask or self.ask
        try:
            kept = None if asked is None else asked.row("definition", card_id).body
        except UnknownRowError:
            kept = None
        if kept is None:
            msg = (
                f"Card {card_id[:12]} is not the published one, and no decision that is kept here was made "
                "under it. Restore the store from a backup, or take the card's own decisions in."
            )
            raise UnknownCardError(msg)
        return Card.from_json(kept, card_id)

    @property
    def decisions(self) -> KeptDecisions:
        """Decisions: those in force, and those whose place they took."""
        return KeptDecisions(self.ask)

    @property
    def appeals(self) -> KeptAppeals:
        """Appeals."""
        return KeptAppeals(self.ask)

    def as_of(self, at: datetime) -> date:
        """Return the month end that a score is as of where none is asked for.

        It follows from the moment and the recipe's ``known_lag_days`` alone, so that nobody's records move
        another person's score; see `latest_month`.
        """
        return latest_month(day_there(at, self.zone), self.workspace.terms.known_lag_days)

    def case(
        self,
        subject_id: str,
        *,
        at: datetime | None = None,
        as_of: date | None = None,
        purpose: str = SCORING,
    ) -> Case:
        """Return the case of one person for this workspace's lender: a look, of which nothing is kept.

        Consents must be in force now, by the store's clock, whatever moment is looked at.

        Parameters
        ----------
        subject_id : str
            The person.
        at : datetime.datetime, optional
            The moment that is looked at, with a time zone: which records were known. Now where absent.
        as_of : datetime.date, optional
            Month end seen up to, of a month that has ended at the moment; that of `as_of` where absent.
        purpose : str
            Purpose that consent must cover.

        Raises
        ------
        UnknownPersonError
            When no table of the ledger names the person.
        AsOfError
            When the moment is still to come, or the month has not ended on its day, where the lender is.
        """
        known, now = self.moments(at)
        return self.case_of(subject_id, known_at=known, used_at=now, as_of=as_of, purpose=purpose)

    def moments(self, at: datetime | None) -> tuple[datetime, datetime]:
        """Return the moment of a look at which records are known, and the present one, when they are used.

        Raises
        ------
        AsOfError
            When the moment has no time zone, or is still to come.
        """
        now = self.workspace.now()
        if at is None:
            return now, now
        day_there(at, self.zone)
        if at > now:
            msg = (
                f"The moment {at.isoformat()} is still to come: it is {now.isoformat()} by the store's "
                "clock. Leave it out for now."
            )
            raise AsOfError(msg)
        return at, now

    def case_of(
        self,
        subject_id: str,
        *,
        known_at: datetime,
        used_at: datetime,
        as_of: date | None = None,
        purpose: str = SCORING,
    ) -> Case:
        """Return the case of one person at moments that the verbs of this room choose; see `case`."""
        if subject_id not in self.people:
            msg = (
                "This person is not in this ledger: no account, consent, dispute or flag names them. Check "
                "the id, or import the person's records."
            )
            raise UnknownPersonError(msg)
        month = self.as_of(known_at) if as_of is None else as_of
        check_ended(month, day_there(known_at, self.zone), self.zone)
        return Case(
            case_id=0,
            subject_id=subject_id,
            recipient_id=self.workspace.terms.recipient_id,
            purpose=purpose,
            as_of=month,
            known_at=known_at,
            used_at=used_at,
            pack=self.workspace.terms.pack,
        )

    def consider(
        self, case: Case, card: Card, *, baseline: str = ALL_APPLICANTS, ask: Questions | None = None
    ) -> DecisionRecord:
        """Score a person and return the record of a decision, which is not kept.

        Parameters
        ----------
        case : Case
            Whom, at which moments.
        card : Card
            The card.
        baseline : str
            Baseline of the reasons.
        ask : Questions, optional
            Those of a change, where one is being made.
        """
        (record,) = self.consider_many([case], card, baseline=baseline, ask=ask)
        return record

    def consider_many(
        self,
        cases: Sequence[Case],
        card: Card,
        *,
        baseline: str = ALL_APPLICANTS,
        ask: Questions | None = None,
    ) -> list[DecisionRecord]:
        """Score people, all at once, and return the records of decisions, which are not kept.

        Parameters
        ----------
        cases : sequence of Case
            Whom, at which moments.
        card, baseline, ask
            As `consider` takes them.
        """
        now = self.snapshot if ask is None else self.snapshot_within(ask)
        contents = assess_many(
            now.ledger,
            now.history,
            card,
            cases,
            self.entries,
            baseline=baseline,
            calibration=self.calibration_of(card),
            possible=occurred(self.workspace, card),
        )
        return [
            record_decision(content, made_at=case.used_at)
            for case, content in zip(cases, contents, strict=True)
        ]
