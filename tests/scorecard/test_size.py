"""The columns of a card: tests that hold their level, and sizes judged on rows not fitted on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from plainscore.scorecard import Scorecard
from plainscore.scorecard.fitting import _sizes
from plainscore.scorecard.fitting._crossval import smallest_as_good
from plainscore.scorecard.fitting._evidence import evidence


def signal_and_noise(rows=4000, noise=6, seed=0):
    """Return three columns that tell and some that do not."""
    rng = np.random.default_rng(seed)
    X = {f"tells{at}": rng.normal(size=rows).round(2) for at in range(3)}
    risk = X["tells0"] + 0.7 * X["tells1"] - 0.7 * X["tells2"] - 1
    bad = (rng.random(rows) < 1 / (1 + np.exp(-risk))).astype(int)
    return X | {f"noise{at}": rng.normal(size=rows).round(2) for at in range(noise)}, bad


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_a_path_takes_the_smallest_card_that_is_as_good(method):
    """Of three columns that tell and six that do not, the three stay, and every size is in the log."""
    X, bad = signal_and_noise()
    model = Scorecard(method=method, max_characteristics="path", estimate=False).fit(X, bad)
    assert [one.id for one in model.card_.characteristics] == ["tells0", "tells1", "tells2"]
    path = model.log_["path"]
    assert [step["size"] for step in path if step["chosen"]] == [3]
    for step in path:
        assert set(step) == {"size", "auc", "below_best", "standard_error", "chosen"}
    assert 0.7 < path[3]["auc"] < 0.9


def test_a_path_does_not_hang_on_the_last_digits_of_a_solve(monkeypatch):
    """Levels with as many goods and bads have one weight, and tie, however a processor rounds."""
    rng = np.random.default_rng(0)
    shop = rng.integers(0, 60, 1200)
    bad = rng.random(1200) < np.linspace(0.1, 0.7, 60)[shop]
    X = {"shop": shop.astype(str), "noise": rng.normal(size=1200)}

    def path():
        return Scorecard(method="woe", max_characteristics="path", estimate=False).fit(X, bad).log_["path"]

    before, choose = path(), _sizes.choose_columns

    def rounded_otherwise(*args, **options):
        found = choose(*args, **options)
        near = [replace(one, table=one.table + rng.normal(0, 1e-15, len(one.table))) for one in found.steps]
        return replace(found, steps=tuple(near))

    monkeypatch.setattr(_sizes, "choose_columns", rounded_otherwise)
    assert len(before) > 1
    assert path() == before


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_too_few_rows_for_a_path_are_said_so(method):
    """With too few bad rows there is no path, nothing leaves for it, and the log says why."""
    X, bad = signal_and_noise(rows=250, noise=0)
    model = Scorecard(method=method, max_characteristics="path", estimate=False).fit(X, bad)
    assert model.log_["path"] == []
    assert "too few to compare sizes" in model.log_["path_note"]


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_a_number_or_none_leaves_out_the_path(method):
    """A stated size, or none, is taken as it is, without cross-validation."""
    X, bad = signal_and_noise(rows=1500)
    for most in (2, None):
        model = Scorecard(method=method, max_characteristics=most, estimate=False).fit(X, bad)
        assert model.log_["path"] == []
        assert "path_note" not in model.log_
        assert len(model.card_.characteristics) <= (most or 9)


def test_one_standard_error_is_of_the_difference():
    """A size is as good when its mean gap to the best is within the gap's own standard error."""
    aucs = [{3: 0.70, 4: 0.72, 5: 0.721}, {3: 0.60, 4: 0.621, 5: 0.62}, {3: 0.80, 4: 0.819, 5: 0.82}]
    chosen, path = smallest_as_good(aucs, "size")
    assert chosen == 4
    assert path[0]["below_best"] == pytest.approx(0.0203, abs=1e-4)


@pytest.mark.parametrize("bins", [12, 0])
def test_evidence_without_an_effect_passes_at_its_level(bins):
    """Sums drawn from their own covariance pass a level of 5% in about 5%, and one of 1% in about 1%."""
    rng = np.random.default_rng(0)
    cells = 14
    share = rng.dirichlet(np.ones(cells))
    covariance = 500 * (np.diag(share) - np.outer(share, share))
    root = np.linalg.cholesky(covariance + 1e-9 * np.eye(cells))
    p = np.array([evidence(root @ rng.normal(size=cells), covariance, bins, 0.16).p for _ in range(4000)])
    assert 0.03 < (p < 0.05).mean() < 0.06
    assert 0.004 < (p < 0.01).mean() < 0.015


def test_a_rare_tail_is_evidence():
    """One per cent of rows that are nearly all bad brings a column onto the card, with a bin of its own."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=6000).round(3)
    other = rng.normal(size=6000).round(3)
    bad = rng.random(6000) < 1 / (1 + np.exp(1.6 - other))
    bad |= (x > np.quantile(x, 0.99)) & (rng.random(6000) < 0.95)
    card = Scorecard(estimate=False).fit({"x": x, "other": other}, bad).card_
    (tail,) = (one for one in card.characteristics if one.id == "x")
    assert tail.bins[-1].points == 0
    assert tail.edges[-1] > np.quantile(x, 0.97)


def test_many_random_levels_stay_away():
    """150 levels that say nothing do not come on the card beside a column that does."""
    kept = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=3000)
        bad = rng.random(3000) < 1 / (1 + np.exp(1.4 - x))
        frame = {"x": x, "shop": rng.integers(0, 150, 3000).astype(str)}
        card = Scorecard(estimate=False).fit(frame, bad).card_
        kept += "shop" in card.parts
    assert kept <= 2


@pytest.mark.filterwarnings("ignore::plainscore.scorecard.SuspectColumnWarning")
def test_proxies_without_effect_of_their_own_stay_away():
    """Of four columns that only repeat a fifth with noise, next to none stays beside it."""
    kept = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=3000)
        bad = rng.random(3000) < 1 / (1 + np.exp(1.4 - x))
        proxies = 0.7 * x[:, None] + np.sqrt(0.51) * rng.normal(size=(3000, 4))
        frame = {"x": x} | {f"proxy{at}": proxies[:, at] for at in range(4)}
        parts = Scorecard(estimate=False).fit(frame, bad).card_.parts
        assert "x" in parts
        kept += len(parts) - 1
    assert kept <= 6


def test_what_the_modeller_keeps_stays_and_leaves_goes():
    """A kept column stays whatever its test says, which the log tells; one to leave never enters."""
    X, bad = signal_and_noise(rows=2000)
    model = Scorecard(keep=["noise3"], leave=["tells0"], estimate=False).fit(X, bad)
    assert "noise3" in model.card_.parts
    assert "tells0" not in model.card_.parts
    said = {one["id"]: one["decision"] for one in model.log_["characteristics"]}
    assert said["noise3"].startswith("Kept by the modeller")


@pytest.mark.parametrize("method", ["woe", "shape"])
def test_not_knowing_earns_no_less_than_neutral_where_asked(method):
    """Missing rows that are mostly bad earn the mean points of the known, and the log gives the price."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=4000).round(2)
    bad = rng.random(4000) < 1 / (1 + np.exp(1.4 - x))
    gone = rng.random(4000) < 0.1
    bad[gone] = rng.random(int(gone.sum())) < 0.6
    frame = pd.DataFrame({"x": np.where(gone, np.nan, x), "z": rng.normal(size=4000)})
    fitted = Scorecard(method=method).fit(frame, bad)
    neutral = Scorecard(method=method, unknown={"x": "neutral"}).fit(frame, bad)
    points = {}
    for name, model in (("fitted", fitted), ("neutral", neutral)):
        (one,) = (one for one in model.card_.characteristics if one.id == "x")
        known = [each.points for each in one.bins]
        rows = np.array(
            [row["rows"] for row in model.table().query("characteristic == 'x'").to_dict("records")]
        )
        points[name] = (
            one.attributes[len(known)].points,
            np.ceil(np.average(known, weights=rows[: len(known)])),
        )
    assert points["fitted"][0] < points["fitted"][1]
    assert points["neutral"][0] >= points["neutral"][1]
    (state,) = neutral.log_["unknown"]["states"]
    assert state["observed"] == pytest.approx(0.6, abs=0.06)
    assert state["predicted"] < state["observed"]
    assert neutral.log_["unknown"]["auc_neutral"] < neutral.log_["unknown"]["auc_fitted"]
