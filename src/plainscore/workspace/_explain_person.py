"""One person scored and told why: the decision, the applicant's page, and the keeping of both."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from plainscore.decisions import DecisionRecord
from plainscore.history import Case
from plainscore.scorecard import ALL_APPLICANTS
from plainscore.whatif import WishError
from plainscore.workspace._build_card import Progress, quiet
from plainscore.workspace._decide import SCORING, Desk
from plainscore.workspace._page_lender import page_lender
from plainscore.workspace._what_if import path_for
from plainscore.workspace._write_whole import with_outputs


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded use of a score.

    Attributes
    ----------
    record : DecisionRecord
        The decision record, plain JSON types.
    file : Path
        Where it is kept.
    """

    record: DecisionRecord
    file: Path

    @property
    def id(self) -> str:
        """The decision's id, the SHA-256 of its record."""
        return str(self.record["id"])

    @property
    def score(self) -> int | None:
        """The score; None where one is refused."""
        return None if self.record["refusal"] else int(self.record["score"])

    @property
    def refusal(self) -> str | None:
        """The code of the refusal; None where there is a score."""
        return str(self.record["refusal"]["code"]) if self.record["refusal"] else None

    @property
    def pd(self) -> float | None:
        """The probability of bad within the window; None where no score is given."""
        return None if self.record["refusal"] else float(self.record["pd"])

    @property
    def card_id(self) -> str:
        """The id of the card it was made under."""
        return str(self.record["card_id"])

    def reasons(self, language: str = "en") -> tuple[str, ...]:
        """Return the sentence of each reason, the largest loss first; none where no score is given."""
        return tuple(reason["text"][language] for reason in self.record.get("reasons", ()))


def nobody(_: object) -> None:
    """Tell nobody what came out."""


def explain(
    desk: Desk,
    subject_id: str,
    *,
    at: datetime,
    as_of: date | None = None,
    purpose: str = SCORING,
    baseline: str = ALL_APPLICANTS,
    page: Path | None = None,
    language: str = "en",
    progress: Progress = quiet,
    told: Callable[[Decision], None] = nobody,
) -> Decision:
    """Score one person, with reasons and the records behind each, and keep the decision.

    All that can fail comes before the keeping: where the page cannot be written, or who is told fails, no
    decision is kept and no page is left.

    Parameters
    ----------
    desk : Desk
        The workspace at work.
    subject_id : str
        The person.
    at, as_of, purpose
        As ``Desk.case`` takes them.
    baseline : str
        Baseline of the reasons.
    page : Path, optional
        File for the applicant's page.
    language : str
        Language of the page.
    progress : callable
        Told in words what is being done.
    told : callable
        Told the decision before it is kept.

    Raises
    ------
    UnknownPersonError, AsOfError
        As for ``Desk.case``.
    OSError
        When the page cannot be written.
    """
    card = desk.workspace.card
    progress("Opening the ledger")
    _ = desk.history
    progress("Scoring, and weighing the records")
    case = desk.case(subject_id, at=at, as_of=as_of, purpose=purpose)
    record = desk.consider(case, card, baseline=baseline)
    decision = Decision(record, desk.decisions.path(record["id"]))
    files = {} if page is None else {page: applicant_page(desk, case, record, language).encode()}
    with with_outputs(files):
        told(decision)
        desk.keep(record)
    return decision


def applicant_page(desk: Desk, case: Case, record: DecisionRecord, language: str) -> str:
    """Return the applicant's page, with what would change the score where that can be said."""
    from plainscore.pages import person_page

    path = None
    with suppress(WishError):  # records so old that no month ahead is left: the page goes without
        path = None if record["refusal"] else path_for(desk, case)
    card = json.loads(desk.workspace.card.to_json())
    lender = page_lender(desk.workspace, language)
    return person_page(record, card, language=language, lender=lender, path=path)
