"""New workspaces: an empty one for a lender, and this repository's sample."""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from examples import sooner

from plainscore.casework import letters_for
from plainscore.ledger import ParquetLedger
from plainscore.notices import MORE_FACTS, Facts, MissingFieldError, parse_facts
from plainscore.notices._demonstration import INVENTED
from plainscore.rules import NOTICE_FIELDS, load_pack, pack_ids
from plainscore.workspace import (
    LetterWish,
    OutcomeWish,
    Recipe,
    WorkspaceError,
    init_sample,
    init_workspace,
    open_workspace,
)
from plainscore.workspace._init import packaged
from plainscore.workspace._is_demonstration import RECIPES, shows_only

ROOT = Path(__file__).parents[2]


def test_an_empty_workspace_has_a_recipe_that_is_read(tmp_path: Path) -> None:
    """The starter recipe is a recipe: a lender edits it, and need not mend it first."""
    workspace = init_workspace(tmp_path / "mine")
    assert isinstance(workspace.recipe, Recipe)
    assert {path.name for path in (tmp_path / "mine").iterdir()} == {"data", "model", "reports"}
    assert sorted(path.name for path in workspace.model.iterdir()) == ["lender.toml", "recipe.toml"]


@pytest.mark.parametrize("ending", ["2024-02-29", "2025-12-31", "2026-06-30"])
def test_the_starter_dates_are_month_ends_that_leave_a_window(tmp_path: Path, ending: str) -> None:
    """As-of dates end twelve months before the newest month, so that each has its outcome."""
    recipe = init_workspace(tmp_path / "mine", ending=ending).recipe
    assert len(recipe.population.as_of) == 9
    assert max(recipe.population.as_of).isoformat()[:7] == f"{int(ending[:4]) - 1}{ending[4:7]}"
    assert recipe.split.out_of_time_from in recipe.population.as_of


def test_a_workspace_is_not_written_over(tmp_path: Path) -> None:
    """Where there is a recipe, neither kind of workspace is made, and the recipe stays."""
    workspace = init_workspace(tmp_path / "mine")
    (workspace.model / "recipe.toml").write_text("# mine")
    for make in (init_workspace, init_sample):
        with pytest.raises(WorkspaceError, match="mine is a workspace already"):
            make(tmp_path / "mine")
    assert (workspace.model / "recipe.toml").read_text() == "# mine"


def test_the_sample_is_this_repositorys(tmp_path: Path) -> None:
    """The sample written from its seed is the committed ledger, row for row, with the committed recipe."""
    workspace = init_sample(tmp_path / "sample")
    assert workspace.ledger.fingerprint() == ParquetLedger(ROOT / "data" / "sample").fingerprint()
    assert (workspace.model / "recipe.toml").read_bytes() == (ROOT / "model" / "recipe.toml").read_bytes()


STARTER = packaged("starter_lender.toml")
ASKED = re.findall(r"(?m)^# (\w+)(?:\.en)? = \"\"", STARTER)
OF_ONE_LETTER = {"applicant_name", "applicant_address", "credit_requested", "action_taken"}


def test_a_new_workspace_has_no_lender_s_facts_but_asks_for_each() -> None:
    """The file for a lender of one's own gives no fact, and asks for all of the sample's and more."""
    assert parse_facts(STARTER) == Facts({}, uses_bureau=True, uses_database=True, demonstration=False)
    assert sorted(ASKED) == sorted([*parse_facts(packaged("sample_lender.toml")).texts, "automated_ground"])
    known = {**NOTICE_FIELDS, **MORE_FACTS}
    for name in ASKED:
        (line,) = [one for one in STARTER.splitlines() if re.match(rf"# {name}\b", one)]
        assert known[name] in line
    filled = re.sub(r"(?m)^# (\w+(?:\.en)? = )\"\"", r'\1"own words"', STARTER)
    assert set(parse_facts(filled).texts) == set(ASKED)


@pytest.mark.parametrize("pack_id", sooner(pack_ids(), 3))
def test_no_letter_comes_out_of_a_new_workspace(tmp_path: Path, small: Path, cast: Any, pack_id: str) -> None:
    """Each letter of each pack fails with every fact that it lacks, by name, and the file to put them in."""
    starter = init_workspace(tmp_path / "mine").model / "lender.toml"
    shutil.copy(starter, small / "model" / "lender.toml")
    workspace = open_workspace(small)
    decisions = {outcome: workspace.decide(cast.late).id for outcome in ("refused", "counteroffer")}
    for outcome, decision in decisions.items():
        workspace.outcome(decision, OutcomeWish(outcome=outcome, by="the desk", policy="we lend to others"))
    day = date(2026, 11, 24)
    for name in letters_for(workspace.desk, decisions["refused"], pack_id=pack_id, day=day):
        notice_id = f"notice.{name}"
        decision = decisions["counteroffer" if name == "counteroffer" else "refused"]
        wish = LetterWish(notice_id=notice_id, pack_id=pack_id, facts={}, day=day)
        with pytest.raises(MissingFieldError, match=r"model/lender\.toml") as found:
            workspace.notice(decision, wish)
        pack = load_pack(pack_id, on=day)
        held = {
            name for one in pack.notice(notice_id).statements for name in pack.statement(one).placeholders
        }
        wanted = {*pack.notice(notice_id).fields, *held} & {*ASKED, *OF_ONE_LETTER} - {"action_taken"}
        for name in wanted:
            assert f"{name} ({NOTICE_FIELDS[name]})" in str(found.value), name
    assert workspace.kept_letters() == ()


def test_the_sample_alone_has_the_sample_s_lender(tmp_path: Path) -> None:
    """Only the sample workspace, and one of a public panel, names the lender that does not exist."""
    own = init_workspace(tmp_path / "mine").model / "lender.toml"
    assert not any(mark in own.read_text("utf-8") for mark in INVENTED)
    sample = ROOT / "model" / "lender.toml"
    assert sample.read_text("utf-8") == packaged("sample_lender.toml")
    assert parse_facts(sample.read_text("utf-8")).demonstration


def test_the_sample_s_ledger_and_every_packaged_card_are_for_show(small: Path) -> None:
    """A card of a packaged recipe, data/sample and a fixed clock make demonstrations; one's own does not."""
    workspace = open_workspace(small)
    assert any("its clock is fixed" in why for why in shows_only(workspace, workspace.card))
    recipe = small / "model" / "recipe.toml"
    recipe.write_text(recipe.read_text("utf-8").partition("[sample]")[0], "utf-8")
    workspace = open_workspace(small)
    assert list(shows_only(workspace, workspace.card)) == []
    for name in RECIPES:
        purpose = tomllib.loads(packaged(name))["purpose"]
        assert list(shows_only(workspace, replace(workspace.card, purpose=purpose)))
    recipes = {path.name for path in (ROOT / "src" / "plainscore" / "workspace").glob("*_recipe.toml")}
    assert recipes == set(RECIPES)
    (small / "data" / "sample").mkdir()
    assert list(shows_only(open_workspace(small), workspace.card))
