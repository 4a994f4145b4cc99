"""The suites make their small ledgers in one way."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FILES = {path.relative_to(TESTS).as_posix(): path.read_text("utf-8") for path in TESTS.rglob("*.py")}
TEXT_ROWS = "intake/conftest.py"
"""Rows as a file has them, all text: what the importers read is no row of a ledger yet."""


@pytest.mark.parametrize(
    ("sign", "elsewhere"),
    [
        ('"withdrawal_method": ', {TEXT_ROWS}),  # the terms of a consent
        ('"responsibility": "individual"', {TEXT_ROWS}),  # the tie of a person to an account
        ("(found, schema=TABLES[name].schema)", set()),  # rows made a ledger
    ],
)
def test_a_row_is_written_in_one_place(sign: str, elsewhere: set[str]) -> None:
    """Consents, holders and ledgers of rows are made by `ledgers` alone: a new column is added once."""
    here = Path(__file__).name
    assert {name for name, text in FILES.items() if sign in text} - {here} - elsewhere == {
        "worlds/ledgers.py"
    }
