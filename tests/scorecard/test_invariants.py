"""What holds of every fit, whatever the columns, the weights, the scale and the method."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import assume, given
from hypothesis import strategies as st

from plainscore.scorecard import Card, Characteristic, ConstraintError, Scorecard, WeightOfEvidence

NEVER = -99.0
SCALES = [{}, {"low": 0, "high": 40}, {"base_score": 600.5, "base_odds": 0.3, "pdo": 17.25}]
EVERY = {"min_iv": 0.0, "max_p": 1.0, "max_correlation": 1.0, "max_characteristics": None}


def declared(rise, fall):
    """Declare a number of each direction, one with a code and a range, levels, truths and months."""
    return [
        Characteristic("use", direction=rise, special_codes={NEVER: "never"}, least=0, most=20),
        Characteristic("held", direction=fall, cap_missing=True),
        Characteristic("kind", special_codes={"none": "none"}),
        Characteristic("joint"),
        Characteristic("opened", direction="either"),
    ]


def drawn(seed, rows=700):
    """Draw a table with every kind of column and state, an outcome, and whole weights, some of them 0."""
    rng = np.random.default_rng(seed)
    use = rng.integers(-1, 22, rows).astype(float)
    held = rng.integers(0, 30, rows).astype(float)
    kind = rng.choice(
        np.array(["card", "loan", "rent", "none", None], object), rows, p=[0.4, 0.3, 0.1, 0.1, 0.1]
    )
    risk = 0.08 * use - 0.05 * held + 0.8 * (kind == "rent") - 1.0 + rng.normal(size=1)
    bad = rng.random(rows) < 1 / (1 + np.exp(-risk))
    use[rng.random(rows) < 0.15] = NEVER
    held[rng.random(rows) < 0.15] = np.nan
    use[rng.random(rows) < 0.02] = np.inf
    columns = {
        "use": use,
        "held": held,
        "kind": kind,
        "joint": np.where(rng.random(rows) < 0.1, None, rng.random(rows) < 0.3),
        "opened": np.datetime64("1969-06") + rng.integers(0, 12, rows),
    }
    return pd.DataFrame(columns), bad, rng.integers(0, 4, rows).astype(float)


def fitted(frame, bad, weight, **options):
    """Fit, or give the example up where nothing is left, which has its own tests."""
    try:
        return Scorecard(**EVERY, **options, estimate=False).fit(frame, bad, weight)
    except ConstraintError:
        assume(False)


FITS = {
    "seed": st.integers(0, 10_000),
    "method": st.sampled_from(["woe", "shape"]),
    "scale": st.sampled_from(SCALES),
    "ways": st.sampled_from([("descending", "ascending"), ("auto", "peak"), ("ascending", "none")]),
}


@pytest.mark.filterwarnings("ignore::plainscore.scorecard.MoreBadsWarning")
@examples(20)
@given(**FITS)
def test_every_card_keeps_its_word(seed, method, scale, ways):
    """Points add up to the score, keep their direction and range, and are explained to the point."""
    frame, bad, weight = drawn(seed)
    card = fitted(frame, bad, weight, method=method, characteristics=declared(*ways), **scale).card_
    points, score = card.points(frame), card.score(frame)
    assert (card.base_points + points.sum(axis=1) == score).all()
    assert card.scale.low <= score.min() <= score.max() <= card.scale.high
    assert score[:40].tolist() == [card.score_one(case) for case in frame.head(40).to_dict("records")]
    assert Card.from_json(card.to_json(), card.id) == card
    for one in card.characteristics:
        ladder = [each.points for each in one.bins]
        signs = {int(np.sign(b - a)) for a, b in pairwise(ladder)}
        assert {"ascending": -1, "descending": 1}.get(one.direction) not in signs
        if one.id == "held":  # what is not known never beats the best that is
            assert one.attributes[len(ladder)].points <= max(ladder)
    means = card.baseline_points()
    found = card.explain(frame.head(30))
    want = points.head(30).to_numpy(float) - [float(means[name]) for name in card.parts]
    assert found.values == pytest.approx(want, abs=1e-9)
    assert found.base_values + found.values.sum(axis=1) == pytest.approx(score[:30], abs=1e-9)
    assert [card.score_at(card.pd(each)) for each in score[:30]] == pytest.approx(score[:30], abs=1e-6)


@pytest.mark.filterwarnings("ignore::plainscore.scorecard.MoreBadsWarning")
@examples(20)
@given(**FITS)
def test_every_row_is_counted_once(seed, method, scale, ways):
    """Weights over the attributes sum to all, and an attribute nobody is in is marked so."""
    frame, bad, weight = drawn(seed)
    model = fitted(frame, bad, weight, method=method, characteristics=declared(*ways), **scale)
    positions = model.card_.positions(frame)
    for one in model.log_["characteristics"]:
        rows = [each["rows"] for each in one["attributes"]]
        assert sum(rows) == weight.sum()
        assert sum(each["bads"] for each in one["attributes"]) == weight[bad].sum()
        for each, count in zip(one["attributes"], rows, strict=True):
            assert (each["bad_rate"] is None) == (count == 0)
    for one in model.card_.characteristics:
        counted = np.bincount(positions[one.id], weights=weight, minlength=len(one.attributes))
        log = next(each for each in model.log_["characteristics"] if each["id"] == one.id)
        assert counted.tolist() == [each["rows"] for each in log["attributes"]]
        assert [each.empty for each in one.attributes] == [count == 0 for count in counted]


@pytest.mark.filterwarnings("ignore::plainscore.scorecard.MoreBadsWarning")
@examples(12)
@given(seed=FITS["seed"], method=FITS["method"], scale=FITS["scale"])
def test_a_weight_is_so_many_rows(seed, method, scale):
    """Whole weights give the points and baselines of the rows repeated as often, by either fit."""
    frame, bad, weight = drawn(seed)
    times = weight.astype(int)
    options = {"method": method, "characteristics": declared("descending", "ascending"), **scale}
    weighted = fitted(frame, bad, weight, **options).card_
    repeated = fitted(frame.loc[np.repeat(frame.index, times)], np.repeat(bad, times), None, **options).card_
    assert weighted.characteristics == repeated.characteristics
    assert weighted.baselines == repeated.baselines
    assert (weighted.base_points, weighted.scale) == (repeated.base_points, repeated.scale)
    binning, again = (
        WeightOfEvidence(declared("auto", "auto")).fit(*given).table()
        for given in ((frame, bad, weight), (frame.loc[np.repeat(frame.index, times)], np.repeat(bad, times)))
    )
    pd.testing.assert_frame_equal(binning, again)
