"""The content of reports/validation.json: every figure, as integers and decimal strings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.validation._attribute_counts import positions
from plainscore.validation._bands import even_edges, quantile_edges
from plainscore.validation._by_person import LEVEL, REPLICATES, SEED
from plainscore.validation._calibration import Calibration, fit_calibration
from plainscore.validation._errors import ValidationError
from plainscore.validation._numbers import Ints, Json, count, share
from plainscore.validation._scored_sample import Sample, sample
from plainscore.validation._sections import (
    calibration_section,
    correlation_section,
    discrimination_section,
    distribution_section,
    gains_section,
    limits_section,
    points_section,
    stability_section,
)

SCHEMA: Final = "plainscore/validation/1"
DEVELOPMENT, OUT_OF_TIME = "development", "out of time"
ORDER = (DEVELOPMENT, OUT_OF_TIME)


@dataclass(frozen=True)
class Part:
    """One sample of the report, with the days that its cases lie between and the attribute of each case."""

    name: str
    cases: Sample
    first: str
    last: str
    attributes: dict[str, Ints]


def validate(
    *,
    scores: npt.ArrayLike,
    bad: npt.ArrayLike,
    sample_name: Sequence[str] | npt.NDArray[Any],
    as_of: Sequence[date] | npt.NDArray[Any],
    attributes: Mapping[str, npt.ArrayLike],
    card: Mapping[str, Any],
    card_id: str,
    population: str,
    weights: npt.ArrayLike | None = None,
    person: npt.ArrayLike | None = None,
    waterfall: Sequence[Mapping[str, Any]] = (),
    calibration: Calibration | None = None,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> Json:
    """Measure a card on its development and out-of-time cases.

    Parameters
    ----------
    scores : array of int, shape (n,)
        What the card gives each case.
    bad : array of shape (n,)
        1 or True for bad, 0 or False for good.
    sample_name : array of str, shape (n,)
        "development" or "out of time".
    as_of : array of dates, shape (n,)
        As-of date of each case (``datetime.date`` or ``datetime64``).
    attributes : mapping of str to array of int, shape (n,)
        For each characteristic of the card, the position of each case's attribute in the card's list.
    card : mapping
        The card's JSON, read.
    card_id : str
        SHA-256 of the card.
    population : str
        Whom the samples stand for, printed with the calibration.
    weights, person : array of shape (n,), optional
        Case weights, and who each case is about.
    waterfall : sequence of mapping
        Population and exclusions, given on as they are: ``{"label", "kind": "start" | "removed" | "kept",
        "cases"}``.
    calibration : Calibration, optional
        What turns scores into PDs and is published; the line of the development cases otherwise. What is
        tested is that line in any case: a calibration that has seen the out-of-time cases is no test.
    replicates, seed : int
        Of the bootstrap by person.

    Returns
    -------
    dict
        Integers, strings, None, lists and dicts only: the same bytes with one thread or two.

    Raises
    ------
    ValidationError
        If arrays differ in length, a sample has another name, there is no development case, or an attribute
        is not one of the card's. A sample too small to measure is no error: its section says so.
    """
    every = sample(scores, bad, weights, person)
    place = positions(card, attributes, len(every))
    parts = _parts(every, np.asarray(sample_name), np.asarray(as_of, dtype="datetime64[D]"), place)
    tested, note = _tested_line(parts[0], population)
    low, high = int(card["scale"]["low"]), int(card["scale"]["high"])
    edges = quantile_edges(parts[0].cases.scores)
    named = [(p.name, p.cases) for p in parts]
    measured = discrimination_section(named, replicates=replicates, seed=seed)
    return {
        "schema": SCHEMA,
        "card_id": card_id,
        "card_name": str(card.get("name", "")),
        "population": population,
        "settings": {"replicates": replicates, "seed": seed, "level": str(LEVEL), "resampled": "people"},
        "waterfall": [dict(step) for step in waterfall],
        "samples": [_sample_json(p) for p in parts],
        "discrimination": measured,
        "calibration": calibration_section(named, calibration or tested, tested, note, edges, card["scale"]),
        "distribution": distribution_section(named, even_edges(low, high)),
        "gains": gains_section(named, edges, low=low, high=high),
        "stability": stability_section(named, edges, card, [p.attributes for p in parts], low=low, high=high),
        "points": points_section(named, card, [p.attributes for p in parts]),
        "correlations": correlation_section(card, parts[0].attributes),
        "limits": limits_section(named),
    }


def _parts(
    every: Sample, names: npt.NDArray[Any], days: npt.NDArray[Any], place: dict[str, Ints]
) -> list[Part]:
    if names.shape != (len(every),) or days.shape != (len(every),):
        raise ValidationError(
            "sample names and as-of dates are not one a case: give arrays as long as the scores"
        )
    odd = sorted(set(np.unique(names).tolist()) - set(ORDER))
    if odd:
        raise ValidationError(
            f"the samples {odd} are not known: call each case {DEVELOPMENT!r} or {OUT_OF_TIME!r}"
        )
    found = []
    for name in ORDER:
        rows = names == name
        if rows.any():
            chosen = {k: v[rows] for k, v in place.items()}
            found.append(Part(name, every.select(rows), str(days[rows].min()), str(days[rows].max()), chosen))
    if not found or found[0].name != DEVELOPMENT:
        raise ValidationError("there is no development case: give the cases that the card was built on")
    return found


def _tested_line(part: Part, population: str) -> tuple[Calibration | None, str | None]:
    """Fit score to PD on the development cases alone, so that the out-of-time cases are a test of it."""
    cases = part.cases
    try:
        held = fit_calibration(
            cases.scores,
            cases.bad,
            population=population,
            as_of=date.fromisoformat(part.last),
            weights=cases.weights,
            person=cases.person,
        )
    except ValidationError as error:
        return None, f"No calibration: {error}."
    return held, None


def _sample_json(part: Part) -> Json:
    cases = part.cases
    return {
        "name": part.name,
        "from": part.first,
        "to": part.last,
        "cases": len(cases),
        "people": cases.people,
        "goods": count(cases.good_weight),
        "bads": count(cases.bad_weight),
        "bad_rate": share(cases.bad_weight / float(cases.weights.sum())),
    }
