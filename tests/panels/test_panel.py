"""A panel on the disk is a ledger with grants for research, and its parts lie apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from plainscore.consent import compile_grants
from plainscore.intake import read_folder
from plainscore.ledger import RESEARCH_PURPOSES, TABLES, Ledger, ParquetLedger
from plainscore.panels import (
    OUTCOMES,
    RECIPIENT,
    Panel,
    read_bureau_balance,
    read_taiwan,
    write_panel,
)

FIRST = "7,20000.0,2,2,1,31,1,1,0,-1,-2,3,600,500,400,300,-200.5,100,50,40,30,20,10.25,5,1"
TRAITS = ("sex", "gender", "age", "birth", "marriage", "family", "education", "children")


def no_trait_in(panel: Panel, folder: Path) -> None:
    """Fail if the ledger or the outcomes have a column, or a cell of text, that names a protected trait."""
    words = set()
    for name in panel.protected.column_names[1:]:
        words |= {word for word in panel.protected.column(name).to_pylist() if isinstance(word, str)}
    files = [*sorted((folder / "data").glob("*.parquet")), *folder.glob("outcomes.parquet")]
    for path in files:
        table = pq.read_table(path)
        assert not set(table.column_names) & {*TRAITS, *panel.protected.column_names[1:]}
        for column in table.columns:
            if column.type in ("string", "large_string"):
                assert not words & set(column.unique().to_pylist())


def test_a_written_panel_reads_back(taiwan_csv: Callable[..., Path], tmp_path: Path) -> None:
    """The ledger, outcomes, protected attributes, assumptions and bad rows each lie in their own file."""
    panel = read_taiwan(taiwan_csv(FIRST, FIRST.replace("7,", "8,", 1).replace("600,", "x,")))
    folder = write_panel(panel, tmp_path / "out")
    assert ParquetLedger(folder / "data").fingerprint() == panel.ledger.fingerprint()
    assert sorted(path.stem for path in (folder / "data").iterdir()) == sorted([*TABLES, "manifest"])
    assert pq.read_table(folder / "outcomes.parquet").schema == OUTCOMES
    assert pq.read_table(folder / "protected" / "attributes.parquet").equals(panel.protected)
    assert (folder / "assumptions.txt").read_text(encoding="utf-8").splitlines() == list(panel.assumptions)
    lines = (folder / "bad_rows.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "file,row,column,value,rule,mend"
    assert lines[1].startswith("taiwan.csv,3,BILL_AMT1,x,")
    no_trait_in(panel, folder)


def test_writing_leaves_nothing_of_an_earlier_panel(
    taiwan_csv: Callable[..., Path], bureau_csv: Callable[..., Path], tmp_path: Path
) -> None:
    """A panel without outcomes and attributes written over one that has them leaves neither behind."""
    write_panel(read_taiwan(taiwan_csv(FIRST)), tmp_path / "out")
    write_panel(read_bureau_balance(bureau_csv("1,10,0,0")), tmp_path / "out")
    assert not (tmp_path / "out" / "outcomes.parquet").exists()
    assert not list((tmp_path / "out" / "protected").iterdir())


def test_a_printed_panel_tells_nothing_of_its_people(taiwan_csv: Callable[..., Path]) -> None:
    """The repr of a panel names neither outcomes nor protected attributes."""
    printed = repr(read_taiwan(taiwan_csv(FIRST)))
    assert "Taiwan card clients" in printed
    assert not any(word in printed for word in ("female", "university", "taiwan-7", "as_of"))


def test_grants_of_a_panel_compile(taiwan_csv: Callable[..., Path], bureau_csv: Callable[..., Path]) -> None:
    """Every consent of a panel compiles into one grant to the research recipient, without an end."""
    for panel in (read_taiwan(taiwan_csv(FIRST)), read_bureau_balance(bureau_csv("1,10,0,0"))):
        grants = compile_grants(panel.ledger.table("consents")).to_pylist()
        assert sorted(grant["purpose"] for grant in grants) == sorted(RESEARCH_PURPOSES)
        assert {(grant["recipient_id"], grant["ends"]) for grant in grants} == {(RECIPIENT, None)}


def checked(folder: Path) -> Ledger:
    """Return the ledger that the ordinary import makes of a written panel, and fail if it refuses a row."""
    ledger, report = read_folder(folder / "data", now=datetime(2026, 1, 1, tzinfo=UTC))
    assert report.refused == 0, report.sentences
    return ledger


def test_a_panel_passes_the_checks_of_any_ledger(
    taiwan_csv: Callable[..., Path], bureau_csv: Callable[..., Path], tmp_path: Path
) -> None:
    """The ordinary import refuses no row of a written panel and makes the same ledger of it."""
    bureau = read_bureau_balance(bureau_csv("1,10,-2,X", "1,10,-1,5", "1,10,0,C", "2,11,-7,0"))
    for number, panel in enumerate((read_taiwan(taiwan_csv(FIRST)), bureau)):
        folder = write_panel(panel, tmp_path / f"out{number}")
        assert checked(folder).fingerprint() == panel.ledger.fingerprint()


def test_assumptions_are_sentences(taiwan_csv: Callable[..., Path], bureau_csv: Callable[..., Path]) -> None:
    """Every assumption ends in a full stop, and says that nobody consented and what the grants allow."""
    for panel in (read_taiwan(taiwan_csv(FIRST)), read_bureau_balance(bureau_csv("1,10,0,0"))):
        assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in panel.assumptions)
        assert any("Nobody in this panel consented" in sentence for sentence in panel.assumptions)


@pytest.mark.public_data
def test_no_protected_attribute_reaches_a_public_ledger(public_data: Path, tmp_path: Path) -> None:
    """The import refuses no row of a public panel, and no protected attribute is in ledger or outcomes."""
    taiwan = read_taiwan(public_data / "taiwan.csv.gz")
    no_trait_in(taiwan, write_panel(taiwan, tmp_path / "taiwan"))
    checked(tmp_path / "taiwan")
    bureau = read_bureau_balance(
        public_data / "bureau_balance_dev.parquet",
        protected=public_data / "bureau_balance_dev_protected.parquet",
    )
    no_trait_in(bureau, write_panel(bureau, tmp_path / "bureau"))
    checked(tmp_path / "bureau")
