"""How much of its kind the default run meets: a part of the examples, and all of them in `make test-slow`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, settings

T = TypeVar("T")

ALL: Final = "all-examples"
"""The profile of `make test-slow`, which runs every property test again."""

QUARTER: Final = "a-quarter"
"""The profile of every other run."""

MOST: Final = 100
"""Examples of a test that names no number, where all are drawn."""

LEAST: Final = 2
"""Fewer are never drawn where more may be: the first that Hypothesis draws is the simplest that there is."""

for _name, _examples in ((ALL, MOST), (QUARTER, MOST // 4)):
    # Derandomised: a failure in CI is a failure here. No deadline: two shared cores are not a stopwatch.
    settings.register_profile(
        _name,
        max_examples=_examples,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


def examples(most: int, **others: Any) -> settings:
    """Return the settings of a property test that draws `most` examples where all are drawn.

    For tests whose examples are cheap, or dear: whatever names no number draws `MOST`.

    Parameters
    ----------
    most : int
        Examples in `make test-slow`; in any other run a quarter of them, and `LEAST` at least.
    **others
        Further settings of Hypothesis.
    """
    share = settings.default.max_examples / MOST  # type: ignore[union-attr]
    return settings(max_examples=max(min(most, LEAST), round(most * share)), **others)


def sooner(values: Iterable[T], every: int, *, also: Callable[[T], bool] = lambda _: False) -> list[Any]:
    """Return what a test is asked of, all but some of it for the slow run alone: examples of one kind.

    Parameters
    ----------
    values : iterable
        As `pytest.mark.parametrize` takes them; a tuple is the values of one case.
    every : int
        The default run meets the first of so many.
    also : callable
        Whether it meets another one too.
    """
    marked = []
    for place, value in enumerate(values):
        marks = [] if place % every == 0 or also(value) else [pytest.mark.slow]
        marked.append(pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=marks))
    return marked
