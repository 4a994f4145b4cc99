"""Cards of every kind for the exports, and the points they must give."""

from __future__ import annotations

import itertools
import math
import string
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import strategies as st

from plainscore.rules import denied_category
from plainscore.scorecard import ALL_APPLICANTS, Attribute, Baseline, Card, CardCharacteristic, Grid, Scale

NASTY = (
    'say "so"', "it's", "<b> & </b>", "=1+1", "+1", "@now", "back\\slash", "/* in */ out", "-- end", "a;b",
    "{{x}}", "%s %(y)s", "${z}", "naïve ☂ 信用", "two  spaces", " led by one", "`tick`", "[bracket]",
    "new\nline", "tab\tbed",
    "$$", "?", ":name", "TRUE", "Card", "card", "]]>", "#N/A", "nan", "null", "x'y\"z\\",
)  # fmt: skip
"""Texts that mean something to SQL, XML, spreadsheets or templates, and must not."""
POINTS = st.integers(-20, 99)
NUMBERS = st.one_of(
    st.floats(-1e6, 1e6).map(lambda value: round(value, 2)), st.floats(-1e12, 1e12, allow_subnormal=False)
)
TEXTS = st.one_of(
    st.sampled_from(NASTY), st.text(string.printable[:95] + "éß漢☂\n\t", min_size=1, max_size=8)
).filter(lambda text: denied_category(text) is None)
"""Any text but one that no card may score on: Hypothesis draws words of the code too, such as FAMILIES."""
LEVELS = st.one_of(TEXTS, st.integers(-3, 12).map(str), st.sampled_from(["2.5", "1e3", "007", "3.0"]))


def card_of(*characteristics, base=300, grids=(), name="test"):
    """Wrap characteristics and two-way tables in a card with a baseline."""
    card = Card(
        name, "testing", {}, "2027-01-31", Scale("600", "20", "40", 0, 0), base, characteristics,
        grids=tuple(grids),
    )  # fmt: skip
    low, high = card.attainable()
    sums = {one.id: sum(each.points for each in one.attributes) for one in characteristics}
    sums |= {one.id: sum(map(sum, one.points)) for one in grids}
    baseline = Baseline(7, sums, "made up", "2026-01-31")
    return replace(card, scale=Scale("600", "20", "40", low, high), baselines={ALL_APPLICANTS: baseline})


def _attributes(draw, bins, specials, rest):
    return (
        *bins,
        Attribute("missing", draw(POINTS), draw(TEXTS)),
        *(Attribute("special", draw(POINTS), f"code {code}", code=code) for code in specials),
        Attribute(rest, draw(POINTS), draw(TEXTS)),
    )


@st.composite
def numbers(draw, name):
    """Give a characteristic of numbers with any edges, special codes and limits."""
    edges = sorted(draw(st.sets(NUMBERS, max_size=6)))
    bounds = [None, *edges, None]
    bins = [Attribute("range", draw(POINTS), draw(TEXTS), a, b) for a, b in itertools.pairwise(bounds)]
    codes = draw(st.lists(st.sampled_from([-9999001.0, -8.0, 0.0, 5.5]), unique=True, max_size=3))
    least, most = draw(st.sampled_from([(None, None), (-100.5, 100.0), (0.0, None), (None, 1e5)]))
    attributes = _attributes(draw, bins, codes, "out_of_range")
    return CardCharacteristic(name, draw(TEXTS), "", "", "none", "number", "", attributes, least, most)


@st.composite
def months(draw, name):
    """Give a characteristic of months."""
    edges = sorted(draw(st.sets(st.integers(1990 * 12, 2030 * 12), max_size=4)))
    bounds = [None, *map(float, edges), None]
    bins = [Attribute("range", draw(POINTS), draw(TEXTS), a, b) for a, b in itertools.pairwise(bounds)]
    least, most = draw(st.sampled_from([(None, None), (23900.0, 24200.0)]))
    codes = draw(st.sampled_from([(), (24000.0,)]))
    attributes = _attributes(draw, bins, codes, "out_of_range")
    return CardCharacteristic(name, draw(TEXTS), "", "", "none", "month", "", attributes, least, most)


@st.composite
def levels(draw, name):
    """Give a characteristic of levels with nasty texts."""
    found = draw(st.lists(LEVELS, unique=True, min_size=1, max_size=7))
    split = draw(st.integers(1, len(found)))
    groups = [group for group in (tuple(found[:split]), tuple(found[split:])) if group]
    bins = [Attribute("levels", draw(POINTS), draw(TEXTS), levels=group) for group in groups]
    codes = draw(st.sampled_from([(), ("none such",), (-9.0,)]))
    attributes = _attributes(draw, bins, codes, "unseen")
    return CardCharacteristic(name, draw(TEXTS), "", "", "none", "levels", "", attributes)


@st.composite
def booleans(draw, name):
    """Give a characteristic of booleans; one of the two may be unseen."""
    groups = draw(st.sampled_from([[("true",), ("false",)], [("true", "false")], [("true",)]]))
    bins = [Attribute("levels", draw(POINTS), draw(TEXTS), levels=group) for group in groups]
    attributes = _attributes(draw, bins, (), "unseen")
    return CardCharacteristic(name, draw(TEXTS), "", "", "none", "boolean", "", attributes)


@st.composite
def grids_of(draw, name, first, second):
    """Give a two-way table of two characteristics."""
    points = tuple(tuple(draw(POINTS) for _ in second.attributes) for _ in first.attributes)
    return Grid(name, draw(TEXTS), first.id, second.id, "", points)


@st.composite
def cards(draw, names=TEXTS, kinds=(numbers, months, levels, booleans)):
    """Give a card of every kind of characteristic, under nasty names, with two-way tables or none."""
    ids = draw(
        st.lists(
            names,
            min_size=len(kinds) + 2,
            max_size=len(kinds) + 2,
            unique_by=lambda text: text.casefold().strip(),
        )
    )
    made = [draw(kind(name)) for kind, name in zip(kinds, ids, strict=False)]
    pairs = list(itertools.combinations(draw(st.permutations(made)), 2))[: draw(st.integers(0, 2))]
    grids = [draw(grids_of(name, *pair)) for name, pair in zip(ids[len(kinds) :], pairs, strict=False)]
    return card_of(*made, grids=grids, name=draw(TEXTS), base=draw(st.integers(-50, 500)))


def values_for(card):
    """Return an Arrow table that meets every attribute and every edge of a card, null and NaN included."""
    columns = {one.id: _values(one) for one in card.characteristics}
    rows = max(map(len, columns.values()))
    rng = np.random.default_rng(0)
    out = {}
    for one in card.characteristics:
        values = columns[one.id] + [columns[one.id][at] for at in rng.integers(0, len(columns[one.id]), rows)]
        values = [values[at] for at in rng.permutation(len(values))][:rows]
        kind = {"number": pa.float64(), "month": pa.date32(), "levels": pa.string(), "boolean": pa.bool_()}
        out[one.id] = pa.array(values, kind[one.type])
    return pa.table(out)


def _values(one):
    if one.type == "number":
        limits = [value for value in (one.least, one.most) if value is not None]
        codes = [each.code for each in one.attributes if each.kind == "special"]
        exact = [*one.edges, *limits, *codes, 0.0, -0.0, 5.5, -1.0, 1e9]
        near = [math.nextafter(value, way) for value in exact for way in (-math.inf, math.inf)]
        return [*exact, *near, None, math.nan, math.inf, -math.inf, 1.7e308, -1.7e308, 5e-324, 0.1 + 0.2]
    if one.type == "month":
        counts = [int(edge) + step for edge in (*one.edges, 23900, 24000, 24200) for step in (-1, 0, 1)]
        days = [np.datetime64(f"{at // 12:04d}-{at % 12 + 1:02d}-{day:02d}", "D").item() for at in counts
                for day in (1, 28)]  # fmt: skip
        return [*days, None]
    if one.type == "boolean":
        return [True, False, None]
    known = [level for each in one.attributes for level in each.levels]
    near = [*(f"{level} " for level in known), *(level.swapcase() for level in known)]
    return [*known, *near, "castle", "3.0", "none such", "-9", "nan", None]


def expected(card, table):
    """Return the points of every term and the score, from the attribute that each value falls in."""
    places = card.positions(table)
    out = {}
    for one in card.characteristics:
        out[one.id] = np.array([each.points for each in one.attributes])[places[one.id]]
    for grid in card.grids:
        out[grid.id] = np.array(grid.points)[places[grid.first], places[grid.second]]
    frame = pd.DataFrame(out)
    frame.insert(frame.shape[1], "score", card.base_points + frame.sum(axis=1), allow_duplicates=True)
    return frame
