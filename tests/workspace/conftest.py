"""A lender's workspace in a folder in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_bank import make_bank


@pytest.fixture
def root(folder: Path) -> Path:
    """Give a lender's workspace with keys of its own."""
    return make_bank(folder / "bank")
