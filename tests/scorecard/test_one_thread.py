"""A fit holds linear algebra to one thread, and leaves the process as it was."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from plainscore.scorecard import Scorecard
from plainscore.scorecard._one_thread import one_thread
from plainscore.scorecard.fitting import _taken_up


def threads():
    """Return how many threads the libraries of linear algebra may use."""
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def _three():
    """Start from a number that is not one on any machine."""
    with threadpool_limits(3, user_api="blas"):
        if threads() != {3}:
            pytest.skip("no library of linear algebra here lets its threads be set")
        yield


def test_one_thread_inside_and_as_many_as_before_outside():
    """The limit ends with the block."""
    with one_thread():
        assert threads() == {1}
    assert threads() == {3}


def test_a_fit_computes_on_one_thread(monkeypatch):
    """What the choice of columns solves is solved on one thread, and the process is as before."""
    seen, factor = set(), _taken_up.TakenUp.grown

    def watched(self, cells):
        seen.update(threads())
        return factor(self, cells)

    monkeypatch.setattr(_taken_up.TakenUp, "grown", watched)
    rng = np.random.default_rng(0)
    columns = {"a": rng.normal(size=900), "b": rng.normal(size=900)}
    Scorecard(estimate=False).fit(columns, rng.random(900) < 1 / (1 + np.exp(1 - columns["a"])))
    assert seen == {1}
    assert threads() == {3}
