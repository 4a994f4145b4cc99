"""The same card from the same facts, an estimate on unseen rows, and no card by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from plainscore.scorecard import (
    ConstraintError,
    InputError,
    Scorecard,
    WeightOfEvidence,
    characteristics_frame,
)
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting._fitted import Draw, Table
from plainscore.scorecard.fitting._rows import Rows, canonical, deal, exchanged, thinned_by_side

QUICK = {"estimate": False}


def small(rows, seed):
    """Return a few columns with gaps and texts, and an outcome that follows two of them."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "use": rng.gamma(2, 20, rows).round(0),
            "late": rng.poisson(0.8, rows).astype(float),
            "kind": rng.choice(["card", "loan", "rent"], rows),
        }
    )
    frame.loc[rng.random(rows) < 0.1, "use"] = np.nan
    risk = 0.03 * frame["use"].fillna(60) + 0.8 * frame["late"] - 2.6
    return frame, (rng.random(rows) < 1 / (1 + np.exp(-risk))).astype(int)


@examples(12)
@given(st.integers(0, 10**6), st.sampled_from(["shape", "woe"]), st.booleans())
def test_the_same_facts_give_the_same_card(seed, method, grids):
    """Rows in any order, columns in any order, and counts in place of repeated rows: the same bytes."""
    frame, bad = small(500, seed)
    rng = np.random.default_rng(seed)
    times = rng.integers(1, 4, 500)
    options = {"method": method, "max_grids": int(grids), "max_p": 0.5, **QUICK}
    card = Scorecard(**options).fit(frame, bad, times).card_
    rows = rng.permutation(np.repeat(np.arange(500), times))
    columns = list(rng.permutation(frame.columns))
    again = Scorecard(**options).fit(frame.iloc[rows][columns], bad[rows]).card_
    assert again.to_json() == card.to_json()


def test_the_same_facts_give_the_same_estimate():
    """The whole log is the same for any order of rows, with people as without."""
    frame, bad = small(900, 1)
    who = np.arange(900) // 3
    order = np.random.default_rng(0).permutation(900)
    for groups in (None, who):
        first = Scorecard().fit(frame, bad, groups=groups)
        rows = None if groups is None else np.array([f"p{one}" for one in groups[order]])
        again = Scorecard().fit(frame.iloc[order], bad[order], groups=rows)
        assert again.log_ == first.log_


def test_sampling_weights_are_no_more_rows():
    """Weights of a sampling scale the rates and leave the count of cases; as counts they must be whole."""
    frame, bad = small(800, 3)
    weight = np.where(bad == 1, 1.0, 4.5)
    model = Scorecard(weights_are="sampling", **QUICK).fit(frame, bad, weight)
    assert model.log_["population"]["rows"] == 800
    assert model.predict_proba(frame)[:, 1] @ weight / weight.sum() == pytest.approx(
        bad @ weight / weight.sum(), abs=0.02
    )
    order = np.random.default_rng(1).permutation(800)
    again = Scorecard(weights_are="sampling", **QUICK).fit(frame.iloc[order], bad[order], weight[order])
    assert again.card_.to_json() == model.card_.to_json()
    with pytest.raises(InputError, match=r"a count is a whole number.*weights_are='sampling'"):
        Scorecard(**QUICK).fit(frame, bad, weight)


def test_weights_of_evidence_do_not_depend_on_order():
    """The transformer's bins and weights are the same for rows in any order, also with broken weights."""
    frame, bad = small(800, 5)
    weight = np.random.default_rng(0).random(800) + 0.1
    order = np.random.default_rng(1).permutation(800)
    first = WeightOfEvidence().fit(frame, bad, weight)
    again = WeightOfEvidence().fit(frame.iloc[order], bad[order], weight[order])
    assert (first.transform(frame) == again.transform(frame)).all()


def _rows(seed, groups):
    rng = np.random.default_rng(seed)
    size = 60
    codes = [rng.integers(0, 3, size).astype(np.uint16) for _ in range(2)]
    bad = rng.random(size) < 0.4
    bad[:2] = [True, False]
    count = rng.integers(1, 4, size)
    group = rng.integers(0, 12, size) if groups else None
    return canonical(np.array(codes), Sample(bad, np.ones(size)), count, group)


@given(st.integers(0, 10**6), st.booleans(), st.integers(2, 6))
def test_dealing_parts_every_copy_once(seed, groups, parts):
    """Every copy is in one part, of like sizes without groups; with them nobody is in two."""
    rows = _rows(seed, groups)
    dealt = deal(rows, parts)
    assert (dealt.sum(axis=1) == rows.count).all()
    if groups:
        for person in range(rows.group.max() + 1):
            assert (dealt[rows.group == person].sum(axis=0) > 0).sum() == 1
    else:
        assert np.ptp(dealt.sum(axis=0)) <= 2
        assert np.ptp(dealt[rows.bad].sum(axis=0)) <= 1


@given(st.integers(0, 10**6), st.booleans())
def test_an_exchange_keeps_what_it_must(seed, groups):
    """Cells keep their copies, outcomes their number; with groups histories stay whole."""
    rows = _rows(seed, groups)
    other = exchanged(rows, seed)
    assert (other.copies, other.bads) == (rows.copies, rows.bads)

    def cells(one: Rows):
        return pd.Series(one.count).groupby([*one.codes.T, *([one.group] if groups else [])]).sum()

    pd.testing.assert_series_equal(cells(rows), cells(other))
    if groups:
        histories = [
            sorted(
                zip(
                    np.bincount(one.group, weights=one.count),
                    np.bincount(one.group, weights=one.count * one.bad),
                    strict=True,
                )
            )
            for one in (rows, other)
        ]
        assert histories[0] == histories[1]


def test_the_estimate_is_what_new_rows_show():
    """Over samples of 1,000 rows with noise columns, the estimate's mean is within .01 of fresh rows' AUC."""
    gaps = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(9000, 12)).round(2)
        bad = rng.random(9000) < 1 / (1 + np.exp(1.5 - x[:, :3] @ np.array([0.8, 0.6, 0.5])))
        frame = pd.DataFrame(x, columns=[f"x{at}" for at in range(12)])
        model = Scorecard().fit(frame[:1000], bad[:1000])
        fresh = roc_auc_score(bad[1000:], -model.score_points(frame[1000:]))
        gaps.append(model.log_["estimate"]["auc"] - fresh)
    assert abs(np.mean(gaps)) < 0.01 + 2 * np.std(gaps) / np.sqrt(8)


def test_noise_is_refused_and_a_signal_is_not():
    """Of 12 sets of noise at most 3 make a card; the refusal says what can be seen; a signal is built."""
    built, said = 0, ""
    for seed in range(12):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(rng.normal(size=(600, 6)), columns=list("abcdef"))
        try:
            Scorecard().fit(frame, rng.random(600) < 0.2)
            built += 1
        except ConstraintError as error:
            said = str(error)
    assert built <= 3
    assert "cannot be told from chance" in said
    rng = np.random.default_rng(0)
    x = rng.normal(size=600)
    assert Scorecard().fit({"x": x}, rng.random(600) < 1 / (1 + np.exp(1.5 - x))).log_["chance"]["passed"]


def test_people_are_not_many_cases_each():
    """Noise that is constant within a person, whose outcomes hang together, is refused with groups."""
    built = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        who = np.repeat(np.arange(150), 6)
        frame = pd.DataFrame(rng.normal(size=(150, 5)), columns=list("abcde")).iloc[who]
        risk = rng.normal(size=150)[who] * 2 - 1.5
        try:
            Scorecard().fit(frame, rng.random(900) < 1 / (1 + np.exp(-risk)), groups=who)
            built += 1
        except ConstraintError:
            pass
    assert built <= 2


def test_too_few_outcomes_for_an_estimate_are_refused():
    """With three bads nothing can be held out: the error says so, and estimate=False fits all the same."""
    x = np.arange(400.0)
    bad = np.zeros(400)
    bad[[397, 398, 399]] = 1
    with pytest.raises(ConstraintError, match="too few to hold any out"):
        Scorecard().fit({"x": x}, bad)


def test_a_card_below_an_even_chance_is_said_to_be_so():
    """Where nothing ranks better than 0.5 the refusal speaks of an even chance, and of no exchange."""
    with pytest.raises(ConstraintError, match=r"AUC of 0\.500, and an even chance is 0\.5\. With 80 bads"):
        Scorecard().fit({"x": np.arange(400.0) % 2}, np.arange(400) % 10 < 2)


def test_many_small_effects_widen_the_choice_where_asked():
    """Small effects that fail their tests come on the card by held-out rows, and their gain is logged."""
    rng = np.random.default_rng(6)
    x = rng.normal(size=(900, 14)).round(2)
    strength = np.array([0.7, 0.6, 0.6, 0.5, *[0.2] * 10])
    bad = rng.random(900) < 1 / (1 + np.exp(0.8 - x @ strength))
    frame = {f"c{at:02d}": x[:, at] for at in range(14)}
    strict, wide = (Scorecard(beyond=word, **QUICK).fit(frame, bad) for word in ("never", "held_out"))
    assert strict.log_["wider"] == {}
    assert set(wide.log_["wider"]) == {"0.3", "1"}
    assert max(wide.log_["wider"].values()) > 0
    assert set(strict.card_.parts) < set(wide.card_.parts)


@pytest.mark.parametrize("method", ["shape", "woe"])
def test_a_choice_is_counted_on_halves(method):
    """What decides comes on the card of every half, noise on few; looking does not change the card."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(1500, 5)).round(2)
    bad = rng.random(1500) < 1 / (1 + np.exp(1.0 - 1.2 * x[:, 0]))
    frame = {f"c{at}": x[:, at] for at in range(5)}
    plain, looked = (Scorecard(method=method, choice_halves=n, **QUICK).fit(frame, bad) for n in (0, 15))
    again = looked.log_["chosen_in_halves"]
    assert again["halves"] == 15
    assert again["chosen"]["c0"] == 15
    assert set(again["chosen"]) == set(frame)
    assert sum(again["chosen"][f"c{at}"] for at in range(1, 5)) <= 15
    assert "chosen_in_halves" not in plain.log_
    assert plain.card_ == looked.card_
    found = characteristics_frame(looked).set_index("characteristic")["chosen"]
    assert found.to_dict() == {name: times / 15 for name, times in again["chosen"].items()}
    assert characteristics_frame(plain)["chosen"].isna().all()


@pytest.mark.parametrize("halves", [1, 2])
def test_halves_of_people_share_nobody(halves, monkeypatch):
    """With groups each half has whole people, and a pair of halves has everybody once."""
    rng = np.random.default_rng(4)
    who = np.repeat(np.arange(300), 3)
    x = rng.normal(size=900).round(2)
    bad = rng.random(900) < 1 / (1 + np.exp(1.0 - x))
    met = []

    def told(table, count):
        met.append(set(table.rows.group[count > 0].tolist()))
        return Draw(table, table.rows.at(np.flatnonzero(count), count))

    monkeypatch.setattr(Table, "drawn", told)
    Scorecard(choice_halves=halves, resamples=0, **QUICK).fit({"x": x}, bad, groups=who)
    assert len(met) == halves
    assert all(140 <= len(one) <= 160 for one in met)
    if halves == 2:
        assert not met[0] & met[1]
        assert len(met[0] | met[1]) == 300


@given(st.integers(0, 10_000), st.booleans(), st.integers(10, 100))
@examples(60)
def test_tests_see_both_outcomes_and_whole_people(seed, groups, most):
    """Of many copies about `most` are seen, the rarer side first; people whole or not at all."""
    rows = _rows(seed, groups)
    side = rows.bad
    if groups:
        side = (np.bincount(rows.group, weights=rows.count * rows.bad) > 0)[rows.group]
    seen = thinned_by_side(rows, most)
    assert ((seen >= 0) & (seen <= rows.count)).all()
    totals = [int(rows.count[part].sum()) for part in (side, ~side)]
    drawn = [int(seen[part].sum()) for part in (side, ~side)]
    if groups:
        assert ((seen == 0) | (seen == rows.count)).all()
        parts = np.bincount(rows.group, weights=seen), np.bincount(rows.group, weights=rows.count)
        assert ((parts[0] == 0) | (parts[0] == parts[1])).all()
    else:
        assert sum(drawn) <= max(most, 2) + 1
    if min(totals) <= most // 2:
        assert drawn[totals.index(min(totals))] == min(totals)


def test_large_tables_are_tested_on_some_rows_in_any_order(monkeypatch):
    """Above the limit the log says how many rows were tested, and the order of rows changes nothing."""
    monkeypatch.setattr("plainscore.scorecard.fitting._choose.TESTED", 400)
    frame, bad = small(1500, 8)
    order = np.random.default_rng(0).permutation(1500)
    first, again = (Scorecard(**QUICK).fit(frame.iloc[at], bad[at]) for at in (np.arange(1500), order))
    assert 300 <= first.log_["tested_on"] <= 400
    assert first.card_.to_json() == again.card_.to_json()


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_every_characteristic_moves_scores(seed):
    """None has under 1% of the range in points, but for rounding; one that is kept stays all the same."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(20_000, 4)).round(1)
    bad = rng.random(20_000) < 1 / (1 + np.exp(1.5 - x @ [3.0, 2.0, 1.0, 0.03]))
    frame = {f"c{at}": x[:, at] for at in range(4)}
    model = Scorecard(max_p=1, **QUICK).fit(frame, bad)
    card = model.card_
    moved = {one.id: np.ptp([each.points for each in one.attributes]) for one in card.characteristics}
    assert min(moved.values()) >= 0.9 * 0.01 * (card.scale.high - card.scale.low)
    left = {one["id"]: one["decision"] for one in model.log_["characteristics"]}
    assert "c3" in moved or "of the card's range, and a place on the card asks for 1%" in left["c3"]
    assert ("c3" in moved) == (seed == 0)
    kept = Scorecard(max_p=1, keep=["c3"], **QUICK).fit(frame, bad)
    assert "c3" in {one.id for one in kept.card_.characteristics}


def test_a_column_to_keep_that_earns_nothing_is_refused():
    """A kept column with one value is refused, and the refusal says why; one to leave is logged."""
    frame, bad = small(600, 1)
    with pytest.raises(ConstraintError, match=r"keep names 'flat', which cannot stand on a card\. Left: "):
        Scorecard(keep=["flat"], **QUICK).fit(frame.assign(flat=1.0), bad)
    model = Scorecard(leave=["kind"], **QUICK).fit(frame, bad)
    assert model.log_["left"] == {"kind": "Left by the modeller: `leave` names it, so it was not looked at."}
