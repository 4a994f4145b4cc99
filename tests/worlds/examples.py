"""How many examples a property test draws: a quarter in the default run, all of them in `make test-slow`."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import HealthCheck, settings

ALL: Final = "all-examples"
"""The profile of `make test-slow`, which runs every property test again."""

QUARTER: Final = "a-quarter"
"""The profile of every other run."""

MOST: Final = 100
"""Examples of a test that names no number, where all are drawn."""

LEAST: Final = 4
"""Below it nothing is taken off: the first example that Hypothesis draws is the simplest that there is."""

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
