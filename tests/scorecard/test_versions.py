"""What only the lowest versions of other packages showed; `make test-lowest` runs them."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from plainscore.scorecard import InputError, Scorecard, WeightOfEvidence
from plainscore.scorecard._arrow_codes import with_signed_codes
from plainscore.scorecard._read_columns import as_months
from plainscore.scorecard.exports import to_sql


@pytest.mark.parametrize("index", [pa.uint8(), pa.uint32(), pa.uint64(), pa.int16()])
def test_categories_are_read_whatever_their_codes(index):
    """Arrow's categories bin as their texts do, also where their codes have no sign (older Polars)."""
    codes = np.arange(400) % 4
    bad = (np.arange(400) % 10 < codes * 2 + 1).astype(int)
    levels = ["own", "rent", "with family", "other"]
    texts = pa.array([levels[code] for code in codes])
    coded = pa.DictionaryArray.from_arrays(pa.array(codes, index), levels)
    table = pa.table({"home": pa.chunked_array([coded[:100], coded[100:]])})
    assert with_signed_codes(table)["home"].to_pylist() == texts.to_pylist()
    found = WeightOfEvidence().fit(table, bad)
    assert found.log_ == WeightOfEvidence().fit(pa.table({"home": texts}), bad).log_


def test_a_date_beyond_nanoseconds_is_a_month():
    """Dates after 2262, which pandas before 3 cannot hold, are months; what is none is refused."""
    days = pd.Series([dt.datetime(2400, 5, 3), None, dt.date(2024, 1, 31)], dtype=object)
    assert as_months("x", days).tolist()[::2] == [2400 * 12 + 4, 2024 * 12]
    assert np.isnan(as_months("x", days)[1])
    with pytest.raises(InputError, match="'x' must hold dates"):
        as_months("x", pd.Series([dt.datetime(2400, 5, 3), "soon"], dtype=object))


def test_a_name_of_two_lines_is_one_name_in_sql():
    """A column whose name has a line break scores in SQL as elsewhere (older SQLGlot indents it)."""
    value = np.arange(1000) % 7
    cases = pd.DataFrame({"two\nlines": value})
    card = Scorecard(estimate=False).fit(cases, (value > 3).astype(int) ^ (np.arange(1000) % 9 == 0)).card_
    with duckdb.connect() as con:
        con.register("cases", cases)
        scores = con.sql(to_sql(card)).df()["score"]
    assert scores.tolist() == card.score(cases).tolist()
