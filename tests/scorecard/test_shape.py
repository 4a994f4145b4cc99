"""The joint fit: its solution is the optimum, its shapes hold, its sizes are chosen by evidence."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.isotonic import isotonic_regression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from plainscore.scorecard import Characteristic, ConstraintError, InputError, Scorecard
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting import _shape
from plainscore.scorecard.fitting._bag import MOST_WORK, bagged_weights
from plainscore.scorecard.fitting._crossval import area, ranked
from plainscore.scorecard.fitting._few import level_of
from plainscore.scorecard.fitting._kernel_shape import shape_errors
from plainscore.scorecard.fitting._rows import Rows
from plainscore.scorecard.fitting._shape import (
    Block,
    Problem,
    fit_shape,
    parametrise,
    split_blocks,
)
from plainscore.scorecard.fitting._trend import settle_trends


def _problem(trends, rows=1500, bins=6, seed=0, turn=3):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, bins, (rows, len(trends))).astype(np.uint8)
    effect = rng.normal(size=(len(trends), bins)) * 0.4
    risk = effect[np.arange(len(trends)), codes].sum(axis=1) - 0.5
    sample = Sample(rng.random(rows) < 1 / (1 + np.exp(-risk)), rng.integers(1, 3, rows).astype(float))
    blocks = tuple(Block(bins, bins + 2, trend, turn, (bins, bins + 1)) for trend in trends)
    return Problem(codes, blocks, sample)


def _keeps(weights, trend, turn):
    """Tell whether weights rise, fall, or turn at a step."""
    steps = np.diff(weights) * (-1 if trend in ("descending", "valley") else 1)
    after = steps[turn:] if trend in ("ascending", "descending") else -steps[turn:]
    return bool((steps[:turn] >= 0).all() and (after >= 0).all())


def _log_odds(problem, fit):
    return fit.intercept + fit.table[problem.starts[:-1] + problem.codes].sum(axis=1)


def test_without_penalty_it_is_logistic_regression_on_indicators():
    """With no penalty and no shape the log odds equal scikit-learn's on one-hot columns."""
    problem = _problem(["none", "none"])
    fit = fit_shape(problem, 0.0)
    design = np.column_stack([problem.codes[:, [at]] == np.arange(1, 6) for at in range(2)]).astype(float)
    oracle = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12)
    oracle.fit(design, ~problem.sample.bad, sample_weight=problem.sample.weight)
    assert _log_odds(problem, fit) == pytest.approx(oracle.decision_function(design), abs=1e-3)


@pytest.mark.parametrize("trends", [("ascending", "descending"), ("peak", "valley"), ("none", "ascending")])
def test_solution_is_as_good_as_a_general_solvers(trends):
    """The penalised likelihood is not above what L-BFGS-B finds on the same steps and bounds."""
    problem = _problem(trends)
    steps, penalty = parametrise(problem, 1.0), 1.0
    places = problem.starts[:-1] + problem.codes
    signed = np.where(problem.sample.bad, -1.0, 1.0)

    def objective(theta):
        eta = theta[0] + steps.weights(theta)[places].sum(axis=1)
        loss = problem.sample.weight @ np.logaddexp(0.0, -signed * eta)
        return loss + steps.l1 @ np.abs(theta) + steps.l2 @ theta**2 / 2

    def halves(both):  # a step is the difference of two that are not negative
        return both[: len(steps.l1)] - both[len(steps.l1) :]

    bounds = [(0, high) for high in steps.upper] + [(0, -low) for low in steps.lower]
    found = minimize(
        lambda both: objective(halves(both)), np.zeros(len(bounds)), bounds=bounds, method="L-BFGS-B"
    )
    ours = objective(fit_shape(problem, penalty).theta)
    assert ours <= objective(halves(found.x)) + 1e-5 * abs(ours)


@given(seed=st.integers(0, 50), trend=st.sampled_from(["ascending", "descending", "peak", "valley"]))
@examples(20)
def test_weights_keep_their_shape(seed, trend):
    """Fitted weights rise, fall or turn once, as the shape says, whatever the data."""
    problem = _problem([trend, "none"], rows=400, seed=seed)
    weights = split_blocks(problem, fit_shape(problem, 0.5).table)[0][:6]
    assert _keeps(weights, trend, 3)


def test_bins_are_centred_on_their_rows():
    """The mean weight over the rows of a characteristic's bins is zero: neutral is the average."""
    problem = _problem(["none", "ascending"])
    fit = fit_shape(problem, 0.5)
    for weights, rows in zip(split_blocks(problem, fit.table), problem.attribute_rows, strict=True):
        assert weights @ rows == pytest.approx(0.0, abs=1e-9 * rows.sum())


@given(
    values=st.lists(st.integers(-5, 5), min_size=1, max_size=7),
    weight=st.lists(st.integers(1, 4), min_size=7, max_size=7),
)
def test_distances_to_the_four_shapes_are_exact(values, weight):
    """Misfits equal scikit-learn's isotonic regression, and the turning ones the best split of two."""
    y, w = np.array(values, float), np.array(weight[: len(values)], float)

    def misfit(part, mass, increasing):
        if len(part) == 0:
            return 0.0
        fitted = isotonic_regression(part, sample_weight=mass, increasing=increasing)
        return float(mass @ (part - fitted) ** 2)

    up, down, peak, _, valley, _ = shape_errors(y, w)
    turns = range(len(y) + 1)
    assert up == pytest.approx(misfit(y, w, True), abs=1e-9)
    assert down == pytest.approx(misfit(y, w, False), abs=1e-9)
    assert peak == pytest.approx(
        min(misfit(y[:t], w[:t], True) + misfit(y[t:], w[t:], False) for t in turns), abs=1e-9
    )
    assert valley == pytest.approx(
        min(misfit(y[:t], w[:t], False) + misfit(y[t:], w[t:], True) for t in turns), abs=1e-9
    )


def test_a_turn_needs_evidence():
    """`auto` finds a real peak, keeps a monotone shape monotone, and `either` never turns."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 8, (6000, 2)).astype(np.uint8)
    effect = np.array([[0, 0.5, 1, 1.5, 1.5, 1, 0.5, 0], [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4]])
    good = rng.random(6000) < 1 / (1 + np.exp(-effect[[0, 1], codes].sum(axis=1)))
    problem = Problem(codes, (Block(8, 10, "none"),) * 2, Sample(~good, np.ones(6000)))
    fit = fit_shape(problem, 0.8)
    assert [one.block.trend for one in settle_trends(problem, fit, ["auto", "auto"])] == ["peak", "ascending"]
    assert all(one.block.trend != "peak" for one in settle_trends(problem, fit, ["either"] * 2))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(1, 3)), min_size=3, max_size=30))
def test_area_is_scikit_learns(rows):
    """The weighted AUC equals scikit-learn's, with ties."""
    bad, risk, weight = (np.array(part) for part in zip(*[*rows, (True, 1, 1), (False, 2, 1)], strict=True))
    assert area(bad, risk.astype(float), weight.astype(float)) == pytest.approx(
        roc_auc_score(bad, risk, sample_weight=weight)
    )


def test_the_variance_of_an_area_is_that_of_resamples():
    """DeLong's variance is near that of a bootstrap, by row and by person, and copies count as rows."""
    rng = np.random.default_rng(0)
    who = np.repeat(np.arange(300), 4)
    effect = rng.normal(size=300)[who]
    risk = (effect + rng.normal(size=1200)).round(1)
    bad = rng.random(1200) < 1 / (1 + np.exp(1 - effect))
    ones = np.ones(1200)
    for group in (None, who):
        drawn = []
        for _ in range(400):
            if group is None:
                times = np.bincount(rng.integers(1200, size=1200), minlength=1200)
            else:
                times = np.bincount(rng.integers(300, size=300), minlength=300)[who]
            drawn.append(area(bad, risk, times.astype(float)))
        assert ranked(bad, risk, ones, group).variance == pytest.approx(np.var(drawn), rel=0.25)
    twice = ranked(bad, risk, 2 * ones, copies=np.full(1200, 2))
    again = ranked(np.tile(bad, 2), np.tile(risk, 2), np.ones(2400))
    assert twice.variance == pytest.approx(again.variance)


def _directions(model):
    return {one.id: one.direction for one in model.card_.characteristics}


def test_shape_cards_keep_what_cards_promise(table, characteristics):
    """A jointly fitted card attains its range, keeps declared directions, scores all kinds of column."""
    frame, bad = table
    model = Scorecard(characteristics, method="shape", estimate=False).fit(frame, bad)
    assert (model.card_.scale.low, model.card_.scale.high) == (300, 850)
    assert _directions(model)["use"] == "descending"
    for one in model.card_.characteristics:
        points = [each.points for each in one.bins]
        assert one.direction != "descending" or points == sorted(points, reverse=True)
        assert one.direction != "ascending" or points == sorted(points)
        assert len(one.bins) <= 8
    rows = frame.head(300).to_dict("records")
    assert [model.card_.score_one(row) for row in rows] == model.score_points(frame.head(300)).tolist()
    assert json.loads(json.dumps(model.log_, allow_nan=False)) == model.log_


def test_shape_is_no_worse_than_woe_on_new_rows(make, characteristics):
    """On rows it has not seen, the joint fit is at least as good as weights of evidence."""
    frame, bad = make(4000, seed=1)
    new, outcome = make(8000, seed=2)
    shape, woe = (
        roc_auc_score(
            outcome,
            -Scorecard(characteristics, method=method, estimate=False).fit(frame, bad).score_points(new),
        )
        for method in ("shape", "woe")
    )
    assert shape > woe - 0.002


def test_calibration_in_the_large_holds(table, characteristics):
    """The mean predicted probability is the bad rate."""
    frame, bad = table
    model = Scorecard(characteristics, method="shape", estimate=False).fit(frame, bad)
    assert model.predict_proba(frame)[:, 1].mean() == pytest.approx(bad.mean(), abs=0.005)


def test_a_peak_turns_where_the_joint_fit_does():
    """A characteristic whose raw risk is monotone, but whose own effect turns, gets points that turn."""
    rng = np.random.default_rng(0)
    x, other = rng.integers(0, 9, (2, 20_000)).astype(float)
    other = np.clip(other * 0.3 + x, 0, 10)
    effect = 1.2 - 0.15 * (x - 4) ** 2 + 0.5 * other
    bad = rng.random(20_000) > 1 / (1 + np.exp(-effect + 1.5))
    model = Scorecard(method="shape", estimate=False).fit({"x": x, "other": other}, bad)
    (turning,) = (one for one in model.card_.characteristics if one.id == "x")
    points = [each.points for each in turning.bins]
    assert turning.direction == "peak"
    assert 0 < points.index(max(points)) < len(points) - 1
    assert turning.edges[points.index(max(points)) - 1] <= 4


def test_thin_special_attributes_are_neutral():
    """A special code with few rows gets weight 0, the average, and the log says so."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=3000).round(1)
    x[:10] = -9
    bad = rng.random(3000) < 1 / (1 + np.exp(-x))
    model = Scorecard([Characteristic("x", special_codes={-9: "odd"})], method="shape", estimate=False).fit(
        {"x": x}, bad
    )
    at = len(model.card_.characteristics[0].bins) + 1
    assert model.log_["model"]["weights"]["x"][at] == 0.0
    assert any("under 20: neutral" in note for note in model.log_["characteristics"][0]["notes"])


def test_no_signal_is_refused():
    """Where no column passes its test the error says so of each, and what to do."""
    rng = np.random.default_rng(0)
    model = Scorecard(method="shape", estimate=False)
    with pytest.raises(ConstraintError, match=r"adds nothing beyond chance.*Give more rows"):
        model.fit({"x": rng.normal(size=500)}, rng.random(500) < 0.3)


def test_unknown_method_is_refused(table):
    """A method that does not exist is named beside those that do."""
    with pytest.raises(InputError, match="method is 'magic', and it must be one of shape, woe"):
        Scorecard(method="magic", estimate=False).fit(*table)


def _rows_of(problem):
    """Return the rows of a problem as copies, by their whole weights."""
    sample = problem.sample
    count = sample.weight.astype(np.int64)
    return Rows(problem.codes.astype(np.uint16), sample.bad, count, np.ones(len(count)))


@pytest.mark.parametrize("trend", ["ascending", "descending", "peak", "valley", "levels"])
def test_averaged_weights_keep_their_shape_and_come_out_the_same(trend):
    """The mean of fits on halves keeps every shape, is the same again, and scores every row unseen."""
    problem = _problem([trend, trend], rows=600)
    start = np.zeros(len(parametrise(problem, 0.8).l1))
    once, again = (bagged_weights(problem, _rows_of(problem), 0.8, start, most=6) for _ in range(2))
    assert once.halves == 6
    assert (once.table == again.table).all()
    assert len(once.unseen) == 600
    for weights in split_blocks(problem, once.table):
        assert trend == "levels" or _keeps(weights[:6], trend, 3)


def test_levels_are_drawn_to_their_mean():
    """Levels have a weight each, with mean 0 on their rows, and a floored state is not below it."""
    problem = _problem(["levels", "ascending"], rows=3000)
    codes = problem.codes.copy()
    codes[:200, :] = 6  # a state whose rows are riskier than all others
    bad = problem.sample.bad.copy()
    bad[:200] = True
    blocks = tuple(replace(block, neutral=(7,), floored=(6,)) for block in problem.blocks)
    held = Problem(codes, blocks, Sample(bad, problem.sample.weight))
    for block, weights, rows in zip(
        blocks, split_blocks(held, fit_shape(held, 0.3).table), held.attribute_rows, strict=True
    ):
        assert weights[: block.bins] @ rows[: block.bins] == pytest.approx(0, abs=1e-6)
        assert weights[6] >= 0


def test_an_attribute_the_spaced_rows_miss_does_not_run_away(monkeypatch):
    """Curvature from some rows leads to the solution of all, though an attribute has none of those rows."""
    problem = _problem(["none", "ascending"], rows=6000)
    problem.codes[::10, 0] %= 5  # the spaced rows never meet the last cell
    problem.codes[1::10, 0] = np.where(np.arange(600) % 40 == 0, 5, problem.codes[1::10, 0] % 5)
    whole = fit_shape(problem, 0.8)
    monkeypatch.setattr(_shape, "CURVATURE_ROWS", 600)
    part = fit_shape(problem, 0.8)
    assert part.table == pytest.approx(whole.table, abs=2e-3)
    assert part.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-6)


def test_large_tables_are_not_halved():
    """Past the stated work there is one fit of all rows, to the last digit that of `fit_shape`."""
    problem = _problem(["ascending"], rows=2 * MOST_WORK // 5)
    start = np.zeros(len(parametrise(problem, 0.8).l1))
    steady = bagged_weights(problem, _rows_of(problem), 0.8, start, most=20)
    assert (steady.halves, steady.unseen) == (0, None)
    assert (steady.table == fit_shape(problem, 0.8, start).table).all()


def test_level_is_a_logistic_regression_on_the_sum():
    """Slope and intercept equal scikit-learn's on the summed column; a held slope leaves the intercept."""
    rng = np.random.default_rng(0)
    total = np.array([-1.0, -0.2, 0.1, 0.4, 0.9])[np.arange(3000) % 5]
    bad = rng.random(3000) < 1 / (1 + np.exp(1.5 * total - 0.3))
    sample = Sample(bad, rng.integers(1, 4, 3000).astype(float))
    level = level_of(total, sample)
    peer = LogisticRegression(C=np.inf, tol=1e-10).fit(total[:, None], ~bad, sample.weight)
    assert level.slope == pytest.approx(peer.coef_[0, 0], abs=1e-5)
    assert level.intercept == pytest.approx(peer.intercept_[0], abs=1e-5)
    held = level_of(total, sample, 0.5)
    p = 1 / (1 + np.exp(-(held.intercept + 0.5 * total)))
    assert held.slope == 0.5
    assert sample.weight @ p == pytest.approx(sample.goods)


def test_unseen_halves_bring_probabilities_to_the_right_level():
    """On few rows the slope of new outcomes on the card's log odds is nearer 1 than without the halves."""
    slopes = {10: [], 0: []}
    for seed in range(12):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(5400, 4)).round(2)
        bad = rng.random(5400) < 1 / (1 + np.exp(1 - x @ np.array([0.8, 0.6, 0.5, 0.4])))
        columns = {f"x{at}": x[:, at] for at in range(4)}
        some, new = (
            {name: part[rows] for name, part in columns.items()} for rows in (slice(400), slice(400, None))
        )
        for halves in slopes:
            model = Scorecard(resamples=halves, estimate=False).fit(some, bad[:400])
            odds = np.log(model.card_.odds(model.score_points(new)))
            slopes[halves].append(level_of(odds, Sample(bad[400:], np.ones(5000))).slope)
    assert abs(np.mean(slopes[10]) - 1) < abs(np.mean(slopes[0]) - 1)
    assert 0.8 < np.mean(slopes[10]) < 1.1
