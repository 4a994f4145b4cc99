"""People's scores with everything that explains them: the content of decision records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from plainscore.characteristics import Entry
from plainscore.decisions import DecisionContent
from plainscore.history import Case, ExcludedRow, History, cases_table
from plainscore.ledger import Ledger
from plainscore.reasons._frame_record import frame_record
from plainscore.reasons._person import people_of
from plainscore.reasons._possible import Possible
from plainscore.reasons._record_evidence import Evidence, Weighing
from plainscore.reasons._score_record import Explaining
from plainscore.reasons._told import Told, told_of
from plainscore.scorecard import ALL_APPLICANTS, Card
from plainscore.scoring import Scored, card_entries, score_cases

if TYPE_CHECKING:
    from plainscore.validation import Calibration


def assess(
    ledger: Ledger,
    history: History,
    card: Card,
    case: Case,
    entries: Sequence[Entry],
    *,
    baseline: str = ALL_APPLICANTS,
    calibration: Calibration | None = None,
    possible: Possible | None = None,
) -> DecisionContent:
    """Score one person and explain the score down to the records.

    Parameters
    ----------
    ledger, history
        The ledger, and the same opened.
    card : Card
        The card.
    case : Case
        Whom, for whom, as of when.
    entries : sequence of Entry
        Definitions, at least those of the card.
    baseline : str
        Which of the card's baselines the reasons are measured against, or `BEST_ATTRIBUTE`. Where no
        factor lost a point or more against it, the reasons are measured against the best attributes, and
        the record says so.
    calibration : Calibration, optional
        Score to PD; by the card's scale otherwise.
    possible : mapping of str to frozenset of str, optional
        Characteristic to the labels of its attributes that development cases had. Best, worst and range of
        the record, and what its sentences call possible, are over these and the person's own. Where absent,
        over every attribute of the card.

    Returns
    -------
    DecisionContent
        A decision record without id and moment: integers, strings, None, lists and dicts only.

    References
    ----------
    12 CFR 1002.9(b)(2) and comment 9(b)(2)-5; CJEU C-203/22, paragraphs 58 to 62.
    """
    (content,) = assess_many(
        ledger,
        history,
        card,
        [case],
        entries,
        baseline=baseline,
        calibration=calibration,
        possible=possible,
    )
    return content


def assess_many(
    ledger: Ledger,
    history: History,
    card: Card,
    cases: Sequence[Case],
    entries: Sequence[Entry],
    *,
    baseline: str = ALL_APPLICANTS,
    calibration: Calibration | None = None,
    possible: Possible | None = None,
) -> list[DecisionContent]:
    """Score people and explain each score down to the records: what `assess` gives of each, asked at once.

    Parameters
    ----------
    cases : sequence of Case
        Whom, for whom, as of when; their numbers are not looked at.
    ledger, history, card, entries, baseline, calibration, possible
        As `assess` takes them.

    Returns
    -------
    list of DecisionContent
        In the order of the cases.
    """
    if not cases:
        return []
    numbered = [replace(case, case_id=at) for at, case in enumerate(cases)]
    scored = score_cases(history, card, cases_table(numbered), entries)
    people = people_of(ledger, numbered, history.months(scored.cases))
    excluded: dict[int, list[ExcludedRow]] = {}
    for row in history.excluded(scored.cases).to_pylist():
        excluded.setdefault(row["case_id"], []).append(row)
    frames = [
        frame_record(card, case, scored, excluded.get(case.case_id, []), person, possible or {})
        for case, person in zip(numbered, people, strict=True)
    ]
    told = told_of(card, scored, entries, baseline=baseline, possible=possible)
    given = [at for at, one in enumerate(told) if one is not None]
    used = card_entries(card, entries)
    explaining = Explaining(card, used, baseline, calibration, possible or {})
    evidence = _evidence_of(history, card, scored, used, told, given)
    columns = {entry.id: scored.values[entry.id].to_pylist() for entry in used}
    for at, behind in zip(given, evidence, strict=True):
        values = {name: column[at] for name, column in columns.items()}
        one = told[at]
        assert one is not None, "only cases with a score are explained"
        score = int(scored.scores[at])
        frames[at] = explaining.with_score(frames[at], score, values, one, behind, people[at])
    return frames


def _evidence_of(
    history: History,
    card: Card,
    scored: Scored,
    used: Sequence[Entry],
    told: Sequence[Told | None],
    given: Sequence[int],
) -> list[dict[str, Evidence]]:
    """Return the evidence of each reason of the cases that have a score."""
    if not given:
        return []
    by_id = {entry.id: entry for entry in used}
    rows = pa.array(given, pa.int64())
    weighing = Weighing(history, card, scored.cases.take(rows), used, values=scored.values.take(rows))
    return weighing.evidence([[by_id[name] for name in one.ids] for one in told if one is not None])
