"""The page of a card: for whoever must decide whether to trust it, with every number traceable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import rfc8785
from markupsafe import Markup

from plainscore.characteristics import FAMILIES
from plainscore.figures import (
    Bars,
    RatePoint,
    Series,
    bar_chart,
    calibration_plot,
    inline_bar,
    percent,
    roc_curve,
    row_chart,
)
from plainscore.pages._build_labels import build_lines
from plainscore.pages._environment import drawing, render
from plainscore.pages._errors import PageError
from plainscore.pages._language import Language
from plainscore.reasons import possible_range
from plainscore.scorecard import Card
from plainscore.validation import VALIDATION_SCHEMA

Record = Mapping[str, Any]
ENGLISH = Language("en")
SHOWN_SCORES = 50


def model_page(card: Record, validation: Record, *, build: Record | None = None) -> str:
    """Make the page of a card from its own JSON and the content of its validation report.

    Parameters
    ----------
    card : mapping
        The card's JSON, schema ``plainscore/card/1``.
    validation : mapping
        What `plainscore.validation.validate` gave for that card; ``cross_validation`` may be added, with
        folds, cases, people, and auc, gini and ks as value, low and high.
    build : mapping, optional
        The build log; what it was built from and how is printed, so that a figure leads back to a run.

    Returns
    -------
    str
        One HTML document that needs no network and no script.

    Raises
    ------
    PageError
        If the validation has another schema, or measured other characteristics or points than the card has.
    """
    _check(card, validation)
    names = [row["name"] for row in validation["samples"]]
    values = {
        "card": card,
        "v": validation,
        "samples": names,
        "possible": _possible(card, validation),
        "families": _families(validation),
        "grids": _grids(card),
        "excluded": _waterfall(validation["waterfall"]),
        "roc": _roc(validation),
        "calibration": _calibration(validation),
        "distribution": _distribution(validation),
        "table": _score_table(validation),
        "cross": validation.get("cross_validation"),
        "agreement": validation.get("agreement"),
        "told": _told(validation.get("agreement")),
        "baselines": _baselines(card),
        "build": build_lines(build or {}),
        "bar": lambda value, low, high: drawing(inline_bar(float(value), low=low, high=high)),
        "rate": rate,
    }
    return render("model.html.j2", ENGLISH, **values)


def _check(card: Record, validation: Record) -> None:
    if validation.get("schema") != VALIDATION_SCHEMA:
        raise PageError("this is not a validation report: give the content of reports/validation.json")
    points = {c["id"]: [int(a["points"]) for a in c["attributes"]] for c in card["characteristics"]}
    measured = {c["id"]: [a["points"] for a in c["attributes"]] for c in validation["points"]}
    if points != measured:
        raise PageError(
            "the validation report measured another points table than this card's: validate this card"
        )


def interval(found: Record) -> str:
    """Write a measure with its interval, digit for digit as the report has it."""
    if found["low"] is None:
        return f"{found['value']} (no interval)"
    return f"{found['value']} ({found['low']} to {found['high']})"


def rate(found: Record) -> str:
    """Write a bad rate with its interval as percentages."""
    if found["bad_rate"] is None:
        return "–"
    low, high = (f"{100 * float(found[k]):.1f}" for k in ("low", "high"))
    return f"{100 * float(found['bad_rate']):.1f}% ({low} to {high})"


def _possible(card: Record, validation: Record) -> tuple[int, int]:
    """Give the lowest and highest sum of points over attributes that a development case had."""
    sample = validation["samples"][0]["name"]
    seen = {
        one["id"]: [a for a in one["attributes"] if a["samples"][sample]["cases"]]
        for one in validation["points"]
    }
    if card.get("grids"):  # cells hang together with the rest
        labels = {name: frozenset(a["label"] for a in held) for name, held in seen.items()}
        return possible_range(Card.from_json(rfc8785.dumps(dict(card))), labels)
    each = [[int(a["points"]) for a in held] for held in seen.values()]
    base = int(card["base_points"])
    return base + sum(min(points) for points in each), base + sum(max(points) for points in each)


def _grids(card: Record) -> list[dict[str, Any]]:
    """Give each two-way table with the labels of its sides and of their attributes."""
    by_id = {one["id"]: one for one in card["characteristics"]}
    return [
        {
            "grid": grid,
            "first": by_id[grid["first"]],
            "second": by_id[grid["second"]],
            "rows": list(zip(by_id[grid["first"]]["attributes"], grid["points"], strict=True)),
        }
        for grid in card.get("grids", ())
    ]


def _families(validation: Record) -> list[dict[str, Any]]:
    found = [c["family"] for c in validation["points"]]
    order = [f for f in FAMILIES if f in found] + sorted(set(found) - set(FAMILIES))
    points = [a["points"] for c in validation["points"] for a in c["attributes"]]
    return [
        {
            "name": ENGLISH.plain("family", family),
            "characteristics": [c for c in validation["points"] if c["family"] == family],
            "low": min(points),
            "high": max(points),
        }
        for family in order
    ]


def _waterfall(steps: Sequence[Record]) -> Markup | None:
    if not steps:
        return None
    names = [("− " if s["kind"] == "removed" else "") + s["label"] for s in steps]
    told = "; ".join(f"{name}: {s['cases']}" for name, s in zip(names, steps, strict=True))
    return drawing(
        row_chart(
            names,
            [float(s["cases"]) for s in steps],
            title="From the population to the cases that were used",
            desc=f"{told}.",
            value_format=lambda v: f"{v:,.0f}",
        )
    )


def _roc(validation: Record) -> Markup | None:
    curves = [
        Series(
            f"{row['sample'].capitalize()}: AUC {interval(row['auc'])}",
            [float(x) for x, _ in row["roc"]],
            [float(y) for _, y in row["roc"]],
        )
        for row in validation["discrimination"]["samples"]
        if row["roc"]
    ]
    if not curves:
        return None
    told = "; ".join(c.name for c in curves)
    return drawing(roc_curve(curves, title="ROC curves", desc=f"{told}. The diagonal is chance.", height=380))


def _calibration(validation: Record) -> Markup | None:
    groups = [
        (
            str(row["sample"]).capitalize(),
            [
                RatePoint(*(float(b[k]) for k in ("predicted", "bad_rate", "low", "high")))
                for b in row["bands"]
            ],
        )
        for row in validation["calibration"]["samples"]
    ]
    if not groups:
        return None
    inside = "; ".join(
        f"{name}: the interval holds the prediction in "
        f"{sum(p.low <= p.predicted <= p.high for p in points)} of {len(points)} bands"
        for name, points in groups
    )
    return drawing(
        calibration_plot(
            groups,
            title="Predicted and observed bad rates by score band",
            desc=f"With 95% Jeffreys intervals. {inside}.",
            x_label="predicted bad rate (log-odds scale)",
            y_label="observed bad rate, 95% interval",
        )
    )


def _distribution(validation: Record) -> Markup:
    held = validation["distribution"]
    bars = [Bars(str(r["sample"]).capitalize(), [float(s) for s in r["shares"]]) for r in held["samples"]]
    drawn = bar_chart(
        [str(edge) for edge in held["edges"][:-1]],
        bars,
        title="Score distribution",
        desc=_peak(held["edges"], bars),
        x_label="score, lower end of each bar",
        y_label="share of cases",
        y_format=percent,
    )
    return drawing(drawn)


def _peak(edges: Sequence[int], bars: Iterable[Bars]) -> str:
    told = []
    for one in bars:
        top = max(range(len(one.values)), key=lambda i: one.values[i])
        told.append(
            f"{one.name}: most cases, {percent(one.values[top])}, from {edges[top]} to {edges[top + 1] - 1}"
        )
    return "; ".join(told) + "."


def _score_table(validation: Record) -> dict[str, list[Record]]:
    rows = validation["calibration"]["table"]
    brief = [r for i, r in enumerate(rows) if r["score"] % SHOWN_SCORES == 0 or i in (0, len(rows) - 1)]
    return {"brief": brief, "all": rows}


def _told(agreement: Record | None) -> dict[str, Any] | None:
    """Choose whose reasons the page compares by characteristic: those below the cut-off, if there is one."""
    if agreement is None:
        return None
    limit = agreement["reasons"]["cut_off"]
    groups = [g for g in agreement["reasons"]["groups"] if g["below"] == limit and g["with_reasons"]]
    if not groups:
        return None
    newest = groups[-1]
    lone = {
        key: max(newest["characteristics"], key=lambda c: c[key]) for key in ("card_only", "challenger_only")
    }
    rows = zip(*(g["characteristics"] for g in groups), strict=True)
    return {"groups": groups, "newest": newest, "lone": lone, "rows": list(rows)}


def _baselines(card: Record) -> list[dict[str, Any]]:
    found = []
    for name, held in sorted(card.get("baselines", {}).items()):
        many = int(held["count"])
        means = {k: int(s) / many for k, s in held.get("sums", {}).items()} if many else {}
        score = int(card["base_points"]) + sum(means.values()) if means else None
        found.append({"name": name, **held, "score": None if score is None else f"{score:.1f}"})
    return found
