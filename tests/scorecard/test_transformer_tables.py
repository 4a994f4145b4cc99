"""Weights of evidence as a transformer: defaults, declarations and every kind of table."""

from __future__ import annotations

import warnings

import polars as pl
import pyarrow as pa
import pytest
from sklearn.utils.estimator_checks import check_estimator

from plainscore.scorecard import InputError, Scorecard, WeightOfEvidence

SPECIAL = {"late": {-9_999_001.0: "never late"}}


def test_check_estimator_passes_by_default():
    """scikit-learn's own checks pass, all of them that can run here, with nothing set."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # checks warn of what they skip
        results = check_estimator(WeightOfEvidence(), on_fail=None)
    assert [one["check_name"] for one in results if one["status"] not in ("passed", "skipped")] == []


@pytest.mark.parametrize("form", ["pandas", "polars", "arrow", "dict"])
def test_every_kind_of_table(table, form):
    """Pandas, Polars, Arrow and plain mappings give the same weights and the same cards."""
    frame, bad = table[0][["use", "late", "kind", "joint", "opened"]], table[1]
    given = {
        "pandas": lambda: frame,
        "polars": lambda: pl.from_pandas(frame.astype({"kind": "str"})),
        "arrow": lambda: pa.Table.from_pandas(frame, preserve_index=False),
        "dict": lambda: {name: frame[name] for name in frame},
    }[form]()
    binning = WeightOfEvidence(special_codes=SPECIAL).fit(given, bad)
    want = WeightOfEvidence(special_codes=SPECIAL).fit(frame, bad)
    assert binning.transform(given) == pytest.approx(want.transform(frame))
    assert binning.feature_names_in_.tolist() == list(frame)
    assert Scorecard(special_codes=SPECIAL).fit(given, bad).card_.id == (
        Scorecard(special_codes=SPECIAL).fit(frame, bad).card_.id
    )


@pytest.mark.parametrize(
    ("characteristics", "says"),
    [([], "is empty"), (["use", "use"], "names 'use' twice"), (["uses"], "'uses'")],
)
def test_declarations_that_cannot_be_are_named(table, characteristics, says):
    """No column, a column twice and a column that is not there are refused, by both estimators."""
    for estimator in (WeightOfEvidence(characteristics), Scorecard(characteristics)):
        with pytest.raises(InputError, match=says):
            estimator.fit(table[0], table[1])


def test_the_table_counts_every_row(table):
    """Counts over a column's attributes are all rows."""
    frame, bad = table
    shown = WeightOfEvidence().fit(frame, bad).table()
    assert (shown.groupby("characteristic")["rows"].sum() == len(frame)).all()
