"""Scores for a batch of cases: coverage, refusals, values and the score, through the one gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.characteristics import Entry, UnknownCharacteristicError, derive
from plainscore.coverage import Floor, cover
from plainscore.history import History, check_cases
from plainscore.scorecard import Card


@dataclass(frozen=True, slots=True)
class Readings:
    """Both scores of a case with an open dispute; None where a reading is refused one.

    Attributes
    ----------
    set_aside, as_reported : int or None
        The score with the disputed items set aside, and as they were reported.
    """

    set_aside: int | None
    as_reported: int | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A batch of cases, scored.

    Attributes
    ----------
    cases : pyarrow.Table
        Sorted by case_id; `disputed` says which reading of disputed items each score stands on.
    coverage : pyarrow.Table
        What each rests on, with its refusal or null.
    values : pyarrow.Table
        Characteristics.
    scores : array of int64
        Score of each case; meaningless where there is a refusal.
    readings : mapping of int to Readings
        Both scores of each case that was read in two ways, by case_id.
    """

    cases: pa.Table
    coverage: pa.Table
    values: pa.Table
    scores: npt.NDArray[np.int64]
    readings: Mapping[int, Readings] = field(default_factory=dict)

    @property
    def refused(self) -> npt.NDArray[np.bool_]:
        """Whether each case is refused a score."""
        found: npt.NDArray[np.bool_] = pc.is_valid(self.coverage["refusal"]).to_numpy()
        return found


def card_entries(card: Card, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries that a card's characteristics are, in the card's order.

    Raises
    ------
    plainscore.characteristics.UnknownCharacteristicError
        When the card has a characteristic that is not among `entries`.
    """
    by_id = {entry.id: entry for entry in entries}
    for one in card.characteristics:
        if one.id not in by_id:
            msg = f"The card has a characteristic {one.id!r} that the catalogue lacks; add its definition."
            raise UnknownCharacteristicError(msg)
    return tuple(by_id[one.id] for one in card.characteristics)


def score_cases(history: History, card: Card, cases: pa.Table, entries: Sequence[Entry]) -> Scored:
    """Score a batch of cases.

    A person with an open dispute is scored twice, with the disputed items set aside and as reported, and
    gets the better of both: opening a dispute cannot lower a score, nor take one away because too few
    months are left.

    Parameters
    ----------
    history : History
        An opened ledger.
    card : Card
        The card.
    cases : pyarrow.Table
        Of ``CASE_SCHEMA``; where `disputed` is "as reported" that is kept to.
    entries : sequence of Entry
        Definitions, at least those of the card.
    """
    cases = check_cases(cases).sort_by("case_id")
    used = card_entries(card, entries)
    scored = score_as_read(history, card, cases, used)
    disputed = history.in_dispute(cases)
    if not disputed:
        return scored
    again = cases.filter(pc.is_in(cases["case_id"], pa.array(disputed, pa.int64())))
    reported = score_as_read(history, card, _as_reported(again), used)
    better = _better_of_both(scored, reported)
    return replace(better, readings=_readings(scored, reported))


def score_as_read(history: History, card: Card, cases: pa.Table, entries: Sequence[Entry]) -> Scored:
    """Score a batch of cases under the one reading of disputed items that each names.

    What a decision rested on is asked so; who is to be scored anew is asked for with `score_cases`.

    Parameters
    ----------
    history : History
        An opened ledger.
    card : Card
        The card.
    cases : pyarrow.Table
        Of ``CASE_SCHEMA``, sorted by case_id.
    entries : sequence of Entry
        Definitions of the card's characteristics; others are derived too.
    """
    values = derive(history, cases, entries)
    return Scored(cases, cover(history, cases, floor=floor_of(card)), values, scores_of(card, values))


def scores_of(card: Card, values: pa.Table) -> npt.NDArray[np.int64]:
    """Return the score of each row of characteristics, at least those of the card."""
    return card.score(columns_of(card, values))


def columns_of(card: Card, values: pa.Table) -> dict[str, npt.NDArray[np.float64]]:
    """Return the columns that a card reads of a table of characteristics, as arrays."""
    return {one.id: values[one.id].to_numpy() for one in card.characteristics}


def floor_of(card: Card) -> Floor:
    """Return the least history that a card scores, as the card says it."""
    return Floor(**card.coverage)


def _better_of_both(first: Scored, second: Scored) -> Scored:
    """Return `first` with the cases of `second`, some of the same, in place of those that they better."""
    at = np.searchsorted(first.cases["case_id"].to_numpy(), second.cases["case_id"].to_numpy())
    given, given_before = ~second.refused, ~first.refused[at]
    better = given & (~given_before | (second.scores > first.scores[at]))
    kept = np.arange(len(first.scores))
    kept[at[better]] = len(first.scores) + np.flatnonzero(better)
    rows = pa.array(kept)
    return Scored(
        pa.concat_tables([first.cases, second.cases]).take(rows),
        pa.concat_tables([first.coverage, second.coverage]).take(rows),
        pa.concat_tables([first.values, second.values]).take(rows),
        np.concatenate([first.scores, second.scores])[kept],
    )


def _readings(set_aside: Scored, as_reported: Scored) -> dict[int, Readings]:
    """Return both scores of the cases of `as_reported`, some of those of `set_aside`."""
    first, second = _given(set_aside), _given(as_reported)
    return {case_id: Readings(first[case_id], score) for case_id, score in second.items()}


def _given(scored: Scored) -> dict[int, int | None]:
    rows = zip(scored.cases["case_id"].to_pylist(), scored.scores.tolist(), scored.refused, strict=True)
    return {case_id: None if refused else score for case_id, score, refused in rows}


def _as_reported(cases: pa.Table) -> pa.Table:
    place = cases.schema.get_field_index("disputed")
    return cases.set_column(
        place, cases.schema.field(place), pa.array(["as reported"] * len(cases), pa.string())
    )
