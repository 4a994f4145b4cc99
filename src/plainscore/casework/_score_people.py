"""Many people scored at once, as a nightly file is: score or refusal, and the reasons of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from plainscore.casework._as_of import check_ended, day_there
from plainscore.casework._desk import SCORING, Desk
from plainscore.casework._occurred_attributes import occurred
from plainscore.casework._progress import Progress, quiet
from plainscore.files import csv_bytes, with_outputs
from plainscore.history import cases_table
from plainscore.reasons import probability, told_of
from plainscore.scoring import score_cases

SCORE_COLUMNS: Final = (
    "subject_id",
    "score",
    "pd",
    "refusal",
    "accounts",
    "months",
    "reason_1",
    "reason_2",
    "reason_3",
    "reason_4",
    "card_id",
    "as_of",
    "at",
)

NOT_IN_LEDGER: Final = "not in this ledger"
"""Stands where a refusal does, and is none: nothing is known of such a person, not even a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonScore:
    """What came of one person of a batch.

    Attributes
    ----------
    subject_id : str
        The person.
    known : bool
        Whether a table of the ledger names the person. Where none does, nothing else is said.
    score : int or None
        The score.
    pd : str or None
        Its PD, as in a decision record.
    refusal : str or None
        The code of the refusal, where there is no score.
    accounts, months : int or None
        What it rests on.
    reasons : tuple of str
        Characteristics of the reasons, those of a decision record, in its order.
    """

    subject_id: str
    known: bool = True
    score: int | None = None
    pd: str | None = None
    refusal: str | None = None
    accounts: int | None = None
    months: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """A batch of people, scored.

    Attributes
    ----------
    rows : tuple of PersonScore
        In the order asked for.
    card_id : str
        The card.
    as_of : datetime.date
        Month end seen up to.
    at : datetime.datetime
        The moment that was looked at: versions known.
    used_at : datetime.datetime
        The moment by the store's clock at which consents were in force.
    """

    rows: tuple[PersonScore, ...]
    card_id: str
    as_of: date
    at: datetime
    used_at: datetime

    @property
    def scored(self) -> int:
        """How many have a score."""
        return sum(row.score is not None for row in self.rows)

    @property
    def refused(self) -> int:
        """How many are refused one, by name."""
        return sum(row.refusal is not None for row in self.rows)

    @property
    def unknown(self) -> int:
        """How many are not in the ledger."""
        return sum(not row.known for row in self.rows)

    def csv(self) -> str:
        """Return the batch as CSV, each row with the card, the month and the moment that it stands on.

        A text that a spreadsheet would take for a formula has an apostrophe before it.
        """
        moment = self.at.isoformat().replace("+00:00", "Z")
        stands_on = {"card_id": self.card_id, "as_of": self.as_of, "at": moment}
        rows = (
            {
                "subject_id": row.subject_id,
                "score": row.score,
                "pd": row.pd,
                "refusal": row.refusal if row.known else NOT_IN_LEDGER,
                "accounts": row.accounts,
                "months": row.months,
                **{f"reason_{place}": name for place, name in enumerate(row.reasons, 1)},
                **stands_on,
            }
            for row in self.rows
        )
        return csv_bytes(SCORE_COLUMNS, rows).decode()

    def write(self, path: Path) -> None:
        """Write the batch to a file as CSV, whole or not at all; raises OSError."""
        with with_outputs({path: self.csv().encode()}):
            pass


def score_people(
    desk: Desk,
    people: Iterable[str],
    *,
    at: datetime | None = None,
    as_of: date | None = None,
    purpose: str = SCORING,
    progress: Progress = quiet,
) -> Scores:
    """Score many people under the published card, each as if alone. Nothing is kept.

    Parameters
    ----------
    desk : Desk
        Where it is asked.
    people : iterable of str
        Whom; somebody named twice is scored once. Somebody whom no table of the ledger names is marked so.
    at : datetime.datetime, optional
        The moment that is looked at, with a time zone; now where absent.
    as_of : datetime.date, optional
        Month end seen up to; that of `Desk.as_of` where absent.
    purpose : str
        Purpose that consent must cover.
    progress : callable
        Told in words what is being done.

    Raises
    ------
    AsOfError
        When the month has not ended at the moment.
    """
    asked = list(dict.fromkeys(people))
    _ = desk.workspace.card  # where there is none, that is said before anything is opened
    progress("Opening the ledger")
    _ = desk.history
    progress(f"Scoring {len(asked):,} people")
    known_at, used_at = desk.moments(at)
    month = desk.as_of(known_at) if as_of is None else as_of
    check_ended(month, day_there(known_at, desk.zone), desk.zone)
    known = [one for one in asked if one in desk.people]
    # The case number is the place among the known, so that rows come back in the order asked for.
    cases = [
        replace(
            desk.case_of(one, known_at=known_at, used_at=used_at, as_of=month, purpose=purpose),
            case_id=place,
        )
        for place, one in enumerate(known)
    ]
    rows = {row.subject_id: row for row in _rows(desk, known, cases_table(cases))}
    return Scores(
        tuple(rows.get(one) or PersonScore(subject_id=one, known=False) for one in asked),
        desk.workspace.card.id,
        month,
        known_at,
        used_at,
    )


def _rows(desk: Desk, people: Sequence[str], cases: pa.Table) -> Iterator[PersonScore]:
    """Yield what came of people, all of them in the ledger, in their order."""
    if not people:
        return
    card = desk.workspace.card
    scored = score_cases(desk.history, card, cases, desk.entries)
    coverage = (scored.coverage[name].to_pylist() for name in ("refusal", "accounts", "months"))
    told = told_of(card, scored, desk.entries, possible=occurred(desk.workspace, card))
    for subject, score, reasons, refusal, accounts, months in zip(
        people, scored.scores.tolist(), told, *coverage, strict=True
    ):
        row = PersonScore(subject_id=subject, refusal=refusal, accounts=accounts, months=months)
        if reasons is not None:
            pd = probability(card, score, desk.calibration)["pd"]
            row = replace(row, score=score, pd=pd, reasons=reasons.ids)
        yield row
