"""A workspace that has taken in the records of every edition."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from editions import keep_all


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give that workspace; read it only."""
    return keep_all(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def own(kept: Path, tmp_path: Path) -> Path:
    """Give a copy of it to write in and to break."""
    return Path(shutil.copytree(kept, tmp_path / "own"))
