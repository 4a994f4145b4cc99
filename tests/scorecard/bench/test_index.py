"""The stability index: its value, what chance gives, and how seldom it alarms where nothing moved."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from plainscore.scorecard import InputError, Scorecard, stability
from plainscore.scorecard.bench._index import Side, holm, stability_index
from plainscore.validation import stability_index as of_validation

SHARES = np.array([0.3, 0.25, 0.2, 0.1, 0.1, 0.05])


def plain(rows: int) -> Side:
    """Give independent rows of weight 1."""
    return Side(np.ones(rows), None, True)


def drawn(rng: np.random.Generator, rows: int, shares: np.ndarray = SHARES) -> np.ndarray:
    """Draw each row's bin."""
    return rng.choice(len(shares), rows, p=shares)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8), st.integers(0, 2**32 - 1))
def test_as_validation_counts_it(counts: list[int], seed: int) -> None:
    """Index and limit are those of the validation room, where somebody is in every bin."""
    rng = np.random.default_rng(seed)
    base = np.repeat(np.arange(len(counts)), np.array(counts) + 1)
    now = drawn(rng, 30, np.full(len(counts), 1 / len(counts)))
    found = stability_index(base, now, len(counts), (plain(len(base)), plain(30)))
    there = of_validation(np.bincount(base), np.bincount(now, minlength=len(counts)))
    assert found.value == pytest.approx(there.index)
    assert found.chance == pytest.approx(there.chance)
    assert found.parts.sum() == pytest.approx(found.value)


def test_the_limit_of_chance_is_the_sourced_one() -> None:
    """For plain rows it is (1/n + 1/m) times the 95% point of a chi-square with bins - 1 degrees."""
    rng = np.random.default_rng(0)
    found = stability_index(drawn(rng, 900), drawn(rng, 400), 6, (plain(900), plain(400)))
    assert found.chance == pytest.approx((1 / 900 + 1 / 400) * chi2.ppf(0.95, 5))
    assert found.p == pytest.approx(chi2.sf(found.value / (1 / 900 + 1 / 400), 5))


def test_chance_alone_passes_its_limit_once_in_twenty() -> None:
    """Of 1,000 pairs of samples without a shift, 3.5% to 6.5% lie above the limit, at small sizes too."""
    for rows in ((300, 150), (5000, 800)):
        rng = np.random.default_rng(1)
        sides = plain(rows[0]), plain(rows[1])
        above = 0
        for _ in range(1000):
            found = stability_index(drawn(rng, rows[0]), drawn(rng, rows[1]), 6, sides)
            above += found.value > found.chance
        assert 35 <= above <= 65


def test_a_weight_of_two_is_two_rows() -> None:
    """Counts give what repeated rows give; sampling weights leave the limit of the rows seen."""
    rng = np.random.default_rng(2)
    base, now = drawn(rng, 500), drawn(rng, 400)
    weight = rng.integers(1, 4, 500).astype(float)
    twice = stability_index(
        np.repeat(base, weight.astype(int)), now, 6, (plain(int(weight.sum())), plain(400))
    )
    counts = stability_index(base, now, 6, (Side(weight, None, True), plain(400)))
    assert (counts.value, counts.chance) == pytest.approx((twice.value, twice.chance))
    sampled = stability_index(base, now, 6, (Side(np.full(500, 9.0), None, False), plain(400)))
    seen = stability_index(base, now, 6, (plain(500), plain(400)))
    assert sampled.chance == pytest.approx(seen.chance, rel=0.1)


@pytest.mark.parametrize("people", [(20, 20), (40, 20), (200, 100)])
def test_rows_of_one_person_are_not_taken_for_a_shift(people: tuple[int, int]) -> None:
    """Twelve rows a person, all alike: with groups at most 8% alarm, of few people too; without, most do."""
    rng = np.random.default_rng(3)
    who = [np.repeat(np.arange(each), 12) for each in people]
    sides = tuple(Side(np.ones(len(each)), each, True) for each in who)
    blind = tuple(plain(len(each)) for each in who)
    above = np.zeros(2)
    for _ in range(100):
        rows = [np.repeat(drawn(rng, each), 12) for each in people]
        for at, kind in enumerate((sides, blind)):
            found = stability_index(rows[0], rows[1], 6, kind)
            above[at] += found.value > found.chance
    assert above[0] <= 8
    assert above[1] > 50


def test_holm_is_the_step_down_of_bonferroni() -> None:
    """The smallest is multiplied by all, the next by one less, in order; absent ones do not count."""
    p = np.array([0.04, np.nan, 0.01, 0.02, 0.9])
    assert holm(p)[[2, 3, 0, 4]] == pytest.approx([0.04, 0.06, 0.08, 0.9])
    assert np.isnan(holm(p)[1])


@pytest.fixture(scope="module")
def moved(model, make):
    """Give a stable table and one whose use of cards rose."""
    frame, _ = make(3000, seed=5)
    later, _ = make(2000, seed=6)
    later["use"] = later["use"] * 1.4
    return stability(model, frame, later)


def test_what_moved_is_named_and_the_rest_is_not(moved) -> None:
    """The characteristic that moved is beyond chance; those that did not are within it."""
    verdict = moved.index.set_index("part")["verdict"]
    assert verdict["use"] in ("watch", "shift")
    assert set(verdict.drop(["use", "score"])) == {"within chance"}
    assert moved.index["part"].iloc[0] == "score"


def test_tables_add_up(moved, model, make) -> None:
    """Parts sum to the index, shares to 1, moved points to the mean score's move, as recounted from rows."""
    index = moved.index.set_index("part")
    assert moved.score["part"].sum() == pytest.approx(index.loc["score", "index"])
    by = moved.attributes.groupby("characteristic")
    assert by["part"].sum().to_dict() == pytest.approx(index["index"].drop("score").to_dict())
    assert by[["share_base", "share_now"]].sum().to_numpy() == pytest.approx(1)
    assert index["points"].drop("score").sum() == pytest.approx(index.loc["score", "points"])
    frame, later = make(3000, seed=5)[0], make(2000, seed=6)[0]
    later["use"] = later["use"] * 1.4
    assert index.loc["score", "points"] == pytest.approx(
        model.score_points(later).mean() - model.score_points(frame).mean()
    )
    assert moved.score["rows_now"].sum() == 2000


def test_the_base_is_cut_into_tenths(moved) -> None:
    """Ten bins of about a tenth of the base each."""
    assert len(moved.score) == 10
    assert moved.score["share_base"].between(0.07, 0.13).all()
    assert (moved.score["to"].iloc[:-1].to_numpy() == moved.score["from"].iloc[1:].to_numpy()).all()


def test_few_cases_never_read_as_a_shift(model, make) -> None:
    """Forty cases of the same population give an index above 0.10 by chance, and are not told as a shift."""
    frame, _ = make(3000, seed=5)
    few, _ = make(40, seed=8)
    found = stability(model, frame, few).index
    assert (found["index"] > 0.1).any()
    assert set(found["verdict"]) == {"within chance"}


def test_a_card_alone_and_an_array_will_do(model, make) -> None:
    """A card gives what its model gives."""
    frame, _ = make(500, seed=5)
    one, two = (stability(each, frame, frame.iloc[:200]).index for each in (model, model.card_))
    pd.testing.assert_frame_equal(one, two)


def test_a_notebook_shows_the_reading(moved) -> None:
    """The HTML holds each part with its reading, and no script."""
    shown = moved._repr_html_()
    assert "another population" in shown or "watch" in shown
    assert "<script" not in shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"level": 1.0}, "level is 1.0"),
        ({"weights_are": "heavy"}, "weights_are is 'heavy'"),
        ({"weight_base": np.full(50, 0.5)}, "not whole"),
        ({"weight_now": np.zeros(50)}, "X_now has no rows of any weight"),
        ({"groups_now": [None] * 50}, "groups is absent"),
        ({"groups_base": [1] * 50}, "All rows are of one group"),
    ],
)
def test_what_cannot_be_compared_is_refused(model, make, options, words) -> None:
    """A bad option is refused in a sentence."""
    frame, _ = make(50, seed=5)
    with pytest.raises(InputError, match=words):
        stability(model, frame, frame, **options)


def test_what_is_no_model_is_refused(make) -> None:
    """A table, or a model that was not fitted, has no card."""
    frame, _ = make(50, seed=5)
    with pytest.raises(InputError, match="Give a Card or a fitted Scorecard"):
        stability(frame, frame, frame)
    with pytest.raises(Exception, match="not fitted"):
        stability(Scorecard(), frame, frame)
