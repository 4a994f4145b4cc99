"""Whether a card's reasons are SHAP's, and whether a more flexible model would name the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from plainscore.scorecard import ALL_APPLICANTS
from plainscore.validation._by_person import REPLICATES, SEED, auc_difference, discrimination
from plainscore.validation._challenger import SETTINGS, beside_shap, challenge
from plainscore.validation._errors import ValidationError
from plainscore.validation._numbers import Floats, Ints, Json, measure, share
from plainscore.validation._overlap import overlap
from plainscore.validation._report import DEVELOPMENT, ORDER
from plainscore.validation._scored_sample import outcome_of
from plainscore.validation._sections import interval_json

if TYPE_CHECKING:
    from plainscore.scorecard import Card

REASONS: Final = 4
NOTE: Final = (
    "The challenger is fitted again at every check, in one thread. Its last digits may differ between kinds "
    "of processor, and with them, in rare cases, a reason of its own; the card's points are whole numbers, "
    "which do not."
)


@dataclass(frozen=True)
class Beside:
    """Cases with what the card and the challenger make of them."""

    bad: Ints
    person: npt.NDArray[Any]
    scores: Ints
    log_odds: Floats
    own: Ints
    theirs: Ints

    def at(self, rows: npt.NDArray[np.bool_]) -> Beside:
        """Take the cases of a mask."""
        return Beside(**{name: held[rows] for name, held in vars(self).items()})


def agreement(
    card: Card,
    values: Mapping[str, npt.ArrayLike],
    bad: npt.ArrayLike,
    sample_name: npt.ArrayLike,
    *,
    person: npt.ArrayLike | None = None,
    cut_off: int | None = None,
    baseline: str = ALL_APPLICANTS,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> Json:
    """Compare a card's reasons with SHAP's own values, and with the reasons of boosted trees.

    The challenger is scikit-learn's histogram boosting, fitted on the development cases with the card's own
    characteristics and no constraint. Its reasons are the interventional SHAP values of its log-odds that
    speak for bad, against the development cases, which are the card's baseline too.

    Parameters
    ----------
    card : Card
        Without two-way tables, of which SHAP has no part.
    values : mapping of str to array of float, shape (n,)
        Each characteristic of the card, for all cases.
    bad, sample_name, person : array of shape (n,)
        As in `validate`.
    cut_off : int, optional
        People who score below it are told reasons; they are counted apart.
    baseline : str
        Which baseline of the card its reasons are measured against.
    replicates, seed : int
        Of the bootstrap by person; `seed` draws the cases that are shown to SHAP as well.

    Returns
    -------
    dict
        Integers, strings, truth values, None, lists and dicts only.

    Raises
    ------
    ValidationError
        If the card has two-way tables, levels or no such baseline, an outcome is not 0 or 1, or the
        development cases are all good or all bad.

    References
    ----------
    Lundberg, S. M. and Lee, S.-I. (2017). A unified approach to interpreting model predictions. NeurIPS 30.
    Janzing, D., Minorics, L. and Bloebaum, P. (2020). Feature relevance quantification in explainable AI: a
    causal problem. AISTATS (why the background is independent of the case).
    """
    from threadpoolctl import threadpool_limits

    _check(card, baseline)
    columns = {one.id: np.asarray(values[one.id], dtype=np.float64) for one in card.characteristics}
    rows, samples = np.column_stack(list(columns.values())), np.asarray(sample_name)
    outcome = outcome_of(bad)
    built_on = np.flatnonzero(samples == DEVELOPMENT)
    if len(np.unique(outcome[built_on])) < 2:
        raise ValidationError("a challenger needs goods and bads among the development cases: leave it out")
    with threadpool_limits(1):  # sums in parallel would be rounded otherwise with every number of threads
        model, log_odds, theirs = challenge(rows, outcome, built_on, REASONS)
        of_card, of_trees = beside_shap(card, model, rows, built_on, seed=seed)
    every = Beside(
        bad=outcome,
        person=np.arange(len(rows)) if person is None else np.asarray(person),
        scores=card.score(columns),
        log_odds=log_odds,
        own=card.top_reasons(columns, baseline, REASONS).astype(np.int64),
        theirs=theirs,
    )
    parts = {name: every.at(samples == name) for name in ORDER if (samples == name).any()}
    based_on = {name: column[built_on] for name, column in columns.items()}
    return {
        "baseline": {
            "name": baseline,
            "cases": len(built_on),
            "is_development": _is_baseline(card, baseline, based_on),
        },
        "card": of_card,
        "challenger": {
            "model": "scikit-learn HistGradientBoostingClassifier",
            "settings": {name: str(value) for name, value in SETTINGS.items()},
            "shap": of_trees,
        },
        "auc": [_auc_row(name, one, replicates, seed) for name, one in parts.items()],
        "reasons": {"count": REASONS, "cut_off": cut_off, "groups": list(_groups(card, parts, cut_off))},
        "note": NOTE,
    }


def comparable(card: Card, baseline: str = ALL_APPLICANTS) -> bool:
    """Say whether `agreement` can be measured for a card."""
    return (
        not card.grids
        and baseline in card.baselines
        and all(c.type == "number" for c in card.characteristics)
    )


def _check(card: Card, baseline: str) -> None:
    if not comparable(card, baseline):
        raise ValidationError(
            f"reasons are compared for a card of plain numbers with a baseline {baseline!r}, without two-way "
            "tables: leave the comparison out for this card"
        )


def _is_baseline(card: Card, baseline: str, columns: Mapping[str, Floats]) -> bool:
    """Say whether a baseline of the card is that of these cases, point for point."""
    again = card.with_baseline(baseline, columns, population="", date="").baselines[baseline]
    held = card.baselines[baseline]
    return (dict(held.sums), held.count) == (dict(again.sums), again.count)


def _auc_row(name: str, cases: Beside, replicates: int, seed: int) -> Json:
    """Write the AUC of both models on one sample, and by how much the card's is higher."""
    row: Json = {"sample": name, "card": None, "challenger": None, "difference": None}
    if len(np.unique(cases.bad)) < 2:
        return row
    resampled: dict[str, Any] = {"person": cases.person, "replicates": replicates, "seed": seed}
    found = {
        "card": discrimination(cases.scores, cases.bad, **resampled).auc,
        "challenger": discrimination(-cases.log_odds, cases.bad, **resampled).auc,
        "difference": auc_difference(cases.scores, -cases.log_odds, cases.bad, **resampled),
    }
    return row | {key: interval_json(one) for key, one in found.items()}


def _groups(card: Card, parts: Mapping[str, Beside], cut_off: int | None) -> Iterator[Json]:
    """Yield the comparison for those below the cut-off, then for all, in each sample."""
    for limit in [None] if cut_off is None else [cut_off, None]:
        for name, cases in parts.items():
            some = cases if limit is None else cases.at(cases.scores < limit)
            yield {"sample": name, "below": limit, **_group(card, some)}


def _group(card: Card, cases: Beside) -> Json:
    found = overlap(cases.own, cases.theirs, len(card.characteristics))
    many = found.cases or float("nan")
    return {
        "cases": len(cases.bad),
        "with_reasons": found.cases,
        "same_first": share(found.same_first / many),
        "first_among": share(found.first_among / many),
        "shared": measure(found.shared / many),
        "by_chance": measure(found.by_chance / many),
        "named_by_card": measure(found.named / many),
        "named_by_challenger": measure(found.others / many),
        "characteristics": [
            {
                "id": one.id,
                "label": one.label,
                "both": int(found.both[at]),
                "card_only": int(found.own[at]),
                "challenger_only": int(found.theirs[at]),
            }
            for at, one in enumerate(card.characteristics)
        ],
    }
