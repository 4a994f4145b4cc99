"""No CSV that is written holds a formula, however it is opened, and every text of it can be read back."""

from __future__ import annotations

import ast
import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plainscore.files import csv_bytes, plain_text, safe_text
from plainscore.intake import rejects_path
from plainscore.intake._draft import REJECT_SCHEMA, write_findings
from plainscore.workspace import PersonScore, Scores

SOURCE = Path(__file__).parents[2] / "src" / "plainscore"
RISKY = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection)."""

texts = st.text(
    st.one_of(st.sampled_from([*RISKY, "'", '"', ",", ";", " ", "A", "1"]), st.characters(codec="utf-8"))
)
ATTACKS = [
    "=HYPERLINK(1)",
    "@SUM(A1)",
    "+1",
    "-1",
    "\t=1",
    "\r=1",
    "'=1",
    "a;=1",
    'a";"=1',
    "a\n=1",
    "a\t-1",
    "''",
]


def opened(data: bytes, separator: str) -> list[list[str]]:
    """Return the cells that a program sees that parts cells by `separator`, as it comes from the file."""
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=separator))


def is_number(cell: str) -> bool:
    """Return whether a cell is a number, which is what it seems to be."""
    return cell.lstrip("-").isdecimal()


@given(texts)
@example("'")
def test_a_text_is_read_back(text: str) -> None:
    """Taking the apostrophes away gives the text as it was, and no two texts are written alike."""
    assert plain_text(safe_text(text)) == text


@given(
    st.lists(
        st.tuples(texts, st.one_of(st.none(), st.integers(-(2**53), 2**53)), texts), min_size=1, max_size=4
    )
)
@example([(attack, -1, attack) for attack in ATTACKS])
def test_no_cell_is_a_formula(rows: list[tuple[str, int | None, str]]) -> None:
    """Whichever separator is used to open it, no cell begins as a formula does; a program reads all back."""
    columns = ["id", "points", "label"]
    data = csv_bytes(columns, [dict(zip(columns, row, strict=True)) for row in rows])
    header, *read = opened(data, ",")
    assert header == columns
    back = [
        (plain_text(one), None if number == "" else int(number), plain_text(two)) for one, number, two in read
    ]
    assert back == rows
    for separator in ",;\t":
        for cells in opened(data, separator):
            # Another separator than ours leaves our commas in the cells, with numbers between them.
            risky = [
                cell
                for cell in cells
                if cell.strip() and cell[0] in RISKY and not is_number(cell.split(",")[0])
            ]
            assert risky == []


@given(texts.filter(bool))
@example("=HYPERLINK(1)")
@example("\r-1")
def test_ids_in_a_file_of_scores(subject: str) -> None:
    """The id of whoever is scored, or is not in the ledger, is safe in scores.csv, and can be read back."""
    scores = Scores(
        (PersonScore(subject_id=subject, known=False),),
        "0" * 64,
        date(2025, 12, 31),
        datetime(2026, 1, 31, tzinfo=UTC),
        datetime(2026, 1, 31, tzinfo=UTC),
    )
    (row,) = csv.DictReader(io.StringIO(scores.csv().decode(), newline=""))
    assert row["subject_id"][:1] not in RISKY
    assert plain_text(row["subject_id"]) == subject


@pytest.mark.parametrize("attack", ATTACKS)
def test_values_in_a_list_of_rejects(attack: str, tmp_path: Path) -> None:
    """A refused value is shown as it is, but for what a spreadsheet would run; Arrow reads the list."""
    finding = {
        "file": "flags.csv",
        "row": 1,
        "column": "flag",
        "value": attack,
        "rule": "is not known",
        "mend": "-",
    }
    path = write_findings(
        pa.Table.from_pylist([finding], schema=REJECT_SCHEMA), rejects_path(tmp_path / "flags.csv")
    )
    assert path is not None
    options = pa_csv.ParseOptions(newlines_in_values=True)
    (row,) = pa_csv.read_csv(path, parse_options=options).cast(REJECT_SCHEMA).to_pylist()
    assert row["value"][0] not in RISKY
    assert {name: plain_text(one) if isinstance(one, str) else one for name, one in row.items()} == finding


WRITES_CSV = {
    "panels/_fetch.py": "a public panel as data to be read: a table of numbers, and no text",
}


def test_csv_is_written_in_one_place() -> None:
    """Whoever writes CSV by other means says why its cells are safe."""
    means = {"writer", "DictWriter", "write_csv", "to_csv", "CSVWriter"}
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in means
    }
    assert found == WRITES_CSV.keys()


@given(texts)
def test_the_readme_tells_how_to_read_a_text_back(text: str) -> None:
    """The line of Python in the README gives every text back as it was."""
    readme = (SOURCE.parents[1] / "README.md").read_text("utf-8")
    (told,) = re.findall(r'`re\.sub\(r"(.+?)", "", text\)`', readme)
    assert re.sub(told, "", safe_text(text)) == text
