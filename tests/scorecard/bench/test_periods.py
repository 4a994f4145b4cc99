"""Every attribute period by period, recounted by pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from plainscore.scorecard import InputError, by_period, jeffreys_interval
from plainscore.scorecard.bench._seen import period_codes


@pytest.fixture(scope="module")
def rows(make):
    """Give rows with the month that each was seen in."""
    frame, bad = make(3000, seed=3)
    return frame, bad, np.array(["2024-01", "2024-02", "2024-03"])[np.arange(3000) % 3]


def test_counts_are_those_of_pandas(model, rows) -> None:
    """Rows, bads, rates, shares and Jeffreys intervals, as pandas groups the attributes of the card."""
    frame, bad, when = rows
    found = by_period(model, frame, bad, when)
    labels = model.card_.attribute(frame)
    for name in labels:
        wanted = pd.Series(bad).groupby([labels[name], when]).agg(["size", "sum"])
        part = found[(found["characteristic"] == name) & (found["rows"] > 0)]
        part = part.set_index(["attribute", "period"]).sort_index()
        wanted = wanted.sort_index()
        assert part["rows"].tolist() == wanted["size"].tolist()
        assert part["bads"].tolist() == wanted["sum"].tolist()
        low, high = jeffreys_interval(wanted["sum"], wanted["size"])
        assert part["low"].to_numpy() == pytest.approx(low)
        assert part["high"].to_numpy() == pytest.approx(high)
    assert found.groupby(["characteristic", "period"])["share"].sum().to_numpy() == pytest.approx(1)


def test_weight_of_evidence_is_of_the_period(model, rows) -> None:
    """Each period has its own: a period alone gives what it gives among others."""
    frame, bad, when = rows
    found = by_period(model, frame, bad, when)
    held = when == "2024-02"
    alone = by_period(model, frame[held], bad[held], when[held])
    among = found[found["period"] == "2024-02"].reset_index(drop=True)
    pd.testing.assert_frame_equal(among, alone)


def test_a_period_with_one_outcome_has_no_weight_of_evidence(model, rows) -> None:
    """Where a period has goods alone, rates and intervals stand, and the weight of evidence is absent."""
    frame, bad, when = rows
    found = by_period(model, frame, np.where(when == "2024-02", 0, bad), when)
    part = found[found["period"] == "2024-02"]
    assert part["woe"].isna().all()
    assert (part["bad_rate"].dropna() == 0).all()


def test_candidates_that_left_are_there_without_points(rows) -> None:
    """A candidate that left the card is shown in its bins, and has no points."""
    from plainscore.scorecard import Scorecard

    frame, bad, when = rows
    model = Scorecard(["use", "joint"], method="woe", max_p=1e-12, estimate=False).fit(frame, bad)
    assert [one.id for one in model.candidates_] == ["joint", "use"]
    assert model.card_.parts == ("use",)
    found = by_period(model, frame, bad, when, characteristics=["joint"])
    assert found["points"].isna().all()
    assert found["rows"].sum() == len(frame)
    with pytest.raises(InputError, match=r"no characteristic 'jont' here. Did you mean 'joint'"):
        by_period(model, frame, bad, when, characteristics=["jont"])


def test_repeated_rows_are_weights(model, rows) -> None:
    """A weight of two gives what a row twice gives."""
    frame, bad, when = rows
    weight = np.arange(len(bad)) % 3 + 1
    twice = np.repeat(np.arange(len(bad)), weight)
    one = by_period(model, frame, bad, when, sample_weight=weight)
    two = by_period(model, frame.iloc[twice], bad[twice], when[twice])
    pd.testing.assert_frame_equal(one, two)


def test_people_widen_intervals(model, rows) -> None:
    """With each row there twelve times, intervals by person are those of the rows once."""
    frame, bad, when = rows
    again = np.repeat(np.arange(300), 12)
    by_person = by_period(model, frame.iloc[again], bad[again], when[again], groups=again)
    once = by_period(model, frame.iloc[:300], bad[:300], when[:300])
    some = once["rows"] > 20
    width = (once["high"] - once["low"])[some]
    assert (by_person["high"] - by_person["low"])[some].to_numpy() == pytest.approx(width, rel=0.06)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["b", "a", "b"], ["a", "b"]),
        ([2025, 2024, 2025], ["2024", "2025"]),
        (pd.to_datetime(["2024-02-28", "2024-01-31", "2024-02-01"]), ["2024-01", "2024-02"]),
        (
            pd.Categorical(["new", "old", "new"], categories=["old", "new", "never"], ordered=True),
            ["old", "new"],
        ),
        (pd.PeriodIndex(["2024-02", "2024-01", "2024-02"], freq="M"), ["2024-01", "2024-02"]),
    ],
    ids=["text", "number", "date", "category", "period"],
)
def test_periods_are_read_in_their_order(given, names) -> None:
    """Texts, numbers, dates by month, ordered categories and pandas' periods: first to last."""
    codes, found = period_codes(given, 3)
    assert found == names
    assert codes.tolist() == [1, 0, 1]


def test_polars_periods_are_read() -> None:
    """A Polars column is read as any other."""
    import polars as pl

    assert period_codes(pl.Series(["b", "a"]), 2)[1] == ["a", "b"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["a"], "periods has 1 values for 3 rows"),
        (["a", None, "b"], "absent in row 1"),
        (["a", 1, "b"], "no order"),
    ],
)
def test_what_is_no_period_is_refused(given, words) -> None:
    """One period a row, none absent, all of one kind."""
    with pytest.raises(InputError, match=words):
        period_codes(given, 3)
