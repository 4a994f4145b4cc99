"""Columns of every type, and the kernels with and without a cache."""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd
import pytest

from plainscore.scorecard import InputError, Scorecard
from plainscore.scorecard._kernel import compiled
from plainscore.scorecard._named_arrays import kind_of, named_columns
from plainscore.scorecard._read_columns import as_levels, as_months, as_numbers


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.array([1, 2]), "number"),
        (np.array([True, False]), "boolean"),
        (pd.Series([1.0, None]), "number"),
        (pd.Series([1, None], dtype="Int64"), "number"),
        (pd.Series([True, None], dtype="boolean"), "boolean"),
        (pd.Series(["a", None]), "levels"),
        (pd.Series(["a", "b"], dtype="category"), "levels"),
        (pd.Series(pd.to_datetime(["2024-01-31"])), "month"),
        (pd.Series(pd.period_range("2024-01", periods=1, freq="M")), "month"),
    ],
)
def test_kind_is_read_off_the_type(values, kind):
    """Each type of column has one kind."""
    assert kind_of("x", values) == kind


def test_mixed_types_are_refused():
    """A column of numbers and texts has no one order, and is refused by name."""
    with pytest.raises(InputError, match="Column 'x' mixes types"):
        kind_of("x", pd.Series([1, "a", 2.5], dtype=object))


def test_absent_values_of_every_type_are_nan():
    """Nullable integers, None and NaT all become NaN."""
    assert np.isnan(as_numbers("x", pd.Series([1, None], dtype="Int64"))[1])
    assert np.isnan(as_numbers("x", pd.Series([1, None], dtype=object))[1])
    assert np.isnan(as_months("x", pd.Series(["2024-03-31", None]))[1])
    assert as_months("x", pd.Series(["2024-03-31", None]))[0] == 2024 * 12 + 2


def test_categories_are_read_as_their_texts_would_be():
    """A categorical column gives the levels of its texts, absent ones apart."""
    text = pd.Series(["b", None, "a", "b"])
    for column in (text, text.astype("category")):
        index, found = as_levels("x", column, "levels")
        assert [None if at < 0 else found[at] for at in index] == ["b", None, "a", "b"]


def test_levels_nobody_has_are_unseen():
    """A category that is declared but never occurs is no level of the card."""
    rng = np.random.default_rng(0)
    kind = pd.Categorical.from_codes(rng.integers(0, 2, 3000), ["a", "b", "never"])
    bad = rng.random(3000) < np.where(kind == "a", 0.1, 0.3)
    card = Scorecard(estimate=False).fit(pd.DataFrame({"kind": kind}), bad).card_
    assert card.attributes_one({"kind": "never"})["kind"].kind == "unseen"


def test_columns_of_unlike_length_are_refused():
    """A mapping of arrays must have one length."""
    with pytest.raises(InputError, match="different lengths"):
        named_columns({"a": [1, 2], "b": [1]})


def test_kernels_compile_without_a_cache_folder(monkeypatch):
    """Where no folder can be written, kernels compile without a cache instead of failing."""
    plain = numba.njit

    def refuse(*args, **options):
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return plain(*args, **options)

    monkeypatch.setattr(numba, "njit", refuse)

    def double(value: float) -> float:
        return 2 * value

    assert compiled(double)(2.0) == 4.0
