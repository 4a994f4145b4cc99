"""Every door of a ledger asks consent's rules, and nothing else in the package puts rows into one."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from plainscore.intake import (
    TableReport,
    import_into,
    import_ledger,
    read_csv,
    read_folder,
    read_parquet,
)
from plainscore.ledger import CONSENTS

SOURCE = Path(__file__).parents[2] / "src" / "plainscore"
NOW = datetime(2024, 7, 1, tzinfo=UTC)
Rows = dict[str, list[dict[str, str]]]
Write = Callable[[Rows], Path]
Door: TypeAlias = Callable[[Path], TableReport]


def _of_consents(tables: tuple[TableReport, ...]) -> TableReport:
    return next(table for table in tables if table.table == "consents")


def _as_parquet(folder: Path) -> Path:
    rows = pa_csv.read_csv(
        folder / "consents.csv",
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(CONSENTS.schema.names, pa.string()), strings_can_be_null=True
        ),
    )
    pq.write_table(rows, folder / "consents.parquet")
    return folder / "consents.parquet"


DOORS: Mapping[str, Door] = {
    "read_folder": lambda folder: _of_consents(read_folder(folder, now=NOW)[1].tables),
    "import_ledger": lambda folder: _of_consents(
        import_ledger({path.stem: path for path in folder.glob("*.csv")}, now=NOW)[1].tables
    ),
    "import_into": lambda folder: _of_consents(import_into(folder / "ledger", folder, now=NOW).report.tables),
    "read_csv": lambda folder: read_csv(folder / "consents.csv", "consents", now=NOW)[1],
    "read_parquet": lambda folder: read_parquet(_as_parquet(folder), "consents", now=NOW)[1],
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"state": "ConsentWithdrawn"}, None),
        ({"state": "ConsentRequested"}, ("state", "must not be ConsentRequested after ConsentGiven")),
        ({"state": "ConsentWithdrawn", "recipient_id": "another"}, ("recipient_id", "must stay the same")),
    ],
)
def test_every_door_asks_consent(
    rows: Rows, write: Write, door: str, changes: dict[str, str], finding: tuple[str, str] | None
) -> None:
    """No way in takes a consent event that may not follow, or that changes what its record is about."""
    rows["consents"].append({**rows["consents"][0], "event_at": "2024-03-01T00:00:00Z", **changes})
    report = DOORS[door](write(rows))
    found = [(one["column"], one["rule"]) for one in report.rejects.to_pylist()]
    if finding is None:
        assert (report.refused, found) == (0, [])
    else:
        assert report.refused == 1
        assert [(column, rule.startswith(finding[1])) for column, rule in found] == [(finding[0], True)]


def _reads(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return attributes | {alias.name for node in imports for alias in node.names}


def _modules_that_read(*names: str) -> Iterator[str]:
    for path in SOURCE.rglob("*.py"):
        if path.name != "__init__.py" and not _reads(path).isdisjoint(names):
            yield str(path.relative_to(SOURCE))


WRITES_A_LEDGER = {
    "intake/_import_into.py": "what the doors let in",
    "panels/_panel.py": "public panels, of which the import refuses no row (tests/panels/test_panel.py)",
    "simulate/_simulate.py": "people who do not exist, likewise (tests/simulate/test_simulate.py)",
}

WRITES_PARQUET = {
    "ledger/_sources.py": "write_ledger itself",
    "casework/_scores_table.py": "scores of people, a table of results",
    "panels/_panel.py": "outcomes and protected attributes, beside the ledger",
}


def test_only_intake_and_invented_or_public_people_write_a_ledger() -> None:
    """Whoever else writes a ledger would write it past the checks; each that may says why."""
    assert set(_modules_that_read("write_ledger")) == set(WRITES_A_LEDGER)


def test_no_table_is_written_beside_write_ledger() -> None:
    """Whoever writes Parquet by other means says what it is, so that no table of a ledger is among it."""
    means = ("write_table", "write_dataset", "write_to_dataset", "ParquetWriter", "to_parquet")
    assert set(_modules_that_read(*means)) == set(WRITES_PARQUET)
