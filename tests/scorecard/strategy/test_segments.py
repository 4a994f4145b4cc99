"""Cards by segment: one scale, named refusals, and a test that finds what is there and nothing else."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from plainscore.scorecard import (
    Characteristic,
    ConstraintError,
    InputError,
    Scorecard,
    discrimination,
    fit_segments,
)
from plainscore.scorecard.strategy._folds import auc, corrected, dealt, deviance

from ._worlds import quick, segmented


@pytest.fixture(scope="module")
def found():
    """Give segmented cards of a world in which segments matter."""
    X, y, segment = segmented(4000, 1, matters=True)
    return fit_segments(quick(), {**X, "kind": segment}, y, "kind", repeats=1)


def test_a_world_where_segmenting_pays_is_found(found):
    """Where the segments' risks differ, the lower limit lies above 0 and the verdict says so."""
    assert found.test.pays
    assert found.test.difference.low > 0
    assert found.verdict.startswith("Segmenting pays: over one card that knows the segment")
    assert found.verdict in str(found)
    assert found.verdict in found._repr_html_().replace("&#x27;", "'")


@pytest.mark.parametrize("seed", range(3))
def test_a_world_where_it_does_not_is_refused(seed):
    """Where the segments differ by a level alone, which the one card knows too, segmenting does not pay."""
    X, y, segment = segmented(1500, seed, matters=False)
    found = fit_segments(quick(), X, y, segment, repeats=1)
    assert not found.test.pays
    assert "Segmenting does not pay" in found.verdict
    assert "Use the one card" in found.verdict


@pytest.mark.slow
def test_few_worlds_where_it_does_not_pay_are_taken_for_one():
    """Over 60 seeds segmenting is said to pay in at most three, and found in 19 of 20 where it does."""
    wrong = sum(fit_segments(quick(), *segmented(2000, seed, matters=False)).test.pays for seed in range(60))
    right = sum(fit_segments(quick(), *segmented(2000, seed, matters=True)).test.pays for seed in range(20))
    assert wrong <= 5
    assert right >= 19


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["auc", "deviance"])
def test_the_joint_fit_is_judged_as_well(measure):
    """With the joint fit and either measure both worlds are told apart."""
    make = quick(method="shape")
    for matters in (True, False):
        X, y, segment = segmented(3000, 5, matters=matters)
        assert fit_segments(make, X, y, segment, measure=measure).test.pays == matters


def test_all_cards_are_on_one_scale(found):
    """Base score, base odds and PDO are the same, and so are the odds that were observed at a score."""
    scales = {
        (card.scale.base_score, card.scale.base_odds, card.scale.pdo)
        for card in [*found.cards.values(), found.one_card.card_]
    }
    assert len(scales) == 1
    X, y, segment = segmented(100_000, 2, matters=True)
    score = found.score({**X, "kind": segment})
    card = found.cards["new"]
    for name in found.cards:
        for low in range(500, 640, 35):
            here = (segment == name) & (score >= low) & (score < low + 35)
            if here.sum() > 2000:
                assert y[here].mean() == pytest.approx(np.mean(card.pd(score[here])), abs=0.06)


def test_a_stated_scale_stands():
    """A base score that the lender's recipe states is that of every card."""
    X, y, segment = segmented(1500, 0, matters=True)
    found = fit_segments(quick(base_score=600, base_odds=20, pdo=40), X, y, segment, folds=2, repeats=1)
    assert {(card.scale.base_score, card.scale.pdo) for card in found.cards.values()} == {("600", "40")}


def test_scores_are_those_of_the_segments_card(found):
    """Every row is scored by the card of its segment, in any order of rows; the gain is there on new rows."""
    X, y, segment = segmented(4000, 3, matters=True)
    table = pd.DataFrame({**X, "kind": segment})
    score = found.score(table)
    for name, card in found.cards.items():
        assert (score[segment == name] == card.score(table[segment == name])).all()
    turned = np.random.default_rng(0).permutation(4000)
    assert (found.score(table.iloc[turned]) == score[turned]).all()
    one = found.score_with_one_card(table)
    assert auc(score.astype(float), y, np.ones(4000)) > auc(one.astype(float), y, np.ones(4000)) + 0.02


def test_the_one_card_may_know_the_segment():
    """Where the segment alone tells risk, the one card has it, also where the recipe lists what it uses."""
    rng = np.random.default_rng(0)
    segment = rng.integers(1, 4, 6000)
    X = {"a": rng.normal(size=6000), "segment": rng.normal(size=6000)}
    y = rng.random(6000) < 1 / (1 + np.exp(2 - X["a"] - (segment == 2)))
    make = quick(characteristics=[Characteristic("a", direction="descending")])
    found = fit_segments(make, X, y, segment, folds=2, repeats=1)
    assert found.segment_id == "segment_"
    assert {one.id for one in found.one_card.card_.characteristics} == {"a", "segment_"}
    assert not found.test.pays
    assert list(found.cards) == ["1", "2", "3"]
    assert found.score_with_one_card(X, segment).shape == (6000,)


def test_a_segment_with_few_bads_is_not_worth_a_card():
    """However large the gain, each segment needs 100 people with a bad row, counted as people."""
    X, y, segment = segmented(4000, 1, matters=True)
    few = np.flatnonzero((segment == "old") | ~y | (np.cumsum(y & (segment == "new")) <= 90))
    part = {name: values[few] for name, values in X.items()}
    found = fit_segments(quick(), part, y[few], segment[few], folds=3, repeats=1)
    assert found.test.thin == ["new"]
    assert not found.test.pays
    assert "segment 'new' has 90 bads, and needs 100" in found.verdict
    twice = {name: np.repeat(values, 2) for name, values in X.items()}
    who, y, segment = np.arange(8000) // 2, np.repeat(y, 2), np.repeat(segment, 2)
    some = fit_segments(quick(), twice, y, segment, groups=who, folds=2, repeats=1)
    assert (some.test.segments["bads"] == 2 * some.test.segments["people_with_bads"]).all()


def test_an_unknown_segment_is_refused_by_name(found):
    """A segment without a card, and a row without a segment, are errors that name them."""
    X, _, segment = segmented(10, 0, matters=True)
    with pytest.raises(InputError, match="Segment 'rent' has no card \\(rows in segments without one: 1"):
        found.score({**X, "kind": np.array(["rent", *segment[1:]])})
    with pytest.raises(InputError, match="segment is absent in row 0"):
        found.score({**X, "kind": np.array([None, *segment[1:]], object)})
    with pytest.raises(InputError, match="Leave out segment"):
        found.score({**X, "kind": segment}, segment)
    with pytest.raises(InputError, match="Column 'kind' is missing"):
        found.score(X)


def test_labels_mean_what_the_recipe_says():
    """The bad label of the lender's recipe is that of every card."""
    X, y, segment = segmented(2000, 0, matters=True)
    found = fit_segments(quick(bad="N"), X, np.where(y, "N", "Y"), segment, folds=2, repeats=1)
    plain = fit_segments(quick(), X, y, segment, folds=2, repeats=1)
    assert {model.bad_ for model in found.models.values()} == {"N"}
    assert found.test.differences == plain.test.differences


def test_a_row_of_weight_zero_is_no_row():
    """The same segments come out with rows of weight 0 and without them."""
    X, y, segment = segmented(2000, 0, matters=True)
    weight = (np.arange(2000) % 4 > 0).astype(float)
    some = weight > 0
    part = {name: values[some] for name, values in X.items()}
    with_them = fit_segments(quick(), X, y, segment, weight, folds=2, repeats=1)
    without = fit_segments(quick(), part, y[some], segment[some], folds=2, repeats=1)
    assert with_them.table().equals(without.table())
    assert with_them.test.differences == without.test.differences


def test_a_segment_without_a_card_is_named():
    """A segment in which nobody is bad has no card, and the refusal names it."""
    X, y, segment = segmented(1000, 0, matters=True)
    with pytest.raises(ConstraintError, match="no card for segment 'new'"):
        fit_segments(quick(), X, y & (segment == "old"), segment)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"segment": ["one"] * 300}, "one segment only, 'one'"),
        ({"segment": ["one"]}, "segment has shape"),
        ({"segment": "kynd"}, "Column 'kynd' is missing"),
        ({"folds": 1}, "folds is 1"),
        ({"repeats": 0}, "repeats is 0"),
        ({"measure": "gain"}, "'auc' or 'deviance'"),
        ({"level": 95}, "level is 95"),
        ({"make_model": Scorecard()}, "make_model gave a NoneType"),
        ({"make_model": lambda: 1}, "make_model gave a int"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(change, words):
    """What cannot be used is named with the mend."""
    X, y, segment = segmented(300, 0, matters=True)
    given = {"make_model": quick(), "X": X, "y": y, "segment": segment}
    with pytest.raises(InputError, match=words):
        fit_segments(**(given | change))


def test_folds_keep_people_together():
    """A person is in one fold, and people with bads are dealt evenly."""
    rng = np.random.default_rng(0)
    who, bad = rng.integers(0, 300, 1000), rng.random(1000) < 0.2
    who = np.unique(who, return_inverse=True)[1]
    fold = dealt(bad, who, 5, 0)
    assert all(len(set(fold[who == one])) == 1 for one in range(who.max() + 1))
    bads = np.bincount(fold[bad], minlength=5)
    assert bads.max() - bads.min() <= 3
    with pytest.raises(InputError, match="there are 1"):
        dealt(np.array([True, False, False]), np.arange(3), 2, 0)


def test_measures_are_scikit_learns(table, model):
    """The AUC is that of `discrimination`, and the deviance twice scikit-learn's log loss."""
    from sklearn.metrics import log_loss

    frame, bad = table
    score, rate = model.score_points(frame).astype(float), model.card_.pd(model.score_points(frame))
    assert auc(score, bad == 1, np.ones(len(bad))) == discrimination(model, frame, bad, rounds=2).auc.value
    assert deviance(rate, bad == 1, np.ones(len(bad))) == pytest.approx(2 * log_loss(bad, rate))


def test_limits_know_that_folds_share_rows():
    """The corrected limits are wider than a plain t interval, by the factor of the formula."""
    differences = np.random.default_rng(0).normal(size=10)
    found = corrected(differences, 5, 0.95)
    plain = 2.2622 * differences.std(ddof=1) / math.sqrt(10)
    assert (found.high - found.low) / 2 == pytest.approx(plain * math.sqrt(1 + 10 / 4), rel=1e-4)
