"""The public panels through the whole path; they need the files of the public data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from plainscore.workspace import init_panel, panel_report

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
