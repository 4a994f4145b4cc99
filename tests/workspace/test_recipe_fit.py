"""A recipe says to the fit all that Python can, under the same names, defaults and sentences."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.characteristics import select_entries
from plainscore.scorecard import OPTIONS, Characteristic, InputError, Scorecard, check_options
from plainscore.workspace import RecipeError, open_workspace, parse_recipe
from plainscore.workspace._build_card import characteristic, fit
from plainscore.workspace._population import DEVELOPMENT, offered

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "tests" / "data" / "small_recipe.toml").read_text("utf-8").split("[example]")[0]
BEFORE, REST = TEXT.split("[fit]")
AFTER = REST.partition("[scale]")[2].partition("[validation]")[2]

SAID: dict[str, Any] = {
    "method": "woe",
    "max_bins": 5,
    "min_share": 0.01,
    "min_goods": 7.5,
    "min_bads": 3,
    "smoothing": 0.5,
    "pre_bins": 64,
    "rare_share": 0.001,
    "min_special": 30,
    "min_iv": 0.01,
    "max_correlation": 0.8,
    "max_p": 0.1,
    "max_characteristics": 9,
    "beyond": "held_out",
    "on_wrong_sign": "keep",
    "penalty": 2,
    "resamples": 5,
    "max_grids": 2,
    "choice_halves": 6,
    "unknown": "neutral",
    "keep": ("paid_share",),
    "leave": ("kinds",),
    "estimate": False,
    "low": 0,
    "high": 1000,
    "base_score": 600,
    "base_odds": 30.5,
    "pdo": 20,
}
"""A value of each option that a recipe says, other than its default."""


def recipe_with(fit_lines: str, scale_lines: str = "") -> str:
    """Return the small recipe with other keys under [fit] and [scale]."""
    return f"{BEFORE}[fit]\n{fit_lines}\n[scale]\n{scale_lines}\n[validation]{AFTER}"


def lines(section: str, said: dict[str, Any]) -> str:
    """Return the options of a section as TOML."""
    return "\n".join(f"{k} = {toml(v)}" for k, v in said.items() if OPTIONS[k].section == section)


def toml(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(list(value) if isinstance(value, tuple) else value).replace("'", '"')


def test_a_recipe_says_every_option_of_its_sections() -> None:
    """Each option of [fit] and [scale] arrives as it was written, and none is left out here."""
    named = {name for name, option in OPTIONS.items() if option.section}
    missing = named - set(SAID)
    assert missing == set(), "write a value of the new option into SAID"
    said = parse_recipe(recipe_with(lines("fit", SAID), lines("scale", SAID))).fit
    assert dict(said.options) == {name: SAID[name] for name in said.options}
    assert set(said.options) == named
    assert all(said.option(name) == SAID[name] != OPTIONS[name].default for name in named)


def test_a_recipe_that_says_nothing_has_the_defaults_of_python() -> None:
    """An empty [fit] and [scale] leave every option to the estimator."""
    said = parse_recipe(recipe_with("")).fit
    assert dict(said.options) == {}
    defaults = {name: each.default for name, each in inspect.signature(Scorecard).parameters.items()}
    assert {name: said.option(name) for name in OPTIONS} == defaults


def test_none_is_a_word_in_a_recipe() -> None:
    """What TOML cannot write, no limit, is "none"; where None means nothing, the word is refused."""
    said = parse_recipe(recipe_with('max_characteristics = "none"', 'pdo = "none"')).fit
    assert dict(said.options) == {"max_characteristics": None, "pdo": None}
    with pytest.raises(RecipeError, match="max_bins is 'none', and it must be a whole number"):
        parse_recipe(recipe_with('max_bins = "none"'))


@given(
    st.sampled_from(sorted(SAID)),
    st.one_of(
        st.integers(-(10**400), 10**400),
        st.floats(-1e9, 1e9).map(lambda x: round(x, 3)),
        st.sampled_from(["", "path", "woe", "keep", "shape"]),
        st.lists(st.integers(-3, 3), max_size=2),
    ),
)
def test_a_bad_value_has_the_sentence_that_python_gives(name: str, value: Any) -> None:
    """A recipe refuses a value where the estimator does, with its sentence, and takes what it takes."""
    if OPTIONS[name].section == "scale":
        return
    text = recipe_with(f"{name} = {value!r}".replace("'", '"'))
    fault = refusal({name: value})
    if not fault:
        assert parse_recipe(text).fit.option(name) == (tuple(value) if isinstance(value, list) else value)
        return
    # A recipe shows a long value cut, and None by its own word.
    said = re.escape(fault if len(repr(value)) <= 40 else fault.partition(", and it ")[2])
    with pytest.raises(RecipeError, match=said):
        parse_recipe(text)


def refusal(options: dict[str, Any]) -> str:
    """Return why Python refuses options; nothing where it takes them."""
    try:
        check_options(options)
    except InputError as error:
        return str(error)
    return ""


HELD = """
[fit.characteristics.use_now]
direction = "descending"
cuts = [0.3, 0.6]
cuts_reason = "bands of the policy"
least = 0
"""


def test_a_recipe_says_how_one_characteristic_is_held() -> None:
    """Direction, cuts and range under a characteristic's name replace the catalogue's, and nothing else."""
    wish = parse_recipe(recipe_with(HELD)).fit
    entries = {entry.id: characteristic(entry) for entry in select_entries(("use_now", "since_late"))}
    held = wish.held(entries["use_now"])
    assert isinstance(held, Characteristic)
    assert (held.direction, held.cuts, held.cuts_reason, held.least) == (
        "descending",
        (0.3, 0.6),
        "bands of the policy",
        0,
    )
    assert (held.label, held.special_codes) == (entries["use_now"].label, entries["use_now"].special_codes)
    assert wish.held(entries["since_late"]) == entries["since_late"]


@pytest.mark.parametrize(
    ("lines_", "sentence"),
    [
        ('characteristics = ["use_now"]', "Under .fit. characteristics is no list"),
        ("characteristics = {use_now = 3}", "Under .fit. characteristics is no list"),
        ('[fit.characteristics.use_now]\ndirection = "up"', "has direction 'up'. Give one of ascending"),
        ("[fit.characteristics.use_now]\ncut = [1]", r"unknown key 'cut' \(did you mean 'cuts'\?\); it has"),
        ("[fit.characteristics.use_now]\nleast = 2\nmost = 1", "has least 2 above most 1. Swap them"),
        ('[fit.characteristics.use_now]\nlabel = "x"', "unknown key 'label'"),
    ],
)
def test_what_cannot_be_said_of_a_characteristic_is_a_sentence(lines_: str, sentence: str) -> None:
    """A part that is none, or has no meaning, is refused with the section, and the engine's own words."""
    with pytest.raises(RecipeError, match=sentence) as caught:
        parse_recipe(recipe_with(lines_))
    assert str(caught.value).endswith(".")


def test_a_characteristic_that_nobody_offers_is_named_beside_the_nearest() -> None:
    """A name under [fit.characteristics] that is not offered is refused before anything is fitted."""
    wish = parse_recipe(recipe_with('[fit.characteristics.use_nwo]\ndirection = "none"')).fit
    with pytest.raises(
        RecipeError, match=r"use_nwo\] is about a .* not offered \(did you mean 'use_now'\?\)"
    ):
        wish.check_names([entry.id for entry in select_entries(("use_now", "since_late"))])


@pytest.mark.slow
def test_a_built_card_follows_what_the_recipe_says(small: Path) -> None:
    """Options and cuts of a recipe are in the fit: in the log's options and on the card."""
    from plainscore.history import open_history
    from plainscore.workspace import assemble

    path = small / "model" / "recipe.toml"
    text = path.read_text("utf-8").replace("max_bins = 4", "max_bins = 3\nmin_iv = 0.0")
    extra = '[fit.characteristics.since_late]\ncuts = [6, 24]\ncuts_reason = "the policy"\n\n[scale]'
    path.write_text(text.replace("[scale]", extra), "utf-8")
    workspace = open_workspace(small)
    assert tomllib.loads(path.read_text("utf-8"))["fit"]["characteristics"]
    population = assemble(workspace.ledger, open_history(workspace.ledger), workspace.recipe, workspace.model)
    entries = offered(workspace.recipe, workspace.model)
    model = fit(population, population.rows(DEVELOPMENT), workspace.recipe, entries)
    assert model.log_["options"]["max_bins"] == 3
    assert model.log_["options"]["smoothing"] == OPTIONS["smoothing"].default
    log = {one["id"]: one for one in model.log_["characteristics"]}["since_late"]
    assert "the policy" in " ".join(log["notes"])
