"""data/RULES.md shows every rule of every pack as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from plainscore.rules import changes, load_pack, pack_ids, rules_markdown

PAGE = Path(__file__).parents[2] / "data" / "RULES.md"


def test_the_page_is_in_step() -> None:
    """data/RULES.md is what the packs say; after a change, write rules_markdown() to it."""
    assert PAGE.read_text("utf-8") == rules_markdown()


def test_the_page_shows_every_version_of_every_rule() -> None:
    """Each version has one row with its id, words, first and last day, source, standing and last check."""
    lines = rules_markdown().splitlines()
    for pack_id in pack_ids():
        for rule in load_pack(pack_id, date(2026, 1, 1)).versions:
            last = "" if rule.valid_to is None else f"{rule.valid_to}"
            tail = f"| {rule.valid_from} | {last} | {rule.source} | {rule.standing} | {rule.last_checked} |"
            start = f"| `{rule.id}` | {rule.text} | "
            assert any(line.startswith(start) and line.endswith(tail) for line in lines), rule.id


def test_what_changed_comes_first() -> None:
    """Above the packs stands what changed in 2025 and 2026, with sources."""
    page = rules_markdown()
    assert page.index("## What changed in 2025-2026") < page.index("## `br`")
    assert len(changes()) == 9
    assert all(one.now in page and one.source in page for one in changes())


def test_the_page_is_whole() -> None:
    """Every row of a table has as many cells as its head."""
    cells = None
    for line in rules_markdown().splitlines():
        if not line.startswith("|"):
            cells = None
            continue
        number = line.replace("\\|", "").count("|")
        assert cells in (None, number), line
        cells = number
