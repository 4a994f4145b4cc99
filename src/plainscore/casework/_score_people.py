"""Many people scored at once, as a nightly file is: score or refusal, and the reasons of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

import pyarrow as pa

from plainscore.casework._as_of import check_ended, day_there
from plainscore.casework._desk import SCORING, Desk
from plainscore.casework._occurred_attributes import occurred
from plainscore.casework._progress import Progress, quiet
from plainscore.casework._scores_table import PersonScore, Scores
from plainscore.history import cases_table
from plainscore.reasons import probability, told_of, told_words
from plainscore.scoring import score_cases


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
    by_id = {entry.id: entry for entry in desk.entries}
    scored = score_cases(desk.history, card, cases, desk.entries)
    coverage = (scored.coverage[name].to_pylist() for name in ("refusal", "accounts", "months"))
    told = told_of(card, scored, desk.entries, possible=occurred(desk.workspace, card))
    for subject, score, reasons, refusal, accounts, months in zip(
        people, scored.scores.tolist(), told, *coverage, strict=True
    ):
        row = PersonScore(subject_id=subject, refusal=refusal, accounts=accounts, months=months)
        if reasons is not None:
            pd = probability(card, score, desk.calibration)["pd"]
            texts = tuple(told_words(one.lead, by_id[one.lead.characteristic.id]) for one in reasons.reasons)
            row = replace(row, score=score, pd=pd, reasons=reasons.ids, texts=texts)
        yield row
