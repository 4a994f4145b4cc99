"""Who is in a build: every person at every as-of date, less those excluded, each counted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plainscore.characteristics import Entry, derive, select_entries
from plainscore.coverage import REFUSALS, cover
from plainscore.history import CASE_SCHEMA, DATES, History
from plainscore.ledger import ARREARS, Ledger
from plainscore.outcomes import BAD, HANGS_ON, INDETERMINATE, derive_outcomes, given_outcomes
from plainscore.workspace._entries import recipe_entries
from plainscore.workspace._errors import RecipeError
from plainscore.workspace._recipe import PopulationWish, Recipe, Split, utc

DEVELOPMENT: Final = "development"
OUT_OF_TIME: Final = "out of time"
UNUSED: Final = "unused"

_HASH_STEPS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Population:
    """The cases of a build.

    Attributes
    ----------
    cases : pyarrow.Table
        Kept cases, of ``CASE_SCHEMA``, sorted by case_id.
    values : pyarrow.Table
        Their characteristics, one float64 column each.
    bad : array of int8
        1 bad, 0 good.
    sample : array of str
        "development" or "out of time".
    waterfall : list of dict
        Population and exclusions as steps: label, kind (start, removed, kept) and cases.
    """

    cases: pa.Table
    values: pa.Table
    bad: npt.NDArray[np.int8]
    sample: npt.NDArray[np.str_]
    waterfall: list[dict[str, Any]]

    @property
    def person(self) -> npt.NDArray[Any]:
        """The person of each case, as an integer that says nothing else."""
        subjects = self.cases["subject_id"].combine_chunks()
        found: npt.NDArray[np.uint64] = pc.rank(subjects, tiebreaker="dense").to_numpy()
        return found

    @property
    def as_of(self) -> npt.NDArray[Any]:
        """As-of date of each case, datetime64[D]."""
        found: npt.NDArray[np.datetime64] = self.cases["as_of"].to_numpy().astype("datetime64[D]")
        return found

    def rows(self, sample: str) -> npt.NDArray[np.bool_]:
        """Mask of the cases of one sample."""
        found: npt.NDArray[np.bool_] = self.sample == sample
        return found


def case_grid(ledger: Ledger, wish: PopulationWish) -> pa.Table:
    """Return every person of the ledger at every as-of date, numbered in that order."""
    subjects = pc.unique(ledger.table("holders")["subject_id"].combine_chunks()).sort()
    dates = sorted(wish.as_of)
    people, rows = len(subjects), len(subjects) * len(dates)
    known = [datetime.combine(day, time(), UTC) + timedelta(days=wish.known_lag_days + 1) for day in dates]

    def each(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
        return pa.array(values, kind).take(pa.array(np.repeat(np.arange(len(dates)), people)))

    def same(value: Any, kind: pa.DataType) -> pa.Array:
        return pa.repeat(pa.scalar(value, kind), rows)

    columns = {
        "case_id": pa.array(np.arange(rows)),
        "subject_id": subjects.take(pa.array(np.tile(np.arange(people), len(dates)))),
        "recipient_id": same(wish.recipient_id, pa.string()),
        "purpose": same(wish.purpose, pa.string()),
        "pack": same(wish.pack, pa.string()),
        "as_of": each(dates, pa.date32()),
        "known_at": each(known, CASE_SCHEMA.field("known_at").type),
        "used_at": same(utc(wish.used_at), CASE_SCHEMA.field("used_at").type),
        "disputed": same("set aside", pa.string()),
    }
    return pa.table(columns, schema=CASE_SCHEMA)


def assemble(ledger: Ledger, history: History, recipe: Recipe, folder: Path) -> Population:
    """Return the population of a build, with its exclusions counted.

    Parameters
    ----------
    ledger, history
        The ledger, and the same opened.
    recipe : Recipe
        What to build.
    folder : Path
        Where an outcomes table or a lender's own catalogue is looked for.
    """
    entries = offered(recipe, folder)
    cases = case_grid(ledger, recipe.population)
    refusal = _refusals(history, cases, recipe)
    steps = [
        {
            "label": _start_label(recipe.population),
            "kind": "start",
            "cases": len(cases),
        }
    ]
    keep = np.ones(len(cases), bool)

    def remove(label: str, gone: npt.NDArray[np.bool_]) -> None:
        gone = gone & keep
        if gone.any():
            steps.append({"label": label, "kind": "removed", "cases": int(gone.sum())})
            keep[gone] = False

    for code, reason in REFUSALS.items():
        remove(reason.sentence["en"].rstrip("."), refusal == code)
    kept = cases.filter(pa.array(keep))
    needed = select_entries(["behind_now"])
    values = derive(history, kept, [*entries, *(e for e in needed if e not in entries)])
    outcomes = _outcomes(history, kept, recipe, folder)
    outcome = outcomes["outcome"].to_numpy(zero_copy_only=False)
    hangs_on = outcomes["hangs_on"].to_numpy(zero_copy_only=False)
    places = np.flatnonzero(keep)

    def whole(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        full = np.zeros(len(cases), bool)
        full[places[mask]] = True
        return full

    limit = recipe.outcome.already_bad_arrears
    if not recipe.outcomes_table:
        already = values["behind_now"].to_numpy() >= limit
        remove(f"Already {ARREARS[limit]} or worse at the as-of date", whole(already))
    for cause, words in HANGS_ON.items():
        remove(f"Indeterminate: it hangs on {words}", whole(hangs_on == cause))
    remove("Indeterminate: neither good nor bad, or too little performance", whole(outcome == INDETERMINATE))
    sample = _samples(kept, recipe.split)
    remove(
        "Held out of development, seen before the out-of-time dates",
        whole((sample == UNUSED) & ~_late(kept, recipe.split)),
    )
    remove("Used in development, so not tested out of time", whole(sample == UNUSED))
    final = keep[places]
    population = Population(
        cases=kept.filter(pa.array(final)),
        values=values.select([e.id for e in entries]).filter(pa.array(final)),
        bad=(outcome[final] == BAD).astype(np.int8),
        sample=sample[final],
        waterfall=steps,
    )
    for name in (DEVELOPMENT, OUT_OF_TIME):
        count = int(population.rows(name).sum())
        if count:
            steps.append({"label": f"Kept: {name}", "kind": "kept", "cases": count})
    return population


def _refusals(history: History, cases: pa.Table, recipe: Recipe) -> npt.NDArray[Any]:
    """Return the code of each case's refusal or None, by the flags of its own time and not of today."""
    flags_on = DATES["flags"].outcome or DATES["flags"].score
    covered = cover(history, cases, floor=recipe.floor, flags_on=flags_on)
    codes: npt.NDArray[Any] = covered["refusal"].to_numpy(zero_copy_only=False)
    return codes


def _start_label(wish: PopulationWish) -> str:
    dates = len(set(wish.as_of))
    return "People in the ledger" if dates == 1 else f"People in the ledger, each at {dates} dates"


def offered(recipe: Recipe, folder: Path) -> tuple[Entry, ...]:
    """Return the entries that the recipe offers to the fit.

    Raises
    ------
    RecipeError
        When a file of entries or of texts is named and not there.
    """
    entries = recipe_entries(recipe, folder)
    return select_entries(recipe.characteristics, own=entries) if recipe.characteristics else entries


def _outcomes(history: History, cases: pa.Table, recipe: Recipe, folder: Path) -> pa.Table:
    if not recipe.outcomes_table:
        return derive_outcomes(history, cases, recipe.outcome)
    import pyarrow.parquet as pq

    path = folder.parent / recipe.outcomes_table
    if not path.is_file():
        msg = f"outcomes_table names {recipe.outcomes_table}, which is not in the workspace."
        raise RecipeError(msg)
    try:
        return given_outcomes(cases, pq.ParquetFile(path).read())
    except pa.ArrowInvalid as error:
        msg = f"outcomes_table names {recipe.outcomes_table}, which is not Parquet. Convert it."
        raise RecipeError(msg) from error


def _late(cases: pa.Table, split: Split) -> npt.NDArray[np.bool_]:
    if split.out_of_time_from is None:
        return np.zeros(len(cases), bool)
    found: npt.NDArray[np.bool_] = cases["as_of"].to_numpy() >= np.datetime64(split.out_of_time_from)
    return found


def _samples(cases: pa.Table, split: Split) -> npt.NDArray[np.str_]:
    """Development: early dates of people who may build. Out of time: late dates of those who may not."""
    late = _late(cases, split)
    if split.out_of_time_from is None:
        return np.where(late, UNUSED, DEVELOPMENT)
    held = held_out(cases["subject_id"], split.held_out_share)
    if not split.held_out_share:
        return np.where(late, OUT_OF_TIME, DEVELOPMENT)
    return np.where(late & held, OUT_OF_TIME, np.where(~late & ~held, DEVELOPMENT, UNUSED))


def held_out(subjects: pa.ChunkedArray, share: float) -> npt.NDArray[np.bool_]:
    """Draw people by a hash of their id, so that a rebuild or a larger ledger draws the same ones."""
    encoded = subjects.combine_chunks().dictionary_encode()
    limit = round(share * _HASH_STEPS)
    drawn = np.array([_draw(name) < limit for name in encoded.dictionary.to_pylist()], bool)
    found: npt.NDArray[np.bool_] = drawn[encoded.indices.to_numpy()]
    return found


def _draw(subject: str) -> int:
    return int.from_bytes(hashlib.sha256(b"split/" + subject.encode()).digest()[:8], "big") % _HASH_STEPS
