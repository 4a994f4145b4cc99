"""Deciding in a workspace: score, record, keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from plainscore.appeals import FileAppeals, FileCorrections
from plainscore.characteristics import Entry
from plainscore.decisions import DecisionRecord, FileDecisions, record_decision
from plainscore.history import Case, History
from plainscore.ledger import TABLES
from plainscore.reasons import assess
from plainscore.scorecard import ALL_APPLICANTS, Card
from plainscore.workspace._as_of import check_ended, day_there, latest_month, lender_zone
from plainscore.workspace._entries import recipe_entries
from plainscore.workspace._errors import AsOfError, NotAWorkspaceError, UnknownPersonError
from plainscore.workspace._folder import Folder
from plainscore.workspace._occurred_attributes import occurred
from plainscore.workspace._snapshot import Snapshot, take_snapshot
from plainscore.workspace._write_whole import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from plainscore.ledger import Ledger
    from plainscore.validation import Calibration

SCORING: Final = "credit_scoring"


@dataclass(eq=False)
class Desk:
    """A workspace at work: what scoring reads, and where records are kept.

    A desk works on a snapshot, and never on a stale one: once an appeal was opened or settled, here or by
    another process, the next question is asked of a new snapshot.

    Parameters
    ----------
    workspace : Folder
        The workspace.
    """

    workspace: Folder
    _taken: Snapshot | None = field(default=None, init=False, repr=False)

    @property
    def snapshot(self) -> Snapshot:
        """The workspace in the present state of its appeals."""
        if self._taken is None or self._taken.state != self.appeals.state():
            self._taken = take_snapshot(self.workspace)
        return self._taken

    @property
    def ledger(self) -> Ledger:
        """The ledger with the corrections of upheld appeals, and a dispute for each appeal."""
        return self.snapshot.ledger

    @property
    def history(self) -> History:
        """The same, opened."""
        return self.snapshot.history

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

    @property
    def calibration(self) -> Calibration | None:
        """Score to PD, where the workspace has a calibration."""
        return self.workspace.calibration

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
        """Decision records: those in force, and those that they replaced."""
        return self.snapshot.decisions

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
        self,
        subject_id: str,
        *,
        at: datetime,
        as_of: date | None = None,
        purpose: str = SCORING,
        used_at: datetime | None = None,
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
        used_at : datetime.datetime, optional
            Moment at which consents must be in force, for a look at the past of a research release, which
            was released long after its months. In a lending decision it is the moment itself.

        Raises
        ------
        UnknownPersonError
            When no table of the ledger names the person.
        AsOfError
            When the month has not ended on the day of the moment, where the lender is; or when credit is
            decided on with another moment of use than the moment itself.
        """
        if used_at is not None and used_at != at and purpose == SCORING:
            msg = (
                "A lending decision uses consents of its own moment. Leave out used_at, or name a research "
                "purpose."
            )
            raise AsOfError(msg)
        population = self.workspace.recipe.population
        case = Case(
            case_id=0,
            subject_id=subject_id,
            recipient_id=population.recipient_id,
            purpose=purpose,
            as_of=self.as_of(at) if as_of is None else as_of,
            known_at=at,
            used_at=at if used_at is None else used_at,
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

    def decide(self, case: Case, *, baseline: str = ALL_APPLICANTS) -> DecisionRecord:
        """Score a person, keep the decision and return its record; see `consider`."""
        record = self.consider(case, self.workspace.card, baseline=baseline)
        self.keep(record)
        return record

    def consider(self, case: Case, card: Card, *, baseline: str) -> DecisionRecord:
        """Score a person and return the record of a decision, which is not kept.

        Raises
        ------
        UnknownPersonError, AsOfError
            As for `case`.
        """
        self._check(case)
        now = self.snapshot
        content = assess(
            now.ledger,
            now.history,
            card,
            case,
            self.entries,
            baseline=baseline,
            calibration=self.calibration_of(card),
            possible=occurred(self.workspace, card),
        )
        return record_decision(content, made_at=case.used_at)

    def calibration_of(self, card: Card) -> Calibration | None:
        """Return the calibration of a card: it belongs to the published one, that it was fitted on."""
        return self.calibration if card.id == self.workspace.card.id else None

    def keep(self, record: DecisionRecord) -> None:
        """Keep a decision, and its card, which a later build would write over."""
        path = self._card_path(record["card_id"])
        if not path.is_file():
            write_whole(path, self.card(record["card_id"]).to_json())
        self.decisions.add(record)


def utc_now() -> datetime:
    """Return the moment, in UTC, to the microsecond."""
    return datetime.now(UTC)
