"""What the tests of pages share: a decision, a card, a report, a strict reader and a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ._shown_decision import make_card, make_corrected, make_decision, make_refusal
from ._shown_report import make_agreement, make_validation
from ._strict_page import Page


@pytest.fixture
def card() -> dict[str, Any]:
    """Give the JSON of a card."""
    return make_card()


@pytest.fixture
def decision() -> dict[str, Any]:
    """Give a decision with a score."""
    return make_decision()


@pytest.fixture
def corrected() -> dict[str, Any]:
    """Give the decision after a correction."""
    return make_corrected()


@pytest.fixture
def refusal() -> dict[str, Any]:
    """Give a decision without a score."""
    return make_refusal()


@pytest.fixture(scope="session")
def build() -> Callable[[], tuple[dict[str, Any], dict[str, Any]]]:
    """Give a maker of fresh decisions with their card, for tests that draw many."""
    return lambda: (make_decision(), make_card())


@pytest.fixture(scope="session")
def validation() -> dict[str, Any]:
    """Give the content of a validation report."""
    return make_validation()


@pytest.fixture
def agreement() -> dict[str, Any]:
    """Give a section that compares reasons, to change at will."""
    return make_agreement()


@pytest.fixture(scope="session")
def read() -> Callable[[str], Page]:
    """Give the strict reader of pages."""
    return Page


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Give a Chromium of the system; skip where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine: install the chromium package to run the browser tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
