"""The size of a card: a path of sizes on rows not fitted on, and the smallest that is as good."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from plainscore.scorecard import Scorecard
from plainscore.scorecard.binning._prebin import Sample
from plainscore.scorecard.fitting._crossval import folds, smallest_as_good
from plainscore.scorecard.fitting._logistic import LogisticFit, fit_logistic
from plainscore.scorecard.fitting._size_woe import _aucs

FREE = {"min_iv": 0.0, "max_p": 1.0, "max_correlation": 1.0}


def signal_and_noise(rows=4000, noise=6, seed=0):
    """Return three columns that tell and some that do not."""
    rng = np.random.default_rng(seed)
    X = {f"tells{at}": rng.normal(size=rows).round(2) for at in range(3)}
    risk = X["tells0"] + 0.7 * X["tells1"] - 0.7 * X["tells2"] - 1
    bad = (rng.random(rows) < 1 / (1 + np.exp(-risk))).astype(int)
    return X | {f"noise{at}": rng.normal(size=rows).round(2) for at in range(noise)}, bad


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_the_default_takes_the_smallest_card_that_is_as_good(method):
    """Of three columns that tell and six that do not, the three stay, and every size is in the log."""
    X, bad = signal_and_noise()
    model = Scorecard(method=method, penalty=0.3, **FREE).fit(X, bad)
    assert [one.id for one in model.card_.characteristics] == ["tells0", "tells1", "tells2"]
    path = model.log_["path"]
    assert [step["size"] for step in path if step["chosen"]] == [3]
    assert len(path) > 3
    for step in path:
        assert set(step) == {"size", "auc", "below_best", "standard_error", "chosen"}
        assert 0.7 < step["auc"] < 0.9


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_too_few_rows_for_a_path_are_said_so(method):
    """With too few bad rows there is no path, nothing leaves for it, and the log says why."""
    X, bad = signal_and_noise(rows=250, noise=0)
    model = Scorecard(method=method, min_special=5, min_goods=3, min_bads=3, penalty=0.1, **FREE).fit(X, bad)
    assert model.log_["path"] == []
    assert "too few to compare sizes" in model.log_["path_note"]


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_a_number_or_none_leaves_out_the_path(method):
    """A stated size, or none, is taken as it is, without cross-validation."""
    X, bad = signal_and_noise(rows=1500)
    for most in (2, None):
        model = Scorecard(method=method, max_characteristics=most, penalty=0.3, **FREE).fit(X, bad)
        assert model.log_["path"] == []
        assert "path_note" not in model.log_
        assert len(model.card_.characteristics) <= (most or 9)


def test_giving_up_in_turn_is_near_to_fitting_again():
    """The AUC of each size from the quadratic equals that of a new regression to three decimals."""
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 5, (6000, 6)).astype(np.uint8)
    table = np.tile(np.array([-1.0, -0.4, 0.0, 0.5, 1.0]), (6, 1)) * np.arange(1, 7)[:, None] / 6
    columns = np.column_stack([table[at][codes[:, at]] for at in range(6)])
    bad = rng.random(6000) < 1 / (1 + np.exp(columns.sum(axis=1)))
    sample = Sample(bad, np.ones(6000))
    fit: LogisticFit = fit_logistic(codes, table, bad, sample.weight)
    found = _aucs(fit, columns, sample, False)
    order = np.argsort(-np.abs(fit.z[1:]))
    assert sorted(found) == [3, 4, 5, 6]
    for size, auc in found.items():
        kept = columns[:, order[:size]]
        peer = LogisticRegression(C=np.inf).fit(kept, ~bad)
        assert auc == pytest.approx(roc_auc_score(bad, -peer.decision_function(kept)), abs=1e-3)


def test_folds_part_the_rows():
    """Every row is looked at in exactly one fold, and fitted on in the others."""
    sample = Sample(np.arange(1000) % 4 == 0, np.ones(1000))
    parts = folds(sample)
    assert sorted(np.concatenate([test for _, test in parts])) == list(range(1000))
    for train, test in parts:
        assert not set(train) & set(test)
        assert sample.bad[test].mean() == 0.25


def test_one_standard_error_is_of_the_difference():
    """A size is as good when its mean gap to the best is within the gap's own standard error."""
    aucs = [{3: 0.70, 4: 0.72, 5: 0.721}, {3: 0.60, 4: 0.621, 5: 0.62}, {3: 0.80, 4: 0.819, 5: 0.82}]
    chosen, path = smallest_as_good(aucs, "size")
    assert chosen == 4
    assert path[0]["below_best"] == pytest.approx(0.0203, abs=1e-4)
