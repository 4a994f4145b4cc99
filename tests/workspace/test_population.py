"""Who is in a build: everyone at every date, less those excluded, each counted once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.history import History, open_history
from plainscore.outcomes import OutcomeError
from plainscore.reasons import TextError
from plainscore.workspace import (
    DEVELOPMENT,
    OUT_OF_TIME,
    Desk,
    Population,
    PopulationError,
    Recipe,
    RecipeError,
    Workspace,
    assemble,
    cross_validate,
    fit,
    open_workspace,
)
from plainscore.workspace._build_card import _folds
from plainscore.workspace._population import held_out, offered


@pytest.fixture(scope="module")
def workspace(small_root: Path) -> Workspace:
    """Give the small workspace."""
    return open_workspace(small_root)


@pytest.fixture(scope="module")
def history(workspace: Workspace) -> History:
    """Give its ledger, opened once."""
    return open_history(workspace.ledger)


@pytest.fixture(scope="module")
def assembled(workspace: Workspace, history: History) -> Callable[..., Population]:
    """Give a maker of its population under a changed recipe."""

    def make(
        *, folder: Path | None = None, split: dict[str, Any] | None = None, **changes: Any
    ) -> Population:
        recipe = replace(workspace.recipe, **changes)
        recipe = replace(recipe, split=replace(recipe.split, **(split or {})))
        return assemble(workspace.ledger, history, recipe, folder or workspace.model)

    return make


@pytest.fixture(scope="module")
def population(assembled: Callable[..., Population]) -> Population:
    """Give the population of the small recipe."""
    return assembled()


def test_the_waterfall_adds_up(population: Population, workspace: Workspace) -> None:
    """The start less everything removed is everything kept, and the kept samples are the population."""
    steps = population.waterfall
    count = {
        kind: sum(step["cases"] for step in steps if step["kind"] == kind) for kind in ("removed", "kept")
    }
    people = len(set(workspace.ledger.table("holders")["subject_id"].to_pylist()))
    assert steps[0]["kind"] == "start"
    assert steps[0]["cases"] == people * len(workspace.recipe.population.as_of)
    assert steps[0]["cases"] - count["removed"] == count["kept"] == len(population.cases)
    assert all(step["cases"] > 0 for step in steps)
    assert len({step["label"] for step in steps}) == len(steps)


def test_everything_has_a_row_for_each_case(population: Population) -> None:
    """Values, outcomes and samples stand in the order of the cases."""
    rows = len(population.cases)
    assert rows == population.values.num_rows == len(population.bad) == len(population.sample)
    ids = population.cases["case_id"].to_pylist()
    assert ids == sorted(set(ids))
    assert set(population.bad.tolist()) == {0, 1}
    assert not any(
        np.isnan(population.values[name].to_numpy()).any() for name in population.values.column_names
    )


def test_nobody_stands_on_both_sides(population: Population, workspace: Workspace) -> None:
    """A person who helped to build the card never tests it, and dates part the samples too."""
    start = np.datetime64(workspace.recipe.split.out_of_time_from)
    built, tested = population.rows(DEVELOPMENT), population.rows(OUT_OF_TIME)
    assert built.any()
    assert tested.any()
    assert not set(population.person[built]) & set(population.person[tested])
    assert (population.as_of[built] < start).all()
    assert (population.as_of[tested] >= start).all()


def test_without_held_out_people_dates_alone_part_the_samples(assembled: Callable[..., Population]) -> None:
    """With nobody held out every late case tests the card."""
    found = assembled(split={"held_out_share": 0.0})
    assert (found.rows(OUT_OF_TIME) == (found.as_of >= np.datetime64("2024-06-30"))).all()


def test_without_a_date_everybody_builds(assembled: Callable[..., Population]) -> None:
    """Without out-of-time dates there is one sample, for cross-validation."""
    found = assembled(split={"out_of_time_from": None})
    assert found.rows(DEVELOPMENT).all()


ids = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=6), min_size=1, max_size=30)


@given(ids, st.randoms(use_true_random=False), st.floats(0, 0.99))
def test_the_draw_depends_on_nothing_but_the_person(subjects: list[str], random: Any, share: float) -> None:
    """Whoever else is in the ledger, and in what order, a person is held out or not."""
    drawn = dict(zip(subjects, held_out(pa.chunked_array([subjects]), share).tolist(), strict=True))
    mixed = [*subjects, "somebody else"]
    random.shuffle(mixed)
    again = dict(zip(mixed, held_out(pa.chunked_array([mixed]), share).tolist(), strict=True))
    assert {name: again[name] for name in subjects} == drawn


@given(st.floats(0, 0.98), st.floats(0, 0.98))
def test_a_larger_share_holds_out_the_same_people_and_more(one: float, other: float) -> None:
    """Raising the share never brings a held-out person back into the build."""
    people = pa.chunked_array([[f"S{number:04d}" for number in range(300)]])
    less, more = (held_out(people, share) for share in sorted((one, other)))
    assert (more | ~less).all()


def test_the_share_is_about_what_was_asked() -> None:
    """Of twenty thousand people a share of 30% holds out 30%, within four standard errors."""
    drawn = held_out(pa.chunked_array([[f"S{number:06d}" for number in range(20_000)]]), 0.3)
    assert abs(drawn.mean() - 0.3) < 4 * (0.3 * 0.7 / 20_000) ** 0.5


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=80), st.integers(2, 6))
def test_folds_hold_whole_people(cases: list[tuple[int, bool]], folds: int) -> None:
    """All cases of a person are in one fold, and people with a bad case are spread evenly."""
    person = np.array([who for who, _ in cases])
    bad = np.array([is_bad for _, is_bad in cases], np.int8)
    fold = _folds(person, bad, folds, seed=1)
    assert set(fold.tolist()) <= set(range(folds))
    for who in set(person.tolist()):
        assert len(set(fold[person == who].tolist())) == 1
    held = [len(set(person[(fold == number) & np.isin(person, person[bad == 1])])) for number in range(folds)]
    assert max(held) - min(held) <= 1


@pytest.mark.slow
def test_cross_validation_tests_each_development_case_once(
    workspace: Workspace, assembled: Callable[..., Population]
) -> None:
    """Every development case is ranked once, by a card that never saw its person."""
    recipe = replace(workspace.recipe, split=replace(workspace.recipe.split, folds=2))
    population = assembled(split={"folds": 2})
    found = cross_validate(population, recipe, offered(recipe, workspace.model))
    rows = population.rows(DEVELOPMENT)
    assert (found["cases"], found["bads"]) == (int(rows.sum()), int(population.bad[rows].sum()))
    assert len(found["auc_by_fold"]) == found["folds"] == 2
    assert 0.5 < float(found["auc"]["low"]) <= float(found["auc"]["value"]) <= float(found["auc"]["high"]) < 1


def given_table(population: Population, path: Path, outcome: list[str]) -> None:
    """Write a table of outcomes for the first cases of a population."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cases = population.cases.slice(0, len(outcome))
    rows = {"subject_id": cases["subject_id"], "as_of": cases["as_of"], "outcome": outcome}
    pq.write_table(pa.table(rows), path)


GIVEN = {"outcomes_table": "data/outcomes.parquet", "outcomes_text": "Bad: late in the next month."}


def test_outcomes_may_be_given(
    population: Population, assembled: Callable[..., Population], tmp_path: Path
) -> None:
    """A table of outcomes replaces the derived ones; a case that it does not have is indeterminate."""
    given_table(population, tmp_path / "data" / "outcomes.parquet", ["bad", "good"] * 40)
    found = assembled(folder=tmp_path / "model", **GIVEN)
    assert found.cases == population.cases.slice(0, 80)
    assert found.bad.tolist() == [1, 0] * 40
    labels = [step["label"] for step in found.waterfall]
    assert any(label.startswith("Indeterminate") for label in labels)
    assert not any(label.startswith("Already") for label in labels), "a given outcome has its own exclusions"


def test_a_table_of_outcomes_that_is_wrong_is_a_sentence(
    population: Population, assembled: Callable[..., Population], tmp_path: Path
) -> None:
    """Not there, not Parquet, or an outcome of another name: each is refused in words."""
    path = tmp_path / "data" / "outcomes.parquet"
    with pytest.raises(RecipeError, match="is not in the workspace"):
        assembled(folder=tmp_path / "model", **GIVEN)
    given_table(population, path, ["good", "ugly"])
    with pytest.raises(OutcomeError, match="'ugly'"):
        assembled(folder=tmp_path / "model", **GIVEN)
    path.write_text("subject_id,as_of,outcome\n")
    with pytest.raises(RecipeError, match="is not Parquet"):
        assembled(folder=tmp_path / "model", **GIVEN)


def test_too_few_of_either_is_refused_with_the_counts(
    workspace: Workspace, assembled: Callable[..., Population]
) -> None:
    """A card is not built on fewer than thirty goods and thirty bads."""
    recipe = workspace.recipe
    population = assembled(population=replace(recipe.population, as_of=(date(2023, 6, 30),)))
    rows = population.rows(DEVELOPMENT) & (np.cumsum(population.bad) < 20)
    bads = int(population.bad[rows].sum())
    assert 0 < bads < 30
    with pytest.raises(PopulationError, match=f"goods and {bads} bads are left to build on; a card needs 30"):
        fit(population, rows, recipe, offered(recipe, workspace.model))


def test_a_catalogue_that_is_not_there_is_a_sentence(workspace: Workspace) -> None:
    """A lender's own catalogue is looked for beside the recipe."""
    recipe: Recipe = replace(workspace.recipe, own_characteristics="own.toml")
    with pytest.raises(
        RecipeError, match=r"own_characteristics names own\.toml, which is not beside the recipe"
    ):
        offered(recipe, workspace.model)


def test_a_lenders_texts_stand_in_the_catalogues_place(small: Path) -> None:
    """Texts named in the recipe stand in the catalogue's place in every use; a bad one stops it."""
    texts = small / "model" / "texts.toml"
    recipe: Recipe = replace(open_workspace(small).recipe, texts="texts.toml")
    with pytest.raises(RecipeError, match=r"texts names texts\.toml, which is not beside the recipe"):
        offered(recipe, small / "model")
    texts.write_text('[use_max]\nreason.en = "One of your cards is very full."\n', "utf-8")
    chosen = offered(replace(recipe, characteristics=("use_max",)), small / "model")
    assert [entry.reason["en"] for entry in chosen] == ["One of your cards is very full."]
    path = small / "model" / "recipe.toml"
    path.write_text('texts = "texts.toml"\n' + path.read_text("utf-8"), "utf-8")
    held = {entry.id: entry for entry in Desk(open_workspace(small)).entries}
    assert held["use_max"].reason["en"] == "One of your cards is very full."
    texts.write_text('[use_max]\nreason.en = "This is our internal policy."\n', "utf-8")
    with pytest.raises(TextError, match=r"'use_max', reason\.en: the text says \"internal policy\""):
        _ = Desk(open_workspace(small)).entries


def test_a_lenders_own_entry_is_held_to_the_rules_of_wording(small: Path) -> None:
    """An entry of the lender's own that hides behind a policy is refused; in its own languages only."""
    own = small / "model" / "own.toml"
    text = (
        '[[entry]]\nid = "own"\nfamily = "amounts owed"\nlabel = "Debt"\nunit = "minor units"\n'
        'direction = "none"\nsource = "months"\nexpression = "max(k)"\nreads = "known"\n'
        'reason.en = "You owe much."\ngood.en = "You owe little."\n'
    )
    own.write_text(text, "utf-8")
    recipe: Recipe = replace(open_workspace(small).recipe, own_characteristics="own.toml")
    assert offered(recipe, small / "model")[-1].id == "own"
    own.write_text(text.replace("You owe much.", "It is our credit policy."), "utf-8")
    with pytest.raises(TextError, match=r"'own', reason\.en: the text says \"credit policy\""):
        offered(recipe, small / "model")


def test_a_recipe_may_offer_some_characteristics_only(
    workspace: Workspace, assembled: Callable[..., Population]
) -> None:
    """Only what the recipe names is derived for the fit, in its order."""
    names = ("slips_12", "use_max")
    found = assembled(characteristics=names)
    assert tuple(found.values.column_names) == names
    assert [entry.id for entry in offered(replace(workspace.recipe, characteristics=names), Path())] == [
        *names
    ]
