"""The verbs of a workspace that are about people: score, decide, tell, write, and hear an appeal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from plainscore.casework import (
    SCORING,
    Appeal,
    AppealWish,
    Decision,
    DecisionLine,
    Desk,
    Letter,
    LetterWish,
    Outcome,
    OutcomeWish,
    Progress,
    Run,
    Scores,
    Task,
    WhatIf,
    appeal_pages,
    close_task,
    decide_many,
    explain,
    kept_letters,
    letters_for,
    look_back,
    nobody,
    notice,
    open_appeal,
    open_tasks,
    quiet,
    read_letter,
    record_outcome,
    score_people,
    settle_appeal,
    void_run,
    whatif,
)
from plainscore.decisions import Replay, replay
from plainscore.notices import LetterRecord
from plainscore.scorecard import ALL_APPLICANTS
from plainscore.workspace._folder import Folder
from plainscore.workspace._people_to_score import holders


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
        """Score many people, each as if alone; nothing is kept. See ``plainscore.casework.score_people``.

        Parameters
        ----------
        people : iterable of str
            Whom, such as `people` or ``plainscore.workspace.read_people`` gives.
        at : datetime.datetime, optional
            The moment that is looked at, with a time zone: which records were known. Now where absent;
            consents must be in force now, whatever the moment.
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
        >>> scores = workspace.score(["S000421", "nobody"])
        >>> [(row.subject_id, row.score, row.known) for row in scores.rows]
        [('S000421', 610, True), ('nobody', None, False)]
        """
        return score_people(self.desk, people, at=at, as_of=as_of, purpose=purpose, progress=progress)

    def decide(
        self,
        subject_id: str,
        *,
        as_of: date | None = None,
        purpose: str = SCORING,
        baseline: str = ALL_APPLICANTS,
    ) -> Decision:
        """Score one person now and keep the decision: `explain` without a page.

        Examples
        --------
        >>> decision = workspace.decide("S000421")
        >>> decision.score, decision.refusal, decision.kept_at.isoformat()
        (610, None, '2026-01-31T23:59:01+00:00')
        >>> decision.reasons()[0]
        'You are behind on an open account now.'
        """
        return self.explain(subject_id, as_of=as_of, purpose=purpose, baseline=baseline)

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
            A moment to look at instead, with a time zone: which records were known. Nothing is kept of a
            look, and consents must be in force now.
        as_of, purpose, baseline, page, language, progress, told
            As ``plainscore.casework.explain`` takes them.

        Raises
        ------
        UnknownPersonError, AsOfError
            When no table names the person, or the month has not ended at the moment.
        OSError
            When the page cannot be written; nothing is kept then.

        Examples
        --------
        >>> page = workspace.root / "page.html"
        >>> decision = workspace.explain("S000421", page=page, language="es")
        >>> page.read_text("utf-8").startswith("<!doctype html>")
        True
        """
        if at is not None:
            return look_back(
                self.desk,
                subject_id,
                at=at,
                as_of=as_of,
                purpose=purpose,
                baseline=baseline,
                page=page,
                language=language,
                progress=progress,
                told=told,
            )
        return explain(
            self.desk,
            subject_id,
            as_of=as_of,
            purpose=purpose,
            baseline=baseline,
            page=page,
            language=language,
            progress=progress,
            told=told,
        )

    def decide_many(
        self,
        people: Iterable[str],
        *,
        run: str,
        as_of: date | None = None,
        purpose: str = SCORING,
        baseline: str = ALL_APPLICANTS,
        progress: Progress = quiet,
    ) -> Run:
        """Decide on many people in a run, each as if alone, and keep every decision.

        Parameters
        ----------
        people : iterable of str
            Whom; somebody named twice is decided on once.
        run : str
            Name of the run; the same name takes one up that was stopped.
        as_of, purpose, baseline, progress
            As ``plainscore.casework.decide_many`` takes them.

        Raises
        ------
        RunError
            When a run of that name is void, or was begun under another card or for another month.

        Examples
        --------
        >>> run = workspace.decide_many(["S000421", "nobody"], run="nightly")
        >>> [(line.subject_id, line.score, line.decision_id is None) for line in run.lines]
        [('S000421', 610, False), ('nobody', None, True)]
        """
        return decide_many(
            self.desk, people, run=run, as_of=as_of, purpose=purpose, baseline=baseline, progress=progress
        )

    def void_run(self, run: str, *, reason: str, by: str, second: str) -> int:
        """Make a run void, before any letter about it goes out; return how many decisions count no more.

        Raises
        ------
        RunError
            As ``plainscore.casework.void_run``.
        """
        return void_run(self.desk, run, reason=reason, by=by, second=second)

    def outcome(self, decision_id: str, wish: OutcomeWish | None = None) -> Outcome:
        """Record what became of the application that a decision was made for.

        Parameters
        ----------
        decision_id : str
            A kept decision in force, or its first characters.
        wish : OutcomeWish, optional
            What was decided, and by whom; what the cut-off says where absent.

        Raises
        ------
        OutcomeError
            When the outcome is settled already, or the wish lacks what its way of deciding needs.

        Examples
        --------
        >>> decision = workspace.decide("S000421")
        >>> refused = workspace.outcome(decision.id)
        >>> refused.outcome, refused.record["ground"], refused.record["cut_off"]
        ('refused', 'cut-off', 640)
        """
        return record_outcome(self.desk, decision_id, wish or OutcomeWish())

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
            The moment that is looked at, with a time zone: which records were known. Now where absent;
            consents must be in force now, whatever the moment.
        as_of, purpose
            As ``Desk.case`` takes them.
        target : str or int
            A score, ``cut-off`` or ``next-band``; see ``plainscore.casework.whatif``.
        months, budget
            Months to look ahead, and money each month for all that is due and the steps.
        progress : callable
            Told in words what is being done.

        Examples
        --------
        >>> ahead = workspace.whatif("S000421", target="cut-off", months=3)
        >>> ahead.record["reached"]["score"] >= ahead.record["target"]
        True
        """
        return whatif(
            self.desk,
            subject_id,
            at=at,
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
        >>> decision = workspace.decide("S000421")
        >>> refused = workspace.outcome(decision.id)
        >>> facts = {"applicant_name": "A Name", "applicant_address": "on file", "credit_requested": "a loan"}
        >>> letter = workspace.notice(decision.id, LetterWish(facts=facts))
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
        return read_letter(self.desk, letter_id)

    def kept_letters(self) -> tuple[Letter, ...]:
        """Return the letters that are kept, in the order of their days."""
        return kept_letters(self.desk)

    def decision(self, decision_id: str) -> Decision:
        """Return a kept decision by its id, or by its first characters.

        Raises
        ------
        plainscore.decisions.DecisionError
            When there is none, or several begin so.
        """
        return self.desk.decisions.get(decision_id)

    def kept_decisions(self) -> tuple[Decision, ...]:
        """Return the decisions that are kept, in the order in which they were kept."""
        return tuple(self.desk.decisions.all())

    def list_decisions(self, *, subject_id: str = "", month: date | None = None) -> Iterator[DecisionLine]:
        """Yield a line of each decision, which is not opened, in the order in which they were kept.

        Parameters
        ----------
        subject_id : str
            Of one person alone; of everybody where empty.
        month : datetime.date, optional
            Of those kept in a month alone (UTC; any day of it), without void runs.
        """
        if subject_id:
            return self.desk.decisions.of_person(subject_id)
        return self.desk.decisions.rows() if month is None else self.desk.decisions.of_month(month)

    def replay(self, decision_id: str) -> Replay:
        """Make a kept decision again from the rows it stored, under its own card, and compare.

        Raises
        ------
        plainscore.decisions.ReplayError
            When it comes out otherwise.

        Examples
        --------
        >>> workspace.replay(workspace.decide("S000421").id).score
        610
        """
        record = self.desk.decisions.get(decision_id).record
        return replay(record, self.desk.card(record["card_id"]), own=self.desk.entries)

    def open_appeal(self, decision_id: str, wish: AppealWish) -> Appeal:
        """Record a challenge to one statement of a decision; until it is settled, scores set it aside.

        Raises
        ------
        AskError
            When the wish does not name one record of the decision.
        plainscore.appeals.ChallengeError
            When the challenge breaks a rule.

        Examples
        --------
        >>> decision = workspace.decide("S000421")
        >>> says = "I paid this on time; here is the receipt."
        >>> wish = AppealWish(says=says, by="front desk", record="T00049439", paid_as_due=True)
        >>> appeal = workspace.open_appeal(decision.id, wish)
        >>> appeal.status
        'open'
        >>> reason = "The receipt is genuine."
        >>> settled = workspace.settle_appeal(appeal.id, uphold=True, reason=reason, by="a second person")
        >>> settled.status, len(workspace.appeal_pages(settled.id)) == len(settled.renewed)
        ('upheld', True)
        """
        return open_appeal(self.desk, decision_id, wish)

    def settle_appeal(self, appeal_id: str, *, uphold: bool, reason: str, by: str) -> Appeal:
        """Decide an appeal; where it is upheld, correct the record and make again every decision it touched.

        Raises
        ------
        plainscore.appeals.AppealError
            As ``plainscore.casework.settle_appeal``.
        """
        return settle_appeal(self.desk, appeal_id, uphold=uphold, reason=reason, by=by)

    def appeal(self, appeal_id: str) -> Appeal:
        """Return an appeal by its id."""
        return self.desk.appeals.get(appeal_id)

    def kept_appeals(self) -> tuple[Appeal, ...]:
        """Return the appeals, oldest first."""
        return tuple(self.desk.appeals.all())

    def appeal_pages(self, appeal_id: str, language: str = "en") -> tuple[Path, ...]:
        """Write the pages of an upheld appeal, before and after, and return their files.

        Raises
        ------
        AskError
            When no decision was made again.
        """
        return appeal_pages(self.desk, appeal_id, self.pages, language)

    def tasks(self) -> tuple[Task, ...]:
        """Return what waits for a person, those due first before others."""
        return open_tasks(self.desk)

    def close_task(self, task_id: str, *, did: str, reason: str, by: str) -> Task:
        """Close a task: credit was offered, a fresh application asked for free of charge, or refused.

        Raises
        ------
        plainscore.casework.TaskError
            As ``plainscore.casework.close_task``.
        """
        return close_task(self.desk, task_id, did=did, reason=reason, by=by)
