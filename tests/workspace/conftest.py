"""A folder in memory, and a lender's workspace in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from small_bank import make_bank

MEMORY = Path("/dev/shm")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: every change waits for the disk, and the tests need not."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)):
        yield tmp_path
        return
    with TemporaryDirectory(dir=MEMORY, prefix="plainscore-test-") as name:
        yield Path(name)


@pytest.fixture
def root(folder: Path) -> Path:
    """Give a lender's workspace with keys of its own."""
    return make_bank(folder / "bank")
