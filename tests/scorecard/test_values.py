"""Single values and columns of them: the same month, level and number whichever way they come."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.inspection import permutation_importance

from plainscore.scorecard import (
    Attribute,
    Card,
    CardCharacteristic,
    Characteristic,
    InputError,
    Scale,
    Scorecard,
    WeightOfEvidence,
)
from plainscore.scorecard._named_arrays import named_columns
from plainscore.scorecard._read_columns import as_levels, as_months, as_numbers
from plainscore.scorecard._reading import month_number

ZONES = st.integers(-14, 14).map(lambda hours: dt.timezone(dt.timedelta(hours=hours)))
MOMENTS = st.datetimes(dt.datetime(1000, 2, 1), dt.datetime(9000, 1, 1), timezones=st.none() | ZONES)


@given(moment=MOMENTS, form=st.sampled_from(["object", "text", "stamp", "numpy"]))
def test_a_month_is_one_month_alone_and_in_a_column(moment, form):
    """A moment falls in one month, in UTC if it has a zone, as an object, a text, a stamp or numpy's."""
    moment = moment.replace(microsecond=0)
    if form == "numpy":
        moment = moment.replace(tzinfo=None)
    value = {
        "object": moment,
        "text": moment.isoformat(),
        "stamp": pd.Timestamp(moment),
        "numpy": np.datetime64(moment.replace(tzinfo=None), "s"),
    }[form]
    utc = moment.astimezone(dt.UTC) if moment.tzinfo else moment
    assert month_number(value) == utc.year * 12 + utc.month - 1
    assert as_months("x", pd.Series([value, None], dtype=object))[0] == month_number(value)


def test_moments_in_several_zones_are_one_column():
    """Texts with unlike offsets from UTC, with none, and months alone are read together."""
    texts = ["2020-01-31T23:00-05:00", "2020-01-31T23:00Z", "2020-01-31", "2020-01", None]
    found = as_months("x", pd.Series(texts))
    assert found[:4].tolist() == [month_number(text) for text in texts[:4]] == [24241, 24240, 24240, 24240]
    assert np.isnan(found[4])


@pytest.mark.parametrize("text", ["01/02/2024", "2024-13", "2024-00", "March 2024", "", "20240301x", "2024"])
def test_a_text_that_could_be_another_month_is_refused(text):
    """What is not written as ISO 8601 is refused alone, and in a column unless it has one reading there."""
    with pytest.raises(ValueError, match=r".*"):
        month_number(text)
    if text not in ("", "2024"):
        with pytest.raises(InputError, match=r"Column 'x' must hold dates.*write dates as 2024-03-31"):
            as_months("x", pd.Series([text]))


@pytest.mark.parametrize(
    "values",
    [
        np.array([2**53 + 1]),
        np.array([2**63 + 5], np.uint64),
        np.array([-(2**62) - 1, 0]),
        pd.Series([2**60 + 1, None], dtype="Int64"),
    ],
)
def test_whole_numbers_that_floats_cannot_tell_apart_are_refused(values):
    """Neighbours beyond 2^53 would fall together, so the column is refused by name, and so is one of them."""
    with pytest.raises(InputError, match=r"'x' holds whole numbers beyond 2.53"):
        as_numbers("x", values)
    rest = (Attribute("missing", 0, "missing"), Attribute("out_of_range", 0, "out of range"))
    one = CardCharacteristic("x", "x", "", "", "none", "number", "", (Attribute("range", 1, "any"), *rest))
    card = Card("x", "x", {}, "", Scale("600", "1", "20", 0, 1), 0, (one,))
    with pytest.raises(InputError, match=r"'x' holds whole numbers beyond 2.53"):
        card.score_one({"x": int(values[0])})


def test_whole_numbers_that_are_floats_too_are_taken():
    """Large whole numbers without digits to lose are numbers like any other."""
    assert as_numbers("x", np.array([2**53, 2**60, -(2**62)])).tolist() == [2.0**53, 2.0**60, -(2.0**62)]


def test_levels_that_read_alike_are_one():
    """A level 1 of whole numbers, 1.0 of floats and "1" of texts is one level, not two of one name."""
    column = pd.Series([1, "1", 1.0, "a", None], dtype=object)
    index, found = as_levels("x", column, "levels")
    assert (index.tolist(), found) == ([0, 0, 0, 1, -1], ["1", "a"])
    kind = pd.Series([1, "1", 2, "2"] * 500, dtype=object)
    bad = np.arange(2000) % 10 < np.where(kind.astype(str) == "1", 2, 5)
    card = Scorecard([Characteristic("kind", kind="levels")], estimate=False).fit({"kind": kind}, bad).card_
    assert Card.from_json(card.to_json()) == card


def test_a_type_that_arrow_cannot_read_names_its_column():
    """A table with a column that cannot leave its library is refused with that column's name."""
    frame = pl.DataFrame({"a": [1, 2], "b": pl.Series([1, 2], dtype=pl.Int128)})
    with pytest.raises(InputError, match=r"Column 'b' has a type that Arrow cannot read.*Cast it"):
        named_columns(frame)


@pytest.mark.parametrize("estimator", [Scorecard(estimate=False), WeightOfEvidence()])
def test_an_array_is_read_in_the_order_of_the_fit(table, estimator):
    """A model fitted with names takes an array by position, and warns as scikit-learn does."""
    frame, bad = table[0][["use", "late", "age_oldest"]], table[1]
    estimator.fit(frame, bad)
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        found = estimator.transform(frame.to_numpy())
    assert (found == estimator.transform(frame)).all()


def test_importance_by_permutation_takes_polars(table):
    """scikit-learn turns a Polars table into an array on its way, and the order of the fit holds."""
    frame, bad = table[0][["use", "late", "age_oldest"]].head(1000), table[1][:1000]
    model = Scorecard(max_characteristics=None, min_iv=0, max_p=1, estimate=False).fit(
        pl.from_pandas(frame), bad
    )
    options = {"n_repeats": 2, "random_state": 0, "scoring": "roc_auc"}
    with pytest.warns(UserWarning, match="taken in the order of the fit"):
        ours = permutation_importance(model, pl.from_pandas(frame), bad, **options)
    want = permutation_importance(model, frame, bad, **options)
    assert ours.importances_mean.tolist() == want.importances_mean.tolist()


def test_a_fit_on_an_array_forgets_earlier_names(table):
    """Fitted again on an array, a model takes arrays without a warning, and knows no names."""
    frame, bad = table[0][["use", "late", "age_oldest"]], table[1]
    model = WeightOfEvidence().fit(frame, bad)
    want = model.transform(frame)
    assert (model.fit(frame.to_numpy(), bad).transform(frame.to_numpy()) == want).all()
    assert not hasattr(model, "feature_names_in_")


@pytest.mark.parametrize("output", ["pandas", "polars"])
def test_attributes_come_out_by_their_labels(table, output):
    """Asked for attributes, the transformer gives the labels of its table, in any kind of frame."""
    frame, bad = table[0].head(1500), table[1][:1500]
    model = WeightOfEvidence(values="attribute").set_output(transform=output).fit(frame, bad)
    found, shown = model.transform(frame), model.table()
    assert list(found.columns) == list(frame)
    for name in frame:
        known = shown.loc[(shown["characteristic"] == name) & (shown["rows"] > 0), "kind"]
        assert len(set(found[name])) == len(known)
    with pytest.raises(InputError, match="values is 'points', and it must be one of woe, attribute"):
        WeightOfEvidence(values="points").fit(frame, bad)
