"""A card as a workbook: the same bytes each time, and the same scores in a real spreadsheet program."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from plainscore.scorecard import CardCharacteristic, InputError
from plainscore.scorecard.exports import to_excel
from plainscore.scorecard.exports._excel_formulas import attribute_formula

from ._cards import card_of

pytest.importorskip("xlsxwriter", reason="the extra excel is not installed")

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""
"""Settings under which the spreadsheet program computes every formula anew, whatever the file says."""
SHEETS = {"Score": 1, "Batch": 2}


@pytest.fixture(scope="module")
def usable(rows):
    """Give the rows that cells hold: an empty text is an empty cell, and the largest floats do not fit."""
    fits = [
        kind != "" and not (use is not None and 1e308 < abs(use) < float("inf"))
        for kind, use in zip(rows["kind"].to_pylist(), rows["use"].to_pylist(), strict=True)
    ]
    return rows.filter(fits)


def test_the_same_card_gives_the_same_bytes(card, usable):
    """Nothing of the moment of writing is in the workbook."""
    written = []
    for _ in range(2):
        buffer = io.BytesIO()
        to_excel(card, buffer, rows=usable.slice(0, 20))
        written.append(buffer.getvalue())
    assert written[0] == written[1]


def test_texts_stay_texts(card):
    """A label that looks like a formula is a text in the workbook, and no formula is made of it."""
    one = replace(card.characteristics[0], label="=1+1")
    buffer = io.BytesIO()
    to_excel(card_of(one, *card.characteristics[1:]), buffer)
    with zipfile.ZipFile(buffer) as book:
        assert b"<t>=1+1</t>" in book.read("xl/sharedStrings.xml")
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>1+1</f>" in book.read(name) for name in sheets)


def test_ones_and_noughts_are_booleans():
    """A 1 or 0 in a boolean's cell is asked for as such, since in Excel 1 is not TRUE."""
    formula = attribute_formula(
        CardCharacteristic("joint", "", "", "", "", "boolean", "", ()),
        "B2",
        SimpleNamespace(levels={"joint": (2, 3)}),
    )
    assert "OR(B2=TRUE,B2=1)" in formula
    assert "OR(B2=FALSE,B2=0)" in formula


def test_control_characters_are_refused(card):
    """A text that a workbook cannot hold is refused by a sentence."""
    bad = replace(card.characteristics[0], label="bell \x07")
    with pytest.raises(InputError, match="cannot hold"):
        to_excel(card_of(bad, *card.characteristics[1:]), io.BytesIO())


def test_a_number_that_no_cell_holds_is_refused(card, rows):
    """The largest numbers of floating point are beyond a cell, and are refused with their column."""
    frame = rows.slice(0, 3).to_pandas().assign(use=1.7e308)
    with pytest.raises(InputError, match="Column 'use' has a number beyond"):
        to_excel(card, io.BytesIO(), rows=frame)


def test_a_month_that_no_cell_holds_is_refused(card, usable):
    """A date before 1900 is none to a workbook, and is refused with its column and month."""
    frame = usable.slice(0, 3).to_pandas().assign(opened="1899-12")
    with pytest.raises(InputError, match="Column 'opened' has the month 1899-12"):
        to_excel(card, io.BytesIO(), rows=frame)


def test_more_rows_than_a_sheet_has_are_refused(card):
    """Rows beyond a sheet's last are refused, not dropped."""
    one = next(one for one in card.characteristics if one.type == "number")
    with pytest.raises(InputError, match="A sheet has 1,048,575 rows"):
        to_excel(card_of(one), io.BytesIO(), rows={one.id: np.zeros(1_048_576)})


@pytest.fixture(scope="module")
def calculated(tmp_path_factory):
    """Give a function that has LibreOffice compute a workbook, and returns a sheet's cells."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine: install libreoffice-calc")
    folder = tmp_path_factory.mktemp("office")
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(PROFILE)

    def compute(file, sheet):
        options = (
            f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,{SHEETS[sheet]}"
        )
        command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to"]
        subprocess.run(
            [*command, options, "--outdir", folder, file], check=True, capture_output=True, timeout=280
        )
        (found,) = folder.glob(f"{file.stem}-{sheet}.csv")
        return list(csv.reader(found.read_text("utf-8").splitlines(keepends=True)))

    return compute


@pytest.mark.slow
def test_a_spreadsheet_scores_ten_thousand_rows_the_same(calculated, card, usable, tmp_path, monkeypatch):
    """LibreOffice computes every row's score to the card's, from formulas whose stored results are wrong."""
    import xlsxwriter.worksheet

    write = xlsxwriter.worksheet.Worksheet.write_formula
    monkeypatch.setattr(
        xlsxwriter.worksheet.Worksheet,
        "write_formula",
        lambda self, row, column, formula, look=None, value=0: write(self, row, column, formula, look, 0),
    )
    to_excel(card, tmp_path / "card.xlsx", rows=usable)
    cells = calculated(tmp_path / "card.xlsx", "Batch")
    assert cells[0][-1] == "score"
    found = [int(float(row[-1])) for row in cells[1:]]
    assert len(found) == usable.num_rows > 9_000
    wrong = [at for at, (a, b) in enumerate(zip(found, card.score(usable), strict=True)) if a != b]
    assert not wrong, (found[wrong[0]], usable.slice(wrong[0], 1).to_pylist(), cells[wrong[0] + 1])


def form_of(cells):
    """Return the score and the probability that a computed form shows."""
    found = {row[0]: row[3] for row in cells if len(row) > 3}
    return found["Score"], found["probability of bad, by the card's scale"]


@pytest.mark.slow
def test_the_form_adds_up(calculated, card, tmp_path, monkeypatch):
    """An empty form gives nobody a score; with a value in it the score and the probability are the card's."""
    to_excel(card, tmp_path / "form.xlsx")
    assert form_of(calculated(tmp_path / "form.xlsx", "Score")) == ("\u2013", "")
    import xlsxwriter.worksheet

    blank = xlsxwriter.worksheet.Worksheet.write_blank
    place = [one.id for one in card.characteristics].index("late")

    def filled_in(self, row, column, value, look=None):
        if self.get_name() == "Score" and (row, column) == (5 + place, 1):
            return self.write_number(row, column, 2.0, look)
        return blank(self, row, column, value, look)

    monkeypatch.setattr(xlsxwriter.worksheet.Worksheet, "write_blank", filled_in)
    to_excel(card, tmp_path / "filled.xlsx")
    score, pd = form_of(calculated(tmp_path / "filled.xlsx", "Score"))
    want = card.score_one(dict.fromkeys((one.id for one in card.characteristics), None) | {"late": 2.0})
    assert int(float(score)) == want
    assert float(pd.rstrip("%")) / (100 if pd.endswith("%") else 1) == pytest.approx(card.pd(want), abs=1e-4)
