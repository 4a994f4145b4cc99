"""Reject inference in worlds where the truth about the refused is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import InputError, RejectInference, Scorecard, reject_inference
from plainscore.scorecard.strategy._fits import Labelled
from plainscore.scorecard.strategy._given import Draws
from plainscore.scorecard.strategy._reject_figures import Evidence, cut_off_keeping, jackknife
from plainscore.scorecard.strategy._reject_methods import Unseen, _odds_of_unseen, stacked

from ._worlds import parted, quick, selected

METHODS = ["known goods and bads", "fuzzy augmentation", "parcelling x1.3", "reweighting"]
BOUNDS = ["every reject good", "every reject bad"]


def inferred(rows, seed, *, unseen, **options):
    """Return what is inferred in a made-up world, and the true bad rate of its rejects."""
    X, y, accepted, true = selected(rows, seed, unseen=unseen)
    taken, refused = parted(X, accepted)
    said = {"prudence": 1.3, "folds": 5, "rounds": 20} | options
    return reject_inference(quick(), taken, y[accepted], refused, **said), true[~accepted].mean()


def holds(row, true):
    """Whether the interval of a method holds a rate."""
    return row["rejects_bad_rate_low"] <= true <= row["rejects_bad_rate_high"]


@pytest.fixture(scope="module")
def found():
    """Give what is inferred where acceptance hangs on the columns alone, with a bad rate to keep."""
    return inferred(3000, 0, unseen=0.0, keep_bad_rate=0.1)


def test_reweighting_is_right_where_acceptance_hangs_on_the_columns(found):
    """Under missing at random the interval of reweighting holds the true bad rate of the rejects."""
    result, true = found
    assert holds(result.table.loc["reweighting"], true)


@pytest.mark.slow
def test_reweighting_is_right_over_many_worlds():
    """Over 24 worlds missing at random reweighting is right on average, and its interval in 20 or more."""
    bias, held = [], 0
    for seed in range(24):
        result, true = inferred(4000, seed, unseen=0.0, folds=10)
        row = result.table.loc["reweighting"]
        bias.append(row["rejects_bad_rate"] - true)
        held += holds(row, true)
    assert abs(np.mean(bias)) < 0.006
    assert held >= 20


@pytest.mark.parametrize(
    "seed", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]
)
def test_no_method_is_right_where_the_lender_saw_more(seed):
    """Under selection on what the table lacks every method misses far, on the same side; the bounds hold."""
    result, true = inferred(3000, seed, unseen=1.2)
    for name in METHODS:
        assert not holds(result.table.loc[name], true), name
        assert result.table.loc[name, "rejects_bad_rate_high"] < true - 0.05
    low, high = result.table.loc[BOUNDS, "rejects_bad_rate"]
    assert low <= true <= high


@examples(50)
@given(seed=st.integers(0, 10_000), share=st.floats(0.0, 1.0))
def test_the_bounds_always_hold_the_truth(found, seed, share):
    """Whatever the rejects would have done, every band's bad rate lies between all good and all bad."""
    result, _ = found
    X, _, accepted, _ = selected(3000, 0, unseen=0.0)
    score = result.cards[METHODS[0]].score(parted(X, accepted)[1])
    bad = np.random.default_rng(seed).random(len(score)) < share
    bands = result.bands
    band = np.searchsorted(bands["from"].to_numpy()[1:], score, side="right")
    assert np.bincount(band, minlength=len(bands)).tolist() == bands["without_outcome"].tolist()
    bads = bands["bads"] + np.bincount(band[bad], minlength=len(bands))
    truth = bads / (bands["accepted"] + bands["without_outcome"])
    assert (bands["bad_rate_if_good"] <= truth).all()
    assert (truth <= bands["bad_rate_if_bad"]).all()


def test_it_is_never_one_number(found):
    """The answer has a row a method and a range over them, and says in every form that none is best."""
    result, _ = found
    assert list(result.table.index) == [*METHODS, *BOUNDS]
    assert not hasattr(RejectInference, "__float__")
    row = result.range.loc["rejects_bad_rate"]
    own = result.table.loc[METHODS, "rejects_bad_rate"]
    assert (row["lowest"], row["highest"]) == (own.min(), own.max())
    assert (row["lowest_of_bounds"], row["highest_of_bounds"]) == (0.0, 1.0)
    for text in (result.sentence, str(result), result._repr_html_()):
        assert "No method is best" in text
        assert "rules out nothing from 0% to 100%" in text


def test_methods_are_in_their_known_order(found):
    """Fuzzy augmentation hardly moves the rate; parcelling raises it; bounds on the cut-off enclose all."""
    table = found[0].table
    rate = table["rejects_bad_rate"]
    assert rate["fuzzy augmentation"] == pytest.approx(rate["known goods and bads"], abs=0.01)
    assert rate["parcelling x1.3"] > rate["known goods and bads"] * 1.05
    cut = table["cut_off"]
    assert cut["every reject good"] <= cut[METHODS].min()
    assert cut["every reject bad"] >= cut[METHODS].max()
    assert table.loc[METHODS, "approval_rate"].between(0.3, 0.99).all()
    assert table["auc"].between(table["auc_low"], table["auc_high"]).all()


def test_all_cards_are_on_one_scale(found):
    """The same score is the same odds on each method's card, so that cut-offs compare."""
    scales = {(one.scale.base_score, one.scale.base_odds, one.scale.pdo) for one in found[0].cards.values()}
    assert len(scales) == 1


def test_more_prudence_is_a_higher_rate():
    """Each stated prudence has its row, and the rate rises with it."""
    result, _ = inferred(2000, 1, unseen=0.0, prudence=(1, 1.5, 2), folds=2)
    rates = result.table.loc[["parcelling x1", "parcelling x1.5", "parcelling x2"], "rejects_bad_rate"]
    assert rates.is_monotonic_increasing
    assert list(result.table.filter(like="cut")) == []


def test_a_rate_that_no_cut_off_keeps_is_infinite():
    """Where no cut-off keeps the bad rate, the answer is infinity in table and range, and a word."""
    X, y, accepted, _ = selected(1500, 1, unseen=0.0)
    taken, refused = parted(X, accepted)
    said = {"prudence": 1.3, "folds": 2, "rounds": 20, "keep_bad_rate": 1e-9}
    result = reject_inference(quick(), taken, y[accepted], refused, **said)
    lost = np.isinf(result.table["cut_off"])
    assert lost["every reject bad"]
    assert (result.table["approval_rate"][lost] == 0).all()
    assert math.isinf(result.range.loc["cut_off", "highest_of_bounds"])
    assert not math.isinf(result.range.loc["cut_off", "highest"]) or "to none" in result.sentence


def test_people_without_consent_are_a_second_class():
    """They have a bad rate of their own, with records missing, and stand in the words."""
    X, y, accepted, _ = selected(3000, 2, unseen=0.0)
    taken, refused = parted(X, accepted)
    unread = {name: values[:400].copy() for name, values in refused.items()}
    unread["b"][:] = np.nan
    rest = {name: values[400:] for name, values in refused.items()}
    result = reject_inference(
        quick(), taken, y[accepted], rest, X_no_consent=unread, prudence=1.2, folds=2, rounds=20
    )
    rates = result.table["no_consent_bad_rate"]
    assert rates[[*METHODS[:2], "reweighting"]].between(0.02, 0.6).all()
    assert rates[BOUNDS].tolist() == [0.0, 1.0]
    assert list(result.speaking) == ["rejects", "no_consent"]
    assert "those without consent" in result.sentence


def test_few_who_resemble_the_rejects_are_told():
    """Where nearly no accepted case is like a reject, reweighting is said to rest on few."""
    rng = np.random.default_rng(0)
    taken, refused = rng.normal(0, 1, 1000).round(2), rng.normal(6, 1, 1000).round(2)
    taken[:12] = 5.5
    y = rng.random(1000) < 1 / (1 + np.exp(1.5 - taken))
    result = reject_inference(quick(), {"a": taken}, y, {"a": refused}, prudence=1, folds=2, rounds=20)
    assert result.speaking["rejects"] < 100
    assert "Few accepted cases are like rejects" in result.sentence


def test_every_step_is_in_the_fold():
    """On noise the AUC of every method is a half: nothing was chosen on the rows that it is measured on."""
    rng = np.random.default_rng(0)
    X = {f"x{at}": rng.normal(size=1500).round(1) for at in range(8)}
    y, accepted = rng.random(1500) < 0.3, rng.random(1500) < 0.7
    taken, refused = parted(X, accepted)
    make = quick(min_iv=0.0, max_p=1.0, on_wrong_sign="keep")
    result = reject_inference(make, taken, y[accepted], refused, prudence=1, folds=5, rounds=50)
    assert (result.table["auc"] - 0.5).abs().max() < 0.05


def test_people_are_not_parted():
    """Rows of one person are left out together, so that repeated rows widen the intervals."""
    X, y, accepted, _ = selected(1500, 3, unseen=0.0)
    taken, refused = parted(
        {name: np.repeat(values, 3) for name, values in X.items()}, np.repeat(accepted, 3)
    )
    y, who = np.repeat(y[accepted], 3), np.repeat(np.arange(1500), 3)
    people = {"groups": who[np.repeat(accepted, 3)], "groups_rejected": who[~np.repeat(accepted, 3)]}
    said = {"prudence": 1, "folds": 5, "rounds": 50}
    by_row = reject_inference(quick(), taken, y, refused, **said).table.loc["reweighting"]
    by_person = reject_inference(quick(), taken, y, refused, **said, **people).table.loc["reweighting"]
    assert by_person["auc_high"] - by_person["auc_low"] > 1.3 * (by_row["auc_high"] - by_row["auc_low"])


def test_labels_mean_what_the_recipe_says():
    """The bad label of the lender's recipe is that of every method, and acceptance is no outcome of it."""
    X, y, accepted, _ = selected(1500, 0, unseen=0.0)
    taken, refused = parted(X, accepted)
    said = {"prudence": 1.3, "folds": 2, "rounds": 20}
    words = reject_inference(quick(bad="N"), taken, np.where(y[accepted], "N", "Y"), refused, **said)
    plain = reject_inference(quick(), taken, y[accepted], refused, **said)
    assert words.table.equals(plain.table)


def labelled(late):
    """Return accepted rows of one column."""
    rows = len(late)
    return Labelled({"late": late}, np.zeros(rows, bool), np.ones(rows), np.arange(rows), np.array([0, 1]))


def test_the_odds_of_being_refused_are_found():
    """Where acceptance falls with a column, the odds at each value are those of the world."""
    rng = np.random.default_rng(0)
    late = rng.integers(0, 4, 20_000)
    accepted = rng.random(20_000) < 0.9 - 0.2 * late
    refused = Unseen({"late": late[~accepted]}, 20_000 + np.flatnonzero(~accepted))
    odds = _odds_of_unseen(quick(), labelled(late[accepted]), refused)
    for value in range(4):
        true = (0.1 + 0.2 * value) / (0.9 - 0.2 * value)
        assert np.mean(odds[late[accepted] == value]) == pytest.approx(true, rel=0.12)


def test_nothing_that_tells_is_the_same_odds_for_all():
    """Where no column parts accepted and refused, each accepted case speaks for as many."""
    odds = _odds_of_unseen(
        quick(), labelled(np.zeros(300)), Unseen({"late": np.zeros(600)}, 300 + np.arange(600))
    )
    assert np.allclose(odds, 2.0)


def test_a_rule_that_nobody_passes_tells_nothing_among_those_who_did():
    """A column that is acceptance itself leaves the odds that the others say, alone or beside them."""
    rng = np.random.default_rng(0)
    late = rng.integers(0, 4, 3000)
    accepted = rng.random(3000) < 0.9 - 0.2 * late
    rule = {"rule": ~accepted}
    taken, refused = parted({"late": late} | rule, accepted)
    who = np.arange(3000, 3000 + len(refused["late"]))
    with_it = _odds_of_unseen(quick(), replace(labelled(taken["late"]), columns=taken), Unseen(refused, who))
    without = _odds_of_unseen(quick(), labelled(taken["late"]), Unseen({"late": refused["late"]}, who))
    assert (with_it == without).all()
    alone = replace(labelled(taken["late"]), columns={"rule": taken["rule"]})
    same = _odds_of_unseen(quick(), alone, Unseen({"rule": refused["rule"]}, who))
    assert np.allclose(same, len(who) / accepted.sum())


def test_tables_are_stacked_as_they_are():
    """A part without any value has no say in a column's kind."""
    parts = [
        {"n": np.array([1, 2]), "t": np.array(["a", "b"], object), "b": np.array([True, False])},
        {"n": np.array([np.nan]), "t": np.array([None], object), "b": np.array([None], object)},
    ]
    whole = stacked(["n", "t", "b"], parts)
    assert whole["n"].dtype == np.float64
    assert pd.Series(whole["t"]).tolist()[:2] == ["a", "b"]
    assert pd.Series(whole["b"]).tolist()[:2] == [True, False]
    assert all(pd.isna(pd.Series(column).iloc[2]) for column in whole.values())


@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1), st.floats(0.1, 3)), min_size=1, max_size=30),
    keep=st.floats(0.01, 0.99),
)
def test_the_lowest_cut_off_is_the_lowest(rows, keep):
    """It keeps the rate, and no lower score does."""
    score, rate, weight = (np.array(each, float) for each in zip(*rows, strict=True))
    fine = [
        cut
        for cut in sorted(set(score))
        if np.average(rate[score >= cut], weights=weight[score >= cut]) <= keep * (1 + 1e-9)
    ]
    rows = Evidence(score, weight, rate, np.arange(len(score)))
    found = cut_off_keeping(keep, rows, Draws(2, 0.95, 0)).value
    assert (math.isinf(found) and not fine) or found in fine[:2]


def test_the_interval_of_a_cut_off_holds_the_true_one():
    """Of 60 samples' 95% intervals 51 or more hold the cut-off of the population."""

    def drawn(rows, seed):
        rng = np.random.default_rng(seed)
        score = rng.normal(600, 50, rows).round()
        return Evidence(score, np.ones(rows), 1 / (1 + np.exp((score - 500) / 30)), np.arange(rows))

    true = cut_off_keeping(0.05, drawn(200_000, 999), Draws(2, 0.95, 0)).value
    found = [cut_off_keeping(0.05, drawn(1500, seed), Draws(200, 0.95, 0)) for seed in range(60)]
    assert sum(one.low <= true <= one.high for one in found) >= 51


def test_the_jackknife_is_as_wide_as_the_binomial_says():
    """For a plain share the interval over ten groups is that of the t distribution, on average."""
    rng = np.random.default_rng(0)
    widths = []
    for _ in range(300):
        bad = rng.random((10, 200)) < 0.2
        left = np.array([np.delete(bad, at, axis=0).mean() for at in range(10)])
        found = jackknife(float(bad.mean()), left, 0.95)
        widths.append(found.high - found.low)
    assert np.mean(widths) == pytest.approx(2 * 2.262 * math.sqrt(0.16 / 2000), rel=0.06)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"prudence": 0}, "prudence is 0"),
        ({"prudence": ()}, "prudence is empty"),
        ({"keep_bad_rate": 5}, "keep_bad_rate is 5"),
        ({"folds": 1}, "folds is 1"),
        ({"X_rejected": {"b": [1.0]}}, "X_rejected: Column 'a' is missing"),
        ({"groups": np.arange(100)}, "groups are given for some tables"),
        ({"groups_no_consent": [1]}, "groups are given for some tables"),
        ({"y": np.zeros(100)}, "one class only"),
        ({"make_model": Scorecard()}, "make_model gave a NoneType"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(change, words):
    """What cannot be used is named with the mend."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=100)
    given = {
        "make_model": quick(min_bads=2, min_goods=2, min_share=0.01, min_iv=0.0, max_p=1.0),
        "X_accepted": {"a": a},
        "y": rng.random(100) < 1 / (1 + np.exp(1 - 2 * a)),
        "X_rejected": {"a": rng.normal(size=50)},
        "prudence": 1.0,
        "folds": 2,
        "rounds": 20,
    }
    with pytest.raises(InputError, match=words):
        reject_inference(**(given | change))
