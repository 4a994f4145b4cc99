"""The verbs of a workspace that score people and decide on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from plainscore.casework import (
    SCORING,
    Decision,
    Desk,
    Progress,
    Scores,
    WhatIf,
    decide_many,
    explain,
    look_back,
    nobody,
    quiet,
    score_people,
    void_run,
    whatif,
)
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
    ) -> Scores:
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
        >>> [(row.subject_id, row.score, row.decision_id is None) for row in run.rows]
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
