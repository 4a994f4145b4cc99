"""The pages on strategy and from rows to a card in use say what their code prints."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

import plainscore.scorecard as room

DOCS = Path(__file__).parents[3] / "docs"
PAGE = DOCS / "strategy.md"
BLOCKS = re.compile(r"^```(python|text figures|text)\n(.*?)^```$", re.M | re.S)


def shape(text):
    """Return a text without its figures, which move with the engine, and without how they are spaced."""
    return re.sub(r"\s+", " ", re.sub(r"[-+]?\d[\d,.]*", "#", text))


@pytest.mark.parametrize(
    ("page", "most"), [("strategy.md", 7), pytest.param("walkthrough.md", 9, marks=pytest.mark.slow)]
)
def test_the_page_shows_what_its_code_prints(page, most):
    """Every code block runs, in order, and the text below it is what it prints.

    Where the text is marked as figures, they come from fitted cards and only their place is compared.
    """
    held: dict = {}
    printed = ""
    compared = 0
    for kind, text in BLOCKS.findall((DOCS / page).read_text("utf-8")):
        if kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(text, page, "exec"), held)
            printed = out.getvalue()
        elif kind == "text":
            assert text == printed
            compared += 1
        else:
            assert shape(text) == shape(printed)
            compared += 1
    assert compared >= most


def test_the_page_names_every_function_and_what_is_out_of_scope():
    """Whatever a lender can call stands on the page, and so does what is not offered."""
    text = PAGE.read_text("utf-8")
    called = ("cut_off_table", "best_cut_off", "swap_set", "cut_off_at", "reject_inference", "fit_segments")
    for name in called:
        assert name in text
        assert name in room.__all__
    assert "Continuous and count outcomes" in text
    assert "are out of scope" in text
    assert "No method is best" in text
