"""Whatever is given, an estimator works or says in a sentence what is wrong."""

from __future__ import annotations

import datetime as dt
import decimal
import inspect
import re
from contextlib import suppress

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from examples import examples
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from plainscore.scorecard import InputError, Scorecard, ScorecardError, WeightOfEvidence
from plainscore.scorecard._options_check import RULES
from plainscore.scorecard._reading import is_absent

ROWS = 600
FREE = {"min_share": 0.0, "min_goods": 1, "min_bads": 1, "min_iv": 0.0, "max_p": 1.0, "resamples": 0}
NAN = float("nan")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"max_bins": 0}, "max_bins is 0, and it must be a whole number of at least 1. Give 8, say."),
        ({"max_bins": 2.5}, "max_bins is 2.5"),
        ({"max_bins": True}, "max_bins is True"),
        ({"pre_bins": "many"}, "pre_bins is 'many'"),
        ({"min_share": 2}, "min_share is 2, and it must be a number from 0 to 1. Give 0.005, say."),
        ({"min_goods": -1}, "min_goods is -1"),
        ({"min_bads": None}, "min_bads is None"),
        ({"smoothing": -1}, "smoothing is -1, and it must be a number of at least 0. Give 10, say."),
        ({"rare_share": NAN}, "rare_share is nan"),
        ({"min_special": float("inf")}, "min_special is inf"),
        ({"special_codes": {"x": [-9]}}, "special_codes is {'x': [-9]}, and it must map columns"),
        ({"special_codes": {"x": {NAN: "none"}}}, "a code is a finite number or a text"),
        ({"characteristics": "x"}, "characteristics is 'x', and it must be a list of column names"),
        ({"characteristics": [0]}, "characteristics is [0]"),
        ({"characteristics": []}, "characteristics is empty"),
        ({"characteristics": ["x", "x"]}, "characteristics names 'x' twice"),
        ({"characteristics": ["xx"]}, "Column 'xx' is missing"),
    ],
)
@pytest.mark.parametrize("estimator", [Scorecard, WeightOfEvidence])
def test_options_without_meaning_are_named(estimator, options, says):
    """An option that both estimators have is refused by name, with its rule and the mend."""
    with pytest.raises(InputError, match=re.escape(says)):
        estimator(**options).fit({"x": np.arange(100)}, np.arange(100) % 2)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"method": "magic"}, "method is 'magic', and it must be one of shape, woe. Give 'shape', say."),
        ({"method": None}, "method is None"),
        ({"on_wrong_sign": "ignore"}, "on_wrong_sign is 'ignore', and it must be one of drop, keep"),
        ({"max_characteristics": "all"}, "max_characteristics is 'all', and it must be a whole number"),
        ({"max_characteristics": 0}, "max_characteristics is 0"),
        ({"penalty": NAN}, "penalty is nan"),
        ({"resamples": -1}, "resamples is -1"),
        ({"max_grids": -1}, "max_grids is -1"),
        ({"max_correlation": 1.5}, "max_correlation is 1.5"),
        ({"max_p": -0.1}, "max_p is -0.1"),
        (
            {"pdo": 0, "base_score": 600, "base_odds": 30},
            "pdo is 0, and it must be a number from 0.1 to 10000",
        ),
        ({"pdo": 20}, "Give base_score, base_odds and pdo together"),
        ({"low": 850, "high": 300}, "The range 850 to 300 is empty. Give a high above the low."),
        ({"low": 300.5}, "low is 300.5, and it must be a whole number"),
        ({"name": None}, "name is None, and it must be a text"),
        ({"coverage": [1]}, "coverage is [1], and it must map names to whole numbers"),
        ({"near": (560, 500)}, "near is (560, 500), and it must be two scores"),
    ],
)
def test_options_of_the_card_without_meaning_are_named(options, says):
    """An option that only a card has is refused by name, with its rule and the mend."""
    with pytest.raises(InputError, match=re.escape(says)):
        Scorecard(**options, estimate=False).fit({"x": np.arange(100)}, np.arange(100) % 2)


@pytest.mark.parametrize("estimator", [Scorecard, WeightOfEvidence])
def test_every_option_has_a_rule_that_its_default_keeps(estimator):
    """No option is left unchecked, and no default is refused."""
    parameters = inspect.signature(estimator).parameters
    assert set(parameters) <= set(RULES)
    assert [name for name, each in parameters.items() if not RULES[name].holds(each.default)] == []


def test_a_misspelt_column_is_named_beside_its_nearest():
    """A missing column is named with the given column that looks most like it."""
    model = WeightOfEvidence().fit({"use_share": np.arange(100)}, np.arange(100) % 2)
    with pytest.raises(InputError, match=r"Column 'use_share' is missing.*Did you mean 'use_shares'"):
        model.transform({"use_shares": [1.0], "other": [2.0]})


def value_rows():
    """Return a value from 0 to 5 for each row, None in every tenth, and an outcome that follows it."""
    rng = np.random.default_rng(0)
    value = rng.integers(0, 6, ROWS)
    bad = (rng.random(ROWS) < 0.05 + 0.13 * value).astype(int)
    return [None if at % 10 == 0 else int(each) for at, each in enumerate(value)], bad


def each_value(change):
    """Return the rows' values, changed where there is one."""
    return [None if value is None else change(value) for value in value_rows()[0]]


NUMBER = value_rows()[0]
TEXT = each_value("abcdef".__getitem__)
TRUTH = each_value(lambda value: value > 2)
DAY = each_value(lambda value: dt.date(2020, 1 + value, 3))
TIME = each_value(lambda value: dt.datetime(2020, 1 + value, 3, tzinfo=dt.UTC))
MONEY = each_value(lambda value: decimal.Decimal(value) / 4)
ABSENT = (None, NAN, pd.NA)


def gaps(values):
    """Return an object column whose gaps are None, NaN and NA in turn."""
    return pd.Series([ABSENT[at % 3] if v is None else v for at, v in enumerate(values)], dtype=object)


def arrow(values, kind):
    """Return a pandas column of an Arrow type."""
    return pd.Series(values, dtype=pd.ArrowDtype(kind))


COLUMNS = {
    "Int64": pd.Series(NUMBER, dtype="Int64"),
    "Float32": pd.Series(NUMBER, dtype="Float32"),
    "boolean": pd.Series(TRUTH, dtype="boolean"),
    "string": pd.Series(TEXT, dtype="string[pyarrow]"),
    "arrow text": arrow(TEXT, pa.string()),
    "arrow truth": arrow(TRUTH, pa.bool_()),
    "arrow day": arrow(DAY, pa.date32()),
    "arrow time": arrow(TIME, pa.timestamp("us", tz="Europe/Madrid")),
    "arrow money": arrow(MONEY, pa.decimal128(10, 2)),
    "arrow dictionary": arrow(TEXT, pa.dictionary(pa.int8(), pa.string())),
    "float16": np.array([NAN if v is None else v for v in NUMBER], np.float16),
    "numbers with gaps": gaps(NUMBER),
    "texts with gaps": gaps(TEXT),
    "truths with gaps": gaps(TRUTH),
    "days": pd.Series(DAY, dtype=object),
    "datetime64": np.array(DAY, "M8[D]"),
    "periods": pd.Series(pd.PeriodIndex(DAY, freq="M")),
    "ordered": pd.Series(pd.Categorical(TEXT, categories=list("fedcba"), ordered=True)),
    "pl.Categorical": pl.DataFrame({"x": pl.Series(TEXT, dtype=pl.Categorical)}),
    "pl.Enum": pl.DataFrame({"x": pl.Series(TEXT, dtype=pl.Enum(list("abcdef")))}),
    "pl.Decimal": pl.DataFrame({"x": pl.Series(MONEY, dtype=pl.Decimal(10, 2))}),
    "pl.Date": pl.DataFrame({"x": pl.Series(DAY, dtype=pl.Date)}),
    "pa.dictionary": pa.table({"x": pa.array(TEXT).dictionary_encode()}),
    "pa.decimal": pa.table({"x": pa.array(MONEY)}),
    "pa.timestamp": pa.table({"x": pa.array(TIME, pa.timestamp("us", tz="Europe/Madrid"))}),
    "pa.array": {"x": pa.array(TEXT)},
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_columns_of_every_type_bin_as_their_values_do(kind):
    """A column bins by its values whatever its type, and a case alone scores as in the table."""
    column, bad = COLUMNS[kind], value_rows()[1]
    X = column if isinstance(column, (pl.DataFrame, pa.Table, dict)) else pd.DataFrame({"x": column})
    fitted = WeightOfEvidence(smoothing=1.0).fit(X, bad)
    table = fitted.table()
    assert table.loc[table["kind"] == "missing", "rows"].tolist() == [ROWS / 10]
    assert (table["kind"].isin(["levels", "range"])).sum() == (2 if "tru" in kind or kind == "boolean" else 6)
    model = Scorecard(min_special=0, estimate=False).fit(X, bad)
    values = X["x"].to_pylist() if hasattr(X["x"], "to_pylist") else list(X["x"])
    alone = [model.card_.score_one({"x": value}) for value in values[:30]]
    assert alone == model.score_points(X)[:30].tolist()


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([None] * ROWS, dtype=object),
        pd.Series([None] * ROWS, dtype="string"),
        pd.Series([None] * ROWS, dtype="boolean"),
        pd.Series([pd.NaT] * ROWS),
        pd.Series([None] * ROWS, dtype=pd.ArrowDtype(pa.null())),
        pd.Series(pd.Categorical([None] * ROWS)),
    ],
    ids=lambda values: str(values.dtype),
)
@pytest.mark.parametrize("method", ["woe", "shape"])
def test_a_column_of_nothing_tells_nothing(values, method):
    """A column without a value weighs nothing beside one that tells something."""
    X = pd.DataFrame({"x": NUMBER, "empty": values})
    bad = value_rows()[1]
    assert not WeightOfEvidence().fit(X, bad).transform(X)[:, 1].any()
    model = Scorecard(method=method, estimate=False).fit(X, bad)
    assert len(set(model.score_points(X))) > 3


def test_ten_thousand_levels_are_pooled():
    """Levels too rare to judge are one bin, beside one that is not."""
    rare = [f"level {at}" for at in range(10_000)]
    X = {"x": np.array(rare + ["usual"] * 10_000, object)}
    bad = np.concatenate([np.arange(10_000) % 2, np.arange(10_000) % 10 == 0])
    table = WeightOfEvidence().fit(X, bad).table()
    assert table.loc[table["kind"] == "levels", "rows"].tolist() == [10_000, 10_000]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([b"a", b"b"] * 50, "Column 'x' holds bytes values"),
        (pd.Series(pd.to_timedelta(np.arange(100), unit="D")), "Column 'x' holds timedelta"),
        (pd.Series([[1]] * 100), "Column 'x' mixes types"),
        (pd.Series([10**400] * 100, dtype=object), "Column 'x' must hold numbers"),
        ([[1], [1, 2]] * 50, "Column 'x' is ragged"),
    ],
)
def test_columns_without_order_or_levels_are_named(values, says):
    """A column that is neither numbers, texts, truths nor dates is refused by what it holds."""
    with pytest.raises(InputError, match=says):
        WeightOfEvidence().fit({"x": values}, np.arange(100) % 2)


@pytest.mark.parametrize(
    ("y", "weight", "says"),
    [
        (["a", 1] * 50, None, "The outcome mixes types"),
        (np.array(["a", 1] * 50, object), None, "The outcome mixes types"),
        (pd.Series([0, 1, None, 1] * 25, dtype="Int64"), None, "The outcome is (absent|NaN)"),
        ([[1], [1, 0]] * 50, None, "The outcome is ragged"),
        (np.arange(100) % 2, ["heavy"] * 100, "sample_weight is not made of numbers"),
        (np.arange(100) % 2, np.full(100, 1j), "sample_weight is not made of numbers: complex"),
        (np.arange(100) % 2, np.full(100, -1.0), "Weights are finite and not negative"),
    ],
)
def test_outcomes_and_weights_are_checked(y, weight, says):
    """An outcome without order, or weights that are not numbers, are refused in a sentence."""
    binning = WeightOfEvidence()
    with pytest.raises(InputError, match=says):
        binning.fit({"x": np.arange(100)}, y, weight)


def test_a_number_too_large_for_a_float_is_refused_alone():
    """A single whole number beyond the floats is refused as a column of them is."""
    card = Scorecard(estimate=False).fit({"x": pd.Series(NUMBER, dtype="Int64")}, value_rows()[1]).card_
    with pytest.raises(InputError, match="'x' holds a whole number that no float can"):
        card.score_one({"x": 10**400})


ANY_ARRAY = hnp.arrays(
    st.one_of(hnp.scalar_dtypes(), hnp.unicode_string_dtypes(max_len=3), hnp.byte_string_dtypes(max_len=3)),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=40),
)
ANY_VALUE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.binary(max_size=2),
    st.dates(), st.datetimes(timezones=st.none() | st.just(dt.UTC)), st.decimals(), st.just(pd.NA),
    st.just(pd.NaT), st.complex_numbers(), st.lists(st.integers(), max_size=2), st.timedeltas(),
    st.just({}),
)  # fmt: skip
ANY_COLUMN = st.one_of(ANY_ARRAY, st.lists(ANY_VALUE, min_size=0, max_size=40))
FEW_VALUES = st.lists(ANY_VALUE, min_size=1, max_size=4).flatmap(
    lambda few: st.lists(st.sampled_from(few), min_size=30, max_size=30)
)
ANY_TABLE = st.one_of(
    ANY_ARRAY, st.none(), st.dictionaries(st.text(max_size=3), ANY_COLUMN, max_size=2),
    st.fixed_dictionaries({"x": FEW_VALUES}, optional={"z": FEW_VALUES}),
    st.lists(FEW_VALUES.map(lambda values: pd.Series(values, dtype=object)), min_size=1, max_size=2).map(
        lambda columns: pd.DataFrame(dict(enumerate(columns)))
    ),
)  # fmt: skip
OUTCOME = st.one_of(
    st.just([0, 1] * 15), st.just([0, 1] * 20), ANY_COLUMN, st.lists(st.sampled_from([0, 1]), min_size=30)
)


@pytest.mark.filterwarnings("ignore::plainscore.scorecard.MoreBadsWarning")
@examples(60, suppress_health_check=list(HealthCheck))
@given(
    X=ANY_TABLE, other=ANY_TABLE, y=OUTCOME, weight=st.none() | ANY_COLUMN, method=st.sampled_from([*"ws"])
)
def test_nothing_but_the_rooms_own_errors_comes_out(X, other, y, weight, method):
    """Any table, outcome and weights are used or refused by a ScorecardError, fitted or scored."""
    model = WeightOfEvidence(**{name: FREE[name] for name in ("min_share", "min_goods", "min_bads")})
    card = Scorecard(
        method={"w": "woe", "s": "shape"}[method], max_characteristics=None, **FREE, estimate=False
    )
    for one in (model, card):
        try:
            one.fit(X, y, weight)
        except ScorecardError:
            continue
        assert np.isfinite(one.transform(X)).all()
        for given_ in (X, other):
            with suppress(ScorecardError):
                one.transform(given_)
        if one is card:
            assert len(card.score_points(X)) == len(y)


@settings(deadline=None)
@example(value=decimal.Decimal("sNaN"), kind="Int64")
@example(value=decimal.Decimal("sNaN"), kind="string")
@given(value=ANY_VALUE, kind=st.sampled_from(["Int64", "string", "boolean", "arrow day"]))
def test_a_case_alone_scores_or_is_refused(value, kind):
    """One case with any value is scored, or refused by an InputError."""
    card = SINGLE[kind]
    try:
        score = card.score_one({"x": value})
    except InputError:
        assert not is_absent(value)
        return
    assert isinstance(score, int)


SINGLE = {
    kind: Scorecard(estimate=False).fit({"x": COLUMNS[kind]}, value_rows()[1]).card_
    for kind in ("Int64", "string", "boolean", "arrow day")
}
