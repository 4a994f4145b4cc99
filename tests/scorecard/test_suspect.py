"""Columns that know too much are named, and honest ones hardly ever are."""

from __future__ import annotations

import json
import time
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.scorecard import Characteristic, InputError, Scorecard, SuspectColumnWarning
from plainscore.scorecard._alone import look_at, pair_auc
from plainscore.scorecard._suspect import named, refuse_outcomes

ROWS = 2000


def outcome(rows=ROWS, seed=0):
    """Return what a person is like, and an outcome after it."""
    rng = np.random.default_rng(seed)
    risk = rng.normal(size=rows)
    return rng, risk, rng.random(rows) < 1 / (1 + np.exp(1.5 - risk))


def what(columns, bad, said=()):
    """Return what each suspect column is called."""
    declared = {one.id: one for one in said}
    wanted = [declared.get(name, Characteristic(name)) for name in columns]
    looks = look_at(columns, bad, np.ones(len(bad)), wanted)
    refuse_outcomes(looks)
    return {one.column: one.what for one in named(looks)}


@pytest.mark.parametrize(
    "column",
    [
        lambda bad: bad,
        lambda bad: ~bad,
        lambda bad: bad.astype(float),
        lambda bad: np.where(bad, 3, 1),
        lambda bad: np.where(bad, "Charged Off", "Fully Paid").astype(object),
        lambda bad: np.where(bad, 1.0, np.nan),
        lambda bad: np.where(bad, np.arange(len(bad)) % 90.0, np.nan),
        lambda bad: np.where(bad, None, np.arange(len(bad)).astype(str)),
        lambda bad: np.where(bad, np.datetime64("2024-03-01"), np.datetime64("NaT")),
    ],
)
@pytest.mark.parametrize("method", ["woe", "shape"])
def test_a_column_that_is_the_outcome_is_refused(column, method):
    """The outcome, its opposite, or a column that is filled in for one class alone cannot be fitted."""
    rng, risk, bad = outcome()
    table = pd.DataFrame({"use": risk + rng.normal(size=ROWS), "later": column(bad)})
    with pytest.raises(InputError, match="Column 'later' is the outcome, or its opposite, in every row"):
        Scorecard(method=method, estimate=False).fit(table, bad)


def test_all_columns_that_are_the_outcome_are_named_at_once():
    """Two such columns are named in one sentence, not one a try."""
    _, risk, bad = outcome()
    with pytest.raises(InputError, match="Columns 'a' and 'b' are the outcome"):
        Scorecard(estimate=False).fit({"a": bad, "use": risk, "b": ~bad}, bad)


def test_a_code_is_no_value_where_a_column_is_compared_with_the_outcome():
    """A special code in the rows of one class says as much as a gap does."""
    _, risk, bad = outcome()
    later = np.where(bad, np.arange(ROWS) % 40.0, -9.0)
    said = Characteristic("later", special_codes={-9.0: "none"})
    with pytest.raises(InputError, match="'later' is the outcome"):
        Scorecard([said, "use"], estimate=False).fit({"later": later, "use": risk}, bad)


def test_few_rows_prove_nothing():
    """With a handful of rows a column may part the classes by chance, and is not refused."""
    bad = np.arange(40) < 4
    assert what({"flag": bad}, bad) == {}


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_a_leak_is_warned_of_and_logged(method):
    """A column that is filled in for most bads alone is named in one warning and in the log, on any card."""
    rng, risk, bad = outcome(4000)
    table = {f"use{at}": risk + 1.5 * rng.normal(size=4000) for at in range(5)}
    table["recovered"] = np.where(bad, rng.gamma(2, 500, 4000), 0.0) * (rng.random(4000) < 0.8)
    with pytest.warns(SuspectColumnWarning, match="'recovered' alone") as caught:
        model = Scorecard(method=method, estimate=False).fit(table, bad)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    told = {one["column"]: one for one in model.log_["suspects"]}
    assert told["recovered"]["what"] == "too good"
    assert told["recovered"]["figure"] > 0.85
    json.dumps(model.log_["suspects"], allow_nan=False)


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_a_score_among_the_columns_is_warned_of(method):
    """A column that alone ranks nearly as well as the card, others beside it, is named for that."""
    rng = np.random.default_rng(0)
    risk = rng.normal(size=4000)
    bad = rng.random(4000) < 1 / (1 + np.exp(1.5 - 2 * risk))
    table = {f"use{at}": risk + 2.5 * rng.normal(size=4000) for at in range(4)}
    table["score"] = risk + 0.1 * rng.normal(size=4000)
    with pytest.warns(SuspectColumnWarning, match="'score' alone tells nearly all that the card does"):
        model = Scorecard(method=method, estimate=False).fit(table, bad)
    assert [one["column"] for one in model.log_["suspects"] if one["what"] == "too good"] == ["score"]


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_an_honest_card_is_not_warned_of(method):
    """Columns that each tell a part, and one that is strong, give no warning; the strong one is logged."""
    rng, risk, bad = outcome(4000)
    table = {f"use{at}": risk + 1.5 * rng.normal(size=4000) for at in range(5)}
    table["strong"] = risk + 0.9 * rng.normal(size=4000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = Scorecard(method=method, estimate=False).fit(table, bad)
    assert {(one["column"], one["what"]) for one in model.log_["suspects"]} <= {("strong", "strong")}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("row", lambda rng: np.arange(ROWS)),
        ("row", lambda rng: np.arange(ROWS)[::-1] + 0.0),
        ("shuffled", lambda rng: rng.permutation(ROWS) + 100_000),
        ("part", lambda rng: rng.choice(30_000, ROWS, replace=False)),
        ("SK_ID_CURR", lambda rng: rng.integers(0, 10**12, ROWS)),
        ("account_no", lambda rng: rng.choice(10**9, ROWS, replace=False)),
        ("ref", lambda rng: np.array([f"{value:08x}" for value in rng.choice(10**9, ROWS)], object)),
        ("person_id", lambda rng: np.repeat(rng.choice(10**6, ROWS // 2, replace=False), 2)),
    ],
)
def test_identifiers_are_named(name, column):
    """Row numbers, account numbers and hashes are named, in any order and with any name."""
    rng, _, bad = outcome()
    assert what({name: column(rng)}, bad) == {name: "identifier"}


def test_an_identifier_is_warned_of_in_the_fit():
    """A fit warns once of an identifier, with what to do."""
    rng, risk, bad = outcome()
    table = {"row": rng.permutation(ROWS), "use": risk}
    with pytest.warns(SuspectColumnWarning, match=r"'row' looks like an identifier.*leave it out\.$"):
        model = Scorecard(estimate=False).fit(table, bad)
    assert [one["what"] for one in model.log_["suspects"] if one["column"] == "row"] == ["identifier"]


def test_a_constant_is_logged_without_a_warning():
    """A column of one value, or of none, is in the log; it harms nobody, so nothing warns."""
    rng, risk, bad = outcome()
    table = {"use": risk + rng.normal(size=ROWS), "one": np.ones(ROWS), "none": np.full(ROWS, np.nan)}
    model = Scorecard(estimate=False).fit(table, bad)
    assert {one["column"] for one in model.log_["suspects"] if one["what"] == "constant"} == {"one", "none"}


def honest(rng, rows):
    """Return columns of many kinds that know nothing of the outcome."""
    jobs = 1 / np.arange(1, 2001)
    return {
        "rare_levels": rng.integers(0, 150, rows).astype(str),
        "many_levels": rng.integers(0, rows // 3, rows).astype(str),
        "job": np.array([f"job {at}" for at in rng.choice(2000, rows, p=jobs / jobs.sum())], object),
        "noise": rng.normal(size=rows),
        "income": np.rint(rng.lognormal(10, 0.6, rows)),
        "rounded": 100.0 * rng.integers(1, 500, rows),
        "days": rng.integers(-25_000, -7_000, rows),
        "cents": np.rint(rng.lognormal(8, 1, rows) * 100) / 100,
        "gaps": np.where(rng.random(rows) < 0.9, np.nan, rng.normal(size=rows)),
        "flag": rng.random(rows) < 0.02,
        "opened": np.datetime64("2015-01") + rng.integers(0, 96, rows),
    }


@pytest.mark.parametrize("rows", [300, 1000, 4000])
def test_honest_columns_are_hardly_ever_named(rows):
    """Of 330 columns that know nothing, levels by the hundred among them, at most one is named."""
    wrong = 0
    for seed in range(30):
        rng, _, bad = outcome(rows, seed)
        wrong += len(what(honest(rng, rows), bad))
    assert wrong <= 1


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=6))
def test_the_auc_of_pairs_left_out_is_that_of_leaving_pairs_out(states):
    """The closed form equals leaving out each pair of a good and a bad row in turn."""
    goods, bads = (np.array(part, float) for part in zip(*states, strict=True))
    if not (goods.sum() and bads.sum()):
        assert pair_auc(goods, bads) == 0.5
        return
    share = bads.sum() / (goods.sum() + bads.sum())
    won = 0.0
    for good, many_goods in enumerate(goods):
        for bad, many_bads in enumerate(bads):
            if good == bad:
                won += many_goods * many_bads / 2
            elif many_goods and many_bads:
                of_good = (bads[good] + share) / (goods[good] + bads[good] - 1 + 1)
                of_bad = (bads[bad] - 1 + share) / (goods[bad] + bads[bad] - 1 + 1)
                won += many_goods * many_bads * (np.sign(round(of_bad - of_good, 10)) + 1) / 2
    assert pair_auc(goods, bads) == pytest.approx(won / (goods.sum() * bads.sum()))


def test_looks_do_not_depend_on_the_order_of_rows():
    """The figures of a column are the same for its rows in any order."""
    rng, risk, bad = outcome()
    table = {"use": risk + rng.normal(size=ROWS), "kind": rng.choice(list("abcd"), ROWS)}
    said = [Characteristic(name) for name in table]
    first = look_at(table, bad, np.ones(ROWS), said)
    order = rng.permutation(ROWS)
    shuffled = {name: values[order] for name, values in table.items()}
    again = look_at(shuffled, bad[order], np.ones(ROWS), said)
    assert [(one.auc, one.iv) for one in again] == [pytest.approx((one.auc, one.iv)) for one in first]


def test_one_good_column_among_noise_is_not_too_good():
    """Where one column is all there is it is nearly the whole card, and that says nothing against it."""
    rng, risk, bad = outcome()
    table = {"use": risk + rng.normal(size=ROWS), **{f"noise{at}": rng.normal(size=ROWS) for at in range(9)}}
    looks = look_at(table, bad, np.ones(ROWS), [Characteristic(name) for name in table])
    assert all(one.what == "strong" for one in named(looks, looks[0].auc))


def test_denied_columns_are_refused_all_at_once():
    """Every denied column of a table is named in one sentence, with its category."""
    _, risk, bad = outcome()
    table = {"use": risk, "gender": bad, "postcode": bad, "religion": bad}
    with pytest.raises(
        InputError, match=r"'gender' \(sex or gender.*'postcode' \(.*and 'religion' \("
    ) as caught:
        Scorecard(estimate=False).fit(table, bad)
    assert "A name is no proof" in str(caught.value)


@pytest.mark.slow
def test_five_hundred_columns_take_a_second():
    """500 columns of 20,000 rows are looked at within a second of one processor."""
    rng, _, bad = outcome(20_000)
    table = {f"x{at}": rng.normal(size=20_000) for at in range(400)}
    table |= {f"amount{at}": np.rint(rng.lognormal(10, 1, 20_000)) for at in range(100)}
    said = [Characteristic(name) for name in table]
    look_at(table, bad, np.ones(20_000), said[:2])
    start = time.process_time()
    look_at(table, bad, np.ones(20_000), said)
    assert time.process_time() - start < 1.0
