"""The verbs of a workspace that are about people: score, decide, tell, write, and hear an appeal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from plainscore.decisions import Replay, replay
from plainscore.notices import LetterRecord
from plainscore.scorecard import ALL_APPLICANTS
from plainscore.workspace._appeal_wish import Appeal, AppealWish, appeal_pages, bring_appeal
from plainscore.workspace._build_card import Progress, quiet
from plainscore.workspace._decide import SCORING, Desk, utc_now
from plainscore.workspace._explain_person import Decision, explain, nobody
from plainscore.workspace._folder import Folder
from plainscore.workspace._letters_kept import Letter, kept_letters, letters_for, notice, read_letter
from plainscore.workspace._people_to_score import holders
from plainscore.workspace._score_people import Scores, score_people
from plainscore.workspace._settle_appeals import settle_appeal
from plainscore.workspace._what_if import WhatIf, whatif
from plainscore.workspace._write_letter import LetterWish


class AboutPeople(Folder):
    """What is done in a workspace about one person or many, under the published card."""

    @cached_property
    def desk(self) -> Desk:
        """The workspace at work: what scoring reads, and where records are kept."""
        return Desk(self)

    def people(self) -> list[str]:
        """Return everyone who holds an account in the ledger, sorted.

        Raises
        ------
        PeopleError
            When nobody does.

        Examples
        --------
        >>> len(workspace.people()), workspace.people()[0]
        (3763, 'S000001')
        """
        return holders(self)

    def score(
        self,
        people: Iterable[str],
        *,
        at: datetime | None = None,
        as_of: date | None = None,
        purpose: str = SCORING,
        progress: Progress = quiet,
    ) -> Scores:
        """Score many people, each as if alone; nothing is kept. See ``plainscore.workspace.score_people``.

        Parameters
        ----------
        people : iterable of str
            Whom, such as `people` or ``plainscore.workspace.read_people`` gives.
        at : datetime.datetime, optional
            The moment, with a time zone; now where absent.
        as_of, purpose
            As ``Desk.case`` takes them.
        progress : callable
            Told in words what is being done.

        Raises
        ------
        AsOfError
            When the month has not ended at the moment.

        Examples
        --------
        >>> scores = workspace.score(["S000421", "nobody"], at=at)
        >>> [(row.subject_id, row.score, row.known) for row in scores.rows]
        [('S000421', 610, True), ('nobody', None, False)]
        """
        return score_people(
            self.desk, people, at=at or utc_now(), as_of=as_of, purpose=purpose, progress=progress
        )

    def decide(
        self,
        subject_id: str,
        *,
        at: datetime | None = None,
        as_of: date | None = None,
        purpose: str = SCORING,
        baseline: str = ALL_APPLICANTS,
    ) -> Decision:
        """Score one person and keep the decision: `explain` without a page.

        Examples
        --------
        >>> decision = workspace.decide("S000421", at=at)
        >>> decision.score, decision.refusal, decision.file.is_file()
        (610, None, True)
        >>> decision.reasons()[0]
        'You are behind on an open account now.'
        """
        return self.explain(subject_id, at=at, as_of=as_of, purpose=purpose, baseline=baseline)

    def explain(
        self,
        subject_id: str,
        *,
        at: datetime | None = None,
        as_of: date | None = None,
        purpose: str = SCORING,
        baseline: str = ALL_APPLICANTS,
        page: Path | None = None,
        language: str = "en",
        progress: Progress = quiet,
        told: Callable[[Decision], None] = nobody,
    ) -> Decision:
        """Score one person, write the applicant's page, and keep the decision; a refusal is a decision too.

        Parameters
        ----------
        subject_id : str
            The person.
        at : datetime.datetime, optional
            The moment, with a time zone; now where absent.
        as_of, purpose, baseline, page, language, progress, told
            As ``plainscore.workspace.explain`` takes them.

        Raises
        ------
        UnknownPersonError, AsOfError
            When no table names the person, or the month has not ended at the moment.
        OSError
            When the page cannot be written; nothing is kept then.

        Examples
        --------
        >>> page = workspace.root / "page.html"
        >>> decision = workspace.explain("S000421", at=at, page=page, language="es")
        >>> page.read_text("utf-8").startswith("<!doctype html>")
        True
        """
        return explain(
            self.desk,
            subject_id,
            at=at or utc_now(),
            as_of=as_of,
            purpose=purpose,
            baseline=baseline,
            page=page,
            language=language,
            progress=progress,
            told=told,
        )

    def whatif(
        self,
        subject_id: str,
        *,
        at: datetime | None = None,
        as_of: date | None = None,
        purpose: str = SCORING,
        target: str | int = "",
        months: int = 12,
        budget: Decimal | None = None,
        progress: Progress = quiet,
    ) -> WhatIf:
        """Return what would change a person's score: waiting, and the cheapest steps to a target.

        Parameters
        ----------
        subject_id : str
            The person.
        at : datetime.datetime, optional
            The moment, with a time zone; now where absent.
        as_of, purpose
            As ``Desk.case`` takes them.
        target : str or int
            A score, ``cut-off`` or ``next-band``; see ``plainscore.workspace.path_for``.
        months, budget
            Months to look ahead, and money each month for all that is due and the steps.
        progress : callable
            Told in words what is being done.

        Examples
        --------
        >>> ahead = workspace.whatif("S000421", at=at, target="cut-off", months=3)
        >>> ahead.record["reached"]["score"] >= ahead.record["target"]
        True
        """
        return whatif(
            self.desk,
            subject_id,
            at=at or utc_now(),
            as_of=as_of,
            purpose=purpose,
            target=str(target),
            months=months,
            budget=budget,
            progress=progress,
        )

    def notice(
        self,
        decision_id: str,
        wish: LetterWish,
        *,
        html: Path | None = None,
        pdf: Path | None = None,
        told: Callable[[LetterRecord], None] = nobody,
    ) -> Letter:
        """Write the letter that the rules ask for about a decision, and keep it as it was written.

        Parameters
        ----------
        decision_id : str
            A kept decision, or its first characters.
        wish : LetterWish
            Which letter, in which language, with which facts.
        html, pdf : Path, optional
            Files for the letter.
        told : callable
            Told the letter's record before it is kept.

        Raises
        ------
        plainscore.notices.NoticeError
            When the letter cannot be written as asked; nothing is kept then.

        Examples
        --------
        >>> decision = workspace.decide("S000421", at=at)
        >>> facts = {"applicant_name": "A Name", "applicant_address": "on file", "credit_requested": "a loan"}
        >>> said_no = {"refused_by": "credit desk", "refused_on": date(2026, 2, 2)}
        >>> letter = workspace.notice(decision.id, LetterWish(facts=facts, **said_no))
        >>> letter.record["title"], letter.is_demonstration
        ('Notice of action taken and reasons', True)
        """
        return notice(self.desk, decision_id, wish, html=html, pdf=pdf, told=told)

    def letters(self, decision_id: str, *, pack_id: str = "", day: date | None = None) -> list[str]:
        """Return the letters of a pack for a decision; of its own pack and on its own day unless told."""
        return letters_for(self.desk, decision_id, pack_id=pack_id, day=day)

    def letter(self, letter_id: str) -> Letter:
        """Return a kept letter as it was written, by its id or by its first characters.

        Raises
        ------
        UnknownLetterError
            When there is none, or several begin so.
        AlteredLetterError
            When its record or its page was changed.
        """
        return read_letter(self.notices, letter_id)

    def kept_letters(self) -> tuple[Letter, ...]:
        """Return the letters that are kept, in the order of their days."""
        return kept_letters(self.notices)

    def decision(self, decision_id: str) -> Decision:
        """Return a kept decision by its id, or by its first characters.

        Raises
        ------
        plainscore.decisions.DecisionError
            When there is none, or several begin so.
        """
        kept = self.desk.decisions
        record = kept.get(decision_id)
        return Decision(record, kept.path(record["id"]))

    def kept_decisions(self) -> tuple[Decision, ...]:
        """Return the decisions that are kept, newest last."""
        kept = self.desk.decisions
        return tuple(Decision(record, kept.path(record["id"])) for record in kept.all())

    def replay(self, decision_id: str) -> Replay:
        """Make a kept decision again from the rows it stored, under its own card, and compare.

        Raises
        ------
        plainscore.decisions.ReplayError
            When it comes out otherwise.

        Examples
        --------
        >>> workspace.replay(workspace.decide("S000421", at=at).id).score
        610
        """
        record = self.desk.decisions.get(decision_id)
        return replay(record, self.desk.card(record["card_id"]), own=self.desk.entries)

    def open_appeal(self, decision_id: str, wish: AppealWish, *, at: datetime | None = None) -> Appeal:
        """Record a challenge to one statement of a decision; until it is settled, scores set it aside.

        Raises
        ------
        AskError
            When the wish does not name one record of the decision.
        plainscore.appeals.ChallengeError
            When the challenge breaks a rule.

        Examples
        --------
        >>> decision = workspace.decide("S000421", at=at)
        >>> says = "I paid this on time; here is the receipt."
        >>> from datetime import UTC
        >>> wish = AppealWish(says=says, by="front desk", record="T00049439", paid_as_due=True)
        >>> appeal = workspace.open_appeal(decision.id, wish, at=datetime(2026, 2, 2, 10, tzinfo=UTC))
        >>> appeal.status
        'open'
        >>> settled = workspace.settle_appeal(
        ...     appeal.id,
        ...     uphold=True,
        ...     reason="The receipt is genuine.",
        ...     by="a second person",
        ...     at=datetime(2026, 2, 10, 10, tzinfo=UTC),
        ... )
        >>> settled.status, len(workspace.appeal_pages(settled.id)) == len(settled.renewed)
        ('upheld', True)
        """
        return bring_appeal(self.desk, decision_id, wish, at=at or utc_now())

    def settle_appeal(
        self, appeal_id: str, *, uphold: bool, reason: str, by: str, at: datetime | None = None
    ) -> Appeal:
        """Decide an appeal; where it is upheld, correct the record and make again every decision it touched.

        Raises
        ------
        plainscore.appeals.AppealError
            As ``plainscore.workspace.settle_appeal``.
        """
        settled = settle_appeal(self.desk, appeal_id, uphold=uphold, reason=reason, by=by, at=at or utc_now())
        return Appeal(settled)

    def appeal(self, appeal_id: str) -> Appeal:
        """Return an appeal by its id."""
        return Appeal(self.desk.appeals.get(appeal_id))

    def kept_appeals(self) -> tuple[Appeal, ...]:
        """Return the appeals, oldest first."""
        return tuple(Appeal(record) for record in self.desk.appeals.all())

    def appeal_pages(self, appeal_id: str, language: str = "en") -> tuple[Path, ...]:
        """Write the pages of an upheld appeal, before and after, and return their files.

        Raises
        ------
        AskError
            When no decision was made again.
        """
        return appeal_pages(self.desk, appeal_id, language)
