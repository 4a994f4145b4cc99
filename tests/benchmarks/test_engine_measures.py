"""The measures of the engine's contest are those of SciPy and scikit-learn."""

from __future__ import annotations

import doctest

import numpy as np
import pandas as pd
import pytest
from benchmarks._information_value import information_value, value_of
from benchmarks._report import Goal, Section, compose, join, part_of
from benchmarks._value_bench import LEAST_OF_EACH, on_cells
from benchmarks.peers import _measures
from benchmarks.peers._measures import area_under_curve, calibration_slope, kolmogorov_smirnov, top_four
from benchmarks.peers._tables import Table, read_table, write_table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve

from benchmarks import __main__ as entry
from benchmarks import _information_value, _intervals, _parts

RNG = np.random.default_rng(5)
BAD = RNG.random(400) < 0.3
SCORES = np.round(RNG.normal(size=400) - BAD, 1)


def small_table() -> Table:
    """Give numbers with gaps and a code, and a text."""
    numbers = {"a": np.array([1.0, np.nan, -9.0, 4.0]), "b": np.arange(4.0)}
    texts = {"t": (np.array([0, 1, 1, 0], np.int8), ["x", "y"])}
    return Table(
        numbers, texts, np.array([0, 1, 0, 1], np.int8), {"a": [-9.0]}, np.array([0, 1, 0, 1], np.int8)
    )


def test_area_under_curve_is_that_of_scikit_learn() -> None:
    """Also with many ties."""
    assert area_under_curve(BAD, SCORES) == pytest.approx(roc_auc_score(BAD, -SCORES), abs=1e-12)


def test_kolmogorov_smirnov_is_the_widest_gap_of_the_curve() -> None:
    """The same as from scikit-learn's curve with every threshold."""
    false, true, _ = roc_curve(BAD, -SCORES, drop_intermediate=False)
    assert kolmogorov_smirnov(BAD, SCORES) == pytest.approx(np.max(true - false), abs=1e-12)


def test_calibration_slope_is_that_of_a_logistic_regression() -> None:
    """As scikit-learn fits it without a penalty, on log odds of any width."""
    fitted = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(SCORES[:, None], ~BAD)
    assert calibration_slope(BAD, SCORES) == pytest.approx(fitted.coef_[0, 0], rel=1e-5)
    assert calibration_slope(BAD, 2 * SCORES) == pytest.approx(fitted.coef_[0, 0] / 2, rel=1e-5)


@pytest.mark.parametrize(
    "log_odds", [np.zeros(400), np.where(BAD, -1.0, 1.0), np.where(BAD, -np.inf, 1.0)], ids=str
)
def test_a_slope_that_cannot_be_said_is_not_a_number(log_odds: np.ndarray) -> None:
    """Log odds that do not differ, part the outcomes wholly or are not finite have no slope."""
    assert np.isnan(calibration_slope(BAD, log_odds))


def test_four_reasons_are_the_greatest_losses_in_order() -> None:
    """As a full sort would have them."""
    losses = RNG.normal(size=(50, 9))
    np.testing.assert_array_equal(top_four(losses), np.argsort(-losses, axis=1)[:, :4])


def test_a_table_is_read_as_it_was_written(tmp_path) -> None:
    """Numbers, texts, outcome, codes and folds come back."""
    file = tmp_path / "table.npz"
    write_table(file, small_table())
    found, wanted = read_table(file), small_table()
    pd.testing.assert_frame_equal(found.frame(), wanted.frame())
    assert found.codes == wanted.codes
    np.testing.assert_array_equal(found.bad, wanted.bad)
    np.testing.assert_array_equal(found.fold, wanted.fold)


@pytest.mark.parametrize("dtype", ["object", "str", "category"])
def test_texts_are_the_same_in_every_dtype(dtype: str) -> None:
    """Only how a column is stored differs."""
    assert small_table().frame(dtype)["t"].tolist() == ["x", "y", "y", "x"]


def test_rows_are_taken_with_their_outcome() -> None:
    """A part of a table keeps columns, outcome and folds together."""
    part = small_table().take(np.array([False, True, True, False]))
    assert part.frame()["b"].tolist() == [1.0, 2.0]
    assert part.bad.tolist() == [1, 0]
    assert part.fold.tolist() == [1, 0]


def test_information_value_counts_missing_and_codes_as_bins() -> None:
    """Ranges are closed below; a missing value and a code fall in no range."""
    values = np.array([1.0, 2.0, 2.0, 3.0, np.nan, np.nan, -9.0, -9.0])
    bad = np.array([0, 0, 1, 1, 0, 1, 1, 0])
    by_hand = information_value([1, 1, 1, 1], [0, 2, 1, 1])
    assert value_of(values, [2.0], [-9.0], bad) == pytest.approx(by_hand)


def test_every_cell_given_to_both_holds_both_outcomes() -> None:
    """A pure cell would be merged by optbinning first, and the two would not choose among the same."""
    values = np.concatenate([RNG.normal(size=3_000), [np.nan] * 5, [-9.0] * 5])
    bad = (RNG.random(3_010) < np.where(values > 1, 0.9, 0.02)).astype(np.int8)
    cut = on_cells(Table({"v": values}, {}, bad, {"v": [-9.0]}, np.empty(0, np.int8))).numbers["v"]
    assert np.isnan(cut[3_000:3_005]).all()
    assert (cut[3_005:] == -9.0).all()
    cells = cut[:3_000].astype(int)
    for outcome in (0, 1):
        assert np.bincount(cells[bad[:3_000] == outcome]).min() >= LEAST_OF_EACH
    assert (np.diff(cells[np.argsort(values[:3_000])]) >= 0).all()


def test_one_part_of_the_report_can_be_replaced() -> None:
    """The other part keeps every character, and a report without a part says so."""
    goal = (Goal("one case", "15 ms", "20 ms", False),)
    ledger = compose("Ledger", "A machine.", [Section("Batch", "Body.", goal)])
    engine = compose("Engine", "A machine.", [Section("Fit", "Body.", goal)])
    report = join({"engine": engine, "ledger": ledger})
    assert part_of(report, "ledger") == ledger
    assert part_of(report, "engine") == engine
    assert part_of("# An older report", "engine") is None
    again = join({"engine": engine.replace("20 ms", "10 ms"), "ledger": part_of(report, "ledger") or ""})
    assert again == report.replace("20 ms", "10 ms", 1)


def test_a_run_of_one_part_never_loses_the_others(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report without parts, or with one not known, is refused before anything is measured."""
    file = tmp_path / "benchmarks.md"
    monkeypatch.setattr(_parts, "REPORT", file)
    assert _parts.kept_parts(["engine"]) == {}
    file.write_text("# Benchmarks\n\nAs written before it had parts.\n", "utf-8")
    with pytest.raises(SystemExit, match="no part to keep"):
        _parts.kept_parts(["engine"])
    assert _parts.kept_parts(list(entry.WHOLE)) == {}
    file.write_text(join({"engine": "# Engine\n", "weather": "# Weather\n"}), "utf-8")
    with pytest.raises(SystemExit, match="a part 'weather'"):
        _parts.kept_parts(["engine"])
    file.write_text(join({"engine": "# Engine\n", "ledger": "# Ledger\n"}), "utf-8")
    assert _parts.kept_parts(["engine"]) == {"ledger": "# Ledger\n"}
    assert _parts.kept_parts(["honesty"]) == {"engine": "# Engine\n", "ledger": "# Ledger\n"}


def test_every_part_has_a_whole_and_a_quick_run() -> None:
    """What --only offers can be run, in the order in which the report has it."""
    assert list(entry.WHOLE) == list(entry.QUICK) == [one for one in _parts.TITLES if one != _parts.STORE]


@pytest.mark.parametrize("module", [_information_value, _intervals, _measures])
def test_examples_in_the_text_are_true(module) -> None:
    """Every example of a function that counts gives what it says."""
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
