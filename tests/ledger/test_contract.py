"""The contract, its page for people, and the rules that hold it together."""

from __future__ import annotations

from pathlib import Path

import pytest

from plainscore.ledger import (
    CONSENTS,
    KINDS,
    LIABLE,
    PURPOSES,
    RESPONSIBILITIES,
    TABLES,
    contract_markdown,
)
from plainscore.rules import denied_category

PAGE = Path(__file__).resolve().parents[2] / "data" / "CONTRACT.md"


def test_the_page_is_the_contract() -> None:
    """data/CONTRACT.md is what the code says; after a change, write contract_markdown() to it."""
    assert PAGE.read_text("utf-8") == contract_markdown()


def test_the_page_names_every_column_and_value() -> None:
    """Each table, column and allowed value is on the page."""
    page = contract_markdown()
    for table in TABLES.values():
        assert f"## {table.name}\n" in page
        for column in table.columns:
            assert f"| `{column.name}` |" in page
            assert all(f"`{value}`" in page for value in column.allowed or ())


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_no_column_of_the_contract_is_denied(table: object) -> None:
    """The contract itself keeps out what it refuses from others."""
    names = TABLES[table.name].schema.names  # type: ignore[attr-defined]
    assert [name for name in names if denied_category(name)] == []


def test_keys_are_required_columns() -> None:
    """A key never has an empty cell, or it could not tell rows apart."""
    for table in TABLES.values():
        assert all(table.column(name).required for name in table.key)


def test_columns_are_looked_up_by_name() -> None:
    """A column that the contract lacks is a KeyError."""
    assert CONSENTS.column("purpose").allowed == PURPOSES
    with pytest.raises(KeyError):
        CONSENTS.column("mood")


def test_narrow_lists_lie_in_wide_ones() -> None:
    """Liable responsibilities are responsibilities, and advertising is no purpose."""
    assert set(LIABLE) < set(RESPONSIBILITIES)
    assert len(KINDS) == 7
    assert not [purpose for purpose in PURPOSES if "advert" in purpose or "sale" in purpose]
