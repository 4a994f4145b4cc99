"""What a fit takes up of residual sums, by a factor that grows, is what whole matrices give."""

from __future__ import annotations

import numpy as np
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard.fitting._taken_up import left_over, nothing_taken_up, solved

SIZES = (4, 3, 5, 2, 4)
STARTS = np.concatenate([[0], np.cumsum(SIZES)])
RIDGE = 0.16


def drawn(seed, rows=300):
    """Draw the curvature between the cells of five columns, and that of people who have three rows each."""
    rng = np.random.default_rng(seed)
    cells = np.zeros((rows, STARTS[-1]))
    for start, size in zip(STARTS, SIZES, strict=False):
        cells[np.arange(rows), start + rng.integers(0, size, rows)] = 1.0
    residual = rng.normal(size=rows)
    people = (cells * residual[:, None]).reshape(rows // 3, 3, -1).sum(axis=1)
    return cells.T @ (cells * rng.random(rows)[:, None]), people.T @ people


def cells_of(columns):
    """Return the cells of columns, in their order."""
    return np.concatenate([np.arange(STARTS[at], STARTS[at + 1]) for at in columns])


def whole(bend, cells):
    """Return the curvature between the parameters and every cell, and that of the parameters, drawn."""
    lines = np.concatenate([bend[: SIZES[0]].sum(axis=0)[None, :], bend[cells]])
    corner = np.concatenate([lines[:, : SIZES[0]].sum(axis=1)[:, None], lines[:, cells]], axis=1)
    return lines, corner, corner + np.diag([0.0, *[RIDGE] * len(cells)])


@given(st.integers(0, 99), st.permutations(range(5)))
@examples(25)
def test_columns_added_one_at_a_time_are_those_added_at_once(seed, order):
    """A move of the parameters does not depend on how the columns came, and solves the whole system."""
    bend, _ = drawn(seed)
    grown = nothing_taken_up(bend, SIZES[0], RIDGE)
    for column in order[:3]:
        grown = grown.grown(cells_of([column]))
    lines, _, drawn_to = whole(bend, cells_of(order[:3]))
    rest = cells_of(order[3:])
    assert np.allclose(grown.moves(rest), np.linalg.solve(drawn_to, lines[:, rest]))
    assert np.allclose(solved(grown.lower, lines[:, 0]), np.linalg.solve(drawn_to, lines[:, 0]))


@given(st.integers(0, 99), st.permutations(range(5)))
@examples(25)
def test_what_is_left_is_the_covariance_of_sums_less_their_projection(seed, order):
    """With people and without, what is left is that of ``sums - moves.T @ sums of the parameters``."""
    bend, people = drawn(seed)
    cells, own = cells_of(order[:3]), slice(STARTS[order[4]], STARTS[order[4] + 1])
    taken = nothing_taken_up(bend, SIZES[0], RIDGE).grown(cells)
    lines, _, drawn_to = whole(bend, cells)
    moves = np.linalg.solve(drawn_to, lines[:, own])
    for meat in (bend, people):
        theirs, corner, _ = whole(meat, cells)
        wanted = meat[own, own] - moves.T @ theirs[:, own] - theirs[:, own].T @ moves
        wanted += moves.T @ corner @ moves
        assert np.allclose(left_over(taken, meat)(own, moves), wanted)
