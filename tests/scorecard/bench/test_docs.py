"""The page on the bench runs as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "bench.md").read_text("utf-8")


def blocks() -> list[str]:
    """Give the page's Python blocks."""
    return re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.S | re.M)


@pytest.mark.slow
def test_the_page_runs_as_written() -> None:
    """Every block runs after those before it, and what it asserts holds; what is shown is shown."""
    names: dict[str, object] = {}
    for block in blocks():
        exec(compile(block, "bench.md", "exec"), names)
    model, drawing = names["model"], names["drawing"]
    assert '<div class="plainscore">' in model._repr_html_()
    assert drawing.svg.startswith("<svg")
    assert abs(names["few"].index["chance"].iloc[0] - 0.42) < 0.005  # as the page says
    assert set(names["found"]["finding"]) == {"turns"}
    candidates = names["candidates"].set_index("characteristic")
    assert set(candidates.index) == set(names["X"].columns)


def test_the_pages_pictures_are_there() -> None:
    """Each picture of the page is a file beside it, has words for who cannot see it, and there are three."""
    found = re.findall(r"!\[(.*?)\]\((.*?)\)", PAGE)
    assert len(found) == 3
    for words, name in found:
        assert len(words) > 30
        assert (DOCS / name).stat().st_size > 10_000
