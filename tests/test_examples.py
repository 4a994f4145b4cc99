"""The default run meets a part of the examples of a test, and the slow run all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from examples import ALL, MOST, QUARTER, examples, sooner
from hypothesis import settings

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def recipe(target: str) -> str:
    """Return the commands of a target of the Makefile."""
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_slow_run_draws_all_examples_of_every_property_test() -> None:
    """`make test-slow` chooses property tests by Hypothesis's own marker, and names the profile."""
    assert f'-m "slow or browser or hypothesis" --hypothesis-profile={ALL}' in recipe("test-slow")
    assert settings.get_profile(ALL).max_examples == MOST


def test_any_other_run_draws_a_quarter() -> None:
    """Nobody else names a profile, and the one that is loaded here draws a quarter."""
    assert MAKEFILE.count("--hypothesis-profile") == 1
    assert settings.get_profile(QUARTER).max_examples == MOST // 4


def test_a_property_test_is_marked(request: pytest.FixtureRequest) -> None:
    """What the slow run chooses by is on every test that draws, and on no other."""
    drawn = [one for one in request.session.items if hasattr(getattr(one, "obj", None), "hypothesis")]
    assert all(one.get_closest_marker("hypothesis") for one in drawn)
    assert request.node.get_closest_marker("hypothesis") is None


@pytest.mark.parametrize(("profile", "drawn"), [(ALL, [400, 100, 8, 1]), (QUARTER, [100, 25, 2, 1])])
def test_a_number_of_its_own_is_shared_out_alike(profile: str, drawn: list[int]) -> None:
    """A test that names its number draws that many where all are drawn, else a quarter, and two at least."""
    before = settings.get_current_profile_name()
    settings.load_profile(profile)
    try:
        assert [examples(most).max_examples for most in (400, 100, 8, 1)] == drawn
    finally:
        settings.load_profile(before)


def test_what_is_not_met_by_default_waits_for_the_slow_run() -> None:
    """Of values of one kind the first of so many, and any that is asked for, are not marked slow."""
    given = sooner(["a", "b", "c", "d", ("e", 1)], 3, also=lambda one: one == "c")
    assert [one.values for one in given] == [("a",), ("b",), ("c",), ("d",), ("e", 1)]
    assert [[mark.name for mark in one.marks] for one in given] == [[], ["slow"], [], [], ["slow"]]
