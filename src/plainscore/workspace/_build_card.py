"""From a recipe and a ledger to a card, its build log and its validation."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.casework import Progress, quiet
from plainscore.characteristics import NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.history import open_history
from plainscore.ledger import ARREARS
from plainscore.scorecard import Card, Characteristic, MoreBadsWarning, SuspectColumnWarning
from plainscore.workspace._errors import PopulationError
from plainscore.workspace._population import DEVELOPMENT, Population, assemble, offered
from plainscore.workspace._recipe import Recipe

if TYPE_CHECKING:
    from plainscore.ledger import Ledger
    from plainscore.scorecard import Scorecard
    from plainscore.validation import Calibration

LEAST_OF_EACH: Final = 30
"""Fewest goods, and fewest bads, that a card is built on. Below it no interval means anything."""


@dataclass(frozen=True, slots=True)
class Built:
    """A card with everything that belongs to it.

    Attributes
    ----------
    card : Card
        The points table.
    log : dict
        The build log.
    population : Population
        Cases, values, outcomes and the waterfall.
    scores : array of int64
        Score of every case of the population.
    calibration : Calibration
        Score to PD, on the newest sample with both classes.
    validation : dict
        The content of reports/validation.json.
    """

    card: Card
    log: dict[str, Any]
    population: Population
    scores: npt.NDArray[np.int64]
    calibration: Calibration
    validation: dict[str, Any]


def build(
    ledger: Ledger, recipe: Recipe, folder: Path, *, threads: int | None = None, progress: Progress = quiet
) -> Built:
    """Build and validate a card.

    Parameters
    ----------
    ledger : Ledger
        Where the records are.
    recipe : Recipe
        What to build.
    folder : Path
        Folder of the recipe, for files that it names.
    threads : int, optional
        Worker threads; the card does not depend on it.
    progress : callable
        Told in words what is being done.

    Raises
    ------
    PopulationError
        When fewer than `LEAST_OF_EACH` goods or bads are left.

    Warns
    -----
    plainscore.scorecard.MoreBadsWarning
        Once, when more development cases are bad than good.
    plainscore.scorecard.SuspectColumnWarning
        Once, when a characteristic tells nearly all that the card does, or looks like an identifier.
    """
    progress("Opening the ledger")
    history = open_history(ledger, threads=threads)
    progress("Assembling the population")
    population = assemble(ledger, history, recipe, folder)
    progress("Fitting the card")
    entries = offered(recipe, folder)
    built_on = population.rows(DEVELOPMENT)
    _warn_of_more_bads(population.bad[built_on])
    model = fit(population, built_on, recipe, entries)
    _warn_of_suspects(model.log_["suspects"])
    card = model.card_
    scores = card.score(frame(population))
    progress("Validating")
    calibration = _calibrate(population, scores, recipe)
    validation = validate_card(population, card, scores, calibration, recipe)
    if recipe.split.folds:
        progress("Cross-validating by person")
        validation["cross_validation"] = cross_validate(population, recipe, entries)
    log = {**model.log_, "ledger": ledger.fingerprint(), "recipe": recipe.name}
    return Built(card, log, population, scores, calibration, validation)


def frame(population: Population) -> dict[str, npt.NDArray[np.float64]]:
    """Return the values of a population as arrays by characteristic."""
    return {name: population.values[name].to_numpy() for name in population.values.column_names}


def fit(
    population: Population, rows: npt.NDArray[np.bool_], recipe: Recipe, entries: Sequence[Entry]
) -> Scorecard:
    """Fit a card on the cases at `rows`.

    Raises
    ------
    PopulationError
        When fewer than `LEAST_OF_EACH` goods or bads are among them.
    """
    from plainscore.scorecard import Scorecard

    bad = population.bad[rows]
    goods, bads = int((bad == 0).sum()), int(bad.sum())
    if min(goods, bads) < LEAST_OF_EACH:
        msg = (
            f"{goods} goods and {bads} bads are left to build on; a card needs {LEAST_OF_EACH} of each. "
            "Add as-of dates, widen the bad definition, or see the exclusions for where cases went."
        )
        raise PopulationError(msg)
    values = {name: column[rows] for name, column in frame(population).items()}
    recipe.fit.check_names([entry.id for entry in entries])
    usable = [e for e in entries if len(np.unique(values[e.id])) > 1]
    days = population.as_of[rows]
    model = Scorecard(
        [recipe.fit.held(characteristic(entry)) for entry in usable],
        **_options(recipe),
        population=f"{recipe.population.text}. {recipe.bad_means()}",
        population_from=str(days.min()),
        population_to=str(days.max()),
        revalidate_by=recipe.revalidate_by.isoformat(),
        coverage={
            "oldest_account_months": recipe.floor.oldest_account_months,
            "known_within_months": recipe.floor.known_within_months,
        },
    )
    with warnings.catch_warnings():
        # Good and bad are derived here, not labels that might be the wrong way round; `build` says it once.
        warnings.simplefilter("ignore", MoreBadsWarning)
        warnings.simplefilter("ignore", SuspectColumnWarning)
        return model.fit({e.id: values[e.id] for e in usable}, bad, groups=population.person[rows])


def _warn_of_more_bads(bad: npt.NDArray[np.int8]) -> None:
    bads = int(bad.sum())
    goods = len(bad) - bads
    if bads > goods:
        warnings.warn(
            f"{bads:,} development cases are bad and {goods:,} good, and most credit files have fewer bads "
            "than goods. Check what [outcome] or outcomes_table calls bad.",
            MoreBadsWarning,
            stacklevel=3,
        )


def _warn_of_suspects(suspects: Sequence[Mapping[str, Any]]) -> None:
    worth = [one["sentence"] for one in suspects if one["what"] in ("too good", "identifier")]
    if worth:
        warnings.warn(" ".join(worth), SuspectColumnWarning, stacklevel=3)


def characteristic(entry: Entry) -> Characteristic:
    """Return an entry of the catalogue as the scorecard engine takes it."""
    return Characteristic(
        entry.id,
        label=entry.label,
        family=entry.family,
        unit=entry.unit,
        direction=entry.direction,  # type: ignore[arg-type]
        kind="number",
        special_codes=dict(entry.special_codes.items()),
        value_names=dict(enumerate(ARREARS)) if entry.unit == "class of lateness" else {},
        missing="no history",
        cap_missing=True,
        # What is unknown or not there must not beat the best that is known.
        capped=tuple(code for code in entry.special_codes if code in (TOO_FEW, NOT_APPLICABLE)),
        reason=entry.reason["en"],
    )


def _options(recipe: Recipe) -> dict[str, Any]:
    scale = recipe.scale
    options: dict[str, Any] = {**recipe.fit.options, "name": recipe.name, "purpose": recipe.purpose}
    if scale.cut_off is not None:
        options["near"] = (scale.cut_off, scale.cut_off + scale.cut_off_band)
    return options


def _calibrate(population: Population, scores: npt.NDArray[np.int64], recipe: Recipe) -> Calibration:
    """Fit score to PD on every case: the line is the card's, and more people tell it more exactly."""
    from plainscore.validation import fit_calibration

    return fit_calibration(
        scores,
        population.bad,
        population=recipe.population.text,
        as_of=max(recipe.population.as_of),
        person=population.person,
    )


def validate_card(
    population: Population,
    card: Card,
    scores: npt.NDArray[np.int64],
    calibration: Calibration,
    recipe: Recipe,
) -> dict[str, Any]:
    """Return the content of reports/validation.json for a card that scored a population."""
    import json

    from plainscore.validation import agreement, comparable, validate

    wish = recipe.validation
    report = dict(
        validate(
            scores=scores,
            bad=population.bad,
            sample_name=population.sample,
            as_of=population.as_of,
            attributes=card.positions(frame(population)),
            card=json.loads(card.to_json()),
            card_id=card.id,
            population=f"{recipe.population.text}. {recipe.bad_means()}",
            person=population.person,
            waterfall=population.waterfall,
            calibration=calibration,
            replicates=wish.replicates,
            seed=wish.seed,
        )
    )
    if wish.agreement and comparable(card):
        report["agreement"] = agreement(
            card,
            frame(population),
            population.bad,
            population.sample,
            person=population.person,
            cut_off=recipe.scale.cut_off,
            replicates=wish.replicates,
            seed=wish.seed,
        )
    return report


def cross_validate(population: Population, recipe: Recipe, entries: Sequence[Entry]) -> dict[str, Any]:
    """Return AUC, Gini and KS of cards that each never saw the people they are tested on.

    Every fold holds whole people, so a person's cases stand on one side only. The cases of all folds
    are ranked together by the PD of the card that did not see them.

    Returns
    -------
    dict
        folds, cases, people, bads, and auc, gini, ks as {value, low, high} decimal strings; the AUC of
        each fold.
    """
    from plainscore.validation import auc, discrimination

    rows = population.rows(DEVELOPMENT)
    person = population.person
    fold = _folds(person, population.bad, recipe.split.folds, recipe.validation.seed)
    risk = np.full(len(rows), np.nan)
    by_fold = []
    for number in range(recipe.split.folds):
        test = rows & (fold == number)
        model = fit(population, rows & (fold != number), recipe, entries)
        values = {name: column[test] for name, column in frame(population).items()}
        risk[test] = model.predict_proba(values)[:, 1]
        by_fold.append(f"{auc(-risk[test], population.bad[test]):.4f}")
    found = discrimination(
        -risk[rows],
        population.bad[rows],
        person=person[rows],
        replicates=recipe.validation.replicates,
        seed=recipe.validation.seed,
    )
    return {
        "folds": recipe.split.folds,
        "cases": int(rows.sum()),
        "people": len(np.unique(person[rows])),
        "bads": int(population.bad[rows].sum()),
        **{
            name: {part: f"{getattr(getattr(found, name), part):.4f}" for part in ("value", "low", "high")}
            for name in ("auc", "gini", "ks")
        },
        "auc_by_fold": by_fold,
    }


def _folds(
    person: npt.NDArray[Any], bad: npt.NDArray[np.int8], folds: int, seed: int
) -> npt.NDArray[np.int64]:
    """Deal people into folds, those with a bad case apart, so that each fold has its share of bads."""
    names, index = np.unique(person, return_inverse=True)
    has_bad = np.zeros(len(names), bool)
    np.logical_or.at(has_bad, index, bad == 1)
    random = np.random.default_rng(seed)
    fold = np.empty(len(names), np.int64)
    for group in (np.flatnonzero(has_bad), np.flatnonzero(~has_bad)):
        fold[random.permutation(group)] = np.arange(len(group)) % folds
    dealt: npt.NDArray[np.int64] = fold[index]
    return dealt
