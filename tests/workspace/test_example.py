"""The example that a build publishes: its pages name the lender; its letter refuses nobody who passes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plainscore.notices import word
from plainscore.workspace import example_record, open_workspace, publish_example
from plainscore.workspace._init import packaged


def _published(small: Path, *, cut_off: int | None = 850, facts: str | None = None) -> tuple[list[str], Path]:
    """Publish the small workspace's example again; return the names written, and reports/."""
    recipe = small / "model" / "recipe.toml"
    text = re.sub(r"(?m)^cut_off(_band)? = .*\n", "", recipe.read_text("utf-8"))
    if cut_off is not None:
        text = text.replace("[scale]\n", f"[scale]\ncut_off = {cut_off}\n")
    recipe.write_text(text, "utf-8")
    if facts is not None:
        (small / "model" / "lender.toml").write_text(facts, "utf-8")
    workspace = open_workspace(small)
    record = example_record(workspace.desk, workspace)
    assert record is not None
    assert record["refusal"] is None
    return [path.name for path in publish_example(workspace.desk, workspace, record)], small / "reports"


def test_the_sample_s_example_letter_is_a_demonstration(small: Path) -> None:
    """With the sample's facts the example's letter is made, and says what it is."""
    names, reports = _published(small, facts=packaged("sample_lender.toml"))
    assert "letter.html" in names
    text = (reports / "letter.html").read_text("utf-8")
    assert word("text.demonstration", "en") in text
    assert "This was decided on 31 January 2026." in text
    assert word("check.first", "en") in text
    assert "the example of this page" not in text
    for name in ("applicant.html", "applicant.es.html", "applicant.zh.html"):
        assert "Sample Lender" in (reports / name).read_text("utf-8")


@pytest.mark.parametrize("why", ["no facts yet", "a score that passes"])
def test_an_example_that_nobody_would_be_refused_for_has_no_letter(small: Path, why: str) -> None:
    """Without facts, or with a score that reaches the cut-off, the build goes on, an old letter is gone."""
    (small / "reports" / "letter.html").write_text("of an earlier card")
    if why == "no facts yet":
        names, reports = _published(small, facts=packaged("starter_lender.toml"))
        assert "lender-1" in (reports / "applicant.html").read_text("utf-8")
    else:
        names, reports = _published(small, cut_off=300)
    assert "letter.html" not in names
    assert "applicant.html" in names
    assert not (reports / "letter.html").exists()


def test_without_a_lender_s_facts_pages_have_the_recipient_s_id(small: Path) -> None:
    """Where there is no model/lender.toml the page is made all the same, and there is no letter."""
    (small / "model" / "lender.toml").unlink()
    names, reports = _published(small)
    assert "letter.html" not in names
    assert "Write, call or go to lender-1." in (reports / "applicant.html").read_text("utf-8")
