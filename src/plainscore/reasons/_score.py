"""Scores for a batch of cases: coverage, refusals, values and the score, through the one gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.characteristics import Entry, derive
from plainscore.coverage import Floor, cover
from plainscore.history import History, check_cases
from plainscore.scorecard import Card


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
    """

    cases: pa.Table
    coverage: pa.Table
    values: pa.Table
    scores: npt.NDArray[np.int64]

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
    from plainscore.characteristics import UnknownCharacteristicError

    by_id = {entry.id: entry for entry in entries}
    for one in card.characteristics:
        if one.id not in by_id:
            msg = f"The card has a characteristic {one.id!r} that the catalogue lacks; add its definition."
            raise UnknownCharacteristicError(msg)
    return tuple(by_id[one.id] for one in card.characteristics)


def score_cases(history: History, card: Card, cases: pa.Table, entries: Sequence[Entry]) -> Scored:
    """Score a batch of cases.

    A person with an open dispute is scored twice, with the disputed items set aside and as reported, and
    gets the better score: opening a dispute cannot lower it.

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
    values = derive(history, cases, used)
    scores = _scores(card, values)
    disputed = history.in_dispute(cases)
    if disputed:
        chosen = pc.is_in(cases["case_id"], pa.array(disputed, pa.int64())).to_numpy()
        cases, values, scores = _better_of_both(history, card, cases, used, values, scores, chosen)
    coverage = cover(history, cases, floor=floor_of(card))
    return Scored(cases, coverage, values, scores)


def floor_of(card: Card) -> Floor:
    """Return the least history that a card scores, as the card says it."""
    said: Mapping[str, Any] = card.coverage
    return Floor(**{name: int(value) for name, value in said.items()}) if said else Floor()


def _scores(card: Card, values: pa.Table) -> npt.NDArray[np.int64]:
    return card.score({one.id: values[one.id].to_numpy() for one in card.characteristics})


def _better_of_both(
    history: History,
    card: Card,
    cases: pa.Table,
    used: Sequence[Entry],
    values: pa.Table,
    scores: npt.NDArray[np.int64],
    disputed: npt.NDArray[np.bool_],
) -> tuple[pa.Table, pa.Table, npt.NDArray[np.int64]]:
    """Score the cases in dispute as reported too, and keep that reading where it is better."""
    again = _as_reported(cases.filter(pa.array(disputed)))
    other_values = derive(history, again, used)
    other_scores = _scores(card, other_values)
    better = np.zeros(len(scores), bool)
    better[disputed] = other_scores > scores[disputed]
    if not better.any():
        return cases, values, scores
    kept = other_values.filter(pa.array(better[disputed]))
    values = pa.concat_tables([values.filter(pa.array(~better)), kept]).sort_by("case_id")
    cases = pa.concat_tables(
        [cases.filter(pa.array(~better)), _as_reported(cases.filter(pa.array(better)))]
    ).sort_by("case_id")
    return cases, values, _scores(card, values)


def _as_reported(cases: pa.Table) -> pa.Table:
    place = cases.schema.get_field_index("disputed")
    return cases.set_column(
        place, cases.schema.field(place), pa.array(["as reported"] * len(cases), pa.string())
    )
