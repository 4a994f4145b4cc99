"""What the rules command lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from plainscore.rules import rules_markdown


def test_rules_are_listed_with_their_sources(run: Callable[..., Any]) -> None:
    """A pack's rules in force on a day, each with its source; before its first day a rule is not there."""
    said = run("rules", "--pack", "eu", "--on", "2026-11-24")
    assert said.status == 0, said.err
    assert "notice.rejection" in said.out
    assert "2023/2225" in said.out
    assert "notice.rejection" not in run("rules", "--pack", "eu", "--on", "2026-11-19").out


def test_rules_that_need_another_look_are_sentences(run: Callable[..., Any]) -> None:
    """With --check only what is expired, unverified or checked long ago is said."""
    said = run("rules", "--pack", "in", "--check", "--on", "2026-11-24")
    assert said.status == 0, said.err
    assert "is unverified: compare it with" in said.out
    assert "was last checked on" in run("rules", "--pack", "us", "--check", "--on", "2028-01-01").out


def test_rules_write_the_page_of_the_repository(run: Callable[..., Any], tmp_path: Path) -> None:
    """With --markdown the page is written that data/RULES.md is."""
    said = run("rules", "--markdown", tmp_path / "RULES.md")
    assert said.status == 0, said.err
    assert (tmp_path / "RULES.md").read_text("utf-8") == rules_markdown()


def test_an_unknown_pack_is_a_sentence(run: Callable[..., Any]) -> None:
    """A pack that there is none of is named, with those that there are."""
    said = run("rules", "--pack", "mars")
    assert said.status != 0
    assert "no rule pack 'mars'" in said.err
