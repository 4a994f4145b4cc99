"""Points of two characteristics together, shared out to each, and tables that hold only what the two say."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import (
    Card,
    InputError,
    Scorecard,
    points_as_it_stands,
    shared_baseline,
    shared_cells,
)
from plainscore.scorecard.fitting._points import Rounded
from plainscore.scorecard.fitting._purified import purified

from .test_grids import crossed


@pytest.fixture(scope="module")
def crossed_card() -> Card:
    """Give a fitted card with a two-way table."""
    X, bad = crossed()
    card: Card = Scorecard(max_grids=3, min_iv=0, max_p=1, on_wrong_sign="keep").fit(X, bad).card_
    assert card.grids
    return card


def drawn_cases(count: int, seed: int) -> list[dict[str, float]]:
    """Draw cases, some of them with nothing known or out of any range."""
    X, _ = crossed(count, seed=seed)
    X["use"][:4] = [np.inf, np.nan, 99.0, -3.0]
    return [{name: float(values[at]) for name, values in X.items()} for at in range(count)]


def test_points_as_it_stands_sum_to_the_score(crossed_card: Card) -> None:
    """Every case's own attributes sum to its score, and the shares of a cell to the cell."""
    for case in drawn_cases(300, 7):
        at = crossed_card.positions_one(case)
        told = points_as_it_stands(crossed_card, case)
        own = sum(one.attributes[at[one.id]].points for one in told)
        assert crossed_card.base_points + own == crossed_card.score_one(case)
        for cell in shared_cells(crossed_card, case):
            assert sum(cell.shares.values()) == cell.points
            assert max(cell.shares.values()) - min(cell.shares.values()) <= 1


def test_a_baseline_is_shared_exactly(crossed_card: Card) -> None:
    """Half a table's mean is with either characteristic, and no point of the baseline is lost."""
    mean = crossed_card.baseline_points()
    assert sum(shared_baseline(crossed_card).values()) == sum(mean.values())
    (grid,) = crossed_card.grids
    assert shared_baseline(crossed_card)[grid.first] == mean[grid.first] + mean[grid.id] / 2
    with pytest.raises(InputError, match="no baseline"):
        shared_baseline(crossed_card, "nobody")


def test_shares_are_shap_s_to_a_rounding(crossed_card: Card) -> None:
    """What a person's factors lose is SHAP's value on the development cases, to two points."""
    X, _ = crossed()
    names = [one.id for one in crossed_card.characteristics]
    mean = shared_baseline(crossed_card)
    for case in drawn_cases(40, 8):
        at = crossed_card.positions_one(case)
        told = {one.id: one.attributes[at[one.id]].points for one in points_as_it_stands(crossed_card, case)}
        for name, value in shap_values(crossed_card, X, case, names).items():
            assert told[name] - float(mean[name]) == pytest.approx(value, abs=2)


def shap_values(card: Card, X: dict[str, Any], case: dict[str, float], names: list[str]) -> dict[str, float]:
    """Return every characteristic's Shapley value over a background of rows, by its definition."""
    rows = len(next(iter(X.values())))

    def worth(known: frozenset[str]) -> float:
        mixed = {name: np.full(rows, case[name]) if name in known else X[name] for name in names}
        return float(card.score(mixed).mean())

    held = {
        known: worth(known)
        for size in range(len(names) + 1)
        for known in map(frozenset, itertools.combinations(names, size))
    }
    order = list(itertools.permutations(names))
    found = dict.fromkeys(names, 0.0)
    for turn in order:
        for place, name in enumerate(turn):
            before = frozenset(turn[:place])
            found[name] += (held[before | {name}] - held[before]) / len(order)
    return found


@st.composite
def roundings(draw: st.DrawFn) -> tuple[Rounded, list[tuple[int, int]], list[Any]]:
    """Draw points of characteristics and tables between them, and rows in each attribute."""
    sizes = draw(st.lists(st.integers(2, 5), min_size=2, max_size=4))
    every = list(itertools.combinations(range(len(sizes)), 2))
    pairs = draw(st.lists(st.sampled_from(every), min_size=1, max_size=3, unique=True))
    shapes = [(size,) for size in sizes] + [(sizes[a] * sizes[b],) for a, b in pairs]
    points = [
        np.array(draw(st.lists(st.integers(-90, 90), min_size=n, max_size=n)), np.int64) for (n,) in shapes
    ]
    rows = []
    for size in sizes:
        held = draw(st.lists(st.integers(0, 50), min_size=size, max_size=size))
        rows.append(np.array(held, float) + (not any(held)))
    exact = [part + draw(st.floats(-0.5, 0.5)) for part in points]
    return Rounded(points, exact, 300, 40.0, 1.5), pairs, rows


@given(roundings())
def test_purifying_changes_no_score(drawn: tuple[Rounded, list[tuple[int, int]], list[Any]]) -> None:
    """However a case stands, its sum of points is what it was, and what is unrounded moves with it."""
    before, pairs, rows = drawn
    after = purified(before, pairs, rows)
    sizes = [len(part) for part in rows]
    for stand in itertools.product(*map(range, sizes)):
        for kind in ("points", "exact"):
            one, two = (
                held.base_points + sum(getattr(held, kind)[c][at] for c, at in enumerate(stand))
                + sum(
                    getattr(held, kind)[len(sizes) + t][stand[a] * sizes[b] + stand[b]]
                    for t, (a, b) in enumerate(pairs)
                )
                for held in (before, after)
            )  # fmt: skip
            assert one == pytest.approx(two, abs=1e-9)
    assert all(part.dtype == np.int64 for part in after.points)


@given(roundings())
def test_what_is_left_in_a_table_is_of_the_two_together(
    drawn: tuple[Rounded, list[tuple[int, int]], list[Any]],
) -> None:
    """The rows and the columns of every table have a mean of zero, to the rounding of both."""
    before, pairs, rows = drawn
    after = purified(before, pairs, rows)
    for table, (first, second) in enumerate(pairs, start=len(rows)):
        cells = after.points[table].reshape(len(rows[first]), len(rows[second]))
        over_columns = cells @ rows[second] / rows[second].sum()
        over_rows = rows[first] @ cells / rows[first].sum()
        assert max(np.abs(over_columns).max(), np.abs(over_rows).max()) <= 2
    tied = {side for pair in pairs for side in pair}
    assert all(after.points[side].min() == 0 for side in tied)
