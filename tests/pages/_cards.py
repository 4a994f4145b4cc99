"""A card with every kind of characteristic, and people who meet everything that a card can meet."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np

from plainscore.scorecard import (
    ALL_APPLICANTS,
    Attribute,
    Baseline,
    Card,
    CardCharacteristic,
    Grid,
    Scale,
)

SHARES = ("share", "share of limit", "change in share of limit")
HOSTILE = "</script><b>late</b> & \"quoted\" 'it'"
KINDS = ("card", "loan", "a, b", 'say "x"', "0")


def numbers(
    name: str,
    unit: str,
    edges: list[float],
    points: list[int],
    states: dict[float, str] | None = None,
    **more: Any,
) -> CardCharacteristic:
    """Make a characteristic of numbers; `points` are of the ranges, missing, the states and the rest."""
    given = iter(points)
    bounds = [None, *edges, None]
    ranges = [Attribute("range", next(given), f"{a} up to {b}", a, b) for a, b in pairwise(bounds)]
    missing = Attribute("missing", next(given), "no history")
    named = [Attribute("special", next(given), text, code=code) for code, text in (states or {}).items()]
    rest = Attribute("out_of_range", next(given), "out of range")
    known = {"label": name, "family": "amounts owed", "direction": "none", "type": "number", "reason": ""}
    return CardCharacteristic(
        id=name, unit=unit, attributes=(*ranges, missing, *named, rest), **{**known, **more}
    )


def levels(name: str, groups: list[tuple[str, ...]], points: list[int], kind: str) -> CardCharacteristic:
    """Make a characteristic of levels or of yes and no."""
    found = [Attribute("levels", p, ", ".join(g), levels=g) for g, p in zip(groups, points, strict=False)]
    code = [Attribute("special", 4, "asked, not told", code="-9")] if kind == "levels" else []
    attributes = (
        *found,
        Attribute("missing", points[-2], "none"),
        *code,
        Attribute("unseen", points[-1], "new"),
    )
    return CardCharacteristic(name, name, "credit mix", "", "none", kind, "", attributes)


def any_card(*, grid: bool = False, label: str = HOSTILE) -> Card:
    """Make a card with every kind of characteristic, a hostile label and, if asked, a two-way table."""
    parts = (
        numbers("limited", "accounts", [1.0, 2.5, 7.0], [30, 20, 10, 0, 15, 5], least=0.0, most=20.0),
        numbers("change", "change in share of limit", [-0.07, 0.0, 0.29], [25, 20, 9, -3, 11, 8, 11],
                {-9_999_002.0: HOSTILE}, label=label),
        numbers("worst", "class of lateness", [1.0, 3.0], [40, 10, 0, 20, 18, 20],
                {-9_999_003.0: "too few known months"}, family="payment history"),
        numbers("many", "EUR", [1e-7, 1234.5, 1e15], [1, 2, 3, 4, 5, 6]),
        levels("kind", [KINDS[:2], KINDS[2:4], KINDS[4:]], [12, 7, 3, 5, 1], "levels"),
        levels("joint", [("true",), ("false",)], [6, 0, 3, 3], "boolean"),
        numbers("opened", "", [2020 * 12.0, 2024 * 12.0 + 2], [9, 5, 0, 4, 2], type="month",
                least=1990 * 12.0, most=None, family="new credit"),
    )  # fmt: skip
    grids = ()
    if grid:
        one, two = parts[0], parts[5]
        cells = tuple(
            tuple((3 * i - 2 * j) % 5 for j in range(len(two.attributes))) for i in range(len(one.attributes))
        )
        grids = (Grid("limited & joint", "limited and joint together", "limited", "joint", "", cells),)
    card = Card(
        "Every kind <of> card", "demonstration", {}, "2027-01-31", Scale("600", "20", "40", 0, 0), 300, parts,
        grids=grids,
    )  # fmt: skip
    low, high = card.attainable()
    sums = {one.id: sum(each.points for each in one.attributes) for one in parts}
    sums |= {one.id: sum(map(sum, one.points)) for one in grids}
    baseline = Baseline(4, sums, "made up", "2026-01-31")
    return replace(card, scale=Scale("600", "20", "40", low, high), baselines={ALL_APPLICANTS: baseline})


def _numbers_met(one: CardCharacteristic, rng: np.random.Generator) -> list[Any]:
    """Give values at edges, beside and between them, named, missing and out of range."""
    edges = [float(edge) for edge in one.edges]
    spans = [(edges[0] - 1, edges[0]), *pairwise(edges), (edges[-1], 2 * abs(edges[-1]) + 1)] if edges else []
    limits = [one.least - 1 if one.least is not None else -math.inf]
    limits += [one.most + 1 if one.most is not None else math.inf, math.inf]
    return [
        *edges,
        *(math.nextafter(edge, way) for edge in edges for way in (-math.inf, math.inf)),
        *(float(rng.uniform(a, b)) for a, b in spans),
        *(each.code for each in one.attributes if each.kind == "special"),
        *(edge for edge in (one.least, one.most) if edge is not None),
        *limits,
        None,
        math.nan,
        -0.0,
    ]


def _met(one: CardCharacteristic, rng: np.random.Generator) -> list[Any]:
    if one.type == "boolean":
        return [True, False, None]
    if one.type == "levels":
        return [*KINDS, "-9", "castle", "Card", "", None]
    if one.type == "month":
        return ["2019-12", "2020-01", "2024-02", "2024-03", "2031-1", "1989-12", "1990-01", None]
    return _numbers_met(one, rng)


def people(card: Card, count: int, seed: int) -> list[dict[str, Any]]:
    """Draw people: each characteristic uniformly from everything that it can meet."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        met = {one.id: _met(one, rng) for one in card.characteristics}
        found.append({name: values[rng.integers(len(values))] for name, values in met.items()})
    return found


def typed(one: CardCharacteristic, rng: np.random.Generator, *, comma: bool = False) -> tuple[str, str, Any]:
    """Draw an answer to one question: how it is given, the text, and the engine's value for it."""
    states = [each for each in one.attributes if each.kind == "special"]
    known = len(states) and rng.random() < 0.25
    if known:
        each = states[rng.integers(len(states))]
        return "choose", f"level:{each.code}" if one.type == "levels" else f"code:{int(each.code)}", each.code
    if rng.random() < 0.15:
        return "choose", "missing", None
    if one.unit == "class of lateness":
        number = int(rng.integers(6))
        return "choose", f"code:{number}", number
    if one.type in ("levels", "boolean", "month"):
        value = [v for v in _met(one, rng) if v is not None and v != "" and v != "-9"]
        value = value[rng.integers(len(value))]
        if one.type == "month":
            return "type", value, value
        if one.type == "levels" and value not in KINDS:
            return "choose", "other", value
        return "choose", f"level:{str(value).lower() if one.type == 'boolean' else value}", value
    return _typed_number(one, rng, comma=comma)


def _typed_number(one: CardCharacteristic, rng: np.random.Generator, *, comma: bool) -> tuple[str, str, Any]:
    """Draw a decimal text, half of them exactly an edge or one unit in its last place beside it."""
    hundred = 100 if one.unit in SHARES else 1
    if one.edges and rng.random() < 0.5:
        edge = Decimal(repr(one.edges[rng.integers(len(one.edges))])) * hundred
        exact = edge + int(rng.integers(-1, 2)) * Decimal(1).scaleb(edge.as_tuple().exponent)  # type: ignore[operator, arg-type]
    else:
        top = max([1.0, *map(abs, one.edges)]) * 2
        exact = Decimal(str(round(float(rng.uniform(-0.1 if one.unit in SHARES else 0, top)), 5))) * hundred
    text = format(exact, "f")
    return "type", text.replace(".", ",") if comma else text, float(exact / hundred)
