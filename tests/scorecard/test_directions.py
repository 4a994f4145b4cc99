"""Through the whole fit, points follow the direction that was declared, and capped states stay capped."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st

from plainscore.scorecard import Characteristic, ConstraintError, Scorecard
from plainscore.scorecard.fitting._points import fixed_points, spread_points

CODE = -5.0
FREE = {"max_p": 1, "max_characteristics": None, "penalty": 0.2, "resamples": 4, "estimate": False}
SIGNS = {
    "ascending": [(1,)],
    "descending": [(-1,)],
    "peak": [(1, -1)],
    "valley": [(-1, 1)],
    "either": [(1,), (-1,)],
}
DIRECTIONS = ["ascending", "descending", "peak", "valley", "none", "either", "auto"]


def follows(points, direction):
    """Return whether points move as a direction says: an oracle by the runs of rises and falls."""
    steps = [int(step) for step in np.sign(np.diff(points)) if step]
    runs = tuple(step for at, step in enumerate(steps) if at == 0 or step != steps[at - 1])
    if direction in ("none", "auto"):
        return True
    return (
        any(
            runs == allowed[at : at + len(runs)] for allowed in SIGNS[direction] for at in range(len(allowed))
        )
        or not runs
    )


TABLES = st.tuples(
    st.integers(0, 10_000),
    st.lists(st.floats(-2.0, 2.0), min_size=3, max_size=9),
    st.floats(-2.5, 2.5),
    st.floats(-2.5, 2.5),
)


def table(drawn):
    """Return a column whose risk goes by a drawn course, a gap and a code with risks of their own."""
    seed, course, of_gap, of_code = drawn
    rng = np.random.default_rng(seed)
    rows = 900
    step = rng.integers(0, len(course), rows)
    value = step + rng.random(rows).round(1)
    risk = np.array(course)[step]
    gap, code = rng.random(rows) < 0.12, rng.random(rows) < 0.12
    value[code], risk[code] = CODE, of_code
    value[gap], risk[gap] = np.nan, of_gap
    other = rng.normal(size=rows)
    bad = rng.random(rows) < 1 / (1 + np.exp(1.5 - (risk - risk.mean()) - 0.7 * other))
    return pd.DataFrame({"value": value, "other": other.round(2)}), bad


def fit(said, frame, bad, method):
    """Fit with rules that let nearly everything stay; None where nothing can."""
    try:
        return Scorecard([said, "other"], method=method, **FREE).fit(frame, bad)
    except ConstraintError:
        return None


def found(model, name="value"):
    """Return a characteristic of the card, or None."""
    if model is None:
        return None
    return next((one for one in model.card_.characteristics if one.id == name), None)


def check(one, direction):
    """Hold the points of a characteristic to what was declared, and to what the card says of them."""
    points = [each.points for each in one.bins]
    assert follows(points, direction), (direction, points)
    assert follows(points, one.direction), (one.direction, points)


def check_caps(one):
    """Hold the points of missing and of the code to the best of the bins."""
    best = max(each.points for each in one.bins)
    for each in one.attributes:
        if each.kind in ("missing", "special"):
            assert each.points <= best, (each.label, each.points, best)


@pytest.mark.parametrize("method", ["woe", "shape"])
@pytest.mark.parametrize("direction", DIRECTIONS)
@given(drawn=TABLES, cuts=st.booleans())
@examples(12)
def test_points_follow_the_declared_direction(method, direction, drawn, cuts):
    """Whatever the data say, points of the card move as declared, or there is no such card."""
    frame, bad = table(drawn)
    edges = tuple(float(edge) for edge in range(1, len(drawn[1]), 2))
    said = Characteristic(
        "value",
        direction=direction,
        special_codes={CODE: "none"},
        cap_missing=True,
        capped=(CODE,),
        cuts=edges if cuts else None,
    )
    one = found(fit(said, frame, bad, method))
    if one is not None:
        check(one, direction)
        check_caps(one)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["woe", "shape"])
@given(
    drawn=TABLES,
    direction=st.sampled_from(DIRECTIONS),
    cuts=st.booleans(),
    scale=st.sampled_from([(300, 850), (0, 40), (0, 12)]),
)
@example(drawn=(446, [1.6875, 1.6875, 1.6875], 0.0, 0.0), direction="ascending", cuts=True, scale=(0, 12))
@examples(400)
def test_points_follow_on_any_scale(method, direction, drawn, cuts, scale):
    """The same on narrow scales, where rounding has the most to break."""
    frame, bad = table(drawn)
    edges = tuple(float(edge) for edge in range(1, len(drawn[1])))
    said = Characteristic(
        "value",
        direction=direction,
        special_codes={CODE: "none"},
        cap_missing=True,
        capped=(CODE,),
        cuts=edges if cuts else None,
    )
    try:
        model = Scorecard([said, "other"], method=method, low=scale[0], high=scale[1], **FREE).fit(frame, bad)
    except ConstraintError:
        return
    one = found(model)
    if one is not None:
        check(one, direction)
        check_caps(one)


@given(st.integers(0, 100_000), st.integers(4, 60))
@examples(150)
def test_rounding_keeps_every_order_and_every_tie(seed, span):
    """The heavier of two attributes never has fewer points, and like ones have the same."""
    rng = np.random.default_rng(seed)
    person, weights, codes = rng.normal(size=300), [], []
    for _ in range(rng.integers(2, 5)):
        size = int(rng.integers(3, 8))
        weights.append(
            np.concatenate([[0.0], np.cumsum(rng.choice([0.0, 0.5, 1.0, rng.random()], size - 1))])
        )
        rng.shuffle(weights[-1])
        codes.append(np.digitize(person + rng.normal(size=300), np.linspace(-1.5, 1.5, size - 1)))
    if not sum(np.ptp(part) for part in weights):
        return
    marks = np.column_stack(
        [codes[at][:, None] == np.arange(len(part)) for at, part in enumerate(weights)]
    ).astype(float)
    counts = marks.T @ marks
    for rounded in (
        spread_points(weights, 0.0, counts, low=0, high=span),
        fixed_points(weights, 0.0, counts, factor=span / 3, anchor=0.0),
    ):
        for points, part in zip(rounded.points, weights, strict=True):
            assert (np.diff(points[np.argsort(part, kind="stable")]) >= 0).all()
            assert all(len(set(points[part == value])) == 1 for value in part)
