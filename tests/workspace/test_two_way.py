"""A workspace whose recipe asks for two-way tables: built, decided, told, appealed against and checked."""

from __future__ import annotations

import csv
import json
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plainscore.casework import score_people
from plainscore.casework._what_if import path_for
from plainscore.characteristics import derive, select_entries
from plainscore.decisions import replay
from plainscore.history import open_history
from plainscore.language import LANGUAGES
from plainscore.pages import letter_page, person_page
from plainscore.pages._language import Language
from plainscore.workspace import (
    AppealWish,
    LetterWish,
    OutcomeWish,
    Workspace,
    open_workspace,
    verify,
)
from plainscore.workspace._population import case_grid

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
Json = dict[str, Any]

RECIPE = {
    'name = "Small card"': """name = "Small card"
outcomes_table = "data/outcomes.parquet"
outcomes_text = "Bad: made up, from two values together."
characteristics = ["use_max", "worst_24", "age_oldest"]""",
    "[fit]": "[fit]\nmax_grids = 2",
    "cut_off = 560": "cut_off = 500",
    "cut_off_band = 60": "cut_off_band = 300",
}
"""What differs from the recipe of the small workspace."""


@pytest.fixture(scope="module")
def tied_root(small_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace in which a full card is bad for those with young accounts alone; read it only."""
    root = Path(shutil.copytree(small_root, tmp_path_factory.mktemp("tied"), dirs_exist_ok=True))
    text = (ROOT / "tests" / "data" / "small_recipe.toml").read_text("utf-8")
    for old, new in RECIPE.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (root / "model" / "recipe.toml").write_text(text, "utf-8")
    workspace = open_workspace(root)
    cases = case_grid(workspace.ledger, workspace.recipe.population)
    values = derive(
        open_history(workspace.ledger), cases, select_entries(["use_max", "age_oldest", "worst_24"])
    )
    use, age, worst = (values[name].to_numpy() for name in ("use_max", "age_oldest", "worst_24"))
    full = use > np.median(use[use > 0])
    young = (age >= 0) & (age < np.median(age[age > 0]))
    odds = np.exp(-2.2 + 3.5 * (full & young) + 1.2 * (worst >= 1))
    bad = np.random.default_rng(5).random(len(use)) < odds / (1 + odds)
    rows = {name: cases[name] for name in ("subject_id", "as_of")}
    pq.write_table(
        pa.table({**rows, "outcome": np.where(bad, "bad", "good")}), root / "data" / "outcomes.parquet"
    )
    Workspace.open(root).build()
    assert open_workspace(root).card.grids
    return root


@pytest.fixture
def tied(tied_root: Path, tmp_path: Path) -> Workspace:
    """Give a copy of it at work."""
    return open_workspace(Path(shutil.copytree(tied_root, tmp_path / "tied")))


def decided(tied: Workspace, count: int) -> list[Json]:
    """Decide on people of the workspace; return the records of those who have a score."""
    made = [tied.decide(one).record for one in sorted(tied.desk.people)[:count]]
    return [record for record in made if record["refusal"] is None]


def seen(page: str) -> str:
    """Return what a reader sees of a page."""
    text = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(style|script).*?</\1>", " ", page))
    return re.sub(r"\s+", " ", unescape(text))


def test_everybody_is_told_a_sum_that_is_the_score(tied: Workspace, cast: Any) -> None:
    """Parts sum to the score, nothing blamed is at its best, a batch agrees, and every check holds."""
    records = decided(tied, 15)
    card = tied.card
    low, high = card.attainable()
    for record in records:
        assert record["base_points"] + sum(part["points"] for part in record["parts"]) == record["score"]
        assert low <= record["low"] <= record["score"] <= record["high"] <= high
        by_id = {part["id"]: part for part in record["parts"]}
        for reason in record["reasons"]:
            assert reason["points"] < reason["best"]
            assert by_id[reason["id"]]["points"] == reason["points"]
        assert replay(record, card).score == record["score"]
    assert any(part.get("shared") for record in records for part in record["parts"])
    people = [record["case"]["subject_id"] for record in records]
    rows = score_people(tied.desk, people, at=cast.at, as_of=cast.as_of).rows
    assert [row.score for row in rows] == [record["score"] for record in records]
    assert [list(row.reasons) for row in rows] == [[r["id"] for r in record["reasons"]] for record in records]
    assert [check.what for check in verify(tied) if not check.holds] == []


def test_pages_and_letters_tell_whose_points_are_whose(tied: Workspace, cast: Any) -> None:
    """In every language the page prints own points and shares of each pair; the letter's lines add up too."""
    record = min(decided(tied, 20), key=lambda one: one["score"])
    shown = json.loads(tied.card.to_json())
    case = tied.desk.case(record["case"]["subject_id"], at=cast.at, as_of=cast.as_of)
    path = path_for(tied.desk, case)
    for language in LANGUAGES:
        lang = Language(language)
        text = seen(person_page(record, shown, language=language, path=path))
        for part in record["parts"]:
            for share in part.get("shared", ()):
                said = {name: lang.signed(share[name]) for name in ("points", "cell")}
                assert lang.t("points.with", other=share["label"][language], **said) in text
                assert lang.t("points.own", points=lang.signed(part["own"])) in text
    tied.outcome(record["id"], OutcomeWish(outcome="refused", by="desk 1"))
    facts = dict.fromkeys(("applicant_name", "applicant_address", "credit_requested"), "said")
    letter = tied.notice(record["id"], LetterWish(facts=facts)).record
    lines = letter["arithmetic"]["lines"]
    assert letter["arithmetic"]["base"] + sum(line["points"] for line in lines) == record["score"]
    assert all(line["shares"] in seen(letter_page(letter)) for line in lines if "shares" in line)
    assert any("shares" in line for line in lines)


def test_what_would_change_a_score_starts_from_the_score(tied: Workspace, cast: Any) -> None:
    """The first row of a path is the score of today, and the target lies within what the card can give."""
    for record in decided(tied, 12):
        case = tied.desk.case(record["case"]["subject_id"], at=cast.at, as_of=cast.as_of)
        path = path_for(tied.desk, case)
        assert path["line"][0]["wait"] == record["score"]
        assert path["target"] <= tied.card.scale.high


def test_a_correction_moves_the_score_by_what_its_parts_moved(tied: Workspace, cast: Any) -> None:
    """After an upheld appeal the parts that moved sum to the change, shares of pairs included."""
    wanted = {"arrears": 0, "past_due": 0}
    wish = AppealWish(says="I paid this.", by="Ana", account=cast.account, month=cast.month, wanted=wanted)
    appeal = tied.open_appeal(tied.decide(cast.late).id, wish)
    settled = tied.settle_appeal(appeal.id, uphold=True, reason="The bank says that it was paid.", by="Ben")
    (renewed,) = settled.record["rescored"]
    found = renewed["difference"]
    moved = sum(part["points_after"] - part["points_before"] for part in found["parts"])
    assert found["score"]["after"] - found["score"]["before"] == moved
    assert [check.what for check in verify(tied) if not check.holds] == []


def test_tables_of_two_are_in_every_form_of_the_card(tied_root: Path) -> None:
    """Each cell is in points.csv and on the page of the model, and the calculator holds the card."""
    card = open_workspace(tied_root).card
    rows = list(csv.DictReader((tied_root / "model" / "points.csv").read_text("utf-8").splitlines()))
    text = seen((tied_root / "reports" / "model.html").read_text("utf-8"))
    for grid in card.grids:
        cells = [int(row["points"]) for row in rows if row["characteristic"] == grid.id]
        assert cells == [cell for line in grid.points for cell in line]
        assert grid.id in text
        for line in grid.points:
            assert " ".join(Language("en").signed(cell) for cell in line) in text
