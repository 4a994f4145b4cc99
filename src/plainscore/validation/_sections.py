"""The sections of a validation report, each from samples to a JSON-able dict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from plainscore.validation._attribute_counts import attribute_counts, attribute_label, correlations
from plainscore.validation._bands import Band, bands, gains, herfindahl, inversions
from plainscore.validation._by_person import Discrimination, Interval, discrimination, roc_points
from plainscore.validation._calibration import Calibration
from plainscore.validation._errors import ValidationError
from plainscore.validation._intervals import effective_counts, jeffreys_p_value
from plainscore.validation._numbers import Floats, Ints, Json, count, measure, share
from plainscore.validation._population_shift import Stability, points_shift, stability_index
from plainscore.validation._reliability import brier, hosmer_lemeshow, predicted_bands, recalibration_line
from plainscore.validation._scored_sample import Sample

Named = Sequence[tuple[str, Sample]]
FEW = 50
STRONG = 0.7
TABLE_STEP = 10
OFFICIAL_TESTS = "ECB 2019, section 2.5"


def discrimination_section(samples: Named, *, replicates: int, seed: int) -> Json:
    """AUC, Gini and KS of each sample, and the test that the AUC has not fallen."""
    rows: list[Json] = []
    found: dict[str, Discrimination] = {}
    for name, cases in samples:
        note = few_note(cases)
        row: Json = {"sample": name, "note": note, "auc": None, "gini": None, "ks": None, "roc": []}
        if cases.bad.any() and not cases.bad.all():
            held = discrimination(
                cases.scores,
                cases.bad,
                weights=cases.weights,
                person=cases.person,
                replicates=replicates,
                seed=seed,
            )
            found[name] = held
            curve = roc_points(cases.scores, cases.bad, weights=cases.weights)
            row |= {
                "auc": interval_json(held.auc),
                "gini": interval_json(held.gini),
                "ks": {**interval_json(held.ks), "at": count(held.ks_at)},
                "replicates_used": held.used,
                "roc": [[measure(x), measure(y)] for x, y in curve],
            }
        rows.append(row)
    return {"samples": rows, "auc_change": _auc_change(list(found.values()))}


def interval_json(held: Interval) -> Json:
    """Write a measure with its bounds."""
    return {"value": measure(held.value), "low": measure(held.low), "high": measure(held.high)}


def _auc_change(found: list[Discrimination]) -> Json | None:
    """One-sided test that the AUC has not fallen since development, with the deviation of the later one."""
    if len(found) < 2 or not found[1].auc_deviation > 0:
        return None
    fall = found[0].auc.value - found[1].auc.value
    statistic = fall / found[1].auc_deviation
    p = 0.5 * math.erfc(statistic / math.sqrt(2.0))
    return {
        "fall": measure(fall),
        "statistic": measure(statistic),
        "p_value": measure(p),
        "source": f"{OFFICIAL_TESTS}.4",
    }


def few_note(cases: Sample) -> str | None:
    """Say in a sentence why a sample carries little, or None."""
    bad_people = np.unique(cases.person[cases.bad == 1]).size
    good_people = np.unique(cases.person[cases.bad == 0]).size
    if not bad_people or not good_people:
        only = "good" if not bad_people else "bad"
        return (
            f"All {len(cases)} cases are {only}: goods and bads cannot be told apart, so nothing is measured."
        )
    if min(bad_people, good_people) < FEW:
        which, people = ("bad", bad_people) if bad_people <= good_people else ("good", good_people)
        return (
            f"Only {people} {'person has' if people == 1 else 'people have'} a {which} outcome: "
            "the intervals are wide and may miss."
        )
    return None


def calibration_section(
    samples: Named,
    published: Calibration | None,
    tested: Calibration | None,
    note: str | None,
    edges: Ints,
    scale: Mapping[str, Any],
) -> Json:
    """Predicted against observed, by band and in total, with the table from score to PD."""
    low, high = int(scale["low"]), int(scale["high"])
    shown = sorted({low, high, *range(low - low % -TABLE_STEP, high + 1, TABLE_STEP)})
    keys = ("score", "pd", "low", "high")
    return {
        "fit": published and published.to_json(),
        "id": published and published.id,
        "tested": tested and tested.to_json(),
        "note": note,
        "pdo_stated": scale.get("pdo"),
        "pdo_observed": published and measure(published.points_to_double_odds()),
        "samples": [
            {"sample": name, **_reliability(cases, tested, edges, low, high, fitted=0 if at else 2)}
            for at, (name, cases) in enumerate(samples)
            if tested
        ],
        "table": [dict(zip(keys, (s, *published.pd_text(s)), strict=True)) for s in shown if published],
    }


def _reliability(cases: Sample, held: Calibration, edges: Ints, low: int, high: int, *, fitted: int) -> Json:
    levels, place = np.unique(cases.scores, return_inverse=True)
    predicted: Floats = np.array([held.pd(s)[0] for s in levels.tolist()])[place]
    found = predicted_bands(cases, predicted, edges, low=low, high=high)
    total = float(cases.weights.sum())
    mean = float((cases.weights * predicted).sum() / total)
    parts = brier(predicted, cases.bad, weights=cases.weights)
    return {
        "bands": [
            {**band_json(one.band), "predicted": share(one.predicted), "p_value": measure(one.p_value)}
            for one in found
        ],
        "predicted": share(mean),
        "observed": share(cases.bad_weight / total),
        "p_value": measure(float(jeffreys_p_value(*effective_counts(cases.weights, cases.bad_weight), mean))),
        "brier": {k: share(v) for k, v in vars(parts).items()},
        "line": _line(cases, predicted),
        "hosmer_lemeshow": _hosmer_lemeshow(found, fitted),
    }


def _line(cases: Sample, predicted: Floats) -> Json | None:
    try:
        line = recalibration_line(predicted, cases.bad, weights=cases.weights, person=cases.person)
    except ValidationError:
        return None
    return {
        "slope": measure(line.slope),
        "slope_error": measure(line.variance_slope**0.5),
        "intercept": measure(line.intercept),
        "intercept_error": measure(line.variance_intercept**0.5),
    }


def _hosmer_lemeshow(found: Any, fitted: int) -> Json | None:
    try:
        test = hosmer_lemeshow(found, fitted=fitted)
    except ValidationError:
        return None
    return {
        "statistic": measure(test.statistic),
        "degrees": test.degrees,
        "p_value": measure(test.p_value),
    }


def band_json(band: Band) -> Json:
    """Write a band."""
    return {
        "from": band.from_score,
        "to": band.to_score,
        "cases": band.cases,
        "people": band.people,
        "goods": count(band.goods),
        "bads": count(band.bads),
        "bad_rate": share(band.rate),
        "low": share(band.low),
        "high": share(band.high),
    }


def distribution_section(samples: Named, edges: Ints) -> Json:
    """Cases and bads over even bars of the card's range."""
    rows = []
    for name, cases in samples:
        place = np.clip(np.searchsorted(edges, cases.scores, side="right") - 1, 0, edges.size - 2)
        total = np.bincount(place, weights=cases.weights, minlength=edges.size - 1)
        bad = np.bincount(place, weights=cases.weights * cases.bad, minlength=edges.size - 1)
        rows.append(
            {
                "sample": name,
                "cases": np.bincount(place, minlength=edges.size - 1).tolist(),
                "bads": [count(v) for v in bad.tolist()],
                "shares": [share(v) for v in (total / total.sum()).tolist()],
            }
        )
    return {"edges": edges.tolist(), "samples": rows}


def gains_section(samples: Named, edges: Ints, *, low: int, high: int) -> list[Json]:
    """Bands from the riskiest up: shares, lift, rank order and concentration."""
    rows = []
    for name, cases in samples:
        found = bands(cases, edges, low=low, high=high)
        row: Json = {
            "sample": name,
            "bands": [band_json(b) for b in found],
            "inversions": [],
            "herfindahl": None,
        }
        if cases.bad.any():
            for written, (all_, bads_, lift) in zip(row["bands"], gains(found), strict=True):
                written |= {"share_cases": share(all_), "share_bads": share(bads_), "lift": measure(lift)}
            row["inversions"] = [
                {"lower": one.from_score, "upper": two.from_score, "beyond_chance": two.low > one.high}
                for one, two in inversions(found)
            ]
        if len(found) > 1:
            row["herfindahl"] = measure(herfindahl([b.goods + b.bads for b in found]))
        rows.append(row)
    return rows


def stability_section(
    samples: Named,
    edges: Ints,
    card: Mapping[str, Any],
    attributes: Sequence[Mapping[str, Ints]],
    *,
    low: int,
    high: int,
) -> Json | None:
    """Out of time against development: the score in its bands, and each characteristic in its attributes."""
    if len(samples) < 2:
        return None
    counts = [
        np.bincount(np.searchsorted(edges, cases.scores, side="right"), minlength=edges.size + 1)
        for _, cases in samples
    ]
    rows = []
    for characteristic in card["characteristics"]:
        held = characteristic["attributes"]
        before, now = (np.bincount(a[characteristic["id"]], minlength=len(held)) for a in attributes)
        # Attributes that nobody ever fell in are no bins: they would only dilute the chance level.
        seen = (before + now) > 0
        points = np.array([a["points"] for a in held])
        index = stability_index(before[seen], now[seen])
        rows.append(
            {
                "id": characteristic["id"],
                "label": characteristic.get("label") or characteristic["id"],
                **_index(index),
                "points_shift": measure(points_shift(before, now, points)),
                "counts": [before.tolist(), now.tolist()],
            }
        )
    starts = [low, *edges.tolist()]
    return {
        "compared": [name for name, _ in samples],
        "score": {**_index(stability_index(*counts)), "from": starts, "counts": [c.tolist() for c in counts]},
        "characteristics": rows,
        "note": "Counts of cases, a half added to each bin. Below 0.10 stable, to 0.25 watch, above: shift; "
        "an index that samples of this size exceed once in twenty without any shift is within chance.",
    }


def _index(found: Stability) -> Json:
    return {"index": measure(found.index), "chance": measure(found.chance), "verdict": found.verdict}


def points_section(
    samples: Named, card: Mapping[str, Any], attributes: Sequence[Mapping[str, Ints]]
) -> list[Json]:
    """Every attribute of the card with its points, counts and bad rates."""
    rows = []
    for characteristic in card["characteristics"]:
        held = characteristic["attributes"]
        counted = [
            (name, attribute_counts(cases, place[characteristic["id"]], len(held)))
            for (name, cases), place in zip(samples, attributes, strict=True)
        ]
        rows.append(
            {
                "id": characteristic["id"],
                "label": characteristic.get("label") or characteristic["id"],
                "family": characteristic.get("family", ""),
                "attributes": [
                    {
                        "label": attribute_label(a),
                        "points": int(a["points"]),
                        "samples": {name: found[i] for name, found in counted},
                    }
                    for i, a in enumerate(held)
                ],
            }
        )
    return rows


def correlation_section(card: Mapping[str, Any], attributes: Mapping[str, Ints]) -> Json:
    """How far the points of two characteristics move together in the development cases."""
    points = {
        c["id"]: np.array([a["points"] for a in c["attributes"]], dtype=np.int64)[attributes[c["id"]]]
        for c in card["characteristics"]
    }
    pairs = correlations(points)
    strong = sum(abs(r) >= STRONG for _, _, r in pairs)
    return {
        "pairs": [{"first": a, "second": b, "correlation": measure(r)} for a, b, r in pairs[:10]],
        "strong": strong,
        "note": f"{strong} of {len(pairs)} pairs of characteristics have points correlated at {STRONG} or "
        "more, unweighted, in development.",
    }


def limits_section(samples: Named) -> list[str]:
    """Say what these figures do not show."""
    found = [
        "Development figures are measured on the cases that the card was built on, and flatter it. "
        "The out-of-time figures are the ones to judge by."
        if len(samples) > 1
        else "There is no out-of-time sample: all figures are from the cases the card was built on."
    ]
    if any(cases.people < len(cases) for _, cases in samples):
        found.append(
            "Some people appear at several dates. Bootstrap intervals and calibration errors allow for it; "
            "the Jeffreys and Hosmer-Lemeshow figures take cases as independent and are too sure."
        )
    if any(float(np.ptp(cases.weights)) > 0 for _, cases in samples):
        found.append("Cases are weighted. Jeffreys intervals use the effective number of cases (Kish).")
    found.append(
        "Only cases with a known good or bad outcome are measured. How people left out or turned away "
        "would have repaid is not known."
    )
    found.append(
        "The bootstrap redraws people and keeps the card: doubt about the card's own points is left out."
    )
    found += [f"{name.capitalize()}: {note}" for name, cases in samples if (note := few_note(cases))]
    return found
