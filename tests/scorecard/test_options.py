"""The options of a fit are one table, which estimators, checks and the page of options follow."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from plainscore.scorecard import (
    OPTIONS,
    InputError,
    Scorecard,
    WeightOfEvidence,
    check_options,
    options_markdown,
)
from plainscore.scorecard._options_page import described
from plainscore.scorecard._options_table import ALL_OPTIONS, SECTIONS

PAGE = Path(__file__).parents[2] / "docs" / "options.md"


def test_the_estimator_has_the_options_of_the_table():
    """Names, order and defaults of `Scorecard` are those of the table, to the type."""
    parameters = inspect.signature(Scorecard).parameters
    assert list(parameters) == list(OPTIONS)
    for name, each in parameters.items():
        default = OPTIONS[name].default
        assert (each.default, type(each.default)) == (default, type(default)), name


def test_the_transformer_has_the_options_of_the_table():
    """What the transformer shares with the estimator has its default, and the rest is in the table too."""
    parameters = inspect.signature(WeightOfEvidence).parameters
    assert {name: each.default for name, each in parameters.items()} == {
        name: ALL_OPTIONS[name].default for name in parameters
    }
    assert set(ALL_OPTIONS) == {*OPTIONS, *parameters}


@pytest.mark.parametrize("name", ALL_OPTIONS)
def test_each_option_has_a_rule_and_a_place(name):
    """An entry's rule takes its default, and a recipe says it somewhere or is told why not."""
    option = ALL_OPTIONS[name]
    assert option.name == name
    assert option.fault(option.default) == ""
    fault = option.fault(object(), "this")
    assert fault.startswith(f"{name} is this, and it must ")
    assert fault.endswith(".")
    assert option.recipe in SECTIONS or "`" in option.recipe or option.recipe.startswith("not said: ")


@pytest.mark.parametrize("estimator", [Scorecard, WeightOfEvidence])
def test_every_option_is_described_where_people_look(estimator):
    """The docstring says what each parameter is, and names none that is not there."""
    words = described(estimator)
    assert set(words) == set(inspect.signature(estimator).parameters)
    assert all(words.values())


def test_the_page_of_options_is_up_to_date():
    """docs/options.md is what the table says; after a change, write options_markdown() to it."""
    assert PAGE.read_text("utf-8") == options_markdown()


def test_options_that_go_together_are_checked_together():
    """A scale is refused where it is half given or empty, whatever is not given having its default."""
    with pytest.raises(InputError, match="Give base_score, base_odds and pdo together"):
        check_options({"pdo": 20})
    with pytest.raises(InputError, match="The range 300 to 200 is empty"):
        check_options({"high": 200})
    check_options({"max_bins": 3})


@pytest.mark.parametrize("name", ["penalty", "max_bins", "base_score"])
def test_a_number_that_no_float_holds_is_refused_or_whole(name):
    """A whole number beyond all floats is refused where a float is meant, and never crashes."""
    huge = 10**400
    fault = ALL_OPTIONS[name].fault(huge)
    assert (fault == "") == (name == "max_bins")
