"""The public panels through the whole path; they need the files of the public data folder."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from plainscore.casework import OutcomeRecord, letter_about
from plainscore.casework._what_if import path_for
from plainscore.decisions import DecisionRecord
from plainscore.pages import letter_page, person_page
from plainscore.workspace import (
    LetterWish,
    build,
    init_panel,
    panel_report,
    publish,
)
from plainscore.workspace._panel_workspaces import FILES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.public_data
@pytest.mark.slow
def test_the_published_results_come_out_again(public_data: Path) -> None:
    """reports/panels.md is what `plainscore panels` writes from the panels, figure for figure."""
    assert (ROOT / "reports" / "panels.md").read_text("utf-8") == panel_report(public_data)


@pytest.mark.public_data
def test_protected_attributes_stay_out_of_a_panels_ledger(public_data: Path, tmp_path: Path) -> None:
    """Sex, education, marriage and age are written aside, and no file of data/ has them as a column."""
    import pyarrow.parquet as pq

    workspace, panel = init_panel("taiwan", public_data / "taiwan.csv.gz", tmp_path / "taiwan")
    protected = {name.lower() for name in panel.protected.column_names} - {"subject_id"}
    assert protected
    for path in sorted((workspace.root / "data").glob("*.parquet")):
        assert not protected & {name.lower() for name in pq.read_schema(path).names}
    aside = pq.read_schema(workspace.root / "protected" / "attributes.parquet").names
    assert protected <= {name.lower() for name in aside}


@pytest.mark.public_data
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "subject", "as_of"),
    [("taiwan", "taiwan-2", date(2005, 9, 30)), ("bureau", "person-3193", date(2016, 12, 31))],
)
def test_a_person_of_a_panel_is_explained_looked_ahead_for_and_written_to(
    public_data: Path, tmp_path: Path, name: str, subject: str, as_of: date
) -> None:
    """Reasons, path and letter work on a public panel, and say that it is research and a demonstration."""
    workspace, _ = init_panel(name, public_data / FILES[name], tmp_path / name)
    publish(workspace, build(workspace.ledger, workspace.recipe, workspace.model))
    desk = workspace.desk
    # A look at the past: what was known a month after the panel's last month, used since its release.
    known = datetime.combine(as_of, time(12), UTC) + timedelta(days=31)
    case = desk.case(subject, at=known, as_of=as_of, purpose="model_development")
    record = desk.consider(case, workspace.card)
    assert record["reasons"] or record["baseline"]["name"] == "best attribute"
    path = path_for(desk, case, months=4)
    assert [row["month"] for row in path["line"]] == [0, 1, 2, 3, 4]
    assert path["line"][0]["wait"] == record["score"]
    assert "public research release" in path["assumptions"][-1]["en"]
    page = person_page(record, json.loads(workspace.card.to_json()), path=path)
    assert "research" in page
    facts = {"credit_requested": "a card", "applicant_name": "The person"}
    letter = letter_about(desk, record, LetterWish(facts=facts), refusal_of(record))
    assert workspace.kept_decisions() == ()
    assert letter["pack"] == "eu"
    assert "public research release" in letter_page(letter)


def refusal_of(record: DecisionRecord) -> OutcomeRecord:
    """Return the refusal that a letter about a look tells of; none is recorded."""
    return {
        "schema": "",
        "id": "",
        "decision_id": record["id"],
        "outcome": "refused",
        "ground": "person",
        "automated": False,
        "override": False,
        "score": record["score"],
        "cut_off": None,
        "policy": None,
        "reason": "",
        "decided_by": "credit desk",
        "second": None,
        "applied_on": None,
        "made_at": record["made_at"],
        "on": record["made_at"][:10],
    }
