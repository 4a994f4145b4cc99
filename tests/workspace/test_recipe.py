"""A recipe says what to build; what it cannot mean is one sentence with the key in it."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.workspace import Recipe, RecipeError, parse_recipe, read_recipe

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "tests" / "data" / "small_recipe.toml").read_text("utf-8").split("[example]")[0]


def changed(old: str, new: str) -> str:
    """Return the small recipe with one line changed."""
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def test_the_committed_recipes_are_read() -> None:
    """The recipes of this repository and of the package are recipes."""
    paths = [ROOT / "model" / "recipe.toml", *(ROOT / "src/plainscore/workspace").glob("*_recipe.toml")]
    assert len(paths) >= 2
    for path in paths:
        assert isinstance(read_recipe(path), Recipe)


def test_the_packaged_sample_recipe_is_the_repositorys() -> None:
    """`plainscore init --sample` gives the recipe that this repository builds."""
    packaged = ROOT / "src/plainscore/workspace/sample_recipe.toml"
    assert packaged.read_bytes() == (ROOT / "model" / "recipe.toml").read_bytes()


def test_the_packaged_facts_of_the_sample_lender_are_the_repositorys() -> None:
    """An installed wheel gives the lender's facts that this repository has."""
    packaged = ROOT / "src/plainscore/workspace/sample_lender.toml"
    assert packaged.read_bytes() == (ROOT / "model" / "lender.toml").read_bytes()


def test_what_is_not_said_has_a_default() -> None:
    """Sections and keys left out take their defaults; lists become tuples."""
    recipe = parse_recipe(TEXT)
    assert recipe.floor.oldest_account_months == 6
    assert recipe.population.known_lag_days == 31
    assert recipe.population.as_of[0] == date(2023, 6, 30)
    assert recipe.example.subject_id == ""
    assert recipe.bad_means() == recipe.outcome.sentence()


def test_a_whole_number_will_do_for_a_number() -> None:
    """A share written 0 is the number 0."""
    assert parse_recipe(changed("held_out_share = 0.3", "held_out_share = 0")).split.held_out_share == 0


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        # unknown
        ('name = "Small card"', 'name = "x"\ncolour = "blue"', "unknown key 'colour'; it has name, purpose"),
        (
            "window = 12",
            "window = 12\nlength = 3",
            r"\[outcome\] has an unknown key 'length'; it has already_bad",
        ),
        ("[scale]", "[prices]\nlow = 1\n[scale]", "unknown key 'prices'"),
        (
            "max_bins = 4",
            "max_bin = 4",
            r"\[fit\] has an unknown key 'max_bin' \(did you mean 'max_bins'\?\)",
        ),
        ("max_bins = 4", "low = 4", r"\[fit\] has a key 'low', which stands under \[scale\]. Move it there"),
        ("low = 300", "penalty = 1", r"\[scale\] has a key 'penalty', which stands under \[fit\]. Move it"),
        ("max_bins = 4", "near = [500, 560]", r"\[fit\] has an unknown key 'near'"),
        (
            '"plainscore/recipe/1"',
            '"plainscore/recipe/2"',
            "schema 'plainscore/recipe/2'; this version reads",
        ),
        # missing
        ('name = "Small card"\n', "", "In the recipe the key 'name' is missing; add it"),
        ("revalidate_by = 2027-06-30\n", "", "In the recipe the key 'revalidate_by' is missing"),
        ('recipient_id = "lender-1"\n', "", r"In \[population\] the key 'recipient_id' is missing"),
        # of another type
        ("revalidate_by = 2027-06-30", 'revalidate_by = "2027-06-30"', "revalidate_by must be a day without"),
        ("revalidate_by = 2027-06-30", "revalidate_by = 2027-06-30T00:00:00Z", "revalidate_by must be a day"),
        (
            "out_of_time_from = 2024-06-30",
            'out_of_time_from = "2024-06-30"',
            r"\[split\] out_of_time_from must",
        ),
        (
            "used_at = 2026-01-01T00:00:00Z",
            "used_at = 2026-01-01",
            r"\[population\] used_at must be a moment",
        ),
        (
            'text = "Simulated',
            'text = 3 # "Simulated',
            r"\[population\] text must be a text in quotes, not 3",
        ),
        ("window = 12", "window = [12]", r"In \[outcome\] window must be a whole number, not \[12\]"),
        ("window = 12", "window = true", r"window must be a whole number, not True"),
        ("window = 12", "window = 12.0", r"window must be a whole number, not 12.0"),
        ("window = 12", "scope = 3", r"\[outcome\] scope must be a text in quotes, not 3"),
        ("held_out_share = 0.3", "held_out_share = [0.3]", r"held_out_share must be a number, not \[0.3\]"),
        ("held_out_share = 0.3", "held_out_share = nan", "held_out_share must be a number, not nan"),
        ("held_out_share = 0.3", 'held_out_share = "30%"', "held_out_share must be a number"),
        (
            "max_characteristics = 5",
            "max_characteristics = [5]",
            r"\[fit\] max_characteristics is \[5\], and it must be a whole number",
        ),
        ("as_of = [2023-06-30,", 'as_of = ["2023-06-30",', r"as_of must be a list, each a day"),
        (
            'name = "Small card"',
            'name = "x"\ncharacteristics = "since_late"',
            "characteristics must be a list",
        ),
        ('name = "Small card"', 'name = "x"\ncharacteristics = [3]', "must be a list, each a text in quotes"),
        ("[validation]\nreplicates = 20", "", "validation = 3"),
        # impossible
        (
            "as_of = [2023-06-30,",
            "as_of = [2023-06-29,",
            "as_of 2023-06-29 is not a month end; give 2023-06-30",
        ),
        ("as_of = [2023-06-30,", "as_of = [2023-09-30,", "names a day twice"),
        ("used_at = 2026-01-01T00:00:00Z", "used_at = 2026-01-01T00:00:00", "used_at has no time zone"),
        (
            'purpose = "model_development"',
            'purpose = "marketing"',
            "'marketing' is not one of credit_scoring",
        ),
        ("[outcome]", 'pack = "mars"\n[outcome]', "pack 'mars' is not one of"),
        ("bad_arrears = 2\ni", "bad_arrears = 9\ni", r"In \[outcome\]: Indeterminate from class"),
        ("window = 12", 'scope = "any"', "The outcome scope 'any' is not one of"),
        ("window = 12", "already_bad_arrears = 6", r"\[outcome\] already_bad_arrears is 6; give 1 to 5"),
        ("held_out_share = 0.3", "held_out_share = 1.0", "give a share from 0 to below 1"),
        ("held_out_share = 0.3", "folds = 1", "folds is 1; give 0 for none, or 2 or more"),
        ("out_of_time_from = 2024-06-30", "out_of_time_from = 2023-06-30", "nothing would build the card"),
        ("replicates = 20", "replicates = 0", "replicates is 0; give 2 to 100,000"),
        ("replicates = 20", "seed = -1", r"\[validation\] seed is -1; give 0 to"),
        (
            "max_bins = 4",
            "max_bins = 0",
            r"\[fit\] max_bins is 0, and it must be a whole number of at least 1",
        ),
        ("max_bins = 4", 'penalty = "strong"', r"\[fit\] penalty is 'strong', and it must be a number of at"),
        ("max_bins = 4", "max_grids = -1", r"\[fit\] max_grids is -1, and it must be a whole number"),
        ("low = 300", "low = 850", "The range 850 to 850 is empty. Give a high above the low"),
        (
            "low = 300",
            "pdo = 0",
            r"\[scale\] pdo is 0, and it must be .* In a recipe None is written \"none\"",
        ),
        ("cut_off = 560", "base_score = 600", "base_score, base_odds and pdo together"),
        ('name = "Small card"', 'name = "x"\noutcomes_table = "data/o.parquet"', "needs outcomes_text"),
        ('name = "Small card"', 'name = "x"\noutcomes_text = "late"', "outcomes_table needs outcomes_text"),
    ],
)
def test_a_recipe_that_cannot_be_meant_is_a_sentence(old: str, new: str, sentence: str) -> None:
    """Unknown and missing keys, other types and impossible values are each one sentence."""
    text = changed(old, new)
    if sentence == "validation = 3":
        text, sentence = "validation = 3\n" + text, "validation is not a section; write its keys below"
    with pytest.raises(RecipeError, match=sentence) as caught:
        parse_recipe(text)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ('subject_id = "S1"', "needs as_of and at beside subject_id"),
        (
            'subject_id = "S1"\nas_of = 2025-12-30\nat = 2026-01-31T00:00:00Z',
            "as_of 2025-12-30 is not a month end",
        ),
        ('subject_id = "S1"\nas_of = 2025-12-31\nat = 2026-01-31T00:00:00', "at has no time zone"),
        ('purpose = "curiosity"', "purpose 'curiosity' is not one of"),
    ],
)
def test_an_example_names_its_dates(lines: str, sentence: str) -> None:
    """An example that is shown with the card says as of when and at what moment."""
    with pytest.raises(RecipeError, match=sentence):
        parse_recipe(f"{TEXT}\n[example]\n{lines}\n")


def test_what_is_not_toml_is_a_sentence(tmp_path: Path) -> None:
    """A file that is no TOML, no UTF-8 or not there is refused in words, with its name."""
    path = tmp_path / "recipe.toml"
    with pytest.raises(RecipeError, match=r"no recipe recipe\.toml"):
        read_recipe(path)
    path.write_bytes(b"name = 'x'\n = 3\n")
    with pytest.raises(RecipeError, match=r"not valid TOML: .*line 2"):
        read_recipe(path)
    path.write_bytes("name = 'né'".encode("latin-1"))
    with pytest.raises(RecipeError, match=r"recipe\.toml is not UTF-8"):
        read_recipe(path)


KEYS = [
    (section, key)
    for section, values in tomllib.loads(TEXT).items()
    for key in (values if isinstance(values, dict) else [""])
]


def toml(value: Any) -> str:
    """Write a value as TOML."""
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')


@given(
    st.sampled_from(KEYS),
    st.one_of(
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(-1e9, 1e9).map(lambda x: round(x, 3)),
        st.sampled_from(["", "x", "2025-12-31"]),
        st.lists(st.integers(-3, 3), max_size=2),
    ),
)
def test_no_value_is_a_defect(place: tuple[str, str], value: Any) -> None:
    """Any value at any key gives a recipe or a RecipeError, never another error."""
    document = tomllib.loads(TEXT)
    section, key = place
    lines = []
    for name, values in document.items():
        if not isinstance(values, dict):
            lines.append(f"{name} = {toml(value) if name == section else render(values)}")
    for name, values in document.items():
        if isinstance(values, dict):
            lines.append(f"[{name}]")
            lines += [
                f"{one} = {toml(value) if (name, one) == (section, key) else render(held)}"
                for one, held in values.items()
            ]
    with suppress(RecipeError):
        assert isinstance(parse_recipe("\n".join(lines)), Recipe)


def render(value: Any) -> str:
    """Write a value of the small recipe as TOML again."""
    if isinstance(value, list):
        return f"[{', '.join(render(one) for one in value)}]"
    return value.isoformat() if hasattr(value, "isoformat") else toml(value)
