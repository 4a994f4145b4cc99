"""A card as a workbook answers as the card, whatever is written or pasted into its cells."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from plainscore.scorecard.exports import _excel, to_excel

from ._cards import card_of
from ._types import CHARACTERISTICS, COLUMNS
from .test_excel import calculated  # noqa: F401

pytest.importorskip("xlsxwriter", reason="the extra excel is not installed")
pytestmark = pytest.mark.slow
KINDS = ("number", "levels", "boolean")


def pasted():
    """Return rows of plain cells: numbers, texts and truths of every column, as people paste them."""
    columns = []
    for kind in KINDS:
        values = [value for column in COLUMNS[kind].values() for value in column.to_pylist()]
        columns.append([float(v) if v is not None and not isinstance(v, (str, bool)) else v for v in values])
    longest = max(map(len, columns))
    rows = zip(*(itertools.islice(itertools.cycle(values), longest) for values in columns), strict=True)
    return [dict(zip(KINDS, row, strict=True)) for row in rows]


def write_as_it_is(sheet, row, column, one, value, looks):
    """Write a value as a spreadsheet would keep it after a paste."""
    if value is None:
        sheet.write_blank(row, column, None, looks["input"])
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, value)


@pytest.mark.parametrize("raw", [True, False], ids=["pasted", "written"])
def test_a_spreadsheet_reads_every_type_of_value(calculated, tmp_path, monkeypatch, raw):  # noqa: F811
    """LibreOffice scores what was pasted, and what `to_excel` wrote, as the card does."""
    import xlsxwriter.worksheet

    card, rows = card_of(*(CHARACTERISTICS[kind] for kind in KINDS)), pasted()
    write = xlsxwriter.worksheet.Worksheet.write_formula
    monkeypatch.setattr(
        xlsxwriter.worksheet.Worksheet,
        "write_formula",
        lambda self, row, column, formula, look=None, value=0: write(self, row, column, formula, look, 0),
    )
    if raw:
        monkeypatch.setattr(_excel, "_write_value", write_as_it_is)
    table = {kind: np.fromiter((row[kind] for row in rows), object, len(rows)) for kind in KINDS}
    to_excel(card, tmp_path / "typed.xlsx", rows=table)
    found = [int(float(row[-1])) for row in calculated(tmp_path / "typed.xlsx", "Batch")[1:]]
    wrong = [(row, one) for row, one in zip(rows, found, strict=True) if card.score_one(row) != one]
    assert not wrong
