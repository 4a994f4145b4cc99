"""The table of what blanks a field is whole, and says the same as the reasons, the page and the SQL."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from plainscore.history import (
    ADVERSE,
    BLANKS,
    EFFECTS,
    EXCLUSIONS,
    READERS,
    SEEN_BLANKED,
    blanking_markdown,
    is_adverse,
)

from ._blanked import VARIANTS

PAGE = Path(__file__).parents[2] / "docs" / "blanking.md"


def test_the_table_is_whole() -> None:
    """Every reason has an effect for every reader and people to show it on, and every effect occurs."""
    assert list(VARIANTS) == [one.reason for one in BLANKS]
    assert all(tuple(one.effects) == READERS for one in BLANKS)
    assert {effect for one in BLANKS for effect in one.effects.values()} == EFFECTS.keys()


def test_every_reason_is_counted_with_one_sentence() -> None:
    """A month that something blanks is counted under the reason of the table, in its order and its words."""
    counted = [one for one in BLANKS if one.takes != "person"]
    assert {one.reason: one.says for one in counted}.items() <= EXCLUSIONS.items()
    assert tuple(name for name in EXCLUSIONS if name in SEEN_BLANKED) == SEEN_BLANKED


@pytest.mark.parametrize("field", ADVERSE)
def test_adverse_is_the_same_in_both_languages(field: str) -> None:
    """What SQL calls an adverse field of a month, Python calls adverse."""
    rows = [
        {"arrears": arrears, "event": event, "past_due": owed, "due": due, "paid": paid}
        for arrears in (None, 0, 1)
        for event in (None, "collection")
        for owed in (None, 0, 1)
        for due, paid in ((None, None), (100, None), (None, 0), (100, 100), (100, 99))
    ]
    condition = " OR ".join(f"coalesce({sql.format(row='r')}, false)" for sql in ADVERSE.values())
    with duckdb.connect() as connection:
        connection.register("given", pa.Table.from_pylist(rows))
        late = connection.execute(f"SELECT {condition} FROM given r").fetchall()
        alone = connection.execute(f"FROM given r WHERE {ADVERSE[field].format(row='r')}").fetchall()
    assert late == [(is_adverse(**row),) for row in rows]
    assert 0 < len(alone) <= sum(found for (found,) in late)


def test_the_page_has_the_table() -> None:
    """docs/blanking.md shows the table as it is; after a change, write `blanking_markdown` into it."""
    assert blanking_markdown() in PAGE.read_text("utf-8")
