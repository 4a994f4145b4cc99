"""What an importer hands over: a ledger, outcomes, protected attributes kept apart, and what was assumed."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from plainscore.files import csv_bytes, private_file, private_folder, write_together
from plainscore.ledger import Ledger, write_ledger
from plainscore.panels._source import BadRow

OUTCOMES = pa.schema(
    [
        pa.field("subject_id", pa.string(), nullable=False),
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
    ]
)
"""Schema of an outcomes table: ``outcome`` is ``good`` or ``bad`` for the person seen at ``as_of``."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A public repayment panel as a ledger.

    Attributes
    ----------
    name : str
        What the panel is called on reports.
    ledger : Ledger
        Its accounts, holders, statements and grants; no protected attribute has a column in it.
    outcomes : pyarrow.Table or None
        Good or bad per person where the panel says so, in the schema `OUTCOMES`; else None.
    protected : pyarrow.Table
        ``subject_id`` and the protected attributes, for the fairness audit alone.
    assumptions : tuple of str
        What the importer assumed and what the panel does not say, as sentences to print on reports.
    bad_rows : tuple of BadRow
        Rows of the file that were left out, each with its reason.
    """

    name: str
    ledger: Ledger
    outcomes: pa.Table | None = field(repr=False)
    # Not in the repr: a panel that is logged must not print what is known of its people.
    protected: pa.Table = field(repr=False)
    assumptions: tuple[str, ...]
    bad_rows: tuple[BadRow, ...] = field(repr=False)


def write_panel(panel: Panel, folder: str | os.PathLike[str]) -> Path:
    """Write a panel as files.

    ``data/`` holds the ledger, ``outcomes.parquet`` the outcomes, ``protected/attributes.parquet`` the
    protected attributes, ``assumptions.txt`` one sentence a line, and ``bad_rows.csv`` the rows left
    out. Protected attributes stand in a folder of their own, so that reading the ledger cannot read
    them by accident and access to them can be given apart. What a panel does not have is removed if an
    earlier one left it there.

    Parameters
    ----------
    panel : Panel
        What to write.
    folder : path
        Made when absent.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    target = Path(folder)
    write_ledger(panel.ledger, target / "data")
    _write_or_remove(panel.outcomes, target / "outcomes.parquet")
    _write_or_remove(
        panel.protected if panel.protected.num_rows else None, target / "protected" / "attributes.parquet"
    )
    (target / "assumptions.txt").write_text("\n".join(panel.assumptions) + "\n", encoding="utf-8")
    bad_rows = csv_bytes([column.name for column in fields(BadRow)], map(asdict, panel.bad_rows))
    write_together({target / "bad_rows.csv": bad_rows})
    return target


def _write_or_remove(table: pa.Table | None, path: Path) -> None:
    if table is None:
        path.unlink(missing_ok=True)
        return
    private_folder(path.parent)
    with private_file(path).open("wb") as file:
        pq.write_table(table, file, compression="zstd", version="2.6")
