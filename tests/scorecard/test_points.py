"""Whole points follow the weights: each within a point of its own, whatever rounding gains elsewhere."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard.fitting._points import first_rounding, improve

Floats = npt.NDArray[np.float64]


def joint(sizes: list[int], rows: list[tuple[int, ...]], weights: list[float]) -> Floats:
    """Return the joint weight of rows over all attributes; a row names one of each characteristic."""
    starts = np.cumsum([0, *sizes[:-1]])
    counts = np.zeros((sum(sizes), sum(sizes)))
    for row, weight in zip(rows, weights, strict=True):
        at = starts + np.array(row)
        counts[np.ix_(at, at)] += weight
    return counts


def test_an_error_of_others_moves_no_point_by_more_than_one() -> None:
    """Five factors that round up together would have a sixth go down by two; it stays within one."""
    exact = [np.array([0.0, 5.2, 9.0]), *[np.array([0.0, 10.6])] * 5]
    points = [first_rounding(part, round(float(part.max()))) for part in exact]
    counts = joint([3, *[2] * 5], [(0,) * 6, (1,) * 6, (2, *[0] * 5)], [1.0, 8.0, 1.0])
    made = improve(points, exact, counts, np.zeros(len(counts)))
    assert made[0].tolist() == [0, 5, 9]


@st.composite
def fitted(draw: st.DrawFn) -> tuple[list[Floats], Floats]:
    """Draw the exact points of a few characteristics, and rows whose attributes go together or do not."""
    sizes = draw(st.lists(st.integers(2, 5), min_size=1, max_size=5))
    point = st.floats(0, 60, allow_nan=False).map(lambda value: round(value, 2))
    exact = [np.array([0.0, *draw(st.lists(point, min_size=size - 1, max_size=size - 1))]) for size in sizes]
    row = st.tuples(*(st.integers(0, size - 1) for size in sizes))
    rows = draw(st.lists(row, min_size=1, max_size=12))
    weights = draw(st.lists(st.floats(0.1, 50), min_size=len(rows), max_size=len(rows)))
    return exact, joint(sizes, rows, weights)


@given(fitted())
def test_no_point_is_a_whole_point_from_its_weight(drawn: tuple[list[Floats], Floats]) -> None:
    """Every attribute has the whole number below or above its weight, in the order of the weights."""
    exact, counts = drawn
    points = [first_rounding(part, round(float(part.max()))) for part in exact]
    for made, part in zip(improve(points, exact, counts, np.zeros(len(counts))), exact, strict=True):
        assert np.abs(made - part).max() < 1.0
        order = np.argsort(part, kind="stable")
        assert (np.diff(made[order]) >= 0).all()
