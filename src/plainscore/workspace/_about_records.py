"""The verbs of a workspace about what is kept: outcomes, letters, decisions, appeals and tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from plainscore.casework import (
    Appeal,
    AppealWish,
    Decision,
    DecisionLine,
    Letter,
    LetterWish,
    Outcome,
    OutcomeWish,
    Task,
    appeal_pages,
    close_task,
    kept_letters,
    letters_for,
    nobody,
    notice,
    open_appeal,
    open_tasks,
    read_letter,
    record_outcome,
    settle_appeal,
)
from plainscore.decisions import Replay, replay
from plainscore.notices import LetterRecord
from plainscore.workspace._about_people import AboutPeople


class AboutRecords(AboutPeople):
    """What is done in a workspace with decisions that are kept, and what follows them."""

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

    def letters(
        self, decision_id: str | None = None, *, pack_id: str = "", day: date | None = None
    ) -> list[str]:
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
