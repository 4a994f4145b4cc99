"""A validation report on the card of these tests, and its comparison of reasons."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from plainscore.validation import validate

from ._shown_decision import BASE, make_card


def make_validation(cases: int = 6000) -> dict[str, Any]:
    """Measure the sample card on seeded cases: what reports/validation.json holds."""
    card = make_card()
    rng = np.random.default_rng(21)
    chosen = {c["id"]: rng.integers(0, len(c["attributes"]), cases) for c in card["characteristics"]}
    chosen["kinds"][cases * 2 // 3 :] = 1
    points = {c["id"]: np.array([a["points"] for a in c["attributes"]]) for c in card["characteristics"]}
    scores = BASE + sum(points[name][place] for name, place in chosen.items())
    bad = rng.random(cases) < 1 / (1 + np.exp(2.0 + (scores - 560) / 52))
    development = np.arange(cases) < cases * 2 // 3
    return validate(
        scores=scores,
        bad=bad.astype(int),
        sample_name=np.where(development, "development", "out of time"),
        as_of=[date(2022, 12, 31) if d else date(2023, 12, 31) for d in development],
        attributes=chosen,
        person=np.arange(cases) // 2,
        card=card,
        card_id="3f" * 32,
        population="simulated people with at least one open account",
        waterfall=[
            {"label": "Cases at the as-of dates", "kind": "start", "cases": 7210},
            {"label": "Already bad at the as-of date", "kind": "removed", "cases": 540},
            {"label": "Deceased or fraud block", "kind": "removed", "cases": 12},
            {"label": "Too few months of performance", "kind": "removed", "cases": 381},
            {"label": "Indeterminate: 30 to 59 days late at worst", "kind": "removed", "cases": 277},
            {"label": "Kept", "kind": "kept", "cases": 6000},
        ],
        replicates=100,
    )


def make_agreement() -> dict[str, Any]:
    """Give the section that compares reasons, as `agreement` writes it, with counts made by hand."""
    spread = {"value": "0.0112", "low": "-0.0191", "high": "0.0324"}
    named = [(c["id"], c["label"]) for c in make_card()["characteristics"]]

    def group(sample: str, below: int | None, cases: int) -> dict[str, Any]:
        counts = [
            {
                "id": id,
                "label": label,
                "both": cases - 9 * at,
                "card_only": 3 * at,
                "challenger_only": 50 - at,
            }
            for at, (id, label) in enumerate(named)
        ]
        measures = {"shared": "3.1389", "by_chance": "1.7778", "named_by_card": "4.0000"}
        shares = {"same_first": "0.645833", "first_among": "0.979167", "named_by_challenger": "3.9000"}
        about = {"sample": sample, "below": below, "cases": cases + 1, "with_reasons": cases}
        return {**about, **measures, **shares, "characteristics": counts}

    samples = ("development", "out of time")
    shap = {"cases": 200, "background": 50, "coalitions": 512, "largest_difference": "0.000000"}
    return {
        "baseline": {"name": "all applicants", "cases": 4000, "is_development": True},
        "card": {**shap, "unit": "points"},
        "challenger": {
            "model": "scikit-learn HistGradientBoostingClassifier",
            "settings": {"max_iter": "100", "learning_rate": "0.05", "max_leaf_nodes": "8", "max_depth": "3"},
            "shap": {**shap, "cases": 10, "unit": "log-odds"},
        },
        "auc": [
            {"sample": name, "card": spread, "challenger": spread, "difference": spread} for name in samples
        ],
        "reasons": {
            "count": 4,
            "cut_off": 580,
            "groups": [
                group(name, below, 144 + 1000 * (below is None)) for below in (580, None) for name in samples
            ],
        },
        "note": "The challenger is fitted again at every check.",
    }
