"""Fits inside folds ask of the engine what a fold needs, and no more."""

from __future__ import annotations

import numpy as np
import pytest

from plainscore.scorecard import InputError, Scorecard, fit_segments, reject_inference
from plainscore.scorecard.strategy._fits import OneScale, made

from ._worlds import parted, segmented, selected


class Watched(Scorecard):
    """A recipe that keeps what every fit was asked."""

    seen: list = []  # noqa: RUF012 - what every fit of a test was asked

    def fit(self, X, y, sample_weight=None, *, groups=None):
        """Keep what was asked, and fit without what takes long."""
        whole = bool(np.all(np.asarray(sample_weight) % 1 == 0))
        self.seen.append((self.estimate, self.weights_are, groups is not None, whole))
        asked, self.estimate = self.estimate, False
        super().fit(X, y, sample_weight)
        self.estimate = asked
        return self


def watched():
    """Return a recipe whose cards are fitted in hundredths of a second."""
    return Watched(method="woe", max_characteristics=None)


@pytest.fixture(autouse=True)
def _nothing_seen():
    Watched.seen.clear()


def test_segments_are_measured_once():
    """The cards that are kept measure themselves, those in folds do not, and all keep people together."""
    X, y, segment = segmented(800, 0, matters=True)
    fit_segments(watched, X, y, segment, groups=np.arange(800) // 2, folds=2, repeats=1)
    assert [estimate for estimate, *_ in Watched.seen] == [True] * 3 + [False] * 6
    assert all(groups for _, _, groups, _ in Watched.seen)


def test_people_are_named_where_one_has_several_rows():
    """Where each row is a person of its own, no fit is asked to keep people together."""
    X, y, segment = segmented(800, 0, matters=True)
    recipe = lambda: watched().set_params(estimate=False)  # noqa: E731
    fit_segments(recipe, X, y, segment, groups=np.arange(800)[::-1], folds=2, repeats=1)
    assert not any(groups for _, _, groups, _ in Watched.seen)


def test_parts_of_a_row_are_no_counts():
    """Where weights are parts of a row the engine is told so, and elsewhere the recipe stands."""
    X, y, accepted, _ = selected(1500, 0, unseen=0.0)
    taken, refused = parted(X, accepted)
    reject_inference(watched, taken, y[accepted], refused, prudence=1, folds=2, rounds=20)
    assert {(weights, whole) for _, weights, _, whole in Watched.seen} == {
        ("sampling", False),
        ("counts", True),
    }
    assert not any(estimate for estimate, *_ in Watched.seen)


def test_a_fitted_scorecard_is_no_recipe():
    """A function that gives one fitted scorecard again and again is refused."""
    X, y, _ = segmented(800, 0, matters=True)
    model = Scorecard(method="woe", estimate=False).fit(X, y)
    with pytest.raises(InputError, match="fitted already"):
        made(lambda: model)


def test_a_scale_is_its_own_inverse():
    """The score of a bad rate has that bad rate, as the card's own scale says."""
    X, y, _ = segmented(800, 0, matters=True)
    card = Scorecard(method="woe", estimate=False).fit(X, y).card_
    scale = OneScale.of(card)
    for rate in (0.01, 0.2, 0.9):
        assert scale.bad_rate(np.array([scale.score_at(rate)]))[0] == pytest.approx(rate)
        assert scale.score_at(rate) == pytest.approx(card.score_at(rate))
